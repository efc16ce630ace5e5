"""A Hub dataset at one commit as a source of traces, opened for one visitor."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO, Literal

from viewer.blobs import BlobCache, CorruptBlobError
from viewer.sources.contract import Described, Listing, SourceError, TraceFile, UnreadError
from viewer.sources.hub_client import DatasetFacts, HubClient, HubFile
from viewer.sources.hub_listing import (
    CARD,
    DEFAULT_LIMITS,
    HEAD,
    LARGE,
    MAX_CARD,
    TAIL,
    HubLimits,
    Sorted,
    parquet_files,
    sort_out,
)
from viewer.sources.hub_tables import Row, Tables, row_at
from viewer.sources.parquet import Table

_WHOLE = 2**20
"""A Parquet file up to this size is fetched whole, which lets it be checked."""

PIECE = 2**23
"""Bytes of a larger file that are fetched with one request."""

_PIECES_AT_ONCE = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HubDataset:
    """A dataset at a commit. It is made for a visitor who was given its listing, and only that visitor opens it."""

    facts: DatasetFacts
    client: HubClient = field(repr=False)
    blobs: BlobCache = field(repr=False)
    tables: Tables = field(repr=False)
    listed: Mapping[str, HubFile] = field(repr=False)
    reader: str
    """Who it was opened for: "public", or a mark of one visitor. Part of every key under which it is kept."""
    layouts: Mapping[str, Table] = field(default_factory=dict, repr=False)
    """Of the Parquet files whose rows are runs."""
    limits: HubLimits = DEFAULT_LIMITS
    stale: bool = False
    """The Hub could not be asked: this is the listing of an earlier visit."""
    _arrived: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _fetching: dict[str, threading.Lock] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """Key of what is kept of it in memory."""
        return f"hub:{self.reader}:{self.facts.repo}@{self.facts.sha}"

    @property
    def label(self) -> str:
        """The dataset's name."""
        return self.facts.repo

    @property
    def kind(self) -> Literal["hub"]:
        """A Hub dataset."""
        return "hub"

    @property
    def place(self) -> str:
        """Key of its stored summaries: they go with the content of files, whatever the revision."""
        return f"hub:{self.facts.repo}"

    @property
    def link(self) -> dict[str, str]:
        """Its name and commit: a link that cannot drift."""
        return {"repo": self.facts.repo, "rev": self.facts.sha}

    @property
    def parallel(self) -> int:
        """How many of its files may be read at once."""
        return 32

    @property
    def page(self) -> str:
        """Its page on the Hub."""
        return f"{self.client.endpoint}/datasets/{self.facts.repo}"

    def files(self) -> Listing:
        """Its files that may be traces, in the order of the listing, and the rows of its Parquet files."""
        return self._sorted.listing

    def described(self) -> Described:
        """Its card, fetched when it is not kept, and its tags."""
        card = self.listed.get(CARD)
        if card is None or not 0 < card.size <= MAX_CARD:
            return Described(None, self.facts.tags)
        if self.stale and self.blobs.path(card.key) is None:
            return Described(None, self.facts.tags, lasting=False)
        try:
            with self._opened(card) as file:
                return Described(file.read().decode("utf-8", "replace"), self.facts.tags)
        except SourceError as error:
            log.warning("the card of %s is not known: %s", self.facts.repo, error)
            return Described(None, self.facts.tags, lasting=False)

    def file(self, path: str) -> TraceFile:
        """One of its files, or a row of one. Raises SourceError, naming what is there instead."""
        found = self.listed.get(path)
        if found is not None:
            return TraceFile(found.path, found.size, self.facts.modified or 0, found.key)
        row = self._row(path)
        if row is not None:
            return self.tables.trace_file(row, self._layout(row), self.facts.modified or 0)
        count = len(self.files().files)
        files = f"{count} run{'' if count == 1 else 's'}"
        raise SourceError(f"{path} is not in {self.facts.repo} at {self.facts.sha[:7]}, which has {files}.")

    def open(self, path: str) -> BinaryIO:
        """The bytes of one of its files, fetched and checked when they are not kept. Raises SourceError."""
        self.file(path)
        row = self._row(path)
        if row is not None:
            return io.BytesIO(self.tables.lines(row, self._layout(row), self._span))
        return self._opened(self.listed[path])

    def head(self, path: str) -> BinaryIO | None:
        """Head and tail of a large file that is not kept, enough for its row; None when all of it should be read.

        Only of a file with a record a line, of which the head holds one at least: parts of anything else are no trace.
        Raises SourceError, also for what the limit of this dataset leaves unread until it is opened.
        """
        self.file(path)
        row = self._row(path)
        if row is not None:
            return self._row_head(row)
        found = self.listed[path]
        if self.blobs.path(found.key) is not None:
            return None
        self._check_limit(path)
        if found.size <= LARGE or path.endswith(".json"):
            return None
        start = self.client.read(self.facts.repo, self.facts.sha, path, (0, HEAD - 1))
        if b"\n" not in start:
            return None
        end = self.client.read(self.facts.repo, self.facts.sha, path, (found.size - TAIL, found.size - 1))
        return io.BytesIO(start[: start.rfind(b"\n") + 1] + end[end.find(b"\n") + 1 :])

    def _row_head(self, row: Row) -> BinaryIO | None:
        table = self._layout(row)
        if self.tables.has(row, table):
            return None
        self._check_limit(row.path)
        if self.tables.packed(row, table) <= LARGE:
            return None
        return io.BytesIO(self.tables.head(row, table, self._span))

    def _check_limit(self, path: str) -> None:
        if path in self._sorted.unread:
            limit = f"{self.limits.repo_bytes / 2**20:,.0f} MB"
            raise UnreadError(f"Not read: a list reads {limit} of one dataset at most. Open it to read it.")

    @cached_property
    def _sorted(self) -> Sorted:
        return sort_out(self.listed, self.layouts, self.tables, self.limits, self.facts.modified or 0)

    def _row(self, path: str) -> Row | None:
        return row_at(self.listed.get, path)

    def _layout(self, row: Row) -> Table:
        return self.layouts.get(row.file.path) or self.tables.layout(row.file, self._span)

    def _span(self, file: HubFile, start: int, end: int) -> bytes:
        if file.size <= _WHOLE:
            with self._opened(file) as whole:
                whole.seek(start)
                return whole.read(end - start)
        return self.client.read(self.facts.repo, self.facts.sha, file.path, (start, end - 1))

    def with_layouts(self) -> HubDataset:
        """The same with the layouts of its Parquet files, where their rows are its only runs. Raises SourceError."""
        chosen = parquet_files(self.listed)
        return replace(self, layouts=self.tables.layouts(chosen, self._span)) if chosen else self

    def _opened(self, file: HubFile) -> BinaryIO:
        with self._fetching.setdefault(file.key, threading.Lock()):
            kept = self.blobs.path(file.key)
            return kept.open("rb") if kept is not None else io.BytesIO(self._fetch(file))

    def arriving(self, path: str) -> tuple[int, int]:
        """How many bytes of a file that is on its way in pieces are here, and how many it has. Raises SourceError."""
        file = self.listed.get(path)
        return (self._arrived.get(file.key, 0), file.size) if file is not None else (0, self.file(path).size)

    def _whole(self, file: HubFile) -> bytes:
        return self.client.read(self.facts.repo, self.facts.sha, file.path)

    def _in_pieces(self, file: HubFile) -> bytes:
        """A large file, some pieces at once: a cut connection costs one of them, and a reader sees how far it is."""

        def fetch(start: int) -> bytes:
            piece = self.client.read(self.facts.repo, self.facts.sha, file.path, (start, start + PIECE - 1))
            self._arrived[file.key] += len(piece)  # for the eye alone: two at once may count as one
            return piece

        self._arrived[file.key] = 0
        try:
            with ThreadPoolExecutor(_PIECES_AT_ONCE) as pool:
                return b"".join(pool.map(fetch, range(0, file.size, PIECE)))
        finally:
            del self._arrived[file.key]

    def _fetch(self, file: HubFile) -> bytes:
        data = self._whole(file) if file.size <= PIECE else self._in_pieces(file)
        try:
            self.blobs.put(file.key, data)
        except CorruptBlobError as error:
            raise SourceError(f"{file.path} arrived damaged ({len(data)} of {file.size} bytes). Try again.") from error
        except OSError as error:  # a full disk costs the cache, not the page
            log.warning("%s of %s is not kept: %s", file.path, self.facts.repo, error)
        return data
