"""A row of a dataset that was converted to Parquet, as the lines of a trace.

The Hub's agent-trace columns are `harness, session_id, prompt, messages, tools, metadata, sent_at, num_user_messages,
num_tool_calls, trace, file_path` (`datasets`, `AGENT_TRACES_FEATURES`). `trace` is the file as it was, and is what is
read; `messages`, chat messages without times or results' flags, stand in where it is missing. A row of another
harness's own columns (ml-intern's) is its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from viewer.harnesses import harness_label

TRACE, MESSAGES = "trace", "messages"
FACTS = ("harness", "session_id", "prompt")
"""Small columns, from which a row of the list is made before its trace is read."""

_OWN = ("session_id", "messages", "events", "model_name")
_OWN_MORE = ("session_title", "tools", "usage_metrics", "session_start_time", "session_end_time")
_RENAMED = (
    ("reasoning_content", "reasoningContent"),
    ("reasoning", "reasoningContent"),
    ("thinking", "reasoningContent"),
)
_MAX_CALLS = 1_000


def run_columns(columns: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns to read a run from, and those to read where the first hold none; none where no column is a trace."""
    there = frozenset(columns)
    if set(_OWN) <= there:
        return tuple(name for name in (*_OWN, *_OWN_MORE) if name in there), ()
    facts = tuple(name for name in FACTS if name in there)
    found = [(*facts, name) for name in (TRACE, MESSAGES) if name in there]
    return (found[0] if found else ()), (found[1] if len(found) > 1 else ())


def run_lines(row: Mapping[str, Any]) -> bytes:
    """The records of a row's run, one a line; empty where it has none."""
    if set(_OWN) <= set(row):
        return orjson.dumps(dict(row), default=str) + b"\n"
    text = _trace_text(row.get(TRACE))
    if text.strip():
        return text.encode("utf-8", "surrogatepass")
    messages = [_decoded(message) for message in _list(_decoded(row.get(MESSAGES)))]
    if not messages:
        return b""
    return _lines([_header(row), *(_message(message) for message in messages)])


def head_lines(row: Mapping[str, Any]) -> bytes:
    """A session of the row's prompt alone, for its place in the list."""
    prompt = row.get("prompt")
    said = {"role": "user", "content": prompt if isinstance(prompt, str) else ""}
    return _lines([_header(row), {"type": "message", "message": said}])


def _trace_text(value: object) -> str:
    """The trace as lines. It is text with a record a line, also as one JSON string, or a list of records."""
    if isinstance(value, str):
        stripped = value.lstrip()
        if stripped[:1] not in ('"', "["):
            return value
        decoded = _decoded(stripped)
        return value if decoded is stripped else _trace_text(decoded)
    if isinstance(value, list):
        return "\n".join(item if isinstance(item, str) else _text(item) for item in value)
    return "" if value is None else _text(value)


def _header(row: Mapping[str, Any]) -> dict[str, Any]:
    header = {"type": "session"}
    session, harness = row.get("session_id"), row.get("harness")
    if isinstance(session, str):
        header["id"] = session
    if isinstance(harness, str):
        header["harness"] = harness_label(harness) or harness
    return header


def _message(message: Any) -> dict[str, Any]:
    """A chat message in the form of STS."""
    if not isinstance(message, dict):
        return {"type": "message", "message": {"role": "unknown", "content": message}}
    found = dict(message)
    calls = found.pop("tool_calls", None)
    if calls:
        found["toolCalls"] = [_decoded(call) for call in _list(_decoded(calls))[:_MAX_CALLS]]
    if "tool_call_id" in found:
        found["toolCallId"] = found.pop("tool_call_id")
    for name, renamed in _RENAMED:
        if isinstance(found.get(name), str):
            found.setdefault(renamed, found.pop(name))
    return {"type": "message", "message": found}


def _decoded(value: Any) -> Any:
    """The value of a JSON text; any other value, and a text that is none, as it is."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def _lines(documents: Iterable[Any]) -> bytes:
    return b"".join(orjson.dumps(document, default=str) + b"\n" for document in documents)
