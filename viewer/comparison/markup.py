"""HTML and SVG as text, every word of it escaped: what a trace says can only ever be text in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, not even escaped."""

_EMPTY = frozenset({"meta", "br"})


class Markup(str):
    """Escaped already. Only this module makes it; every other text is escaped where it is put in."""

    __slots__ = ()


Child = Markup | str | int | float | None


def escaped(value: object) -> Markup:
    """A value as text; `Markup` as it is."""
    return value if isinstance(value, Markup) else Markup(html.escape(_NOT_XML.sub("\ufffd", str(value)), quote=True))


def tag(name: str, attributes: dict[str, object] | None = None, *children: Child | Iterable[Child]) -> Markup:
    """An element; None leaves an attribute or a child out. Tag and attribute names are this program's own."""
    given = "".join(f' {key}="{escaped(value)}"' for key, value in (attributes or {}).items() if value is not None)
    if name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[Child | Iterable[Child]]) -> Markup:
    """Children one after the other."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, str | int | float):
            parts.append(escaped(child))
        elif child is not None:
            parts.append(joined(child))
    return Markup("".join(parts))


def safe_link(address: str) -> str | None:
    """An address that may be a link: http or https, nothing that could run."""
    return address if address.startswith(("https://", "http://")) else None
