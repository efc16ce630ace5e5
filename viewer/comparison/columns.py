"""The metrics of compared runs: which differ most, and what a cell of several runs may say of them.

One run in a cell is a gesture, not a measurement: its value is shown as it is. Two to four have their range, from five
on there is a median with an interval. Nothing is graded, and how many columns were compared is said: of many columns
over few runs some always differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from viewer.metric import Metric, Value
from viewer.metrics import METRICS

SHOWN = 10
"""Metrics that are shown before a reader asks for all."""

ENOUGH_FOR_MEDIAN = 3
ENOUGH_FOR_INTERVAL = 5

_SMALL: dict[str, float] = {
    "": 3,
    "per 100 calls": 5,
    "share": 0.15,
    "ms": 120_000,
    "tokens": 20_000,
    "USD": 0.25,
}
"""By unit, what is so small that differences below it say little: 0 and 1 errors differ less than 10 and 20."""

_LEAST_DIFFERENCE = 0.2
"""A ratio below e to this power (1.2) is no difference worth a row."""

_TAIL = 0.1
"""Of many runs the difference is between the tenths at both ends, so that one odd run does not decide."""

_MANY = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric over the runs of a comparison. `difference` orders them; `shown` is one of those that differ most."""

    metric: Metric
    values: tuple[Value, ...]
    difference: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """What several values say together. `middle` is None below three of them, `interval` below five.

    `interval` is that of the median: of the ranks that hold it with 95 % (with five runs, 94 %).
    """

    known: int
    low: float | None
    high: float | None
    middle: float | None
    interval: tuple[float, float] | None


def measured(rows: Sequence[dict[str, Value]]) -> tuple[Measured, ...]:
    """Every metric over runs, given as their values by name; in the order of METRICS."""
    values = {metric.name: tuple(row.get(metric.name) for row in rows) for metric in METRICS}
    differences = {metric.name: difference(metric.unit, values[metric.name]) for metric in METRICS}
    most = sorted(differences, key=lambda name: -differences[name])[:SHOWN]
    return tuple(
        Measured(
            metric,
            values[metric.name],
            differences[metric.name],
            metric.name in most and differences[metric.name] >= _LEAST_DIFFERENCE,
        )
        for metric in METRICS
    )


def difference(unit: str, values: Sequence[Value]) -> float:
    """How much values differ: the logarithm of their ratio, small ones damped. 0 where fewer than two are known."""
    names = [_names(value) for value in values if isinstance(value, str)]
    if names:
        return _unlike(names)
    numbers = sorted(float(value) for value in values if isinstance(value, int | float))
    if len(numbers) < 2:
        return 0.0
    skipped = int(len(numbers) * _TAIL) if len(numbers) >= _MANY else 0
    low, high = numbers[skipped], numbers[-1 - skipped]
    small = _SMALL.get(unit, 1.0)
    return math.log((high + small) / (low + small))


def spread(values: Sequence[Value]) -> Spread:
    """What the values of one cell say; text and unknown ones are left out."""
    numbers = sorted(float(value) for value in values if isinstance(value, int | float))
    if not numbers:
        return Spread(0, None, None, None, None)
    middle = median(numbers) if len(numbers) >= ENOUGH_FOR_MEDIAN else None
    interval = _median_interval(numbers) if len(numbers) >= ENOUGH_FOR_INTERVAL else None
    return Spread(len(numbers), numbers[0], numbers[-1], middle, interval)


def _median_interval(numbers: Sequence[float]) -> tuple[float, float]:
    """Between which of the sorted values the median of all such runs lies, whatever their distribution."""
    count = len(numbers)
    rank, below = 0, 0.5**count
    while rank + 1 < count / 2 and 2 * (below + math.comb(count, rank + 1) * 0.5**count) <= 0.05:
        rank += 1
        below += math.comb(count, rank) * 0.5**count
    return numbers[rank], numbers[count - 1 - rank]


def _names(palette: str) -> frozenset[str]:
    """`Bash 9, Read 3` without the counts."""
    return frozenset(part.rpartition(" ")[0] or part for part in palette.split(", "))


def _unlike(palettes: Sequence[frozenset[str]]) -> float:
    """How little palettes have in common, on the scale of `difference`: 0 alike, about 1.4 nothing in common."""
    common, every = frozenset.intersection(*palettes), frozenset.union(*palettes)
    return math.log(4) * (1 - len(common) / len(every)) if len(palettes) > 1 else 0.0
