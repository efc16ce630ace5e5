"""A reader's own words and patterns: what no rule can know, such as a customer's name or the name of a project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 500
SHORTEST = 3


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
    """Every text in `data` that the pattern matches and that is long enough to be replaced safely."""
    for match in pattern.finditer(data):
        text = match.group(0).decode(errors="ignore").strip()
        if len(text) >= SHORTEST:
            yield text
