"""Reading a trace file record by record, by the rules that hold for every format.

Bytes are split on LF alone (`str.splitlines` also splits on U+2028 and others, which occur raw inside JSON strings),
each line is decoded on its own, and what cannot be read is kept as a `Problem`, so that one bad line costs one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson

from viewer.model import Problem

WHOLE_LIMIT = 64 * 2**20
"""Bytes of a JSON document written over several lines: it has to be read in one piece."""

PROBLEMS_KEPT = 1000
"""More unreadable records than this are counted, not listed."""

_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 19 else float(digits))
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITESPACE = " \t\r\n"
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Records:
    """The records of one file, read once: iterate for `(number, document)`, then look at what went wrong.

    `number` is the 1-based line. Two documents glued on one line (`}{`, as real files have them) come as two items with
    the same number. A cut last line without its newline is a live or cut-off file: `truncated`, not a problem.
    """

    lines: Iterable[bytes]
    name: str = ""
    """File name without its suffix: a hint for the session id, never for the format."""
    count: int = 0
    """Lines that hold something, readable or not."""
    problems: list[Problem] = field(default_factory=list)
    unreadable: int = 0
    truncated: bool = False

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Read on; a second iteration continues where the first stopped."""
        loads = orjson.loads
        for number, line in enumerate(self.lines, 1):
            if number == 1 and line.startswith(_BOM):
                line = line[3:]
            try:
                document = loads(line)
            except orjson.JSONDecodeError:
                if line.isspace() or not line:
                    continue
                self.count += 1
                for document in self._repair(number, line):
                    yield number, document
            else:
                self.count += 1
                yield number, document

    def _repair(self, number: int, line: bytes) -> list[Any]:
        documents, rest = decode_line(line)
        if rest is not None:
            if line.endswith(b"\n"):
                self.problem(number, rest)
            else:
                self.truncated = True
        return documents

    def problem(self, number: int, reason: str) -> None:
        """Count a record that could not be read, or not as what the file is; the first ones are listed."""
        self.unreadable += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(number, reason))


def unfolded(lines: Iterable[bytes]) -> Iterable[bytes]:
    """The lines; those of one JSON document that is written over several lines, joined to one.

    Such a file begins with a line that opens something and is no JSON by itself.

    Raises:
        OverflowError: when the document has more than `WHOLE_LIMIT` bytes.
    """
    reading = iter(lines)
    start: list[bytes] = []
    for line in reading:
        start.append(line)
        if not line.isspace():
            break
    first = start[-1].removeprefix(_BOM).strip() if start else b""
    if not first.startswith((b"{", b"[")) or not first.endswith((b"{", b"[", b",")):
        return chain(start, reading)
    size = 0
    for line in reading:
        start.append(line)
        size += len(line)
        if size > WHOLE_LIMIT:
            raise OverflowError
    return [b"".join(start)]


def decode_line(line: bytes) -> tuple[list[Any], str | None]:
    r"""Every document of a line that `orjson` refuses, and why the rest of it could not be read (None: all was read).

    Standard `json` is more lenient than orjson: lone surrogates (`"\ud83d"` in cut tool output), NaN, large integers.
    """
    text = line.decode("utf-8", errors="replace").strip(_WHITESPACE)
    documents: list[Any] = []
    at = 0
    while at < len(text):
        try:
            document, at = _DECODER.raw_decode(text, at)
            documents.append(_without_surrogates(document))
        except json.JSONDecodeError as error:
            return documents, f"not JSON at character {error.pos + 1}: {error.msg}"
        except RecursionError:
            return documents, "nested too deep to read"
        while at < len(text) and text[at] in _WHITESPACE:
            at += 1
    return documents, None


def _without_surrogates(value: Any) -> Any:
    """The document with lone surrogates replaced by U+FFFD, as they cannot be written as UTF-8."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value) if _SURROGATE.search(value) else value
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def read_record(lines: Iterable[bytes], number: int) -> bytes | None:
    """The raw bytes of one line, counted from 1; None when the file is shorter."""
    for at, line in enumerate(lines, 1):
        if at == number:
            return line
    return None
