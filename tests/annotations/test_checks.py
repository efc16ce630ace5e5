"""Tests, checks, builds and evaluations that were run, and how they ended."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.checks import ANNOTATOR


def test_runs_of_one_command_are_counted_by_their_ending() -> None:
    story = Story()
    events = (
        story.fails("pytest -x", "1 failed in 0.1s"),
        story.bash("pytest", "2 passed in 0.1s"),
        story.bash("pytest 2>&1 | tail -3", "2 passed in 0.1s"),
    )
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events) == ("checks", events)
    assert found.message == "`pytest` (test) ran 3 times: 2 passed, 1 failed; 1 with the exit code hidden by `| tail`"
    assert found.facts["endings"] == ["failed", "passed", "passed"]
    assert (found.facts["runs"], found.facts["masked"]) == (3, 1)


def test_a_hidden_exit_code_without_a_summary_shows_no_outcome() -> None:
    story = Story()
    story.bash("npm run build | head -5", "> app@1.0.0 build")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["endings"] == ["unknown"]
    assert found.message == "`npm run build` (build) ran with no outcome shown, the exit code hidden by `| head`"


def test_no_flag_and_no_summary_is_no_pass() -> None:
    story = Story()
    story.bash("mypy .", "", "unknown")
    assert story.found(ANNOTATOR)[0].facts["passed"] == 0


def test_a_run_that_others_wait_for_ends_where_the_last_of_them_says() -> None:
    story = Story()
    started = story.call("exec_command", {"cmd": "pytest"}, "Process running with session ID 7\n", "unknown")
    story.call("write_stdin", {"session_id": 7, "chars": ""}, "...", "unknown")
    story.call("write_stdin", {"session_id": 7, "chars": ""}, "1 failed, 2 passed in 3.0s", "error", 1)
    (found,) = story.found(ANNOTATOR)
    assert found.events == (started,)
    assert found.facts["endings"] == ["failed"]


def test_tests_checks_builds_and_evaluations_are_told_apart() -> None:
    story = Story()
    for command in ("pytest", "ruff check .", "npm run build", "python eval.py"):
        story.bash(command)
    assert [found.facts["sort"] for found in story.found(ANNOTATOR)] == ["test", "check", "build", "eval"]


def test_skipped_hooks_are_told() -> None:
    story = Story()
    at = story.bash("git add -A && git commit --no-verify -m 'x'")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events) == ("hooks_skipped", (at,))


def test_skipped_hooks_are_quoted_with_the_word_that_skips_them() -> None:
    story = Story()
    story.bash(f"git commit -m '{'long ' * 60}' --no-verify")
    (found,) = story.found(ANNOTATOR)
    assert found.quote.startswith("git commit -m 'long") and found.quote.endswith("--no-verify")


def test_looking_at_tests_or_talking_of_them_is_no_run() -> None:
    story = Story()
    story.bash("cat tests/test_app.py | grep pytest", "import pytest")
    story.bash("git log --grep='--no-verify'")
    story.said("pytest: 12 passed")
    assert story.found(ANNOTATOR) == []
