"""The short form of a ribbon (viewer/ribbon.py) as boxes and marks along an axis, for drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import Any, Literal, NamedTuple, get_args

from viewer.ribbon import LETTERS

Axis = Literal["order", "time", "tokens"]
AXES: tuple[Axis, ...] = get_args(Axis)

LONGEST_PAUSE = 600.0
"""Seconds; a longer pause is drawn as long as this."""

_PHASE_OF = {letter: phase for phase, letter in LETTERS.items()}
_PART = re.compile(r"([a-z])(\d+)")
_MARKS = (("tests", "test"), ("evals", "evaluation"), ("inferred", "inferred error"), ("flagged", "flagged error"))


class Box(NamedTuple):
    """A stretch of one phase between two places of the axis."""

    phase: str
    start: float
    end: float


class Mark(NamedTuple):
    """Something at a place of the axis."""

    kind: str
    place: float


class Ribbon(NamedTuple):
    """A ribbon along an axis; `whole` is its length with long pauses in full."""

    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...]
    length: float
    whole: float


def ribbon_along(encoded: dict[str, Any] | None, axis: Axis) -> Ribbon | None:
    """A ribbon in events, seconds or tokens; None where the run has none, or nothing is known of that axis."""
    if not encoded:
        return None
    letters = [letter for letter, count in _PART.findall(encoded["phases"]) for _ in range(int(count))]
    whole = _steps(encoded, axis, len(letters))
    if whole is None or len(whole) != len(letters):
        return None
    steps = [min(step, LONGEST_PAUSE) for step in whole] if axis == "time" else whole
    ends = list(accumulate(steps))
    starts = [0.0, *ends[:-1]]
    boxes = [
        Box(_PHASE_OF.get(letter, "other"), starts[cells[0]], ends[cells[-1]])
        for letter, found in groupby(range(len(letters)), key=letters.__getitem__)
        if (cells := list(found))
    ]
    middles = [(start + end) / 2 for start, end in zip(starts, ends, strict=True)]
    return Ribbon(tuple(boxes), tuple(_marks(encoded, middles)), ends[-1] if ends else 0.0, sum(whole))


def _steps(encoded: dict[str, Any], axis: Axis, count: int) -> list[float] | None:
    size = encoded["cells"]
    if axis == "order":
        return [float(min(size, encoded["n"] - at * size)) for at in range(count)]
    track = encoded.get("seconds" if axis == "time" else "tokens")
    return [float(step) for step in track.split(",")] if track else None


def _marks(encoded: dict[str, Any], middles: list[float]) -> Iterator[Mark]:
    first = encoded["firstEdit"]
    for name, kind in _MARKS:
        yield from (Mark(kind, middles[index // encoded["cells"]]) for index in encoded[name])
    if first is not None:
        yield Mark("first edit", middles[first // encoded["cells"]])
