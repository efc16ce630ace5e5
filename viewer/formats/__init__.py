"""Trace formats: detect by content, then parse into runs. Adding one: a module with a `FORMAT`, a line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import orjson

from viewer.collector import collector_paused
from viewer.formats import claude_code, codex, codex_object, ml_intern, ml_intern_row, pi, sts
from viewer.formats.contract import HEAD, Format, Numbered, TraceError
from viewer.formats.foreign import looks_like
from viewer.formats.records import WHOLE_LIMIT, Records, decode_line, read_record, unfolded
from viewer.model import Run

FORMATS: tuple[Format, ...] = (
    ml_intern.FORMAT,
    ml_intern_row.FORMAT,
    claude_code.FORMAT,
    codex.FORMAT,
    codex_object.FORMAT,
    pi.FORMAT,
    sts.FORMAT,
)
"""Every format, the more particular first."""


def parse(lines: Iterable[bytes], name: str) -> tuple[Run, ...]:
    """Every run of a file, its main run first.

    Args:
        lines: the file's lines as bytes, each with its newline (an open binary file will do).
        name: the file's name without suffix, for messages and as the last resort for a session id.

    Raises:
        TraceError: when the file holds no record of a known format; says which file, and why.
    """
    try:
        source = Records(unfolded(lines), name)
    except OverflowError:
        limit = WHOLE_LIMIT // 2**20
        raise TraceError(
            f"{name}: one JSON document of more than {limit} MiB, too large to read in one piece."
        ) from None
    reading = iter(source)
    head: list[Numbered] = list(islice(reading, HEAD))
    if source.unreadable and not head:
        raise TraceError(f"{name}: no record could be read; record {_first_problem(source)}")
    documents = [document for _, document in head]
    found = detect(documents)
    if found is None:
        raise TraceError(f"{name}: {_unknown(documents, source)}")
    with collector_paused():
        runs = found.parse(chain(head, reading), source)
    if not runs:
        raise TraceError(f"{name}: {found.label} session without any event.")
    records = runs[0].records or source.count
    facts: dict[str, Any] = {
        "problems": tuple(source.problems),
        "unreadable": source.unreadable,
        "truncated": source.truncated,
        "records": records,
    }
    return (replace(runs[0], **facts), *runs[1:])


def detect(documents: list[Any]) -> Format | None:
    """The format that claims these first records."""
    return next((candidate for candidate in FORMATS if candidate.detect(documents)), None)


def _unknown(documents: list[Any], source: Records) -> str:
    if not documents:
        return "the file is cut before the end of its first record." if source.truncated else "the file is empty."
    what = looks_like(documents)
    if what is not None:
        return f"looks like {what}, which is not read."
    return "not a trace of a known format (" + ", ".join(dict.fromkeys(known.label for known in FORMATS)) + ")."


def _first_problem(source: Records) -> str:
    problem = source.problems[0]
    return f"{problem.record} is {problem.reason}."


def raw_record(format_name: str, lines: Iterable[bytes], number: int) -> bytes | None:
    """The raw bytes of one record of a file of this format; None when there is no such record.

    A record is a line, except where a format keeps all its records in one document: then it is that element, as JSON.
    """
    known = next((candidate for candidate in FORMATS if candidate.name == format_name), None)
    reading = iter(unfolded(lines))
    first = list(islice(reading, 1))
    if known is not None and known.element is not None:
        element = known.element(first, number)
        if element is not None:
            return orjson.dumps(element, option=orjson.OPT_INDENT_2)
    return read_record(chain(first, reading), number)


def raw_documents(line: bytes) -> list[Any]:
    """The documents of one raw line, two where two are glued together."""
    try:
        return [orjson.loads(line)]
    except orjson.JSONDecodeError:
        return decode_line(line)[0]
