r"""Finding known texts again in every encoding that the scan reads, and putting placeholders in their place.

Most stand there as they are, or escaped as JSON or in an address: those forms are one RE2 pattern. What base64 hides is
decoded, changed, encoded again in the same alphabet and line length. What is left (`\u0067hp_…` in a string of a
program) is found by a pattern that takes each letter in any of its escapes.
"""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from viewer.redaction.kinds import PLACEHOLDER
from viewer.redaction.texts import DEPTH, SHORTEST_REGION, Region, has_layers, regions, texts

AT_ONCE = 1000
"""Texts in one pattern."""

MEMORY = 512 * 2**20
"""Bytes that one pattern may use; RE2 refuses to compile a larger one."""

WHOLE = 8
"""A shorter text is replaced only where no letter or digit is next to it."""

_LETTERS = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_NOUN = re.compile(rb"[A-Z_]+")
_PLACEHOLDER = re.compile(PLACEHOLDER.pattern.encode())
_LONGEST_NOUN = 32

LOST = "[TEXT_LEFT_OUT]"
"""Stands for a whole text in which something was hidden in a way that cannot be changed in place."""


class Mark(NamedTuple):
    """What replaces a text. A `whole` one stands only where no letter or digit is next to it, as names do."""

    placeholder: str
    whole: bool
    own: bool = False
    """Whether it is a reader's own word, which is meant wherever it stands."""


class Match(NamedTuple):
    """A known text found in bytes, in whatever form."""

    start: int
    end: int
    text: str


class Matcher:
    """Looks for texts and replaces them. Safe to use from several threads."""

    def __init__(self, marks: Mapping[str, Mark]) -> None:
        """Look for the keys of `marks`; the longest that fits counts."""
        self.marks = dict(marks)
        self._texts: dict[bytes, str] = {}
        for text in sorted(marks, key=len, reverse=True):
            for form in _forms(text):
                self._texts.setdefault(form, text)
        self._patterns = _patterns(list(self._texts))
        self._loose: dict[str, re.Pattern[str]] = {}

    def find(self, data: bytes) -> Iterator[Match]:
        """Every known text in these bytes, in its plain, JSON and address forms; none inside another."""
        taken: list[tuple[int, int]] = []  # of the patterns before, in order; matches of one pattern never overlap
        for number, pattern in enumerate(self._patterns, 1):
            found: list[tuple[int, int]] = []
            for start, end in _matches(pattern, data, self._fits):
                at = bisect_left(taken, (end, 0))
                if at == 0 or taken[at - 1][1] <= start:
                    yield Match(start, end, self._texts[data[start:end]])
                    if number < len(self._patterns):
                        found.append((start, end))
            taken = sorted(taken + found) if found else taken

    def hits(self, text: str) -> set[str]:
        """The known texts in a text, in all its layers."""
        data = text.encode(errors="replace")
        found = {match.text for match in self.find(data)}
        for layer in (*texts(text)[1:], *(region.plain for region in regions(data))):
            found.update(match.text for match in self.find(layer.encode(errors="replace")))
        return found

    def replaced(self, text: str, depth: int = DEPTH) -> str:
        """The text with a placeholder for each known text in it, in all layers."""
        data = text.encode(errors="surrogatepass")
        changed = self._plain(data)
        if depth > 0 and len(text) >= SHORTEST_REGION:
            changed = self._in_regions(changed, depth)
        result = text if changed is data else changed.decode(errors="surrogatepass")
        if not has_layers(result):
            return result
        left = {hit for layer in texts(result)[1:] for hit in self._plain_hits(layer)}
        if not left:
            return result
        for known in sorted(left, key=len, reverse=True):
            result = self._loosely(known).sub(self.marks[known].placeholder.replace("\\", ""), result)
        if any(self._plain_hits(layer) for layer in texts(result)):
            return LOST
        return result

    def _plain(self, data: bytes) -> bytes:
        for pattern in self._patterns:
            parts: list[bytes] = []
            at = 0
            for start, end in _matches(pattern, data, self._fits):
                mark = self.marks[self._texts[data[start:end]]]
                parts += (data[at:start], mark.placeholder.encode())
                at = end
            if parts:
                data = b"".join((*parts, data[at:]))
        return data

    def _plain_hits(self, text: str) -> set[str]:
        return {match.text for match in self.find(text.encode(errors="replace"))}

    def _in_regions(self, data: bytes, depth: int) -> bytes:
        parts: list[bytes] = []
        at = 0
        for region in sorted(regions(data)):
            if region.start < at:
                continue
            changed = self.replaced(region.plain, depth - 1)
            if changed != region.plain:
                parts += (data[at : region.start], encoded(region, data[region.start : region.end], changed))
                at = region.end
        return b"".join((*parts, data[at:])) if parts else data

    def _fits(self, data: bytes, start: int, end: int) -> bool:
        if _NOUN.fullmatch(data, start, end) and _in_placeholder(data, start, end):
            return False
        if not self.marks[self._texts[data[start:end]]].whole:
            return True
        before, after = data[start - 1 : start], data[end : end + 1]
        return not (before and before[0] in _LETTERS) and not (after and after[0] in _LETTERS)

    def _loosely(self, text: str) -> re.Pattern[str]:
        if text not in self._loose:
            self._loose[text] = re.compile("".join(map(_any_form, text)))
        return self._loose[text]


def _in_placeholder(data: bytes, start: int, end: int) -> bool:
    """Whether these letters are the noun of a placeholder: a word like USER must not be looked for in `[USER_1]`."""
    low = max(0, start - _LONGEST_NOUN)
    around = _PLACEHOLDER.finditer(data, low, end + _LONGEST_NOUN)
    return any(found.start() < start and end < found.end() for found in around)


def encoded(region: Region, before: bytes, plain: str) -> bytes:
    """A text in the encoding of the region that it replaces: same alphabet, line length, padding."""
    if region.coding == "percent":
        return quote(plain, safe="/:?&=@#+,;~!*()'[]$%").encode()
    made = base64.b64encode(plain.encode())
    if b"-" in before or b"_" in before:
        made = made.translate(bytes.maketrans(b"+/", b"-_"))
    if not before.rstrip().endswith(b"=") and len(before.translate(None, b"\r\n")) % 4:
        made = made.rstrip(b"=")
    first = re.search(rb"\r?\n", before)
    if first is None:
        return made
    width = first.start()
    return first[0].join(made[at : at + width] for at in range(0, len(made), width))


def _patterns(forms: list[bytes]) -> tuple[Any, ...]:
    import re2

    options = re2.Options()
    options.max_mem = MEMORY
    options.never_capture = True
    options.log_errors = False  # a log would hold the secrets
    groups = [forms[at : at + AT_ONCE] for at in range(0, len(forms), AT_ONCE)]
    return tuple(re2.compile(b"|".join(map(_literal, group)), options) for group in groups)


def _literal(form: bytes) -> bytes:
    """The form as a pattern of RE2 over bytes."""
    return b"".join(bytes((byte,)) if byte in _LETTERS or byte > 127 else b"\\x%02x" % byte for byte in form)


def _matches(pattern: Any, data: bytes, fits: Any) -> Iterator[tuple[int, int]]:
    """Where the pattern matches and the match `fits`; after one that does not, the search goes on a letter later."""
    at = 0
    while True:
        match = pattern.search(data, at)
        if match is None:
            return
        start, end = match.span()
        if fits(data, start, end):
            yield start, end
            at = end
        else:
            at = start + 1


def _forms(text: str) -> Iterator[bytes]:
    """The text as it may stand in files: plain, as JSON in one to three layers, with escaped slashes, in an address."""
    forms = [text]
    for ascii_only in (False, True):
        escaped = text
        for _ in range(3):
            escaped = json.dumps(escaped, ensure_ascii=ascii_only)[1:-1]
            forms.append(escaped)
    forms += [forms[1].replace("/", "\\/"), quote(text, safe=""), quote(text), quote_plus(text)]
    if "\n" in text:
        forms += [text.replace("\n", "\r\n"), text.replace("\n", "\\r\\n")]
    return (form.encode(errors="replace") for form in dict.fromkeys(forms))


def _any_form(letter: str) -> str:
    """A pattern for one letter in any escape."""
    code = ord(letter)
    forms = [re.escape(letter), rf"\\+{re.escape(letter)}"]
    if letter in "\n\r\t":
        forms += [r"\\+" + {"\n": "n", "\r": "r", "\t": "t"}[letter], r"\\+r\\+n"]
    if code < 0x10000:
        forms.append(rf"\\+u(?i:{code:04x})")
    if code < 0x100:
        forms += [rf"\\+x(?i:{code:02x})", rf"%(?i:{code:02x})"]
    return f"(?:{'|'.join(forms)})"
