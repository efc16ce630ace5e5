"""Rows of the event list, and search within a run."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.smallest import answer, used
from viewer.annotations.contract import Failure
from viewer.model import Event, ImageRef
from viewer.rows import event_row, search

IMAGE = ImageRef(1, ("message", "content", 0), "image/png", 3)


def found(query: str, *events: Event) -> list[int]:
    return search(events, query)


def said(text: str) -> Event:
    return Event(1, 1, "assistant", None, text)


def test_a_row_of_a_prompt_has_nothing_of_a_call() -> None:
    assert event_row(7, Event(3, 2, "user", None, "Fix\nit", label="slash command", images=(IMAGE,))) == {
        "i": 7,
        "address": "3.2",
        "kind": "user",
        "label": "slash command",
        "tool": None,
        "category": None,
        "brief": "Fix it",
        "verdict": None,
        "evidence": None,
        "errorClass": None,
        "exit": None,
        "images": 1,
    }


def test_a_row_of_a_call_says_what_came_of_it() -> None:
    result = answer("gone", "error", exit_code=2, images=(IMAGE,))
    failure = Failure("error", "inferred", "no such file", "FileNotFoundError")
    row = event_row(0, used("Bash", {"command": "ls"}, result, record=4), None, failure)
    assert (row["address"], row["tool"], row["category"], row["brief"]) == ("4", "Bash", "shell", "ls")
    assert (row["verdict"], row["evidence"], row["errorClass"]) == ("error", "inferred", "FileNotFoundError")
    assert (row["exit"], row["images"]) == (2, 1)


def test_a_call_without_a_result_is_unanswered() -> None:
    assert event_row(0, used("Bash", {"command": "ls"}))["verdict"] == "unanswered"


def test_a_path_inside_the_working_folder_is_written_without_it() -> None:
    assert event_row(0, used("Read", {"file_path": "/w/a.py"}), "/w")["brief"] == "a.py"


@pytest.mark.parametrize("query", ["error", "ERROR", "rror: b"])
def test_search_ignores_case(query: str) -> None:
    assert found(query, said("all well"), said("Error: bad")) == [1]


def test_search_ignores_case_beyond_ascii() -> None:
    assert found("ÜBER", said("über alles")) == [0]


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": "grep needle"},
        {"edits": [{"old_string": "a"}, {"new_string": "needle"}]},
        {"a": {"b": {"c": ["x", ["needle"]]}}},
        "free needle form",
    ],
)
def test_search_finds_text_in_nested_arguments(arguments: Any) -> None:
    assert found("needle", used("Bash", {"command": "ls"}), used("Bash", arguments)) == [1]


@pytest.mark.parametrize(
    "event",
    [
        used("Bash", {}, answer("a needle")),
        used("needle", {}),
        Event(1, 1, "system", None, label="needle hook"),
        said("needle"),
    ],
    ids=["result", "tool", "label", "text"],
)
def test_search_finds_text_wherever_it_stands(event: Event) -> None:
    assert found("needle", event) == [0]


@pytest.mark.parametrize(("query", "number"), [("42", 42), ("true", True), ("1.5", 1.5)])
def test_search_finds_numbers_in_arguments(query: str, number: Any) -> None:
    assert found(query, used("Bash", {"a": [number]})) == [0]


def test_search_takes_the_query_as_text_and_not_as_a_pattern() -> None:
    assert found(".*", said("abc"), said("a.*b")) == [1]


def test_search_finds_nothing_in_names_of_arguments_and_in_what_is_missing() -> None:
    assert found("command", used("Bash", {"command": None})) == []
    assert found("none", used("Bash", {"command": None}), used("Bash", None)) == []


def test_search_goes_as_deep_as_a_trace_may_nest() -> None:
    deep = orjson.loads("[" * 1_000 + '"needle"' + "]" * 1_000)
    assert found("needle", used("Bash", {"a": deep}), said("needle")) == [0, 1]
