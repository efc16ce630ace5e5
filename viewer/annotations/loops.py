"""Edit–run–fail loops: the same thing run and failing again, with an edit in between.

A loop is progressive where each failure is a new one, stuck where it is the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from viewer.annotations.contract import Annotation, Annotator, Failure, Judged
from viewer.brief import one_line
from viewer.plural import counted

LoopKind = Literal["progressive", "stuck", "mixed"]

_FAR = 60
"""Calls after which a failure no longer belongs to the one before."""


@dataclass(slots=True)
class _Loop:
    """The failing runs of one thing, and the edits between them."""

    failures: list[int] = field(default_factory=list)
    edits: list[int] = field(default_factory=list)
    mark: int = 0
    """How many edits the run had before the last failure."""
    call: int = 0
    """Number of the call that failed last."""


def find(judged: Judged) -> Iterator[Annotation]:
    """One `loop` for each: its failing runs, the edits between them, and the run that ended it.

    Facts: `kind` (`progressive`, `stuck`, `mixed`), `length` (failing runs), `signature` (what was run), `classes` (the
    different failures), `edits`, `passed` (whether a later run went through).
    """
    loops: dict[str, _Loop] = {}
    edits: list[int] = []
    calls = 0
    for index, event in enumerate(judged.run.events):
        calls += event.call is not None
        if judged.changes[index]:
            edits.append(index)
        name = judged.attempts[index]
        if name is None:
            continue
        loop = loops.get(name)
        if loop is not None and (calls - loop.call > _FAR or judged.went_on(index)):
            passed = index if judged.went_on(index) and calls - loop.call <= _FAR else None
            yield from _told(judged, name, loops.pop(name), passed)
        if judged.failed(index):
            loop = loops.setdefault(name, _Loop())
            loop.edits += edits[loop.mark :] if loop.failures else []
            loop.failures.append(index)
            loop.mark, loop.call = len(edits), calls
    for name, loop in loops.items():
        yield from _told(judged, name, loop, None)


def _told(judged: Judged, name: str, loop: _Loop, passed: int | None) -> Iterator[Annotation]:
    length = len(loop.failures)
    if length < 2 or not loop.edits:
        return
    failures = [judged.failures[index] for index in loop.failures]
    classes = [_class(failure) for failure in failures]
    distinct = list(dict.fromkeys(classes))
    kind = _kind(len(distinct), length)
    end = "then it went through" if passed is not None else "not seen to go through"
    how = {"progressive": "each time for a new reason", "stuck": f"each time with {distinct[0]}"}
    why = how.get(kind, f"with {len(distinct)} different errors")
    events = {*loop.failures, *loop.edits, *(() if passed is None else (passed,))}
    flagged = all(failure is not None and failure.evidence == "flagged" for failure in failures)
    yield Annotation(
        "loop",
        tuple(sorted(events)),
        f"`{name}` failed {counted(length, 'time')} with {counted(len(loop.edits), 'edit')} in between, {why}; {end}",
        " · ".join(distinct[:6]),
        "flagged" if flagged else "inferred",
        "error" if kind == "stuck" or passed is None else "warning",
        facts={
            "kind": kind,
            "length": length,
            "signature": name,
            "classes": distinct,
            "edits": len(loop.edits),
            "passed": passed is not None,
        },
    )


def _class(failure: Failure | None) -> str:
    """The class of an error, else the words that told it, else that there were none."""
    if failure is None:
        return "an error"
    return failure.error_class or one_line(failure.quote, 100) or "an error"


def _kind(distinct: int, length: int) -> LoopKind:
    return "stuck" if distinct == 1 else "progressive" if distinct == length else "mixed"


ANNOTATOR = Annotator("loops", find)
