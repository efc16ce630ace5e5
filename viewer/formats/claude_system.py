"""Claude Code's lines beside the conversation: system, attachment, progress, titles, the result of stream-json."""

from __future__ import annotations

from typing import Any

from viewer.formats.claude_messages import assistant_message, block_text, user_message
from viewer.formats.claude_session import Session
from viewer.formats.claude_text import clean, sort_user_text
from viewer.formats.images import image_at
from viewer.formats.values import amount, count, iso_time, mapping, maybe_string, pretty, string


def system(session: Session, number: int, document: dict[str, Any]) -> None:
    """A system record: compaction, API error, or what a hook or command said."""
    session.identify(document)
    builder = session.thread(number, document).builder
    time = iso_time(document.get("timestamp"))
    subtype = string(document.get("subtype"))
    text = clean(string(document.get("content")))
    if subtype == "init":  # stream-json's first record
        if model := maybe_string(document.get("model")):
            builder.models.setdefault(model)
        return
    if subtype in ("compact_boundary", "microcompact_boundary"):
        facts = mapping(document.get("compactMetadata") or document.get("microcompactMetadata"))
        before = count(facts.get("preTokens"))
        said = [string(facts.get("trigger")), f"{before:,} tokens before" if before else ""]
        label = "" if subtype == "compact_boundary" else "microcompaction"
        builder.add("compaction", number, time=time, text=", ".join(part for part in said if part) or text, label=label)
    elif subtype == "api_error":
        builder.add("api_error", number, time=time, text=_api_error(document), label="retried")
    else:
        builder.add("system", number, time=time, text=text or _details(document), label=subtype or "system")


def _api_error(document: dict[str, Any]) -> str:
    error = document.get("error")
    inner = mapping(mapping(error).get("error"))
    said = string(mapping(inner.get("error")).get("message")) or string(inner.get("message"))
    said = said or string(mapping(error).get("message")) or (error if isinstance(error, str) else pretty(error))
    return f"{said} (retry {count(document.get('retryAttempt'))} of {count(document.get('maxRetries'))})"


def attachment(session: Session, number: int, document: dict[str, Any]) -> None:
    """Context that the harness put in; a queued command is what the user typed while the model worked."""
    session.identify(document)
    thread = session.thread(number, document)
    attachment = mapping(document.get("attachment"))
    kind = string(attachment.get("type"))
    time = iso_time(document.get("timestamp"))
    prompt = attachment.get("prompt")
    if kind == "queued_command" and prompt:
        blocks = prompt if isinstance(prompt, list) else [prompt]
        found = [image_at(block, number, ("attachment", "prompt", at)) for at, block in enumerate(blocks)]
        text = "\n".join(block_text(block) for block, image in zip(blocks, found, strict=True) if image is None)
        sort, label, shown = sort_user_text(text)
        images = tuple(image for image in found if image is not None)
        thread.builder.add(sort, number, time=time, text=shown, label=label or "typed while working", images=images)
        return
    content = attachment.get("content")
    rest = {key: value for key, value in attachment.items() if key != "type"}
    text = content if isinstance(content, str) else pretty(rest)
    thread.builder.add("system", number, time=time, text=clean(text), label=kind.replace("_", " ") or "attachment")


def progress(session: Session, number: int, document: dict[str, Any]) -> None:
    """Of the progress records only a subagent's messages are kept; the rest repeat what results say."""
    data = mapping(document.get("data"))
    inner = mapping(data.get("message"))
    agent = data.get("agentId")
    if data.get("type") != "agent_progress" or not isinstance(agent, str) or not inner:
        return
    thread = session.subagent(agent)
    thread.call_id = thread.call_id or maybe_string(document.get("parentToolUseID"))
    inner = {"version": document.get("version"), "timestamp": document.get("timestamp"), **inner}
    path = ("data", "message", "message", "content")
    if inner.get("type") == "assistant":
        assistant_message(session, thread, number, inner)
    elif inner.get("type") == "user":
        user_message(thread, number, inner, path)


def title(session: Session, number: int, document: dict[str, Any]) -> None:
    """A record that names the session."""
    kind = document["type"]
    if kind == "summary":  # summaries at the top of a file may belong to other sessions: their leaf is not in this file
        title, leaf = maybe_string(document.get("summary")), document.get("leafUuid")
        if title:
            session.titles.setdefault("first summary", title)
            if isinstance(leaf, str):
                session.leafs[leaf] = title
        return
    title = maybe_string(document.get({"custom-title": "customTitle", "ai-title": "aiTitle"}.get(kind, "agentName")))
    if title:
        session.titles[kind] = title


def result(session: Session, number: int, document: dict[str, Any]) -> None:
    """The last record of stream-json states what the whole run cost."""
    session.identify(document)
    cost = amount(document.get("total_cost_usd"))
    session.total_cost = cost if cost is not None else session.total_cost


_COMMON = frozenset(
    (
        "type",
        "subtype",
        "parentUuid",
        "logicalParentUuid",
        "isSidechain",
        "userType",
        "cwd",
        "sessionId",
        "version",
        "gitBranch",
        "uuid",
        "timestamp",
        "entrypoint",
        "slug",
        "level",
        "isMeta",
    )
)
"""Fields that every line has, or that the event shows otherwise."""


def _details(document: dict[str, Any]) -> str:
    """What a system record says beyond the fields that every line has."""
    return pretty({key: value for key, value in document.items() if key not in _COMMON})
