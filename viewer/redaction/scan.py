"""Scanning files: every text of every record, decoded, past the secret scanner and the rules about people.

Decoding and the scanner's native code run side by side. What was found is a text, once,
whatever encodings it stood in; where it stands is then looked up in the kept texts (`spool.py`), with the very patterns
that replace it later, so what is shown is what is replaced.
"""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson

from viewer.formats.records import decode_line, unfolded
from viewer.redaction.engine import Engine, Hit
from viewer.redaction.kinds import PLACEHOLDER, USER, Kind, kind_of
from viewer.redaction.people import cut_names, find_people
from viewer.redaction.pictures import attachments_in
from viewer.redaction.spool import Block, Spool
from viewer.redaction.texts import ATTACHED, coded, texts
from viewer.sources.contract import Source, TraceFile

CHUNK = 2 * 2**20
"""Bytes of a file that are scanned at once."""

THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))
"""Of native scanning, beside the one that decodes."""

SHORTEST = 4
"""Characters of a found text; a shorter one would be replaced all over."""

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; may raise to end the scan."""

_BODY = re.compile(r"[A-Za-z0-9][A-Za-z0-9+/=_-]{15,}")
_LOGIN = re.compile(r"://[^\s:/@]*:([^\s@/]{4,})@")
_TRIVIAL = re.compile(r"(?i)[x*.<>_ -]+|true|false|null|none|undefined|redacted|https?:/*")


@dataclass(frozen=True)
class Scanned:
    """What a scan saw. `kinds` gives each found text its kind; `files` are in the order of the spool's indices."""

    files: tuple[TraceFile, ...]
    kinds: dict[str, Kind]
    parts: dict[str, str] = field(repr=False)
    """Lines of found texts, each with its text."""
    spool: Spool = field(repr=False)
    size: int
    """Bytes of the files."""
    unreadable: Counter[int]
    """Records of a file that are no JSON: they are not published."""
    attachments: Counter[int]
    """Images and the like in a file, which no scan can read."""


class _Scanning:
    """One scan while it runs: one thread decodes, the pool's threads do nothing but native scanning.

    More decoding threads would only wait for one another: RE2 gives the interpreter lock away at each match, and takes
    5 ms (on a busy machine, far more) to get it back from a thread that runs Python.
    """

    def __init__(self, engine: Engine, pool: ThreadPoolExecutor) -> None:
        self.engine = engine
        self.spool = Spool()
        self.kinds: dict[str, Kind] = {}
        self.parts: dict[str, str] = {}
        self.unreadable: Counter[int] = Counter()
        self.attachments: Counter[int] = Counter()
        self._pool = pool
        self._waiting: deque[Future[list[Hit]]] = deque()
        self._seen: set[bytes] = set()

    def chunk(self, file: int, first: int, lines: Sequence[bytes]) -> None:
        """Take in some lines of a file."""
        block = Block(file)
        for number, line in enumerate(lines, first):
            documents, whole = documents_of(line)
            self.unreadable[file] += not whole
            for document in documents:
                found = texts(document)
                self.attachments[file] += found.count(ATTACHED)
                block.take(number, found)
        data = self._keep(block)
        self.attachments[file] += attachments_in(data)
        inner = Block(file)
        for offset, text in sorted(coded(data)):  # goes down all layers
            for number in block.owners(offset):
                inner.take(number, [text])
        if inner.texts:
            self._keep(inner)

    def _keep(self, block: Block) -> bytes:
        """Keep a block and look for everything in it."""
        data = block.joined()
        self.spool.add(data, block)
        self._waiting.append(self._pool.submit(lambda: list(self.engine.find(data))))
        self._people(data)
        while len(self._waiting) > 2 * THREADS or (self._waiting and self._waiting[0].done()):
            self._settle()
        return data

    def names(self, files: Sequence[TraceFile]) -> None:
        """Look at the files' names, which are no record of any file."""
        data = "\n".join(file.path for file in files).encode(errors="replace")
        self._people(data)
        for hit in self.engine.find(data):
            self._found(hit.text, kind_of(hit.rule, hit.name))
        users = {text for text, kind in self.kinds.items() if kind == USER}
        for text in cut_names(users, self._seen):
            del self.kinds[text]

    def finish(self) -> None:
        """Wait for the pool."""
        while self._waiting:
            self._settle()

    def _settle(self) -> None:
        for hit in self._waiting.popleft().result():
            text, kind = hit.text.strip(" \t\r\n\"'`"), kind_of(hit.rule, hit.name)
            self._found(text, kind)
            for line in lines_of(text):
                self.parts.setdefault(line, text)
            login = _LOGIN.search(text)  # the password of an address, which may stand alone elsewhere
            if login is not None:
                self._found(login[1], kind)

    def _people(self, data: bytes) -> None:
        for kind, text in find_people(data, self._seen):
            self._found(text, kind)

    def _found(self, text: str, kind: Kind) -> None:
        if _worth(text):
            known = self.kinds.setdefault(text, kind)
            if known.group == "person" and kind.group == "secret":
                self.kinds[text] = kind


def scan(
    source: Source, files: Sequence[TraceFile], engine: Engine, progress: Progress = lambda done, total: None
) -> Scanned:
    """Scan files of a source. Raises SourceError when one cannot be read; what `progress` raises ends the scan."""
    total, done = sum(file.size for file in files), 0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="redaction") as pool:
        state = _Scanning(engine, pool)
        try:
            for file, first, lines in _chunks(source, files):
                state.chunk(file, first, lines)
                done += sum(map(len, lines))
                progress(min(done, total), total)
            state.finish()
            state.names(files)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            state.spool.close()
            raise
    return Scanned(tuple(files), state.kinds, state.parts, state.spool, total, state.unreadable, state.attachments)


def documents_of(line: bytes) -> tuple[list[Any], bool]:
    """The documents of a raw line, and whether all of the line could be read."""
    try:
        return [orjson.loads(line)], True
    except orjson.JSONDecodeError:
        if not line.strip():
            return [], True
        documents, rest = decode_line(line)
        return documents, rest is None


def lines_of(text: str) -> Iterator[str]:
    """The lines of a key in several lines, which are secret one by one.

    A diff writes signs between them, a program that prints a file its numbers.
    """
    if "\n" in text:
        for line in text.splitlines():
            body = _BODY.search(line)
            if body is not None and "-----" not in line:
                yield body[0]


def _worth(text: str) -> bool:
    """Whether a found text can be a secret: not what a redaction left, nor a run of one sign."""
    rest = PLACEHOLDER.sub("", text)
    return len(rest) >= (2 if rest == text else SHORTEST + 2) and _TRIVIAL.fullmatch(rest) is None


def _chunks(source: Source, files: Sequence[TraceFile]) -> Iterator[tuple[int, int, list[bytes]]]:
    """The lines of all files in pieces of about `CHUNK` bytes: index of the file, number of the first line, lines."""
    for index, file in enumerate(files):
        with source.open(file.path) as opened:
            lines: list[bytes] = []
            size, first = 0, 1
            for line in unfolded(opened):
                lines.append(line)
                size += len(line)
                if size >= CHUNK:
                    yield index, first, lines
                    lines, size, first = [], 0, first + len(lines)
            if lines:
                yield index, first, lines
