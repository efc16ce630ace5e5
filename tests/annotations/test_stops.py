"""Refused calls, broken-off answers, cancelled jobs."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.stops import ANNOTATOR

REFUSED = "The user doesn't want to proceed with this tool use. The tool use was rejected."


def test_a_refused_call_is_told_with_its_command() -> None:
    story = Story()
    refused = story.bash("git push --force", REFUSED, "rejected")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events, found.evidence) == ("denied", (refused,), "flagged")
    assert found.message == "The user refused `Bash`: git push --force"
    assert found.quote.startswith("The user doesn't want")


def test_a_refusal_and_the_interruption_after_it_are_one() -> None:
    story = Story()
    refused = story.bash("rm -rf build", REFUSED, "rejected")
    interrupted = story.add("interruption", "[Request interrupted by user for tool use]")
    (found,) = story.found(ANNOTATOR)
    assert found.kind == "denied"
    assert found.events == (refused, interrupted)


def test_a_refusal_after_the_model_spoke_again_is_another() -> None:
    story = Story()
    story.bash("rm -rf build", REFUSED, "rejected")
    story.said("Then only the cache.")
    story.bash("rm -rf .cache", REFUSED, "rejected")
    assert [found.kind for found in story.found(ANNOTATOR)] == ["denied", "denied"]


def test_a_refused_call_right_after_another_was_answered_is_another() -> None:
    story = Story()
    story.bash("rm -rf build", REFUSED, "rejected")
    story.bash("rm -rf .cache", REFUSED, "rejected")
    assert len(story.found(ANNOTATOR)) == 2


def test_a_plan_sent_back_is_no_refusal() -> None:
    story = Story()
    story.call("ExitPlanMode", {"plan": "1. Do it"}, REFUSED, "rejected")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.message) == ("plan_sent_back", "The user sent the plan back")


def test_a_hook_that_blocks_is_no_user() -> None:
    story = Story()
    story.bash("git commit", "PreToolUse hook error: run the linter first", "rejected")
    assert [found.kind for found in story.found(ANNOTATOR)] == ["hook_block"]


def test_a_rule_of_the_harness_that_refuses_is_no_user() -> None:
    story = Story()
    story.bash("git push", "Permission for this action was denied by the auto mode classifier.", "rejected")
    assert story.found(ANNOTATOR)[0].message == "The harness refused `Bash`: git push"


def test_an_interrupted_answer_is_told() -> None:
    story = Story()
    story.add("interruption", "[Request interrupted by user]")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.message) == ("interrupted", "The user interrupted the agent")


def test_an_aborted_request_is_an_interruption() -> None:
    story = Story()
    story.add("api_error", "API Error: Request was aborted.")
    assert [found.kind for found in story.found(ANNOTATOR)] == ["interrupted"]


def test_jobs_cancelled_by_a_tool_and_by_commands_are_told_with_their_ids() -> None:
    story = Story()
    story.call("hf_jobs", {"operation": "cancel", "job_id": "69f9"}, "Job 69f9 has been cancelled.")
    story.bash("hf jobs cancel 70aa")
    story.bash("squeue; scancel 123")
    found = story.found(ANNOTATOR)
    assert [one.kind for one in found] == ["job_cancelled"] * 3
    assert [one.facts["job"] for one in found] == ["69f9", "70aa", "123"]
    assert found[0].message == "Job 69f9 cancelled by the agent"


def test_what_only_speaks_of_cancelling_is_none() -> None:
    story = Story()
    story.call("hf_jobs", {"operation": "logs", "job_id": "69f9"}, "cancelled")
    story.bash("hf jobs cancel --help", "Usage: hf jobs cancel JOB_ID")
    story.bash("grep -rn 'hf jobs cancel' README.md", "hf jobs cancel 70aa")
    story.fails("hf jobs cancel 70ab", "404: job not found")
    story.bash("cat log", "[Request interrupted by user]")
    story.said("I was rejected: the user doesn't want to proceed.")
    assert story.found(ANNOTATOR) == []
