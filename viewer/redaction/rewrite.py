"""The files as they would be published: written from the very documents that were scanned, and scanned again.

A line keeps its number, so addresses of events stay. What cannot be read is not reviewed and not sent: its line is
empty. Nothing is copied from the source as bytes, so a key that a parser skips cannot carry anything along.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

import orjson

from viewer import formats
from viewer.formats.contract import TraceError
from viewer.formats.records import unfolded
from viewer.model import Event, Run
from viewer.redaction.kinds import PLACEHOLDER, for_file_name
from viewer.redaction.matcher import Matcher
from viewer.redaction.pictures import without_attachments
from viewer.redaction.scan import documents_of
from viewer.redaction.texts import OPAQUE_KEYS, SHAPE_KEYS, is_shape, string_parts
from viewer.sources.contract import Source, TraceFile

KEYS = 10_000
"""Keys whose replacement is remembered; a trace has some hundred, each a thousand times."""

TABLE_FORMATS = frozenset({"claude-code", "codex", "pi", "sts", "ml-intern"})
"""Formats that `load_dataset` knows, by what they hold a line."""

_LINE_ENDS = ((b"\xc2\x85", rb"\u0085"), (b"\xe2\x80\xa8", rb"\u2028"), (b"\xe2\x80\xa9", rb"\u2029"))
"""Letters inside strings at which Python's `splitlines`, and so `load_dataset`, would cut a record."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}")


class ShapeError(Exception):
    """A file that would not be the same run any more, in one sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file to be published."""

    source: str
    """Path of the file it was made from."""
    path: str
    """Path in the dataset, below the folder of traces."""
    size: int
    sha256: str
    runs: tuple[Run, ...]
    changed: int
    """Records in which something was replaced."""
    dropped: int
    """Records that could not be read, and are not sent."""
    table: bool
    """Whether `datasets.load_dataset` reads it as one row; one file that it cannot read fails a whole dataset."""


class Rewriter:
    """Rewrites documents with a matcher; without `attachments`, images become small grey pictures."""

    def __init__(self, matcher: Matcher, *, attachments: bool, records: Mapping[str, Set[int]] | None = None) -> None:
        """Replace with `matcher`; with `records`, only in those records of each file (by its path)."""
        self.matcher = matcher
        self._attachments = attachments
        self._records = records
        self._keys: dict[str, str] = {}

    def touches(self, path: str, record: int) -> bool:
        """Whether anything is to be replaced in a record."""
        return self._records is None or record in self._records.get(path, ())

    def pictures(self, value: Any) -> Any:
        """The document with images left out, and nothing else changed."""
        if self._attachments:
            return value
        if isinstance(value, str):
            return without_attachments(value)
        if isinstance(value, dict):
            return {name: self.pictures(inner) for name, inner in value.items()}
        return list(map(self.pictures, value)) if isinstance(value, list) else value

    def document(self, value: Any, key: str = "") -> Any:
        """The document with every known text replaced; the same object where nothing is."""
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, dict):
            made: dict[str, Any] = {}
            for name, inner in value.items():
                new = self._key(name)
                while new in made:
                    new += "_"
                made[new] = self.document(inner, name)
            return made
        if isinstance(value, list):
            return self._list([self.document(inner, key) for inner in value])
        return value

    def _text(self, text: str, key: str) -> str:
        if key in SHAPE_KEYS and is_shape(text):
            return text
        if not self._attachments:
            text = without_attachments(text)
        if key in OPAQUE_KEYS and len(text) > 40 and " " not in text and not self.matcher.hits(text):
            return text
        return self.matcher.replaced(text)

    def _key(self, name: str) -> str:
        """A key; a word that is only somebody's name may also be a field's, and stays. A reader's own word does not."""
        known = self._keys.get(name)
        if known is None:
            plain = _IDENTIFIER.fullmatch(name) is not None
            marks = [self.matcher.marks[hit] for hit in self.matcher.hits(name)]
            stays = plain and all(mark.whole and not mark.own for mark in marks)
            known = name if stays else self.matcher.replaced(name)
            if len(self._keys) < KEYS:
                self._keys[name] = known
        return known

    def _list(self, made: list[Any]) -> list[Any]:
        """The list; a known text that is cut over neighbouring strings goes out of all of them."""
        parts = string_parts(made) if len(made) > 1 else None
        if parts is None:
            return made
        cuts = []
        for joint in ("", " "):
            data = joint.join(parts).encode(errors="replace")
            cuts = list(self.matcher.find(data)) if len(data.decode()) == len(data) else []
            if cuts and joint == "":
                break
        if not cuts:
            return made
        texts, joint_size, at = list(parts), len(joint), 0
        for index, part in enumerate(parts):
            pieces, done = [], 0
            for cut in cuts:
                start, end = cut.start - at, cut.end - at
                if end > 0 and start < len(part):
                    pieces.append(part[done : max(0, start)])
                    if start >= 0:
                        pieces.append(self.matcher.marks[cut.text].placeholder)
                    done = min(end, len(part))
            texts[index] = "".join((*pieces, part[done:]))
            at += len(part) + joint_size
        if all(isinstance(part, str) for part in made):
            return texts
        return [{**block, "text": text} for block, text in zip(made, texts, strict=True)]


def write_file(
    source: Source, file: TraceFile, rewriter: Rewriter, folder: Path, progress: Callable[[int], None]
) -> Written:
    """Write a redacted file below `folder` and check that it is the same run.

    Args:
        source: Where the file is.
        file: The file.
        rewriter: What changes in it.
        folder: Where it is written, at its path (in which known texts are replaced too).
        progress: Called with the bytes of the source that were read since the last call.

    Raises:
        ShapeError: its runs would not have the same events and calls.
        SourceError, TraceError: it cannot be read.
    """
    path = redacted_path(file.path, rewriter.matcher)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size, changed, dropped, table, blank = hashlib.sha256(), 0, 0, 0, True, 0
    with source.open(file.path) as lines, target.open("xb") as out:
        for number, raw in enumerate(unfolded(lines), 1):
            made = _line(raw, rewriter, rewriter.touches(file.path, number))
            changed += made.changed
            dropped += made.dropped
            progress(len(raw))
            if not made.line:
                blank += 1  # written only when something follows: an unfinished last line leaves nothing
                continue
            table = table and made.row and not blank
            line = b"\n" * blank + made.line
            out.write(line)
            digest.update(line)
            size, blank = size + len(line), 0
    before = _runs(source.open(file.path), file.path)
    after = _runs(target.open("rb"), file.path)
    if shape(before) != shape(after):
        target.unlink()
        raise ShapeError(
            f"{file.path}: with these texts taken out it is no longer the same run (a word that the format itself uses "
            "is among them). Ignore that finding, or leave the run out."
        )
    table = table and bool(after) and after[0].format in TABLE_FORMATS and path.endswith(".jsonl")
    return Written(file.path, path, size, digest.hexdigest(), after, changed, dropped, table)


def redacted_path(path: str, matcher: Matcher) -> str:
    """A file's path with known texts replaced; brackets mean something in patterns of file names, so none are left."""
    made = PLACEHOLDER.sub(lambda match: for_file_name(match[0]), matcher.replaced(path))
    return PurePosixPath(*(part for part in PurePosixPath(made).parts if part not in ("/", "..", "."))).as_posix()


class _Line(NamedTuple):
    line: bytes
    """With its newline; empty where there is nothing to send."""
    changed: bool = False
    dropped: bool = False
    row: bool = False
    """Whether `load_dataset` reads it."""


def _line(raw: bytes, rewriter: Rewriter, touched: bool) -> _Line:
    documents, whole = documents_of(raw)
    if not whole or not documents:
        return _Line(b"", dropped=not whole)
    change = rewriter.document if touched else rewriter.pictures
    made = [change(document) for document in documents]
    try:
        line = b"".join(map(_dumps, made)) + b"\n"
    except RecursionError:
        return _Line(b"", dropped=True)
    return _Line(line, made != documents, row=len(made) == 1 and is_row(made[0]))


def is_row(document: Any) -> bool:
    """Whether `load_dataset` reads a record: it expects objects where the harnesses write objects."""
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return False
    for key in ("message", "payload"):
        inner = document.get(key)
        if inner is not None and not isinstance(inner, dict):
            return False
        content = inner.get("content") if inner else None
        if isinstance(content, list) and not all(isinstance(block, dict) for block in content):
            return False
    return True


def _dumps(document: Any) -> bytes:
    try:
        line = orjson.dumps(document)
    except TypeError:  # nested deeper than orjson writes, or a number that it cannot hold
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    for raw, escape in _LINE_ENDS:
        if raw in line:
            line = line.replace(raw, escape)
    return line


def _runs(lines: BinaryIO, path: str) -> tuple[Run, ...]:
    with lines:
        try:
            return formats.parse(lines, PurePosixPath(path).stem)
        except TraceError:
            return ()


def shape(runs: Sequence[Run]) -> list[Any]:
    """What must not change: every event's address, kind, status, tool, and which record answers which call."""
    return [(run.part, run.format, list(map(_event_shape, run.events)), shape(run.children)) for run in runs]


def _event_shape(event: Event) -> tuple[Any, ...]:
    call = event.call
    result = call.result if call is not None else None
    return (
        event.record,
        event.block,
        event.kind,
        event.time,
        call.category if call is not None else None,
        (result.record, result.status, result.exit_code, len(result.images)) if result is not None else None,
        len(event.images),
    )


def differences(raw: bytes, rewriter: Rewriter) -> Iterator[tuple[str, str]]:
    """A record before and after, as indented JSON: what the page shows side by side."""
    documents, _ = documents_of(raw)
    for document in documents:
        before, after = document, rewriter.document(document)
        yield _indented(before), _indented(after)


def _indented(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
