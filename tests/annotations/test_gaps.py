"""Idle gaps, and who was waited for."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.gaps import ANNOTATOR

HOUR = 3_600


def test_a_long_wait_for_the_next_prompt_is_the_users() -> None:
    story = Story()
    story.said("Done.")
    story.wait(2 * HOUR)
    prompt = story.user("And now?")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.facts["waited_for"]) == ((prompt,), "user")
    assert found.message == "Waited 2 h for the user"
    assert found.facts["milliseconds"] == 2 * HOUR * 1000 + 1000


def test_a_note_of_the_harness_before_the_prompt_does_not_hide_who_was_waited_for() -> None:
    story = Story()
    story.said("Done.")
    story.wait(HOUR)
    story.add("system", "You were away", "away_summary")
    story.user("And now?")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["waited_for"] == "user"


def test_a_long_call_is_the_tools() -> None:
    story = Story()
    built = story.call("Bash", {"command": "make world"}, "done", seconds=23 * 60)
    story.said("Built.")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.facts["waited_for"]) == ((built,), "tool")
    assert found.message == "Waited 23 min for `Bash`: make world"


def test_a_question_to_the_user_and_a_subagent_are_told_apart() -> None:
    story = Story()
    story.call("AskUserQuestion", {"question": "Which?"}, "This one", seconds=HOUR)
    story.call("Task", {"description": "Look around"}, "Found it", seconds=HOUR)
    story.said("Good.")
    assert [one.facts["waited_for"] for one in story.found(ANNOTATOR)] == ["user", "subagent"]


def test_an_edit_that_takes_long_waits_for_a_permission() -> None:
    story = Story()
    story.call("Edit", {"file_path": "a.py", "old_string": "a", "new_string": "b"}, "updated", seconds=HOUR)
    story.said("Good.")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["waited_for"] == "user"
    assert "permission" in found.message


def test_calls_that_ran_at_once_wait_once() -> None:
    story = Story()
    story.call("Task", {"description": "One"}, "Found", seconds=HOUR)
    story.now -= HOUR * 1000
    story.call("Task", {"description": "Two"}, "Found", seconds=HOUR)
    story.said("Both are back.")
    assert len(story.found(ANNOTATOR)) == 1


def test_silence_before_the_models_own_next_step_has_no_known_cause() -> None:
    story = Story()
    story.read("a.py")
    story.wait(5 * HOUR)
    story.read("b.py")
    (found,) = story.found(ANNOTATOR)
    assert (found.facts["waited_for"], found.message) == (None, "5 h with nothing recorded, cause unknown")


def test_short_waits_are_none() -> None:
    story = Story()
    story.said("Done.")
    story.wait(9 * 60)
    story.user("And now?")
    assert story.found(ANNOTATOR) == []


def test_unusable_times_tell_nothing() -> None:
    story = Story()
    for _ in range(20):
        story.said("Hm.")
        story.now -= 1000
    story.wait(HOUR)
    story.user("And now?")
    assert story.found(ANNOTATOR) == []
