"""Claude Code sessions (`~/.claude/projects/<cwd>/<session>.jsonl`), as written by versions 1.0 to 2.1.

No schema is published; the rules are measured on 660 real sessions. Append-only JSONL, one line per content block.
Subagents come in four layouts: inline `isSidechain` lines (up to 2.0), `agent-<id>.jsonl` files beside the session or
in `<session>/subagents/` (each a file of its own, all lines `isSidechain`), and `progress` records of type
`agent_progress` inside the parent. Also read: the web export (`{"loglines": […]}`) and the output of
`claude -p --output-format stream-json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from viewer.formats import claude_results
from viewer.formats.builder import Draft
from viewer.formats.claude_detect import detect
from viewer.formats.claude_session import Session, Thread
from viewer.formats.claude_text import clean, sort_user_text
from viewer.formats.contract import Format, Numbered
from viewer.formats.images import image_at
from viewer.formats.records import Records
from viewer.formats.values import amount, count, iso_time, items, mapping, maybe_string, pretty, string
from viewer.model import Run, Usage

_BOOKKEEPING = frozenset(
    (
        "file-history-snapshot",
        "queue-operation",
        "last-prompt",
        "permission-mode",
        "mode",
        "pr-link",
        "bridge-session",
        "worktree-state",
        "frame-link",
        "relocated",
        "started",
        "rate_limit_event",
        "keep_alive",
    )
)
"""Records that say nothing a reader looks for; a typed-ahead prompt in `queue-operation` comes again as a user line."""

_SYNTHETIC = "<synthetic>"
"""Model name on text that the harness itself wrote."""


def _read(session: Session, number: int, document: Any) -> None:
    """Take in one record."""
    if not isinstance(document, dict):
        session.main.builder.add("other", number, text=pretty(document), label="not an object")
        return
    kind = string(document.get("type"))
    handler = _HANDLERS.get(kind)
    if handler is not None:
        handler(session, number, document)
    elif number == 1 and not session.wrapped and isinstance(document.get("loglines"), list):  # the web export
        session.wrapped = len(document["loglines"])
        for at, line in enumerate(document["loglines"], 1):
            _read(session, at, line)
    elif kind not in _BOOKKEEPING:
        label = kind or "record without a type"
        time = iso_time(document.get("timestamp"))
        session.main.builder.add("other", number, time=time, text=pretty(document), label=label)


def _assistant(session: Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    _assistant_message(session, session.thread(number, document), number, document, ("message", "content"))


def _assistant_message(
    session: Session, thread: Thread, number: int, document: dict[str, Any], path: tuple[str, ...]
) -> None:
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
                "api_error", number, index, time=time, text=_text(block), label=string(document.get("error"))
            )
        elif synthetic and mapping(block).get("type") == "text":
            draft = thread.builder.add("system", number, index, time=time, text=_text(block), label="harness text")
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


def _user(session: Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    _user_message(session.thread(number, document), number, document, ("message", "content"))


def _user_message(thread: Thread, number: int, document: dict[str, Any], path: tuple[str, ...]) -> None:
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


def _system(session: Session, number: int, document: dict[str, Any]) -> None:
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


def _attachment(session: Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    thread = session.thread(number, document)
    attachment = mapping(document.get("attachment"))
    kind = string(attachment.get("type"))
    time = iso_time(document.get("timestamp"))
    prompt = attachment.get("prompt")
    if kind == "queued_command" and prompt:
        blocks = prompt if isinstance(prompt, list) else [prompt]
        found = [image_at(block, number, ("attachment", "prompt", at)) for at, block in enumerate(blocks)]
        text = "\n".join(_text(block) for block, image in zip(blocks, found, strict=True) if image is None)
        sort, label, shown = sort_user_text(text)
        images = tuple(image for image in found if image is not None)
        thread.builder.add(sort, number, time=time, text=shown, label=label or "typed while working", images=images)
        return
    content = attachment.get("content")
    rest = {key: value for key, value in attachment.items() if key != "type"}
    text = content if isinstance(content, str) else pretty(rest)
    thread.builder.add("system", number, time=time, text=clean(text), label=kind.replace("_", " ") or "attachment")


def _progress(session: Session, number: int, document: dict[str, Any]) -> None:
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
        _assistant_message(session, thread, number, inner, path)
    elif inner.get("type") == "user":
        _user_message(thread, number, inner, path)


def _title(session: Session, number: int, document: dict[str, Any]) -> None:
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


def _result(session: Session, number: int, document: dict[str, Any]) -> None:
    """The last record of stream-json states what the whole run cost."""
    session.identify(document)
    cost = amount(document.get("total_cost_usd"))
    session.total_cost = cost if cost is not None else session.total_cost


_HANDLERS: dict[str, Callable[[Session, int, dict[str, Any]], None]] = {
    "assistant": _assistant,
    "user": _user,
    "system": _system,
    "attachment": _attachment,
    "progress": _progress,
    "summary": _title,
    "custom-title": _title,
    "ai-title": _title,
    "agent-name": _title,
    "result": _result,
}
_TITLE_ORDER = ("custom-title", "ai-title", "agent-name", "summary", "first summary")


def _blocks(content: Any) -> list[Any]:
    """A message's blocks; text, or an object on its own, is one."""
    if isinstance(content, list):
        return content
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [] if content is None else [content]


def _text(block: Any) -> str:
    return block if isinstance(block, str) else string(mapping(block).get("text")) or pretty(block)


def _details(document: dict[str, Any]) -> str:
    """What a system record says beyond the fields that every line has."""
    common = ("parentUuid", "isSidechain", "userType", "cwd", "sessionId", "version", "gitBranch", "uuid", "timestamp")
    return pretty({key: value for key, value in document.items() if key not in common})


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """One run for the file's conversation, its inline subagents as children.

    A file in which every line is a sidechain is a subagent's own file: the subagent is the run.
    """
    session = Session()
    for number, document in records:
        if session.wrapped:
            source.problem(number, "stands behind the end of a web export")
        else:
            _read(session, number, document)
    session.settle_usage()
    session.link()
    threads = list(session.threads.values())
    children = [_run(session, thread, source) for thread in threads if thread.builder.drafts]
    if children and not session.main.builder.drafts:
        return children
    return [_run(session, session.main, source, tuple(children))]


def _run(session: Session, thread: Thread, source: Records, children: tuple[Run, ...] = ()) -> Run:
    ids = list(session.session_ids)
    session_id = source.name if source.name in session.session_ids else (ids[0] if ids else source.name)
    prompt = thread.prompt or thread.fallback_prompt
    title = next((session.titles[kind] for kind in _TITLE_ORDER if kind in session.titles), None)
    agent = thread.agent_id
    parent_call = session.started_by(thread)
    run = thread.builder.finish(
        id=session_id if agent is None else f"{session_id}/{agent}",
        format=FORMAT.name,
        harness=FORMAT.label,
        harness_version=session.version,
        title=(title or prompt) if agent is None else _task_name(parent_call) or prompt,
        prompt=prompt,
        cwd=session.cwd,
        branch=session.branch,
        agent_id=agent,
        part=agent or "",
        parent=session_id if agent is not None else None,
        call=f"{parent_call.record}" + (f".{parent_call.block}" if parent_call.block > 1 else "")
        if parent_call
        else None,
        children=children,
        records=session.wrapped if agent is None else 0,
        notes=(f"resumed or forked: {len(ids)} session ids in one file",) if len(ids) > 1 and agent is None else (),
    )
    if agent is None and session.total_cost is not None:
        run = replace(run, usage=replace(run.usage or Usage(), cost_usd=session.total_cost))
    return run


def _task_name(call: Draft | None) -> str | None:
    return maybe_string(mapping(call.input).get("description")) if call is not None else None


def element(lines: Iterable[bytes], number: int) -> Any | None:
    """One line of the web export, which is a document around the lines."""
    for line in lines:
        if b'"loglines"' in line:
            for _, document in Records([line]):
                loglines = items(mapping(document).get("loglines"))
                return loglines[number - 1] if 0 < number <= len(loglines) else None
        break
    return None


FORMAT = Format("claude-code", "Claude Code", detect, parse, element)
