"""Made-up labelled rows for the tests of the evaluation check, and who is told how far a check is."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from viewer.evalcheck.data import EvalData, Wanted
from viewer.evalcheck.result import Facts, Fold, Options
from viewer.evalcheck.rows import Rows, rows_of
from viewer.evalcheck.table import Columns, LabelledTable, TableSource
from viewer.evalcheck.uploads import Uploads

SAMPLE = Path(__file__).resolve().parent.parent / "assets" / "eval" / "sample.csv"
SOURCE = TableSource("file", "rows.csv")
FILLER = (
    "road",
    "market",
    "river",
    "school",
    "bridge",
    "clerk",
    "winter",
    "harvest",
    "council",
    "garden",
    "gate",
    "well",
)


class Silent:
    """Takes note of what a check says on its way."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.known: list[Facts] = []

    def step(self, doing: str, done: int, of: int) -> None:
        self.steps.append(doing)

    def facts(self, facts: Facts) -> None:
        self.known.append(facts)


def text(rng: random.Random, word: str) -> str:
    """Ten words of no meaning, with one that has."""
    words = [rng.choice(FILLER) for _ in range(9)]
    words.insert(rng.randrange(10), word)
    return " ".join(words)


def table(rows: Iterable[tuple[str, str, str]], group: str = "source") -> LabelledTable:
    """Rows of (text, label, group) as a table; an empty `group` is no group column."""
    found = tuple(rows)
    groups = tuple(row[2] for row in found) if group else ()
    columns = Columns(("text",), "label", group)
    return LabelledTable(
        SOURCE, columns, tuple(row[0] for row in found), tuple(row[1] for row in found), groups, len(found)
    )


def coded(rows: Iterable[tuple[str, str, str]], **options: Any) -> Rows:
    """The same as numbers."""
    return rows_of(table(rows), Options(**options))[0]


def gap_rows(seed: int = 5) -> list[tuple[str, str, str]]:
    """Three groups: a large one of both classes, a list of one class, a list in words of its own."""
    rng = random.Random(seed)
    large = [(text(rng, "tax" if at % 4 == 0 else "tree"), "1" if at % 4 == 0 else "0", "large") for at in range(120)]
    same = [(text(rng, "tax"), "1", "list") for _ in range(20)]
    own = [(text(rng, "toll"), "1", "old") for _ in range(18)] + [(text(rng, "tree"), "0", "old") for _ in range(2)]
    return [*large, *same, *own]


def fold(folds: Iterable[Fold], kind: str, name: str = "") -> Fold:
    """The one fold of a kind, or of a kind and a name."""
    [found] = [one for one in folds if one.kind == kind and name in ("", one.name)]
    return found


def value(found: Fold, metric: str = "f1") -> float:
    """A score that is there."""
    score = found.scores[metric].value
    assert score is not None
    return score


def sample_table() -> LabelledTable:
    """The built-in sample."""
    data = EvalData(SAMPLE, None, Uploads())
    return data.load(data.open(Wanted("sample"), None, ""), Columns(("text",), "fee", "source"), lambda done: None)


def csv_of(rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file; the first row is the header."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
