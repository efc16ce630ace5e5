"""Markdown as plain nodes: no tag but those of the table, no link but to the web, no image, whatever the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.markdown import MAX_LENGTH, markdown_nodes

TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "s", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "a", "span",
}  # fmt: skip


def elements(nodes: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Tag and attributes of every element."""
    for node in nodes:
        if not isinstance(node, str):
            tag, attributes, children = node
            yield tag, attributes
            yield from elements(children)


def words(nodes: Any) -> str:
    return "".join(node if isinstance(node, str) else words(node[2]) for node in nodes)


def links(text: str) -> list[str | None]:
    return [attributes.get("href") for tag, attributes in elements(markdown_nodes(text)) if tag == "a"]


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("# A", [["h1", {}, ["A"]]]),
        (
            "a **b** *c* ~~d~~",
            [["p", {}, ["a ", ["strong", {}, ["b"]], " ", ["em", {}, ["c"]], " ", ["s", {}, ["d"]]]]],
        ),
        ("a\nb", [["p", {}, ["a", "\n", "b"]]]),
        ("a  \nb", [["p", {}, ["a", ["br", {}, []], "b"]]]),
        ("---", [["hr", {}, []]]),
        ("`x`", [["p", {}, [["code", {}, ["x"]]]]]),
        ("```py\nx = 1\n```", [["pre", {}, [["code", {}, ["x = 1\n"]]]]]),
        ("    x = 1", [["pre", {}, [["code", {}, ["x = 1\n"]]]]]),
        ("> a", [["blockquote", {}, [["p", {}, ["a"]]]]]),
        ("- a\n- b", [["ul", {}, [["li", {}, [["span", {}, ["a"]]]], ["li", {}, [["span", {}, ["b"]]]]]]]),
        ("1. a", [["ol", {}, [["li", {}, [["span", {}, ["a"]]]]]]]),
        (
            "|a|\n|-|\n|b|",
            [
                [
                    "table",
                    {},
                    [
                        ["thead", {}, [["tr", {}, [["th", {}, ["a"]]]]]],
                        ["tbody", {}, [["tr", {}, [["td", {}, ["b"]]]]]],
                    ],
                ]
            ],
        ),
        ("[a](https://b.c)", [["p", {}, [["a", {"href": "https://b.c"}, ["a"]]]]]),
        ("", []),
    ],
)
def test_markdown_becomes_these_nodes(text: str, nodes: Any) -> None:
    assert markdown_nodes(text) == nodes


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=x>c</b> d",
        "<!-- a -->",
        "<style>*{background:url(//a.b)}</style>",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='x'></iframe>",
        "> <details open ontoggle=x>",
    ],
)
def test_html_stays_the_text_that_it_is(text: str) -> None:
    assert {tag for tag, _ in elements(markdown_nodes(text))} <= {"p", "blockquote"}
    assert words(markdown_nodes(text)) == text.removeprefix("> ")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "<java script:alert(1)>",
        "data:text/html,x",
        "data:image/png;base64,aGk=",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@b.c",
        "//a.b",
        "/api/runs.json",
        "?source=x",
        "#x",
        "http:a",
        "https:///a",
    ],
)
def test_a_link_to_anything_but_the_web_leads_nowhere(target: str) -> None:
    assert all(href is None for href in links(f"[a]({target})"))
    assert all(href is None for href in links(f"[a]\n\n[a]: {target}"))


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "ftp://a.b"])
def test_an_address_in_angle_brackets_is_held_to_the_same(target: str) -> None:
    assert all(href is None for href in links(f"<{target}>"))


@pytest.mark.parametrize("target", ["https://a.b/c?d=e#f", "http://a.b", "HTTPS://A.B"])
def test_a_link_to_the_web_is_kept(target: str) -> None:
    assert links(f"[a]({target})") == [target]
    assert links(f"<{target}>") == [target]


def test_an_address_that_is_only_written_out_is_no_link() -> None:
    assert links("see https://a.b") == []


def test_a_link_carries_nothing_but_its_address() -> None:
    attributes = [found for _, found in elements(markdown_nodes('[a](https://b.c "title")'))]
    assert attributes == [{}, {"href": "https://b.c"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![a](https://b.c/d.png)", "[image: a]"),
        ("![](https://b.c/d.png)", "[image: https://b.c/d.png]"),
        ("[![a](https://b.c/d.png)](https://e.f)", "[image: a]"),
        ("![a][b]\n\n[b]: https://b.c/d.png", "[image: a]"),
    ],
)
def test_an_image_is_named_and_never_fetched(text: str, said: str) -> None:
    nodes = markdown_nodes(text)
    assert words(nodes) == said
    assert {tag for tag, _ in elements(nodes)} <= {"p", "a"}


def test_a_very_long_text_is_shown_as_it_is() -> None:
    text = "# a\n" * MAX_LENGTH
    assert markdown_nodes(text) == [["pre", {}, [text]]]


@pytest.mark.parametrize(
    "text",
    [
        ">" * 5_000 + "a",
        "- " * 5_000 + "a",
        "**a " * 2_000 + "b**" * 2_000,
        "*a _b " * 2_000 + "c_ d* " * 2_000,
        "~~a **b " * 1_000 + "c** d~~ " * 1_000,
        "[" * 5_000 + "a" + "](https://b.c)" * 2_000,
        "`" * MAX_LENGTH,
        "|a" * 5_000 + "\n" + "|-" * 5_000,
    ],
    ids=["quotes", "lists", "strong", "emphasis", "struck out", "brackets", "backticks", "columns"],
)
def test_deeply_nested_markdown_can_still_be_sent(text: str) -> None:
    assert orjson.dumps(markdown_nodes(text))


PIECES = st.sampled_from(
    ["*", "**", "_", "~~", "`", "```\n", "# ", "> ", "- ", "1. ", "\n", "\n\n", "    ", "|", "|-|\n", "[a](", "](", ")",
     "![", "<", ">", "<b>", "</b>", "<script>", "javascript:", "https://a.b", "&lt;", "&#60;script&#62;", "\\", "---\n"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_whatever_the_text_only_known_tags_and_web_links_come_out(text: str) -> None:
    for tag, attributes in elements(markdown_nodes(text)):
        assert tag in TAGS
        assert attributes.keys() <= {"href"}
        assert attributes.get("href", "http://").lower().startswith(("http://", "https://"))


def test_a_text_full_of_brackets_is_shown_as_it_is() -> None:
    text = "[" * 50_000

    assert markdown_nodes(text) == [["pre", {}, [text]]]
