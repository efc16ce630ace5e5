"""Taking the traces out of a zip, one by one, each within the limits, whatever the zip says of itself."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from viewer.sources.contract import TraceFile
from viewer.sources.upload import Refusal, RefusedError, Upload, Uploads

_BLOCK = 2**18
_ENTRIES = 100_000
_SMALL = 2**16
"""Bytes up to which a file may be as well compressed as it likes."""


def unpack(uploads: Uploads, upload: Upload, path: Path) -> Iterator[TraceFile | Refusal]:
    """Take every trace of the zip at `path`; yields each as it is kept or refused.

    Raises:
        RefusedError: it is no zip, or has too many entries.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise RefusedError("it is not a zip that can be read") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > _ENTRIES:
            raise RefusedError(f"it holds more than {_ENTRIES:,} files")
        for entry in entries:
            if not entry.is_dir():
                try:
                    yield _take(uploads, upload, archive, entry)
                except RefusedError as error:
                    yield upload.refuse(entry.filename, str(error))


def _take(uploads: Uploads, upload: Upload, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> TraceFile:
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise RefusedError("it is a link or a device, not a file")
    if entry.flag_bits & 1:
        raise RefusedError("it is encrypted")
    if entry.filename.lower().endswith((".zip", ".gz", ".tar", ".tgz", ".7z")):
        raise RefusedError("archives inside an archive are not opened")
    name = uploads.name_for(upload, entry.filename)
    received = uploads.receive(upload)
    most = max(_SMALL, entry.compress_size * uploads.limits.ratio)
    try:
        with archive.open(entry) as packed:
            while block := packed.read(_BLOCK):
                received.write(block)
                if received.size > most:
                    raise RefusedError(f"it is more than {uploads.limits.ratio} times larger than in the zip")
    except RefusedError:
        received.drop()
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        received.drop()
        raise RefusedError("it is damaged, or packed in a way that is not read") from error
    return uploads.keep(upload, name, received)
