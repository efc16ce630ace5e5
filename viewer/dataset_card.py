"""The card of a dataset (README.md): its front matter and the tables in its text, as plain values.

A card is hostile text like a trace: it is cut at a length, its YAML is read by the safe loader, and what has another
type than it should is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_CARD = 2**18
"""Bytes of a card that are read."""

MAX_FRONT = 2**16
"""Characters of front matter that are read; a longer one counts as none."""

MAX_ROWS = 2_000
"""Rows of all tables that are read."""

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_DELIMITER = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of a table: its cells by their column's heading in lower case, and the line as the card has it."""

    cells: Mapping[str, str]
    line: str


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """What a card says. `front` is empty where there is no front matter that can be read."""

    front: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[CardRow, ...] = ()
    text: str = ""


def read_card(text: str) -> DatasetCard:
    """The card with this text. Never raises: what cannot be read is as good as not there."""
    match = _FRONT.match(text)
    body = text[match.end() :] if match else text
    return DatasetCard(_front(match[1]) if match else {}, tuple(_rows(body)), body)


def _front(text: str) -> Mapping[str, Any]:
    if len(text) > MAX_FRONT:
        return {}
    try:
        found = yaml.load(text, _LOADER)  # noqa: S506 - a safe loader, in C where PyYAML has it
    except (yaml.YAMLError, ValueError, RecursionError):  # a date such as 2026-13-40 is a ValueError
        return {}
    return found if isinstance(found, dict) else {}


def _rows(body: str) -> Iterator[CardRow]:
    """The rows of every table: a line of headings, a line of dashes, and lines with a `|`."""
    left = MAX_ROWS
    headings: list[str] = []
    before = ""
    for line in body.splitlines():
        if "|" not in line:
            headings = []
        elif "|" in before and not headings and _DELIMITER.fullmatch(line):
            headings = [plain(cell).lower() for cell in _cells(before)]
        elif headings and left > 0:
            left -= 1
            yield CardRow(dict(zip(headings, map(plain, _cells(line)), strict=False)), line.strip())
        before = line


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def plain(cell: str) -> str:
    """A cell's words without Markdown: the text of its link, no backticks, no emphasis."""
    return _LINK.sub(r"\1", cell).replace("`", "").replace("**", "").strip()
