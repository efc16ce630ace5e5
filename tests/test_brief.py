"""The one line that says what an event is, in the argument names of every harness."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.smallest import answer, call, used
from viewer.brief import LENGTH, brief, command_of, one_line, patch_text, path_of
from viewer.model import CATEGORIES, KINDS, Event, ToolCall

PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n-old\n+new\n+more\n*** Add File: b.py\n+x\n*** End Patch"
PLAN = [{"step": "Read", "status": "completed"}, {"step": "Write", "status": "in_progress"}]
TODOS = [{"content": "Read", "status": "done"}, {"content": "Write", "activeForm": "Writing", "status": "in_progress"}]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "command", "cmd", "file_path", "path", "pattern", "query", "url", "todos", "plan", "prompt", "task", "edits",
    "patch", "input", "old_string", "new_string", "content", "offset", "limit", "description",
)  # fmt: skip
INPUTS = st.none() | st.text() | st.dictionaries(st.sampled_from(NAMES), JSON | st.just(PATCH), max_size=5)


def line(name: str, arguments: Any, cwd: str | None = None, **result: Any) -> str:
    return brief(used(name, arguments, answer(**result) if result else None), cwd)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Bash", {"command": "ls -l", "description": "List"}, "ls -l"),
        ("bash", {"command": "ls -l"}, "ls -l"),
        ("exec_command", {"cmd": "ls -l"}, "ls -l"),
        ("shell", {"command": ["bash", "-lc", "ls -l"]}, "ls -l"),
        ("shell", {"command": ["ls", "-l"]}, "ls -l"),
        ("write_stdin", {"session_id": 1, "chars": "y\n"}, "y"),
        ("hf_jobs", {"operation": "run", "args": {}}, "run"),
        ("hf_jobs", {"operation": "run", "script": "print(1)"}, "print(1)"),
        ("exec", "ls -l", "ls -l"),
        ("Read", {"file_path": "a.py"}, "a.py"),
        ("read", {"path": "a.py"}, "a.py"),
        ("NotebookRead", {"notebook_path": "a.ipynb"}, "a.ipynb"),
        ("read_file", {"absolute_path": "a.py"}, "a.py"),
        ("Read", {"file_path": "a.py", "offset": 10, "limit": 20}, "a.py lines 10–29"),
        ("Grep", {"pattern": "TODO", "path": "src"}, "TODO in src"),
        ("Glob", {"pattern": "*.py"}, "*.py"),
        ("find", {"path": "src"}, "src"),
        ("tool_search", {"query": "plots"}, "plots"),
        ("WebFetch", {"url": "https://a.b", "prompt": "Sum up"}, "https://a.b"),
        ("web_search", {"query": "plots"}, "plots"),
        ("explore_hf_docs", {"endpoint": "trl"}, "trl"),
        ("Task", {"description": "Look", "prompt": "Look around"}, "Look"),
        ("spawn_agent", {"message": "Look"}, "Look"),
        ("research", {"task": "Look"}, "Look"),
        ("TodoWrite", {"todos": TODOS}, "1 of 2 done: Write"),
        ("update_plan", {"plan": PLAN}, "1 of 2 done: Write"),
        ("update_plan", {"plan": PLAN[:1]}, "1 of 1 done"),
        ("ExitPlanMode", {"plan": "First this"}, "plan: First this"),
        ("mcp__a__b", {"x": 1, "y": [True, None]}, "x: 1 y: [true,null]"),
        ("nobody knows", {"x": "a\nb"}, "x: a b"),
        ("nobody knows", "free form", "free form"),
        ("nobody knows", {}, "nobody knows"),
        ("Bash", {}, "Bash"),
        ("Bash", None, "result without a call"),
    ],
)
def test_the_line_of_a_call(name: str, arguments: Any, said: str) -> None:
    assert line(name, arguments) == said


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Edit", {"file_path": "a.py", "old_string": "a\nb", "new_string": "c"}, "a.py +1 −2"),
        ("edit", {"path": "a.py", "oldText": "a", "newText": "b\nc"}, "a.py +2 −1"),
        ("edit", {"path": "a.py", "old_str": "a", "new_str": ""}, "a.py +0 −1"),
        ("Write", {"file_path": "a.py", "content": "a\nb\n"}, "a.py +2"),
        ("create", {"path": "a.py", "file_text": "a"}, "a.py +1"),
        ("MultiEdit", {"file_path": "a.py", "edits": []}, "a.py"),
        ("apply_patch", PATCH, "a.py, b.py +3 −1"),
        ("apply_patch", {"input": PATCH}, "a.py, b.py +3 −1"),
        ("apply_patch", {"patch": PATCH}, "a.py, b.py +3 −1"),
        ("apply_patch", {"command": ["apply_patch", PATCH]}, "a.py, b.py +3 −1"),
        ("apply_patch", "no patch", "no patch"),
    ],
)
def test_the_line_of_an_edit_counts_its_lines(name: str, arguments: Any, said: str) -> None:
    assert line(name, arguments) == said


def test_a_recorded_diff_counts_before_the_arguments() -> None:
    arguments = {"file_path": "a.py", "old_string": "a", "new_string": "b\nc\nd"}
    assert line("Edit", arguments, patch="--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n+b") == "a.py +1 −1"


def test_of_a_patch_of_many_files_three_are_named() -> None:
    patch = "*** Begin Patch\n" + "".join(f"*** Delete File: {name}\n" for name in "abcd")
    assert line("apply_patch", patch) == "a, b, c … +0 −0"


@pytest.mark.parametrize(
    ("path", "cwd", "said"),
    [
        ("/w/project/src/a.py", "/w/project", "src/a.py"),
        ("C:\\w\\src\\a.py", "C:\\w", "src\\a.py"),
        ("/w/project2/a.py", "/w/project", "/w/project2/a.py"),
        ("/a/b/c/d/e/f.py", "/w", "…/d/e/f.py"),
        ("/a/b/c/d/e/f.py", None, "…/d/e/f.py"),
        ("/a/b/c/d.py", None, "/a/b/c/d.py"),
        ("/a.py", "/", "/a.py"),
    ],
)
def test_a_path_is_cut_to_what_tells_files_apart(path: str, cwd: str | None, said: str) -> None:
    assert line("Read", {"file_path": path}, cwd) == said


def test_a_command_is_not_cut_like_a_path() -> None:
    assert line("Bash", {"command": "cat /w/project/src/deep/down/a.py"}, "/w") == "cat /w/project/src/deep/down/a.py"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event(1, 1, "user", None, "  Fix\n\n\tit "), "Fix it"),
        (Event(1, 1, "reasoning", None), "encrypted reasoning"),
        (Event(1, 1, "system", None, label="hook"), "hook"),
        (Event(1, 1, "user", None), "no text"),
        (Event(1, 1, "user", None, " \n"), "no text"),
    ],
)
def test_the_line_of_an_event_without_a_call(event: Event, said: str) -> None:
    assert brief(event) == said


def test_a_long_text_ends_with_an_ellipsis() -> None:
    folded = one_line("word \n" * 1_000)
    assert (len(folded), folded[:9], folded[-1]) == (LENGTH, "word word", "…")


def test_a_text_of_just_the_length_is_whole() -> None:
    assert one_line("x" * LENGTH) == "x" * LENGTH


def test_a_command_that_only_looks_like_a_shell_line_is_kept_whole() -> None:
    assert command_of(call("shell", {"command": ["git", "-c", "a=b", "log"]})) == "git -c a=b log"


def test_a_path_that_is_no_text_is_none() -> None:
    assert path_of(call("Read", {"file_path": ["a"]})) == ""


def test_a_text_without_the_head_of_a_patch_is_none() -> None:
    assert patch_text(call("Edit", {"command": "ls"})) is None


@given(st.sampled_from(CATEGORIES), INPUTS, st.text())
def test_any_arguments_give_one_line(category: Any, arguments: Any, cwd: str) -> None:
    said = brief(Event(1, 1, "tool", None, call=ToolCall("c", "t", category, arguments)), cwd)
    assert said
    assert "\n" not in said
    assert len(said) <= LENGTH


@given(st.sampled_from([kind for kind in KINDS if kind != "tool"]), st.text())
def test_any_text_gives_one_line(kind: Any, text: str) -> None:
    said = brief(Event(1, 1, kind, None, text))
    assert said
    assert "\n" not in said


def test_arguments_nested_too_deep_to_write_still_give_a_line() -> None:
    deep: Any = "x"
    for _ in range(1_000):
        deep = [deep]
    assert line("nobody knows", {"x": deep, "y": 1}).endswith("y: 1")
