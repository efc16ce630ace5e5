"""A reader's own words and patterns: what no rule can know, such as a customer's name or the name of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 500
SHORTEST = 3
MOST = 1_000
"""Different texts that one pattern may match, and that all words together may find."""

LONGEST_MATCH = 2_000
"""Characters of what a pattern matches."""


class PatternError(ValueError):
    """A word or pattern that cannot be used, in one sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text to take out (whatever its case), or with `regex` a pattern of RE2, which takes linear time on any text."""

    text: str
    regex: bool = False

    def compiled(self) -> Any:
        """The pattern over UTF-8. Raises PatternError."""
        import re2

        if not SHORTEST <= len(self.text.strip()) <= LONGEST:
            raise PatternError(f"A word or pattern has {SHORTEST} to {LONGEST} characters.")
        options = re2.Options()
        options.log_errors = False
        source = self.text if self.regex else "(?i)" + re2.escape(self.text.strip())
        try:
            pattern = re2.compile(source.encode(), options)
        except re2.error as error:
            said = error.args[0] if error.args else ""
            words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise PatternError(f"{self.text!r} is not a pattern of RE2: {words}.") from error
        if pattern.search(b"") is not None:
            raise PatternError(f"{self.text!r} matches an empty text, so it would match everywhere.")
        return pattern


def find_word(pattern: Any, data: bytes) -> Iterator[str]:
    """Every text in `data` that the pattern matches and that is long enough to be replaced safely.

    Raises:
        PatternError: one is too long, which a pattern without an end makes of a whole file.
    """
    for match in pattern.finditer(data):
        text = match.group(0).decode(errors="ignore").strip()
        if len(text) > LONGEST_MATCH:
            raise PatternError(f"This matches {len(text):,} characters at once; {LONGEST_MATCH:,} are allowed.")
        if len(text) >= SHORTEST:
            yield text


def find_words(pattern: Any, texts: Iterable[bytes]) -> set[str]:
    """The different texts that the pattern matches. Raises PatternError when they are too long, or too many."""
    found: set[str] = set()
    for data in texts:
        for text in find_word(pattern, data):
            found.add(text)
            if len(found) > MOST:
                raise PatternError(f"This matches more than {MOST:,} different texts: write a narrower one.")
    return found
