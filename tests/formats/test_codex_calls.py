"""Codex: tool calls, what the model was told of them and what the harness reported, one rule a test."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.codex_lines import PNG, answered, call, event, item, message, output, read
from tests.formats.lines import only, result_of
from viewer.formats.images import load_image


def test_arguments_are_an_object_or_what_the_model_wrote() -> None:
    run = read(call("a", arguments='{"cmd": "ls"}'), call("b", arguments='{"cmd": '))
    assert [found.call.input for found in run.events if found.call] == [{"cmd": "ls"}, '{"cmd": ']


def test_the_input_of_a_free_form_tool_is_its_text() -> None:
    run = read(
        item("custom_tool_call", name="apply_patch", input="*** Begin Patch", call_id="c1"),
        item("custom_tool_call_output", call_id="c1", output="Exit code: 0\nWall time: 0.1 seconds\nOutput:\nok"),
    )
    found = only(run).call
    assert found is not None
    assert (found.input, found.category, result_of(run).status) == ("*** Begin Patch", "edit", "ok")


def test_a_tool_of_an_mcp_server_has_the_servers_name_before_its_own() -> None:
    found = only(read(call(name="_create_pull_request", namespace="mcp__github"))).call
    assert found is not None
    assert (found.name, found.category) == ("mcp__github__create_pull_request", "mcp")


def test_a_local_shell_call_is_paired_with_its_output() -> None:
    run = read(item("local_shell_call", call_id="c1", action={"command": ["ls"]}), output("a.py"))
    found = only(run).call
    assert found is not None
    assert (found.name, found.input, result_of(run).text) == ("local_shell", {"command": ["ls"]}, "a.py")


def test_parallel_calls_are_paired_by_id() -> None:
    run = read(call("a"), call("b"), output("of b", "b"), output("of a", "a"))
    assert [result_of(run, place).text for place in (0, 1)] == ["of a", "of b"]


def test_a_call_without_an_answer_and_an_answer_without_a_call_are_both_shown() -> None:
    run = read(call("a"), output("of b", "b"))
    assert [found.call.result is None for found in run.events if found.call] == [True, False]


ACTION = {"type": "search", "query": "x"}
HIT = {"title": "T", "url": "https://example.org", "snippet": "S"}


@pytest.mark.parametrize("end_id", ["ws_1", "other"])
@pytest.mark.parametrize("end_first", [True, False])
def test_a_web_search_is_paired_with_its_end(end_id: str, end_first: bool) -> None:
    both = [item("web_search_call", id="ws_1", action=ACTION, status="completed")]
    both.insert(0 if end_first else 1, event("web_search_end", call_id=end_id, action=ACTION, results=[HIT]))
    run = read(*both)
    found = only(run).call
    assert found is not None
    assert (found.name, found.input, found.category) == ("web_search", ACTION, "web")
    assert result_of(run).text == "T\nhttps://example.org\nS"


def test_a_web_search_that_the_provider_calls_completed_is_ok_without_results() -> None:
    end = event("web_search_end", call_id="ws_1", action=ACTION)
    found = result_of(read(end, item("web_search_call", id="ws_1", action=ACTION, status="completed")))
    assert (found.status, found.text) == ("ok", "")


def test_web_searches_without_an_id_or_an_end_stand_alone() -> None:
    run = read(*[item("web_search_call", action=ACTION)] * 2)
    assert [found.call.result for found in run.events if found.call] == [None, None]


def test_a_tool_search_is_answered_by_the_names_of_the_tools() -> None:
    tools = [{"type": "namespace", "name": "mcp__github", "tools": [{"name": "_merge"}]}]
    run = read(
        item("tool_search_call", call_id="c1", arguments={"query": "x"}),
        item("tool_search_output", call_id="c1", status="completed", tools=tools),
    )
    assert (result_of(run).status, result_of(run).text) == ("ok", "mcp__github\n  _merge")


def test_a_generated_image_is_the_result_of_its_call() -> None:
    made = item("image_generation_call", id="ig_1", status="completed", revised_prompt="A cat", result=PNG)
    run = read(event("image_generation_end", call_id="ig_1", status="completed", result=PNG), made)
    (image,) = result_of(run).images
    assert only(run).record == image.record == 2
    assert load_image(made, image.path) is not None


@pytest.mark.parametrize(
    ("said", "status", "exit_code", "duration"),
    [
        ("Chunk ID: a1\nWall time: 1.5 seconds\nProcess exited with code 0\nOutput:\n", "ok", 0, 1500),
        ("Wall time: 0.5 seconds\nProcess exited with code 2\nOutput:\n", "error", 2, 500),
        ("Exit code: 1\nWall time: 0 seconds\nOutput:\n", "error", 1, 0),
        ("Exit code: 0\nWall time: 2 seconds\nOutput:\nProcess exited with code 7", "ok", 0, 2000),
        ("Chunk ID: a1\nWall time: 10 seconds\nProcess running with session ID 3\nOutput:\n", "unknown", None, 10000),
        ("Wall time: 1.5 seconds\nOutput:\nProcess exited with code 1", "unknown", None, 1500),
        ("The log says:\nProcess exited with code 1", "unknown", None, None),
        ("x" * 300 + "\nExit code: 1\n", "unknown", None, None),
        ("Plan updated", "unknown", None, None),
        ("apply_patch verification failed: no such line", "unknown", None, None),
        ('{"output": "no", "metadata": {"exit_code": 1, "duration_seconds": 0.25}}', "error", 1, 250),
        ('{"output": "yes", "metadata": {"exit_code": 0}}', "ok", 0, None),
        ('{"output": "a file", "metadata": {"exit_code": 1}, "more": 1}', "unknown", None, None),
        ({"content": "no", "success": False}, "error", None, None),
        ({"content": "yes", "success": True}, "ok", None, None),
        ([{"type": "input_text", "text": "Script failed\nWall time 0.1 seconds\nOutput:\n"}], "error", None, 100),
        ([{"type": "input_text", "text": "Script completed\nWall time 2 seconds\nOutput:\n"}], "ok", None, 2000),
        ('Script completed\nWall time 2 seconds\nOutput:\n\n{"exit_code":3,"output":""}', "error", 3, 2000),
        ('Script completed\nWall time 2 seconds\nOutput:\nI saw {"exit_code":3}', "ok", None, 2000),
        ("Script running with cell ID 4\nWall time 10 seconds\nOutput:\n", "unknown", None, 10000),
        ("Script failed to load", "unknown", None, None),
        ("Wall time: 3.0 seconds\naborted by user", "interrupted", None, 3000),
        ("aborted by user after 3.0s", "interrupted", None, None),
        ("exec command rejected by user", "rejected", None, None),
        ("patch rejected: writing outside of the project; rejected by user approval settings", "rejected", None, None),
        ("write_stdin failed: stdin is closed", "error", None, None),
        (None, "unknown", None, None),
    ],
)
def test_the_status_of_an_answer_is_what_the_harness_wrote_at_its_start(
    said: Any, status: str, exit_code: int | None, duration: int | None
) -> None:
    found = result_of(answered(said))
    assert (found.status, found.exit_code, found.duration) == (status, exit_code, duration)


def test_the_four_shapes_of_an_answer_give_its_text() -> None:
    blocks = [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]
    assert result_of(answered("a")).text == "a"
    assert result_of(answered(blocks)).text == "a\nb"
    assert result_of(answered({"type": "input_text", "text": "a"})).text == "a"
    assert result_of(answered('{"output": "a", "metadata": {"exit_code": 0}}')).text == "a"


@pytest.mark.parametrize("wrap", [lambda block: [block], lambda block: block])
def test_an_image_in_an_answer_can_be_found_again(wrap: Any) -> None:
    said = output(wrap({"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}))
    found = result_of(read(call(name="view_image"), said))
    (image,) = found.images
    assert load_image(said, image.path) is not None
    assert PNG not in found.text


def test_input_to_a_running_command_is_a_call_of_its_own() -> None:
    running = "Wall time: 1 seconds\nProcess running with session ID 3\nOutput:\n"
    ended = "Wall time: 1 seconds\nProcess exited with code 130\nOutput:\n"
    run = read(call("a"), output(running, "a"), call("b", "write_stdin"), output(ended, "b"))
    assert [(result_of(run, place).status, result_of(run, place).exit_code) for place in (0, 1)] == [
        ("unknown", None),
        ("error", 130),
    ]


SECONDS = {"secs": 1, "nanos": 500_000_000}


@pytest.mark.parametrize("end_first", [True, False])
def test_the_report_of_a_command_adds_what_the_answer_does_not_say(end_first: bool) -> None:
    both = [output("plain")]
    end = event("exec_command_end", call_id="c1", exit_code=2, duration=SECONDS, aggregated_output="all")
    both.insert(0 if end_first else 1, end)
    found = result_of(read(call(), *both))
    assert (found.status, found.exit_code, found.duration, found.text) == ("error", 2, 1500, "plain")


def test_the_report_stands_for_an_answer_that_never_came() -> None:
    end = event("exec_command_end", call_id="c1", exit_code=0, aggregated_output="all")
    found = result_of(read(call(), end, message("assistant", "Done")))
    assert (found.record, found.status, found.text) == (2, "ok", "all")


def test_a_report_of_a_call_that_no_record_holds_is_shown_in_its_place() -> None:
    end = event("exec_command_end", call_id="c9", exit_code=1, command=["ls"], cwd="/w")
    run = read(end, message("assistant", "Done"))
    found = run.events[0].call
    assert found is not None
    assert (found.name, found.input, run.events[0].label) == (
        "exec_command",
        {"command": ["ls"], "cwd": "/w"},
        "result without a call",
    )
    assert result_of(run).exit_code == 1


def test_a_patch_report_gives_success_and_a_diff() -> None:
    changes = {
        "a.py": {"type": "update", "unified_diff": "@@ -1 +1 @@\n-a\n+b\n"},
        "new.py": {"type": "add", "content": "x\n"},
        "old.py": {"type": "delete", "content": "y\n"},
    }
    end = event("patch_apply_end", call_id="c1", success=False, stdout="", stderr="", changes=changes)
    found = result_of(read(call(), end, output("Exit code: 0\nOutput:\n")))
    assert found.status == "error"
    assert found.patch == (
        "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n+b\n"
        "--- /dev/null\n+++ new.py\n@@ -0,0 +1,1 @@\n+x\n"
        "--- old.py\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-y"
    )


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"Ok": {"content": [], "isError": False}}, "ok"),
        ({"Ok": {"content": [], "is_error": True}}, "error"),
        ({"Err": "no such tool"}, "error"),
    ],
)
def test_an_mcp_report_says_whether_the_call_failed(result: dict[str, Any], status: str) -> None:
    end = event("mcp_tool_call_end", call_id="c1", duration=SECONDS, result=result, invocation={})
    found = result_of(read(call(), end, output("Wall time: 2 seconds\nOutput:\nx")))
    assert (found.status, found.duration) == (status, 1500)


def test_a_declined_command_is_rejected() -> None:
    end = event("exec_command_end", call_id="c1", exit_code=-1, status="declined")
    assert result_of(read(call(), end, output("no"))).status == "rejected"


def test_reports_in_the_newer_form_count_as_well() -> None:
    ended = event("item_completed", item={"type": "CommandExecution", "id": "c1", "exit_code": 3, "duration": SECONDS})
    found = result_of(read(call(), ended, output("x")))
    assert (found.exit_code, found.duration) == (3, 1500)


def test_a_call_that_starts_a_subagent_names_it() -> None:
    asked, told = call(name="spawn_agent"), output('{"agent_id": "child", "nickname": "Ada"}')
    assert result_of(read(asked, told)).agent_id == "child"
    ended = event("collab_agent_spawn_end", call_id="c1", new_thread_id="child")
    assert result_of(read(asked, ended, output("started"))).agent_id == "child"
