"""ml-intern's two forms: the upload in Claude Code's line shape, and the row with the harness's own log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.formats.lines import dump, parse_lines, result_of, samples
from viewer.formats import parse, raw_record
from viewer.model import Run, Usage

START = "2026-06-01T10:00:00.123456+02:00"
START_MS = 1_780_300_800_123


def line(role: str, content: Any, *, time: str = START, session: str = "s1", **message: Any) -> dict[str, Any]:
    return {
        "type": role,
        "message": {"role": role, "content": content} | message,
        "uuid": "u",
        "parentUuid": None,
        "sessionId": session,
        "timestamp": time,
    }


def call(call_id: str = "c1", name: str = "bash", **arguments: Any) -> dict[str, Any]:
    return line(
        "assistant", [{"type": "tool_use", "id": call_id, "name": name, "input": arguments}], model="o/m:cheapest"
    )


def answer(text: Any, call_id: str = "c1") -> dict[str, Any]:
    return line("user", [{"type": "tool_result", "tool_use_id": call_id, "content": text}])


def test_an_upload_is_not_taken_for_claude_code() -> None:
    run = parse_lines(line("user", "Train it"), call(), answer("ok"))[0]
    assert (run.format, run.harness, run.id) == ("ml-intern", "ml-intern", "s1")


@pytest.mark.parametrize("extra", [{"version": "2.1.1"}, {"cwd": "/w"}, {"isSidechain": False}])
def test_a_line_with_more_than_the_six_keys_is_claude_code(extra: dict[str, Any]) -> None:
    assert parse_lines(line("user", "Fix it") | extra)[0].format == "claude-code"


@pytest.mark.parametrize("extra", [{"id": "msg_1"}, {"usage": {"output_tokens": 1}}])
def test_a_message_with_an_id_or_a_usage_is_claude_code(extra: dict[str, Any]) -> None:
    assert parse_lines(line("assistant", [{"type": "text", "text": "Yes"}], **extra))[0].format == "claude-code"


def test_the_first_user_message_is_prompt_and_title() -> None:
    run = parse_lines(line("user", "Train it"), line("user", "And push it"))[0]
    assert (run.prompt, run.title) == ("Train it", "Train it")


def test_what_the_harness_says_as_the_user_is_not_the_users() -> None:
    run = parse_lines(line("user", "[SYSTEM: DOOM LOOP DETECTED] You have called"), line("user", "Train it"))[0]
    assert [(event.kind, event.label) for event in run.events] == [("system", "injected by the harness"), ("user", "")]
    assert run.prompt == "Train it"


def test_a_call_is_paired_with_its_result_and_keeps_its_model() -> None:
    run = parse_lines(line("user", "Train it"), call("c1", command="ls"), call("c2"), answer("b", "c2"), answer("a"))[0]
    assert [event.record for event in run.events] == [1, 2, 3]
    assert [result_of(run, place).text for place in (0, 1)] == ["a", "b"]
    assert [result_of(run, place).record for place in (0, 1)] == [5, 4]
    assert run.models == ("o/m:cheapest",)
    assert run.events[1].call is not None
    assert run.events[1].call.input == {"command": "ls"}


def test_text_and_calls_of_a_message_are_its_blocks() -> None:
    blocks = [{"type": "text", "text": "Yes"}, {"type": "tool_use", "id": "c1", "name": "read", "input": {}}]
    run = parse_lines(line("user", "Train it"), line("assistant", blocks))[0]
    assert [(event.address, event.kind) for event in run.events] == [("1", "user"), ("2", "assistant"), ("2.2", "tool")]


def test_arguments_that_could_not_be_parsed_are_shown_as_text() -> None:
    run = parse_lines(call(_raw='{"path": "a'))[0]
    assert run.events[0].call is not None
    assert run.events[0].call.input == '{"path": "a'


STATUSES = [
    ("Exit code 0\nfine", "ok", 0),
    ("Exit code 2\nTraceback", "error", 2),
    ("Exit code 1", "error", 1),
    ("Exit code 1 means that nothing matched", "unknown", None),
    ("It ended.\nExit code 1\n", "unknown", None),
    ("ERROR: Tool call to 'write' had malformed JSON arguments and was NOT executed.", "error", None),
    ("ERROR: no such file", "unknown", None),
    ("Malformed arguments: Expecting value", "error", None),
    ("Task abandoned — user continued the conversation without approving.", "interrupted", None),
    ("Tool was not executed (interrupted or error).", "interrupted", None),
    ("Job execution cancelled by user. User feedback: too dear", "rejected", None),
    ("Error: something", "unknown", None),
    ("all well", "unknown", None),
    ("", "unknown", None),
]


@pytest.mark.parametrize(("text", "status", "code"), STATUSES)
def test_a_status_is_known_only_where_the_harness_wrote_it_first(text: str, status: str, code: int | None) -> None:
    run = parse_lines(call(), answer(text))[0]
    assert (result_of(run).status, result_of(run).exit_code) == (status, code)


def test_an_upload_flags_no_errors_and_states_no_usage() -> None:
    run = parse_lines(call(), answer("x"))[0]
    assert not run.flags_errors
    assert run.usage is None


def test_a_time_that_repeats_the_first_lines_is_no_time() -> None:
    run = parse_lines(line("user", "Train it"), call(), answer("x"))[0]
    assert [event.time for event in run.events] == [START_MS, None]
    assert result_of(run).time is None
    assert (run.started, run.ended) == (START_MS, None)


def test_times_of_their_own_are_kept() -> None:
    run = parse_lines(line("user", "Train it"), line("user", "Go on", time="2026-06-01T08:00:05"))[0]
    assert [event.time for event in run.events] == [START_MS, START_MS - 123 + 5000]
    assert run.ended == START_MS - 123 + 5000


def test_calls_and_results_without_a_partner_are_shown() -> None:
    run = parse_lines(call("c1"), answer("x", "c2"))[0]
    assert [(event.kind, event.label) for event in run.events] == [("tool", ""), ("tool", "result without a call")]
    assert run.events[0].call is not None
    assert run.events[0].call.result is None


def test_a_block_of_an_unknown_sort_is_shown() -> None:
    run = parse_lines(line("user", [{"type": "hologram", "said": "hm"}]))[0]
    assert (run.events[0].kind, run.events[0].label) == ("other", "hologram")


def message(role: str, content: Any = None, **fields: Any) -> dict[str, Any]:
    return {"role": role, "content": content} | fields


def asks(call_id: str = "c1", arguments: Any = '{"command": "ls"}', **fields: Any) -> dict[str, Any]:
    function = {"name": "bash", "arguments": arguments}
    return message("assistant", tool_calls=[{"id": call_id, "type": "function", "function": function}], **fields)


def event(second: int, kind: str, /, **data: Any) -> dict[str, Any]:
    return {"timestamp": f"2026-06-01T08:00:{second:02}Z", "event_type": kind, "data": data}


def at(second: int) -> int:
    return START_MS - 123 + second * 1000


def row(messages: list[Any], events: list[Any] | None = None, *, texts: bool = True, **fields: Any) -> dict[str, Any]:
    lists: dict[str, Any] = {"messages": messages, "events": events or [], "tools": [], "usage_metrics": {}}
    if texts:
        lists = {key: orjson.dumps(value).decode() for key, value in lists.items()}
    return {"session_id": "s1", "model_name": "o/m", "session_start_time": "2026-06-01T08:00:00Z"} | lists | fields


PROMPT = message("user", "Train it")
ANSWER = message("tool", "fine", tool_call_id="c1", name="bash")


def one(messages: list[Any], events: list[Any] | None = None, **fields: Any) -> Run:
    return parse_lines(row(messages, events, **fields))[0]


@pytest.mark.parametrize("texts", [True, False])
def test_a_row_is_read_with_lists_as_text_and_as_they_are(texts: bool) -> None:
    run = one([message("system", "You are"), PROMPT, asks(), ANSWER], texts=texts)
    assert (run.format, run.harness, run.id, run.prompt) == ("ml-intern-row", "ml-intern", "s1", "Train it")
    assert [(found.kind, found.label) for found in run.events] == [
        ("system", "system prompt"),
        ("user", ""),
        ("tool", ""),
    ]


def test_a_row_written_over_several_lines_is_read() -> None:
    pretty = orjson.dumps(row([PROMPT], texts=False), option=orjson.OPT_INDENT_2)
    assert parse(pretty.splitlines(keepends=True), "name")[0].prompt == "Train it"


def test_a_record_of_a_row_is_a_message() -> None:
    run = one([message("system", "You are"), PROMPT, asks(), ANSWER])
    assert [found.address for found in run.events] == ["1", "2", "3"]
    assert result_of(run).record == 4
    assert run.records == 4


def test_a_message_is_found_by_its_number() -> None:
    lines = dump([row([message("system", "You are"), PROMPT])])
    assert json.loads(raw_record("ml-intern-row", lines, 2) or b"") == PROMPT


def test_several_rows_are_several_runs() -> None:
    runs = parse_lines(row([PROMPT]), row([PROMPT], session_id="s2"), row([PROMPT], session_id="s3"))
    assert [(run.id, run.part) for run in runs] == [("s1", ""), ("s2", "2"), ("s3", "3")]


def test_a_line_that_is_no_row_is_listed() -> None:
    run = parse_lines(row([PROMPT]), {"other": 1})[0]
    assert [(problem.record, problem.reason) for problem in run.problems] == [(2, "not an ml-intern session")]


def test_reasoning_text_and_calls_of_a_message_stand_in_that_order() -> None:
    run = one([asks(reasoning_content="Hm") | {"content": "Yes"}])
    assert [(found.address, found.kind) for found in run.events] == [
        ("1", "reasoning"),
        ("1.2", "assistant"),
        ("1.3", "tool"),
    ]


@pytest.mark.parametrize(
    ("success", "text", "status"),
    [
        (True, "fine", "ok"),
        (True, "Exit code 1\nan old log", "ok"),
        (False, "no", "error"),
        (False, "Job execution cancelled by user", "rejected"),
        (False, "Task abandoned — user continued", "interrupted"),
        (None, "fine", "unknown"),
        (None, "Exit code 3\n", "error"),
    ],
)
def test_the_logs_flag_decides_and_the_harness_words_refine_it(success: bool | None, text: str, status: str) -> None:
    events = [] if success is None else [event(2, "tool_output", tool_call_id="c1", success=success)]
    run = one([asks(), ANSWER | {"content": text}], events)
    assert result_of(run).status == status
    assert run.flags_errors is (success is not None)


def test_a_call_that_the_user_cancelled_is_interrupted() -> None:
    events = [
        event(1, "tool_state_change", tool_call_id="c1", state="cancelled"),
        event(2, "tool_output", tool_call_id="c1", success=False),
    ]
    assert result_of(one([asks(), ANSWER], events)).status == "interrupted"


def test_times_come_from_the_log_by_call_id() -> None:
    events = [event(3, "tool_call", tool_call_id="c1"), event(7, "tool_output", tool_call_id="c1", success=True)]
    run = one([PROMPT, asks(), ANSWER], events, session_end_time="2026-06-01T08:00:09Z")
    assert [found.time for found in run.events] == [None, at(3)]
    assert result_of(run).time == at(7)
    assert (run.started, run.ended) == (at(0), at(9))


def test_entries_of_one_call_id_are_used_in_order() -> None:
    events = [
        event(1, "tool_output", tool_call_id="c1", success=False),
        event(2, "tool_output", tool_call_id="c1", success=True),
    ]
    run = one([asks(), ANSWER, asks(), ANSWER], events)
    assert [result_of(run, place).status for place in (0, 1)] == ["error", "ok"]


def llm(second: int, kind: str = "main", /, **data: Any) -> dict[str, Any]:
    facts = {"model": "o/other", "prompt_tokens": 100, "completion_tokens": 20, "cache_read_tokens": 60} | data
    return event(second, "llm_call", kind=kind, **facts)


def test_model_calls_belong_to_the_messages_where_there_are_as_many() -> None:
    run = one(
        [PROMPT, asks(), ANSWER, message("assistant", "Done")], [llm(1, cost_usd=0.5), llm(2, completion_tokens=5)]
    )
    assert run.events[1].usage == Usage(input=40, output=20, cache_read=60, cost_usd=0.5)
    assert run.events[2].usage == Usage(input=40, output=5, cache_read=60)
    assert [found.model for found in run.events] == [None, "o/other", "o/other"]
    assert run.usage == Usage(input=80, output=25, cache_read=120, cost_usd=0.5)


def test_model_calls_that_do_not_fit_the_messages_count_for_the_run_alone() -> None:
    run = one([PROMPT, message("assistant", "Done")], [llm(1), llm(2)])
    assert [found.usage for found in run.events] == [None, None]
    assert [found.model for found in run.events] == [None, "o/m"]
    assert run.usage == Usage(input=80, output=40, cache_read=120)


def test_the_harness_own_model_calls_count_for_the_run_alone() -> None:
    run = one([PROMPT, message("assistant", "Done")], [llm(1), llm(2, "research"), llm(3, "compaction")])
    assert run.events[1].usage is not None
    assert run.events[1].usage.output == 20
    assert run.usage is not None
    assert run.usage.output == 60


def test_input_leaves_out_what_went_into_the_cache() -> None:
    run = one([message("assistant", "Done")], [llm(1, cache_creation_tokens=30)])
    assert run.usage == Usage(input=10, output=20, cache_read=60, cache_write=30)


def test_a_cost_of_nothing_is_an_unknown_cost() -> None:
    run = one([message("assistant", "Done")], [llm(1, cost_usd=0.0)])
    assert run.usage is not None
    assert run.usage.cost_usd is None


def test_errors_interruptions_and_compactions_of_the_log_stand_where_they_happened() -> None:
    events = [
        event(1, "tool_output", tool_call_id="c1", success=True),
        event(2, "compacted", old_tokens=180_000, new_tokens=20_000),
        event(3, "turn_complete"),
        event(4, "error", error="the provider is busy"),
        event(5, "interrupted"),
        event(6, "tool_log", log="noise"),
        event(7, "a_sort_of_tomorrow", said="hm"),
    ]
    run = one([PROMPT, asks(), ANSWER, message("user", "Go on"), message("user", "And on")], events)
    assert [(found.address, found.kind, found.text) for found in run.events if found.kind not in ("user", "tool")] == [
        ("3", "compaction", "180,000 tokens before, 20,000 after"),
        ("4.2", "api_error", "the provider is busy"),
        ("5.2", "interruption", ""),
        ("5.3", "other", '{\n  "said": "hm"\n}'),
    ]


def test_results_in_the_log_that_no_message_has_are_told() -> None:
    run = one([PROMPT], [event(1, "tool_output", tool_call_id="gone", success=True)])
    assert run.notes == ("1 tool result in the event log belongs to no message, as after a compaction or an undo",)


def test_a_log_that_is_not_json_is_told() -> None:
    run = parse_lines(row([PROMPT]) | {"events": "[{"})[0]
    assert run.notes == ("the event log is not readable: no statuses, times or usage",)


def test_messages_that_are_not_json_are_shown_as_they_are() -> None:
    run = parse_lines(row([]) | {"messages": "[{"})[0]
    assert [(found.kind, found.text) for found in run.events] == [("other", "[{")]


def test_a_session_title_comes_before_the_prompt() -> None:
    assert one([PROMPT], session_title="Train a classifier").title == "Train a classifier"
    assert one([PROMPT]).title == "Train it"


def test_an_image_is_kept_out_of_the_text() -> None:
    url = {"url": "data:image/png;base64,aGk="}
    run = one([message("user", [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": url}])])
    assert run.events[0].text == "Look"
    assert [image.path for image in run.events[0].images] == [("content", 1)]


@pytest.mark.parametrize("arguments", ['{"command"', "[1]", ""])
def test_arguments_that_are_no_object_stay_text(arguments: str) -> None:
    run = one([asks(arguments=arguments)])
    assert run.events[0].call is not None
    assert run.events[0].call.input == arguments


@pytest.mark.parametrize("path", samples("ml-intern"))
def test_calls_results_and_stated_statuses_of_an_upload_are_all_there(path: Path) -> None:
    lines = [json.loads(text) for text in path.read_text(encoding="utf-8").split("\n") if text]
    blocks = [block for found in lines for block in found["message"]["content"] if isinstance(block, dict)]
    run = parse(path.read_bytes().splitlines(keepends=True), path.stem)[0]
    tools = [found for found in run.events if found.call]
    assert len(tools) == sum(block["type"] == "tool_use" for block in blocks)
    assert sum(bool(found.call and found.call.result) for found in tools) == sum(
        "tool_use_id" in block for block in blocks
    )
    assert not any(found.is_error for found in tools)
    assert run.usage is None
    prompts = [found for found in lines if isinstance(found["message"]["content"], str)]
    assert [found.text for found in run.events if found.kind == "user"] == [
        found["message"]["content"] for found in prompts
    ]


@pytest.mark.parametrize("path", samples("ml-intern-row"))
def test_calls_tokens_and_cost_of_a_row_are_all_there(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    messages, events = json.loads(document["messages"]), json.loads(document["events"])
    run = parse(path.read_bytes().splitlines(keepends=True), path.stem)[0]
    assert len([found for found in run.events if found.call]) == sum(
        len(found.get("tool_calls") or ()) for found in messages
    )
    spent = [found["data"] for found in events if found["event_type"] == "llm_call"]
    assert run.usage is not None
    assert run.usage.context == sum(data["prompt_tokens"] for data in spent)
    assert run.usage.output == sum(data["completion_tokens"] for data in spent)
    assert run.usage.cost_usd == pytest.approx(document["total_cost_usd"])
