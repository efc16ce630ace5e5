"""What the process ribbon says a run was doing, and that its short form stays short and true."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.smallest import answer, run_of, used
from viewer.annotations import annotate
from viewer.model import Event
from viewer.ribbon import LETTERS, MOST_CELLS, cells_of, encode_ribbon, phases

EDIT = used("Edit", {"file_path": "a.py", "old_string": "a", "new_string": "b"}, answer("ok"))


def ran(command: str, text: str = "", status: Any = "ok") -> Event:
    return used("Bash", {"command": command}, answer(text, status))


def said(kind: Any) -> Event:
    return Event(1, 1, kind, None, "words")


def of(*events: Event) -> list[str]:
    return list(phases(annotate(run_of(*events))))


def test_a_call_has_the_phase_of_what_it_does_through_a_tool_or_the_shell() -> None:
    read = used("Read", {"file_path": "a.py"}, answer("x"))
    assert of(read, ran("cat a.py"), EDIT, ran("cat > b.py <<'EOF'\nx\nEOF"), ran("make"), ran("sleep 60")) == [
        "explore",
        "explore",
        "edit",
        "edit",
        "run",
        "wait",
    ]


def test_what_failed_is_a_failure_whatever_it_was_for_and_a_probe_is_none() -> None:
    assert of(ran("make", "", "error"), ran("ls gone", "ls: gone: No such file or directory", "error")) == [
        "fail",
        "explore",
    ]


def test_the_models_words_belong_to_the_call_that_they_lead_to() -> None:
    assert of(said("user"), said("reasoning"), said("assistant"), EDIT, said("assistant")) == [
        "other",
        "edit",
        "edit",
        "edit",
        "other",
    ]


def test_words_before_a_prompt_do_not_belong_to_a_call_after_it() -> None:
    assert of(said("assistant"), said("user"), EDIT) == ["other", "other", "edit"]


def test_the_short_form_tells_phases_errors_edits_tests_and_how_it_ended() -> None:
    hidden = ran("pytest | tail", "E   KeyError: 'a'\n=== 1 failed in 0.1s ===")
    run = run_of(said("user"), ran("ls"), EDIT, ran("pytest", "1 failed", "error"), hidden, said("assistant"))
    found = encode_ribbon(annotate(run))
    assert (
        found
        | {
            "n": 6,
            "cells": 1,
            "phases": "o1x1e1f2o1",
            "flagged": [3],
            "inferred": [4],
            "edits": [2],
            "tests": [3, 4],
            "evals": [],
            "firstEdit": 2,
            "end": "answered",
        }
        == found
    )


def test_an_empty_run_has_an_empty_ribbon() -> None:
    found = encode_ribbon(annotate(run_of()))
    assert (found["n"], found["phases"], found["firstEdit"], found["end"]) == (0, "", None, "user")


def test_the_end_is_told_from_the_last_event_that_a_reader_knows() -> None:
    ends = [
        encode_ribbon(annotate(run_of(last, said("system"))))["end"]
        for last in (said("user"), said("interruption"), used("Bash", {"command": "make"}), EDIT)
    ]
    assert ends == ["user", "interrupted", "unanswered", "answered"]


@given(st.lists(st.sampled_from([EDIT, ran("make"), ran("make", "", "error"), said("user")]), max_size=3_000))
def test_the_short_form_of_any_run_is_short_and_covers_it(events: list[Event]) -> None:
    found = encode_ribbon(annotate(run_of(*events), ()))
    letters = cells_of(found["phases"], 10_000)
    assert set(letters) <= set(LETTERS.values())
    assert len(letters) == -(-len(events) // found["cells"]) <= MOST_CELLS
    assert all(len(found[name]) <= MOST_CELLS for name in ("flagged", "inferred", "edits", "tests", "evals"))


@given(st.text("xerfwo", max_size=900), st.integers(1, 80))
def test_cells_are_as_many_as_asked_for_or_as_there_are(letters: str, count: int) -> None:
    encoded = "".join(f"{letter}1" for letter in letters)
    assert len(cells_of(encoded, count)) == min(len(letters), count)
