"""A run as typed columns for the browser: one entry per event, in file order, fetched once and kept as typed arrays.

Wire form: 4 bytes little-endian length H of the header; H bytes of JSON
`{"n", "origin", "timesUsable", "tools", "columns": [{"name", "type", "at"}]}`; then the columns. `at` counts from the
start of the whole buffer and is a multiple of 8, so that the browser can lay typed arrays over it without copying.
100,000 events are 4.1 MB, about a tenth of that compressed.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence

import orjson

from viewer.model import CATEGORIES, KINDS, STATUSES, Event, Run

NONE_BYTE = 255
NONE_TOOL = 65535
UNANSWERED = len(STATUSES)
"""Status code of a call without a result, after the codes of `STATUSES`."""

_TYPECODES = {"u8": "B", "u16": "H", "u32": "I", "f64": "d"}
_KIND = {name: code for code, name in enumerate(KINDS)}
_CATEGORY = {name: code for code, name in enumerate(CATEGORIES)}
_STATUS = {name: code for code, name in enumerate(STATUSES)}
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


def encode_columns(run: Run) -> bytes:
    """The wire form described above."""
    events = run.events
    tools = list(dict.fromkeys(event.call.name for event in events if event.call is not None))[:NONE_TOOL]
    code_of_tool = {name: code for code, name in enumerate(tools)}
    marks = spans(events)
    starts = [start for start, _ in marks if start is not None]
    origin = min(starts) if starts else None
    columns: tuple[tuple[str, str, Sequence[float]], ...] = (
        ("start", "f64", [_since(start, origin) for start, _ in marks]),
        ("end", "f64", [_since(end, origin) for _, end in marks]),
        ("record", "u32", [event.record for event in events]),
        ("turn", "u32", turns(events)),
        ("context", "u32", [min(event.usage.context, 2**32 - 1) if event.usage else 0 for event in events]),
        ("block", "u16", [min(event.block, NONE_TOOL) for event in events]),
        (
            "tool",
            "u16",
            [code_of_tool.get(event.call.name, NONE_TOOL) if event.call else NONE_TOOL for event in events],
        ),
        ("kind", "u8", [_KIND[event.kind] for event in events]),
        ("category", "u8", [_CATEGORY[event.call.category] if event.call else NONE_BYTE for event in events]),
        ("status", "u8", [_status(event) for event in events]),
    )
    return _pack({"n": len(events), "origin": origin, "timesUsable": times_usable(events), "tools": tools}, columns)


def _since(time: int | None, origin: int | None) -> float:
    return math.nan if time is None or origin is None else time - origin


def _status(event: Event) -> int:
    if event.call is None:
        return NONE_BYTE
    return UNANSWERED if event.call.result is None else _STATUS[event.call.result.status]


def _pack(facts: dict[str, object], columns: Sequence[tuple[str, str, Sequence[float]]]) -> bytes:
    packed: list[tuple[str, str, bytes]] = []
    for name, kind, values in columns:
        data = array(_TYPECODES[kind], values)
        if sys.byteorder == "big":
            data.byteswap()
        packed.append((name, kind, data.tobytes()))
    room = 4 + len(orjson.dumps(facts)) + 80 * len(packed)  # a generous header, padded with spaces
    at = room + -room % 8
    start = at
    places: list[dict[str, object]] = []
    for name, kind, body in packed:
        places.append({"name": name, "type": kind, "at": at})
        at += len(body) + -len(body) % 8
    header = orjson.dumps({**facts, "columns": places}).ljust(start - 4)
    parts = [len(header).to_bytes(4, "little"), header]
    parts += [body + b"\0" * (-len(body) % 8) for _, _, body in packed]
    return b"".join(parts)
