"""One line that says what an event is, for the event list: the command, the path, the pattern, the first words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from viewer.model import Category, Event, ToolCall

LENGTH = 240
"""Characters kept; the list cuts by width."""

_PATCH_FILE = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.+)$", re.MULTILINE)
_PATH_KEYS = ("file_path", "path", "notebook_path", "filePath", "file", "filename", "absolute_path")
_COMMAND_KEYS = ("command", "cmd", "script", "code", "chars", "input", "operation")
_SEARCH_KEYS = ("pattern", "query", "q", "regex", "glob", "path")
_WEB_KEYS = ("url", "query", "q", "topic", "endpoint", "page", "prompt")
OLD_KEYS = ("old_string", "oldText", "old_str", "old")
NEW_KEYS = ("new_string", "newText", "new_str", "new")
"""Names of the text that an edit takes out, and of what it puts in."""
_AGENT_KEYS = ("description", "task", "prompt", "message", "name", "title")


def brief(event: Event, cwd: str | None = None) -> str:
    """The one line: without text the label, or a word for what is missing. Paths are relative to `cwd` where inside."""
    if event.call is not None:
        said = _call_brief(event.call)
        return one_line(_shorter(said, event.call, cwd)) or event.call.name
    if event.kind == "reasoning" and not event.text:
        return "encrypted reasoning"
    return one_line(event.text) or event.label or ("image" if event.images else "no text")


def one_line(text: str, length: int = LENGTH) -> str:
    """The first words of a text with its white space folded."""
    head = " ".join(text[: length * 4].split())
    return head if len(head) <= length else head[: length - 1] + "…"


_PATHS: tuple[Category, ...] = ("edit", "read", "search")


def _shorter(said: str, call: ToolCall, cwd: str | None) -> str:
    """The line with its paths cut to what tells files apart: relative to the working directory, or the last parts."""
    if call.category not in _PATHS:
        return said
    if cwd is not None and len(cwd) > 1:
        said = said.replace(f"{cwd}/", "").replace(f"{cwd}\\", "")
    path = path_of(call)
    if path and path == cwd:
        return said.replace(path, ".")
    parts = re.split(r"[/\\]", path)
    return said.replace(path, "…/" + "/".join(parts[-3:])) if len(parts) > 5 else said


def command_of(call: ToolCall) -> str:
    """The command of a shell call as one text, whichever shape the harness gives it."""
    if isinstance(call.input, str):
        return call.input
    found = _first(call.input or {}, _COMMAND_KEYS)
    if isinstance(found, list):  # Codex: ["bash", "-lc", "the command"]
        words = [word for word in found if isinstance(word, str)]
        return words[2] if len(words) == 3 and words[1] in ("-lc", "-c") else " ".join(words)
    return found if isinstance(found, str) else ""


def path_of(call: ToolCall) -> str:
    """The path that a call is about; empty when it names none."""
    found = _first(call.input, _PATH_KEYS) if isinstance(call.input, Mapping) else None
    return found if isinstance(found, str) else ""


def patch_text(call: ToolCall) -> str | None:
    """The patch of an `apply_patch` call, free-form or in an argument."""
    text = call.input if isinstance(call.input, str) else _first(call.input or {}, ("patch", "input", "command"))
    if isinstance(text, list):
        text = next((part for part in text if isinstance(part, str) and "*** Begin Patch" in part), None)
    return text if isinstance(text, str) and "*** Begin Patch" in text else None


def _call_brief(call: ToolCall) -> str:
    if call.input is None:
        return "result without a call"
    said = _BRIEFS.get(call.category, _arguments)(call)
    return said or _arguments(call)


def _shell(call: ToolCall) -> str:
    return command_of(call)


def _edit(call: ToolCall) -> str:
    patch = patch_text(call)
    if patch is not None:
        files = _PATCH_FILE.findall(patch)
        counts = _signed(patch.splitlines())
        return f"{', '.join(files[:3])}{' …' if len(files) > 3 else ''}  {counts}"
    path = path_of(call)
    result = call.result
    if result is not None and result.patch:
        return f"{path}  {_signed(result.patch.splitlines())}"
    old, new, content = (_string(call.input, keys) for keys in (OLD_KEYS, NEW_KEYS, ("content", "file_text")))
    if old or new:
        return f"{path}  +{_lines(new)} −{_lines(old)}"
    return f"{path}  +{_lines(content)}" if content else path


def _read(call: ToolCall) -> str:
    path = path_of(call)
    values = call.input if isinstance(call.input, Mapping) else {}
    offset, limit = values.get("offset"), values.get("limit")
    if isinstance(offset, int) and isinstance(limit, int):
        return f"{path}  lines {offset}–{offset + limit - 1}"
    return path


def _search(call: ToolCall) -> str:
    values = call.input if isinstance(call.input, Mapping) else {}
    what, where = _first(values, _SEARCH_KEYS), values.get("path")
    text = what if isinstance(what, str) else ""
    return f"{text}  in {where}" if isinstance(where, str) and where != text else text


def _plan(call: ToolCall) -> str:
    values = call.input if isinstance(call.input, Mapping) else {}
    steps = values.get("todos") or values.get("plan")
    if not isinstance(steps, list):
        return ""
    done = sum(1 for step in steps if isinstance(step, Mapping) and step.get("status") in ("completed", "done"))
    now = next((step for step in steps if isinstance(step, Mapping) and step.get("status") == "in_progress"), {})
    what = _first(now, ("content", "step", "title", "activeForm"))
    return f"{done} of {len(steps)} done" + (f": {what}" if isinstance(what, str) else "")


def _by_keys(*keys: str) -> Callable[[ToolCall], str]:
    def said(call: ToolCall) -> str:
        return _string(call.input, keys)

    return said


def _arguments(call: ToolCall) -> str:
    """Arguments as `key: value` pairs, the form that says most in one line."""
    if isinstance(call.input, str) or call.input is None:
        return call.input or ""
    return "  ".join(f"{key}: {_short(value)}" for key, value in list(call.input.items())[:6])


_BRIEFS: dict[Category, Callable[[ToolCall], str]] = {
    "shell": _shell,
    "edit": _edit,
    "read": _read,
    "search": _search,
    "web": _by_keys(*_WEB_KEYS),
    "plan": _plan,
    "agent": _by_keys(*_AGENT_KEYS),
}


def _first(values: Mapping[str, Any] | str | None, keys: tuple[str, ...]) -> Any:
    if isinstance(values, Mapping):
        for key in keys:  # on the way of every call, and no generator is as fast
            found = values.get(key)
            if found:
                return found
    return None


def _string(values: Mapping[str, Any] | str | None, keys: tuple[str, ...]) -> str:
    found = _first(values, keys)
    return found if isinstance(found, str) else ""


def _short(value: object) -> str:
    if isinstance(value, str):
        return one_line(value, 60)
    try:
        return one_line(orjson.dumps(value, default=str).decode(), 60)
    except TypeError:  # orjson reads JSON nested 1,024 deep and writes it 254 deep
        return "…"


def _lines(text: str) -> int:
    return len(text.splitlines())


def _signed(lines: list[str]) -> str:
    added = sum(1 for line in lines if line.startswith("+") and not line.startswith("+++ "))
    removed = sum(1 for line in lines if line.startswith("-") and not line.startswith("--- "))
    return f"+{added} −{removed}"
