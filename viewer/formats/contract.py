"""What a format is: a name, a test on the first records, and a parser.

One module per format, listed in `formats/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from viewer.formats.records import Records
from viewer.model import Run

Numbered: TypeAlias = tuple[int, Any]
"""A record's number and its document (any JSON value, of any shape)."""


class TraceError(Exception):
    """A file that cannot be shown, in one sentence for the reader: what, where, and what would help."""


@dataclass(frozen=True, slots=True)
class Format:
    """One trace format.

    Attributes:
        name: key in code and links, e.g. "claude-code".
        label: for readers, e.g. "Claude Code".
        detect: whether the first parseable records (at most `HEAD`) are of this format. It must look at content alone,
            never raise, and claim no file of another format.
        parse: all records to runs, the file's main run first. It must not raise on any JSON; `source` is for counts and
            problems, which `formats.parse` puts on the first run.
        element: for a format that may keep all records in one document: the element with this 1-based number, from the
            file's first line. It gives None for a file with a record a line.
    """

    name: str
    label: str
    detect: Callable[[Sequence[Any]], bool]
    parse: Callable[[Iterable[Numbered], Records], list[Run]]
    element: Callable[[Iterable[bytes], int], Any | None] | None = None


HEAD = 12
"""How many parseable records detection sees. The first tell-tale record came by line 6 at worst in 53 real files."""
