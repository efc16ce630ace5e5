"""The whole of one event as blocks, each of the sort that suits what it holds: a command, an output, a diff, a path.

A block is a mapping with `type` and what that type needs; `cut` gives the full length of a text that was shortened. The
browser draws each type in its own way (`assets/js/blocks.js`) and puts every text in a text node.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from viewer.brief import NEW_KEYS, OLD_KEYS, command_of, patch_text, path_of
from viewer.diff import FileDiff, diff_files, patch_files
from viewer.markdown import markdown_nodes
from viewer.model import Category, Event, ImageRef, ToolCall, ToolResult

Block = dict[str, Any]

SHORT = 100_000
"""Characters of a body that are sent at once; the rest on "show all"."""

LONGEST_JSON = 2_000_000
"""Characters of an answer that are parsed to be indented."""

_MARKDOWN_KINDS = frozenset({"user", "assistant", "compaction"})


def event_blocks(event: Event, full: bool) -> list[Block]:
    """The blocks of an event, in reading order. With `full`, nothing is cut."""
    limit = None if full else SHORT
    if event.call is not None:
        return _call_blocks(event.call, limit)
    blocks: list[Block] = []
    if event.text:
        make = _prose_block if event.kind in _MARKDOWN_KINDS else partial(_text_block, "text")
        blocks.append(make("", event.text, limit))
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
        indented = _indented(result.text) if call.category in ("mcp", "other") else None
        block = _text_block("json" if indented else "output", "Output", indented or result.text, limit)
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
    values = {} if isinstance(call.input, str) else dict(call.input or {})
    files = _edited_files(call, values, limit)
    if files:
        return [{"type": "diff", "title": "Edit", "files": files}]
    content = values.get("content") or values.get("file_text")
    if isinstance(content, str):
        path: Block = {"type": "path", "title": "Write", "path": path_of(call)}
        return [path, _text_block("text", "Content", content, limit)]
    return _plain_input(call, limit)


def _edited_files(call: ToolCall, values: dict[str, Any], limit: int | None) -> list[FileDiff]:
    """From the patch that the model wrote, else the diff that the harness recorded, else old and new text."""
    path, patch = path_of(call), patch_text(call)
    if patch is not None:
        return patch_files(patch, limit)
    recorded = diff_files(path, call.result.patch, limit) if call.result is not None and call.result.patch else []
    return recorded or [
        file for old, new in _replacements(values) for file in diff_files(path, _unified(old, new), limit)
    ]


def _replacements(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Old and new text of each replacement, in the argument names of the harnesses."""
    edits = values.get("edits")
    found: list[tuple[str, str]] = []
    for edit in edits if isinstance(edits, list) else [values]:
        if not isinstance(edit, dict):
            continue
        old, new = _first_text(edit, OLD_KEYS), _first_text(edit, NEW_KEYS)
        if old or new:
            found.append((old, new))
    return found


def _unified(old: str, new: str) -> str:
    """A diff of two texts, without line numbers, as where in the file they stand is not known.

    Of very long ones, everything out and everything in, as comparing takes too long.
    """
    before, after = old.splitlines(), new.splitlines()
    if len(before) + len(after) > 4_000:
        return "\n".join(["@@ @@", *(f"-{line}" for line in before), *(f"+{line}" for line in after)])
    lines = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return "\n".join("@@ @@" if line.startswith("@@") else line for line in lines)


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
            "text": _first_text(step, ("content", "step", "title")),
            "status": _first_text(step, ("status",)) or "pending",
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
    blocks = [_prose_block("Task", prompt, limit)]
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


def _prose_block(title: str, text: str, limit: int | None) -> Block:
    """Markdown; a text that is cut is shown as it stands, as half a document may read differently."""
    if limit is not None and len(text) > limit:
        return _text_block("text", title, text, limit)
    return {"type": "markdown", "title": title, "nodes": markdown_nodes(text), "text": text}


def _text_block(kind: str, title: str, text: str, limit: int | None) -> Block:
    block: Block = {"type": kind, "title": title, "text": text if limit is None else text[:limit]}
    if limit is not None and len(text) > limit:
        block["cut"] = len(text)
    return block


def _json_block(title: str, value: object, limit: int | None) -> Block:
    return _text_block("json", title, _written(value) or "(nested too deep to show)", limit)


def _images(images: tuple[ImageRef, ...]) -> Block:
    rows = [
        {"record": image.record, "place": ".".join(map(str, image.path)), "mime": image.mime, "size": image.size}
        for image in images
    ]
    return {"type": "images", "title": "Images", "images": rows}


def _indented(text: str) -> str | None:
    """A JSON object or list with its members on lines of their own; None for any other text."""
    if text[:1] not in ("{", "[") or len(text) > LONGEST_JSON:
        return None
    try:
        return _written(orjson.loads(text))
    except orjson.JSONDecodeError:
        return None


def _written(value: object) -> str | None:
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
    except TypeError:  # orjson reads JSON nested 1,024 deep and writes it 254 deep
        return None


def _first_text(values: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((values[key] for key in keys if isinstance(values.get(key), str) and values[key]), "")
