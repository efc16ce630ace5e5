"""What a tool call changes in files: which file, which text goes out, which comes in, whatever the tool.

An edit tool says it in its arguments, Codex in a patch, a shell command in a heredoc. Whether the change was made is
the result's word, not this module's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from viewer.brief import NEW_KEYS, OLD_KEYS, patch_text, path_of
from viewer.commands import Command
from viewer.diff import patch_files
from viewer.model import Event, ToolCall

_CONTENT_KEYS = ("content", "file_text", "new_source", "file_content")
_PATCH = "*** Begin Patch"


class Change(NamedTuple):
    """One replacement in a file. `old` is empty where the file is new or its former text is not told."""

    path: str
    old: str
    new: str
    shell: bool = False
    """Whether a shell command made it."""


def changes_of(event: Event, command: Command | None) -> tuple[Change, ...]:
    """What this event's call changes, in the order of its arguments; empty for a call that changes no file."""
    call = event.call
    if call is None:
        return ()
    if command is not None:
        return tuple(_by_command(command))
    return tuple(_by_tool(call)) if call.category == "edit" else ()


def _by_command(command: Command) -> Iterable[Change]:
    if _PATCH in command.text:
        return (change._replace(shell=True) for change in _by_patch(command.text[command.text.index(_PATCH) :]))
    return (Change(path, "", text, True) for path, text in getattr(command, "written", ()))


def _by_tool(call: ToolCall) -> Iterable[Change]:
    patch = patch_text(call)
    if patch is not None:
        return _by_patch(patch)
    path = path_of(call)
    values = call.input if isinstance(call.input, Mapping) else {}
    content = _text(values, _CONTENT_KEYS)
    found = [Change(path, old, new) for old, new in _replacements(values)]
    return found or ((Change(path, "", content),) if content else ())


def _by_patch(patch: str) -> Iterable[Change]:
    for file in patch_files(patch, None):
        lines = file["lines"]
        old = "\n".join(line[3] for line in lines if line[0] in "- ")
        new = "\n".join(line[3] for line in lines if line[0] in "+ ")
        yield Change(file["path"], old, new)


def _replacements(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    edits = values.get("edits")
    for edit in edits if isinstance(edits, list) else [values]:
        if isinstance(edit, Mapping) and (pair := (_text(edit, OLD_KEYS), _text(edit, NEW_KEYS))) != ("", ""):
            yield pair


def _text(values: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((found for key in keys if isinstance(found := values.get(key), str) and found), "")
