"""The panel: which cell, of harness by model, each run belongs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.comparison.selection import ComparedRun
from viewer.families import column


@dataclass(frozen=True, slots=True)
class Column:
    """A model, or versions of one family that share a column because a reader folded them.

    `versions` are what share it, as labels; more than one only where `folded`.
    """

    label: str
    versions: tuple[str, ...]

    @property
    def folded(self) -> bool:
        """Whether different models share it."""
        return len(self.versions) > 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A harness and a model that were run together; `runs` are indices. Cells without a run are not made."""

    row: int
    column: int
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows are harnesses, columns models."""

    rows: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]


def panel(runs: Sequence[ComparedRun], indices: Sequence[int], *, fold: bool) -> Panel:
    """Runs by harness and model. Harness versions share a row; a run of two models has a column of its own."""
    rows = sorted({runs[at].harness for at in indices}, key=str.casefold)
    keys = {at: column(runs[at].models, fold=fold) for at in indices}
    versions: dict[str, dict[str, None]] = {}
    for at, key in keys.items():
        versions.setdefault(key, {})[column(runs[at].models, fold=False)] = None
    names = sorted(versions, key=str.casefold)
    cells: dict[tuple[int, int], list[int]] = {}
    for at in indices:
        place = (rows.index(runs[at].harness), names.index(keys[at]))
        cells.setdefault(place, []).append(at)
    columns = tuple(_column(name, sorted(versions[name])) for name in names)
    made = tuple(Cell(*place, tuple(members)) for place, members in sorted(cells.items()))
    return Panel(tuple(rows), columns, made)


def can_fold(runs: Sequence[ComparedRun], indices: Sequence[int]) -> bool:
    """Whether folding would join columns."""
    count = [len({column(runs[at].models, fold=fold) for at in indices}) for fold in (False, True)]
    return count[1] < count[0]


def _column(name: str, versions: Sequence[str]) -> Column:
    # A family of one version is called by that version: nothing is folded there.
    return Column(versions[0] if len(versions) == 1 else name, tuple(versions))
