"""Patterns of readers on RE2: linear in the text whatever the pattern, small in memory, refused with a reason.

Texts are searched as UTF-8 bytes, in windows, and between two windows the time is looked at: one search can neither
hang nor fill the server.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import re2

LONGEST_PATTERN = 500
"""Characters."""

LARGEST_PROGRAM = 4_000
"""Instructions of the compiled pattern, which is what a step through the text costs at the worst."""

MEMORY = 2**20
"""Bytes that one compiled pattern may use."""

WINDOW = 2**14
OVERLAP = 2**10
"""Bytes that are searched at once, and how much of them again with the next: no match is longer than that."""

MOST_MATCHES = 200
"""Matches of one pattern in one text that are looked at."""


class PatternError(ValueError):
    """A pattern that is refused, and why."""


class ProbeTimeoutError(Exception):
    """The time for a search is over."""


class Clock:
    """How long a search may go on. One clock is used for all patterns and texts of a question."""

    def __init__(self, seconds: float | None = None) -> None:
        """Stop after so many seconds from now; None never stops."""
        self._until = None if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Raises ProbeTimeoutError when the time is over."""
        if self._until is not None and time.monotonic() > self._until:
            raise ProbeTimeoutError


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        """Compile it. Raises PatternError."""
        if len(text) > LONGEST_PATTERN:
            raise PatternError(f"it has {len(text):,} characters, and {LONGEST_PATTERN} are allowed")
        try:
            self._compiled: Any = re2.compile(text.encode("utf-8"), _options())
        except UnicodeEncodeError as error:
            raise PatternError("it holds half a character") from error
        except re2.error as error:
            raise PatternError(_reason(error)) from error
        if self._compiled.programsize > LARGEST_PROGRAM:
            raise PatternError("it is too large: a counted repetition such as {1,500} counts once for each time")
        if self._compiled.search(b"") is not None:
            raise PatternError("it matches everything, as it also matches the empty text")

    def spans(self, text: bytes, clock: Clock) -> Iterator[tuple[int, int]]:
        """Where it matches in UTF-8 text, in order. Raises ProbeTimeoutError."""
        start, after, found = 0, -1, 0
        while True:
            clock.check()
            end = min(len(text), start + WINDOW)
            for match in self._compiled.finditer(text, start, end):
                low, high = match.span()
                if low <= after:  # seen in the window before
                    continue
                after, found = low, found + 1
                yield low, high
                clock.check()
                if found >= MOST_MATCHES:
                    return
            if end == len(text):
                return
            start = end - OVERLAP


def _options() -> Any:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return options


_LACKING = ("invalid perl operator: (?=", "invalid perl operator: (?!", "invalid perl operator: (?<")


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else b""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if text.startswith(_LACKING) and not text.startswith("invalid perl operator: (?<n"):
        return f"it looks ahead or behind ({text.rpartition(' ')[2]}), which RE2 does not do"
    if text.startswith("invalid escape sequence: \\") and text[-1].isdecimal():
        return f"it refers back to a group ({text.rpartition(' ')[2]}), which RE2 does not do"
    if "too large" in text or "repetition size" in text:
        return f"it repeats too much ({text})"
    return f"RE2 says: {text}"
