"""The same failed call again, with nothing done in between."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.retries import ANNOTATOR


def test_a_failed_call_made_again_as_it_was_is_blind() -> None:
    story = Story()
    first = story.fails("npm run build", "error TS2345")
    story.said("Let me try again.")
    second = story.fails("npm run build", "error TS2345")
    third = story.fails("npm run build", "error TS2345")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events, found.severity) == ("blind_retry", (first, second, third), "warning")
    assert found.message == "`npm run build` tried again 2 times with nothing changed, and failed again"
    assert found.facts == {"times": 2, "ended": "failed"}


def test_reading_in_between_changes_nothing() -> None:
    story = Story()
    story.fails("npm run build", "error")
    story.read("package.json")
    story.bash("git status")
    story.bash("npm run build", "built")
    (found,) = story.found(ANNOTATOR)
    assert found.facts == {"times": 1, "ended": "went on"}


def test_description_and_timeout_make_no_other_call() -> None:
    story = Story()
    story.call("Bash", {"command": "make", "description": "Build", "timeout": 1000}, "failed", "error")
    story.call("Bash", {"command": "make", "description": "Build again"}, "failed", "error")
    assert len(story.found(ANNOTATOR)) == 1


def test_reading_a_jobs_log_again_is_waiting() -> None:
    story = Story()
    for _ in range(2):
        story.call("hf_jobs", {"operation": "logs", "job_id": "69f9"}, "KeyError: 'label'", "error")
    assert story.found(ANNOTATOR) == []


def test_an_edit_in_between_makes_it_no_retry() -> None:
    story = Story()
    story.fails("npm run build", "error")
    story.edit("a.ts")
    story.fails("npm run build", "error")
    story.bash("sed -i 's/a/b/' a.ts")
    story.fails("npm run build", "error")
    assert story.found(ANNOTATOR) == []


def test_the_same_call_after_success_is_no_retry() -> None:
    story = Story()
    story.bash("npm run build")
    story.bash("npm run build")
    assert story.found(ANNOTATOR) == []


def test_calls_made_together_are_no_retries_of_each_other() -> None:
    story = Story()
    one = story.fails("npm run build", "error")
    story.fails("npm run build", "error")
    story.events[-1] = story.events[-1]._replace(record=story.events[one].record, block=2)
    assert story.found(ANNOTATOR) == []


def test_the_same_call_after_a_prompt_is_the_users_wish() -> None:
    story = Story()
    story.fails("npm run build", "error")
    story.user("Try again")
    story.fails("npm run build", "error")
    assert story.found(ANNOTATOR) == []
