"""The tables of a Hub dataset at its commit: which there are, and their bytes in parts, no more than are read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from viewer.evalcheck.table import TableError
from viewer.sources.hub import HubDataset
from viewer.sources.hub_client import HubFile

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson", ".json")
CONVERTED = "refs/convert/parquet"
"""The branch where the Hub keeps a dataset of another form as Parquet."""

WHOLE = 16 * 2**20
"""Bytes up to which a file is fetched whole, checked and kept; of larger ones the parts that are read."""

PART = 4 * 2**20
_SHARD = re.compile(r"-\d+-of-\d+$")
_NO_TABLES = frozenset({"dataset_infos.json", "dataset_info.json", "package.json", "config.json", "state.json"})


@dataclass(frozen=True, slots=True)
class HubTable:
    """One table: a file, or the shards of one. `name` is its path without the shard's number."""

    name: str
    files: tuple[HubFile, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self.files)


def tables_of(files: Iterable[HubFile]) -> tuple[HubTable, ...]:
    """The tables among files, by name."""
    found: dict[str, list[HubFile]] = {}
    for file in sorted(files, key=lambda file: file.path):
        path = PurePosixPath(file.path)
        if path.suffix not in SUFFIXES or path.name in _NO_TABLES or any(part.startswith(".") for part in path.parts):
            continue
        name = str(path.with_name(_SHARD.sub("", path.stem) + path.suffix))
        found.setdefault(name, []).append(file)
    return tuple(HubTable(name, tuple(shards)) for name, shards in found.items())


def chosen(tables: tuple[HubTable, ...], names: tuple[str, ...], repo: str) -> tuple[HubTable, ...]:
    """The tables of these names; without any, the training part, or else the largest. Raises TableError."""
    if not tables:
        raise TableError(
            f"{repo} holds no CSV, JSONL or Parquet file, and the Hub has not converted it to Parquet ({CONVERTED})."
        )
    if not names:
        training = [table for table in tables if "train" in table.name.casefold()]
        return (max(training or tables, key=lambda table: table.size),)
    by_name = {table.name: table for table in tables}
    for name in names:
        if name not in by_name:
            raise TableError(f"{repo} has no table {name!r}: there are {', '.join(by_name)[:300]}.")
    return tuple(by_name[name] for name in dict.fromkeys(names))


def open_file(dataset: HubDataset, file: HubFile) -> BinaryIO:
    """A file to read from its start; it can seek. Reading raises SourceError when the Hub does not answer."""
    if file.size <= WHOLE or dataset.blobs.path(file.key) is not None:
        return dataset.open(file.path)
    return io.BufferedReader(Parts(dataset, file), PART)


class Parts(io.RawIOBase):
    """A file of the Hub that fetches what is read of it."""

    def __init__(self, dataset: HubDataset, file: HubFile) -> None:
        self._dataset = dataset
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can seek."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fetch as many bytes as there is room for."""
        last = min(self._at + len(buffer), self._file.size) - 1
        if last < self._at:
            return 0
        data = self._dataset.client.read(
            self._dataset.facts.repo, self._dataset.facts.sha, self._file.path, (self._at, last)
        )
        data = data[: len(buffer)]  # a server that ignores the range sends more
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
