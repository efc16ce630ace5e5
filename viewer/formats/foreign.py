"""What a file of a format that is not read looks like, so that the message can name it. A guess, for words only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from viewer.formats.values import items, mapping, string

_SIGNS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("an ATIF trajectory", lambda first: string(first.get("schema_version")).startswith("ATIF")),
    ("a Gemini CLI session", lambda first: "projectHash" in first),
    ("an OpenCode export", lambda first: "info" in first and "messages" in first),
    ("a Copilot CLI session", lambda first: first.get("type") == "session.start"),
    ("a Droid session", lambda first: first.get("type") == "session_start"),
    ("a Qwen Code session", lambda first: "parts" in mapping(first.get("message"))),
    ("a Hermes export", lambda first: "system_prompt" in first and "messages" in first),
    ("a Cursor transcript", lambda first: first.get("type") == "cursor_session_meta"),
    ("a Cursor transcript", lambda first: "role" in first and "message" in first),
    ("a ShareGPT dataset", lambda first: "conversations" in first),
    ("a chat transcript without a session header", lambda first: "role" in first and "content" in first),
)


def looks_like(documents: Sequence[Any]) -> str | None:
    """The format that the first records give away; None where they do not."""
    heads = [*documents[:1], *items(next(iter(documents), None))[:1], *documents[1:]]
    for first in heads:
        for what, test in _SIGNS:
            if isinstance(first, dict) and test(first):
                return what
    return None
