"""Telling Claude Code's files from those of harnesses that borrow its line shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viewer.formats.values import items, mapping, string

_TYPES = frozenset(
    (
        "user",
        "assistant",
        "system",
        "summary",
        "file-history-snapshot",
        "progress",
        "queue-operation",
        "attachment",
        "custom-title",
        "ai-title",
        "last-prompt",
        "permission-mode",
        "mode",
        "agent-name",
        "pr-link",
    )
)


def detect(head: Sequence[Any]) -> bool:
    """Claude Code, and none of the harnesses that borrow its line shape.

    ml-intern's upload has no `version` or `cwd` on any line; Qwen Code has `message.parts`.
    """
    documents = [document for document in head if isinstance(document, dict)]
    if any("parts" in mapping(document.get("message")) for document in documents):
        return False
    for document in documents:
        if any(mapping(line).get("type") in ("user", "assistant") for line in items(document.get("loglines"))):
            return True
        kind = string(document.get("type"))
        if document.get("subtype") == "init" and isinstance(document.get("session_id"), str):
            return True
        known = kind in _TYPES and isinstance(document.get("sessionId"), str)
        if (known or "parentUuid" in document) and ("version" in document or "cwd" in document or known):
            return not _is_ml_intern_shape(documents)
    return any(document.get("type") in ("summary", "file-history-snapshot") for document in documents)


def _is_ml_intern_shape(documents: list[dict[str, Any]]) -> bool:
    """Every line holds just the six keys that ml-intern's converter writes, and no message has an id or a usage."""
    return all(
        document.keys() == {"type", "message", "uuid", "parentUuid", "sessionId", "timestamp"}
        and not {"id", "usage"} & mapping(document["message"]).keys()
        for document in documents
    )
