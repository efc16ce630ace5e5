"""Tables in files: CSV, JSON lines (or one JSON array) and Parquet, read in batches, found by what the file holds.

A `Reader` gives the columns of a file and its cells in batches of lists. Cells are what the format has; `cell_text`
makes labels and groups of them. A line that cannot be read is counted, never fatal; a file that is no table is a
`TableError` that says what it looks like.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, Protocol, TypeAlias

import orjson

from viewer.evalcheck.table import TableError

Batch: TypeAlias = dict[str, list[Any]]

BATCH = 1_000
BATCH_CHARACTERS = 2**23
"""Most rows of a batch, and characters of its texts after which no more rows are added."""

HEAD = 2**16
"""Bytes by which a format is found and a header read."""

MAX_CELL = 2**24
"""Characters of a cell of a CSV file, and bytes of a JSON line; nothing longer is ever held."""

MAX_ARRAY = 64 * 2**20
"""Bytes of a JSON file that is one array, which has to be read whole."""

PEEKED = 200
"""JSON lines whose keys are the columns."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP or Excel file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
    (b"version https://git-lfs", "a pointer to a file in large file storage"),
)
_DELIMITERS = (",", "\t", ";", "|")


class Reader(Protocol):
    """One table file, open."""

    @property
    def columns(self) -> list[str]:
        """Its columns that hold texts, numbers or truth values, in order."""

    @property
    def unreadable(self) -> int:
        """Lines that could not be read so far."""

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows of these columns from the first, once. A missing cell is None."""


def open_table(file: BinaryIO, name: str) -> Reader:
    """The reader for a file. Raises TableError for what is no table."""
    head = file.read(HEAD)
    file.seek(0)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise TableError(f"{name} is {what}: give a CSV, JSONL or Parquet file.")
    if head.startswith(b"PAR1"):
        return ParquetReader(file, name)
    if b"\0" in head:
        raise TableError(f"{name} is no text and no Parquet: give a CSV, JSONL or Parquet file.")
    if not head.strip():
        raise TableError(f"{name} is empty.")
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return JsonReader(file, name, array=first == b"[") if first in (b"{", b"[") else CsvReader(file, name, head)


class CsvReader:
    """Comma-separated values with a header line; tabs, semicolons and bars are taken as well."""

    def __init__(self, file: BinaryIO, name: str, head: bytes) -> None:
        csv.field_size_limit(MAX_CELL)
        self.unreadable = 0
        self._name = name
        line = head.decode("utf-8-sig", "replace").split("\n", 1)[0]
        delimiter = max(_DELIMITERS, key=line.count)
        self._text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
        # A line without an end comes in pieces, each a line that cannot be read.
        self._rows = csv.reader(iter(partial(self._text.readline, MAX_CELL), ""), delimiter=delimiter)
        self.columns = _distinct(next(self._rows, []))
        if len(self.columns) < 2:
            raise TableError(
                f"{name} has one column; a check needs a text and a label. Is it a CSV with a header line?"
            )

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """See `Reader`. A row with too few or too many cells counts as unreadable."""
        at = [self.columns.index(name) for name in columns]
        try:
            yield from _batched(columns, ([row[place] for place in at] for row in self._whole_rows()))
        except csv.Error as error:
            raise TableError(f"{self._name} breaks off at line {self._rows.line_num}: {error}.") from error

    def _whole_rows(self) -> Iterator[list[str]]:
        for row in self._rows:
            if len(row) == len(self.columns):
                yield row
            elif row:  # a blank line is none
                self.unreadable += 1


def _batched(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Batch]:
    """Rows, each its cells in the order of the columns, in batches of bounded size."""
    batch: Batch = {name: [] for name in columns}
    count = size = 0
    for row in rows:
        for name, cell in zip(columns, row, strict=True):
            batch[name].append(cell)
            size += len(cell) if isinstance(cell, str) else 0
        count += 1
        if count == BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, count, size = {name: [] for name in columns}, 0, 0
    yield batch


def _distinct(names: list[str]) -> list[str]:
    """Header cells as column names: none empty, none twice."""
    found: list[str] = []
    for number, cell in enumerate(names, start=1):
        name = cell.strip() or f"column {number}"
        found.append(name if name not in found else f"{name} ({number})")
    return found


class JsonReader:
    """One JSON object a line, or one array of objects."""

    def __init__(self, file: BinaryIO, name: str, *, array: bool) -> None:
        self.unreadable = 0
        self._name = name
        self._documents = self._of_array(file) if array else self._of_lines(file)
        self._peeked = [document for _, document in zip(range(PEEKED), self._documents, strict=False)]
        self.columns = list(dict.fromkeys(key for document in self._peeked for key in document))
        if not self._peeked:
            raise TableError(f"{name} holds no JSON objects: a table has one object a line, each with the same keys.")

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """See `Reader`."""
        documents = chain(self._peeked, self._documents)
        yield from _batched(columns, ([document.get(name) for name in columns] for document in documents))

    def _of_lines(self, file: BinaryIO) -> Iterator[dict[str, Any]]:
        for line in iter(partial(file.readline, MAX_CELL), b""):
            if not line.strip():
                continue
            try:
                document = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except orjson.JSONDecodeError:
                self.unreadable += 1
                continue
            if isinstance(document, dict):
                yield document
            else:
                self.unreadable += 1

    def _of_array(self, file: BinaryIO) -> Iterator[dict[str, Any]]:
        data = file.read(MAX_ARRAY + 1)
        if len(data) > MAX_ARRAY:
            raise TableError(
                f"{self._name} is one JSON array over {MAX_ARRAY >> 20} MB: write one object a line instead."
            )
        try:
            documents = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise TableError(f"{self._name} is no JSON: {error}.") from error
        for document in documents:
            if isinstance(document, dict):
                yield document
            else:
                self.unreadable += 1


class ParquetReader:
    """A Parquet file. Only the columns asked for are read; label numbers get the names that a Hub dataset gave them."""

    unreadable = 0

    def __init__(self, file: BinaryIO, name: str) -> None:
        import pyarrow
        from pyarrow import parquet

        self._name = name
        self._broken = (pyarrow.ArrowException, OSError)
        source = pyarrow.PythonFile(file, mode="r")
        try:
            found = parquet.ParquetFile(source)
            schema = found.schema_arrow
            texts = [field.name for field in schema if _is_text(field.type)]
            # A text that is stored once stays one object: else a small file could fill the memory.
            self._file = parquet.ParquetFile(
                source, metadata=found.metadata, read_dictionary=texts, pre_buffer=False, buffer_size=HEAD
            )
        except self._broken as error:
            raise TableError(f"{name} is a damaged Parquet file: {error}") from error
        self._names = _class_names(schema.metadata)
        self.columns = [field.name for field in schema if _is_cell(field.type)]

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """See `Reader`."""
        try:
            for batch in self._file.iter_batches(batch_size=BATCH, columns=list(columns)):
                yield {name: self._named(name, _listed(batch.column(name))) for name in columns}
        except self._broken as error:
            raise TableError(f"{self._name} is a damaged Parquet file: {error}") from error

    def _named(self, column: str, cells: list[Any]) -> list[Any]:
        names = self._names.get(column)
        if names is None:
            return cells
        return [names[cell] if isinstance(cell, int) and 0 <= cell < len(names) else None for cell in cells]


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _is_cell(kind: Any) -> bool:
    from pyarrow import types

    value = kind.value_type if types.is_dictionary(kind) else kind
    return _is_text(value) or any(test(value) for test in (types.is_integer, types.is_floating, types.is_boolean))


def _listed(column: Any) -> list[Any]:
    """The cells of a column."""
    from pyarrow import types

    if not types.is_dictionary(column.type):
        return list(column.to_pylist())
    values = column.dictionary.to_pylist()
    return [None if at is None else values[at] for at in column.indices.to_pylist()]


def _class_names(metadata: dict[bytes, bytes] | None) -> dict[str, list[str]]:
    """Names of the label numbers, by column, which `datasets` writes into a file as JSON."""
    try:
        features = orjson.loads((metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        return {
            column: [str(name) for name in feature["names"]]
            for column, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return {}


def cell_text(cell: Any) -> str | None:
    """A cell as a label or group: `1` for 1, 1.0 and "1"; None where there is none."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, dict | list):
        cell = orjson.dumps(cell).decode()
    return str(cell).strip() or None
