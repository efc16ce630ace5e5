"""The whole of one event as blocks, each of the sort that suits what it holds: a command, an output, a diff, a path.

A block is a mapping with `type` and what that type needs; `cut` gives the full length of a text that was shortened. The
browser draws each type in its own way (`assets/js/blocks.js`) and puts every text in a text node.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import orjson

from viewer.brief import command_of, patch_text, path_of
from viewer.diff import diff_files, patch_files
from viewer.markdown import markdown_nodes
from viewer.model import Category, Event, ImageRef, ToolCall, ToolResult

Block = dict[str, Any]

SHORT = 100_000
"""Characters of a body that are sent at once; the rest on "show all"."""

_MARKDOWN_KINDS = frozenset({"user", "assistant", "compaction"})


def event_blocks(event: Event, full: bool) -> list[Block]:
    """The blocks of an event, in reading order. With `full`, nothing is cut."""
    limit = None if full else SHORT
    if event.call is not None:
        return _call_blocks(event.call, limit)
    blocks: list[Block] = []
    if event.text:
        if event.kind in _MARKDOWN_KINDS and (limit is None or len(event.text) <= limit):
            blocks.append({"type": "markdown", "title": "", "nodes": markdown_nodes(event.text), "text": event.text})
        else:
            blocks.append(_text_block("text", "", event.text, limit))
    elif event.kind == "reasoning":
        blocks.append({"type": "note", "text": "The harness recorded this reasoning encrypted or not at all."})
    if event.images:
        blocks.append(_images(event.images))
    return blocks


def _call_blocks(call: ToolCall, limit: int | None) -> list[Block]:
    if call.input is None:
        blocks: list[Block] = [{"type": "note", "text": "The call that this result answers is not in the file."}]
    else:
        blocks = _INPUTS.get(call.category, _plain_input)(call, limit)
    if call.result is None:
        return [*blocks, {"type": "note", "text": "The file holds no result for this call."}]
    return [*blocks, *_result_blocks(call, call.result, limit)]


def _result_blocks(call: ToolCall, result: ToolResult, limit: int | None) -> list[Block]:
    blocks: list[Block] = []
    if result.text or not result.images:
        kind = "json" if call.category in ("mcp", "other") and _is_json(result.text) else "output"
        text = _indented(result.text) if kind == "json" else result.text
        block = _text_block(kind, "Output", text, limit)
        block["status"] = result.status
        block["exit"] = result.exit_code
        blocks.append(block)
    if result.images:
        blocks.append(_images(result.images))
    return blocks


def _shell(call: ToolCall, limit: int | None) -> list[Block]:
    command = command_of(call)
    if not command:
        return _plain_input(call, limit)
    blocks = [_text_block("command", "Command", command, limit)]
    used = ("command", "cmd", "script", "code", "description")
    rest = (
        {}
        if isinstance(call.input, str)
        else {key: value for key, value in (call.input or {}).items() if key not in used}
    )
    about = (call.input or {}).get("description") if not isinstance(call.input, str) else None
    if isinstance(about, str) and about:
        blocks.insert(0, {"type": "note", "text": about})
    return [*blocks, _json_block("Other arguments", rest, limit)] if rest else blocks


def _edit(call: ToolCall, limit: int | None) -> list[Block]:
    patch = patch_text(call)
    path = path_of(call)
    if patch is not None:
        return [{"type": "diff", "title": "Edit", "files": patch_files(patch, limit)}]
    if call.result is not None and call.result.patch:
        return [{"type": "diff", "title": "Edit", "files": diff_files(path, call.result.patch, limit)}]
    values = {} if isinstance(call.input, str) else dict(call.input or {})
    files = [file for old, new in _replacements(values) for file in diff_files(path, _unified(old, new), limit)]
    if files:
        return [{"type": "diff", "title": "Edit", "files": files}]
    content = values.get("content") or values.get("file_text")
    if isinstance(content, str):
        return [{"type": "path", "title": "Write", "path": path}, _text_block("text", "Content", content, limit)]
    return _plain_input(call, limit)


def _replacements(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Old and new text of each replacement, in the argument names of the harnesses."""
    edits = values.get("edits")
    found: list[tuple[str, str]] = []
    for edit in edits if isinstance(edits, list) else [values]:
        if not isinstance(edit, dict):
            continue
        old = next((edit[key] for key in ("old_string", "oldText", "old_str") if isinstance(edit.get(key), str)), None)
        new = next((edit[key] for key in ("new_string", "newText", "new_str") if isinstance(edit.get(key), str)), None)
        if old is not None or new is not None:
            found.append((old or "", new or ""))
    return found


def _unified(old: str, new: str) -> str:
    """A unified diff of two texts; of very long ones, everything out and everything in, as comparing takes too long."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) + len(after) > 4_000:
        return "\n".join(["@@ @@", *(f"-{line}" for line in before), *(f"+{line}" for line in after)])
    return "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=3))[2:])


def _read(call: ToolCall, limit: int | None) -> list[Block]:
    path = path_of(call)
    if not path or isinstance(call.input, str):
        return _plain_input(call, limit)
    used = ("file_path", "path", "notebook_path", "filePath", "file", "filename", "absolute_path")
    rest = {key: value for key, value in (call.input or {}).items() if key not in used}
    blocks: list[Block] = [{"type": "path", "title": call.name, "path": path}]
    return [*blocks, _json_block("Other arguments", rest, limit)] if rest else blocks


def _plan(call: ToolCall, limit: int | None) -> list[Block]:
    values = {} if isinstance(call.input, str) else dict(call.input or {})
    steps = values.get("todos") or values.get("plan")
    if not isinstance(steps, list):
        return _plain_input(call, limit)
    rows = [
        {
            "text": str(step.get("content") or step.get("step") or step.get("title") or ""),
            "status": str(step.get("status") or "pending"),
        }
        for step in steps
        if isinstance(step, dict)
    ]
    return [{"type": "steps", "title": "Plan", "steps": rows}]


def _agent(call: ToolCall, limit: int | None) -> list[Block]:
    values = {} if isinstance(call.input, str) else dict(call.input or {})
    prompt = values.pop("prompt", None) or values.pop("task", None)
    if not isinstance(prompt, str):
        return _plain_input(call, limit)
    blocks: list[Block] = [{"type": "markdown", "title": "Task", "nodes": markdown_nodes(prompt), "text": prompt}]
    return [*blocks, _json_block("Other arguments", values, limit)] if values else blocks


def _plain_input(call: ToolCall, limit: int | None) -> list[Block]:
    if isinstance(call.input, str):
        return [_text_block("text", "Input", call.input, limit)]
    return [_json_block("Input", dict(call.input or {}), limit)]


_INPUTS: dict[Category, Callable[[ToolCall, int | None], list[Block]]] = {
    "shell": _shell,
    "edit": _edit,
    "read": _read,
    "plan": _plan,
    "agent": _agent,
}


def _text_block(kind: str, title: str, text: str, limit: int | None) -> Block:
    block: Block = {"type": kind, "title": title, "text": text if limit is None else text[:limit]}
    if limit is not None and len(text) > limit:
        block["cut"] = len(text)
    return block


def _json_block(title: str, value: object, limit: int | None) -> Block:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str).decode()
    return _text_block("json", title, text, limit)


def _images(images: tuple[ImageRef, ...]) -> Block:
    rows = [
        {"record": image.record, "place": ".".join(map(str, image.path)), "mime": image.mime, "size": image.size}
        for image in images
    ]
    return {"type": "images", "title": "Images", "images": rows}


def _is_json(text: str) -> bool:
    return text[:1] in ("{", "[") and len(text) < 2_000_000 and _parsed(text) is not None


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _indented(text: str) -> str:
    return orjson.dumps(_parsed(text), option=orjson.OPT_INDENT_2).decode()
