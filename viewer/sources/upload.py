"""What visitors bring: files that are kept for a while, on disk, each upload for the one visitor who made it.

A visitor is known by a key that only their browser holds; here it is kept as a hash. An upload of another visitor is
answered exactly as one that never was. Files are numbered on the disk; their names are data.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from viewer.sources.contract import Listing, OnDisk, SourceError, TraceFile
from viewer.sources.upload_names import NameRefusedError, checked_name, is_trace_name

PREFIX = "upload-"
"""Begins the key of every upload in links."""

_FOLDER = "agent-trace-viewer-uploads-"
REFUSALS_LISTED = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be brought, in bytes and files, and for how long it is kept, in seconds."""

    file: int = 512 * 2**20
    total: int = 2**30
    """Of one upload."""
    everybody: int = 8 * 2**30
    count: int = 5_000
    uploads: int = 8
    """Of one visitor."""
    uploads_in_all: int = 2_000
    """Of everybody, with and without files."""
    ratio: int = 200
    """How many times larger than in its zip a file may be."""
    kept: float = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and why."""

    name: str
    reason: str


class RefusedError(SourceError):
    """A file or upload that is not taken, in one sentence for the reader."""


@dataclass(frozen=True)
class Upload(OnDisk):
    """The files that one visitor brought at one time: a source of traces, in memory and in one folder."""

    key: str
    """Its key in links: says nothing of what is in it or whose it is."""
    owner: str = field(repr=False)
    folder: Path = field(repr=False)
    expires: float
    """When it is forgotten, on the clock of its `Uploads`."""
    stored: dict[str, tuple[Path, TraceFile]] = field(default_factory=dict, repr=False)
    refused: list[Refusal] = field(default_factory=list, repr=False)
    counted: dict[str, int] = field(default_factory=lambda: {"bytes": 0, "refused": 0, "made": 0}, repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    @property
    def id(self) -> str:
        """Key under which it is kept in memory; never part of a link."""
        return f"upload:{self.owner}:{self.key}"

    @property
    def label(self) -> str:
        """For readers: the one folder that was brought, or what it is."""
        tops = {path.partition("/")[0] for path in self.stored if "/" in path}
        return tops.pop() if len(tops) == 1 and all("/" in path for path in self.stored) else "Your upload"

    @property
    def kind(self) -> Literal["upload"]:
        """An upload."""
        return "upload"

    @property
    def place(self) -> str:
        """A key of nothing that lasts: summaries of uploads stay in memory."""
        return self.id

    @property
    def link(self) -> dict[str, str]:
        """Its key, which opens for its visitor alone."""
        return {"source": self.key}

    def files(self) -> Listing:
        """Its files, newest first."""
        with self.lock:
            return Listing(tuple(file for _, file in reversed(self.stored.values())))

    def file(self, path: str) -> TraceFile:
        """One of its files. Raises SourceError."""
        with self.lock:
            found = self.stored.get(path)
        if found is None:
            raise SourceError(f"{path} is not in this upload.")
        return found[1]

    def open(self, path: str) -> BinaryIO:
        """The bytes of one of its files. Raises SourceError."""
        self.file(path)
        try:
            return self.stored[path][0].open("rb")
        except (OSError, KeyError) as error:  # forgotten this very moment
            raise SourceError(f"{path} is not there any more: the upload was forgotten.") from error

    def refuse(self, name: str, reason: str) -> Refusal:
        """Note that a file was not taken."""
        refusal = Refusal(name[:200], reason)
        with self.lock:
            self.counted["refused"] += 1
            if len(self.refused) < REFUSALS_LISTED:
                self.refused.append(refusal)
        return refusal


class Receiving:
    """One file while it arrives: written as it comes, dropped when it is too large or not finished."""

    def __init__(self, uploads: Uploads, upload: Upload, path: Path) -> None:
        self.path = path
        self.size = 0
        self._uploads, self._upload = uploads, upload
        self._file = path.open("xb")

    def write(self, data: bytes) -> None:
        """Take some bytes. Raises RefusedError past a limit."""
        limits = self._uploads.limits
        self.size += len(data)
        with self._upload.lock:
            self._upload.counted["bytes"] += len(data)
        if self.size > limits.file:
            raise RefusedError(f"it is larger than {limits.file / 2**20:g} MB")
        if self._upload.counted["bytes"] > limits.total:
            raise RefusedError(f"the upload would be larger than {limits.total / 2**20:g} MB")
        if self._uploads.size() > limits.everybody:
            raise RefusedError("the server holds as much as it can; try again in a while")
        self._file.write(data)

    def close(self) -> None:
        """All has come."""
        self._file.close()

    def drop(self) -> None:
        """Forget what came."""
        self._file.close()
        self.path.unlink(missing_ok=True)
        with self._upload.lock:
            self._upload.counted["bytes"] -= self.size
        self.size = 0


class Uploads:
    """All uploads of an app. Safe to use from several threads."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.time) -> None:
        """Keep uploads in a new temporary folder; `clock` gives seconds."""
        self.limits = limits or Limits()
        self.clock = clock
        self.forgotten: Callable[[Upload], None] = lambda upload: None
        """Told of each upload that goes, by time or by its visitor, so that nothing made from it outlives it."""
        self._lock = threading.RLock()
        self._known: dict[str, Upload] = {}
        self._root: tempfile.TemporaryDirectory[str] | None = None
        self._ending: threading.Timer | None = None

    def start(self, owner: str) -> Upload:
        """A new, empty upload of the visitor with this key. Raises RefusedError."""
        self.sweep()
        mark = hashed(owner)
        self._make_room()
        with self._lock:
            if sum(upload.owner == mark for upload in self._known.values()) >= self.limits.uploads:
                raise RefusedError(f"You have {self.limits.uploads} uploads already: forget one first.")
            if self._root is None:
                _remove_old(self.limits.kept)
                self._root = tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True)
            key = PREFIX + secrets.token_urlsafe(12)
            folder = Path(self._root.name) / secrets.token_hex(8)
            folder.mkdir(mode=0o700)
            upload = self._known[key] = Upload(key, mark, folder, self.clock() + self.limits.kept)
            self._sweep_later()
        return upload

    def _make_room(self) -> None:
        """Forget the oldest upload that is empty where there are too many. Raises RefusedError when none is empty."""
        with self._lock:
            if len(self._known) < self.limits.uploads_in_all:
                return
            empty = next((upload for upload in self._known.values() if not upload.counted["bytes"]), None)
        if empty is None:
            raise RefusedError("The server holds as many uploads as it can; try again in a while.")
        self.forget(empty)

    def _sweep_later(self) -> None:
        """Have one timer, for whichever goes first, so that uploads go also when nobody asks for anything any more."""
        if self._ending is None:
            first = min(upload.expires for upload in self._known.values())
            self._ending = threading.Timer(max(0.0, first - self.clock()) + 1, self._sweep_in_time)
            self._ending.daemon = True
            self._ending.start()

    def _sweep_in_time(self) -> None:
        self.sweep()
        with self._lock:
            self._ending = None
            if self._known:
                self._sweep_later()

    def open(self, key: str, owner: str) -> Upload:
        """An upload by its key, for its own visitor. Raises SourceError, the same for one of somebody else's."""
        self.sweep()
        with self._lock:
            upload = self._known.get(key)
        if upload is None or not secrets.compare_digest(upload.owner, hashed(owner)):
            raise SourceError(
                "There is no such upload here. Uploads open only in the browser that brought them, and are forgotten "
                f"after {self.limits.kept / 3600:g} hours: bring the files again."
            )
        return upload

    def of(self, owner: str) -> list[Upload]:
        """The uploads of a visitor, newest first."""
        self.sweep()
        mark = hashed(owner)
        with self._lock:
            return [upload for upload in reversed(self._known.values()) if upload.owner == mark]

    def forget(self, upload: Upload) -> None:
        """Remove an upload and its files."""
        with self._lock:
            self._known.pop(upload.key, None)
        with upload.lock:
            upload.stored.clear()
        self.forgotten(upload)
        shutil.rmtree(upload.folder, ignore_errors=True)

    def sweep(self) -> None:
        """Forget what has expired."""
        now = self.clock()
        with self._lock:
            old = [upload for upload in self._known.values() if upload.expires <= now]
        for upload in old:
            self.forget(upload)

    def size(self) -> int:
        """Bytes of all uploads."""
        with self._lock:
            return sum(upload.counted["bytes"] for upload in self._known.values())

    def name_for(self, upload: Upload, raw: str) -> str:
        """The path that a file gets in an upload. Raises RefusedError."""
        try:
            name = checked_name(raw)
        except NameRefusedError as error:
            raise RefusedError(str(error)) from error
        if not is_trace_name(name):
            raise RefusedError("by its name it is no trace (.jsonl, .json, .ndjson)")
        if name in upload.stored:
            raise RefusedError("there is already a file with this name")
        if len(upload.stored) >= self.limits.count:
            raise RefusedError(f"an upload has at most {self.limits.count:,} files")
        return name

    def receive(self, upload: Upload) -> Receiving:
        """A place for a file that comes in."""
        with upload.lock:
            upload.counted["made"] += 1
            number = upload.counted["made"]
        if not upload.folder.is_dir():
            raise RefusedError("the upload was forgotten")
        return Receiving(self, upload, upload.folder / f"{number:06}")

    def keep(self, upload: Upload, name: str, received: Receiving) -> TraceFile:
        """Take a whole file into the upload under its name. Raises RefusedError when the name is taken."""
        received.close()
        with upload.lock:
            if name in upload.stored:
                received.drop()
                raise RefusedError("there is already a file with this name")
            number = received.path.name
            made = TraceFile(name, received.size, round(time.time() * 1000), f"{upload.key}-{number}-{received.size}")
            upload.stored[name] = (received.path, made)
        return made

    def drop(self, upload: Upload, name: str, reason: str) -> Refusal:
        """Take a file out again."""
        with upload.lock:
            path, file = upload.stored.pop(name, (None, None))
            upload.counted["bytes"] -= file.size if file is not None else 0
        if path is not None:  # else the upload was forgotten meanwhile, and its files with it
            path.unlink(missing_ok=True)
        return upload.refuse(name, reason)


def hashed(owner: str) -> str:
    """What is kept of a visitor's key."""
    return hashlib.sha256(owner.encode()).hexdigest()


def _remove_old(kept: float) -> None:
    """Remove what a server that was killed has left in the folder for temporary files."""
    for folder in _left_behind():
        try:
            if time.time() - folder.stat().st_mtime > kept:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another server's, and gone by now


def _left_behind() -> Iterator[Path]:
    return Path(tempfile.gettempdir()).glob(f"{_FOLDER}*")
