"""What a ribbon needs to be drawn along time or tokens, and to lead to events: one entry per cell of its short form.

`at`      addresses of the first event of each cell, each as its record minus that of the cell before: `1,1,0.2,3`
`seconds` seconds from the run's first time to the end of each cell, as differences; None where times are unusable
`tokens`  tokens of the model calls up to the end of each cell, as differences; None where the file states none

Differences are short: a run of 400 cells takes about 3 kB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from viewer.columns import times_usable
from viewer.model import Event, Run


def tracks(run: Run, size: int) -> dict[str, Any]:
    """The tracks of a run whose cells hold `size` events each."""
    cells = [run.events[at : at + size] for at in range(0, len(run.events), size)]
    return {
        "at": _addresses([cell[0] for cell in cells]),
        "seconds": _seconds(run, cells) if times_usable(run.events) else None,
        "tokens": _tokens(cells),
    }


def _addresses(events: Iterable[Event]) -> str:
    found, before = [], 0
    for event in events:
        step = str(event.record - before)
        found.append(step if event.block == 1 else f"{step}.{event.block}")
        before = event.record
    return ",".join(found)


def _seconds(run: Run, cells: Sequence[Sequence[Event]]) -> str:
    """Times never run backwards on a ribbon: an event that does counts as at once."""
    start = next((event.time for event in run.events if event.time is not None), 0)
    found, reached = [], 0
    for cell in cells:
        ends = [end for event in cell if (end := _end(event)) is not None]
        at = max((round((end - start) / 1000) for end in ends), default=reached)
        found.append(max(0, at - reached))
        reached = max(reached, at)
    return ",".join(map(str, found))


def _end(event: Event) -> int | None:
    result = event.call.result if event.call is not None else None
    return result.time if result is not None and result.time is not None else event.time


def _tokens(cells: Sequence[Sequence[Event]]) -> str | None:
    sums = [sum(event.usage.total for event in cell if event.usage is not None) for cell in cells]
    return ",".join(map(str, sums)) if any(sums) else None
