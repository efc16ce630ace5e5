"""What the Issues panel says of a run, in which order, and that nothing is told twice."""

from __future__ import annotations

from typing import Any

from tests.smallest import ASSETS, answer, run_of, used
from viewer.annotations import ANNOTATORS, OPTIONAL, annotate
from viewer.annotations.contract import Annotated, Annotation, Failure, Judged
from viewer.failure import failure_json, notes_json
from viewer.formats import parse
from viewer.issues import KINDS, issues, issues_json
from viewer.model import Event

DEMO = ASSETS / "demo"
TRACEBACK = "Traceback (most recent call last):\n  x\n{}"
EDIT = used("Edit", {"file_path": "train.py", "old_string": "a", "new_string": "b"}, answer("ok"))


def ran(command: str, text: str = "", status: Any = "ok", **more: Any) -> Event:
    return used("Bash", {"command": command}, answer(text, status, **more))


def of(*events: Event) -> list[tuple[str, str]]:
    return [(issue.kind, issue.message) for issue in issues(annotate(run_of(*events))) if issue.weight]


def judged(failures: list[Failure | None], *annotations: Annotation) -> Annotated:
    run = run_of(*(used("Bash", {"command": f"tool{at}"}, answer(), record=at + 1) for at in range(len(failures))))
    return Annotated(Judged(run, tuple(failures), (None,) * len(failures)), annotations)


FAILED = Failure("error", "inferred", "KeyError: 'a'", "KeyError: 'a'")


def test_a_run_in_which_all_went_well_has_no_issue() -> None:
    assert of(ran("ls"), ran("make")) == []


def test_a_loop_comes_before_what_merely_failed() -> None:
    first, second = TRACEBACK.format("KeyError: 'a'"), TRACEBACK.format("TypeError: b")
    found = of(
        ran("git push", "rejected", "error"), ran("python train.py", first), EDIT, ran("python train.py", second)
    )
    assert found[0][0] == "loop"


def test_an_error_that_an_issue_of_more_weight_tells_is_not_told_again() -> None:
    told = Annotation("loop", (0, 1), "Told", severity="error")
    assert [issue.kind for issue in issues(judged([FAILED, FAILED, FAILED], told))] == ["loop", "errors"]
    assert [issue.events for issue in issues(judged([FAILED, FAILED], told))] == [(0, 1)]


def test_errors_of_one_class_are_one_issue_that_counts_them() -> None:
    (issue,) = issues(judged([FAILED, None, FAILED]))
    assert (issue.message, issue.quote, issue.events) == ("`KeyError: 'a'`, 2 times in `Bash`", "KeyError: 'a'", (0, 2))


def test_what_has_no_name_to_know_it_by_is_not_said_to_have_gone_through() -> None:
    ((_, message),) = of(ran("weird-tool", "boom", "error"), ran("weird-tool", "boom", "error"), ran("weird-tool"))
    assert "through" not in message


def test_another_inline_program_is_not_the_same_tried_again() -> None:
    first = ran("python3 -c 'import nowhere'", "No module named 'nowhere'", "error")
    issue, *_ = issues(annotate(run_of(first, first, ran("python3 -c 'print(1)'"))))
    assert "through" not in issue.message


def test_failures_in_passing_are_one_issue_with_every_event() -> None:
    found = issues(
        annotate(run_of(ran("git push", "no", "error"), ran("git push"), ran("make", "no", "error"), ran("make")))
    )
    assert [(issue.kind, issue.events) for issue in found if issue.weight] == [("passing", (0, 2))]


def test_several_of_a_kind_that_is_gathered_are_one_issue() -> None:
    annotated = judged(
        [None] * 3, *(Annotation("denied", (at,), f"Refused {at}", severity="warning") for at in range(3))
    )
    (issue,) = issues(annotated)
    assert (issue.message, issue.events) == ("Refused 0; 2 more such events", (0, 1, 2))


def test_a_kind_that_nobody_ranked_is_ranked_by_its_severity() -> None:
    known, new = Annotation("new_kind", (0,), "Known", severity="warning"), Annotation("newer", (1,), "New")
    assert [(issue.label, issue.weight > 0) for issue in issues(judged([None, None], known, new))] == [
        ("new kind", True),
        ("newer", False),
    ]


def test_what_is_off_by_default_comes_last_and_says_so() -> None:
    unsure = Annotation("unverified_claim", (0,), "Unsure", confidence="C")
    found = issues_json(judged([None, FAILED], unsure))
    assert [(issue["kind"], issue["confidence"]) for issue in found] == [("errors", "A"), ("unverified_claim", "C")]


def test_an_issue_for_the_page_names_its_events_by_address() -> None:
    (issue,) = issues_json(judged([None, FAILED]))
    assert (issue["events"], issue["count"], issue["evidence"]) == ([(1, "2")], 1, "inferred")


def test_no_kind_is_ranked_twice() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS)


def test_the_detail_of_a_hidden_failure_says_what_hid_it_what_is_like_it_and_where_it_went_through() -> None:
    hidden = ran("python train.py | tail -2", TRACEBACK.format("KeyError: 'a'"), exit_code=0)
    annotated = annotate(run_of(hidden, hidden, ran("python train.py | tail -2", "done")))
    found = failure_json(annotated, 0)
    assert found is not None
    assert (found["verdict"], found["evidence"], found["errorClass"]) == ("error", "inferred", "KeyError: 'a'")
    assert (found["quote"], found["masked"]) == ("KeyError: 'a'", "| tail")
    assert (found["sameCount"], found["success"]) == (1, (2, "1"))


def test_what_went_well_has_no_failure() -> None:
    annotated = annotate(run_of(ran("make"), Event(2, 1, "user", None, "Go")))
    assert [failure_json(annotated, index) for index in (0, 1)] == [None, None]


def test_an_event_knows_the_annotations_that_speak_of_it() -> None:
    annotated = judged([None, None], Annotation("loop", (0, 1), "A loop"), Annotation("gap", (0,), "A gap"))
    assert [note["message"] for note in notes_json(annotated, 1)] == ["A loop"]
    assert notes_json(annotated, 1)[0]["first"] == (0, "1")


def test_the_demo_tells_its_stories() -> None:
    top = {}
    for path in sorted(DEMO.glob("*.jsonl")):
        with path.open("rb") as lines:
            (run, *_) = parse(lines, path.stem)
        top[path.stem] = [issue for issue in issues(annotate(run, (*ANNOTATORS, *OPTIONAL))) if issue.weight]
    assert [issue.kind for issue in top["pi-kimi"][:2]] == ["drift", "loop"]
    assert "`transformers` interface drift, 4 errors in a row" in top["pi-kimi"][0].message
    assert {issue.kind for issue in top["ml-intern-kimi"]} >= {"environment", "job_cancelled"}
    assert "environment" not in {issue.kind for issue in top["ml-intern-opus"]}
