"""Codex: what a rollout says and how it is read, one rule a test; then counts over real files, made independently."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.formats.codex_lines import (
    AFTER,
    BEFORE,
    PNG,
    SESSION,
    call,
    event,
    item,
    message,
    meta,
    output,
    read,
    record,
    shown,
    tokens,
)
from tests.formats.lines import dump, only, result_of, samples
from viewer.formats import parse, raw_record
from viewer.formats.images import load_image
from viewer.model import Event, Run, Usage


def test_the_first_session_header_counts() -> None:
    run = read(
        record("session_meta", id="mine", cwd="/a", cli_version="0.142.0", git={"branch": "main"}),
        message("user", "Go"),
        record("session_meta", id="parent", cwd="/b", cli_version="0.1", git={"branch": "old"}),
    )
    assert (run.id, run.cwd, run.branch, run.harness_version) == ("mine", "/a", "main", "0.142.0")


def test_the_newer_header_holds_the_thread_as_id_and_its_root_as_session_id() -> None:
    assert read(record("session_meta", id="thread", session_id="root"), message("user", "Go")).id == "thread"


def test_a_file_without_a_header_is_named_after_the_file() -> None:
    assert read(message("user", "Go")).id == "name"


def test_the_last_thread_name_is_the_title_and_without_one_the_prompt_is() -> None:
    said = event("user_message", message="Go")
    named = [event("thread_name_updated", thread_name=name) for name in ("First", "Last")]
    assert read(said, *named).title == "Last"
    assert read(said).title == "Go"


def test_the_model_is_that_of_the_turn() -> None:
    run = read(
        record("turn_context", model="one"),
        message("assistant", "a"),
        record("turn_context", model="two"),
        message("assistant", "b"),
        event("thread_settings_applied", thread_settings={"model": "three"}),
        call(),
    )
    assert [found.model for found in run.events] == ["one", "two", "three"]
    assert run.models == ("one", "two", "three")


def test_the_model_of_a_turn_that_made_nothing_is_known() -> None:
    assert read(record("turn_context", model="m"), message("user", "Go")).models == ("m",)


def test_a_prompt_that_is_recorded_twice_is_shown_once() -> None:
    run = read(message("user", "Go"), event("user_message", message="Go\n", images=[]))
    assert only(run).address == "2"
    assert run.prompt == "Go\n"


def test_a_prompt_that_was_typed_twice_is_shown_twice() -> None:
    twice = [message("user", "Go"), event("user_message", message="Go")] * 2
    assert [found.record for found in read(*twice).events] == [2, 4]


def test_without_user_events_the_messages_are_the_prompts() -> None:
    run = read(message("user", "<environment_context>x</environment_context>"), message("user", "Go"))
    assert [(found.kind, found.label) for found in run.events] == [("system", "environment"), ("user", "")]
    assert run.prompt == "Go"


def test_where_prompts_are_recorded_as_typed_another_text_in_the_users_role_is_the_harnesses() -> None:
    run = read(event("user_message", message="Go"), message("user", "Go"), message("user", "Look at the hooks"))
    assert [(found.kind, found.text) for found in run.events] == [("user", "Go"), ("system", "Look at the hooks")]


@pytest.mark.parametrize(
    "text",
    [
        "# AGENTS.md instructions for /w\n\nBe kind",
        "<environment_context>\n<cwd>/w</cwd>",
        "<user_instructions>x",
        "<permissions instructions>x",
        "<skill>\n<name>x</name>",
        "<subagent_notification>x",
    ],
)
def test_injected_text_is_never_the_users(text: str) -> None:
    run = read(message("user", text), event("user_message", message=text))
    found = only(run)
    assert (found.kind, bool(found.label)) == ("system", True)
    assert run.prompt is None


def test_an_injected_text_that_is_recorded_only_as_an_event_is_shown() -> None:
    assert only(read(event("user_message", message="<user_instructions>x"))).kind == "system"


def test_every_block_of_a_developer_message_is_a_system_event() -> None:
    run = read(message("developer", "<permissions instructions>", "Hello"))
    assert [(found.address, found.label) for found in run.events] == [("1", "permissions"), ("1.2", "developer")]
    assert {found.kind for found in run.events} == {"system"}


def test_the_system_prompt_is_a_system_event() -> None:
    new, old = meta(base_instructions={"text": "Be good"}), meta(instructions="Be good")
    assert shown(read(new)) == shown(read(old)) == [("system", "Be good")]


def test_what_the_editor_put_before_a_request_is_not_the_users() -> None:
    text = "# Context from my IDE setup:\n\n## Active file: a.py\n\n## My request for Codex:\nGo"
    run = read(message("user", text), event("user_message", message=text))
    assert [(found.kind, found.address) for found in run.events] == [("system", "2"), ("user", "2.2")]
    assert run.prompt == "Go"


def test_the_users_own_shell_command_is_the_users_but_not_the_prompt() -> None:
    text = "<user_shell_command>\n<command>\nls\n</command>"
    run = read(
        message("user", text),
        event("exec_command_end", call_id="u1", source="user_shell", exit_code=0),
        event("user_message", message="Go"),
    )
    assert [(found.kind, found.label) for found in run.events] == [("user", "own shell command"), ("user", "")]
    assert run.prompt == "Go"


def test_the_images_of_a_prompt_are_those_of_its_message() -> None:
    content = [
        {"type": "input_text", "text": "See"},
        {"type": "input_text", "text": "<image>"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"},
    ]
    sent = item("message", role="user", content=content)
    found = only(read(event("user_message", message="See"), sent))
    (image,) = found.images
    assert (found.text, image.record) == ("See", 2)
    assert load_image(sent, image.path) is not None


def test_prompts_of_the_newer_items_count_only_without_the_older_events() -> None:
    newer = event("item_completed", item={"type": "UserMessage", "content": [{"type": "text", "text": "Go"}]})
    assert shown(read(newer, message("user", "Go"))) == [("user", "Go")]
    assert shown(read(newer, event("user_message", message="Go"))) == [("user", "Go")]


def test_an_agent_message_repeats_the_models_text() -> None:
    run = read(
        event("agent_message", message="Yes"), message("assistant", "Yes"), event("agent_message", message="Yes")
    )
    assert only(run).address == "2"


def test_an_agent_message_is_shown_where_the_models_text_is_not_recorded() -> None:
    assert shown(read(event("agent_message", message="Yes"))) == [("assistant", "Yes")]


def test_reasoning_is_shown_once() -> None:
    summary = [{"type": "summary_text", "text": "Hm"}, {"type": "summary_text", "text": "So"}]
    run = read(event("agent_reasoning", text="Hm"), item("reasoning", summary=summary))
    assert shown(run) == [("reasoning", "Hm\n\nSo")]


def test_encrypted_reasoning_says_so() -> None:
    run = read(item("reasoning", summary=[], encrypted_content="gAAA"), item("reasoning", summary=[]))
    assert [found.label for found in run.events] == ["encrypted", "empty"]


def test_a_turn_that_the_user_stopped_is_one_interruption() -> None:
    told = message("user", "<turn_aborted>\nThe user interrupted")
    run = read(told, event("turn_aborted", reason="interrupted"))
    assert [(found.kind, found.text) for found in run.events if found.kind == "interruption"] == [
        ("interruption", "interrupted")
    ]
    assert [found.kind for found in read(told, message("user", "Go")).events] == ["interruption", "user"]


def test_errors_and_retries_are_api_errors() -> None:
    run = read(
        event("stream_error", message="Reconnecting 1/5", additional_details="timed out"),
        event("error", message="Limit", codex_error_info="usage_limit_exceeded"),
        event("task_complete", error={"message": "Limit"}),
        event("task_complete", error={"message": "Other"}),
    )
    assert [(found.kind, found.label, found.text) for found in run.events] == [
        ("api_error", "retried", "Reconnecting 1/5\ntimed out"),
        ("api_error", "usage limit exceeded", "Limit"),
        ("api_error", "", "Other"),
    ]


def test_a_compaction_is_one_event_and_its_history_is_not_shown() -> None:
    history = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Old"}]}]
    run = read(record("compacted", message="Summary", replacement_history=history), event("context_compacted"))
    assert shown(run) == [("compaction", "Summary")]
    assert shown(read(event("context_compacted"))) == [("compaction", "")]


def test_undone_turns_are_told() -> None:
    found = only(read(event("thread_rolled_back", num_turns=2)))
    assert (found.kind, found.label, found.text) == ("system", "rolled back", "The last 2 user turns were undone.")


def test_a_review_is_told_with_its_findings() -> None:
    ended = event(
        "exited_review_mode", review_output={"overall_explanation": "Fine", "findings": [{"title": "A", "body": "b"}]}
    )
    found = only(read(ended))
    assert (found.kind, found.label, found.text) == ("system", "review ended", "Fine\n\nA\nb")


def test_tokens_are_those_of_the_first_event_of_a_step_and_their_sum_is_the_runs() -> None:
    run = read(
        item("reasoning", summary=[]),
        message("assistant", "a"),
        call(),
        output("x"),
        tokens(100, 100, cached=40, out=7),
        message("assistant", "b"),
        tokens(250, 150, cached=100, out=3),
    )
    assert [found.usage for found in run.events] == [Usage(60, 7, 40), None, None, Usage(50, 3, 100)]
    assert run.usage == Usage(110, 10, 140)


def test_a_count_whose_total_has_not_changed_is_the_same_count_again() -> None:
    run = read(
        message("assistant", "a"), tokens(100, 100), tokens(100, 100), message("assistant", "b"), tokens(100, 23)
    )
    assert run.usage == Usage(100)
    assert run.events[1].usage is None


def test_a_count_without_numbers_says_nothing() -> None:
    run = read(message("assistant", "a"), event("token_count", info=None), event("token_count", info={}))
    assert run.usage is None


def test_the_last_call_is_the_difference_of_totals_where_it_is_not_stated() -> None:
    totals = [event("token_count", info={"total_token_usage": {"input_tokens": total}}) for total in (100, 130)]
    run = read(message("assistant", "a"), totals[0], message("assistant", "b"), totals[1])
    assert [found.usage for found in run.events] == [Usage(100), Usage(30)]


def test_tokens_of_a_step_that_left_no_record_have_an_event_of_their_own() -> None:
    run = read(message("user", "Go"), tokens(100, 100))
    assert [(found.kind, found.usage) for found in run.events] == [("user", None), ("system", Usage(100))]


def test_the_reports_of_a_step_carry_its_tokens_where_nothing_else_does() -> None:
    assert only(read(event("agent_message", message="Yes"), tokens(100, 100))).usage == Usage(100)


def fork(*own: dict[str, Any], turn_id: str | None = BEFORE) -> list[dict[str, Any]]:
    """A fork's file: its header, the parent's, one turn of the parent, and then its own records."""
    turn = {"model": "m"} if turn_id is None else {"model": "m", "turn_id": turn_id}
    return [
        meta(forked_from_id="parent"),
        record("session_meta", id="parent"),
        record("turn_context", **turn),
        event("user_message", message="Old"),
        message("assistant", "old"),
        tokens(900, 900),
        *own,
    ]


def test_the_history_that_a_fork_repeats_is_not_counted() -> None:
    run = read(
        *fork(
            record("turn_context", model="m", turn_id=AFTER),
            tokens(900, 900),
            message("assistant", "new"),
            tokens(1000, 100),
        )
    )
    assert run.usage == Usage(100)
    assert (run.id, run.parent, run.prompt) == (SESSION, "parent", "Old")
    assert run.notes == ("a fork: up to record 6 it repeats another session, whose tokens are not counted",)


def test_turns_without_a_telling_id_are_a_forks_own_when_they_come_later() -> None:
    later = "2026-06-25T02:09:00.000Z"
    own = [record("turn_context", at=later, model="m"), message("assistant", "new"), tokens(1000, 100)]
    assert read(*fork(*own, turn_id=None)).usage == Usage(100)


def test_a_fork_without_a_turn_of_its_own_has_no_tokens() -> None:
    run = read(*fork())
    assert run.usage is None
    assert "without a turn of its own" in run.notes[0]


def test_a_header_that_comes_again_on_resume_makes_no_fork() -> None:
    turn = record("turn_context", model="m", turn_id=BEFORE)
    run = read(meta(), turn, meta(), message("assistant", "a"), tokens(100, 100))
    assert run.usage == Usage(100)
    assert run.notes == ()


def test_a_subagent_names_its_parent_and_its_task() -> None:
    spawn = {"parent_thread_id": "parent", "depth": 1, "agent_nickname": "Ada", "agent_role": "explorer"}
    run = read(
        meta(source={"subagent": {"thread_spawn": spawn}}),
        record("session_meta", id="parent"),
        record("turn_context", turn_id=BEFORE),
        event("user_message", message="Old"),
        record("turn_context", turn_id=AFTER),
        event("user_message", message="Look"),
    )
    assert (run.agent_id, run.parent, run.prompt) == (SESSION, "parent", "Look")
    assert run.notes[0] == "subagent Ada, explorer"


def test_a_session_of_its_own_is_no_subagent() -> None:
    run = read(meta(source="cli", thread_source="user"), message("user", "Go"))
    assert (run.agent_id, run.parent) == (None, None)


def test_a_message_between_agents_is_not_the_users() -> None:
    sent = item("agent_message", author="root", recipient="ada", content=[{"type": "input_text", "text": "Look"}])
    found = only(read(sent))
    assert (found.kind, found.label, found.text) == ("system", "agent message root to ada", "Look")


def test_bookkeeping_is_not_shown_and_the_unknown_is() -> None:
    run = read(
        record("world_state", state={}),
        event("task_started"),
        event("exec_command_begin"),
        item("ghost_snapshot"),
        record("tomorrow", a=1),
        event("tomorrow", a=2),
        item("tomorrow", a=3),
    )
    assert [(found.kind, found.label) for found in run.events] == [("other", "tomorrow")] * 3


def test_times_are_those_of_the_records_and_files_step_backwards() -> None:
    later, earlier = "2026-06-25T02:00:01.000Z", "2026-06-25T02:00:00.000Z"
    run = read(
        record("response_item", at=later, type="message", role="assistant", content="a"),
        record("response_item", at=earlier, type="message", role="assistant", content="b"),
    )
    assert run.started is not None
    assert [found.time for found in run.events] == [run.ended, run.started]
    assert run.ended == run.started + 1000


HEADER = {"id": "old", "timestamp": "2025-07-01T10:00:00.000Z", "instructions": None, "git": {"branch": "main"}}
STATE = {"record_type": "state"}
BARE: list[dict[str, Any]] = [
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "<environment_context>"}]},
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Go"}]},
    {"type": "reasoning", "summary": [], "encrypted_content": "gAAA"},
    {"type": "function_call", "name": "shell", "arguments": '{"command": ["ls"]}', "call_id": "c1"},
    {"type": "function_call_output", "call_id": "c1", "output": '{"output": "no", "metadata": {"exit_code": 1}}'},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done"}]},
]


def check_bare(run: Run) -> None:
    assert [found.kind for found in run.events] == ["system", "user", "reasoning", "tool", "assistant"]
    assert (run.id, run.prompt, run.usage, run.models) == ("old", "Go", None, ())
    assert (result_of(run).status, result_of(run).exit_code, result_of(run).text) == ("error", 1, "no")
    assert run.started == run.ended == 1_751_364_000_000


def test_the_older_form_has_bare_items_below_its_header() -> None:
    run = read(HEADER, STATE, *BARE)
    check_bare(run)
    assert (run.format, run.branch, run.events[0].record) == ("codex", "main", 3)


def test_the_older_form_is_known_by_its_filler_where_the_header_is_missing() -> None:
    assert read(STATE, *BARE).format == "codex"


def test_an_image_of_the_older_form_can_be_found_again() -> None:
    block = {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}
    sent = {"type": "message", "role": "user", "content": [block]}
    (image,) = only(read(HEADER, sent)).images
    assert load_image(sent, image.path) is not None


def test_the_single_object_of_the_first_cli_has_its_items_as_records() -> None:
    document = {"session": HEADER, "items": BARE}
    run = read(document)
    check_bare(run)
    assert (run.format, run.records, run.events[1].address) == ("codex-object", 6, "2")
    assert json.loads(raw_record(run.format, dump([document]), 2) or b"") == BARE[1]


def test_the_single_object_is_read_when_it_is_written_over_several_lines() -> None:
    text = json.dumps({"session": HEADER, "items": BARE}, indent=2).encode()
    check_bare(parse(text.splitlines(keepends=True), "name")[0])


def test_two_records_glued_on_one_line_are_both_read() -> None:
    line = b"".join(dump([message("assistant", "a"), message("assistant", "b")])).replace(b"\n", b"")
    run = parse([line + b"\n"], "name")[0]
    assert [found.address for found in run.events] == ["1", "1.2"]


# From here on: every real file, counted once more without the parser.

CALLS = (
    "function_call",
    "custom_tool_call",
    "local_shell_call",
    "web_search_call",
    "tool_search_call",
    "image_generation_call",
)


def payloads(path: Path, kind: str) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    return [found["payload"] for found in documents if found["type"] == kind]


def parsed(path: Path) -> Run:
    with path.open("rb") as file:
        (run,) = parse(file, path.stem)
    return run


def exit_code(said: Any) -> int | None:
    """The exit code in the first lines of an answer, as one would look for it by eye."""
    text = said if isinstance(said, str) else "\n".join(block.get("text", "") for block in said if "text" in block)
    for line in text[:300].split("\n"):
        for start in ("Process exited with code ", "Exit code: "):
            if line.startswith(start):
                return int(line.removeprefix(start))
        if not line.startswith(("Chunk ID: ", "Wall time: ")):
            return None
    return None


@pytest.mark.parametrize("path", samples("codex"))
def test_tool_calls_of_a_sample_are_those_in_its_lines(path: Path) -> None:
    counted = sum(found["type"] in CALLS for found in payloads(path, "response_item"))
    tools = [found for found in parsed(path).events if found.kind == "tool"]
    assert sum(found.label != "result without a call" for found in tools) == counted


@pytest.mark.parametrize("path", samples("codex"))
def test_flagged_errors_of_a_sample_are_those_in_its_lines(path: Path) -> None:
    items = payloads(path, "response_item")
    ids = Counter(found["call_id"] for found in items if found["type"] in CALLS and "call_id" in found)
    if max(ids.values(), default=0) > 1:
        pytest.skip("a made-up file, whose calls share one id")
    failed = set()
    for found in items:
        if found["type"].endswith("call_output") and exit_code(found["output"]):
            failed.add(found["call_id"])
    for found in payloads(path, "event_msg"):
        result = found.get("result")
        refused = isinstance(result, dict) and "Err" in result
        if found["type"].endswith("_end") and (found.get("success") is False or found.get("exit_code") or refused):
            failed.add(found["call_id"])
    flagged = [event.call.id for event in parsed(path).events if event.is_error and event.call is not None]
    assert Counter(flagged) == Counter(failed)


@pytest.mark.parametrize("path", samples("codex"))
def test_tokens_of_a_sample_are_those_in_its_lines(path: Path) -> None:
    previous: Any = None
    sums: Counter[str] = Counter()
    infos = [found.get("info") for found in payloads(path, "event_msg") if found["type"] == "token_count"]
    for info in filter(None, infos):
        if info["total_token_usage"] != previous:
            sums.update(info["last_token_usage"])
            previous = info["total_token_usage"]
    run = parsed(path)
    usage = run.usage or Usage()
    assert usage.input + usage.cache_read + usage.cache_write == sums["input_tokens"]
    assert usage.cache_read == sums["cached_input_tokens"]
    assert (usage.output, usage.reasoning) == (sums["output_tokens"], sums["reasoning_output_tokens"])
    assert sum((found.usage for found in run.events if found.usage), Usage()) == usage


@pytest.mark.parametrize("path", samples("codex"))
def test_prompts_of_a_sample_are_those_that_were_typed(path: Path) -> None:
    typed = [found["message"] for found in payloads(path, "event_msg") if found["type"] == "user_message"]
    if not typed:
        pytest.skip("no prompt is recorded as typed")
    users: list[Event] = [found for found in parsed(path).events if found.kind == "user"]
    assert [found.text for found in users] == typed
