"""What follows from a run's events: the turn of each, when it begins and ends, whether their times mean anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from viewer.model import Event

_MODEL_MADE = frozenset({"assistant", "reasoning", "tool"})


def turns(events: Sequence[Event]) -> list[int]:
    """The 0-based turn of each event.

    A turn is a user's prompt, or one answer of the model with its tool calls: an answer begins after a prompt, and
    wherever the model speaks again after a result of the turn's calls has come in.
    """
    turn, first_result = 0, sys.maxsize
    has_events = False
    numbers: list[int] = []
    for event in events:
        starts = event.kind == "user" or (event.kind in _MODEL_MADE and event.record > first_result)
        if starts and has_events:
            turn, first_result = turn + 1, sys.maxsize
        has_events = has_events or event.kind in _MODEL_MADE or event.kind == "user"
        numbers.append(turn)
        if event.kind == "user":
            first_result = 0  # whatever the model says next is a turn of its own
        elif event.call is not None and event.call.result is not None:
            first_result = min(first_result, event.call.result.record)
    return numbers


def spans(events: Sequence[Event]) -> list[tuple[int | None, int | None]]:
    """Start and end of each event in epoch ms.

    A tool call lasts from its record to its result (or as long as the harness states); text and reasoning from the end
    of what came before, as records are written when a block is finished; everything else is a moment.
    """
    found: list[tuple[int | None, int | None]] = []
    before: int | None = None
    for event in events:
        start = end = event.time
        result = event.call.result if event.call is not None else None
        if result is not None and start is not None:
            if result.duration is not None:
                end = start + max(0, result.duration)
            elif result.time is not None:
                end = max(start, result.time)
        elif event.kind in ("assistant", "reasoning") and start is not None and before is not None:
            start = min(before, start)
        found.append((start, end))
        if end is not None:
            before = end if before is None else max(before, end)
    return found


def times_usable(events: Sequence[Event]) -> bool:
    """Whether times mean anything: more than half of the events' times are distinct.

    ml-intern writes one time on every record; a converted trace may repeat a few. Durations from those are noise.
    """
    times = [event.time for event in events if event.time is not None]
    if len(times) < 2 or len(times) * 2 < len(events):
        return False
    seconds = {time // 1000 for time in times}
    return len(seconds) > 1 and len(set(times)) * 2 > len({(event.record, event.time) for event in events})
