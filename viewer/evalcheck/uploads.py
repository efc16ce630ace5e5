"""Files that visitors gave for a check: on disk, under a name nobody can guess, for a while, for that visitor alone."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from viewer.evalcheck.table import TableError

MAX_BYTES = 64 * 2**20
KEPT_FOR = 30 * 60.0
"""Seconds after its last use for which a file is kept."""

PER_VISITOR = 3
KEPT = 16
MAX_NAME = 100


@dataclass(slots=True)
class Upload:
    """A file that was given. `sha` is the SHA-256 of what it holds: what a link can say of it."""

    id: str
    visitor: str
    name: str
    sha: str
    size: int
    path: Path
    used: float


class Uploads:
    """The files that are kept now. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, kept_for: float = KEPT_FOR) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="agent-trace-viewer-")
        self._files: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()
        self._clock = clock
        self._kept_for = kept_for

    def add(self, visitor: str, name: str, data: bytes) -> Upload:
        """Keep a file. The visitor's oldest goes when there are too many. Raises TableError."""
        if len(data) > MAX_BYTES:
            raise TableError(f"The file is over {MAX_BYTES >> 20} MB: give a sample of its rows, or put it on the Hub.")
        if not data:
            raise TableError("The file is empty.")
        shown = PurePosixPath(name.replace("\\", "/")).name[:MAX_NAME] or "table"
        key = secrets.token_urlsafe(16)
        path = Path(self._folder.name) / secrets.token_hex(8)
        with self._lock:
            self._expire()
            own = [upload for upload in self._files.values() if upload.visitor == visitor]
            for upload in own[: max(0, len(own) - PER_VISITOR + 1)]:
                self._drop(upload)
            if len(self._files) >= KEPT:
                raise TableError("Too many files are being checked at the moment. Try again in half an hour.")
            path.write_bytes(data)
            sha = hashlib.sha256(data).hexdigest()
            upload = self._files[key] = Upload(key, visitor, shown, sha, len(data), path, self._clock())
        return upload

    def get(self, visitor: str, key: str) -> Upload:
        """A file that this visitor gave. Raises TableError when it is not, or no longer, there."""
        with self._lock:
            self._expire()
            upload = self._files.get(key)
            if upload is None or upload.visitor != visitor:
                raise TableError("The file is no longer kept here: give it again. A link holds its name, not its rows.")
            upload.used = self._clock()
            return upload

    def open(self, upload: Upload) -> BinaryIO:
        """Its bytes. Raises TableError when it went meanwhile."""
        try:
            return upload.path.open("rb")
        except OSError as error:
            raise TableError("The file is no longer kept here: give it again.") from error

    def _expire(self) -> None:
        for upload in list(self._files.values()):
            if self._clock() - upload.used > self._kept_for:
                self._drop(upload)

    def _drop(self, upload: Upload) -> None:
        del self._files[upload.id]
        upload.path.unlink(missing_ok=True)
