"""Codex sessions (`~/.codex/sessions/YYYY/MM/DD/rollout-<time>-<uuid>.jsonl`), summer of 2025 to version 0.146.

A record is `{timestamp, type, payload}`. `response_item` is what the model was sent and what it answered; `event_msg`
is what the harness told its own screen, mostly the same once more (`codex_events.py`). Up to September 2025 the items
stood bare, without time, model or usage, below a header `{id, timestamp, instructions}`. The rules are measured on 42
rollouts and read in the harness's source. The object that the TypeScript CLI wrote before is read by `codex_object.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from viewer.formats.codex_calls import CALLS, Handler, Path
from viewer.formats.codex_events import read_event
from viewer.formats.codex_session import Session
from viewer.formats.codex_text import block_text, is_image_tag, sort_text
from viewer.formats.contract import Format, Numbered
from viewer.formats.images import image_at
from viewer.formats.records import Records
from viewer.formats.values import iso_time, items, mapping, maybe_string, pretty, string
from viewer.model import ImageRef, Run

_PAYLOAD: Path = ("payload",)
_RECORDS = frozenset(("session_meta", "response_item", "event_msg", "turn_context", "compacted"))
_BOOKKEEPING = frozenset(("world_state", "inter_agent_communication_metadata", "ghost_snapshot"))


def read(session: Session, number: int, document: Any) -> None:
    """One record, of the current form or a bare item."""
    if not isinstance(document, dict):
        session.builder.add("other", number, text=pretty(document), label="not an object")
        return
    kind = string(document.get("type"))
    payload = document.get("payload")
    if not isinstance(payload, dict):
        _bare(session, number, document)
        return
    timestamp = document.get("timestamp") or payload.get("timestamp")
    if kind == "event_msg":
        read_event(session, payload, number, timestamp)
        return
    time = iso_time(timestamp)
    if kind == "response_item":
        _item(session, number, payload, time, _PAYLOAD)
    elif kind == "turn_context":
        session.model = maybe_string(payload.get("model")) or session.model
        session.begin_turn(payload, number, time)
    elif kind == "session_meta":
        session.identify(payload, number, time)
    elif kind == "compacted":
        session.stated.add("compaction")
        session.builder.add("compaction", number, time=time, text=string(payload.get("message")))
    elif kind == "inter_agent_communication":
        _agent_message(session, number, payload, time, ("payload",))
    elif kind not in _BOOKKEEPING:
        session.builder.add("other", number, time=time, text=pretty(document), label=kind or "record without a type")


def _bare(session: Session, number: int, document: dict[str, Any]) -> None:
    """A record of the older form: the header, a filler, or an item without its envelope."""
    if isinstance(document.get("type"), str):
        _item(session, number, document, iso_time(document.get("timestamp")), ())
    elif session.meta is None and isinstance(document.get("id"), str):
        session.identify(document, number, iso_time(document.get("timestamp")))
    elif "record_type" not in document:
        session.builder.add("other", number, text=pretty(document), label="record without a type")


def _item(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    kind = payload.get("type")
    handler = _ITEMS.get(kind) if isinstance(kind, str) else None
    if handler is not None:
        handler(session, number, payload, time, path)
    elif not isinstance(kind, str) or kind not in _BOOKKEEPING:
        session.builder.add(
            "other", number, time=time, text=pretty(payload), label=string(kind) or "item without a type"
        )


def _message(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    role = string(payload.get("role"))
    content = payload.get("content")
    blocks = content if isinstance(content, list) else [content]
    if role == "assistant":
        _assistant(session, number, blocks, time, (*path, "content"))
    else:
        _sent(session, number, blocks, time, (*path, "content"), role)


def _assistant(session: Session, number: int, blocks: list[Any], time: int | None, path: Path) -> None:
    for index, block in enumerate(blocks, 1):
        text = block_text(block)
        image = image_at(block, number, (*path, index - 1)) if not text else None
        if text or image is not None:
            draft = session.builder.add("assistant", number, index, time=time, text=text, model=session.model)
            draft.images = (image,) if image is not None else ()
            session.stated.add("assistant")
            session.steps.made(draft)
        else:
            _odd_block(session, number, index, block, time)


def _sent(session: Session, number: int, blocks: list[Any], time: int | None, path: Path, role: str) -> None:
    """A message to the model: the user's own words and images, and what the harness put in."""
    said: list[str] = []
    images: list[ImageRef] = []
    first = 0
    for index, block in enumerate(blocks, 1):
        text = block_text(block)
        image = image_at(block, number, (*path, index - 1)) if not text else None
        if image is not None:
            images.append(image)
            first = first or index
        elif not text:
            _odd_block(session, number, index, block, time)
        elif role != "user" or sort_text(text)[1]:
            session.inject(text, number, index, time, role)
        elif not is_image_tag(text):
            said.append(text)
            first = first or index
    if said or images:
        session.prompt(session.typed, "\n".join(said), tuple(images), number, first, time)


def _odd_block(session: Session, number: int, index: int, block: Any, time: int | None) -> None:
    """A block that holds neither text nor image: shown, unless it is an empty one of a known sort."""
    kind = string(mapping(block).get("type"))
    if block and kind not in ("input_text", "output_text", "text", "refusal", "input_image"):
        session.builder.add("other", number, index, time=time, text=pretty(block), label=kind or "unknown content")


def _reasoning(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    blocks = items(payload.get("summary")) + items(payload.get("content"))
    text = "\n\n".join(filter(None, map(block_text, blocks))) if blocks else ""
    label = "" if text else "encrypted" if payload.get("encrypted_content") else "empty"
    draft = session.builder.add("reasoning", number, time=time, text=text, model=session.model, label=label)
    session.stated.add("reasoning")
    session.steps.made(draft)


def _compaction(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    session.echo("compaction", session.builder.add("compaction", number, time=time))


def _agent_message(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    """A message from one agent to another."""
    content = payload.get("content")
    texts = [block_text(block) for block in (content if isinstance(content, list) else [content])]
    text = "\n".join(part for part in texts if part)
    people = " to ".join(name for name in (string(payload.get("author")), string(payload.get("recipient"))) if name)
    session.builder.add("system", number, time=time, text=text, label=f"agent message {people}".strip())
    if not session.fork.replaying:
        session.task = session.task or text or None


_ITEMS: dict[str, Handler] = {
    **CALLS,
    "message": _message,
    "reasoning": _reasoning,
    "compaction": _compaction,
    "compaction_summary": _compaction,
    "agent_message": _agent_message,
}


def detect(head: Sequence[Any]) -> bool:
    """Codex of any age, by the envelope of its records, its older header or filler."""
    documents = [document for document in head if isinstance(document, dict)]
    if not documents:
        return False
    for document in documents:
        kind = document.get("type")
        if isinstance(kind, str) and kind in _RECORDS and isinstance(document.get("payload"), dict):
            return True
        if document.get("record_type") == "state":
            return True
    first = documents[0]
    return "type" not in first and {"id", "timestamp", "instructions"} <= first.keys()


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """One run. A subagent's rollout is a file of its own, which names its parent."""
    session = Session()
    for number, document in records:
        read(session, number, document)
    return [run_of(session, FORMAT.name, source.name)]


def run_of(session: Session, format_name: str, name: str, **facts: Any) -> Run:
    """The run of a session that is read to its end; `name` stands in for an id, `facts` are further fields of `Run`."""
    session.settle()
    meta = mapping(session.meta)
    git = mapping(meta.get("git"))
    session_id = maybe_string(meta.get("id")) or maybe_string(meta.get("session_id")) or name
    prompt = session.first_prompt()
    if session.model and not any(draft.model for draft in session.builder.drafts):
        facts["models"] = (session.model,)
    return session.builder.finish(
        id=session_id,
        format=format_name,
        harness=FORMAT.label,
        harness_version=maybe_string(meta.get("cli_version")),
        harness_named="cli_version" in meta,
        title=session.title or prompt,
        prompt=prompt,
        cwd=maybe_string(meta.get("cwd")),
        branch=maybe_string(git.get("branch")),
        agent_id=session_id if session.is_subagent() else None,
        parent=session.parent_thread() or maybe_string(meta.get("forked_from_id")),
        notes=tuple(_notes(session)),
        usage=session.steps.total(),
        **facts,
    )


def _notes(session: Session) -> Iterable[str]:
    """What a reader should know of a subagent and of a fork."""
    meta = mapping(session.meta)
    name = maybe_string(meta.get("agent_nickname")) or maybe_string(session.spawn().get("agent_nickname"))
    role = maybe_string(meta.get("agent_role")) or maybe_string(session.spawn().get("agent_role"))
    if name or role:
        yield "subagent " + ", ".join(part for part in (name, role) if part)
    if session.fork.replaying:
        yield "a fork without a turn of its own: all of it repeats another session, and no tokens are counted"
    elif session.own_from is not None:
        yield f"a fork: up to record {session.own_from - 1} it repeats another session, whose tokens are not counted"


FORMAT = Format("codex", "Codex", detect, parse)
