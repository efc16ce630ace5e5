"""Every note on a run's data, and that it is absent where there is no cause."""

from __future__ import annotations

from typing import Any

import pytest

from tests.smallest import answer, run_of, used
from viewer.model import Event, Problem, Run
from viewer.quality import quality_notes

NOON = 1_750_000_000_000
OPEN = used("Bash", {}, None, time=NOON)
DONE = used("Bash", {}, answer(), time=NOON)
FAILED = used("Bash", {}, answer(status="error"), time=NOON)
UNFLAGGED = "Claude Code records no error flag: errors are inferred from the text, no word of one is no success"


def prompt(seconds: int | None, record: int = 1) -> Event:
    return Event(record, 1, "user", None if seconds is None else NOON + seconds * 1_000, "Fix it")


GOOD = tuple(prompt(5 * record, record) for record in range(1, 9))


def notes(*events: Event, **facts: Any) -> list[str]:
    """The notes of a run with good times and these events."""
    return quality_notes(run_of(*GOOD, *events, **facts))


def test_a_run_without_any_fault_has_no_note() -> None:
    assert notes(DONE) == []


def test_an_unreadable_record_is_named_with_its_reason() -> None:
    note = "1 record unreadable; the first is record 7: not JSON"
    assert notes(problems=(Problem(7, "not JSON"),), unreadable=1) == [note]


def test_all_unreadable_records_are_counted_listed_or_not() -> None:
    note = "1,500 records unreadable; the first is record 7: not JSON"
    assert notes(problems=(Problem(7, "not JSON"), Problem(8, "not JSON")), unreadable=1_500) == [note]


def test_a_cut_file_is_not_called_corrupt() -> None:
    assert notes(truncated=True) == [
        "The last record is cut: the session is still being written, or the file was cut off"
    ]


@pytest.mark.parametrize(
    ("seconds", "note"),
    [
        ([None, None], "Times hidden: the file states none"),
        ([3, 3, 3], "Times hidden: every record has the same timestamp"),
        ([3, 3, 3, 3, 9], "Times hidden: only 2 different timestamps on 5 events"),
    ],
)
def test_times_that_mean_nothing_are_said_to_be_hidden(seconds: list[int | None], note: str) -> None:
    assert quality_notes(run_of(*(prompt(second, at) for at, second in enumerate(seconds, 1)))) == [note]


def test_a_harness_without_flags_is_said_to_record_none() -> None:
    assert notes(DONE, flags_errors=False) == [UNFLAGGED]


def test_a_harness_without_flags_that_wrote_an_exit_code_is_said_to_flag_no_result() -> None:
    note = "Claude Code flags no result: errors are those whose exit code it wrote, or inferred from the text"
    assert notes(FAILED, flags_errors=False) == [note]


def test_without_a_call_nothing_is_said_of_flags() -> None:
    assert notes(flags_errors=False) == []


@pytest.mark.parametrize(
    ("count", "note"), [(1, "1 reasoning block is encrypted"), (2, "2 reasoning blocks are encrypted")]
)
def test_encrypted_reasoning_is_counted(count: int, note: str) -> None:
    hidden = [Event(3, block, "reasoning", NOON) for block in range(1, count + 1)]
    assert notes(*hidden, Event(4, 1, "reasoning", NOON, "Readable")) == [note]


@pytest.mark.parametrize(("count", "note"), [(1, "1 tool call without a result"), (2, "2 tool calls without a result")])
def test_calls_without_a_result_are_counted(count: int, note: str) -> None:
    assert notes(DONE, *[OPEN] * count) == [note]


def test_results_without_a_call_are_counted() -> None:
    orphan = DONE._replace(label="result without a call")
    assert notes(DONE, orphan) == ["1 tool result without a call in this file"]


def test_what_the_format_wants_said_comes_last() -> None:
    run: Run = run_of(*GOOD, OPEN, notes=("3 entries on another branch",), truncated=True)
    found = quality_notes(run)
    assert found[1:] == ["1 tool call without a result", "3 entries on another branch"]
