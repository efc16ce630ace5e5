"""The ways to split rows into training and test rows, and why a way cannot be gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from viewer.evalcheck.result import Kind, Options
from viewer.evalcheck.rows import RARE, Integers, Rows
from viewer.plural import counted

TEST_SHARE = 0.2
MAX_HELD = 12
"""Groups that are held out one by one, the largest; with more of them, whole groups are also split in five."""

GROUP_FOLDS = 5
NEARLY_ONE = 0.9
"""A group in which one label has this share of the rows is nearly of one class."""


@dataclass(frozen=True, slots=True)
class Split:
    """A way to split: pairs of training and test rows, or the reason why there are none."""

    kind: Kind
    name: str
    groups: tuple[str, ...] = ()
    parts: tuple[tuple[Integers, Integers], ...] = field(default=(), repr=False)
    reason: str = ""


def plan(rows: Rows, clusters: Integers, options: Options) -> list[Split]:
    """Every split of a check, in the order in which it is shown.

    `clusters` numbers texts that are copies of each other alike.
    """
    everything = np.arange(len(rows.y), dtype=np.int64)
    splits = [_shuffled(rows, everything, "random", "random", (), options)]
    if len(np.unique(clusters)) < len(clusters):
        splits.append(_whole(rows, clusters, "apart", "random, copies on one side", options))
    if len(rows.groups) < 2:
        return splits
    if len(rows.groups) > MAX_HELD:
        splits.append(_folds(rows, options))
    largest = rows.groups[:MAX_HELD]
    splits += [_shuffled(rows, rows.of_group(name), "within", name, (name,), options) for name in largest]
    splits += [_held(rows, "held", (name,)) for name in largest]
    if len(options.together) > 1:
        splits.append(_held(rows, "together", options.together))
    return splits


def guessed_together(rows: Rows) -> tuple[str, ...]:
    """Groups worth holding out together: those nearly of one class, if there are two and they are not all."""
    nearly = tuple(
        name
        for name in rows.groups[:MAX_HELD]
        if (counts := np.bincount(rows.y[rows.of_group(name)])).max() >= NEARLY_ONE * counts.sum()
    )
    return nearly if 1 < len(nearly) < len(rows.groups) else ()


def _shuffled(rows: Rows, at: Integers, kind: Kind, name: str, groups: tuple[str, ...], options: Options) -> Split:
    """Repeated stratified random splits of some rows; labels too rare among them are left out there."""
    from sklearn.model_selection import StratifiedShuffleSplit

    counts = np.bincount(rows.y[at], minlength=len(rows.labels))
    usable = np.flatnonzero(counts >= RARE)
    if len(usable) < 2:
        return Split(kind, name, groups, reason=_too_few(rows, counts, name))
    at = at[np.isin(rows.y[at], usable)]
    splitter = StratifiedShuffleSplit(options.repeats, test_size=TEST_SHARE, random_state=options.seed)
    parts = tuple((at[train], at[test]) for train, test in splitter.split(at, rows.y[at]))
    return Split(kind, name, groups, parts)


def _too_few(rows: Rows, counts: Integers, name: str) -> str:
    there = [(rows.labels[i], int(count)) for i, count in enumerate(counts) if count]
    if not there:
        return f"No row of {name} is among those that are fitted."
    if len(there) == 1:
        return f"All {counted(there[0][1], 'row')} of {name} are {there[0][0]!r}: there is nothing to tell apart."
    label, few = min(there, key=lambda pair: pair[1])
    return f"{name} has {counted(few, 'row')} of {label!r}; {RARE} are needed so that training and test both have some."


def _whole(rows: Rows, clusters: Integers, kind: Kind, name: str, options: Options) -> Split:
    """Repeated random splits in which rows of one cluster stay on one side."""
    from sklearn.model_selection import GroupShuffleSplit

    splitter = GroupShuffleSplit(options.repeats, test_size=TEST_SHARE, random_state=options.seed)
    parts = tuple(splitter.split(rows.y, groups=clusters)) if len(np.unique(clusters)) > 1 else ()
    usable = tuple(_learnable(rows, parts))
    return Split(kind, name, (), usable, "" if usable else "Nearly all texts are copies of each other.")


def _folds(rows: Rows, options: Options) -> Split:
    """Whole groups in five folds, each tested once."""
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(GROUP_FOLDS, shuffle=True, random_state=options.seed)
    parts = tuple(_learnable(rows, tuple(splitter.split(rows.y, rows.y, rows.g))))
    reason = "" if parts else "In every fold the training rows are of one label."
    return Split("folds", f"whole groups in {GROUP_FOLDS} folds", (), parts, reason)


def _learnable(rows: Rows, parts: tuple[tuple[Integers, Integers], ...]) -> Iterator[tuple[Integers, Integers]]:
    return ((train, test) for train, test in parts if len(test) and len(np.unique(rows.y[train])) > 1)


def _held(rows: Rows, kind: Kind, groups: tuple[str, ...]) -> Split:
    """Train on the other groups, test on these."""
    name = " + ".join(groups)
    inside = np.isin(rows.g, [rows.groups.index(group) for group in groups])
    train, test = np.flatnonzero(~inside), np.flatnonzero(inside)
    left = np.unique(rows.y[train])
    if len(test) == 0:
        return Split(kind, name, groups, reason=f"No row of {name} is among those that are fitted.")
    if len(left) == 0:
        return Split(kind, name, groups, reason="No group is left to train on.")
    if len(left) == 1:
        only = rows.labels[int(left[0])]
        return Split(kind, name, groups, reason=f"Without {name} every row left to train on is {only!r}.")
    return Split(kind, name, groups, ((train, test),))
