"""What each metric counts, the same for every harness, and when it is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.smallest import answer, run_of, used
from viewer.annotations import annotate
from viewer.metric import Value
from viewer.metrics import BY_NAME, METRICS, measure
from viewer.model import Event, Usage

NOON = 1_750_000_000_000
MINUTE = 60_000


def values(*events: Event, **facts: Any) -> dict[str, Value]:
    return measure(annotate(run_of(*events, **facts)))


def ran(command: str, text: str = "", status: Any = "ok", record: int = 1, **more: Any) -> Event:
    return used("Bash", {"command": command}, answer(text, status, record=record + 1, **more), record=record)


def test_every_metric_is_declared_once_and_has_a_value() -> None:
    assert len(BY_NAME) == len(METRICS)
    assert values().keys() == BY_NAME.keys()
    assert all(metric.definition.endswith(".") and metric.reading.endswith(".") for metric in METRICS)


def test_every_metric_that_can_be_unknown_says_when() -> None:
    unknown = {name for name, value in values().items() if value is None}
    assert {name for name in unknown if not BY_NAME[name].unknown} == set()


def test_a_run_without_anything_counts_zero_where_it_counts_and_knows_nothing_else() -> None:
    found = values()
    assert (found["events"], found["calls"], found["loops"], found["inferred"]) == (0, 0, 0, 0)
    assert {found[name] for name in ("palette", "masked_share", "errors_per_100", "wall", "tokens", "cost")} == {None}


def test_reading_through_the_shell_is_looking_as_with_a_tool_of_its_own() -> None:
    found = values(
        ran("cat a.py", "x = 1"), used("Read", {"file_path": "a.py"}, answer("x = 1")), ran("make", record=5)
    )
    assert (found["explored"], found["ran"], found["calls"]) == (2, 1, 3)


def test_a_write_through_the_shell_is_an_edit_and_ends_what_came_before_the_first() -> None:
    found = values(ran("ls"), ran("cat > a.py <<'EOF'\nx = 1\nEOF", record=3))
    assert (found["edits"], found["calls_to_edit"]) == (1, 1)


def test_polls_of_a_running_command_count_with_it() -> None:
    call = used("exec_command", {"cmd": "make"}, answer("still running"))
    poll = used("write_stdin", {"session_id": 1, "chars": ""}, answer("done", record=4), record=3)
    typed = used("write_stdin", {"session_id": 1, "chars": "y\n"}, answer("ok", record=6), record=5)
    assert values(call, poll, typed)["calls"] == 2


def test_a_search_that_found_nothing_is_no_error() -> None:
    found = values(ran("grep -r needle .", "", "error", exit_code=1))
    assert (found["flagged"], found["errors_per_100"]) == (0, 0)


def test_an_error_that_a_pipe_hides_is_inferred_and_the_pipe_counted() -> None:
    found = values(ran("python train.py | tail -5", "Traceback (most recent call last):\n  x\nKeyError: 'label'"))
    assert (found["flagged"], found["inferred"], found["masked_share"], found["error_classes"]) == (0, 1, 1, 1)


def test_flagged_errors_of_a_harness_without_flags_are_unknown() -> None:
    found = values(ran("make", status="unknown"), flags_errors=False)
    assert (found["flagged"], found["inferred"]) == (None, 0)


def test_times_that_mean_nothing_give_no_time() -> None:
    same = (Event(at, 1, "user", NOON, "Go") for at in range(1, 6))
    found = values(*same, started=NOON, ended=NOON)
    assert {found[name] for name in ("wall", "active", "time_to_edit")} == {None}


def test_active_time_leaves_out_the_wait_for_the_user_and_long_pauses() -> None:
    run = (
        Event(1, 1, "user", NOON, "Go"),
        Event(2, 1, "assistant", NOON + MINUTE, "Done"),
        Event(3, 1, "user", NOON + 6 * MINUTE, "More"),
        used("Bash", {"command": "make"}, answer(record=5, time=NOON + 9 * MINUTE), record=4, time=NOON + 7 * MINUTE),
        used("Bash", {"command": "make"}, answer(record=7, time=NOON + 40 * MINUTE), record=6, time=NOON + 39 * MINUTE),
    )
    found = values(*run, started=NOON, ended=NOON + 40 * MINUTE)
    assert (found["wall"], found["active"]) == (40 * MINUTE, (1 + 1 + 2 + 1) * MINUTE)


def test_tokens_and_cost_are_what_the_file_states() -> None:
    found = values(usage=Usage(input=1, output=2, cache_read=4, cache_write=8, cost_usd=0.5))
    assert (found["tokens"], found["tokens_new"], found["tokens_out"], found["cost"]) == (15, 9, 2, 0.5)


def test_the_palette_names_the_tools_most_used_first_and_counts_the_rest() -> None:
    assert values(ran("ls"), ran("ls"), used("Read", {}, answer()))["palette"] == "Bash 2, Read 1"
    many = values(*(used(f"tool{number}", {}, answer()) for number in range(10)))["palette"]
    assert isinstance(many, str)
    assert many.endswith(", 2 more")


def test_loops_recovery_and_drift_come_from_the_annotators() -> None:
    failing = "Traceback (most recent call last):\n  x\n{}"
    edit = {"file_path": "train.py", "old_string": "a", "new_string": "b"}
    found = values(
        ran("python train.py", failing.format("KeyError: 'label'"), record=1),
        used("Edit", edit, answer("ok", record=4), record=3),
        ran("python train.py", failing.format("TypeError: no"), record=5),
        used("Edit", edit, answer("ok", record=8), record=7),
        ran("python train.py", "done", record=9),
    )
    assert (found["loops"], found["loop_longest"], found["loops_progressive"], found["loops_stuck"]) == (1, 2, 1, 0)
    assert found["recovery_calls"] == 5


@pytest.mark.parametrize(
    ("verdict", "name"), [("rejected", "denied"), ("interrupted", "interrupted")], ids=["denied", "interrupted"]
)
def test_what_was_stopped_is_counted_and_is_no_error(verdict: str, name: str) -> None:
    found = values(ran("make", "The user doesn't want to proceed", verdict))
    assert (found[name], found["flagged"]) == (1, 0)
