"""The blocks of one event: each sort of call, cut and full, and no exception whatever the trace holds."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.claude_lines import back, said, use
from tests.formats.lines import parse_lines
from tests.smallest import answer, call, used
from viewer.detail import SHORT, event_blocks
from viewer.model import CATEGORIES, STATUSES, Event, ImageRef, ToolCall

PATCH = "*** Begin Patch\n*** Update File: a.py\n@@ def f\n same\n-old\n+new\n*** End Patch"
IMAGE = ImageRef(4, ("message", "content", 0), "image/png", 512)
OPEN = {"type": "note", "text": "The file holds no result for this call."}


def blocks(name: str, arguments: Any, *, full: bool = False, **result: Any) -> list[dict[str, Any]]:
    """The blocks of a call; without the result's where none is given."""
    found = event_blocks(used(name, arguments, answer(**result) if result else None), full)
    return found if result else found[:-1]


def typed(name: str, arguments: Any, **result: Any) -> list[str]:
    return [block["type"] for block in blocks(name, arguments, **result)]


def lines(name: str, arguments: Any, **result: Any) -> list[Any]:
    """The lines of the one file of a call's diff."""
    return list(blocks(name, arguments, **result)[0]["files"][0]["lines"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Bash", {"command": "ls"}),
        ("exec_command", {"cmd": "ls"}),
        ("shell", {"command": ["bash", "-lc", "ls"]}),
        ("hf_jobs", {"script": "ls"}),
        ("exec", "ls"),
    ],
)
def test_a_shell_call_is_its_command(name: str, arguments: Any) -> None:
    assert blocks(name, arguments) == [{"type": "command", "title": "Command", "text": "ls"}]


def test_what_a_command_is_for_stands_above_it_and_its_other_arguments_below() -> None:
    about, command, rest = blocks("Bash", {"command": "ls", "description": "List", "timeout": 9})
    assert (about, command["text"]) == ({"type": "note", "text": "List"}, "ls")
    assert (rest["title"], json.loads(rest["text"])) == ("Other arguments", {"timeout": 9})


def test_an_output_says_its_exit_code() -> None:
    shown = blocks("Bash", {"command": "ls"}, text="gone", status="error", exit_code=2)[1]
    assert shown == {"type": "output", "title": "Output", "text": "gone", "exit": 2}


def test_a_call_without_a_result_says_so() -> None:
    assert event_blocks(used("Bash", {"command": "ls"}), full=False)[1:] == [OPEN]


def test_a_result_without_a_call_says_so() -> None:
    assert typed("Bash", None, text="a") == ["note", "output"]


def test_a_read_is_its_path_with_other_arguments_below() -> None:
    path, rest = blocks("Read", {"file_path": "a.py", "offset": 3})
    assert path == {"type": "path", "title": "Read", "path": "a.py"}
    assert json.loads(rest["text"]) == {"offset": 3}


def test_a_search_is_its_arguments_as_json() -> None:
    assert [json.loads(block["text"]) for block in blocks("Grep", {"pattern": "x"})] == [{"pattern": "x"}]


@pytest.mark.parametrize("name", ["mcp__a__b", "nobody knows"])
def test_json_that_a_tool_answers_is_indented(name: str) -> None:
    shown = blocks(name, {}, text='{"a":[1]}')[1]
    assert (shown["type"], shown["text"]) == ("json", '{\n  "a": [\n    1\n  ]\n}')


@pytest.mark.parametrize(("name", "text"), [("Bash", '{"a":1}'), ("mcp__a__b", "{a"), ("mcp__a__b", "5")])
def test_other_answers_stay_as_they_are(name: str, text: str) -> None:
    shown = blocks(name, {"command": "ls"}, text=text)[-1]
    assert (shown["type"], shown["text"]) == ("output", text)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("TodoWrite", {"todos": [{"content": "Read", "status": "completed"}, {"content": "Write"}]}),
        ("update_plan", {"plan": [{"step": "Read", "status": "completed"}, {"step": "Write"}]}),
        ("plan_tool", {"todos": [{"title": "Read", "status": "completed"}, {"title": "Write"}]}),
    ],
)
def test_a_plan_is_its_steps(name: str, arguments: Any) -> None:
    steps = [{"text": "Read", "status": "completed"}, {"text": "Write", "status": "pending"}]
    assert blocks(name, arguments) == [{"type": "steps", "title": "Plan", "steps": steps}]


def test_a_plan_without_steps_is_its_arguments() -> None:
    assert typed("ExitPlanMode", {"plan": "First this"}) == ["json"]


@pytest.mark.parametrize("name", ["prompt", "task"])
def test_a_subagents_task_is_markdown(name: str) -> None:
    task, rest = blocks("Task", {name: "Look **here**", "description": "Look"})
    assert (task["type"], task["title"], task["text"]) == ("markdown", "Task", "Look **here**")
    assert json.loads(rest["text"]) == {"description": "Look"}


def test_a_recorded_patch_is_shown_with_its_line_numbers() -> None:
    patch = "--- a.py\n+++ a.py\n@@ -8,2 +8,2 @@ def f\n same\n-old\n+new"
    block = blocks("Edit", {"file_path": "a.py", "old_string": "old", "new_string": "new"}, patch=patch)[0]
    assert [(file["path"], file["change"]) for file in block["files"]] == [("a.py", "update")]
    assert block["files"][0]["lines"] == [
        ["@", None, None, "def f"],
        [" ", 8, 8, "same"],
        ["-", 9, None, "old"],
        ["+", None, 9, "new"],
    ]


def test_claude_codes_structured_patch_is_a_diff_with_the_files_own_numbers() -> None:
    hunk = {"oldStart": 8, "oldLines": 1, "newStart": 8, "newLines": 2, "lines": ["-old", "+new", "+more"]}
    edit = use("t1", "Edit", file_path="a.py", old_string="old", new_string="new\nmore")
    run = parse_lines(said(edit), back("done", extra={"structuredPatch": [hunk]}))[0]
    assert event_blocks(run.events[0], full=False)[0]["files"][0]["lines"] == [
        ["@", None, None, ""],
        ["-", 8, None, "old"],
        ["+", None, 8, "new"],
        ["+", None, 9, "more"],
    ]


@pytest.mark.parametrize(("old", "new"), [("old_string", "new_string"), ("oldText", "newText"), ("old_str", "new_str")])
def test_old_and_new_text_are_a_diff_without_numbers_as_nobody_knows_where_they_stand(old: str, new: str) -> None:
    found = lines("Edit", {"path": "a.py", old: "a\nb", new: "a\nc"})
    assert found == [["@", None, None, ""], [" ", None, None, "a"], ["-", None, None, "b"], ["+", None, None, "c"]]


def test_each_of_several_edits_is_shown() -> None:
    edits = [{"old_string": "a", "new_string": "b"}, {"oldText": "c", "newText": "d"}, "no edit"]
    files = blocks("MultiEdit", {"file_path": "a.py", "edits": edits})[0]["files"]
    assert [[line[3] for line in file["lines"][1:]] for file in files] == [["a", "b"], ["c", "d"]]


def test_a_very_long_replacement_shows_every_line() -> None:
    old = "".join(f"-- comment {number}\n" for number in range(3_000))
    found = lines("Edit", {"path": "a.sql", "old_string": old, "new_string": "++ x\n" * 2_000})
    assert sum(1 for line in found if line[0] == "-") == 3_000
    assert sum(1 for line in found if line[0] == "+") == 2_000


@pytest.mark.parametrize("name", ["content", "file_text"])
def test_a_written_file_is_its_path_and_content(name: str) -> None:
    path, content = blocks("Write", {"file_path": "a.py", name: "x = 1\n"})
    assert (path["path"], content["type"], content["text"]) == ("a.py", "text", "x = 1\n")


@pytest.mark.parametrize("arguments", [PATCH, {"input": PATCH}, {"patch": PATCH}, {"command": ["apply_patch", PATCH]}])
def test_an_applied_patch_is_a_diff_of_its_files(arguments: Any) -> None:
    assert lines("apply_patch", arguments)[1:] == [
        [" ", None, None, "same"],
        ["-", None, None, "old"],
        ["+", None, None, "new"],
    ]


@pytest.mark.parametrize(
    ("arguments", "patch"),
    [("*** Begin Patch\n*** End Patch", None), ({"file_path": "a.py"}, "no diff at all"), ({"edits": [1]}, None)],
)
def test_an_edit_without_any_line_shows_its_arguments(arguments: Any, patch: str | None) -> None:
    assert typed("Edit", arguments, patch=patch)[0] in ("text", "json")


def test_images_are_references_and_never_data() -> None:
    shown = event_blocks(Event(4, 1, "user", None, images=(IMAGE,)), full=True)
    reference = {"record": 4, "place": "message.content.0", "mime": "image/png", "size": 512}
    assert shown == [{"type": "images", "title": "Images", "images": [reference]}]


def test_a_result_of_images_alone_has_no_empty_output() -> None:
    assert typed("Read", {"path": "a.png"}, images=(IMAGE,)) == ["path", "images"]
    assert typed("Read", {"path": "a.png"}, images=(IMAGE,), text="Read") == ["path", "output", "images"]
    assert typed("Read", {"path": "a.png"}, status="ok") == ["path", "output"]


@pytest.mark.parametrize("kind", ["user", "assistant", "compaction"])
def test_what_people_and_models_write_is_markdown(kind: Any) -> None:
    assert event_blocks(Event(1, 1, kind, None, "*a*"), full=False)[0]["nodes"] == [["p", {}, [["em", {}, ["a"]]]]]


@pytest.mark.parametrize("kind", ["reasoning", "system", "other", "api_error", "interruption"])
def test_everything_else_is_plain_text(kind: Any) -> None:
    assert event_blocks(Event(1, 1, kind, None, "*a*"), full=False) == [{"type": "text", "title": "", "text": "*a*"}]


def test_encrypted_reasoning_says_so() -> None:
    note = {"type": "note", "text": "The harness recorded this reasoning encrypted or not at all."}
    assert event_blocks(Event(1, 1, "reasoning", None), full=False) == [note]


def test_an_empty_prompt_has_no_blocks() -> None:
    assert event_blocks(Event(1, 1, "user", None), full=False) == []


LONG = "word " * (SHORT // 4)
CUT = LONG[:SHORT]
CASES: list[tuple[Event, int, str]] = [
    (used("Bash", {"command": "ls"}, answer(LONG)), 1, "text"),
    (used("Bash", {"command": LONG}, answer()), 0, "text"),
    (used("Write", {"path": "a", "content": LONG}, answer()), 1, "text"),
    (used("Task", {"prompt": LONG}, answer()), 0, "text"),
    (used("nobody knows", LONG, answer()), 0, "text"),
    (Event(1, 1, "assistant", None, LONG), 0, "text"),
    (Event(1, 1, "system", None, LONG), 0, "text"),
]


@pytest.mark.parametrize(("event", "at", "key"), CASES)
def test_a_long_body_is_cut_and_says_its_full_length(event: Event, at: int, key: str) -> None:
    shown = event_blocks(event, full=False)[at]
    assert (shown[key], shown["cut"]) == (CUT, len(LONG))


@pytest.mark.parametrize(("event", "at", "key"), CASES)
def test_on_show_all_the_whole_body_comes(event: Event, at: int, key: str) -> None:
    shown = event_blocks(event, full=True)[at]
    assert shown[key] == LONG
    assert "cut" not in shown


def test_a_body_of_just_the_limit_is_not_cut() -> None:
    assert "cut" not in event_blocks(Event(1, 1, "system", None, CUT), full=False)[0]


def test_a_long_diff_is_cut_and_says_its_full_length() -> None:
    patch = "@@ -1 +1,2 @@\n" + "+line of text\n" * SHORT
    shown = blocks("Edit", {"path": "a"}, patch=patch)[0]["files"][0]
    assert (shown["cut"], len(shown["lines"]) < SHORT) == (len(patch), True)
    whole = blocks("Edit", {"path": "a"}, full=True, patch=patch)[0]["files"][0]
    assert (whole.get("cut"), len(whole["lines"])) == (None, SHORT + 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "command", "cmd", "description", "file_path", "path", "todos", "plan", "prompt", "task", "edits", "patch", "input",
    "old_string", "new_string", "oldText", "newText", "content", "file_text", "step", "status",
)  # fmt: skip
OBJECTS = st.dictionaries(st.sampled_from(NAMES), JSON | st.just(PATCH), max_size=5)
INPUTS = (
    st.none()
    | st.text()
    | OBJECTS
    | st.builds(lambda key, rows: {key: rows}, st.sampled_from(NAMES), st.lists(OBJECTS))
)
TEXTS = st.text() | st.just(PATCH) | st.builds(lambda value: orjson.dumps(value).decode(), JSON)
RESULTS = st.none() | st.builds(
    answer, TEXTS, st.sampled_from(STATUSES), patch=st.none() | TEXTS, images=st.just(()) | st.just((IMAGE,))
)


@given(st.sampled_from(CATEGORIES), INPUTS, RESULTS, st.booleans())
def test_any_call_gives_blocks_that_can_be_sent(category: Any, arguments: Any, result: Any, full: bool) -> None:
    event = Event(1, 1, "tool", None, call=ToolCall("c", "t", category, arguments, result))
    found = event_blocks(event, full)
    assert found
    assert all(isinstance(block["type"], str) for block in orjson.loads(orjson.dumps(found)))


def nested(depth: int) -> Any:
    """A list in a list, as deep as a trace file may hold it."""
    return orjson.loads("[" * depth + "]" * depth)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("key", ["command", "file_path", "todos", "prompt", "edits"])
def test_arguments_nested_too_deep_to_write_still_show_the_event(category: Any, key: str) -> None:
    arguments = {key: [{"content": nested(1_000)}], "more": nested(1_000)}
    event = Event(1, 1, "tool", None, call=ToolCall("c", "t", category, arguments, answer()))
    assert orjson.dumps(event_blocks(event, full=True))


def test_a_result_nested_too_deep_to_indent_is_shown_as_it_is() -> None:
    text = "[" * 1_000 + "]" * 1_000
    event = Event(1, 1, "tool", None, call=call("mcp__a__b", {}, answer(text)))
    assert event_blocks(event, full=True)[1]["text"] == text
