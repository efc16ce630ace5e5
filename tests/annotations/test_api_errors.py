"""API errors and limits, from the harness's own records."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.api_errors import ANNOTATOR


def test_attempts_of_one_request_are_one_incident() -> None:
    story = Story()
    events = tuple(story.add("api_error", f"529 overloaded (retry {at} of 10)", "retried") for at in (1, 2, 3))
    story.said("Here we go.")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.severity) == (events, "warning")
    assert found.message == "API limit reached (529), 3 attempts; the run went on"
    assert found.facts == {"attempts": 3, "status": 529, "limit": True, "recovered": True}


def test_an_error_after_which_the_user_speaks_ended_the_turn() -> None:
    story = Story()
    story.add("api_error", '400 {"type":"invalid_request_error"}')
    story.user("Again, please")
    (found,) = story.found(ANNOTATOR)
    assert (found.message, found.severity) == ("API error (400); the turn ended there", "error")


def test_a_spent_limit_is_a_limit() -> None:
    story = Story()
    story.add("api_error", "You've hit your session limit · resets 7:20pm", "rate_limit")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["limit"]
    assert found.facts["status"] is None


def test_two_incidents_are_two() -> None:
    story = Story()
    story.add("api_error", "Connection error.")
    story.said("Going on.")
    story.add("api_error", "Connection error.")
    assert len(story.found(ANNOTATOR)) == 2


def test_429_in_an_output_and_an_aborted_request_are_none() -> None:
    story = Story()
    story.fails("curl https://example.com", "HTTP 429 Too Many Requests")
    story.said("We hit a rate limit: 429.")
    story.add("api_error", "API Error: Request was aborted.")
    assert story.found(ANNOTATOR) == []
