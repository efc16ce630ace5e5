"""Images and other attachments inside records: a scanner cannot read them, so they count as not reviewed.

They are told by their first bytes in base64, whatever the field is called. Left out, each is replaced by a small grey
picture (or an empty file of its type), so that a record keeps its shape and the number of images stays the same.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

GREY = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR42mPYAAUMlDEAMKIsAYKJkUQAAAAASUVORK5CYII="
"""A grey picture of 8 by 8 pixels, which says "left out" by its size."""

_HEADS = (
    "iVBORw0KGgo",
    "/9j/",
    "R0lGOD",
    "UklGR",
    "JVBERi0",
    "UEsDB",
    "H4sI",
    "Qk0",
    "SUkqA",
    "TU0AK",
    "T2dnU",
    "AAAA",
)
"""Base64 of the first bytes of PNG, JPEG, GIF, WebP (and WAV), PDF, zip, gzip, BMP, TIFF, Ogg, MP4."""

_PLAIN = 7
"""So many of them, from the beginning, are long enough to be told from words within a text."""

SMALLEST = 160
"""Characters from which on such a text is an attachment and not a word that begins alike."""

_ATTACHED = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:" + "|".join(map(re.escape, _HEADS)) + rf")[A-Za-z0-9+/_-]{{{SMALLEST},}}"
    r"(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}"
)
_DATA_URL = re.compile(r"data:(?!text/)[\w.+-]+/[\w.+-]+;base64,$")


def is_attachment(text: str) -> bool:
    """Whether a whole text is an attachment, with or without `data:image/png;base64,` before it."""
    if len(text) < SMALLEST:
        return False
    head = text[:100]
    if head.startswith("data:"):
        comma = head.find(",")
        return comma > 0 and _DATA_URL.fullmatch(head[: comma + 1]) is not None and " " not in text[:1000]
    return head.startswith(_HEADS) and _ATTACHED.fullmatch(text) is not None


def attachments_in(data: bytes) -> int:
    """How many attachments stand within texts, beside words."""
    return sum(1 for _ in _attached().finditer(data))


@cache
def _attached() -> Any:
    import re2

    heads = "|".join(map(re.escape, _HEADS[:_PLAIN]))
    return re2.compile(rf"(?:{heads})[A-Za-z0-9+/_-]{{{SMALLEST}}}".encode())


def without_attachments(text: str) -> str:
    """The text with every attachment replaced by the small grey picture."""
    if is_attachment(text):
        return f"data:image/png;base64,{GREY}" if text.startswith("data:") else GREY
    return _ATTACHED.sub(GREY, text) if _may(text) else text


def _may(text: str) -> bool:
    return len(text) >= SMALLEST and any(head in text for head in _HEADS[:_PLAIN])
