"""Which column is what: a guess from the names and the first rows, which a reader can change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from viewer.evalcheck.files import Batch, cell_text
from viewer.evalcheck.table import Columns, TableError

TEXT_NAMES = re.compile(
    r"(^|_)(text|content|sentence|body|document|review|comment|tweet|message|abstract|post)s?$", re.I
)
LABEL_NAMES = re.compile(r"^(label|labels|target|class|category|y|gold|sentiment|is_\w+)$|_label$", re.I)
GROUP_NAMES = re.compile(
    r"^(source|group|site|domain|author|user|speaker|origin|publisher|outlet|subreddit|hospital|patient|annotator|"
    r"collection|corpus|batch|language|lang|split|subset|project|repo)(_id|_name)?s?$",
    re.I,
)
TRUTH = ({"0", "1"}, {"true", "false"}, {"yes", "no"}, {"-1", "1"}, {"positive", "negative"}, {"pos", "neg"})
LONG_TEXT = 20
"""Mean length in characters from which a column may be a text."""

MOST_LABELS = 50
MOST_GROUPS = 2_000
EXAMPLES = 3
EXAMPLE = 80
"""Characters of an example."""


@dataclass(frozen=True, slots=True)
class Column:
    """What the first rows say of a column."""

    name: str
    filled: int
    distinct: int
    length: float
    """Mean characters of a cell."""
    numeric: bool
    truth: bool
    """Two values that say yes and no."""
    examples: tuple[str, ...]
    values: tuple[str, ...]
    """All its values, where it may be a label or a short list of groups."""


def describe(batch: Batch) -> tuple[Column, ...]:
    """The columns of some rows."""
    return tuple(_column(name, cells) for name, cells in batch.items())


def _column(name: str, cells: Sequence[Any]) -> Column:
    texts = [text for cell in cells if (text := cell_text(cell)) is not None]
    values = set(texts)
    return Column(
        name,
        len(texts),
        len(values),
        sum(map(len, texts)) / len(texts) if texts else 0.0,
        all(re.fullmatch(r"[-+]?\d+(\.\d+)?", text) for text in texts[:200]),
        {text.casefold() for text in values} in TRUTH,
        tuple(text[:EXAMPLE] for text in dict.fromkeys(texts[:50]))[:EXAMPLES],
        tuple(sorted(values)) if len(values) <= MOST_LABELS and max(map(len, values), default=0) <= EXAMPLE else (),
    )


def guess(columns: Sequence[Column]) -> Columns:
    """The likeliest text, label and group; "" (no text: an empty tuple) where nothing is likely."""
    texts = [column for column in columns if _may_be_text(column)]
    text = max(texts, key=_text_score, default=None)
    rest = [column for column in columns if column is not text]
    labels = [column for column in rest if 2 <= column.distinct <= MOST_LABELS or LABEL_NAMES.search(column.name)]
    label = max(labels, key=_label_score, default=None)
    groups = [column for column in rest if column is not label and _may_group(column)]
    group = max(groups, key=_group_score, default=None)
    return Columns((text.name,) if text else (), label.name if label else "", group.name if group else "")


def _may_be_text(column: Column) -> bool:
    return not column.numeric and (column.length >= LONG_TEXT or bool(TEXT_NAMES.search(column.name) and column.filled))


def _text_score(column: Column) -> float:
    return 3 * bool(TEXT_NAMES.search(column.name)) + log(column.length) + 2 * column.distinct / max(1, column.filled)


def _label_score(column: Column) -> tuple[bool, bool, bool, int]:
    named = bool(LABEL_NAMES.search(column.name))
    return named, column.truth, not GROUP_NAMES.search(column.name), -column.distinct


def _may_group(column: Column) -> bool:
    if not 2 <= column.distinct <= min(MOST_GROUPS, max(2, column.filled // 3)):
        return False
    return bool(GROUP_NAMES.search(column.name)) or not (column.numeric or column.truth)


def _group_score(column: Column) -> tuple[bool, int]:
    return bool(GROUP_NAMES.search(column.name)), -column.distinct


def checked(columns: Columns, there: Sequence[str]) -> Columns:
    """The columns, if they can be used together. Raises TableError that says which cannot."""
    wanted = [*columns.text, columns.label, *([columns.group] if columns.group else [])]
    if not columns.text:
        raise TableError("Choose a text column.")
    if not columns.label:
        raise TableError("Choose a label column.")
    for name in wanted:
        if name not in there:
            raise TableError(f"There is no column {name!r}: the columns are {', '.join(there)[:300]}.")
    if columns.label in columns.text:
        raise TableError(f"{columns.label} cannot be both the text and the label.")
    if columns.group and columns.group in (*columns.text, columns.label):
        what = "label" if columns.group == columns.label else "text"
        raise TableError(f"{columns.group} cannot be both the group and the {what}.")
    return columns
