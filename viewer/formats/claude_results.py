"""Tool results of Claude Code: status, text, images and the richer `toolUseResult` beside the message."""

from __future__ import annotations

import re
from typing import Any

from viewer.formats.builder import RunBuilder
from viewer.formats.images import image_at
from viewer.formats.values import count, items, mapping, maybe_string, pretty, string
from viewer.model import ImageRef, Status

_EXIT_CODE = re.compile(r"(?:Error: )?Exit code (\d{1,5})\b")
_REJECTED = (
    "The user doesn't want to proceed",
    "The user doesn't want to take this action",
    "Permission to use",
    "User rejected",
)
_INTERRUPTED = (
    "[Request interrupted by user",
    "<tool_use_error>Sibling tool call errored",
    "<tool_use_error>Cancelled: parallel tool call",
    "Interrupted by user",
)
"""A sibling's error cancels the other calls of the same message: they did not fail themselves."""


def read(
    builder: RunBuilder,
    block: dict[str, Any],
    document: dict[str, Any],
    number: int,
    index: int,
    time: int | None,
    path: tuple[str | int, ...],
) -> None:
    """One `tool_result` block of a user line to the builder."""
    text, images = _content(block.get("content"), number, path)
    extra = document.get("toolUseResult")
    facts = mapping(extra)
    flag = block.get("is_error")
    status = _status(flag, text, extra, bool(document.get("version")))
    found = _EXIT_CODE.match(text) if status == "error" else None
    builder.result(
        string(block.get("tool_use_id")),
        number,
        index,
        time=time,
        status=status,
        text=text,
        exit_code=int(found[1]) if found else None,
        duration=count(facts.get("totalDurationMs") or facts.get("durationMs")) or None,
        images=images,
        patch=_patch(facts),
        agent_id=maybe_string(facts.get("agentId")),
    )


def _status(flag: object, text: str, extra: object, flags_errors: bool) -> Status:
    """What Claude Code says of the result.

    It writes `is_error: true` on failures and often nothing on success, so on a line that Claude Code itself wrote (it
    carries `version`) absence means ok; on a line that something else wrote in its shape absence means unknown.
    """
    refused = flag is True or (isinstance(extra, str) and extra.startswith("Error:"))
    if refused:
        if text.startswith(_REJECTED):
            return "rejected"
        return "interrupted" if text.startswith(_INTERRUPTED) else "error"
    if mapping(extra).get("interrupted") is True:
        return "interrupted"
    return "ok" if flag is False or flags_errors else "unknown"


def _content(content: object, number: int, path: tuple[str | int, ...]) -> tuple[str, tuple[ImageRef, ...]]:
    """Text and images of a result: text, or a list of text, image and tool_reference blocks."""
    if isinstance(content, str):
        return content, ()
    if not isinstance(content, list):
        return "" if content is None else pretty(content), ()
    texts: list[str] = []
    images: list[ImageRef] = []
    for at, block in enumerate(content):
        found = mapping(block)
        image = image_at(block, number, (*path, "content", at))
        if image is not None:
            images.append(image)
        elif found.get("type") == "tool_reference":
            texts.append(string(found.get("tool_name")))
        else:
            text = found.get("text")
            texts.append(text if isinstance(text, str) else pretty(block))
    return "\n".join(texts), tuple(images)


def _patch(facts: dict[str, Any]) -> str | None:
    """The unified diff of `structuredPatch`, a list of hunks."""
    hunks = facts.get("structuredPatch")
    if not hunks or not isinstance(hunks, list):
        return None
    lines: list[str] = []
    for hunk in map(mapping, hunks):
        old, new = (f"{count(hunk.get(side + 'Start'))},{count(hunk.get(side + 'Lines'))}" for side in ("old", "new"))
        lines.append(f"@@ -{old} +{new} @@")
        lines.extend(line for line in items(hunk.get("lines")) if isinstance(line, str))
    return "\n".join(lines) if len(lines) > 1 else None
