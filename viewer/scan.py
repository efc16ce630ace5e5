"""The list of a source's runs: files at once, summaries as they come.

`refresh` walks the source (17 ms for 5,000 files) and shows stored summaries at once; what is new or has changed is
read in the background in the order of the list, as many files at once as the source allows.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath

from viewer import formats
from viewer.formats.contract import TraceError
from viewer.model import Run
from viewer.provenance import Claims
from viewer.sources.contract import Source, SourceError, TraceFile, UnreadError
from viewer.summary import partial_summary, summarise
from viewer.summary_cache import FileSummary, SummaryCache

log = logging.getLogger(__name__)

MAX_FILE = 2 * 2**30
"""A larger file is refused: the parsed run would not fit the memory of a small machine."""

_BATCH = 128
"""Files are read, and their summaries stored, so many at a time at least."""

_ROUNDS = 16
"""Over a network a batch has so many files for each connection: the slowest of a batch is waited for."""

_RETRY = 30.0
"""Seconds after which a file that could not be had (a network that was down) is asked for again."""

UNWATCHED = 5.0
"""Seconds after which reading stops when no page asks for the list any more; the pages ask every two at least."""

_FIRST_RECORD = 2**20
"""Bytes of a first record that are looked at."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a listing; `summary` is None until it has been read."""

    file: TraceFile
    summary: FileSummary | None


class Scan:
    """The listing of one source. Safe to use from several threads."""

    def __init__(self, source: Source, cache: SummaryCache) -> None:
        """Nothing is read before the first `refresh`."""
        self.source = source
        self.left_out = 0
        self.notes: tuple[str, ...] = ()
        self._cache = cache
        self._lock = threading.Lock()
        self._files: tuple[TraceFile, ...] = ()
        self._known: dict[str, tuple[str, FileSummary]] | None = None
        self._worker: threading.Thread | None = None
        self._at = 0
        self._retry_at = 0.0
        self._watchers: dict[str, float] = {}
        self._claims: Claims | None = None
        self._claims_end = math.inf
        self._claiming = threading.Lock()

    def refresh(self, watcher: str = "") -> None:
        """Look at the source again and begin to read what is new. Raises SourceError.

        With a watcher (any name that nobody else has), reading goes on while it, or another, is seen again within
        `UNWATCHED` seconds; without, until all is read.
        """
        self._look()
        with self._lock:
            now = time.monotonic()
            seen = {name: at for name, at in self._watchers.items() if not name or now - at < UNWATCHED}
            self._watchers = seen | {watcher: now}
            if self._worker is None and (self._unclaimed() or self._next_stale() is not None):
                self._worker = threading.Thread(target=self._work, name=f"scan-{self.source.id}", daemon=True)
                self._worker.start()

    def again(self) -> None:
        """What could not be had is asked for at the next `refresh`, and not only after a while."""
        with self._lock:
            self._retry_at = 0.0

    def unwatch(self, watcher: str) -> None:
        """This watcher no longer needs the list: reading stops unless another does."""
        with self._lock:
            self._watchers.pop(watcher, None)

    @property
    def reading(self) -> bool:
        """Whether files are being read now."""
        return self._worker is not None

    @property
    def claims(self) -> Claims | None:
        """What the source says of its runs; None until that has been read."""
        return self._claims

    def claimed(self) -> Claims:
        """The same, read now where it has not been."""
        with self._claiming:
            if self._claims is None or self._unclaimed():
                described = self.source.described()
                self._claims_end = math.inf if described.lasting else time.monotonic() + _RETRY
                self._claims = Claims(described)
            return self._claims

    def _unclaimed(self) -> bool:
        return self._claims is None or time.monotonic() >= self._claims_end

    def _watched(self) -> bool:
        now = time.monotonic()
        return any(not watcher or now - seen < UNWATCHED for watcher, seen in tuple(self._watchers.items()))

    def _look(self) -> None:
        """See which files there are now; read none of them."""
        listing = self.source.files()
        with self._lock:
            if self._known is None:
                self._known = self._cache.load(self.source.place)
            self._files, self.left_out, self.notes = listing.files, listing.left_out, listing.notes
            self._at = 0

    def rows(self) -> list[FileRow]:
        """Every file, newest first, with its summary where that is known."""
        with self._lock:
            return [FileRow(file, self._fresh(file)) for file in self._files]

    def pending(self) -> int:
        """How many files have no summary yet."""
        return sum(1 for row in self.rows() if row.summary is None)

    def agent_files(self, path: str, session_id: str) -> list[FileRow]:
        """Files that by their place may be subagents of the session at `path`; their content decides.

        The places are `agent-*.jsonl` beside it and anything in `<session>/subagents/`. Missing summaries are made now,
        of the files alone whose first record names the session: a folder may hold hundreds of other sessions' agents.
        """
        here = PurePosixPath(path)
        beside, below = (
            f"{here.parent.as_posix()}/agent-".removeprefix("./"),
            f"{here.with_suffix('').as_posix()}/subagents/",
        )
        self._look()
        with self._lock:
            near = [file for file in self._files if file.path.startswith((beside, below))]
        return [FileRow(file, self._summary(file)) for file in near if self._names(file, session_id)]

    def _names(self, file: TraceFile, session_id: str) -> bool:
        """Whether a file that has no summary yet may belong to a session: its first record holds the session's id."""
        with self._lock:
            if self._fresh(file) is not None:
                return True
        try:
            with self.source.open(file.path) as lines:
                return session_id.encode() in lines.readline(_FIRST_RECORD)
        except SourceError:
            return False

    def _fresh(self, file: TraceFile) -> FileSummary | None:
        known = (self._known or {}).get(file.path)
        if known is None or known[0] != file.version:
            return None
        return known[1] if known[1].lasting or time.monotonic() < self._retry_at else None

    def _next_stale(self) -> TraceFile | None:
        return next((file for file in self._files if self._fresh(file) is None), None)

    def _summary(self, file: TraceFile) -> FileSummary:
        with self._lock:
            known = self._fresh(file)
        if known is None:
            known = self._read(file)
            if known.lasting:
                self._cache.store(self.source.place, [(file.path, file.version, known)])
        return known

    def _work(self) -> None:
        with ThreadPoolExecutor(self.source.parallel, thread_name_prefix=f"read-{self.source.id}") as pool:
            claims = pool.submit(self.claimed)
            while batch := self._next_batch():
                read = pool.map(self._read_if_watched, batch)
                rows = [(file.path, file.version, made) for file, made in zip(batch, read, strict=True) if made]
                claims.result()
                self._cache.store(self.source.place, [row for row in rows if row[2].lasting])

    def _next_batch(self) -> list[TraceFile]:
        """The next files without a summary, in the order of the list; none ends the worker."""
        with self._lock:
            batch: list[TraceFile] = []
            watched = self._watched()
            most = max(_BATCH, _ROUNDS * self.source.parallel)
            while watched and self._at < len(self._files) and len(batch) < most:
                if self._fresh(self._files[self._at]) is None:
                    batch.append(self._files[self._at])
                self._at += 1
            if not batch:
                self._worker = None
                self._watchers.clear()
            return batch

    def _read_if_watched(self, file: TraceFile) -> FileSummary | None:
        return self._read(file) if self._watched() else None

    def _read(self, file: TraceFile) -> FileSummary:
        made = read_summary(self.source, file)
        with self._lock:
            if self._known is not None:
                self._known[file.path] = (file.version, made)
            if not made.lasting:
                self._retry_at = time.monotonic() + _RETRY
        return made


def read_runs(source: Source, file: TraceFile) -> tuple[Run, ...]:
    """Every run of a file. Raises SourceError, TraceError."""
    if file.size > MAX_FILE:
        raise TraceError(f"{file.path} is larger than {MAX_FILE // 2**30} GB, the largest file that is opened.")
    with source.open(file.path) as lines:
        return formats.parse(lines, PurePosixPath(file.path).stem)


def read_summary(source: Source, file: TraceFile) -> FileSummary:
    """Parse a file for its summary; a file that is no trace, or a parser that fails, gives an error and no more."""
    try:
        head = source.head(file.path)
        if head is not None:
            runs = formats.parse(head, PurePosixPath(file.path).stem)
            return FileSummary(tuple(map(partial_summary, runs[:1])))
        return FileSummary(tuple(map(summarise, read_runs(source, file))))
    except TraceError as error:
        return FileSummary((), str(error))
    except SourceError as error:  # it may be there again in a moment
        return FileSummary((), str(error), lasting=False, again=not isinstance(error, UnreadError))
    except Exception as error:  # the boundary of the scan: one file must not end the list of all others
        log.exception("reading %s failed", file.path)
        return FileSummary((), f"{file.path}: reading failed ({type(error).__name__}); the log has the cause.")
