"""Summaries kept between starts: one SQLite file in the user's cache folder.

A row is good while the file's version (modification time, size, inode) and the parser's version are the same; anything
else is made anew, which costs 8 ms for 4 MB. Nothing but summaries is stored: no event, no text beyond title and
prompt.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from viewer.summary import RunSummary, summary_from_row

PARSER_VERSION = "5"
"""Raise it when a parser, an annotator, a metric or `RunSummary` changes what a summary says."""

log = logging.getLogger(__name__)

_SCHEMA = """CREATE TABLE IF NOT EXISTS summary (
    place TEXT NOT NULL, path TEXT NOT NULL, version TEXT NOT NULL, parser TEXT NOT NULL, runs BLOB NOT NULL,
    PRIMARY KEY (place, path)) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class FileSummary:
    """The summaries of all runs of one file; none, and an `error`, when the file could not be read as a trace."""

    runs: tuple[RunSummary, ...]
    error: str | None = None
    lasting: bool = True
    """Whether it holds as long as the file does not change; what a failed fetch left does not."""
    again: bool = False
    """Whether trying again may help: a fetch failed."""


class SummaryCache:
    """Stored summaries, by place and path. Safe to use from several threads."""

    def __init__(self, file: Path | None) -> None:
        """Open or make the file; with None, or where it cannot be made, the cache lives in memory alone."""
        self._lock = threading.Lock()
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            self._database = _connect(str(file) if file is not None else ":memory:")
        except (OSError, sqlite3.DatabaseError) as error:
            log.warning("summaries are not kept between starts: %s", error)
            self._database = _connect(":memory:")

    def load(self, place: str) -> dict[str, tuple[str, FileSummary]]:
        """Version and summary of every file known of a place; rows of another parser version are left out."""
        try:
            with self._lock:
                rows = self._database.execute(
                    "SELECT path, version, runs FROM summary WHERE place = ? AND parser = ?", (place, PARSER_VERSION)
                ).fetchall()
        except sqlite3.DatabaseError as error:
            log.warning("stored summaries cannot be read: %s", error)
            return {}
        return {path: (version, found) for path, version, runs in rows if (found := _decode(runs)) is not None}

    def store(self, place: str, rows: Iterable[tuple[str, str, FileSummary]]) -> None:
        """Keep `(path, version, summary)` rows, replacing older ones. A full disk costs the cache, not the page."""
        encoded = [(place, path, version, PARSER_VERSION, _encode(summary)) for path, version, summary in rows]
        try:
            with self._lock, self._database:
                self._database.executemany("INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?)", encoded)
        except sqlite3.DatabaseError as error:
            log.warning("%d summaries were not kept: %s", len(encoded), error)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def _connect(name: str) -> sqlite3.Connection:
    database = sqlite3.connect(name, check_same_thread=False, timeout=5)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute(_SCHEMA)
    return database


def _encode(summary: FileSummary) -> bytes:
    return orjson.dumps({"error": summary.error, "runs": [run.as_row() for run in summary.runs]})


def _decode(data: bytes) -> FileSummary | None:
    try:
        row = orjson.loads(data)
        return FileSummary(tuple(map(summary_from_row, row["runs"])), row["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
