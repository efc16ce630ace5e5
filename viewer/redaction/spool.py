"""The decoded texts of a scan, kept until it is forgotten, so that looking for another word does not read all anew.

They lie in a nameless temporary file, which the system removes with the process, whatever happens.
"""

from __future__ import annotations

import tempfile
import threading
import weakref
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

MEMORY = 32 * 2**20
"""Bytes up to which the texts stay in memory."""

GAP = "\n\n"
"""Between texts: two line ends, which nothing that belongs together has inside base64."""


class Place(NamedTuple):
    """A record of a file of the scan, by the file's index."""

    file: int
    record: int


class Block:
    """The texts of some records of one file, each distinct one once: a third of a trace's text is repeated at once."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.texts: dict[str, int] = {}
        self._first = array("q")
        self._more: dict[int, list[int]] = {}
        self._starts = array("q")

    def take(self, record: int, texts: list[str]) -> None:
        """Add the texts of a record."""
        known, first = self.texts, self._first
        for text in texts:
            index = known.get(text)
            if index is None:
                known[text] = len(first)
                first.append(record)
            elif first[index] != record:
                self._more.setdefault(index, []).append(record)

    def joined(self) -> bytes:
        """All texts as one, after which no more are taken."""
        lengths = (len(text) if text.isascii() else len(text.encode(errors="replace")) for text in self.texts)
        self._starts = array("q", accumulate((length + len(GAP) for length in lengths), initial=0))
        data = GAP.join(self.texts).encode(errors="replace")
        self.texts = {}  # what was joined need not be kept twice
        return data

    def owners(self, offset: int) -> list[int]:
        """The records that hold the text at an offset of the joined ones."""
        index = bisect_right(self._starts, offset) - 1
        return [self._first[index], *self._more.get(index, ())]


class Spool:
    """Blocks with their texts. Safe to use from several threads."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - it lives as long as the scan
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self._blocks: list[tuple[int, int, Block]] = []
        self._end = 0

    def add(self, data: bytes, block: Block) -> None:
        """Keep a block and its texts."""
        with self._lock:
            self._file.seek(self._end)
            self._file.write(data)
            self._blocks.append((self._end, len(data), block))
            self._end += len(data)

    def blocks(self) -> Iterator[tuple[Block, bytes]]:
        """Every block with its texts."""
        with self._lock:
            known = tuple(self._blocks)
        for start, size, block in known:
            with self._lock:
                self._file.seek(start)
                data = self._file.read(size)
            yield block, data

    def search(self, pattern: Any) -> Iterator[tuple[Place, bytes]]:
        """Every match of an RE2 pattern, with each record that it stands in."""
        for block, data in self.blocks():
            for match in pattern.finditer(data):
                start, end = match.span()
                for record in block.owners(start):
                    yield Place(block.file, record), data[start:end]

    @property
    def size(self) -> int:
        """Bytes of text."""
        return self._end

    def close(self) -> None:
        """Forget all of it."""
        self._file.close()
