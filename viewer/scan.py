"""The list of a source's runs: files at once, summaries as they come.

`refresh` walks the source (17 ms for 5,000 files) and shows stored summaries at once; what is new or has changed is
parsed in one background thread, newest first.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import PurePosixPath

from viewer import formats
from viewer.formats.contract import TraceError
from viewer.model import Run
from viewer.sources.contract import Source, SourceError, TraceFile
from viewer.summary import summarise
from viewer.summary_cache import FileSummary, SummaryCache

log = logging.getLogger(__name__)

MAX_FILE = 2 * 2**30
"""A larger file is refused: the parsed run would not fit the memory of a small machine."""

_STORE_EVERY = 50
"""Summaries are stored in batches: one transaction for so many files."""

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
        self._cache = cache
        self._lock = threading.Lock()
        self._files: tuple[TraceFile, ...] = ()
        self._known: dict[str, tuple[str, FileSummary]] | None = None
        self._worker: threading.Thread | None = None

    def refresh(self) -> None:
        """Look at the source again and begin to read what is new. Raises SourceError."""
        self._look()
        with self._lock:
            if self._worker is None and self._next_stale() is not None:
                self._worker = threading.Thread(target=self._work, name=f"scan-{self.source.id}", daemon=True)
                self._worker.start()

    def _look(self) -> None:
        """See which files there are now; read none of them."""
        listing = self.source.files()
        with self._lock:
            if self._known is None:
                self._known = self._cache.load(self.source.place)
            self._files, self.left_out = listing.files, listing.left_out

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
        return known[1] if known is not None and known[0] == file.version else None

    def _next_stale(self) -> TraceFile | None:
        return next((file for file in self._files if self._fresh(file) is None), None)

    def _summary(self, file: TraceFile) -> FileSummary:
        with self._lock:
            known = self._fresh(file)
        if known is None:
            known = read_summary(self.source, file)
            with self._lock:
                if self._known is not None:
                    self._known[file.path] = (file.version, known)
            self._cache.store(self.source.place, [(file.path, file.version, known)])
        return known

    def _work(self) -> None:
        done: list[tuple[str, str, FileSummary]] = []
        at = 0
        while True:
            with self._lock:
                files = self._files
                while at < len(files) and self._fresh(files[at]) is not None:
                    at += 1
                if at >= len(files):
                    stale = self._next_stale()  # the listing may have been refreshed meanwhile
                    if stale is None:
                        self._worker = None
                        break
                    at = files.index(stale)
                file = files[at]
            summary = read_summary(self.source, file)
            with self._lock:
                if self._known is not None:
                    self._known[file.path] = (file.version, summary)
            done.append((file.path, file.version, summary))
            if len(done) >= _STORE_EVERY:
                self._cache.store(self.source.place, done)
                done = []
        self._cache.store(self.source.place, done)


def read_runs(source: Source, file: TraceFile) -> tuple[Run, ...]:
    """Every run of a file. Raises SourceError, TraceError."""
    if file.size > MAX_FILE:
        raise TraceError(f"{file.path} is larger than {MAX_FILE // 2**30} GB, the largest file that is opened.")
    with source.open(file.path) as lines:
        return formats.parse(lines, PurePosixPath(file.path).stem)


def read_summary(source: Source, file: TraceFile) -> FileSummary:
    """Parse a file for its summary; a file that is no trace, or a parser that fails, gives an error and no more."""
    try:
        return FileSummary(tuple(map(summarise, read_runs(source, file))))
    except (TraceError, SourceError) as error:
        return FileSummary((), str(error))
    except Exception as error:  # the boundary of the scan: one file must not end the list of all others
        log.exception("reading %s failed", file.path)
        return FileSummary((), f"{file.path}: reading failed ({type(error).__name__}); the log has the cause.")
