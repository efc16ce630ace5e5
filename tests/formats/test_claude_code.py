"""Claude Code sessions: who said what, what a call cost and how it ended."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.formats.claude_lines import PIXEL, back, line, said, spent, text, use, user
from tests.formats.lines import only, parse_lines, result_of
from viewer.formats import parse, raw_documents, raw_record
from viewer.formats.contract import TraceError
from viewer.formats.images import load_image
from viewer.model import Run, Usage


def one(*documents: Any) -> Run:
    runs = parse_lines(*documents)
    assert len(runs) == 1
    return runs[0]


@pytest.mark.parametrize(
    "first",
    [
        {"type": "summary", "summary": "Older", "leafUuid": "u"},
        {"type": "file-history-snapshot", "messageId": "m", "snapshot": {}},
        {"type": "custom-title", "customTitle": "Named", "sessionId": "s1"},
        {"type": "progress", "data": {}, "parentUuid": None, "cwd": "/w"},
        {"type": "queue-operation", "operation": "enqueue", "sessionId": "s1"},
        {"type": "permission-mode", "permissionMode": "plan", "sessionId": "s1"},
    ],
)
def test_a_session_may_begin_with_almost_anything(first: dict[str, Any]) -> None:
    assert one(first, user("Fix it")).prompt == "Fix it"


def test_a_file_of_metadata_alone_is_a_session_without_events() -> None:
    run = one({"type": "summary", "summary": "Older", "leafUuid": "u"})
    assert run.events == ()
    assert run.title == "Older"


def test_qwens_lines_of_the_same_shape_are_not_claimed() -> None:
    with pytest.raises(TraceError, match="looks like a Qwen Code session"):
        parse_lines(line("user", cwd="/w", message={"role": "user", "parts": [{"text": "Fix it"}]}))


def test_the_lines_say_version_folder_and_branch() -> None:
    run = one(user("Fix it", cwd="/w", gitBranch="main"), user("Go on", version="2.1.2", cwd="/v", gitBranch="other"))
    assert (run.harness_version, run.cwd, run.branch) == ("2.1.2", "/w", "main")


def test_the_first_session_id_names_the_run_and_several_are_told() -> None:
    run = one(user("Fix it"), user("Go on", sessionId="s2"))
    assert run.id == "s1"
    assert run.notes == ("resumed or forked: 2 session ids in one file",)


def test_a_session_id_that_is_the_file_name_comes_first() -> None:
    assert one(user("Fix it"), user("Go on", sessionId="name")).id == "name"


PROMPTS = [
    ("Fix it", "user", "", "Fix it"),
    ("  Fix it", "user", "", "Fix it"),
    ("[Request interrupted by user]", "interruption", "", "[Request interrupted by user]"),
    ("[Request interrupted by user for tool use]", "interruption", "", "[Request interrupted by user for tool use]"),
    ("[TODO] fix it", "user", "", "[TODO] fix it"),
    ("<b>Fix</b> it", "user", "", "<b>Fix</b> it"),
    (
        "<command-name>/review</command-name>\n<command-args>all of it</command-args>",
        "user",
        "slash command",
        "/review all of it",
    ),
    ("<command-message>x</command-message>\n<command-name>/clear</command-name>", "user", "slash command", "/clear"),
    ("<local-command-stdout>done</local-command-stdout>", "system", "local command output", "done"),
    ("<local-command-caveat>Caveat</local-command-caveat>", "system", "local command", "Caveat"),
    ("Caveat: The messages below", "system", "local command", "Caveat: The messages below"),
    ("<bash-input>ls</bash-input>", "user", "own shell command", "ls"),
    ("<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>", "system", "own shell output", "a"),
    ("<task-notification>\n<status>done", "system", "task notification", "<task-notification>\n<status>done"),
    (
        "<system-reminder>Be brief</system-reminder>",
        "system",
        "reminder",
        "<system-reminder>Be brief</system-reminder>",
    ),
    ("<system-reminder>Be brief</system-reminder>\nFix it", "user", "", "Fix it"),
    ("Fix <system-reminder>a</system-reminder>it<system-reminder>b</system-reminder>", "user", "", "Fix it"),
    ("Fix it <system-reminder>open", "user", "", "Fix it <system-reminder>open"),
    ("Base directory for this skill: /w", "system", "skill", "Base directory for this skill: /w"),
    (
        "This session is being continued from a previous conversation that ran out",
        "system",
        "compaction summary",
        "This session is being continued from a previous conversation that ran out",
    ),
]


@pytest.mark.parametrize(("content", "kind", "label", "shown"), PROMPTS)
@pytest.mark.parametrize("as_block", [False, True])
def test_text_of_a_user_line_is_sorted_by_who_wrote_it(
    content: str, kind: str, label: str, shown: str, as_block: bool
) -> None:
    run = one(user([text(content)] if as_block else content), user("The end"))
    event = run.events[0]
    assert (event.kind, event.label, event.text) == (kind, label, shown)
    asks = kind == "user" and (not label or (label == "slash command" and " " in shown))
    assert run.prompt == (shown if asks else "The end")


@pytest.mark.parametrize("opened", ["<system-reminder>", "<command-name>", "<command-args>"])
def test_a_text_full_of_open_tags_is_read_in_one_go(opened: str) -> None:
    assert one(user(f"<command-name>/x {opened}" + opened * 100_000)).events[0].kind == "user"


def test_meta_lines_are_not_the_users_words() -> None:
    run = one(user("<environment>", isMeta=True), user("Fix it"))
    assert (run.events[0].kind, run.events[0].label) == ("system", "injected by the harness")
    assert run.prompt == "Fix it"


def test_a_slash_command_is_the_prompt_where_nothing_else_was_typed() -> None:
    assert one(user("<command-name>/init</command-name>")).prompt == "/init"


def test_a_comment_on_a_refused_call_is_the_users() -> None:
    both = back("The user doesn't want to proceed with this tool use.", flag=True)
    both["message"]["content"].append(text("Use rg"))
    run = one(user("Fix it"), said(use()), both)
    assert result_of(run).status == "rejected"
    assert [(event.address, event.text) for event in run.events if event.kind == "user"] == [
        ("1", "Fix it"),
        ("3.2", "Use rg"),
    ]


def test_a_prompt_typed_while_working_is_shown_once() -> None:
    run = one(
        user("Fix it"),
        line("queue-operation", operation="enqueue", content="And this"),
        line("attachment", attachment={"type": "queued_command", "prompt": "And this"}),
    )
    assert [(event.record, event.label, event.text) for event in run.events] == [
        (1, "", "Fix it"),
        (3, "typed while working", "And this"),
    ]


def test_an_image_typed_while_working_is_kept_out_of_the_text() -> None:
    document = line("attachment", attachment={"type": "queued_command", "prompt": [text("Like this"), PIXEL]})
    event = only(one(document))
    assert event.text == "Like this"
    assert load_image(document, event.images[0].path) == ("image/png", b"hello")


def test_other_attachments_are_the_harness_words() -> None:
    event = only(one(line("attachment", attachment={"type": "task_reminder", "content": "Use the list"})))
    assert (event.kind, event.label, event.text) == ("system", "task reminder", "Use the list")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0x" * 1000}},
        {"type": "hologram", "data": "aGVsbG8h" * 1000},
    ],
)
def test_base64_of_other_blocks_is_kept_out_of_the_text(block: dict[str, Any]) -> None:
    event = only(one(user([block])))
    assert event.kind == "other"
    assert "(8,000 characters of data)" in event.text


def test_thinking_text_and_calls_are_blocks_of_their_record() -> None:
    run = one(said({"type": "thinking", "thinking": "Hm"}, text("Yes"), use(command="ls")))
    assert [(event.address, event.kind) for event in run.events] == [
        ("1", "reasoning"),
        ("1.2", "assistant"),
        ("1.3", "tool"),
    ]
    assert run.events[2].call is not None
    assert run.events[2].call.input == {"command": "ls"}


@pytest.mark.parametrize(
    "block", [{"type": "thinking", "thinking": "", "signature": "x"}, {"type": "redacted_thinking"}]
)
def test_hidden_thinking_is_shown_as_encrypted(block: dict[str, Any]) -> None:
    event = only(one(said(block)))
    assert (event.kind, event.label, event.text) == ("reasoning", "encrypted", "")


def test_text_of_the_synthetic_model_is_the_harness_own() -> None:
    run = one(said(text("No response requested."), message={"model": "<synthetic>", "usage": {"output_tokens": 9}}))
    assert (only(run).kind, only(run).label) == ("system", "harness text")
    assert run.models == ()
    assert run.usage is None


def test_the_models_are_those_of_the_lines_in_order() -> None:
    lines = [said(text("Yes"), message={"model": model}) for model in ("opus", "haiku", "opus")]
    run = one(*lines)
    assert run.models == ("opus", "haiku")
    assert [event.model for event in run.events] == ["opus", "haiku", "opus"]


def test_api_errors_are_their_own_kind() -> None:
    run = one(
        said(text("Limit reached"), message={"model": "<synthetic>"}, isApiErrorMessage=True, error="rate_limit"),
        line(
            "system",
            subtype="api_error",
            error={"error": {"error": {"message": "Overloaded"}}},
            retryAttempt=2,
            maxRetries=10,
        ),
    )
    assert [(event.kind, event.label, event.text) for event in run.events] == [
        ("api_error", "rate_limit", "Limit reached"),
        ("api_error", "retried", "Overloaded (retry 2 of 10)"),
    ]


def test_usage_repeated_on_the_lines_of_a_message_counts_once() -> None:
    run = one(spent("m1", 7), spent("m1", 7, use()))
    assert run.usage == Usage(input=1, output=7, cache_read=3, cache_write=5)
    assert [event.usage for event in run.events] == [run.usage, None]


def test_usage_that_grows_counts_at_its_largest() -> None:
    run = one(spent("m1", 2), spent("m1", 9, use()), spent("m1", 4, use("t2")))
    assert run.usage is not None
    assert run.usage.output == 9
    assert run.events[0].usage == run.usage


def test_usage_of_a_message_whose_lines_stand_apart_counts_once() -> None:
    run = one(spent("m1", 2, use()), back("fine"), spent("m2", 3), spent("m1", 8, use("t2")))
    assert run.usage is not None
    assert run.usage.output == 11
    assert [event.usage.output for event in run.events if event.usage] == [8, 3]


def test_usage_without_a_message_id_is_grouped_by_request_then_by_line() -> None:
    run = one(
        spent("", 2, requestId="r1"), spent("", 5, requestId="r1"), spent("", 1, uuid="a"), spent("", 1, uuid="b")
    )
    assert run.usage is not None
    assert run.usage.output == 7


def test_usage_without_any_id_counts_line_by_line() -> None:
    run = one(spent("", 2), spent("", 2))
    assert run.usage is not None
    assert run.usage.output == 4


def test_a_cost_is_kept_where_an_old_version_states_it() -> None:
    run = one(spent("m1", 2, costUSD=0.25), spent("m2", 2, costUSD=0.5))
    assert run.usage is not None
    assert run.usage.cost_usd == 0.75


def test_a_file_without_usage_states_none() -> None:
    assert one(user("Fix it"), said(text("Yes"))).usage is None


STATUSES: list[tuple[Any, Any, Any, str]] = [
    ("fine", False, None, "ok"),
    ("fine", None, {"stdout": "fine", "interrupted": False}, "ok"),
    ("Exit code 1\nno", True, "Error: Exit code 1", "error"),
    ("no", None, "Error: no", "error"),
    ("<tool_use_error>File does not exist.</tool_use_error>", True, None, "error"),
    ("The user doesn't want to proceed with this tool use.", True, None, "rejected"),
    ("The user doesn't want to take this action right now.", True, None, "rejected"),
    ("Permission to use Bash has been denied.", True, None, "rejected"),
    ("[Request interrupted by user for tool use]", True, None, "interrupted"),
    ("<tool_use_error>Sibling tool call errored</tool_use_error>", True, None, "interrupted"),
    ("part", None, {"stdout": "part", "interrupted": True}, "interrupted"),
    ("The user doesn't want to proceed, says the log", False, None, "ok"),
]


@pytest.mark.parametrize(("content", "flag", "extra", "status"), STATUSES)
def test_a_status_is_what_claude_code_says(content: str, flag: Any, extra: Any, status: str) -> None:
    assert result_of(one(said(use()), back(content, flag=flag, extra=extra))).status == status


def test_without_a_flag_on_a_line_of_unknown_origin_a_status_is_unknown() -> None:
    result = {key: value for key, value in back("fine").items() if key != "version"}
    assert result_of(one(said(use()), result)).status == "unknown"


def test_an_exit_code_is_read_from_a_failures_first_words() -> None:
    assert result_of(one(said(use()), back("Exit code 127\nnot found", flag=True))).exit_code == 127
    assert result_of(one(said(use()), back("Exit code 127\nnot found", flag=False))).exit_code is None


def test_results_find_their_calls_in_any_order() -> None:
    run = one(said(use("a")), said(use("b")), back("of b", "b"), back("of a", "a"))
    assert [result_of(run, place).text for place in (0, 1)] == ["of a", "of b"]
    assert [result_of(run, place).record for place in (0, 1)] == [4, 3]


def test_a_call_without_a_result_and_a_result_without_a_call_are_shown() -> None:
    run = one(back("lost", "gone"), said(use()))
    assert [event.label for event in run.events] == ["result without a call", ""]
    assert result_of(run).text == "lost"
    assert run.events[1].call is not None
    assert run.events[1].call.result is None


RESULTS: list[tuple[Any, str]] = [
    ("words", "words"),
    ([text("one"), text("two")], "one\ntwo"),
    ([{"type": "tool_reference", "tool_name": "Read"}], "Read"),
    (None, ""),
    ([], ""),
    ([{"type": "hologram"}], '{\n  "type": "hologram"\n}'),
    ({"said": 1}, '{\n  "said": 1\n}'),
]


@pytest.mark.parametrize(("content", "shown"), RESULTS)
def test_a_result_is_text_whatever_its_shape(content: Any, shown: str) -> None:
    assert result_of(one(said(use()), back(content))).text == shown


def test_images_stay_in_the_file_until_someone_looks() -> None:
    documents = [user([text("Like this"), PIXEL]), said(use()), back([text("shot"), PIXEL])]
    run = one(*documents)
    lines = [orjson.dumps(document) + b"\n" for document in documents]
    found = [*run.events[0].images, *result_of(run).images]
    assert [image.record for image in found] == [1, 3]
    assert not any("aGVsbG8" in event.text for event in run.events)
    assert "aGVsbG8" not in result_of(run).text
    for image in found:
        raw = raw_record("claude-code", lines, image.record)
        assert raw is not None
        assert load_image(raw_documents(raw)[0], image.path) == ("image/png", b"hello")


def test_an_edit_keeps_its_diff_and_a_result_its_duration() -> None:
    hunk = {"oldStart": 1, "oldLines": 2, "newStart": 1, "newLines": 2, "lines": [" a", "-b", "+c"]}
    result = result_of(one(said(use()), back("ok", extra={"structuredPatch": [hunk], "durationMs": 12})))
    assert result.patch == "@@ -1,2 +1,2 @@\n a\n-b\n+c"
    assert result.duration == 12


@pytest.mark.parametrize("extra", [[], [{"type": "text"}], "words", {"structuredPatch": "x"}, {"structuredPatch": [5]}])
def test_the_richer_result_may_be_of_any_shape(extra: Any) -> None:
    result = result_of(one(said(use()), back("ok", extra=extra)))
    assert (result.text, result.status) == ("ok", "ok")


def test_a_compaction_is_followed_by_its_summary() -> None:
    run = one(
        line("system", subtype="compact_boundary", compactMetadata={"trigger": "auto", "preTokens": 155_000}),
        user("This session is being continued", isCompactSummary=True),
        line("system", subtype="microcompact_boundary", microcompactMetadata={"trigger": "auto", "preTokens": 0}),
    )
    assert [(event.kind, event.label, event.text) for event in run.events] == [
        ("compaction", "", "auto, 155,000 tokens before"),
        ("system", "compaction summary", "This session is being continued"),
        ("compaction", "microcompaction", "auto"),
    ]
    assert run.prompt is None


TITLES: list[dict[str, Any]] = [
    {"type": "summary", "summary": "of another session", "leafUuid": "elsewhere"},
    {"type": "summary", "summary": "of this session", "leafUuid": "u1"},
    {"type": "agent-name", "agentName": "named agent"},
    {"type": "ai-title", "aiTitle": "by the model"},
    {"type": "custom-title", "customTitle": "by the user"},
]


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (0, "Fix it"),
        (1, "of another session"),
        (2, "of this session"),
        (3, "named agent"),
        (4, "by the model"),
        (5, "by the user"),
    ],
)
def test_the_better_title_counts(given: int, title: str) -> None:
    assert one(*TITLES[:given], user("Fix it", uuid="u1")).title == title


def test_the_last_title_of_a_sort_counts() -> None:
    assert one(user("Fix it"), TITLES[3], TITLES[3] | {"aiTitle": "later"}).title == "later"


def test_times_are_shown_and_never_sorted_by() -> None:
    run = one(
        user("Fix it", timestamp="2026-06-12T15:23:05.000Z"),
        user("Go on", timestamp="2026-06-12T15:23:01.000Z"),
        user("Now", timestamp="yesterday"),
    )
    start = 1_781_277_781_000
    assert [event.time for event in run.events] == [start + 4000, start, None]
    assert (run.started, run.ended) == (start, start + 4000)


def test_known_bookkeeping_is_left_out_and_unknown_records_are_not() -> None:
    run = one(
        user("Fix it"),
        line("progress", data={"type": "bash_progress", "output": "a"}),
        line("last-prompt", lastPrompt="Fix it"),
        line("a-sort-of-tomorrow", said="hm"),
        line("system", subtype="informational", content="Note"),
    )
    assert [(event.record, event.kind, event.label) for event in run.events] == [
        (1, "user", ""),
        (4, "other", "a-sort-of-tomorrow"),
        (5, "system", "informational"),
    ]


@pytest.mark.parametrize(
    "message", ["words", {"content": "words"}, {"content": ["words"]}, {"content": [text("words")]}]
)
@pytest.mark.parametrize("kind", ["user", "assistant"])
def test_a_message_may_be_text_or_blocks(kind: str, message: Any) -> None:
    event = only(one(line(kind, message=message)))
    assert (event.kind, event.text) == (kind, "words")


@pytest.mark.parametrize(
    "message", [{"contenst": "words"}, {"content": {"said": "words"}}, {"content": [{"said": "words"}]}]
)
@pytest.mark.parametrize("kind", ["user", "assistant"])
def test_a_message_of_an_unknown_shape_is_shown(kind: str, message: Any) -> None:
    event = only(one(line(kind, message=message)))
    assert event.kind == "other"
    assert "words" in event.text


def test_the_output_of_print_mode_is_read() -> None:
    asked = {"id": "m1", "model": "opus", "content": [use()], "usage": {"output_tokens": 4}}
    answer = {"type": "tool_result", "tool_use_id": "t1", "content": "a"}
    run = one(
        {"type": "system", "subtype": "init", "session_id": "s9", "cwd": "/w", "model": "opus", "tools": []},
        {"type": "assistant", "session_id": "s9", "message": asked},
        {"type": "user", "session_id": "s9", "message": {"content": [answer]}},
        {"type": "result", "session_id": "s9", "total_cost_usd": 0.5, "is_error": False},
    )
    assert (run.id, run.cwd, run.models) == ("s9", "/w", ("opus",))
    assert run.usage == Usage(output=4, cost_usd=0.5)
    assert result_of(run).status == "unknown"


def test_the_output_of_print_mode_without_a_model_names_none() -> None:
    assert one({"type": "system", "subtype": "init", "session_id": "s9"}).models == ()


@pytest.mark.parametrize("pretty", [False, True])
def test_the_web_export_is_read_line_by_line(pretty: bool) -> None:
    loglines = [
        {"type": "user", "message": {"content": "Fix it"}},
        {"type": "assistant", "message": {"content": [text("Yes")]}},
    ]
    whole = orjson.dumps({"loglines": loglines}, option=orjson.OPT_INDENT_2 if pretty else 0)
    lines = whole.splitlines(keepends=True)
    run = parse(lines, "name")[0]
    assert [(event.record, event.kind) for event in run.events] == [(1, "user"), (2, "assistant")]
    assert (run.records, run.id, run.prompt) == (2, "name", "Fix it")
    assert orjson.loads(raw_record("claude-code", lines, 2) or b"") == loglines[1]


def test_what_stands_behind_a_web_export_is_listed() -> None:
    whole = {"loglines": [{"type": "user", "message": {"content": words}} for words in ("Fix it", "Go on")]}
    run = one(whole, user("Now"))
    assert [event.text for event in run.events] == ["Fix it", "Go on"]
    assert [(problem.record, problem.reason) for problem in run.problems] == [
        (2, "stands behind the end of a web export")
    ]


@pytest.mark.parametrize("loglines", [None, 5, {}, [], [5], "text"])
def test_a_web_export_without_lines_is_refused_in_words(loglines: Any) -> None:
    with pytest.raises(TraceError, match="not a trace of a known format"):
        parse_lines({"loglines": loglines})
