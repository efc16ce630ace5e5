"""For each format a short file that looks real and has most sorts of record: what the tests take apart and break."""

from __future__ import annotations

from typing import Any

T = "2026-06-12T15:23:0{}.000Z"


def _claude(second: int, kind: str, **fields: Any) -> dict[str, Any]:
    common = {"parentUuid": None, "isSidechain": False, "cwd": "/w", "sessionId": "s1", "version": "2.1.1"}
    return common | {"type": kind, "uuid": f"u{second}", "timestamp": T.format(second)} | fields


def _use(name: str, **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": f"toolu_{name}", "name": name, "input": arguments}


_IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
_USAGE = {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 6}

CLAUDE: list[dict[str, Any]] = [
    {"type": "summary", "summary": "Older", "leafUuid": "u1"},
    {"type": "file-history-snapshot", "messageId": "m"},
    _claude(1, "user", message={"role": "user", "content": [{"type": "text", "text": "Fix it"}, _IMAGE]}),
    _claude(
        2,
        "assistant",
        requestId="r1",
        message={
            "id": "m1",
            "role": "assistant",
            "model": "claude-x",
            "content": [
                {"type": "thinking", "thinking": "Hm"},
                _use("Bash", command="ls"),
                _use("Task", prompt="Look"),
            ],
            "usage": _USAGE,
        },
    ),
    _claude(
        3,
        "user",
        toolUseResult={"stdout": "a", "interrupted": False, "durationMs": 7, "agentId": "a1"},
        message={
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "toolu_Bash", "content": [_IMAGE], "is_error": True}],
        },
    ),
    _claude(4, "system", subtype="compact_boundary", compactMetadata={"trigger": "auto", "preTokens": 10}),
    _claude(4, "system", subtype="api_error", error={"error": {"message": "busy"}}, retryAttempt=1, maxRetries=10),
    _claude(5, "attachment", attachment={"type": "queued_command", "prompt": [{"type": "text", "text": "And this"}]}),
    _claude(
        6,
        "progress",
        parentToolUseID="toolu_Task",
        data={
            "type": "agent_progress",
            "agentId": "a1",
            "message": {"type": "user", "message": {"role": "user", "content": [{"type": "text", "text": "Look"}]}},
        },
    ),
    _claude(7, "user", isSidechain=True, agentId="a2", message={"role": "user", "content": "Search"}),
    {"type": "custom-title", "customTitle": "Named", "sessionId": "s1"},
]


def _upload(second: int, role: str, content: Any, **fields: Any) -> dict[str, Any]:
    return {
        "type": role,
        "message": {"role": role, "content": content} | fields,
        "uuid": f"u{second}",
        "parentUuid": None,
        "sessionId": "s1",
        "timestamp": T.format(second),
    }


UPLOAD: list[dict[str, Any]] = [
    _upload(0, "user", "Train it"),
    _upload(1, "assistant", [{"type": "text", "text": "Yes"}, _use("bash", command="ls")], model="o/m:cheapest"),
    _upload(2, "user", [{"type": "tool_result", "tool_use_id": "toolu_bash", "content": "Exit code 1\nno"}]),
]

ROW: list[dict[str, Any]] = [
    {
        "session_id": "s1",
        "session_start_time": T.format(0),
        "session_end_time": T.format(9),
        "model_name": "o/m",
        "messages": [
            {"role": "system", "content": "You are"},
            {"role": "user", "content": [{"type": "text", "text": "Train it"}]},
            {
                "role": "assistant",
                "content": None,
                "reasoning_content": "Hm",
                "tool_calls": [{"id": "c1", "function": {"name": "bash", "arguments": '{"command": "ls"}'}}],
            },
            {"role": "tool", "tool_call_id": "c1", "name": "bash", "content": "no"},
        ],
        "events": [
            {
                "timestamp": T.format(1),
                "event_type": "llm_call",
                "data": {"kind": "main", "model": "o/m", "prompt_tokens": 9, "completion_tokens": 2, "cost_usd": 0.5},
            },
            {"timestamp": T.format(2), "event_type": "tool_call", "data": {"tool_call_id": "c1"}},
            {"timestamp": T.format(3), "event_type": "tool_output", "data": {"tool_call_id": "c1", "success": False}},
            {"timestamp": T.format(4), "event_type": "error", "data": {"error": "busy"}},
        ],
        "tools": [],
        "usage_metrics": {},
    }
]


def _codex(second: int, kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": T.format(second), "type": kind, "payload": payload}


_TOTAL = {"input_tokens": 9, "cached_input_tokens": 4, "output_tokens": 3, "reasoning_output_tokens": 1}

CODEX: list[dict[str, Any]] = [
    _codex(0, "session_meta", id="s1", cwd="/w", cli_version="0.142.0", originator="codex_cli_rs", source="cli"),
    _codex(0, "turn_context", model="gpt-x", effort="high", cwd="/w"),
    _codex(1, "event_msg", type="user_message", message="Fix it", images=[]),
    _codex(1, "response_item", type="message", role="user", content=[{"type": "input_text", "text": "Fix it"}]),
    _codex(2, "response_item", type="reasoning", summary=[{"type": "summary_text", "text": "Hm"}]),
    _codex(2, "response_item", type="message", role="assistant", content=[{"type": "output_text", "text": "Yes"}]),
    _codex(3, "response_item", type="function_call", name="exec_command", arguments='{"cmd": "ls"}', call_id="c1"),
    _codex(4, "response_item", type="function_call_output", call_id="c1", output="Process exited with code 1\nno"),
    _codex(5, "response_item", type="custom_tool_call", name="apply_patch", input="*** Begin Patch", call_id="c2"),
    _codex(5, "response_item", type="custom_tool_call_output", call_id="c2", output='{"metadata": {"exit_code": 0}}'),
    _codex(6, "event_msg", type="token_count", info={"total_token_usage": _TOTAL, "last_token_usage": _TOTAL}),
    _codex(7, "compacted", message="Summary", replacement_history=[]),
    _codex(8, "event_msg", type="turn_aborted", reason="interrupted"),
    _codex(9, "response_item", type="web_search_call", action={"query": "x"}, status="completed"),
]

CODEX_OBJECT: list[dict[str, Any]] = [
    {
        "session": {"id": "s1", "timestamp": T.format(0), "instructions": ""},
        "items": [line["payload"] for line in CODEX if line["type"] == "response_item"],
    }
]


def _pi(place: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"e{place}", "parentId": f"e{place - 1}", "timestamp": T.format(place)} | fields


def _pi_message(place: int, role: str, **fields: Any) -> dict[str, Any]:
    return _pi(place, "message", message={"role": role, "timestamp": 1_781_277_781_000} | fields)


_PI_USAGE = {"input": 3, "output": 4, "cacheRead": 5, "cacheWrite": 6, "cost": {"total": 0.5}}
_PI_CALL = {"type": "toolCall", "id": "c1", "name": "bash", "arguments": {"command": "ls"}}

PI: list[dict[str, Any]] = [
    {"type": "session", "version": 3, "id": "s1", "timestamp": T.format(0), "cwd": "/w"},
    _pi(1, "model_change", provider="p", modelId="m"),
    _pi_message(2, "user", content=[{"type": "text", "text": "Fix it"}]),
    _pi_message(3, "assistant", content=[_PI_CALL], model="m", usage=_PI_USAGE, stopReason="toolUse"),
    _pi_message(
        4, "toolResult", toolCallId="c1", toolName="bash", content=[{"type": "text", "text": "no"}], isError=True
    ),
    _pi(5, "compaction", summary="So far", firstKeptEntryId="e3", tokensBefore=10),
    _pi(6, "custom_message", customType="note", content="Hello", display=True),
    _pi_message(7, "bashExecution", command="ls", output="a", exitCode=0),
    _pi(8, "session_info", name="Named"),
]

_STS_CALL = {"id": "c1", "function": {"name": "bash", "arguments": '{"command": "ls"}'}}

STS: list[dict[str, Any]] = [
    {"type": "session", "harness": "llama.app", "id": "s1", "name": "Named"},
    {"type": "message", "message": {"role": "user", "content": "Fix it", "timestamp": 1_781_277_781_000}},
    {"type": "message", "message": {"role": "assistant", "content": "", "toolCalls": [_STS_CALL], "model": "m"}},
    {"type": "message", "message": {"role": "tool", "content": "no", "toolCallId": "c1"}},
    {"type": "session", "harness": "llama.app", "id": "s2"},
    {"type": "message", "message": {"role": "user", "content": "Again", "reasoningContent": "Hm"}},
]

SEEDS: dict[str, list[dict[str, Any]]] = {
    "claude-code": CLAUDE,
    "ml-intern": UPLOAD,
    "ml-intern-row": ROW,
    "codex": CODEX,
    "codex-object": CODEX_OBJECT,
    "pi": PI,
    "sts": STS,
}
