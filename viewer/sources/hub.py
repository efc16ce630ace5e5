"""A Hub dataset at one commit as a source of traces, opened for one visitor."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO, Literal

from viewer.blobs import BlobCache, CorruptBlobError
from viewer.sources.contract import Listing, SourceError, TraceFile
from viewer.sources.hub_client import DatasetFacts, HubClient, HubFile

SUFFIXES = (".jsonl", ".json", ".ndjson")
MAX_FILES = 5_000
"""Files of one dataset that are listed; the rest are counted."""

LARGE = 8 * 2**20
"""A larger file gives its row from its head and tail; the rest comes when the run is opened."""

HEAD = 2**18
TAIL = 2**16
_STAGING = frozenset({"_upload_staging", "partials", ".cache", ".git"})
"""Folders in which uploads leave parts and failed runs."""

_NO_TRACES = frozenset({"package.json", "settings.json", "dataset_infos.json", "results.json", "tree.json"})


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HubDataset:
    """A dataset at a commit. It is made for a visitor who was given its listing, and only that visitor opens it."""

    facts: DatasetFacts
    client: HubClient = field(repr=False)
    blobs: BlobCache = field(repr=False)
    listed: Mapping[str, HubFile] = field(repr=False)
    reader: str
    """Who it was opened for: "public", or a mark of one visitor. Part of every key under which it is kept."""
    stale: bool = False
    """The Hub could not be asked: this is the listing of an earlier visit."""
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

    def files(self) -> Listing:
        """Its files that may be traces, in the order of the listing; staging folders are left out and counted."""
        traces = [file for file in self.listed.values() if file.path.endswith(SUFFIXES) and not _is_noise(file.path)]
        staged = [file for file in traces if _STAGING.intersection(PurePosixPath(file.path).parts)]
        kept = [file for file in traces if file not in staged]
        return Listing(tuple(map(self._trace_file, kept[:MAX_FILES])), len(traces) - min(len(kept), MAX_FILES))

    def file(self, path: str) -> TraceFile:
        """One of its files. Raises SourceError, naming what is there instead."""
        found = self.listed.get(path)
        if found is None:
            count = len(self.files().files)
            files = f"{count} run{'' if count == 1 else 's'}"
            raise SourceError(f"{path} is not in {self.facts.repo} at {self.facts.sha[:7]}, which has {files}.")
        return self._trace_file(found)

    def open(self, path: str) -> BinaryIO:
        """The bytes of one of its files, fetched and checked when they are not kept. Raises SourceError."""
        self.file(path)
        found = self.listed[path]
        with self._fetching.setdefault(found.key, threading.Lock()):
            kept = self.blobs.path(found.key)
            return kept.open("rb") if kept is not None else io.BytesIO(self._fetch(found))

    def head(self, path: str) -> BinaryIO | None:
        """Head and tail of a large file that is not kept, enough for its row; None when all of it should be read.

        Only of a file with a record a line, of which the head holds one at least: parts of anything else are no trace.
        """
        self.file(path)
        found = self.listed[path]
        if found.size <= LARGE or path.endswith(".json") or self.blobs.path(found.key) is not None:
            return None
        start = self.client.read(self.facts.repo, self.facts.sha, path, (0, HEAD - 1))
        if b"\n" not in start:
            return None
        end = self.client.read(self.facts.repo, self.facts.sha, path, (found.size - TAIL, found.size - 1))
        return io.BytesIO(start[: start.rfind(b"\n") + 1] + end[end.find(b"\n") + 1 :])

    def _fetch(self, file: HubFile) -> bytes:
        data = self.client.read(self.facts.repo, self.facts.sha, file.path)
        try:
            self.blobs.put(file.key, data)
        except CorruptBlobError as error:
            raise SourceError(f"{file.path} arrived damaged ({len(data)} of {file.size} bytes). Try again.") from error
        except OSError as error:  # a full disk costs the cache, not the page
            log.warning("%s of %s is not kept: %s", file.path, self.facts.repo, error)
        return data

    def _trace_file(self, file: HubFile) -> TraceFile:
        return TraceFile(file.path, file.size, self.facts.modified or 0, file.key)


def _is_noise(path: str) -> bool:
    name = PurePosixPath(path).name
    return name in _NO_TRACES or name.endswith(".meta.json") or name.startswith(".")
