"""Tool results of Codex: what the model was told (outputs) and what the harness reported of a call (`*_end` events).

An output has no error flag. What stands in for one is the header that the harness writes before a command's output, the
metadata of the JSON form, or the report. Only a header at the very start counts: further down it is a tool's own text.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from viewer.formats.codex_text import block_text
from viewer.formats.images import image_at
from viewer.formats.values import amount, items, mapping, maybe_string, pretty, string, whole
from viewer.model import ImageRef, Status, ToolResult

_HEAD = 300
"""Characters within which the harness's header ends."""

_HEADER = re.compile(
    r"(?:Chunk ID: [^\n]*\n)?(?:Exit code: (-?\d{1,9})\n)?"
    r"(?:Script (completed|failed|running|terminated)[^\n]*\n(?=Wall time))?"
    r"(?:Wall time:? (\d{1,9}(?:\.\d+)?) seconds\n?)?"
    r"(?:Process exited with code (-?\d{1,9})\b|(aborted by user))?"
)
"""Groups: exit code, script, seconds, exit code again, whether aborted. What fits nothing has an empty match."""

_SCRIPT: dict[str, Status] = {"completed": "ok", "failed": "error"}
_SCRIPT_EXIT = re.compile(r'Output:\s*\{.*?"exit_code":\s*(-?\d{1,10})\b', re.DOTALL)
_OPENINGS: tuple[tuple[str, Status], ...] = (
    ("aborted by user", "interrupted"),
    ("exec command rejected by user", "rejected"),
    ("patch rejected", "rejected"),
    ("rejected by user", "rejected"),
    ("writing outside of the project; rejected by user", "rejected"),
    ("writing is blocked by read-only sandbox; rejected by user", "rejected"),
    ("write_stdin failed:", "error"),
    ("execution error", "error"),
    ("err:", "error"),
)
"""Whole answers of the harness itself in place of a tool's output."""

_REPORTED: dict[str, Status] = {"completed": "ok", "success": "ok", "failed": "error", "declined": "rejected"}


def read_output(output: Any, record: int, time: int | None, path: tuple[str | int, ...]) -> ToolResult:
    """The `output` of a call: a text, a list of blocks, an object, or a text that holds JSON with `metadata`.

    `path` leads to the record's item that holds it.
    """
    if isinstance(output, str):
        if output.startswith("{") and '"metadata"' in output:
            return _with_metadata(output, record, time)
        return _by_header(output, record, time, ())
    if isinstance(output, dict):
        return _from_object(output, record, time, (*path, "output"))
    text, images = _blocks(output, record, (*path, "output"))
    return _by_header(text, record, time, images)


def _by_header(text: str, record: int, time: int | None, images: tuple[ImageRef, ...]) -> ToolResult:
    status: Status = "unknown"
    exit_code: int | None = None
    duration: int | None = None
    found = _HEADER.match(text, 0, _HEAD) if text[:1] in ("C", "E", "S", "W", "P") else None
    if found is not None and found.end():
        exit_line, script, wall, process_line, aborted = found.groups()
        code = process_line or exit_line
        if script is not None:
            status = _SCRIPT.get(script, "unknown")
            inner = _SCRIPT_EXIT.match(text, found.end(), _HEAD)
            code = inner[1] if inner is not None else code
        if code is not None:
            exit_code = int(code)
            status = "error" if exit_code or status == "error" else "ok"
        if aborted is not None:
            status = "interrupted"
        if wall is not None:
            duration = round(float(wall) * 1000)
    else:
        status = next((status for opening, status in _OPENINGS if text.startswith(opening)), "unknown")
    return ToolResult(record, time, status, text, exit_code, duration, images)


def _with_metadata(text: str, record: int, time: int | None) -> ToolResult:
    try:
        document = mapping(orjson.loads(text))
    except orjson.JSONDecodeError:
        document = {}
    metadata = document.get("metadata")
    if not isinstance(metadata, dict) or not document.keys() <= {"output", "metadata"}:
        return _by_header(text, record, time, ())
    exit_code = whole(metadata.get("exit_code"))
    said = _by_header(pretty(document.get("output", "")), record, time, ())
    status: Status = said.status if exit_code is None else "error" if exit_code else "ok"
    seconds = amount(metadata.get("duration_seconds"))
    duration = said.duration if seconds is None else round(seconds * 1000)
    return ToolResult(record, time, status, said.text, exit_code, duration)


def _from_object(output: dict[str, Any], record: int, time: int | None, path: tuple[str | int, ...]) -> ToolResult:
    """A block without its list, or `{content, success?, metadata?}`; any other object is shown as it is."""
    content = output.get("content", output.get("output"))
    image = image_at(output, record, path)
    text = block_text(output)
    images: tuple[ImageRef, ...] = () if image is None else (image,)
    if isinstance(content, list):
        text, images = _blocks(content, record, (*path, "content" if "content" in output else "output"))
    found = _by_header(text or string(content) or ("" if images else pretty(output)), record, time, images)
    success = output.get("success")
    exit_code = whole(mapping(output.get("metadata")).get("exit_code"))
    if exit_code is not None:
        success = exit_code == 0
    if not isinstance(success, bool):
        return found
    flagged: Status = "ok" if success else "error"
    return ToolResult(record, time, flagged, found.text, exit_code, found.duration, images)


def _blocks(content: Any, record: int, path: tuple[str | int, ...]) -> tuple[str, tuple[ImageRef, ...]]:
    """Text and images of a list of blocks; anything else than a list is text."""
    if not isinstance(content, list):
        return ("" if content is None else pretty(content)), ()
    texts: list[str] = []
    images: list[ImageRef] = []
    for at, block in enumerate(content):
        image = image_at(block, record, (*path, at))
        if image is not None:
            images.append(image)
        elif text := block_text(block):
            texts.append(text)
        elif mapping(block).get("type") not in ("input_text", "output_text", "text", "input_image"):
            texts.append(pretty(block))
    return "\n".join(texts), tuple(images)


def read_command_end(payload: dict[str, Any], record: int, time: int | None) -> ToolResult:
    """`exec_command_end`: exit code, duration and all that the command wrote."""
    exit_code = whole(payload.get("exit_code"))
    status = _REPORTED.get(string(payload.get("status")), "unknown")
    if exit_code is not None and status != "rejected":
        status = "error" if exit_code else "ok"
    text = string(payload.get("aggregated_output")) or string(payload.get("stdout")) + string(payload.get("stderr"))
    return ToolResult(record, time, status, text, exit_code, _duration(payload.get("duration")))


def read_patch_end(payload: dict[str, Any], record: int, time: int | None) -> ToolResult:
    """`patch_apply_end`: whether the patch went in, and what it changed."""
    status = _REPORTED.get(string(payload.get("status")), "unknown")
    success = payload.get("success")
    if isinstance(success, bool) and status != "rejected":
        status = "ok" if success else "error"
    text = string(payload.get("stdout")) + string(payload.get("stderr"))
    patch = _patch(mapping(payload.get("changes"))) if status != "rejected" else None
    return ToolResult(record, time, status, text, patch=patch)


def read_mcp_end(payload: dict[str, Any], record: int, time: int | None) -> ToolResult:
    """`mcp_tool_call_end`: `result` is `{Ok: {content, isError}}` or `{Err: why}`; in an item it is not wrapped."""
    result = mapping(payload.get("result"))
    duration = _duration(payload.get("duration"))
    error = result.get("Err", payload.get("error"))
    if error:
        return ToolResult(record, time, "error", pretty(error), duration=duration)
    answer = mapping(result.get("Ok", result))
    flag = answer.get("isError", answer.get("is_error"))
    text, _ = _blocks(items(answer.get("content")), record, ())
    return ToolResult(record, time, "error" if flag is True else "ok" if answer else "unknown", text, duration=duration)


def read_tool_end(payload: dict[str, Any], record: int, time: int | None) -> ToolResult:
    """`dynamic_tool_call_response`, `web_search_end` and others that state a success or a list of results."""
    success = payload.get("success")
    status: Status = _REPORTED.get(string(payload.get("status")), "unknown")
    if isinstance(success, bool):
        status = "ok" if success else "error"
    content = [*items(payload.get("content_items")), *map(_search_hit, items(payload.get("results")))]
    text, _ = _blocks(content, record, ())
    agent = maybe_string(payload.get("new_thread_id"))
    text = text or pretty(payload.get("error") or "")
    return ToolResult(record, time, status, text, duration=_duration(payload.get("duration")), agent_id=agent)


def _search_hit(hit: Any) -> Any:
    found = mapping(hit)
    parts = [string(found.get(key)) for key in ("title", "url", "snippet")]
    return "\n".join(part for part in parts if part) or hit


def merged(output: ToolResult, report: ToolResult) -> ToolResult:
    """One result of what the model was told and what the harness reported, which knows failures that the text hides."""
    status = report.status if output.status == "unknown" or report.status not in ("ok", "unknown") else output.status
    return ToolResult(
        output.record,
        output.time,
        status,
        output.text or report.text,
        output.exit_code if output.exit_code is not None else report.exit_code,
        report.duration if report.duration is not None else output.duration,
        output.images or report.images,
        output.patch or report.patch,
        output.agent_id or report.agent_id,
    )


def _patch(changes: dict[str, Any]) -> str | None:
    """A unified diff of `changes`, by file: added and removed files hold their whole content, others a diff."""
    parts: list[str] = []
    for name, change in changes.items():
        found = mapping(change)
        kind = found.get("type")
        content = string(found.get("content")).splitlines()
        if kind == "add" and content:
            parts += [f"--- /dev/null\n+++ {name}\n@@ -0,0 +1,{len(content)} @@", *("+" + line for line in content)]
        elif kind == "delete" and content:
            parts += [f"--- {name}\n+++ /dev/null\n@@ -1,{len(content)} +0,0 @@", *("-" + line for line in content)]
        elif diff := string(found.get("unified_diff")):
            parts.append(f"--- {name}\n+++ {string(found.get('move_path')) or name}\n{diff.rstrip()}")
    return "\n".join(parts) or None


def _duration(value: Any) -> int | None:
    """Milliseconds of `{secs, nanos}`."""
    found = mapping(value)
    seconds, nanos = amount(found.get("secs")), amount(found.get("nanos"))
    return None if seconds is None else round(seconds * 1000 + (nanos or 0) / 1e6)
