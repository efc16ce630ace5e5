r"""Every text of a record as a person would read it, so that no encoding hides a secret.

A record's strings and keys are its texts. A text may hold more: JSON written into a string, `\n` and `\"` of a
program's output, base64 of a file, percent signs of an address. Each is decoded and is a text again, a few layers deep.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

import orjson

from viewer.redaction.pictures import SMALLEST, is_attachment

DEPTH = 4
"""Layers that are decoded: base64 in an escaped string in a JSON argument is the third."""

ATTACHED = "\0attached\0"
"""Stands among the texts for an attachment, which is none."""

SHORT = 400
"""A shorter value is written with its key, as `key="value"`: many rules look at the name."""

SHORTEST_KEY = 3
"""Characters from which on a key is a text of its own where it does not stand with its value."""

LONG_KEY = 8
"""Characters from which on a key may be the name of a secret, and stands before a long value too."""

OPAQUE_KEYS = frozenset({"signature", "thinkingSignature", "textSignature", "thoughtSignature", "encrypted_content"})
"""What a provider encrypted for itself. It is not text; decoded it is looked at like any base64."""

SHAPE_KEYS = frozenset({"type", "role", "subtype"})
"""Their values are the format's own words: a run would fall apart if a reader's word replaced one."""

_NAMES = ("name", "key", "variable", "var", "env", "field", "header")
_VALUES = ("value", "val", "default", "content", "data")
"""Keys of an entry that holds a name and its value as two fields."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)")
_ID_KEYS = frozenset({"uuid", "parentUuid", "sessionId", "leafUuid", "messageId", "timestamp", "turn_id", "promptId"})

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SECOND = re.escape("".join(letter for index, letter in enumerate(_ALPHABET) if not index & 8)) + "_"
_THIRD = re.escape("".join(letter for index, letter in enumerate(_ALPHABET) if not index & 2)) + r"\-"
_ANY = r"A-Za-z0-9+/_\-"
BASE64 = f"(?:[A-Za-f][{_SECOND}][{_THIRD}][{_ANY}]){{5}}[{_ANY}]*(?:\r?\n[{_ANY}]{{4,}})*={{0,2}}"
"""Base64 of ASCII text, also over several lines: five quads of letters whose bytes are all below 128 come first.

Only one quad of eight that are something else looks so, and a path or an id hardly ever begins with five.
"""

SHORTEST_REGION = 12
"""Characters of a text that may hold a region worth decoding."""

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_BLANKS = (b" ", b"\n", b"\t", b"\r", b'"', b"'", b"<", b">")
_WORD = re.compile(rb"[^\s\"'<>]*")

_ESCAPE = re.compile(r"\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
_SHORT_ESCAPES = (("\\n", "\n"), ('\\"', '"'), ("\\t", "\t"), ("\\r", "\r"), ("\\/", "/"), ("\\'", "'"))
OPENING = frozenset('{["')
"""How a text begins that may be JSON."""

_CLOSING = frozenset('}]"')
_NESTING = (dict, list)
_VALUE_KEYS = frozenset(_VALUES)
_SPECIAL = _ID_KEYS | OPAQUE_KEYS | SHAPE_KEYS

LONG = 100_000
"""Characters up to which the strings of a list are also read as one text."""


def texts(document: Any) -> list[str]:
    """Every text of a document with its plain layers: not yet base64 and percent signs (`coded` finds those)."""
    found: list[str] = []
    _walk(document, "", found, DEPTH)
    return found


def _walk(value: Any, key: str, found: list[str], depth: int) -> None:
    if type(value) is dict:
        _fields(value, key, found, depth)
    elif type(value) is list:
        for inner in value:
            if type(inner) is str:
                _text(inner, "", found, depth)
            elif inner.__class__ in _NESTING:
                _walk(inner, key, found, depth)
        if len(value) > 1:
            _joined(value, found)
    elif type(value) is str:
        _text(value, key, found, depth)


def _fields(value: dict[str, Any], key: str, found: list[str], depth: int) -> None:
    for name, inner in value.items():
        if len(name) >= SHORTEST_KEY and (type(inner) is not str or len(inner) < 8):
            found.append(name)
        if type(inner) is str:
            # Most values are short and plain; what follows of `_text` is for the others.
            if len(inner) < 8:
                if name not in SHAPE_KEYS:
                    found.append(inner)
            elif name in _SPECIAL:
                if not _is_no_text(inner, name):
                    _text(inner, name, found, depth)
            elif len(inner) < SMALLEST and "\\" not in inner and inner[0] not in OPENING:
                found.append(f'{key}.{name}="{inner}"' if key else f'{name}="{inner}"')
            else:
                _text(inner, f"{key}.{name}" if key else name, found, depth)
        elif inner.__class__ in _NESTING:
            _walk(inner, name, found, depth)
    if not _VALUE_KEYS.isdisjoint(value):
        _named(value, found)


def _text(value: str, key: str, found: list[str], depth: int) -> None:
    if not value:
        return
    name = key.rpartition(".")[2]
    if len(value) >= SMALLEST and is_attachment(value):
        found += (ATTACHED, name)
        return
    if key and len(value) < SHORT:
        found.append(f'{key}="{value}"')
    else:
        found += (f"{name}\n{value}",) if len(name) >= LONG_KEY else (value, name)
    if depth == 0:
        return
    inner = nested(value)
    if inner is not None:
        _walk(inner, name, found, depth - 1)
    # Of JSON the layers are read above; only letters written as numbers can hide beside them, in a key given twice.
    if "\\" in value and (inner is None or "\\u" in value):
        plain = unescaped(value)
        if plain != value:
            _text(plain, key, found, 0 if inner is not None else depth - 1)


def _is_no_text(value: str, name: str) -> bool:
    if name in SHAPE_KEYS:
        return is_shape(value)
    if name in OPAQUE_KEYS:
        return len(value) > 40 and " " not in value
    return _UUID.fullmatch(value) is not None or _TIME.fullmatch(value) is not None


def is_shape(value: str) -> bool:
    """Whether the value of one of `SHAPE_KEYS` is a word of the format."""
    return len(value) <= 40 and value.replace("_", "").replace("-", "").isalpha()


def _named(value: dict[str, Any], found: list[str]) -> None:
    """Write `{"name": "AWS_SECRET_ACCESS_KEY", "value": "…"}` as one assignment."""
    names = [value[key] for key in _NAMES if type(value.get(key)) is str and len(value[key]) < SHORT]
    found.extend(
        f'{name}="{inner}"'
        for name in names[:2]
        for key in _VALUES
        if type(inner := value.get(key)) is str and 0 < len(inner) < SHORT
    )


def _joined(value: list[Any], found: list[str]) -> None:
    """Write a list of strings as one text: the arguments of a command, the lines of a file, one string cut in parts."""
    parts = string_parts(value)
    if parts is not None:
        found.append(" ".join(parts))
        found.append("".join(parts))


def string_parts(value: list[Any]) -> list[str] | None:
    """The strings of a list of strings, or the texts of a list of text blocks; None for any other list."""
    if all(type(part) is str for part in value):
        return value if sum(map(len, value)) < LONG else None
    parts = [part["text"] for part in value if type(part) is dict and type(part.get("text")) is str]
    return parts if len(parts) == len(value) and sum(map(len, parts)) < LONG else None


def has_layers(text: str) -> bool:
    """Whether a text may hold another one beside base64 and percent signs."""
    return "\\" in text or text.rstrip()[-1:] in _CLOSING


def nested(text: str) -> Any | None:
    """The document that a text is, or that stands at its end, from the beginning of a line on (a command's output)."""
    if len(text) < 4 or text.rstrip()[-1:] not in _CLOSING:
        return None
    start = 0
    if text[0] not in OPENING:
        starts = [at for at in (text.find("\n{"), text.find("\n[")) if at >= 0]
        if not starts:
            return None
        start = min(starts) + 1
    try:
        inner = orjson.loads(text[start:] if start else text)
    except orjson.JSONDecodeError:
        return None
    return inner if isinstance(inner, dict | list | str) else None


def unescaped(text: str) -> str:
    r"""The text with backslash escapes undone, however often they were escaped themselves: `\\\"` is a quote."""
    if "\\" not in text:
        return text
    while "\\\\" in text:
        text = text.replace("\\\\", "\\")
    for escape, letter in _SHORT_ESCAPES:
        if escape in text:
            text = text.replace(escape, letter)
    return _ESCAPE.sub(_plain, text) if "\\u" in text or "\\x" in text else text


def _plain(match: re.Match[str]) -> str:
    letter = chr(int(match[1] or match[2], 16))
    return letter if not "\ud800" <= letter <= "\udfff" else "\ufffd"


@cache
def _base64() -> Any:
    import re2

    return re2.compile(BASE64.encode())


class Region(NamedTuple):
    """Bytes from `start` to `end` that are an encoding of `plain`."""

    start: int
    end: int
    coding: Literal["base64", "percent"]
    plain: str


def regions(data: bytes) -> Iterator[Region]:
    """Where base64 and percent signs encode a text."""
    for match in _base64().finditer(data):
        plain = base64_text(match.group(0))
        if plain is not None:
            yield Region(match.start(), match.end(), "base64", plain)
    end = 0
    for match in _PERCENT.finditer(data):
        if match.start() >= end:
            start = max(end, *(data.rfind(blank, end, match.start()) + 1 for blank in _BLANKS))
            word = _WORD.match(data, start)
            end = word.end() if word is not None else match.end()
            yield Region(start, end, "percent", unquote(data[start:end].decode(errors="replace")))


def coded(data: bytes, depth: int = DEPTH) -> Iterator[tuple[int, str]]:
    """What base64 and percent signs hide in a text, with all layers of that, and where in the text it stands."""
    for region in regions(data):
        layers: list[str] = []
        _text(region.plain, "", layers, depth - 1)
        for layer in layers:
            yield region.start, layer
        if depth > 1:
            for layer in layers:
                yield from ((region.start, inner) for _, inner in coded(layer.encode(errors="replace"), depth - 2))


def base64_text(region: bytes) -> str | None:
    """What a region of base64 holds, if that is text."""
    body = region.translate(_TO_STANDARD, b"\r\n=")
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        plain = base64.b64decode(body + b"=" * (-len(body) % 4))
        return plain.decode() if plain.translate(None, _UNREADABLE) == plain else None
    except (binascii.Error, ValueError):
        return None


_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_UNREADABLE = bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"
