"""Two runs side by side: the same sorts of actions whatever the tool, and where they first differ."""

from __future__ import annotations

from itertools import count

from tests.smallest import answer, run_of, used
from viewer.annotations import annotate
from viewer.annotations.contract import Annotated
from viewer.divergence import MOST_SHOWN, MOST_STEPS, diverge, divergence_json, steps_of
from viewer.model import Event

NAMES = ("Left", "Right")


def did(*calls: tuple[str, dict[str, str]]) -> Annotated:
    """A run of these calls: tool and arguments."""
    records = count(1)
    events: list[Event] = [
        used(name, arguments, answer("ok", record=record), record=record)
        for record, (name, arguments) in zip(records, calls, strict=False)
    ]
    return annotate(run_of(*events))


def shell(command: str, name: str = "Bash") -> tuple[str, dict[str, str]]:
    return name, {"command": command}


READ = ("Read", {"file_path": "/w/a.py"})
EDIT = ("Edit", {"file_path": "/w/a.py", "old_string": "a", "new_string": "b"})
PLAN = ("TodoWrite", {"todos": ""})


def sorts(run: Annotated) -> list[str]:
    return [step.does for step in steps_of(run)]


def test_an_action_is_what_it_is_for_whichever_tool_did_it() -> None:
    assert (
        sorts(did(READ, EDIT)) == sorts(did(shell("cat a.py"), shell("sed -i s/a/b/ a.py", "bash"))) == ["look", "edit"]
    )


def test_plans_are_no_actions_and_neighbours_of_one_sort_are_one_step() -> None:
    steps = steps_of(did(READ, PLAN, shell("ls"), shell("pytest -q"), READ))
    assert [(step.does, step.events) for step in steps] == [("look", (0, 2)), ("test", (3,)), ("look", (4,))]


def test_runs_part_at_the_first_step_of_another_sort_and_say_so_with_both_events() -> None:
    found = diverge(did(READ, EDIT, shell("pytest")), did(shell("ls"), shell("cat b"), shell("pytest"), EDIT))
    assert found.first == 1
    said = divergence_json(found, NAMES)["sentence"]
    assert said == "After 1 common step (looks), Left edits (event 2) while Right runs tests (event 3)."


def test_steps_after_the_parting_are_paired_again_where_they_agree() -> None:
    found = diverge(did(READ, EDIT, shell("pytest"), EDIT), did(READ, shell("pytest"), shell("make"), EDIT))
    shown = [(pair.left and pair.left.does, pair.right and pair.right.does) for pair in found.pairs]
    assert shown == [("look", "look"), ("edit", "test"), ("test", "build"), ("edit", "edit")]


def test_runs_that_do_the_same_do_not_part() -> None:
    found = diverge(did(READ, EDIT), did(shell("cat a"), EDIT))
    assert (found.first, divergence_json(found, NAMES)["sentence"]) == (
        None,
        "Both do the same sorts of things in the same order, all 2 steps.",
    )


def test_a_run_that_ends_parts_from_one_that_goes_on() -> None:
    said = divergence_json(diverge(did(READ), did(READ, EDIT)), NAMES)["sentence"]
    assert said == "After 1 common step (looks), Left is done while Right edits (event 2)."


def test_runs_without_calls_say_so() -> None:
    assert divergence_json(diverge(did(), did()), NAMES)["sentence"] == "Neither run calls a tool."


def test_long_steps_and_long_runs_are_cut_and_counted() -> None:
    long = did(*[READ] * 50, *[EDIT, READ] * MOST_STEPS)
    answered = divergence_json(diverge(long, long), NAMES)
    first = answered["pairs"][0]["left"]
    assert (first["count"], len(first["events"])) == (50, MOST_SHOWN)
    assert answered["later"] == [2 * MOST_STEPS + 1 - MOST_STEPS] * 2


def test_an_event_shows_its_address_its_line_and_whether_it_failed() -> None:
    failed = annotate(run_of(used("Bash", {"command": "make"}, answer("boom", "error"), record=7)))
    (pair,) = divergence_json(diverge(failed, did(shell("make"))), NAMES)["pairs"]
    assert pair["left"]["events"] == [{"address": "7", "category": "shell", "brief": "make", "error": "flagged"}]
    assert pair["right"]["events"][0]["error"] is None
