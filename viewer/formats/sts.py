"""STS, the Hub's Session Trace Simple Format: a header that names the harness, then plain messages.

After the Hub's own documentation of the format. It has no usage and no error flag, so a result's status is always
unknown. llama.app adds to it: messages in a tree (`id`, `parent`; `currNode` of the header is the leaf in use),
attachments (`extra`), and several sessions in one file, each begun by its header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from viewer.formats.builder import RunBuilder
from viewer.formats.contract import Format, Numbered
from viewer.formats.images import image_at
from viewer.formats.records import Records
from viewer.formats.tree import Tree
from viewer.formats.values import epoch_time, items, mapping, maybe_string, pretty, string
from viewer.model import ImageRef, Run


class _Session:
    """One session: its messages while the file is read, then its run."""

    def __init__(self, part: str = "") -> None:
        self.part = part
        self.header: dict[str, Any] = {}
        self.numbers: list[int] = []
        self.entries: list[Any] = []
        self.tree = Tree()
        self.builder = RunBuilder()
        self.prompt: str | None = None

    def take(self, number: int, document: Any) -> None:
        """Keep one record until it is known which branch is the run."""
        self.numbers.append(number)
        self.entries.append(document)
        message = mapping(mapping(document).get("message"))
        self.tree.add(message.get("id"), message.get("parent") or "")

    def read(self, number: int, document: Any) -> None:
        """Take in one record of the path."""
        found = mapping(document)
        message = found.get("message")
        if found.get("type") != "message" or not isinstance(message, dict):
            kind = found.get("type")
            label = kind if isinstance(kind, str) else "record without a type"
            self.builder.add("other", number, text=pretty(document), label=label)
            return
        if message.get("type") == "root":  # where llama.app hangs its tree; it says nothing
            return
        role = message.get("role")
        handler = _ROLES.get(role) if isinstance(role, str) else None
        time = epoch_time(message.get("timestamp"))
        if handler is None:
            self.builder.add("other", number, time=time, text=pretty(message), label=string(role) or "no role")
        else:
            handler(self, number, message, time)


def _user(session: _Session, number: int, message: dict[str, Any], time: int | None) -> None:
    text = _text(message.get("content"))
    images, files = _attachments(number, message)
    session.builder.add("user", number, time=time, text=text, images=images)
    if text.strip():
        session.prompt = session.prompt or text
    _add_files(session.builder, number, files, time)


def _system(session: _Session, number: int, message: dict[str, Any], time: int | None) -> None:
    text = _text(message.get("content"))
    if text.strip():
        session.builder.add("system", number, time=time, text=text, label="system prompt")


def _assistant(session: _Session, number: int, message: dict[str, Any], time: int | None) -> None:
    """Reasoning, text and calls, in this order; each one that is there is a block."""
    builder = session.builder
    model = maybe_string(message.get("model"))
    block = 0
    thought, text = string(message.get("reasoningContent")), _text(message.get("content"))
    if thought.strip():
        block += 1
        builder.add("reasoning", number, block, time=time, text=thought, model=model)
    if text.strip():
        block += 1
        builder.add("assistant", number, block, time=time, text=text, model=model)
    for call in _calls(message.get("toolCalls")):
        block += 1
        found = mapping(call)
        function = mapping(found.get("function"))
        name, arguments = string(function.get("name")) or "unknown tool", _arguments(function.get("arguments"))
        builder.call(string(found.get("id")), name, arguments, number, block, time=time, model=model)
    images, files = _attachments(number, message)
    if images or not (block or files):
        builder.add("assistant", number, block + 1, time=time, model=model, images=images)
    _add_files(builder, number, files, time)


def _tool(session: _Session, number: int, message: dict[str, Any], time: int | None) -> None:
    images, files = _attachments(number, message)
    text = "\n\n".join((_text(message.get("content")), *files))
    call_id, name = string(message.get("toolCallId")), string(message.get("name"))
    session.builder.result(call_id, number, time=time, status="unknown", text=text, images=images, name=name)


_ROLES: dict[str, Callable[[_Session, int, dict[str, Any], int | None], None]] = {
    "user": _user,
    "system": _system,
    "assistant": _assistant,
    "tool": _tool,
}


def _calls(value: object) -> list[Any]:
    """The calls of a message: a list, or a list written as JSON text; any other text is shown as a call's input."""
    if not isinstance(value, str):
        return items(value)
    try:
        return items(orjson.loads(value))
    except orjson.JSONDecodeError:
        return [{"function": {"arguments": value}}] if value.strip() else []


def _arguments(value: object) -> dict[str, Any] | str:
    """The arguments as an object where they are one; a text that is none is kept as it is."""
    if isinstance(value, str):
        try:
            parsed = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
        return parsed if isinstance(parsed, dict) else value
    return value if isinstance(value, dict) else {}


def _text(content: object) -> str:
    """Text as it is; of a list of parts, which the format does not allow but other APIs have, the text."""
    if isinstance(content, list):
        return "\n".join(part if isinstance(part, str) else string(mapping(part).get("text")) for part in content)
    return "" if content is None else pretty(content)


def _attachments(number: int, message: dict[str, Any]) -> tuple[tuple[ImageRef, ...], list[str]]:
    """Images, and of other attachments the name and the text that was taken from them; never their bytes."""
    images: list[ImageRef] = []
    files: list[str] = []
    for at, item in enumerate(items(message.get("extra"))):
        image = image_at(item, number, ("message", "extra", at))
        if image is not None:
            images.append(image)
            continue
        found = mapping(item)
        name = string(found.get("name")) or string(found.get("type")) or "attachment"
        content = string(found.get("content"))
        files.append(f"{name}\n\n{content}" if content else name)
    return tuple(images), files


def _add_files(builder: RunBuilder, number: int, files: list[str], time: int | None) -> None:
    for at, text in enumerate(files, 2):
        builder.add("user", number, at, time=time, text=text, label="attachment")


def detect(head: Sequence[Any]) -> bool:
    """A session header first, and below it messages in the shape of STS: `tool` as a role, calls beside the content.

    Pi has the same header type and the same envelope, but its entries have a time or a parent, and its messages a list
    of blocks. Where no message tells, the header does: STS names its harness, Pi gives its version and folder.
    """
    documents = [document for document in head if isinstance(document, dict)]
    if not documents or documents[0].get("type") != "session":
        return False
    header, messages, marked = documents[0], False, False
    for record in documents[1:]:
        message = mapping(record.get("message"))
        if message.get("role") == "tool" or "toolCalls" in message or "reasoningContent" in message:
            return True
        marked = marked or "parentId" in record or "timestamp" in record or isinstance(message.get("content"), list)
        messages = messages or "message" in record
    return "harness" in header and not marked and (messages or ("version" not in header and "cwd" not in header))


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """The run of each session in the file, in file order."""
    session = _Session()
    sessions = [session]
    for number, document in records:
        if not isinstance(document, dict) or document.get("type") != "session":
            session.take(number, document)
            continue
        if session.header:
            session = _Session(str(len(sessions) + 1))
            sessions.append(session)
        session.header = document
    return [_run(session, source, several=len(sessions) > 1) for session in sessions]


def _run(session: _Session, source: Records, *, several: bool) -> Run:
    header = session.header
    path = session.tree.path(session.tree.place(header.get("currNode")))
    for place in path:
        session.read(session.numbers[place], session.entries[place])
        session.entries[place] = None  # let go of what is read: a large session is then held once, not twice
    name = maybe_string(string(header.get("name")).strip())
    return session.builder.finish(
        id=maybe_string(header.get("id")) or source.name,
        format=FORMAT.name,
        harness=maybe_string(header.get("harness")) or FORMAT.label,
        harness_named=maybe_string(header.get("harness")) is not None,
        part=session.part,
        title=name or session.prompt,
        prompt=session.prompt,
        cwd=maybe_string(header.get("cwd")),
        records=len(session.entries) + bool(header) if several else source.count,
        notes=session.tree.notes(path, "messages"),
        flags_errors=False,
    )


FORMAT = Format("sts", "STS", detect, parse)
