"""A run as typed columns for the browser: one entry per event, in file order, fetched once and kept as typed arrays.

Wire form: 4 bytes little-endian length H of the header; H bytes of JSON
`{"n", "origin", "timesUsable", "flags", "tools", "columns": [{"name", "type", "at"}]}`; then the columns. `at` counts
from the start of the whole buffer and is a multiple of 8, so that the browser can lay typed arrays over it without
copying. `flags` says whether the number of flagged errors means anything.
100,000 events are 4.3 MB, about a tenth of that compressed.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence

import orjson

from viewer.annotations.contract import EVIDENCE, VERDICTS, Annotated, Failure
from viewer.columns import spans, times_usable, turns
from viewer.counts import error_counts
from viewer.model import CATEGORIES, KINDS, Event
from viewer.ribbon import PHASES, phases

NONE_BYTE = 255
NONE_TOOL = 65535
UNANSWERED = len(VERDICTS)
"""Verdict code of a call without a result, after the codes of `VERDICTS`."""

_TYPECODES = {"u8": "B", "u16": "H", "u32": "I", "f64": "d"}
_KIND = {name: code for code, name in enumerate(KINDS)}
_CATEGORY = {name: code for code, name in enumerate(CATEGORIES)}
_VERDICT = {name: code for code, name in enumerate(VERDICTS)}
_EVIDENCE = {name: code for code, name in enumerate(EVIDENCE)}
_PHASE = {name: code for code, name in enumerate(PHASES)}


def encode_columns(annotated: Annotated) -> bytes:
    """The wire form described above."""
    events, failures = annotated.run.events, annotated.judged.failures
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
        ("verdict", "u8", [_verdict(*pair) for pair in zip(events, failures, strict=True)]),
        ("evidence", "u8", [NONE_BYTE if failure is None else _EVIDENCE[failure.evidence] for failure in failures]),
        ("phase", "u8", [_PHASE[phase] for phase in phases(annotated)]),
    )
    flags = error_counts(annotated)[0] is not None
    facts: dict[str, object] = {"n": len(events), "origin": origin, "timesUsable": times_usable(events)}
    return _pack(facts | {"flags": flags, "tools": tools}, columns)


def _since(time: int | None, origin: int | None) -> float:
    return math.nan if time is None or origin is None else time - origin


def _verdict(event: Event, failure: Failure | None) -> int:
    if event.call is None:
        return NONE_BYTE
    return UNANSWERED if failure is None else _VERDICT[failure.verdict]


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
