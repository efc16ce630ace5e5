"""Markdown of a trace as a small tree of plain nodes, so that the browser never sees HTML made from a trace.

markdown-it-py reads it (HTML off); this module keeps only the tags of a table and links to http and https. A node is a
text, or `[tag, attributes, children]`. Anything else becomes its text.
"""

from __future__ import annotations

from typing import TypeAlias
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

Node: TypeAlias = "str | list[object]"

MAX_LENGTH = 60_000
"""A longer text is shown as it is: nobody reads it as a document, and rendering it would only take time."""

MAX_BRACKETS = 2_000
"""More opening brackets than this are no document either: markdown-it takes quadratic time on them (60,000: 7 s)."""

DEEPEST = 50
"""Elements inside each other at most; deeper ones stand in the deepest. orjson writes 254 levels, two for each."""

_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr")
_TABLES = ("table", "thead", "tbody", "tr", "th", "td")
_TAGS = frozenset((*_BLOCKS, *_TABLES, "strong", "em", "s", "code", "br", "a"))


def markdown_nodes(text: str) -> list[Node]:
    """The text as nodes; a text that is too long comes back as one `pre` node."""
    if len(text) > MAX_LENGTH or text.count("[") > MAX_BRACKETS:
        return [["pre", {}, [text]]]
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    root: list[Node] = []
    stack: list[list[Node]] = [root]
    for token in parser.parse(text):
        _place(token, stack)
    return root


def _place(token: Token, stack: list[list[Node]]) -> None:
    """Put one token where it belongs: `stack` holds the children lists that are open."""
    if token.type == "inline":
        for child in token.children or ():
            _place(child, stack)
        return
    if token.nesting == 1 and len(stack) > DEEPEST:
        stack.append(stack[-1])
    elif token.nesting == 1:
        children: list[Node] = []
        tag = token.tag if token.tag in _TAGS else "p"
        hidden = token.hidden and tag == "p"  # the paragraph of a tight list item
        stack[-1].append(["span" if hidden else tag, _attributes(token), children])
        stack.append(children)
    elif token.nesting == -1:
        if len(stack) > 1:
            stack.pop()
    else:
        stack[-1].append(_leaf(token))


def _leaf(token: Token) -> Node:
    if token.type in ("fence", "code_block"):
        return ["pre", {}, [["code", {}, [token.content]]]]
    if token.type == "code_inline":
        return ["code", {}, [token.content]]
    if token.type == "softbreak":
        return "\n"
    if token.type in ("hardbreak", "hr"):
        return [token.tag, {}, []]
    if token.type == "image":  # never fetched: shown as what it is
        source = token.attrs.get("src", "")
        return f"[image: {token.content or source}]"
    return token.content


def _attributes(token: Token) -> dict[str, str]:
    if token.tag != "a":
        return {}
    target = str(token.attrs.get("href", ""))
    try:
        parts = urlsplit(target)
    except ValueError:
        return {}
    return {"href": target} if parts.scheme in ("http", "https") and parts.netloc else {}
