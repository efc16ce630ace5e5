"""Error episodes: from the first failure to the next success, and what that took."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.episodes import ANNOTATOR
from viewer.model import Usage


def test_an_episode_ends_where_the_same_thing_goes_through() -> None:
    story = Story()
    first = story.fails("pytest -x", "1 failed")
    story.add("assistant", "I see.", usage=Usage(input=100, output=10))
    story.edit("a.py")
    second = story.fails("pytest", "1 failed")
    story.edit("a.py")
    passed = story.bash("pytest", "1 passed")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (first, second, passed)
    assert found.message == "`pytest` failed 2 times and went through again after 5 calls and 9 s"
    assert found.facts == {
        "signature": "pytest",
        "failures": 2,
        "ended": "went through",
        "events": 6,
        "calls": 5,
        "milliseconds": 9_000,
        "tokens": 110,
    }


def test_an_episode_that_a_prompt_cuts_short_says_so() -> None:
    story = Story()
    story.fails("pytest", "1 failed")
    story.user("Leave the tests")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["ended"] == "next prompt"
    assert found.facts["tokens"] is None


def test_what_is_not_run_again_was_not_seen_to_go_through() -> None:
    story = Story()
    story.fails("pytest", "1 failed")
    (found,) = story.found(ANNOTATOR)
    assert found.message == "`pytest` failed and was not seen to go through again"
    assert found.severity == "warning"


def test_an_edit_that_did_not_match_is_an_episode_of_its_file() -> None:
    story = Story()
    story.call("Edit", {"file_path": "/w/a.py", "old_string": "x", "new_string": "y"}, "String not found", "error")
    story.edit("/w/a.py")
    (found,) = story.found(ANNOTATOR)
    assert (found.facts["signature"], found.facts["ended"]) == ("edit of a.py", "went through")


def test_success_after_very_many_calls_is_another_matter() -> None:
    story = Story()
    story.fails("pytest", "1 failed")
    for number in range(70):
        story.read(f"{number}.py")
    story.bash("pytest", "1 passed")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["ended"] == "not seen again"


def test_what_went_through_at_once_is_no_episode() -> None:
    story = Story()
    story.bash("pytest", "1 passed")
    assert story.found(ANNOTATOR) == []


def test_generic_commands_that_never_come_again_are_no_episodes() -> None:
    story = Story()
    story.fails("rm -r build", "rm: build: Permission denied")
    story.fails("gh issue comment 3 -b hi", "HTTP 404")
    story.fails('python -c "import nothing"', "ModuleNotFoundError")
    assert story.found(ANNOTATOR) == []
