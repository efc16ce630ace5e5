"""What a run holds for probes: what was on screen, thought, said, written and run, each text with its event.

Text that the harness put in (system prompts, reminders, compaction) is none of these, and neither is what a subagent
did. What stands on screen because the agent itself wrote it (a file read back, its own `echo`) was not seen anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from viewer.brief import NEW_KEYS, OLD_KEYS, patch_text, path_of
from viewer.commands import Command, read_commands
from viewer.model import Event, Run, ToolCall

_CONTENT_KEYS = ("content", "file_text", "new_source", "contents", "text")
_PROSE = re.compile(r"(?i)(?:\.(?:md|mdx|rst|txt|html|adoc)|(?:^|[/_-])(?:readme|card|report)[^/]*)$")
_PUSHES_CARD = re.compile(r"\b(?:ModelCard|DatasetCard|RepoCard)\(")
_FAILED = ("error", "rejected", "interrupted")

# What tools and harnesses write where they leave text out.
_CUT = re.compile(
    r"(?i)\[(?:\.{3}|…)?\s*(?:output |text |content |result |response )?truncated\b"
    r"|(?:lines?|chars?|characters|tokens|bytes|output|text|content|result|response)"
    r" (?:was |were |is |are |has been |have been )?(?:truncated|omitted|cut off)\b"
    r"|\(truncated\)|<persisted-output>|output too (?:large|long)"
)
_NUMBERED = re.compile(r"^\s*(?:\d+\s*[\t→|:]|\d+-(?=\s)|[+-](?=\s*\S)|[\w./-]{1,200}:\d+[:-])\s?")


class Text(NamedTuple):
    """A text as UTF-8, and the place of its event in `run.events`."""

    at: int
    data: bytes


class Written(NamedTuple):
    """Text that a call put into a file, and the file."""

    at: int
    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RunTexts:
    """The texts of one run by what they are, each list in file order.

    `commands` are those that were run, without the text that they write into files; `attempted` those that failed;
    `cut` the indices of results that are not whole. `final` is the last message, `cards` are prose files as they are
    left.
    """

    prompts: tuple[Text, ...]
    results: tuple[Text, ...]
    thoughts: tuple[Text, ...]
    said: tuple[Text, ...]
    written: tuple[Written, ...]
    final: tuple[Text, ...]
    cards: tuple[Text, ...]
    commands: tuple[Text, ...]
    attempted: tuple[Text, ...]
    cut: frozenset[int]
    ends_early: bool
    own: Mapping[str, int] = field(repr=False)
    """Lines that the agent wrote, and the event of the first time."""


def read_texts(run: Run) -> RunTexts:
    """The texts of a run's own events."""
    commands = read_commands(run.events)
    written = tuple(one for index, event in enumerate(run.events) for one in _written(index, event, commands[index]))
    results = [(index, text) for index, event in enumerate(run.events) if (text := _result(event))]
    ran = [
        (index, event, _without_written(command))
        for index, (event, command) in enumerate(zip(run.events, commands, strict=True))
        if command is not None and not command.looks_only
    ]
    return RunTexts(
        prompts=_texts(run, "user"),
        results=tuple(Text(index, text.encode("utf-8", "replace")) for index, text in results),
        thoughts=_texts(run, "reasoning"),
        said=_texts(run, "assistant"),
        written=written,
        final=tuple(_last_message(run)),
        cards=tuple(_left(run, commands)),
        commands=tuple(_text(index, text) for index, event, text in ran if not _failed(event)),
        attempted=tuple(_text(index, text) for index, event, text in ran if _failed(event) and not _refused(event)),
        cut=frozenset(index for index, text in results if _CUT.search(text)),
        ends_early=run.truncated,
        own=_own_lines(run),
    )


def _texts(run: Run, kind: str) -> tuple[Text, ...]:
    return tuple(_text(i, event.text) for i, event in enumerate(run.events) if event.kind == kind and event.text)


def _text(index: int, text: str) -> Text:
    return Text(index, text.encode("utf-8", "replace"))


def _result(event: Event) -> str:
    return event.call.result.text if event.call is not None and event.call.result is not None else ""


def _failed(event: Event) -> bool:
    result = event.call.result if event.call is not None else None
    return result is not None and result.status in _FAILED


def _refused(event: Event) -> bool:
    result = event.call.result if event.call is not None else None
    return result is not None and result.status == "rejected"


def _without_written(command: Command) -> str:
    """The command line without what it only writes down; a program that writes is run all the same."""
    text, programs = command.text, set(command.code)
    for _, written in command.written:
        if written not in programs and len(written) > 1:
            text = text.replace(written, " ")
    return text


def _last_message(run: Run) -> Iterator[Text]:
    """What the agent said after its last call; else the last that it said."""
    said = [index for index, event in enumerate(run.events) if event.kind == "assistant" and event.text]
    last_call = max((index for index, event in enumerate(run.events) if event.call is not None), default=-1)
    ending = [index for index in said if index > last_call] or said[-1:]
    yield from (_text(index, run.events[index].text) for index in ending)


# ---- files that the agent writes


class _Change(NamedTuple):
    """One change of a file: `old` becomes `new`; without `old`, `new` is all of it, or its end where `adds`."""

    path: str
    new: str
    old: str = ""
    adds: bool = False


def _written(index: int, event: Event, command: Command | None) -> Iterator[Written]:
    if event.call is None or _failed(event):
        return
    for change in _changes(event.call, command):
        if change.new:
            yield Written(index, change.path, change.new.encode("utf-8", "replace"))


def _changes(call: ToolCall, command: Command | None) -> Iterator[_Change]:
    if command is not None:
        adds = ">>" in command.text or "tee -a" in command.text
        for path, text in command.written:
            yield _Change(path, text, adds=adds or text in command.code or _in_place(command))
        yield from (_Change("README.md", code, adds=True) for code in command.code if _PUSHES_CARD.search(code))
    elif call.category == "edit":
        patch = patch_text(call)
        if patch is not None:
            yield from _patched(patch)
        elif isinstance(call.input, Mapping):
            yield from _edited(path_of(call), call.input)


def _in_place(command: Command) -> bool:
    return any(step.name in ("sed", "gsed", "perl", "apply_patch") for step in command.steps)


def _patched(patch: str) -> Iterator[_Change]:
    """The added lines of each file of an `apply_patch` text."""
    path, added = "", list[str]()
    for line in [*patch.splitlines(), "*** End Patch"]:
        if line.startswith("*** "):
            if added:
                yield _Change(path, "\n".join(added), adds=True)
            path, added = line.partition(": ")[2].strip(), []
        elif line.startswith("+"):
            added.append(line[1:])


def _edited(path: str, values: Mapping[str, Any]) -> Iterator[_Change]:
    edits = values.get("edits")
    for one in (values, *(edits if isinstance(edits, list) else ())):
        if not isinstance(one, Mapping):
            continue
        old, new = _string(one, OLD_KEYS), _string(one, NEW_KEYS)
        if old or new:
            yield _Change(path, new, old, adds=True)
        elif content := _string(one, _CONTENT_KEYS):
            yield _Change(path, content)


def _string(values: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := values.get(key), str) and value), "")


def _left(run: Run, commands: tuple[Command | None, ...]) -> Iterator[Text]:
    """Prose files as the last successful write leaves them: model cards, READMEs, reports."""
    files: dict[str, tuple[int, str]] = {}
    for index, event in enumerate(run.events):
        if event.call is None or _failed(event):
            continue
        for change in _changes(event.call, commands[index]):
            before = files.get(change.path, (index, ""))[1]
            if change.old and change.old in before:
                after = before.replace(change.old, change.new, 1)
            else:
                after = f"{before}\n{change.new}" if change.adds else change.new
            files[change.path] = (index, after)
    yield from (_text(index, text) for path, (index, text) in files.items() if _PROSE.search(path))


def is_prose(path: str) -> bool:
    """Whether a file is for readers, and no program."""
    return _PROSE.search(path) is not None


def mentions_file(data: bytes, path: str) -> bool:
    """Whether a command names a file, by its last part."""
    name = PurePosixPath(path.replace("\\", "/")).name.encode("utf-8", "replace")
    return len(name) > 2 and name in data


# ---- what the agent itself wrote, when it comes back on screen


def _own_lines(run: Run) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, event in enumerate(run.events):
        texts = [event.text] if event.kind in ("assistant", "reasoning") else []
        if event.call is not None:
            texts += _strings(event.call.input)
        for text in texts:
            for line in text.splitlines():
                if key := folded(line):
                    found.setdefault(key, index)
    return found


def _strings(value: Any, depth: int = 0) -> list[str]:
    """Every text in the arguments of a call."""
    if isinstance(value, str):
        return [value]
    if depth > 6:
        return []
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for one in values for text in _strings(one, depth + 1)]


def folded(line: str) -> str:
    """A line by its words alone."""
    return " ".join(line.split())


def is_echo(line: str, index: int, texts: RunTexts, asked: str) -> bool:
    """Whether a line of a result is the agent's own; `asked` are the folded arguments of the call."""
    for words in {folded(line), folded(_NUMBERED.sub("", line, count=1))}:
        if words and (texts.own.get(words, index + 1) <= index or (len(words) >= _TELLING and words in asked)):
            return True
    return False


_TELLING = 12
"""Characters from which a line inside a command is more than a word that was searched for."""


def arguments(call: ToolCall | None) -> str:
    """All texts of a call's arguments, folded."""
    return folded("\n".join(_strings(call.input))) if call is not None else ""
