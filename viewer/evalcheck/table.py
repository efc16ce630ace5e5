"""A labelled table as the evaluation check takes it: texts, labels, groups, and what was left out on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from viewer.sources.contract import SourceError

NO_GROUP = "(no group)"
"""The group of rows whose group cell is empty."""


class TableError(SourceError):
    """A table, or a choice of its columns, that cannot be checked: one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """Where a table came from, for readers and for links.

    `kind` is "sample", "hub" or "file". `name` is the dataset's or file's name; `revision` a commit of the Hub, or the
    SHA-256 of a file that a reader gave; `parts` the files of a dataset that were read.
    """

    kind: str
    name: str
    revision: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are what. Several text columns are joined; `group` "" is none."""

    text: tuple[str, ...]
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """Rows that have a text and a label. `groups` is empty when no group column was chosen."""

    source: TableSource
    columns: Columns
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...] = ()
    read: int = 0
    """Rows that were read, those that were left out included."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Why rows were left out, and how many."""
    notes: tuple[str, ...] = ()
    """What else a reader should know of the reading: texts that were cut, rows beyond the limit."""
