"""What Claude Code's user and assistant lines hold: text, reasoning, tool calls and results, images, usage."""

from __future__ import annotations

from typing import Any

from viewer.formats import claude_results
from viewer.formats.builder import Draft
from viewer.formats.claude_session import Session, Thread
from viewer.formats.claude_text import sort_user_text
from viewer.formats.images import image_at
from viewer.formats.values import amount, iso_time, mapping, maybe_string, pretty, string

_SYNTHETIC = "<synthetic>"
"""Model name on text that the harness itself wrote."""


def assistant(session: Session, number: int, document: dict[str, Any]) -> None:
    """An assistant line of the file."""
    session.identify(document)
    assistant_message(session, session.thread(number, document), number, document)


def assistant_message(session: Session, thread: Thread, number: int, document: dict[str, Any]) -> None:
    """What the model said in one line, which may come from inside a progress record."""
    message = mapping(document.get("message"))
    time = iso_time(document.get("timestamp"))
    model = maybe_string(message.get("model"))
    synthetic = model == _SYNTHETIC
    model = None if synthetic else model
    content = message.get("content") if message else document.get("message")
    blocks = _blocks(content)
    first: Draft | None = None
    for index, block in enumerate(blocks, 1):
        if document.get("isApiErrorMessage"):
            draft = thread.builder.add(
                "api_error", number, index, time=time, text=block_text(block), label=string(document.get("error"))
            )
        elif synthetic and mapping(block).get("type") == "text":
            draft = thread.builder.add("system", number, index, time=time, text=block_text(block), label="harness text")
        else:
            draft = _assistant_block(session, thread, block, number, index, time, model)
        first = first or draft
    usage = message.get("usage")
    if isinstance(usage, dict) and not synthetic:
        first = first or thread.builder.add("assistant", number, time=time, model=model)
        key = string(message.get("id")) or string(document.get("requestId")) or string(document.get("uuid"))
        session.count_usage(key, first, usage, amount(document.get("costUSD")))
    if first is None and content is None:
        thread.builder.add("other", number, time=time, text=pretty(message), label="message without content")


def _assistant_block(
    session: Session, thread: Thread, block: Any, number: int, index: int, time: int | None, model: str | None
) -> Draft:
    builder = thread.builder
    found = mapping(block)
    kind = found.get("type")
    if kind in ("tool_use", "server_tool_use"):
        arguments = found.get("input")
        draft = builder.call(
            string(found.get("id")),
            string(found.get("name")) or "unknown tool",
            arguments if isinstance(arguments, dict | str) else {"input": arguments},
            number,
            index,
            time=time,
            model=model,
        )
        if draft.name in ("Task", "Agent") and isinstance(arguments, dict):
            session.task_prompts.setdefault(string(arguments.get("prompt")).strip(), draft)
        return draft
    if kind == "text" or isinstance(block, str):
        text = block if isinstance(block, str) else string(found.get("text"))
        return builder.add("assistant", number, index, time=time, text=text, model=model)
    if kind in ("thinking", "redacted_thinking"):
        text = string(found.get("thinking"))
        return builder.add(
            "reasoning", number, index, time=time, text=text, model=model, label="" if text else "encrypted"
        )
    if "tool_use_id" in found:  # a server tool's result, e.g. web_search_tool_result
        text = pretty(found.get("content"))
        return builder.result(string(found["tool_use_id"]), number, index, time=time, status="unknown", text=text)
    return builder.add("other", number, index, time=time, text=pretty(block), model=model, label=string(kind))


def user(session: Session, number: int, document: dict[str, Any]) -> None:
    """A user line of the file."""
    session.identify(document)
    user_message(session.thread(number, document), number, document, ("message", "content"))


def user_message(thread: Thread, number: int, document: dict[str, Any], path: tuple[str, ...]) -> None:
    """What a user line holds: results, typed or injected text, images; `path` leads to its blocks."""
    time = iso_time(document.get("timestamp"))
    message = document.get("message")
    content = message.get("content") if isinstance(message, dict) else message
    if content is None:
        thread.builder.add("other", number, time=time, text=pretty(message), label="message without content")
    blocks = _blocks(content)
    spoken: Draft | None = None
    for index, block in enumerate(blocks, 1):
        found = mapping(block)
        kind = found.get("type")
        here: tuple[str | int, ...] = (*path, index - 1)
        if kind == "tool_result":
            claude_results.read(thread.builder, found, document, number, index, time, here)
        elif kind == "text" or isinstance(block, str):
            text = block if isinstance(block, str) else string(found.get("text"))
            spoken = _user_text(thread, text, document, number, index, time)
        elif (image := image_at(block, number, here)) is not None:
            if spoken is None:
                spoken = thread.builder.add("user", number, index, time=time)
            spoken.images += (image,)
        else:
            thread.builder.add("other", number, index, time=time, text=pretty(block), label=string(kind))


def _user_text(thread: Thread, text: str, document: dict[str, Any], number: int, index: int, time: int | None) -> Draft:
    kind, label, shown = sort_user_text(text)
    if document.get("isCompactSummary"):
        kind, label = "system", "compaction summary"
    elif document.get("isMeta") and kind == "user":
        kind, label = "system", label or "injected by the harness"
    elif kind == "user" and not label and thread.agent_id is not None and not thread.builder.drafts:
        label = "task"
    if kind == "user" and shown.strip():
        asks = label == "slash command" and " " in shown.strip()  # `/review the parser` is a prompt, `/clear` is not
        if label in ("", "task") or asks:
            thread.prompt = thread.prompt or shown
        else:
            thread.fallback_prompt = thread.fallback_prompt or shown
    return thread.builder.add(kind, number, index, time=time, text=shown, label=label)


def _blocks(content: Any) -> list[Any]:
    """A message's blocks; text, or an object on its own, is one."""
    if isinstance(content, list):
        return content
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [] if content is None else [content]


def block_text(block: Any) -> str:
    """The text of a content block, or the block as JSON when it is of another sort."""
    return block if isinstance(block, str) else string(mapping(block).get("text")) or pretty(block)
