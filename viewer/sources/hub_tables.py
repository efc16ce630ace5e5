"""The Parquet files of a Hub dataset: each row is a run, with the path `<file>/<row>`, the row counted from 0."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viewer.blobs import BlobCache, CorruptBlobError
from viewer.sources.contract import SourceError, TraceFile
from viewer.sources.hub_client import HubFile
from viewer.sources.parquet import DamagedError, Fetch, Table, read_group, read_table, row_of
from viewer.sources.parquet_rows import FACTS, TRACE, head_lines, run_columns, run_lines

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
MAX_TABLES = 64
"""Parquet files of one dataset whose rows are listed."""

MAX_ROWS = 5_000
"""Rows of one dataset that are listed."""

LARGE = 2**23
"""Where the runs of a row group are larger, packed, a row of the list is made from its small columns alone."""

_DECODED = 2**28
"""Bytes of decoded row groups that are kept, of all datasets."""

_READERS = 16

log = logging.getLogger(__name__)
Span = Callable[[HubFile, int, int], bytes]
"""Fetches bytes of a file from a first to before a last. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where a run stands: its file, and its row."""

    file: HubFile
    number: int

    @property
    def path(self) -> str:
        """As a link has it."""
        return f"{self.file.path}/{self.number}"


def row_at(listed: Callable[[str], HubFile | None], path: str) -> Row | None:
    """The row that a path names; None where it names none."""
    name, slash, number = path.rpartition("/")
    if not slash or not name.endswith(SUFFIX) or not number.isdecimal() or len(number) > 9:
        return None
    file = listed(name)
    return Row(file, int(number)) if file is not None else None


class Tables:
    """Reads rows, and keeps what was fetched and decoded. Safe to use from several threads; shared by all datasets."""

    def __init__(self, blobs: BlobCache) -> None:
        self._blobs = blobs
        self._layouts: OrderedDict[str, Table] = OrderedDict()
        self._groups: OrderedDict[tuple[str, int, tuple[str, ...]], pa.Table] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = tuple(threading.Lock() for _ in range(_READERS))

    def layouts(self, files: Iterable[HubFile], span: Span) -> dict[str, Table]:
        """The layouts of the files whose rows are runs, by path; a damaged one is left out. Raises SourceError."""
        chosen = list(files)[:MAX_TABLES]

        def ask(file: HubFile) -> tuple[str, Table | None]:
            try:
                found = self.layout(file, span)
            except DamagedError as error:
                log.warning("%s is left out: %s", file.path, error)
                return file.path, None
            return file.path, found if run_columns(found.columns)[0] else None

        with ThreadPoolExecutor(8) as pool:
            return {path: table for path, table in pool.map(ask, chosen) if table is not None}

    def layout(self, file: HubFile, span: Span) -> Table:
        """The layout of one file. Raises SourceError."""
        with self._lock:
            known = self._layouts.get(file.key)
        if known is None:
            known = self._checked(file, lambda: read_table(file.path, file.size, self._fetch(file, span)))
            with self._lock:
                self._layouts[file.key] = known
                while len(self._layouts) > 4 * MAX_TABLES:
                    self._layouts.popitem(last=False)
        return known

    def trace_file(self, row: Row, table: Table, modified: int) -> TraceFile:
        """The row as a file of a listing; its size is its share of the decoded row group. Raises SourceError."""
        group, _ = table.place(row.number)
        share = table.decoded(group, run_columns(table.columns)[0]) // max(1, table.groups[group])
        return TraceFile(row.path, share, modified, f"{row.file.key}.{row.number}")

    def packed(self, row: Row, table: Table) -> int:
        """Bytes that must be fetched to read the row, with the others of its row group. Raises SourceError."""
        group, _ = table.place(row.number)
        return sum(end - start for start, end in table.spans(group, run_columns(table.columns)[0]))

    def has(self, row: Row, table: Table) -> bool:
        """Whether nothing need be fetched to read the row. Raises SourceError."""
        group, _ = table.place(row.number)
        spans = table.spans(group, run_columns(table.columns)[0])
        return all(self._blobs.has_part(row.file.key, start, end) for start, end in spans)

    def head(self, row: Row, table: Table, span: Span) -> bytes:
        """The row's prompt alone, from its small columns. Raises SourceError."""
        return head_lines(self._row(row, table, tuple(name for name in FACTS if name in table.columns), span))

    def lines(self, row: Row, table: Table, span: Span) -> bytes:
        """The records of the row's run. Raises SourceError."""
        first, second = run_columns(table.columns)
        found = self._row(row, table, first, span)
        lines = run_lines(found)
        if not lines and second and TRACE in first:
            lines = run_lines(self._row(row, table, second, span))
        if not lines:
            raise SourceError(f"{row.path} holds neither a trace nor messages.")
        return lines

    def _row(self, row: Row, table: Table, columns: tuple[str, ...], span: Span) -> dict[str, Any]:
        if not columns:
            return {}
        group, place = table.place(row.number)
        key = (row.file.key, group, columns)
        with self._reading[hash(key) % _READERS]:  # two readers of one row group fetch and decode it once
            with self._lock:
                found = self._groups.get(key)
            if found is None:
                fetch = self._fetch(row.file, span)
                found = self._checked(row.file, lambda: read_group(table, group, columns, fetch))
                self._keep(key, found)
        return row_of(found, place, row.path)

    def _keep(self, key: tuple[str, int, tuple[str, ...]], found: pa.Table) -> None:
        with self._lock:
            self._groups[key] = found
            while len(self._groups) > 1 and sum(table.nbytes for table in self._groups.values()) > _DECODED:
                self._groups.popitem(last=False)

    def _fetch(self, file: HubFile, span: Span) -> Fetch:
        def fetch(start: int, end: int) -> bytes:
            kept = self._blobs.part(file.key, start, end)
            if kept is None:
                kept = span(file, start, end)
                if self._blobs.path(file.key) is not None:  # a small file is fetched whole, and checked
                    return kept
                try:
                    self._blobs.put_part(file.key, start, end, kept)
                except CorruptBlobError as error:
                    raise SourceError(f"{file.path} arrived damaged. Try again.") from error
                except OSError as error:  # a full disk costs the cache, not the page
                    log.warning("a part of %s is not kept: %s", file.path, error)
            return kept

        return fetch

    def _checked(self, file: HubFile, read: Callable[[], Any]) -> Any:
        """What `read` gives; damage makes it forget what was kept of the file, so that a second try fetches it anew."""
        try:
            return read()
        except DamagedError:
            self._blobs.drop_parts(file.key)
            raise
