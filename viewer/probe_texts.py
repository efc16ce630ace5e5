"""What a run holds for probes: what was on screen, thought, said, written and run, each text with its event.

Text that the harness put in (system prompts, reminders, compaction) is none of these, and neither is what a subagent
did. What stands on screen because the agent itself wrote it (a file read back, its own `echo`) was not seen anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from viewer.annotations.contract import Judged
from viewer.commands import Command, Step
from viewer.edits import Change
from viewer.model import Event, Run, ToolCall

_PROSE = re.compile(r"(?i)(?:\.(?:md|mdx|rst|txt|html|adoc)|(?:^|[/_-])(?:readme|card|report)[^/]*)$")
_TO_ITSELF = re.compile(r"(?i)(?:^|[/_-])(?:plan|todo|tasks?|notes?|scratch|memory|claude|agents?|skill)[^/]*$|\.txt$")
_PUSHES_CARD = re.compile(r"\b(?:ModelCard|DatasetCard|RepoCard)\(")
_LONGEST_FILE = 2**20
"""Characters of a written file that are kept."""

_RUNS = ("run", "eval", "test")
_SHELLS = ("bash", "sh", "zsh", "source", "sbatch", "qsub")
_ADDS = re.compile(r">>|\btee -a\b|\b(?:sed|perl|gsed) -")

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


@dataclass(frozen=True)
class RunTexts:
    """The texts of one run by what they are, each list in file order.

    `commands` are those that were run, without the text that they write into files; `attempted` those that failed;
    `started` the programs among those that were run, with their arguments. `final` is the last message, `cards` are
    prose files as they are left. `ends_early`: the file is cut off; `hidden` counts thoughts without text.
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
    started: tuple[Text, ...]
    ends_early: bool
    hidden: int
    judged: Judged = field(repr=False)

    @cached_property
    def own(self) -> Mapping[str, int]:
        """Lines that the agent wrote, by their words, and the event of the first time."""
        return _own_lines(self.judged.run)


def read_texts(judged: Judged) -> RunTexts:
    """The texts of a run's own events."""
    run = judged.run
    ending = last_messages(run)
    ran = [
        (index, _run_text(command))
        for index, command in enumerate(judged.commands)
        if command is not None and not command.looks_only
    ]
    return RunTexts(
        prompts=_texts(run, "user"),
        results=tuple(_text(i, text) for i, event in enumerate(run.events) if (text := _result(event))),
        thoughts=_texts(run, "reasoning"),
        said=_texts(run, "assistant"),
        written=tuple(_written(judged)),
        final=tuple(_text(index, run.events[index].text) for index in ending),
        cards=tuple(_left(judged)),
        commands=tuple(_text(index, text) for index, text in ran if judged.went_on(index)),
        attempted=tuple(_text(index, text) for index, text in ran if judged.failed(index)),
        ends_early=run.truncated,
        hidden=sum(event.kind == "reasoning" and not event.text for event in run.events),
        started=tuple(
            _text(index, _started(command))
            for index, command in enumerate(judged.commands)
            if command is not None and judged.went_on(index)
        ),
        judged=judged,
    )


def _texts(run: Run, kind: str) -> tuple[Text, ...]:
    return tuple(_text(i, event.text) for i, event in enumerate(run.events) if event.kind == kind and event.text)


def _text(index: int, text: str) -> Text:
    return Text(index, text.encode("utf-8", "replace"))


def _result(event: Event) -> str:
    return event.call.result.text if event.call is not None and event.call.result is not None else ""


def _run_text(command: Command) -> str:
    """The command line without what it only prints or writes down; a program that writes is run all the same."""
    text, programs = command.text, set(command.code)
    if any(map(_only_says, command.steps)):
        kept = [" ".join(step.words) for step in command.steps if not _only_says(step)]
        return "\n".join([*kept, *programs])
    for _, written in command.written:
        if written not in programs and len(written) > 1:
            text = text.replace(written, " ")
    return text


def _only_says(step: Step) -> bool:
    """Whether a step's words are text and no doing: `echo`, the message of `git commit`."""
    return step.name in ("echo", "printf") or (step.name == "git" and "commit" in step.words[:4])


def _started(command: Command) -> str:
    """The steps that start a program, as words: what checks, copies or stages a file does not run it."""
    steps = zip(command.steps, command.kinds, strict=True)
    words = (step.words for step, kind in steps if kind in _RUNS or step.name in _SHELLS or _sends(step, kind))
    return command.text if not command.steps else "\n".join(" ".join(one) for one in words)


def _sends(step: Step, kind: str) -> bool:
    """Whether a step starts a program elsewhere: `hf jobs uv run train.py`, `modal run app.py`."""
    return kind == "network" and "run" in step.words


def last_messages(run: Run) -> list[int]:
    """The indices of what the agent said after its last call; else of the last that it said."""
    said = [index for index, event in enumerate(run.events) if event.kind == "assistant" and event.text]
    last_call = max((index for index, event in enumerate(run.events) if event.call is not None), default=-1)
    return [index for index in said if index > last_call] or said[-1:]


def _changes(judged: Judged) -> Iterator[tuple[int, Change, bool]]:
    """Every change of a file in order: the event, the change, and whether what was there before stays."""
    for index, (changes, command) in enumerate(zip(judged.changes, judged.commands, strict=True)):
        for change in changes:
            adds = command is not None and (_ADDS.search(command.text) is not None or change.new in command.code)
            yield index, change, adds
        # A card that a program builds and pushes has no path of its own.
        for code in command.code if command is not None and judged.went_on(index) else ():
            if _PUSHES_CARD.search(code):
                yield index, Change("README.md", "", code, True), True


def _written(judged: Judged) -> Iterator[Written]:
    for index, change, _ in _changes(judged):
        if change.new:
            yield Written(index, change.path, change.new.encode("utf-8", "replace"))


def _left(judged: Judged) -> Iterator[Text]:
    """What is written for readers, as the last write leaves it: model cards, READMEs, reports; no plans and notes."""
    files: dict[str, tuple[int, str]] = {}
    for index, change, adds in _changes(judged):
        if is_prose(change.path) and not _TO_ITSELF.search(change.path[-300:]):
            files[change.path] = (index, _changed(files.get(change.path, (index, ""))[1], change, adds=adds))
    yield from (_text(index, text) for index, text in files.values())


def _changed(before: str, change: Change, *, adds: bool) -> str:
    """A file's text after a change. Of one that the run did not write whole, what it put in is all that is known."""
    if change.old and change.old in before:
        after = before.replace(change.old, change.new, 1)
    else:
        after = f"{before}\n{change.new}" if adds or change.old else change.new
    return after[:_LONGEST_FILE]


def file_at(judged: Judged, path: str, at: int) -> bytes:
    """A file as the writes up to an event leave it."""
    text = ""
    for index, change, adds in _changes(judged):
        if index <= at and change.path == path:
            text = _changed(text, change, adds=adds)
    return text.encode("utf-8", "replace")


def is_prose(path: str) -> bool:
    """Whether a file is for readers, and no program."""
    return _PROSE.search(path[-300:]) is not None


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
            texts += strings_in(event.call.input)
        for text in texts:
            for line in text.splitlines():
                if key := folded(line):
                    found.setdefault(key, index)
    return found


def strings_in(value: Any, depth: int = 0) -> list[str]:
    """Every text in the arguments of a call."""
    if isinstance(value, str):
        return [value]
    if depth > 6:
        return []
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for one in values for text in strings_in(one, depth + 1)]


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
    return folded("\n".join(strings_in(call.input))) if call is not None else ""
