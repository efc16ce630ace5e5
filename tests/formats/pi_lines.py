"""Short Pi sessions for the tests: entries of each sort, with a time but no place in the tree."""

from __future__ import annotations

from typing import Any

from tests.formats.lines import parse_lines
from viewer.model import Run

HEADER = {"type": "session", "version": 3, "id": "s1", "timestamp": "2026-07-09T10:00:00.000Z", "cwd": "/w"}
IMAGE = {"type": "image", "data": "aGk=", "mimeType": "image/png"}
ZEROS = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0, "totalTokens": 0, "cost": {"total": 0}}
USAGE = {"input": 1, "output": 2, "cacheRead": 3, "cacheWrite": 4, "reasoning": 1, "cost": {"total": 0.5}}


def entry(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": "2026-07-09T10:00:01.000Z"} | fields


def message(role: str, content: Any = None, **fields: Any) -> dict[str, Any]:
    return entry("message", message={"role": role, "content": content} | fields)


def node(own: str, parent: str | None, text: str, **fields: Any) -> dict[str, Any]:
    return message("user", text, **fields) | {"id": own, "parentId": parent}


def call(call_id: str, name: str = "bash", **arguments: Any) -> dict[str, Any]:
    block = {"type": "toolCall", "id": call_id, "name": name, "arguments": arguments}
    return message("assistant", [block], model="m")


def answer(call_id: str, text: str = "", **fields: Any) -> dict[str, Any]:
    block = {"type": "text", "text": text}
    return message("toolResult", [block], toolCallId=call_id, toolName="bash", **fields)


def run(*entries: Any, **header: Any) -> Run:
    [found] = parse_lines(HEADER | header, *entries)
    return found


def texts(found: Run) -> list[str]:
    return [event.text for event in found.events]
