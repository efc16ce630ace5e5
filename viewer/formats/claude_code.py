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

from viewer.formats import claude_messages, claude_system
from viewer.formats.builder import Draft
from viewer.formats.claude_detect import detect
from viewer.formats.claude_session import Session, Thread
from viewer.formats.contract import Format, Numbered
from viewer.formats.records import Records
from viewer.formats.values import iso_time, items, mapping, maybe_string, pretty, string
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

_HANDLERS: dict[str, Callable[[Session, int, dict[str, Any]], None]] = {
    "assistant": claude_messages.assistant,
    "user": claude_messages.user,
    "system": claude_system.system,
    "attachment": claude_system.attachment,
    "progress": claude_system.progress,
    "summary": claude_system.title,
    "custom-title": claude_system.title,
    "ai-title": claude_system.title,
    "agent-name": claude_system.title,
    "result": claude_system.result,
}


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


_TITLE_ORDER = ("custom-title", "ai-title", "agent-name", "summary", "first summary")


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
