"""ml-intern's personal upload (`<user>/ml-intern-sessions`): Claude Code's line shape, written by its own converter.

Every line has the same six keys; there is no usage, no error flag, no version. The converter leaves out system messages
and empty turns, and gives all lines the session's final model and, as a rule, the session's start as their time: a time
that only repeats the first line's is not when something happened, so those events have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from viewer.formats.builder import RunBuilder
from viewer.formats.contract import Format, Numbered
from viewer.formats.ml_intern_text import sort_user_text, status_of
from viewer.formats.records import Records
from viewer.formats.values import iso_time, mapping, maybe_string, pretty, string
from viewer.model import Run

_KEYS = frozenset(("type", "message", "uuid", "parentUuid", "sessionId", "timestamp"))
_NOT_WRITTEN = frozenset(("id", "usage"))
"""Keys of Claude Code's own messages; a line of six keys that has them was written by something else."""


def detect(head: Sequence[Any]) -> bool:
    """Every object holds just the six keys, and no message has what only Claude Code writes."""
    documents = [document for document in head if isinstance(document, dict)]
    return bool(documents) and all(_is_own(document) for document in documents)


def _is_own(document: dict[str, Any]) -> bool:
    message = document.get("message")
    return (
        document.keys() == _KEYS
        and document["type"] in ("user", "assistant")
        and isinstance(message, dict)
        and not _NOT_WRITTEN & message.keys()
    )


class _Upload:
    """What one file says, while it is being read."""

    def __init__(self) -> None:
        self.builder = RunBuilder()
        self.session_ids: dict[str, None] = {}
        self.prompt: str | None = None
        self.stamp: object = None

    def read(self, number: int, document: Any) -> None:
        """Take in one line."""
        message = mapping(mapping(document).get("message"))
        kind = mapping(document).get("type")
        if not message or kind not in ("user", "assistant"):
            label = "not a message of a known sort" if isinstance(document, dict) else "not an object"
            self.builder.add("other", number, text=pretty(document), label=label)
            return
        if isinstance(document.get("sessionId"), str):
            self.session_ids[document["sessionId"]] = None
        time = self._time(document.get("timestamp"))
        content = message.get("content")
        blocks = content if isinstance(content, list) else [{"type": "text", "text": string(content)}]
        model = maybe_string(message.get("model"))
        for index, block in enumerate(blocks, 1):
            if kind == "assistant":
                self._assistant(block, number, index, time, model)
            else:
                self._user(block, number, index, time)

    def _time(self, stamp: object) -> int | None:
        if self.stamp is None:
            self.stamp = stamp
        elif stamp == self.stamp:
            return None
        return iso_time(stamp)

    def _assistant(self, block: Any, number: int, index: int, time: int | None, model: str | None) -> None:
        found = mapping(block)
        kind = found.get("type")
        if kind == "tool_use":
            name, call_id = string(found.get("name")) or "unknown tool", string(found.get("id"))
            arguments = found.get("input")
            if isinstance(arguments, dict) and arguments.keys() == {"_raw"}:  # what the converter could not parse
                arguments = arguments["_raw"]
            arguments = arguments if isinstance(arguments, dict | str) else {"input": arguments}
            self.builder.call(call_id, name, arguments, number, index, time=time, model=model)
        elif kind == "text":
            self.builder.add("assistant", number, index, time=time, text=string(found.get("text")), model=model)
        else:
            self.builder.add("other", number, index, time=time, text=pretty(block), model=model, label=string(kind))

    def _user(self, block: Any, number: int, index: int, time: int | None) -> None:
        found = mapping(block)
        kind = found.get("type")
        if kind == "tool_result":
            content = found.get("content")
            text = content if isinstance(content, str) else "" if content is None else pretty(content)
            status, code = status_of(text)
            call_id = string(found.get("tool_use_id"))
            self.builder.result(call_id, number, index, time=time, status=status, text=text, exit_code=code)
        elif kind == "text":
            text = string(found.get("text"))
            sort, label = sort_user_text(text)
            if sort == "user" and text.strip():
                self.prompt = self.prompt or text
            self.builder.add(sort, number, index, time=time, text=text, label=label)
        else:
            self.builder.add("other", number, index, time=time, text=pretty(block), label=string(kind))


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """The one run of the file; its end is unknown where all lines carry the session's start."""
    upload = _Upload()
    for number, document in records:
        upload.read(number, document)
    builder, ids = upload.builder, list(upload.session_ids)
    first, last = builder.span()
    run = builder.finish(
        id=source.name if source.name in upload.session_ids else ids[0] if ids else source.name,
        format=FORMAT.name,
        harness=FORMAT.label,
        title=upload.prompt,
        prompt=upload.prompt,
        ended=last if last != first else None,
        notes=(f"{len(ids)} session ids in one file",) if len(ids) > 1 else (),
        flags_errors=False,
    )
    return [run]


FORMAT = Format("ml-intern", "ml-intern", detect, parse)
