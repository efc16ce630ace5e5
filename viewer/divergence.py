"""Two runs side by side: where what they did first differs.

A run's actions are its tool calls by what they are for, whichever tool did it: `cat` through a shell looks as Read
does. Plans and polls of a running command are no actions. Neighbours of one sort are one step (five looks in a row are
a step of five), so that a run which looks more closely does not differ in everything after. Steps are compared by sort
alone; what each was about is shown, and said where it is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from viewer.annotations.contract import Annotated, Judged
from viewer.brief import brief
from viewer.model import Category
from viewer.plural import counted
from viewer.ribbon import action_of, is_poll

MOST_STEPS = 600
"""Steps of a run that are aligned; what comes later is counted. The alignment takes time with their square."""

MOST_SHOWN = 6
"""Events of one step that are shown; the rest are counted."""

DEFINITION = (
    "Tool calls by what they are for, whichever tool did it; plans and polls are left out, and neighbours of one sort "
    "are one step."
)

_SHELL: dict[str, str] = {"test": "test", "check": "check", "build": "build", "eval": "evaluate", "network": "network"}
_TOOLS: dict[Category, str] = {"web": "browse", "agent": "delegate"}
_ACTIONS: dict[str, str] = {"explore": "look", "edit": "edit", "wait": "wait", "run": "run"}
_WORDS: dict[str, str] = {
    "look": "looks",
    "browse": "browses",
    "edit": "edits",
    "run": "runs",
    "test": "runs tests",
    "check": "checks",
    "build": "builds",
    "evaluate": "evaluates",
    "network": "asks the network",
    "delegate": "delegates",
    "wait": "waits",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Neighbouring actions of one sort. `does` is the sort; `events` are indices of the run's events."""

    does: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A step of each run beside each other; None where only one of them has it."""

    left: Step | None
    right: Step | None

    @property
    def same(self) -> bool:
        """Whether both do the same sort of thing here."""
        return self.left is not None and self.right is not None and self.left.does == self.right.does


@dataclass(frozen=True, slots=True)
class Divergence:
    """Both runs aligned; `first` is the index of the first pair that differs, None when none does."""

    left: Annotated
    right: Annotated
    pairs: tuple[Pair, ...]
    first: int | None
    later: tuple[int, int]
    """Steps of each that are past what is aligned."""


def diverge(left: Annotated, right: Annotated) -> Divergence:
    """Align two runs: in step up to the first difference, which stands side by side; after it as well as possible."""
    steps = (steps_of(left), steps_of(right))
    one, other = (found[:MOST_STEPS] for found in steps)
    pairs = tuple(_pairs(one, other))
    first = next((at for at, pair in enumerate(pairs) if not pair.same), None)
    return Divergence(left, right, pairs, first, (len(steps[0]) - len(one), len(steps[1]) - len(other)))


def steps_of(annotated: Annotated) -> tuple[Step, ...]:
    """What a run does, in file order."""
    found = ((_does(annotated.judged, index), index) for index in range(len(annotated.run.events)))
    sorts = [(does, index) for does, index in found if does is not None]
    return tuple(
        Step(does, tuple(index for _, index in same)) for does, same in groupby(sorts, key=lambda entry: entry[0])
    )


def _does(judged: Judged, index: int) -> str | None:
    """The sort of an action; None for what is none. A tool that fits no sort is a sort of its own."""
    call, command = judged.run.events[index].call, judged.commands[index]
    if call is None or call.category == "plan" or is_poll(call):
        return None
    if command is not None and command.kind in _SHELL:
        return _SHELL[command.kind]
    return _TOOLS.get(call.category) or _ACTIONS.get(action_of(judged, index)) or f"uses {call.name}"


def _pairs(one: Sequence[Step], other: Sequence[Step]) -> Iterator[Pair]:
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a.does != b.does), min(len(one), len(other))
    )
    yield from map(Pair, one[:same], other[:same])
    yield from _beside(one[same : same + 1], other[same : same + 1])
    one, other = one[same + 1 :], other[same + 1 :]
    matcher = SequenceMatcher(None, [step.does for step in one], [step.does for step in other], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from map(Pair, one[a:b], other[c:d])
        else:
            yield from _beside(one[a:b], other[c:d])


def _beside(one: Sequence[Step], other: Sequence[Step]) -> Iterable[Pair]:
    for at in range(max(len(one), len(other))):
        yield Pair(one[at] if at < len(one) else None, other[at] if at < len(other) else None)


def divergence_json(found: Divergence, names: tuple[str, str]) -> dict[str, Any]:
    """For the page: the sentence, the pairs with the events of each step, what `first` is."""
    return {
        "sentence": sentence(found, names),
        "definition": DEFINITION,
        "first": found.first,
        "pairs": [
            {
                "same": pair.same,
                "left": _step_json(found.left, pair.left),
                "right": _step_json(found.right, pair.right),
            }
            for pair in found.pairs
        ],
        "later": list(found.later),
    }


def sentence(found: Divergence, names: tuple[str, str]) -> str:
    """Where they diverge, in words."""
    if not found.pairs:
        return "Neither run calls a tool."
    if found.first is None:
        return f"Both do the same sorts of things in the same order, all {counted(len(found.pairs), 'step')}."
    common = [
        _WORDS.get(pair.left.does, pair.left.does) for pair in found.pairs[: found.first] if pair.left is not None
    ]
    start = f"After {counted(found.first, 'common step')} ({_listed(common)})" if common else "From the first step"
    pair = found.pairs[found.first]
    left, right = _doing(found.left, pair.left), _doing(found.right, pair.right)
    return f"{start}, {names[0]} {left} while {names[1]} {right}."


def _doing(annotated: Annotated, step: Step | None) -> str:
    if step is None:
        return "is done"
    address = annotated.run.events[step.events[0]].address
    return f"{_WORDS.get(step.does, step.does)} (event {address})"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words if len(words) < 5 else (*words[:2], "…", words[-1]))


def _step_json(annotated: Annotated, step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "does": _WORDS.get(step.does, step.does),
        "count": len(step.events),
        "events": [_event_json(annotated, index) for index in step.events[:MOST_SHOWN]],
    }


def _event_json(annotated: Annotated, index: int) -> dict[str, Any]:
    event, failure = annotated.run.events[index], annotated.judged.failures[index]
    return {
        "address": event.address,
        "category": event.call.category if event.call is not None else "other",
        "brief": brief(event, annotated.run.cwd)[:160],
        "error": failure.evidence if failure is not None and failure.is_error else None,
    }
