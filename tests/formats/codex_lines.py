"""Lines of made-up Codex rollouts, for the tests of that format."""

from __future__ import annotations

from typing import Any

from tests.formats.lines import parse_lines
from viewer.model import Run

PNG = "iVBORw0KGgo="
SESSION = "019f0000-0000-7000-8000-000000000000"
"""A UUIDv7; its first 48 bits are its time."""
BEFORE = "019effff-ffff-7000-8000-000000000000"
AFTER = "019f0000-0001-7000-8000-000000000000"


def record(kind: str, *, at: str = "2026-06-25T02:07:00.000Z", **payload: Any) -> dict[str, Any]:
    return {"timestamp": at, "type": kind, "payload": payload}


def item(kind: str, **payload: Any) -> dict[str, Any]:
    return record("response_item", type=kind, **payload)


def event(kind: str, **payload: Any) -> dict[str, Any]:
    return record("event_msg", type=kind, **payload)


def message(role: str, *texts: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return item("message", role=role, content=[{"type": kind, "text": text} for text in texts])


def call(call_id: str = "c1", name: str = "exec_command", arguments: str = "{}", **more: Any) -> dict[str, Any]:
    return item("function_call", name=name, arguments=arguments, call_id=call_id, **more)


def output(said: Any, call_id: str = "c1") -> dict[str, Any]:
    return item("function_call_output", call_id=call_id, output=said)


def tokens(total: int, last: int, cached: int = 0, out: int = 0) -> dict[str, Any]:
    counts = {"input_tokens": last, "cached_input_tokens": cached, "output_tokens": out, "reasoning_output_tokens": 0}
    return event("token_count", info={"total_token_usage": {"input_tokens": total}, "last_token_usage": counts})


def meta(**more: Any) -> dict[str, Any]:
    return record("session_meta", id=SESSION, cwd="/w", **more)


def read(*documents: Any) -> Run:
    return parse_lines(*documents)[0]


def shown(run: Run) -> list[tuple[str, str]]:
    return [(found.kind, found.text) for found in run.events]


def answered(said: Any) -> Run:
    return read(call(), output(said))
