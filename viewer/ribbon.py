"""The process ribbon: what a run was doing at each event, and a short form of that for a list or a comparison.

The short form is JSON of at most a few kB whatever the length of the run:
`{"n": events, "cells": 1, "phases": "x12e3r2…", "flagged": […], "inferred": […], "edits": […], "tests": […],
"evals": […], "firstEdit": index or null, "end": "answered"}`.

`phases` is run-length: a letter of `LETTERS` and how many cells long it lasts; a cell is `cells` events, 1 unless the
run is long. The lists are indices of events; of those that no drawing could tell apart, the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, Literal, get_args

from viewer.annotations.contract import Annotated, Judged
from viewer.model import Category, Event, ToolCall
from viewer.ribbon_tracks import tracks

Phase = Literal["explore", "edit", "run", "fail", "wait", "other"]
"""Looking at files, pages and output; changing files; running something; a call that failed; waiting for a process or
a job; neither (plans, subagents, prompts, compactions)."""

PHASES: tuple[Phase, ...] = get_args(Phase)
LETTERS: dict[Phase, str] = {"explore": "x", "edit": "e", "run": "r", "fail": "f", "wait": "w", "other": "o"}

_PIECE = re.compile(r"([a-z])(\d+)")

MOST_CELLS = 400
"""Cells of the short form at most: more than a drawing of a run among others can show."""

End = Literal["answered", "unanswered", "interrupted", "user"]
"""How the file ends: with the model's words, a call without result, an interruption, or a prompt nobody answered."""

_ACTIONS: dict[Category, Phase] = {"edit": "edit", "read": "explore", "search": "explore", "web": "explore"}
_COMMANDS: dict[str, Phase] = {"view": "explore", "edit": "edit"}
_WAITS = frozenset({"sleep", "wait"})
_POLLS = frozenset({"bashoutput", "bash_output", "taskoutput", "wait_agent", "wait"})
_SPEECH = frozenset({"assistant", "reasoning", "system", "other"})


def phases(annotated: Annotated) -> list[Phase]:
    """One phase per event. What the model says belongs to the call that it leads to, before the next prompt."""
    judged, events = annotated.judged, annotated.run.events
    found: list[Phase] = []
    following: Phase = "other"
    for at in range(len(events) - 1, -1, -1):
        if events[at].kind in _SPEECH:
            found.append(following)
            continue
        phase = "fail" if events[at].kind == "api_error" or judged.failed(at) else action_of(judged, at)
        following = phase if events[at].call is not None else "other"
        found.append(phase)
    return found[::-1]


def action_of(judged: Judged, index: int) -> Phase:
    """What a call is for, whether by a tool of its own or through the shell: `cat` explores as Read does."""
    call, command = judged.run.events[index].call, judged.commands[index]
    if call is None:
        return "other"
    if is_poll(call):
        return "wait"
    if judged.changes[index]:
        return "edit"
    if command is None:
        return _ACTIONS.get(call.category, "run" if call.category == "shell" else "other")
    if command.steps and all(step.name in _WAITS for step in command.steps):
        return "wait"
    return _COMMANDS.get(command.kind, "run")


def is_poll(call: ToolCall) -> bool:
    """Whether a call only asks how a running one goes on: it is part of that one, and counted with it."""
    name = call.name.lower()
    if name == "write_stdin":  # Codex: with characters it types, without it reads what came since
        return isinstance(call.input, str) or not (call.input or {}).get("chars")
    return name in _POLLS


def encode_ribbon(annotated: Annotated) -> dict[str, Any]:
    """The short form described above."""
    judged, events = annotated.judged, annotated.run.events
    length = len(events)
    cells = max(1, -(-length // MOST_CELLS))
    errors = [(at, failure) for at, failure in enumerate(judged.failures) if failure is not None and failure.is_error]
    edits = [at for at, changes in enumerate(judged.changes) if changes]
    kinds = [(at, command.kind) for at, command in enumerate(judged.commands) if command is not None]
    return {
        "n": length,
        "cells": cells,
        "phases": _run_length(_cells(phases(annotated), cells)),
        "flagged": _thinned((at for at, failure in errors if failure.evidence == "flagged"), cells),
        "inferred": _thinned((at for at, failure in errors if failure.evidence == "inferred"), cells),
        "edits": _thinned(edits, cells),
        "tests": _thinned((at for at, kind in kinds if kind == "test"), cells),
        "evals": _thinned((at for at, kind in kinds if kind == "eval"), cells),
        "firstEdit": edits[0] if edits else None,
        "end": _end(events),
        **tracks(annotated.run, cells),
    }


def cells_of(encoded: str, count: int) -> str:
    """`phases` of the short form as that many letters, or as many as it has cells if these are fewer."""
    letters = "".join(letter * int(number) for letter, number in _PIECE.findall(encoded))
    length = len(letters)
    if length <= count:
        return letters
    bounds = [at * length // count for at in range(count + 1)]
    return "".join(_most(letters[first:last]) for first, last in pairwise(bounds))


def _cells(found: Sequence[Phase], size: int) -> Iterator[str]:
    letters = [LETTERS[phase] for phase in found]
    return (_most(letters[at : at + size]) for at in range(0, len(letters), size))


def _most(cell: Sequence[str]) -> str:
    """What most events of a cell do; of several as frequent, the first."""
    return max(dict.fromkeys(cell), key=cell.count)


def _run_length(letters: Iterable[str]) -> str:
    return "".join(f"{letter}{sum(1 for _ in same)}" for letter, same in groupby(letters))


def _thinned(indices: Iterable[int], size: int) -> list[int]:
    """The first index of each cell."""
    return [next(same) for _, same in groupby(indices, key=lambda at: at // size)]


def _end(events: Sequence[Event]) -> End:
    last = next((event for event in reversed(events) if event.kind not in ("system", "other", "compaction")), None)
    if last is None or last.kind == "user":
        return "user"
    if last.kind == "interruption":
        return "interrupted"
    return "unanswered" if last.call is not None and last.call.result is None else "answered"
