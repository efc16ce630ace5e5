"""Claims that tests pass, with no run that shows it."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations import ANNOTATORS, OPTIONAL
from viewer.annotations.unverified import ANNOTATOR


def test_it_is_off_until_switched_on() -> None:
    assert ANNOTATOR in OPTIONAL
    assert ANNOTATOR not in ANNOTATORS
    assert ANNOTATOR.confidence == "C"


def test_a_claim_without_a_run_after_the_last_edit_is_told() -> None:
    story = Story()
    story.bash("pytest", "2 passed")
    edit = story.edit("a.py")
    said = story.said("Fixed. All tests pass.")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.confidence) == ((said, edit), "C")
    assert found.message == "No passing test run was found after the last edit, and the message says that it passes"
    assert found.quote == "All tests pass."


def test_a_run_after_the_last_edit_is_evidence() -> None:
    story = Story()
    story.edit("a.py")
    story.bash("pytest 2>&1 | tail -3", "2 passed")
    story.said("All tests pass.")
    assert story.found(ANNOTATOR) == []


def test_doubt_wishes_and_delegation_are_no_claim() -> None:
    story = Story()
    story.edit("a.py")
    story.said("If the tests pass, merge it. The build should pass. Make sure tests pass.")
    story.user("And?")
    story.edit("a.py")
    story.call("Task", {"description": "Run the tests"}, "all green")
    story.said("All tests pass.")
    assert story.found(ANNOTATOR) == []


def test_no_edit_of_code_needs_no_test() -> None:
    story = Story()
    story.edit("README.md")
    story.said("All tests pass.")
    assert story.found(ANNOTATOR) == []
