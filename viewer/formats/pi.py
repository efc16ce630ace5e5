"""Pi sessions (`~/.pi/agent/sessions/--<cwd>--/<time>_<id>.jsonl`), versions 1 to 3, and others in their format.

After Pi's own documentation of its session files and 13 sample files. A header line, then entries. In version 1 they
stand in a line; from version 2 each names its parent: the run is the path from the last entry back to the root, and
what stands on other branches is counted in the notes. OpenClaw writes the same format; any other harness may, and says
so with `harness` on the header line. One line per model call, with its usage and cost, so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from viewer.formats.contract import Format, Numbered
from viewer.formats.pi_entries import EntryReader
from viewer.formats.pi_text import usage_of
from viewer.formats.records import Records
from viewer.formats.tree import Tree
from viewer.formats.values import iso_time, mapping, maybe_string, string
from viewer.model import Run

_LABELS = {"pi": "Pi", "openclaw": "OpenClaw"}


class _Session:
    """One session while its file is read: only the last entry tells which branch is the run."""

    def __init__(self, part: str = "") -> None:
        self.part = part
        self.header: dict[str, Any] = {}
        self.numbers: list[int] = []
        self.entries: list[Any] = []
        self.tree = Tree()
        self.title: str | None = None

    def take(self, number: int, document: Any) -> None:
        """Keep one entry; the last name of the session counts, whichever branch it is on."""
        self.numbers.append(number)
        self.entries.append(document)
        if not isinstance(document, dict):
            self.tree.add(None, "")
            return
        self.tree.add(document.get("id"), document.get("parentId", ""))
        if document.get("type") == "session_info":
            self.title = maybe_string(string(document.get("name")).strip())

    def record_of(self, entry_id: object) -> int | None:
        """The number of the record that holds this entry."""
        place = self.tree.place(entry_id)
        return None if place is None else self.numbers[place]


def detect(head: Sequence[Any]) -> bool:
    """A session header first, and below it entries with a time or a parent, or messages with a list of blocks.

    STS has the same header type and the same envelope, but none of these. Where no message tells, the header does: Pi
    gives its version and folder.
    """
    documents = [document for document in head if isinstance(document, dict)]
    if not documents or documents[0].get("type") != "session":
        return False
    header, messages, marked = documents[0], False, False
    for entry in documents[1:]:
        message = mapping(entry.get("message"))
        if message.get("role") == "tool" or "toolCalls" in message or "reasoningContent" in message:
            return False
        marked = marked or "parentId" in entry or "timestamp" in entry or isinstance(message.get("content"), list)
        messages = messages or "message" in entry
    return marked or (("version" in header or "cwd" in header) and not (messages and "harness" in header))


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """The run of each session in the file: as a rule one, more where files were joined."""
    session = _Session()
    sessions = [session]
    for number, document in records:
        if not isinstance(document, dict) or document.get("type") != "session":
            session.take(number, document)
        elif not session.header:
            session.header = document
        elif document.get("id") != session.header.get("id"):
            session = _Session(str(len(sessions) + 1))
            session.header = document
            sessions.append(session)
    return [_run(session, source, several=len(sessions) > 1) for session in sessions]


def _run(session: _Session, source: Records, *, several: bool) -> Run:
    header = session.header
    path = session.tree.path()
    reader = EntryReader(header, session.record_of)
    for place in path:
        reader.read(session.numbers[place], session.entries[place])
        session.entries[place] = None  # let go of what is read: a large session is then held once, not twice
    prompt = reader.prompt or reader.command
    # A header can be younger than the messages of a session that was branched from another: it counts only alone.
    made = iso_time(header.get("timestamp"))
    first, last = reader.builder.span()
    return reader.builder.finish(
        id=maybe_string(header.get("id")) or source.name,
        format=FORMAT.name,
        harness=_harness(header, reader.openclaw),
        harness_named=maybe_string(header.get("harness")) is not None,
        part=session.part,
        title=session.title or prompt,
        prompt=prompt,
        cwd=maybe_string(header.get("cwd")),
        started=made if first is None else first,
        ended=made if last is None else last,
        parent=_parent(header.get("parentSession") or header.get("branchedFrom")),
        records=len(session.entries) + bool(header) if several else source.count,
        notes=(*session.tree.notes(path), *_uncounted(session, path)),
    )


def _uncounted(session: _Session, path: Sequence[int]) -> tuple[str, ...]:
    """A note on the model calls of other branches, whose entries are left: they were paid for, but are not shown."""
    if len(path) == len(session.entries):
        return ()
    messages = (mapping(mapping(entry).get("message")) for entry in session.entries)
    calls = sum(usage_of(message.get("usage")) is not None for message in messages)
    said = f"{calls:,} model call{'' if calls == 1 else 's'} on other branches not counted in tokens and cost"
    return (said,) if calls else ()


def _harness(header: dict[str, Any], openclaw: bool) -> str:
    """What the header names; else OpenClaw where its folder or its entries tell, else Pi."""
    named = maybe_string(header.get("harness"))
    if named is not None:
        return _LABELS.get(named.lower(), named)
    folder = string(header.get("cwd")).replace("\\", "/")
    return "OpenClaw" if openclaw or "/.openclaw" in folder else FORMAT.label


def _parent(value: object) -> str | None:
    """The id of the session that this one was forked from: the header gives its file, `<time>_<id>.jsonl`."""
    name = string(value).replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".jsonl")
    return maybe_string(name.rsplit("_", 1)[-1])


FORMAT = Format("pi", "Pi", detect, parse)
