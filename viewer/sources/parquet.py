"""Reading rows of a Parquet file over a network: the footer, then only the columns and row groups that are asked for.

pyarrow reads from a `Sparse` file: parts of it are fetched by range and put in place, and what lies between is never
asked for. pyarrow itself is imported when the first Parquet dataset is opened.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viewer.sources.contract import SourceError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

FOOTER = 2**16
"""Bytes that are read from the end of a file first; they hold the footer of all but very wide files."""

MAX_FOOTER = 2**24
MAX_GROUP = 2**29
"""Bytes of a row group's columns, decoded, that are read."""

MAX_ROW = 2**27
"""Bytes of one run."""

_GAP = 2**16
"""Parts nearer to each other than this are fetched as one."""

Fetch = Callable[[int, int], bytes]
"""Fetches the bytes from a first to before a last position. Raises SourceError."""


class DamagedError(SourceError):
    """A file that is not what its footer says, or no Parquet file at all."""


class Sparse(io.RawIOBase):
    """A file of which some parts are here; reading any other part fetches it."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        self._size, self._fetch, self._at = size, fetch, 0
        self._parts: list[tuple[int, bytes]] = []

    def load(self, start: int, end: int) -> None:
        """Fetch a part that will be read."""
        if not any(begin <= start and end <= begin + len(data) for begin, data in self._parts):
            self._parts.append((start, self._fetch(start, end)))

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position; nothing is fetched."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        rest = max(0, self._size - self._at)
        wanted = rest if size is None or size < 0 else min(size, rest)
        if wanted == 0:
            return b""
        self.load(self._at, self._at + wanted)
        begin, data = next(
            (begin, data) for begin, data in self._parts if begin <= self._at and self._at + wanted <= begin + len(data)
        )
        start = self._at - begin
        self._at += wanted
        return data[start : start + wanted]


@dataclass(frozen=True, slots=True)
class Table:
    """The layout of one Parquet file: its columns, and how many rows each row group has."""

    name: str
    size: int
    columns: tuple[str, ...]
    groups: tuple[int, ...]
    facts: Any
    """pyarrow's own description, from the footer."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(self.groups)

    def place(self, row: int) -> tuple[int, int]:
        """The row group of a row, and the row's place in it. Raises SourceError."""
        left = row
        for group, count in enumerate(self.groups):
            if left < count:
                return group, left
            left -= count
        raise SourceError(f"{self.name} has no row {row}: its rows are 0 to {self.rows - 1}.")

    def spans(self, group: int, columns: Iterable[str]) -> list[tuple[int, int]]:
        """Where the chunks of columns lie in the file, those close together as one."""
        chosen = frozenset(columns)
        found = sorted(
            _span(chunk)
            for chunk in _chunks(self.facts.row_group(group))
            if chunk.path_in_schema.split(".")[0] in chosen
        )
        joined: list[tuple[int, int]] = []
        for start, end in found:
            if joined and start - joined[-1][1] <= _GAP:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined

    def decoded(self, group: int, columns: Iterable[str]) -> int:
        """Bytes of columns of a row group, decoded, as the footer says."""
        chosen = frozenset(columns)
        chunks = _chunks(self.facts.row_group(group))
        return sum(
            int(chunk.total_uncompressed_size) for chunk in chunks if chunk.path_in_schema.split(".")[0] in chosen
        )


def read_table(name: str, size: int, fetch: Fetch) -> Table:
    """The layout of a file from its footer. Raises SourceError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sparse = Sparse(size, fetch)
    first = max(0, size - FOOTER)
    sparse.load(first, size)
    sparse.seek(max(0, size - 8))
    end = sparse.read()
    footer = int.from_bytes(end[:4], "little")
    if end[4:] != b"PAR1" or footer + 8 > size or footer > MAX_FOOTER:
        raise DamagedError(f"{name} is no Parquet file that can be read.")
    sparse.load(min(first, size - footer - 8), size)
    try:
        facts: pq.FileMetaData = pq.read_metadata(sparse)
    except (pa.ArrowException, OSError) as error:
        raise DamagedError(f"{name} is no Parquet file that can be read.") from error
    names = tuple(dict.fromkeys(facts.schema.column(at).path.split(".")[0] for at in range(facts.num_columns)))
    groups = tuple(facts.row_group(at).num_rows for at in range(facts.num_row_groups))
    return Table(name, size, names, groups, facts)


def read_group(table: Table, group: int, columns: tuple[str, ...], fetch: Fetch) -> pa.Table:
    """Columns of a row group, fetched with one request for each stretch of the file. Raises SourceError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    decoded = table.decoded(group, columns)
    if decoded > MAX_GROUP:
        limit = MAX_GROUP // 2**20
        raise SourceError(
            f"A row group of {table.name} has {decoded // 2**20} MB, more than the {limit} MB that are read."
        )
    sparse = Sparse(table.size, fetch)
    for start, end in table.spans(group, columns):
        sparse.load(start, end)
    try:
        # Kept as a dictionary, one long text that many rows share is decoded once.
        flat = [chunk.path_in_schema for chunk in _chunks(table.facts.row_group(group))]
        texts = [name for name in columns if name in flat]
        file = pq.ParquetFile(sparse, metadata=table.facts, read_dictionary=texts, pre_buffer=False)
        return file.read_row_group(group, columns=list(columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedError(f"Rows of {table.name} cannot be read: the file is damaged.") from error


def row_of(found: pa.Table, place: int, name: str) -> dict[str, Any]:
    """One row as Python values. Raises SourceError when it is too large."""
    part = found.slice(place, 1)
    size = sum(len(value) for value in map(_value, part.columns) if isinstance(value, str | bytes))
    if size > MAX_ROW:
        raise SourceError(f"{name} has {size // 2**20} MB, more than the {MAX_ROW // 2**20} MB of a run that are read.")
    return {column: _value(part.column(column)) for column in part.column_names}


def _value(column: Any) -> Any:
    return column[0].as_py()


def _chunks(group: Any) -> list[Any]:
    return [group.column(at) for at in range(group.num_columns)]


def _span(chunk: Any) -> tuple[int, int]:
    begins = [chunk.data_page_offset, chunk.dictionary_page_offset]
    start = min(place for place in begins if place is not None and place > 0)
    return start, start + chunk.total_compressed_size
