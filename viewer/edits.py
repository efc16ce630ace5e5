"""What a tool call changes in files: which file, which text goes out, which comes in, whatever the tool.

An edit tool says it in its arguments, Codex in a patch, a shell command in a heredoc. Whether the change was made is
the result's word, not this module's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from viewer.attempts import INLINE_JOB
from viewer.brief import NEW_KEYS, OLD_KEYS, patch_text, path_of
from viewer.commands import Command
from viewer.diff import patch_files
from viewer.jobs import TOOLS
from viewer.model import Event, ToolCall

_CARD = re.compile(r"(?:^|/)(?:readme|[\w-]*model[-_]?card|[\w-]*card)[^/]*\.(?:md|mdx|txt|rst)$", re.IGNORECASE)
_PUSHES = re.compile(r"\b(?:ModelCard|DatasetCard|RepoCard)\(|\bmetadata_update\(")
CARD_IN_CODE = "README.md"
"""Path of a card that stands in code: where the Hub keeps it."""
_SCRATCH = re.compile(r"^(?:/private)?/(?:tmp|var/folders|dev)/|^\$|[/\\](?:Temp|scratchpad)[/\\]")
_PROGRAM = re.compile(r"\.(?:py|ipynb|R|Rmd|jl)$")
_IN_PLACE = re.compile(r"\b(?:sed|perl|ruby)\b[^|;&\n]{0,40}\s-\w*i|>>|\btee -a\b")
_KEPT = 50_000
"""Characters of a file that are kept up to date with the edits of it."""
_CONTENT_KEYS = ("content", "file_text", "new_source", "file_content")
_PATCH = "*** Begin Patch"


class Change(NamedTuple):
    """One replacement in a file. `old` is empty where the file is new or its former text is not told.

    What `sed -i` changes has the script as `new`; of a job whose program stands in its call, that program is the file.
    """

    path: str
    old: str
    new: str
    by_shell: bool = False
    """Whether a shell command made it."""
    whole: bool = False
    """Whether `new` is the whole file, as far as can be told."""


class Code(NamedTuple):
    """Program text of the agent's: written into a file, or run at once, when `path` is None."""

    event: int
    path: str | None
    text: str


def name_of(path: str) -> str:
    """The file's own name, of a path of any system."""
    return path.replace("\\", "/").rpartition("/")[2]


def is_scratch(path: str) -> bool:
    """Whether a file is a note of the agent's outside the project: in a temporary folder, or named by a variable."""
    return _SCRATCH.search(path) is not None


def is_card(path: str) -> bool:
    """Whether a file is one that tells readers about the work: a README, a model card."""
    return _CARD.search(path) is not None


def pushes_card(code: str) -> bool:
    """Whether program text makes a model card of text that stands in it."""
    return _PUSHES.search(code) is not None


def code_of(
    events: Sequence[Event], commands: Sequence[Command | None], changes: Sequence[tuple[Change, ...]]
) -> Iterator[Code]:
    """All program text (Python, R, Julia) that the agent wrote, in order; of an edit the text that came in."""
    for index, (event, command) in enumerate(zip(events, commands, strict=True)):
        yield from (Code(index, change.path, change.new) for change in changes[index] if _PROGRAM.search(change.path))
        if event.call is not None and command is not None:
            # A job's script may be a path instead of a program.
            yield from (Code(index, None, text) for text in command.code if "\n" in text or "(" in text)


def with_former_text(made: Iterable[tuple[Change, ...]]) -> Iterator[tuple[Change, ...]]:
    """The changes, those that write a whole file again with the text that the run wrote there before as `old`."""
    texts: dict[str, str] = {}
    for changes in made:
        if not changes:
            yield ()
            continue
        told = []
        for change in changes:
            former = texts.get(change.path, "")
            if not change.whole:
                if change.old and len(former) < _KEPT:
                    texts[change.path] = former.replace(change.old, change.new, 1)
                told.append(change)
                continue
            texts[change.path] = change.new
            told.append(change._replace(old=former))
        yield tuple(told)


def changes_of(event: Event, command: Command | None) -> tuple[Change, ...]:
    """What this event's call changes, in the order of its arguments; empty for a call that changes no file."""
    call = event.call
    if call is None:
        return ()
    if call.name.lower() in TOOLS:
        return tuple(_by_job(call))
    if command is not None:
        return tuple(_by_command(command))
    return tuple(_by_tool(call)) if call.category == "edit" else ()


def _by_command(command: Command) -> Iterable[Change]:
    if _PATCH in command.text:
        return (change._replace(by_shell=True) for change in _by_patch(command.text[command.text.index(_PATCH) :]))
    if not command.written:
        return ()
    whole = not _IN_PLACE.search(command.text)
    return (Change(path, "", text, True, whole) for path, text in command.written)


def _by_job(call: ToolCall) -> Iterable[Change]:
    """A program that stands in the call which starts a job; a script's path is none."""
    script = call.input.get("script") if isinstance(call.input, Mapping) else None
    return (Change(INLINE_JOB, "", script, whole=True),) if isinstance(script, str) and "\n" in script else ()


def _by_tool(call: ToolCall) -> Iterable[Change]:
    patch = patch_text(call)
    if patch is not None:
        return _by_patch(patch)
    path = path_of(call)
    values = call.input if isinstance(call.input, Mapping) else {}
    found = [Change(path, old, new) for old, new in _replacements(values)]
    writes = any(isinstance(values.get(key), str) for key in _CONTENT_KEYS)
    return found or ((Change(path, "", _text(values, _CONTENT_KEYS), whole=True),) if writes else ())


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
    for key in keys:
        found = values.get(key)
        if found and isinstance(found, str):
            return found
    return ""
