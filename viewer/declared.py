"""What the files beside traces declare: runs, outcomes, probes and the data of the task.

In the order in which they are believed: the runs in the card's front matter, `comparison.yaml`, a table of results
(`results.csv` and the like) and `.eval_results`, the tables in the card's text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath

from viewer.card import CARD, MAX_ROWS, Card, Cell, read_card
from viewer.comparison_file import NAMES, ComparedRun, ComparisonFile, run_named
from viewer.comparison_reader import front_matter_runs, read_comparison
from viewer.outcomes import Outcome, Source
from viewer.result_files import read_results
from viewer.run_columns import read_columns, read_row


@dataclass(frozen=True, slots=True)
class Declared:
    """What a place says of its runs. `entries` holds one group for each file, the one believed first in front.

    `comparison` is `comparison.yaml` where there is one; its runs are among the entries. `problems` are sentences on
    what could not be read.
    """

    comparison: ComparisonFile | None = None
    entries: tuple[tuple[ComparedRun, ...], ...] = ()
    problems: tuple[str, ...] = ()

    def of(self, path: str, part: str = "") -> tuple[ComparedRun, ...]:
        """Everything that is said of a run, the entry believed first in front."""
        return tuple(entry for group in self.entries if (entry := run_named(group, path, part)) is not None)

    def outcomes(self, path: str, part: str = "") -> tuple[Outcome, ...]:
        """The outcomes of a run from all of it."""
        return tuple(outcome for entry in self.of(path, part) for outcome in entry.outcomes)

    def model_repos(self, path: str, part: str = "") -> tuple[str, ...]:
        """The model repositories that are named for a run."""
        return tuple(dict.fromkeys(entry.model_repo for entry in self.of(path, part) if entry.model_repo))


def read_declared(files: Mapping[str, bytes], base: str = "") -> Declared:
    """What the files say, by their paths (`sources/beside.py`). Never raises.

    `base` is the address under which a file's page is found by its path, such as `https://…/blob/4a8ac15/`; empty for
    files of this machine.
    """
    groups: list[tuple[ComparedRun, ...]] = []
    problems: list[str] = []
    card = read_card(files[CARD]) if CARD in files else None
    if card is not None:
        origin = Source("front matter", "front matter of the card", f"{base}{CARD}" if base else "")
        runs, wrong = front_matter_runs(card.front, origin)
        groups.append(runs)
        problems += [card.problem] if card.problem else []
        problems += [f"{CARD}: {one}" for one in wrong]
    name = next((name for name in NAMES if name in files), None)
    comparison = None
    if name is not None:
        text = files[name].decode("utf-8", "replace")
        comparison, wrong = read_comparison(text, Source("comparison file", name, f"{base}{name}" if base else ""))
        groups.append(comparison.runs)
        problems += [f"{name}: {one}" for one in wrong]
    for path, data in files.items():
        origin = Source("sidecar", path, f"{base}{path}" if base else "")
        if path.endswith((".csv", ".tsv")):
            groups.append(tuple(_table_runs(data, origin, "\t" if path.endswith(".tsv") else ",")))
        elif path.startswith(".eval_results/"):
            outcomes, wrong = read_results(data, origin)
            groups.append((ComparedRun(PurePosixPath(path).stem, outcomes=outcomes),))
            problems += wrong
    if card is not None:
        groups.append(tuple(_card_runs(card, f"{base}{CARD}" if base else "")))
    return Declared(comparison, tuple(map(_once, groups)), tuple(problems))


def _once(runs: tuple[ComparedRun, ...]) -> tuple[ComparedRun, ...]:
    """One entry a run: rows of one run with one metric each are put together."""
    found: dict[tuple[str, str], ComparedRun] = {}
    for run in runs:
        key = (run.path, run.part)
        known = found.get(key)
        found[key] = run if known is None else replace(known, outcomes=(*known.outcomes, *run.outcomes))
    return tuple(found.values())


def _table_runs(data: bytes, origin: Source, delimiter: str) -> Iterator[ComparedRun]:
    lines = data.decode("utf-8-sig", "replace").replace("\0", "").splitlines()
    try:
        rows = list(islice(csv.reader(lines, delimiter=delimiter), MAX_ROWS))
    except csv.Error:  # a cell of more than 128 kB
        return
    columns = read_columns(rows[0]) if rows else None
    if columns is None:
        return
    for row in rows[1:]:
        run = read_row(columns, [Cell(cell.strip()) for cell in row], replace(origin, quote=delimiter.join(row)[:400]))
        if run is not None:
            yield run


def _card_runs(card: Card, link: str) -> Iterator[ComparedRun]:
    for table in card.tables:
        columns = read_columns(table.header)
        if columns is None:
            continue
        for row in table.rows:
            quote = " | ".join(cell.text for cell in row)[:400]
            run = read_row(columns, row, Source("card table", "table in the card", link, quote))
            if run is not None:
                yield run
