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
    pending: list[int] = field(default_factory=list)
    """Edits since the last failure."""
    call: int = 0
    """Number of the call that failed last."""


def find(judged: Judged) -> Iterator[Annotation]:
    """One `loop` for each: its failing runs, the edits between them, and the run that ended it.

    Facts: `kind` (`progressive`, `stuck`, `mixed`), `length` (failing runs), `signature` (what was run), `classes` (the
    different failures), `edits`, `passed` (whether a later run went through).
    """
    loops: dict[str, _Loop] = {}
    calls = 0
    for index, event in enumerate(judged.run.events):
        if event.call is None:
            continue
        calls += 1
        if judged.changes[index]:
            for loop in loops.values():
                loop.pending.append(index)
        name = judged.attempts[index]
        if name is None:
            continue
        loop = loops.get(name)
        if loop is not None and (calls - loop.call > _FAR or judged.went_on(index)):
            passed = index if judged.went_on(index) and calls - loop.call <= _FAR else None
            yield from _told(judged, name, loops.pop(name), passed)
        if judged.failed(index):
            loop = loops.setdefault(name, _Loop())
            loop.failures.append(index)
            loop.edits += loop.pending if len(loop.failures) > 1 else []
            loop.pending, loop.call = [], calls
    for name, loop in loops.items():
        yield from _told(judged, name, loop, None)
