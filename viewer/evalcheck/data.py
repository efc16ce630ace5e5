"""The tables that can be checked: the built-in sample, a Hub dataset at a commit, a file that a visitor gave.

`EvalData.open` finds one for a visitor, `look` reads its first rows for the choice of columns, and `load` reads the
rows themselves, up to limits that the result states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from viewer.evalcheck.columns import Column, checked, describe, guess
from viewer.evalcheck.files import Batch, cell_text, open_table
from viewer.evalcheck.hub import CONVERTED, HubTable, chosen, open_file, tables_of
from viewer.evalcheck.table import NO_GROUP, Columns, LabelledTable, TableError, TableSource
from viewer.evalcheck.uploads import Uploads
from viewer.plural import counted
from viewer.sources.contract import SourceError
from viewer.sources.hub import HubDataset
from viewer.sources.hub_visits import HubVisits

MAX_ROWS = 100_000
MAX_CHARACTERS = 200_000_000
"""Characters of all texts that are kept."""

MAX_TEXT = 20_000
"""Characters of one text that are kept."""

PART = "(file)"
"""The column that says which table of a dataset a row came from, where several are read."""

LOOKED = 2_000
LOOKED_CHARACTERS = 2**25
"""Rows that the choice of columns is made from, and characters after which no more are read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for.

    `kind` is "sample", "hub" (then `name` and `rev`, and `parts` of it) or "file" (then `name` is the id of an upload).
    """

    kind: str
    name: str = ""
    rev: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a table."""

    part: str
    name: str
    open: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table, found. `key` names it and who may see it; `parts` are the names of all tables of a dataset."""

    source: TableSource
    key: str
    pieces: tuple[Piece, ...]
    parts: tuple[str, ...] = ()
    note: str = ""

    @property
    def several(self) -> bool:
        """Whether the rows come from more than one table of a dataset."""
        return len({piece.part for piece in self.pieces}) > 1


@dataclass(frozen=True, slots=True)
class Look:
    """The first rows of a table: its columns, and which is likely what."""

    columns: tuple[Column, ...]
    guess: Columns


class EvalData:
    """Finds and reads tables. Safe to use from several threads."""

    def __init__(self, sample: Path, visits: HubVisits | None, uploads: Uploads) -> None:
        """`sample` is the built-in table; `visits` opens Hub datasets."""
        self._sample = sample
        self._visits = visits
        self.uploads = uploads

    def open(self, wanted: Wanted, token: str | None, visitor: str) -> OpenTable:
        """A table for a visitor. Raises SourceError with what to do."""
        if wanted.kind == "sample":
            source = TableSource("sample", "built-in sample")
            note = "A made-up sample that comes with the app: its numbers are of no real task."
            return OpenTable(
                source, "sample", (Piece("", self._sample.name, lambda: self._sample.open("rb")),), (), note
            )
        if wanted.kind == "file":
            upload = self.uploads.get(visitor, wanted.name)
            source = TableSource("file", upload.name, upload.sha)
            piece = Piece("", upload.name, lambda: self.uploads.open(upload))
            return OpenTable(source, f"file:{visitor}:{upload.sha}", (piece,))
        if wanted.kind == "hub":
            return self._of_hub(wanted, token)
        raise TableError("Choose the built-in sample, a Hub dataset or a file.")

    def _of_hub(self, wanted: Wanted, token: str | None) -> OpenTable:
        if self._visits is None:
            raise TableError("This app was started without the Hub.")
        dataset = self._visits.open(wanted.name, wanted.rev, token)
        tables = tables_of(dataset.listed.values())
        note = ""
        if not tables and not wanted.rev:
            dataset, tables, note = self._converted(wanted.name, token, dataset)
        picked = chosen(tables, wanted.parts, wanted.name)
        source = TableSource("hub", dataset.facts.repo, dataset.facts.sha, tuple(table.name for table in picked))
        return OpenTable(source, dataset.id, _pieces(dataset, picked), tuple(table.name for table in tables), note)

    def _converted(
        self, repo: str, token: str | None, dataset: HubDataset
    ) -> tuple[HubDataset, tuple[HubTable, ...], str]:
        """The dataset as the Hub converted it, where it did."""
        if self._visits is None:
            return dataset, (), ""
        try:
            converted = self._visits.open(repo, CONVERTED, token)
        except SourceError:  # there is no such branch: the dataset itself is what can be said of it
            return dataset, (), ""
        note = f"Its files are no tables; these are from its revision {CONVERTED}, which the Hub made."
        return converted, tables_of(converted.listed.values()), note

    def look(self, table: OpenTable) -> Look:
        """Its columns, by its first rows. Raises SourceError."""
        with table.pieces[0].open() as file:
            reader = open_table(file, table.pieces[0].name)
            batch: Batch = {name: [] for name in reader.columns}
            size = 0
            for rows in reader.batches(reader.columns) if reader.columns else ():
                for name, cells in rows.items():
                    batch[name].extend(cells)
                    size += sum(len(cell) for cell in cells if isinstance(cell, str))
                if len(batch[reader.columns[0]]) >= LOOKED or size >= LOOKED_CHARACTERS:
                    break
        columns = describe(batch)
        if not any(column.filled for column in columns):
            raise TableError(f"{table.source.name} has columns ({', '.join(batch)[:200]}) and no rows.")
        names = [piece.part for piece in table.pieces]
        if table.several:
            columns = (*columns, describe({PART: names})[0])
        return Look(columns, guess(columns))

    def load(self, table: OpenTable, columns: Columns, step: Callable[[int], None]) -> LabelledTable:
        """Its rows, as far as the limits go. `step` is told how many were read, and may raise. Raises SourceError."""
        rows = _Rows()
        for piece in table.pieces:
            if rows.is_full():
                rows.cut_short = True
                break
            with piece.open() as file:
                reader = open_table(file, piece.name)
                there = [*reader.columns, *([PART] if table.several else [])]
                checked(columns, there)
                needed = set(columns.text) | {columns.label, columns.group}
                for batch in reader.batches([name for name in reader.columns if name in needed]):
                    step(rows.read)
                    rows.add(batch, columns, piece.part)
                    if rows.cut_short:
                        break
                rows.left_out["line that could not be read"] += reader.unreadable
        notes = (*([table.note] if table.note else []), *rows.notes())
        left_out = {why: count for why, count in rows.left_out.items() if count}
        groups = tuple(rows.groups) if columns.group else ()
        return LabelledTable(
            table.source, columns, tuple(rows.texts), tuple(rows.labels), groups, rows.read, left_out, notes
        )


def _pieces(dataset: HubDataset, tables: tuple[HubTable, ...]) -> tuple[Piece, ...]:
    return tuple(
        Piece(table.name, file.path, partial(open_file, dataset, file)) for table in tables for file in table.files
    )


class _Rows:
    """Rows as they come in, up to the limits."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.labels: list[str] = []
        self.groups: list[str] = []
        self.read = 0
        self.left_out: Counter[str] = Counter()
        self._characters = 0
        self._cut = 0
        self._no_group = 0
        self.cut_short = False

    def is_full(self) -> bool:
        """Whether no further row is kept."""
        return self.read >= MAX_ROWS or self._characters >= MAX_CHARACTERS

    def add(self, batch: Batch, columns: Columns, part: str) -> None:
        """Take the rows of a batch."""
        length = len(batch[columns.text[0]]) if columns.text[0] in batch else len(next(iter(batch.values())))
        cells = {name: batch.get(name, [part] * length) for name in (*columns.text, columns.label)}
        groups = batch.get(columns.group, [part] * length) if columns.group else []
        for at in range(length):
            if self.is_full():
                self.cut_short = True
                return
            self.read += 1
            text = "\n".join(told for name in columns.text if (told := cell_text(cells[name][at])) is not None)
            label = cell_text(cells[columns.label][at])
            if not text or label is None:
                self.left_out["row without a text" if not text else "row without a label"] += 1
                continue
            self._keep(text, label)
            if columns.group:
                group = cell_text(groups[at])
                self._no_group += group is None
                self.groups.append(group or NO_GROUP)

    def _keep(self, text: str, label: str) -> None:
        self._cut += len(text) > MAX_TEXT
        self._characters += min(len(text), MAX_TEXT)
        self.texts.append(text[:MAX_TEXT])
        self.labels.append(label)

    def notes(self) -> list[str]:
        """What a reader should know."""
        said = [
            f"{counted(count, why, why.replace('row', 'rows', 1).replace('line', 'lines', 1))}: left out."
            for why, count in self.left_out.items()
            if count
        ]
        if self._cut:
            said.append(f"{counted(self._cut, 'text')} longer than {MAX_TEXT:,} characters: read up to there.")
        if self._no_group:
            said.append(f"{counted(self._no_group, 'row')} without a group: they are the group {NO_GROUP}.")
        if self.cut_short:
            said.append(f"Only the first {self.read:,} rows were read.")
        return said
