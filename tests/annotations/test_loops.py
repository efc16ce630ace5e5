"""Edit–run–fail loops."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.loops import ANNOTATOR


def test_a_new_error_each_time_is_a_progressive_loop() -> None:
    story = Story()
    first = story.fails("python train.py", "KeyError: 'label'")
    fix = story.edit("train.py")
    second = story.fails("uv run train.py --smoke", "TypeError: no 'evaluation_strategy'")
    other = story.edit("train.py")
    passed = story.bash("python train.py", "done")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (first, fix, second, other, passed)
    assert found.facts["kind"] == "progressive"
    assert (found.facts["length"], found.facts["signature"], found.facts["edits"]) == (2, "train.py", 1)
    assert found.facts["passed"]
    assert found.message.startswith("`train.py` failed 2 times with 1 edit in between, each time with a new error")


def test_a_test_that_goes_on_failing_is_no_new_error() -> None:
    story = Story()
    story.fails("go test ./...", "--- FAIL: TestA (0.1s)\n--- FAIL: TestB (0.1s)\nFAIL")
    story.edit("a.go")
    story.fails("go test ./...", "--- FAIL: TestA (0.2s)\nFAIL")
    story.edit("a.go")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["kind"] == "progressive"
    assert "each time with a different set of tests failing" in found.message


def test_the_same_error_each_time_is_a_stuck_loop() -> None:
    story = Story()
    for _ in range(3):
        story.fails("pytest", "E   KeyError: 'label'")
        story.edit("a.py")
    (found,) = story.found(ANNOTATOR)
    assert (found.facts["kind"], found.facts["length"], found.severity) == ("stuck", 3, "error")
    assert found.message.endswith("; not seen to go through")


def test_some_errors_twice_make_a_mixed_loop() -> None:
    story = Story()
    for error in ("KeyError: 'a'", "KeyError: 'b'", "KeyError: 'a'"):
        story.fails("python x.py", error)
        story.edit("x.py")
    assert [found.facts["kind"] for found in story.found(ANNOTATOR)] == ["mixed"]


def test_a_class_of_one_word_holds_different_errors() -> None:
    def kind(*outputs: str) -> str:
        story = Story()
        for output in outputs:
            story.fails("ruff check .", output)
            story.edit("x.py")
        return str(story.found(ANNOTATOR)[0].facts["kind"])

    assert kind("x.py:1:1: F401 unused\nFound 1 error.", "x.py:1:1: E501 long\nFound 1 error.") == "progressive"
    assert kind("x.py:1:1: F401 unused\nFound 1 error.", "x.py:4:1: F401 unused\nFound 1 error.") == "stuck"


def test_failing_again_without_an_edit_is_no_loop() -> None:
    story = Story()
    story.fails("pytest", "KeyError: 'a'")
    story.fails("pytest", "KeyError: 'a'")
    assert story.found(ANNOTATOR) == []


def test_a_success_in_between_ends_a_loop() -> None:
    story = Story()
    story.fails("pytest", "KeyError: 'a'")
    story.edit("a.py")
    story.bash("pytest", "1 passed")
    story.edit("a.py")
    story.fails("pytest", "KeyError: 'a'")
    assert story.found(ANNOTATOR) == []


def test_a_failure_that_a_later_call_waited_for_counts_there() -> None:
    story = Story()
    for error in ("KeyError: 'a'", "KeyError: 'b'"):
        story.call("exec_command", {"cmd": "pytest"}, "Process running with session ID 7\n", "unknown")
        story.call("write_stdin", {"session_id": 7}, error, "error", 1)
        story.edit("a.py")
    assert [found.facts["length"] for found in story.found(ANNOTATOR)] == [2]


def test_other_things_that_fail_are_no_loop_of_one() -> None:
    story = Story()
    story.fails("pytest", "KeyError: 'a'")
    story.edit("a.py")
    story.fails("mypy .", "Found 1 error in 1 file")
    story.edit("a.py")
    story.fails("grep -rn TODO nowhere", "grep: nowhere: No such file or directory", 2)
    assert story.found(ANNOTATOR) == []


def test_a_job_and_a_local_run_of_one_script_are_one_loop() -> None:
    story = Story()
    story.fails("python3 train.py --smoke", "KeyError: 'a'")
    story.edit("train.py")
    story.fails("hf jobs uv run --flavor t4-small train.py", "KeyError: 'b'")
    assert [found.facts["length"] for found in story.found(ANNOTATOR)] == [2]


def test_compiling_a_script_is_no_run_of_it() -> None:
    story = Story()
    story.fails("python -m py_compile train.py", "SyntaxError: expected ':'")
    story.edit("train.py")
    story.fails("python train.py", "KeyError: 'b'")
    assert story.found(ANNOTATOR) == []
