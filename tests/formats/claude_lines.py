"""The smallest lines of a Claude Code session, for its tests."""

from __future__ import annotations

from typing import Any

PIXEL = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}


def line(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "sessionId": "s1", "version": "2.1.1", "parentUuid": None} | fields


def user(content: Any, **fields: Any) -> dict[str, Any]:
    return line("user", message={"role": "user", "content": content}, **fields)


def said(*blocks: Any, message: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return line("assistant", message={"role": "assistant", "content": list(blocks)} | (message or {}), **fields)


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def use(call_id: str = "t1", name: str = "Bash", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": name, "input": arguments}


def back(content: Any, call_id: str = "t1", *, extra: Any = None, flag: Any = None, **fields: Any) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": call_id, "content": content}
    if flag is not None:
        block["is_error"] = flag
    return user([block], **fields) | ({} if extra is None else {"toolUseResult": extra})


def spent(message_id: str, output: int, *blocks: Any, **fields: Any) -> dict[str, Any]:
    """A line of a message with usage: 1 input token, `output` output tokens."""
    usage = {"input_tokens": 1, "output_tokens": output, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 5}
    return said(*(blocks or (text("Yes"),)), message={"id": message_id, "model": "m", "usage": usage}, **fields)
