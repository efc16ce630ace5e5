"""Small facts of Pi's records: usage, tool results, patches, and the skill text that stands in a user's message."""

from __future__ import annotations

import re
from typing import Any

from viewer.formats.builder import RunBuilder
from viewer.formats.images import image_at
from viewer.formats.values import amount, count, mapping, maybe_string, pretty, string, whole
from viewer.model import ImageRef, Status, Usage

_EXITED = "Command exited with code "
_ABORTED = ("Command aborted", "Operation aborted")
_SKIPPED = "Skipped due to queued user message"
_SKILL = re.compile(r'<skill name="([^"\n]*)"[^\n]*>\n.*?\n</skill>\s*', re.DOTALL)


def usage_of(value: object) -> Usage | None:
    """The usage of one model call; None where Pi writes zeros, as it does for a call that failed or was stopped.

    `input` is without cached tokens. A cost of 0 for tokens that were used means that Pi had no price for the model.
    """
    if not isinstance(value, dict):
        return None
    usage = Usage(
        input=count(value.get("input")),
        output=count(value.get("output")),
        cache_read=count(value.get("cacheRead")),
        cache_write=count(value.get("cacheWrite")),
        reasoning=count(value.get("reasoning")),
        cost_usd=amount(mapping(value.get("cost")).get("total")) or None,
    )
    return usage if usage.context or usage.output or usage.cost_usd else None


def blocks_of(content: object) -> list[Any]:
    """The content blocks of a message: a list as it is, a text as one block."""
    if isinstance(content, list):
        return content
    return [] if content is None else [content]


def text_of(block: Any) -> str | None:
    """The text of a text block; None when it is something else."""
    if isinstance(block, str):
        return block
    return string(block.get("text")) if isinstance(block, dict) and block.get("type") == "text" else None


def split_skill(text: str) -> tuple[str, str]:
    """What the user typed, and the skill text that Pi put in its place; that is empty for an ordinary message.

    Pi replaces `/skill:name words` by the skill's whole text in a `<skill>` element, followed by the words.
    """
    found = _SKILL.match(text) if text.startswith("<skill name=") else None
    if found is None:
        return text, ""
    return f"/skill:{found[1]} {text[found.end() :]}".strip(), found[0].rstrip()


def tool_result(builder: RunBuilder, number: int, message: dict[str, Any], time: int | None) -> None:
    """A `toolResult` message to the builder."""
    texts: list[str] = []
    images: list[ImageRef] = []
    for at, block in enumerate(blocks_of(message.get("content"))):
        text = text_of(block)
        image = image_at(block, number, ("message", "content", at)) if text is None else None
        if image is not None:
            images.append(image)
        else:
            texts.append(pretty(block) if text is None else text)
    text = "\n".join(texts)
    details = mapping(message.get("details"))
    status = _status(message.get("isError"), text)
    code = whole(details.get("exitCode"))
    builder.result(
        string(message.get("toolCallId")),
        number,
        time=time,
        status=status,
        text=text,
        exit_code=_exit_code(text) if code is None and status == "error" else code,
        images=tuple(images),
        patch=maybe_string(details.get("patch")) or maybe_string(details.get("diff")),
        name=string(message.get("toolName")),
    )


def own_command(builder: RunBuilder, number: int, message: dict[str, Any], time: int | None) -> None:
    """A `bashExecution` message: a command that the user ran with `!`, or with `!!` to keep it from the model.

    The call keeps both fields that say so under Pi's own names, `command` and `excludeFromContext`.
    """
    call_id = f"own-shell-{number}"
    arguments = {key: message[key] for key in ("command", "excludeFromContext") if key in message}
    builder.call(call_id, "bash", arguments, number, time=time, label="own shell command")
    code = whole(message.get("exitCode"))
    status: Status = "unknown"
    if message.get("cancelled") is True:
        status = "interrupted"
    elif code is not None:
        status = "error" if code else "ok"
    text = string(message.get("output"))
    builder.result(call_id, number, time=time, status=status, text=text, exit_code=code)


def _status(flag: object, text: str) -> Status:
    """What Pi says of a result. It flags a call that was stopped or never begun as an error too, in its own words."""
    if flag is True:
        return "interrupted" if text.endswith(_ABORTED) or text.startswith(_SKIPPED) else "error"
    return "ok" if flag is False else "unknown"


def _exit_code(text: str) -> int | None:
    """The exit code that Pi's shell tool writes as the last line of what it returns."""
    at = text.rfind("\n") + 1
    last = text[at:]
    code = last.removeprefix(_EXITED) if last.startswith(_EXITED) else ""
    return int(code) if code.isascii() and code.isdigit() and len(code) <= 5 else None
