"""Cards of datasets and models: the front matter, the tables and the list of metrics of a README, safely read.

What a card says is a stranger's text: it is bounded, parsed by `safe_yaml`, and every value has its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from viewer.safe_yaml import MAX_BYTES, Document, YamlError, read_yaml

CARD = "README.md"
MAX_TABLES = 40
MAX_ROWS = 1_000
MAX_COLUMNS = 60
MAX_LINE = 4_000

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_DASHES = re.compile(r":?-+:?")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\(([^()\s]{0,600})\)")
_EMPTY = Document({}, {})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its words without markup, and where its first link leads."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a card. `lines` are its rows as the card has them; `line` is that of the header in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `problem` says why the front matter could not be read; body and tables are there all the same."""

    front: Document
    body: str = field(repr=False)
    tables: tuple[Table, ...] = ()
    problem: str = ""
    body_line: int = 1

    @property
    def facts(self) -> Mapping[str, Any]:
        """The front matter as an object; empty where there is none."""
        value = self.front.value
        return value if isinstance(value, Mapping) else {}


def read_card(data: bytes | str) -> Card:
    """The card in a README. Never raises: what cannot be read is said in `problem`."""
    text = data if isinstance(data, str) else data[:MAX_BYTES].decode("utf-8", "replace")
    text = text[:MAX_BYTES]
    head, body = split_front(text)
    front, problem = _EMPTY, ""
    if head is not None:
        try:
            front = read_yaml(head, first_line=2)
        except YamlError as error:
            problem = f"The front matter of the card cannot be read. {error}"
    first = text.count("\n", 0, len(text) - len(body)) + 1
    return Card(front, body, tuple(_tables(body, first)), problem, first)


def split_front(text: str) -> tuple[str | None, str]:
    """The YAML between two lines of dashes at the start, None where there is none, and the text after it."""
    match = _FRONT.match(text)
    return (None, text) if match is None else (match[1], text[match.end() :])


def _tables(body: str, first_line: int) -> Iterator[Table]:
    """Pipe tables: a header, a rule of dashes, rows. Fenced code holds none."""
    lines = body.splitlines()
    fenced, at, found = False, 0, 0
    while at < len(lines) - 1 and found < MAX_TABLES:
        if lines[at].lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        header = cells_of(lines[at]) if not fenced and "|" in lines[at] else ()
        if header and _is_rule(lines[at + 1]):
            end = at + 2
            while end < len(lines) and "|" in lines[end] and end - at - 2 < MAX_ROWS:
                end += 1
            rows = tuple(cells_of(line)[: len(header)] for line in lines[at + 2 : end])
            written = tuple(line.strip()[:MAX_LINE] for line in lines[at + 2 : end])
            yield Table(tuple(cell.text for cell in header), rows, written, first_line + at)
            at, found = end, found + 1
        else:
            at += 1


def _is_rule(line: str) -> bool:
    """Whether a line is the dashes below a header."""
    return "-" in line and all(_DASHES.fullmatch(cell.text) for cell in cells_of(line))


def cells_of(line: str) -> tuple[Cell, ...]:
    """The cells of a table's line."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    parts = re.split(r"(?<!\\)\|", inner)[:MAX_COLUMNS]
    return tuple(_cell(part.replace("\\|", "|").strip()) for part in parts)


def _cell(text: str) -> Cell:
    link = _LINK.search(text)
    return Cell(plain(text), link[2] if link is not None and link[2].startswith("https://") else "")


def plain(text: str) -> str:
    """Markdown of one line without its marks: links as their words, no emphasis, no code quotes."""
    words = _LINK.sub(r"\1", text[:4_000])
    return re.sub(r"\*\*|__|`|~~|(?<!\w)[*_]|[*_](?!\w)", "", words).strip()
