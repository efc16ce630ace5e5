"""Edit–run–fail loops: the same thing run and failing again, with an edit in between.

A loop is progressive where each failure is a new one, stuck where it is the same each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.plural import counted

LoopKind = Literal["progressive", "stuck", "mixed"]

_WORDLESS = "an error without words"
_NUMBER = re.compile(r"\d+")
_TESTS = "TestFailure("
_TAIL = 4_000
"""Characters at the end of an output that tell errors apart."""
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
            fixes = edits[loop.mark :] if passed is not None else []
            yield from _told(judged, name, loops.pop(name), passed, fixes)
        if judged.failed(index):
            loop = loops.setdefault(name, _Loop())
            loop.edits += edits[loop.mark :] if loop.failures else []
            loop.failures.append(index)
            loop.mark, loop.call = len(edits), calls
    for name, loop in loops.items():
        yield from _told(judged, name, loop, None)


def _told(
    judged: Judged, name: str, loop: _Loop, passed: int | None, fixes: Sequence[int] = ()
) -> Iterator[Annotation]:
    """`fixes` are the edits between the last failure and the run that went through."""
    length = len(loop.failures)
    if length < 2 or not loop.edits:
        return
    errors = [_error(judged, index) for index in loop.failures]
    distinct = list(dict.fromkeys(name for name, _ in errors))
    kind = _kind(len(set(errors)) if distinct != [_WORDLESS] else None, length)
    end = "then it went through" if passed is not None else "not seen to go through"
    new = "each time with a new error"
    if _share_a_test(distinct):
        new = "each time with a different set of tests failing"
    how = {"progressive": new, "stuck": f"each time with `{distinct[0]}`"}
    why = how.get(kind, f"with {counted(len(set(errors)), 'different error')}")
    events = {*loop.failures, *loop.edits, *fixes, *(() if passed is None else (passed,))}
    yield Annotation(
        "loop",
        tuple(sorted(events)),
        f"`{name}` failed {counted(length, 'time')} with {counted(len(loop.edits), 'edit')} in between, {why}; {end}",
        judged.quotes(loop.failures),
        judged.evidence(loop.failures),
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


def _error(judged: Judged, index: int) -> tuple[str, str]:
    """The name of an error, and what tells it from others of that name.

    The name is its class, else the words that told it, else the last line that came back. Without a class, or with one
    of a single word (`LintErrors`) that holds errors of all sorts, what came back tells them apart, numbers aside.
    """
    failure, call = judged.failures[index], judged.run.events[index].call
    text = call.result.text[-_TAIL:] if call is not None and call.result is not None else ""
    name = failure.error_class if failure is not None else None
    detail = _NUMBER.sub("N", text)
    if name is not None:
        return name, detail if name.isalpha() else ""
    last = failure.quote if failure is not None and failure.quote else text.strip().rsplit("\n", 1)[-1]
    return one_line(_NUMBER.sub("N", last), 100) or _WORDLESS, detail


def _share_a_test(names: Sequence[str]) -> bool:
    """Whether a test is among the failing ones of two of these errors: fewer or more of them fail, none need be new."""
    failing = [set(name[len(_TESTS) : -1].split(", ")) for name in names if name.startswith(_TESTS)]
    return any(one & other for one, other in combinations(failing, 2))


def _kind(distinct: int | None, length: int) -> LoopKind:
    """What the number of different errors makes of a loop; None where no failure says why."""
    return "stuck" if distinct == 1 else "progressive" if distinct == length else "mixed"


ANNOTATOR = Annotator("loops", find)
