"""Cards and YAML of strangers: what is read, what is refused, and with which line."""

from __future__ import annotations

import pytest

from viewer.card import Cell, read_card
from viewer.safe_yaml import YamlError, read_yaml


def test_yaml_becomes_plain_values_with_the_line_of_each() -> None:
    document = read_yaml("title: x\nruns:\n  - path: a.jsonl\n    value: 0.5\n", first_line=10)
    assert document.value == {"title": "x", "runs": [{"path": "a.jsonl", "value": 0.5}]}
    assert document.line(("runs", 0, "value")) == 13
    assert document.line(("runs", 0, "missing")) == 12
    assert document.source_line(("runs", 0, "value")) == "value: 0.5"


def test_what_looks_like_a_date_or_an_odd_number_stays_text() -> None:
    text = "a: 2026-13-40\nb: 1:20\nc: 0x1f\nd: .nan\ne: " + "1" * 5_000 + "\nf: yes\ng: ~\nh: 1_000\n"
    value = read_yaml(text).value
    assert (value["a"], value["b"], value["c"], value["d"]) == ("2026-13-40", "1:20", "0x1f", ".nan")
    assert value["e"] == "1" * 5_000
    assert (value["f"], value["g"], value["h"]) == (True, None, 1000)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1]\nb: *x\n", "Line 1: anchors and aliases"),
        ("a: 1\nb: !!python/object:os.system x\n", "Line 2: the tag"),
        ("a: 1\na: 2\n", "Line 2: the key 'a' is there twice"),
        ("? [a]\n: b\n", "Line 1: a key is a list"),
        ("[" * 100_000, "Line 1"),
        ("- " * 60 + "a", "nested more than"),
        ("- a\n" * 60_000, "more than 50,000 values"),
        ("a" * 300_000, "larger than 256 kB"),
        ("a: [1,\nb: 2", "Line 2"),
        ("a: 'b", "Line 1"),
        ("a: \x07", ""),
        ("--- a\n--- b\n", "Line 2"),
    ],
)
def test_hostile_or_broken_yaml_is_refused_with_the_line(text: str, reason: str) -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml(text)
    assert reason in str(caught.value)


def test_half_a_character_is_no_crash() -> None:
    assert read_yaml("a: b\ud800").value == {"a": "b?"}


def test_a_card_has_front_matter_and_tables_with_lines() -> None:
    card = read_card(
        "---\ntitle: x\n---\n# Runs\n\n| File | **F1** | Model |\n|---|:-:|---|\n"
        "| `a.jsonl` | **0.9** | [me/m](https://huggingface.co/me/m) |\n| b \\| c | 0.8 |\n\ntext\n"
    )
    assert card.facts == {"title": "x"}
    (table,) = card.tables
    assert (table.header, table.line) == (("File", "F1", "Model"), 6)
    assert table.rows[0] == (Cell("a.jsonl"), Cell("0.9"), Cell("me/m", "https://huggingface.co/me/m"))
    assert table.rows[1] == (Cell("b | c"), Cell("0.8"))


def test_a_table_ends_where_its_lines_do() -> None:
    card = read_card("| A | B |\n|:--|--:|\n| 1 | 2 |\n| 3 \\| 4 | `5` |\n\n| 6 | 7 |\n\nC|D\n-|-\n8|9\n")
    first, second = card.tables
    assert first.rows == ((Cell("1"), Cell("2")), (Cell("3 | 4"), Cell("5")))
    assert first.lines == ("| 1 | 2 |", "| 3 \\| 4 | `5` |")
    assert (second.header, second.rows, second.line) == (("C", "D"), ((Cell("8"), Cell("9")),), 8)


def test_a_table_in_a_fence_is_none() -> None:
    assert read_card("```\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n").tables == ()


def test_front_matter_that_cannot_be_read_costs_the_tables_nothing() -> None:
    card = read_card("---\na: [\n---\n| File | F1 |\n|---|---|\n| a | 1 |\n")
    assert card.facts == {}
    assert "front matter of the card cannot be read" in card.problem
    assert len(card.tables) == 1


def test_a_card_without_front_matter_starts_at_its_first_line() -> None:
    card = read_card(b"# Title\n---\na: b\n---\n")
    assert (card.facts, card.problem, card.body_line) == ({}, "", 1)
    assert read_card("---\n---\nx").facts == {}


@pytest.mark.parametrize(
    "text", ["|" * 200_000, "a|b\n" + "-|" * 100_000, "[a](" * 60_000, "\\|" * 120_000, "\xff\x00"]
)
def test_hostile_cards_are_read_to_an_end(text: str) -> None:
    assert read_card(text.encode()).facts == {}
