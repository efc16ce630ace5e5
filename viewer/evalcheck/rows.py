"""The rows of a table as numbers, and which of them are fitted where there are too many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewer.evalcheck.result import Options
from viewer.evalcheck.table import LabelledTable, TableError
from viewer.plural import counted

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

MAX_LABELS = 50
"""Different labels; a column with more of them is a number or a text."""

RARE = 5
"""A label with fewer rows cannot be in both parts of every split; its rows are left out."""

MANY_GROUPS = 0.5
"""Groups by rows from which a column is no group column."""

FITTED_ROWS = 20_000
FITTED_CHARACTERS = 20_000_000
"""Most rows, and characters of their texts, that models see; more would take memory by the gigabyte."""

SMALL_GROUP = 1_000
"""Groups of up to this many rows are fitted whole, as long as they take no more than half of the rows."""

_POSITIVE = ("1", "true", "yes", "y", "positive", "pos", "spam", "toxic", "hate", "1.0")
"""What the positive one of two labels is called, likeliest first; otherwise it is the rarer one."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts with the codes of their labels and groups. Of two labels the positive one has code 1."""

    texts: tuple[str, ...]
    y: Integers
    g: Integers
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    """Names, those with the most rows first; empty when there is no group column."""

    @property
    def binary(self) -> bool:
        """Whether there are two labels, of which one is the positive."""
        return len(self.labels) == 2

    def of_group(self, name: str) -> Integers:
        """Indices of a group's rows."""
        return np.flatnonzero(self.g == self.groups.index(name))

    def by_group(self, at: Integers | None = None) -> Integers:
        """How many rows of each group (first axis) have each label, of all rows or of some."""
        g, y = (self.g, self.y) if at is None else (self.g[at], self.y[at])
        size = (max(1, len(self.groups)), len(self.labels))
        return np.bincount(g * size[1] + y, minlength=size[0] * size[1]).reshape(size)

    def take(self, at: Integers) -> Rows:
        """Some of the rows, with the same codes."""
        return Rows(tuple(self.texts[i] for i in at), self.y[at], self.g[at], self.labels, self.groups)


def rows_of(table: LabelledTable, options: Options) -> tuple[Rows, tuple[str, ...]]:
    """The rows that can be checked, and sentences about those that cannot. Raises TableError."""
    counts = Counter(table.labels)
    label = table.columns.label
    if not counts:
        raise TableError(f"No row has both a text and a label ({label}): choose other columns.")
    if len(counts) > MAX_LABELS:
        raise TableError(
            f"{label} has {len(counts):,} different values: choose a label column with at most {MAX_LABELS}."
        )
    rare = {name for name, count in counts.items() if count < RARE}
    labels = _ordered([name for name in counts if name not in rare], counts, options.positive)
    if len(labels) < 2:
        only = f"every row of {label} is {labels[0]!r}" if labels else f"no value of {label} has {RARE} rows"
        few = sum(counts[name] for name in rare)
        beside = f" except {counted(few, 'row')} of rarer values" if labels and rare else ""
        raise TableError(f"There is nothing to tell apart: {only}{beside}.")
    kept = [i for i, name in enumerate(table.labels) if name not in rare]
    code = {name: i for i, name in enumerate(labels)}
    groups = [table.groups[i] for i in kept] if table.groups else []
    sizes = Counter(groups)
    if len(sizes) > MANY_GROUPS * len(groups):
        raise TableError(
            f"{table.columns.group} has {len(sizes):,} different values in {len(groups):,} rows: groups need several "
            "rows each. Choose another group column, or none."
        )
    names = tuple(sorted(sizes, key=lambda name: (-sizes[name], name)))
    place = {name: i for i, name in enumerate(names)}
    rows = Rows(
        tuple(table.texts[i] for i in kept),
        np.array([code[table.labels[i]] for i in kept], dtype=np.int64),
        np.array([place[name] for name in groups] if groups else [0] * len(kept), dtype=np.int64),
        labels,
        names,
    )
    lost = sum(counts[name] for name in rare)
    what = counted(lost, "row is left out: its label", "rows are left out: their label")
    note = f"{what} ({_listed(sorted(rare))}) has fewer than {RARE} rows."
    return rows, (note,) if rare else ()


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names[:5]) + (", …" if len(names) > 5 else "")


def _ordered(names: list[str], counts: Counter[str], positive: str) -> tuple[str, ...]:
    """The labels, of two the positive one last; of more, the commonest first."""
    if len(names) != 2:
        return tuple(sorted(names, key=lambda name: (-counts[name], name)))
    if positive and positive not in names:
        raise TableError(f"No label is {positive!r}: the positive label is {names[0]!r} or {names[1]!r}.")
    likely = [name for word in _POSITIVE for name in names if name.casefold() == word]
    last = positive or (likely[0] if likely else min(names, key=lambda name: (counts[name], name)))
    return (next(name for name in names if name != last), last)


def sampled(rows: Rows, seed: int) -> Integers:
    """Indices of the rows that are fitted: all of them, or a random sample in which small groups are whole."""
    lengths = np.array([len(text) for text in rows.texts], dtype=np.int64)
    everything = np.arange(len(rows.texts), dtype=np.int64)
    if len(everything) <= FITTED_ROWS and lengths.sum() <= FITTED_CHARACTERS:
        return everything
    order = np.random.default_rng(seed).permutation(everything)
    sizes = np.bincount(rows.g)
    smallest = np.argsort(sizes, kind="stable")
    whole = np.zeros(len(sizes), dtype=bool)
    whole[smallest] = (sizes[smallest] <= SMALL_GROUP) & (np.cumsum(sizes[smallest]) <= FITTED_ROWS // 2)
    first = order[np.argsort(~whole[rows.g[order]], kind="stable")]
    inside = (np.arange(1, len(first) + 1) <= FITTED_ROWS) & (np.cumsum(lengths[first]) <= FITTED_CHARACTERS)
    return np.sort(first[: max(1, int(inside.sum()))])
