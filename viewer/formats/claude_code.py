"""Claude Code sessions (`~/.claude/projects/<cwd>/<session>.jsonl`), as written by versions 1.0 to 2.1.

No schema is published; the rules are measured on 660 real sessions. Append-only JSONL, one line per content block.
Subagents come in four layouts: inline `isSidechain` lines (up to 2.0), `agent-<id>.jsonl` files beside the session or in
`<session>/subagents/` (each a file of its own, all lines `isSidechain`), and `progress` records of type `agent_progress`
inside the parent. Also read: the web export (`{"loglines": […]}`) and `claude -p --output-format stream-json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from viewer.formats import claude_results
from viewer.formats.builder import Draft, RunBuilder
from viewer.formats.claude_text import clean, sort_user_text
from viewer.formats.contract import Format, Numbered
from viewer.formats.images import image_at
from viewer.formats.records import Records
from viewer.formats.values import amount, count, iso_time, items, mapping, maybe_string, pretty, string
from viewer.model import Run, Usage

_TYPES = frozenset(
    "user assistant system summary file-history-snapshot progress queue-operation attachment custom-title ai-title "
    "last-prompt permission-mode mode agent-name pr-link".split()
)
_BOOKKEEPING = frozenset(
    "file-history-snapshot queue-operation last-prompt permission-mode mode pr-link bridge-session worktree-state "
    "frame-link relocated started rate_limit_event keep_alive".split()
)
"""Records that say nothing a reader looks for; a typed-ahead prompt in `queue-operation` comes again as a user line."""

_SYNTHETIC = "<synthetic>"
"""Model name on text that the harness itself wrote."""


class _Thread:
    """The main conversation, or one subagent's."""

    def __init__(self, agent_id: str | None) -> None:
        self.agent_id = agent_id
        self.builder = RunBuilder()
        self.prompt: str | None = None
        self.fallback_prompt: str | None = None
        self.call_id: str | None = None


class _Session:
    """All that one file says, while it is being read."""

    def __init__(self) -> None:
        self.main = _Thread(None)
        self.threads: dict[str, _Thread] = {}
        self.session_ids: dict[str, None] = {}
        self.titles: dict[str, str] = {}
        self.leafs: dict[str, str] = {}
        self.version: str | None = None
        self.cwd: str | None = None
        self.branch: str | None = None
        self.total_cost: float | None = None
        self.wrapped = 0
        self._last_id: str | None = None
        self.task_prompts: dict[str, Draft] = {}
        self._chains: dict[str, str] = {}
        self._usage: dict[str, tuple[Draft, dict[str, Any], float | None]] = {}

    def read(self, number: int, document: Any) -> None:
        """Take in one record."""
        if not isinstance(document, dict):
            self.main.builder.add("other", number, text=pretty(document), label="not an object")
            return
        kind = string(document.get("type"))
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(self, number, document)
        elif not self.wrapped and isinstance(document.get("loglines"), list):  # the web export
            self.wrapped = len(document["loglines"])
            for at, line in enumerate(document["loglines"], 1):
                self.read(at, line)
        elif kind not in _BOOKKEEPING:
            label = kind or "record without a type"
            time = iso_time(document.get("timestamp"))
            self.main.builder.add("other", number, time=time, text=pretty(document), label=label)

    def identify(self, document: dict[str, Any]) -> None:
        """Session id, version, folder and branch: the first id names the session, the last version counts."""
        session_id = document.get("sessionId") or document.get("session_id")
        if session_id != self._last_id and isinstance(session_id, str):
            self._last_id = session_id
            self.session_ids[session_id] = None
        version = document.get("version")
        if version != self.version and isinstance(version, str):
            self.version = version
        if self.cwd is None:
            self.cwd = maybe_string(document.get("cwd"))
            self.branch = maybe_string(document.get("gitBranch"))
        if self.leafs and string(document.get("uuid")) in self.leafs:
            self.titles["summary"] = self.leafs[document["uuid"]]

    def thread(self, number: int, document: dict[str, Any]) -> _Thread:
        """The conversation that this line belongs to."""
        if not document.get("isSidechain"):
            return self.main
        agent = document.get("agentId")
        if not isinstance(agent, str):  # up to 2.0 inline sidechains have no id: follow parentUuid to the chain's root
            uuid, parent = string(document.get("uuid")), string(document.get("parentUuid"))
            agent = self._chains.get(parent) or f"sidechain-{number}"
            self._chains[uuid] = agent
        return self.subagent(agent)

    def subagent(self, agent: str) -> _Thread:
        """The thread of one subagent, begun when first seen."""
        thread = self.threads.get(agent)
        if thread is None:
            thread = self.threads[agent] = _Thread(agent)
        return thread

    def count_usage(self, key: str, draft: Draft, usage: dict[str, Any], cost: float | None) -> None:
        """Usage is repeated on every line of a message and grows while it streams: the largest output counts, once.

        The lines of a message need not be neighbours (327 of 3,720 groups measured were not).
        """
        key = key or f"record {draft.record}"
        known = self._usage.get(key)
        if known is None:
            self._usage[key] = (draft, usage, cost)
        elif count(usage.get("output_tokens")) >= count(known[1].get("output_tokens")):
            self._usage[key] = (known[0], usage, cost)

    def settle_usage(self) -> None:
        """Give each model call's usage to the first event of its message."""
        for draft, usage, cost in self._usage.values():
            draft.usage = _usage(usage, cost)


def _assistant(session: _Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    _assistant_message(session, session.thread(number, document), number, document, ("message", "content"))


def _assistant_message(
    session: _Session, thread: _Thread, number: int, document: dict[str, Any], path: tuple[str, ...]
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


def _assistant_block(
    session: _Session, thread: _Thread, block: Any, number: int, index: int, time: int | None, model: str | None
) -> Draft:
    builder = thread.builder
    found = mapping(block)
    kind = found.get("type")
    if kind == "tool_use" or kind == "server_tool_use":
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
    if kind == "text":
        return builder.add("assistant", number, index, time=time, text=string(found.get("text")), model=model)
    if kind == "thinking" or kind == "redacted_thinking":
        text = string(found.get("thinking"))
        return builder.add(
            "reasoning", number, index, time=time, text=text, model=model, label="" if text else "encrypted"
        )
    if "tool_use_id" in found:  # a server tool's result, e.g. web_search_tool_result
        text = pretty(found.get("content"))
        return builder.result(string(found["tool_use_id"]), number, index, time=time, status="unknown", text=text)
    return builder.add("other", number, index, time=time, text=pretty(block), model=model, label=string(kind))


def _user(session: _Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    _user_message(session.thread(number, document), number, document, ("message", "content"))


def _user_message(thread: _Thread, number: int, document: dict[str, Any], path: tuple[str, ...]) -> None:
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
        here = (*path, index - 1)
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


def _user_text(
    thread: _Thread, text: str, document: dict[str, Any], number: int, index: int, time: int | None
) -> Draft:
    kind, label, shown = sort_user_text(text)
    if document.get("isCompactSummary"):
        kind, label = "system", "compaction summary"
    elif document.get("isMeta") and kind == "user":
        kind, label = "system", label or "injected by the harness"
    elif kind == "user" and not label and thread.agent_id is not None and not thread.builder.drafts:
        label = "task"
    if kind == "user" and shown.strip():
        if label in ("", "task"):
            thread.prompt = thread.prompt or shown
        else:
            thread.fallback_prompt = thread.fallback_prompt or shown
    return thread.builder.add(kind, number, index, time=time, text=shown, label=label)


def _system(session: _Session, number: int, document: dict[str, Any]) -> None:
    session.identify(document)
    builder = session.thread(number, document).builder
    time = iso_time(document.get("timestamp"))
    subtype = string(document.get("subtype"))
    text = clean(string(document.get("content")))
    if subtype == "init":  # stream-json's first record
        builder.models.setdefault(string(document.get("model")) or "unknown")
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


def _attachment(session: _Session, number: int, document: dict[str, Any]) -> None:
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


def _progress(session: _Session, number: int, document: dict[str, Any]) -> None:
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


def _title(session: _Session, number: int, document: dict[str, Any]) -> None:
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


def _result(session: _Session, number: int, document: dict[str, Any]) -> None:
    """The last record of stream-json states what the whole run cost."""
    session.identify(document)
    cost = amount(document.get("total_cost_usd"))
    session.total_cost = cost if cost is not None else session.total_cost


_HANDLERS: dict[str, Callable[[_Session, int, dict[str, Any]], None]] = {
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


def _usage(usage: dict[str, Any], cost: float | None) -> Usage:
    return Usage(
        input=count(usage.get("input_tokens")),
        output=count(usage.get("output_tokens")),
        cache_read=count(usage.get("cache_read_input_tokens")),
        cache_write=count(usage.get("cache_creation_input_tokens")),
        cost_usd=cost,
    )


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


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """One run for the file's conversation, its inline subagents as children.

    A file in which every line is a sidechain is a subagent's own file: the subagent is the run.
    """
    session = _Session()
    for number, document in records:
        session.read(number, document)
    session.settle_usage()
    threads = list(session.threads.values())
    children = [_run(session, thread, source) for thread in threads if thread.builder.drafts]
    if children and not session.main.builder.drafts:
        return children
    return [_run(session, session.main, source, tuple(children))]


def _run(session: _Session, thread: _Thread, source: Records, children: tuple[Run, ...] = ()) -> Run:
    ids = list(session.session_ids)
    session_id = source.name if source.name in session.session_ids else (ids[0] if ids else source.name)
    prompt = thread.prompt or thread.fallback_prompt
    title = next((session.titles[kind] for kind in _TITLE_ORDER if kind in session.titles), None)
    agent = thread.agent_id
    parent_call = _started_by(session, thread)
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
        call=f"{parent_call.record}" + (f".{parent_call.block}" if parent_call.block > 1 else "") if parent_call else None,
        children=children,
        records=session.wrapped if agent is None else 0,
        notes=(f"resumed or forked: {len(ids)} session ids in one file",) if len(ids) > 1 and agent is None else (),
    )
    if agent is None and session.total_cost is not None:
        run = replace(run, usage=replace(run.usage or Usage(), cost_usd=session.total_cost))
    return run


def _started_by(session: _Session, thread: _Thread) -> Draft | None:
    """The call of the main conversation that started this subagent."""
    if thread.agent_id is None:
        return None
    for draft in session.main.builder.drafts:
        if draft.kind != "tool":
            continue
        if thread.call_id and draft.call_id == thread.call_id:
            return draft
        if draft.result is not None and draft.result.agent_id == thread.agent_id:
            return draft
    return session.task_prompts.get((thread.prompt or "").strip())


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
