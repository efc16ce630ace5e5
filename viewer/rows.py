"""Events as the rows of the event list, and search within a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from viewer.annotations.contract import Failure
from viewer.brief import brief
from viewer.model import Event

PAGE = 200
"""Rows in one answer at most."""


def event_row(index: int, event: Event, cwd: str | None = None, failure: Failure | None = None) -> dict[str, Any]:
    """One row, as JSON. What the columns say already (time, category) is not repeated.

    `verdict` and `evidence` are the error layer's, for a call; a call without a result is "unanswered".
    """
    call = event.call
    result = call.result if call is not None else None
    return {
        "i": index,
        "address": event.address,
        "kind": event.kind,
        "label": event.label,
        "tool": call.name if call is not None else None,
        "category": call.category if call is not None else None,
        "brief": brief(event, cwd),
        "verdict": failure.verdict if failure is not None else "unanswered" if call is not None else None,
        "evidence": failure.evidence if failure is not None else None,
        "errorClass": failure.error_class if failure is not None else None,
        "exit": result.exit_code if result is not None else None,
        "images": len(event.images) + (len(result.images) if result is not None else 0),
    }


def search(events: Sequence[Event], query: str) -> list[int]:
    """Indices of the events that hold the text anywhere, ignoring case."""
    wanted = query.lower()
    return [index for index, event in enumerate(events) if any(wanted in text.lower() for text in texts(event))]


def texts(event: Event) -> Iterator[str]:
    """Every text of an event: its own, and its call's name, arguments and result."""
    yield event.text
    if event.label:
        yield event.label
    if event.call is not None:
        yield event.call.name
        yield from _strings(event.call.input)
        if event.call.result is not None:
            yield event.call.result.text


def _strings(value: object) -> Iterator[str]:
    """Every text and number inside, in order. Without recursion: a trace may nest deeper than Python calls itself."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, Mapping):
            waiting.extend(reversed(list(found.values())))
        elif isinstance(found, list):
            waiting.extend(reversed(found))
        elif found is not None:
            yield str(found)
