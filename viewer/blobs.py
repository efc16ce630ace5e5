"""Files kept on disk by what they hold: the key is the hash that the Hub states for a file.

A file that two revisions share is fetched once, and an unchanged second visit fetches none. Bytes are checked against
their key before they are kept, so a truncated or mixed-up download never becomes a file of the cache. Of a large table
parts are kept beside whole files, as they were fetched. Who may see a file is not decided here: a `HubDataset` opens
the files of a listing that its visitor was given.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import threading
from pathlib import Path

_KEY = re.compile(r"git-[0-9a-f]{40}|lfs-[0-9a-f]{64}")
_KEPT = re.compile(rf"(?:{_KEY.pattern})(?:\.\d{{1,15}}-\d{{1,15}})?")
"""Names of what is kept: a file's key, or a key and the part of the file from a first to before a last byte."""


class CorruptBlobError(Exception):
    """Bytes that are not what their key says."""


def git_key(oid: str) -> str:
    """Key of a file that git itself keeps, by its blob id."""
    return f"git-{oid}"


def lfs_key(sha256: str) -> str:
    """Key of a file in large file storage, by its SHA-256."""
    return f"lfs-{sha256}"


def matches(key: str, data: bytes) -> bool:
    """Whether bytes are what a key says."""
    if key.startswith("lfs-"):
        return hashlib.sha256(data).hexdigest() == key.removeprefix("lfs-")
    digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)  # git's own name for content
    digest.update(data)
    return digest.hexdigest() == key.removeprefix("git-")


class BlobCache:
    """A folder of files by key, kept below a size in bytes. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Keep files in `folder`, at most `limit` bytes of them; the longest unused go first."""
        self.folder = folder
        self.limit = limit
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._size = sum(entry.stat().st_size for entry in os.scandir(folder) if _KEPT.fullmatch(entry.name))

    def path(self, key: str) -> Path | None:
        """The file with this key, if it is kept; it counts as used now."""
        place = self._place(key)
        if not place.is_file():
            return None
        with contextlib.suppress(OSError):
            os.utime(place)
        return place

    def put(self, key: str, data: bytes) -> Path:
        """Keep bytes. Raises CorruptBlobError when they are not what the key says."""
        if not matches(key, data):
            raise CorruptBlobError(f"{len(data)} bytes are not {key}")
        place = self._place(key)
        if not place.is_file():
            self._write(place, data)
        return place

    def part(self, key: str, start: int, end: int) -> bytes | None:
        """A part of the file with this key, of the whole file where that is kept; it counts as used now."""
        whole = self.path(key)
        if whole is not None:
            with whole.open("rb") as file:
                file.seek(start)
                return file.read(end - start)
        place = self._part_place(key, start, end)
        try:
            data = place.read_bytes()
            os.utime(place)
        except OSError:
            return None
        return data if len(data) == end - start else None

    def has_part(self, key: str, start: int, end: int) -> bool:
        """Whether `part` would give something."""
        return self._place(key).is_file() or self._part_place(key, start, end).is_file()

    def put_part(self, key: str, start: int, end: int, data: bytes) -> None:
        """Keep a part of a file. It cannot be checked against the key: who reads it must notice damage.

        Raises:
            CorruptBlobError: it has another length than it should.
        """
        if len(data) != end - start:
            raise CorruptBlobError(f"{len(data)} bytes are not {end - start} of {key}")
        self._write(self._part_place(key, start, end), data)

    def drop_parts(self, key: str) -> None:
        """Forget the parts of a file that turned out to be damaged."""
        for place in self.folder.glob(f"{self._place(key).name}.*"):
            place.unlink(missing_ok=True)

    def _write(self, place: Path, data: bytes) -> None:
        draft = self.folder / f"draft-{secrets.token_hex(8)}"
        draft.write_bytes(data)
        draft.replace(place)
        with self._lock:
            self._size += len(data)
        self._evict(keep=place.name)

    def _part_place(self, key: str, start: int, end: int) -> Path:
        return self.folder / f"{self._place(key).name}.{start:d}-{end:d}"

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self.folder / key

    def _evict(self, keep: str) -> None:
        with self._lock:
            if self._size <= self.limit:
                return
            entries = [(entry.stat(), entry.name) for entry in os.scandir(self.folder) if _KEPT.fullmatch(entry.name)]
            self._size = sum(facts.st_size for facts, _ in entries)
            for facts, name in sorted(entries, key=lambda entry: entry[0].st_mtime_ns):
                if self._size <= self.limit:
                    break
                if name != keep:
                    (self.folder / name).unlink(missing_ok=True)
                    self._size -= facts.st_size
