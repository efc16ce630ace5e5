"""ml-intern's session row (`smolagents/ml-intern-sessions`, and `session_logs/*.json` on the user's machine).

One JSON object holds a session: `messages` (OpenAI chat messages), `events` (the harness's own log), `tools` and
`usage_metrics`, each a JSON text in the uploaded row and plain JSON in the local file. A record is a message here:
numbered from 1 in `messages`, since the whole session is one line. Statuses, times and usage come from the event log,
which names tool calls by id and model calls only by their order. Several rows in a file are several runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from viewer.formats.builder import Draft, RunBuilder
from viewer.formats.contract import Format, Numbered
from viewer.formats.images import image_at
from viewer.formats.ml_intern_log import Log
from viewer.formats.ml_intern_text import sort_user_text
from viewer.formats.records import Records, decode_line
from viewer.formats.values import epoch_time, items, mapping, maybe_string, pretty, string
from viewer.model import ImageRef, Run


def detect(head: Sequence[Any]) -> bool:
    """An object with a session id, its messages, its event log and the model's name."""
    return any(_is_row(document) for document in head)


def _is_row(document: Any) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("session_id"), str):
        return False
    return isinstance(document.get("messages"), str | list) and "events" in document and "model_name" in document


class _Row:
    """One session, while its messages are being read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.builder = RunBuilder()
        self.document = document
        self.messages, self.unread = _listed(document.get("messages"))
        events, self.log_unread = _listed(document.get("events"))
        self.log = Log(events, self.messages)
        self.model = maybe_string(document.get("model_name"))
        self.prompt: str | None = None

    def read(self) -> None:
        """All messages, each followed by what the log tells between it and the next."""
        for number, message in enumerate(self.messages, 1):
            self._message(number, message)
            for event in self.log.after.get(number, ()):
                self.builder.add(event.kind, number, time=event.time, text=event.text, label=event.label)
        if self.unread is not None:
            self.builder.add("other", 1, text=self.unread, label="messages that are not JSON")

    def _message(self, number: int, message: Any) -> None:
        found = mapping(message)
        role = found.get("role")
        time = epoch_time(found.get("timestamp"))
        if role == "assistant":
            self._assistant(number, found, time)
        elif role == "tool":
            self._tool(number, found, time)
        elif role == "user":
            text, images = _content(found.get("content"), number)
            kind, label = sort_user_text(text)
            if kind == "user" and text.strip():
                self.prompt = self.prompt or text
            self.builder.add(kind, number, time=time, text=text, label=label, images=images)
        elif role in ("system", "developer"):
            text, _ = _content(found.get("content"), number)
            self.builder.add("system", number, time=time, text=text, label="system prompt")
        else:
            label = "message of an unknown role" if found else "not an object"
            self.builder.add("other", number, time=time, text=pretty(message), label=label)

    def _assistant(self, number: int, message: dict[str, Any], time: int | None) -> None:
        call = self.log.model_call(number)
        time = call.time if time is None and call is not None else time
        model = call.model if call is not None and call.model else self.model
        first: Draft | None = None
        thought = string(message.get("reasoning_content"))
        if thought:
            first = self.builder.add("reasoning", number, 1, time=time, text=thought, model=model)
        text, images = _content(message.get("content"), number)
        calls = items(message.get("tool_calls"))
        if text or images or not (thought or calls):
            said = self.builder.add(
                "assistant", number, 2 if first else 1, time=time, text=text, model=model, images=images
            )
            first = first or said
        for tool_call in calls:
            draft = self._call(tool_call, number, time, model)
            first = first or draft
        if call is not None and first is not None:
            first.usage = call.usage

    def _call(self, tool_call: Any, number: int, time: int | None, model: str | None) -> Draft:
        function = mapping(mapping(tool_call).get("function"))
        call_id = string(mapping(tool_call).get("id"))
        started = self.log.called(call_id)
        return self.builder.call(
            call_id,
            string(function.get("name")) or "unknown tool",
            _arguments(function.get("arguments")),
            number,
            time=time if started is None else started,
            model=model,
        )

    def _tool(self, number: int, message: dict[str, Any], time: int | None) -> None:
        text, images = _content(message.get("content"), number)
        call_id = string(message.get("tool_call_id"))
        outcome = self.log.outcome(call_id, text)
        self.builder.result(
            call_id,
            number,
            time=outcome.time if time is None else time,
            status=outcome.status,
            text=text,
            exit_code=outcome.exit_code,
            images=images,
            name=string(message.get("name")),
        )

    def run(self, source: Records, place: int) -> Run:
        """The finished run; `place` is the row's place among the file's sessions, from 1."""
        started = epoch_time(self.document.get("session_start_time"))
        ended = epoch_time(self.document.get("session_end_time"))
        self.builder.seen(started)
        self.builder.seen(ended)
        first, last = self.builder.span()
        return self.builder.finish(
            id=string(self.document.get("session_id")) or source.name,
            format=FORMAT.name,
            harness=FORMAT.label,
            usage=self.log.usage,
            part="" if place == 1 else str(place),
            title=maybe_string(self.document.get("session_title")) or self.prompt,
            prompt=self.prompt,
            ended=last if last != first else None,
            records=len(self.messages),
            notes=tuple(self._notes()),
            flags_errors=self.log.flags_errors,
        )

    def _notes(self) -> Iterable[str]:
        if self.log_unread is not None:
            yield "the event log is not readable: no statuses, times or usage"
        lost = self.log.unmatched()
        if lost:
            noun = "tool result in the event log belongs" if lost == 1 else "tool results in the event log belong"
            yield f"{lost} {noun} to no message, as after a compaction or an undo"


def _arguments(value: Any) -> Any:
    """Arguments as an object; text that is not one stays text."""
    if isinstance(value, str):
        try:
            parsed = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
        return parsed if isinstance(parsed, dict) else value
    return value if isinstance(value, dict) or value is None else {"input": value}


def _content(content: Any, number: int) -> tuple[str, tuple[ImageRef, ...]]:
    """Text and images of a message: text, nothing, or a list of blocks."""
    if content is None or isinstance(content, str):
        return content or "", ()
    if not isinstance(content, list):
        return pretty(content), ()
    texts: list[str] = []
    images: list[ImageRef] = []
    for at, block in enumerate(content):
        image = image_at(block, number, ("content", at))
        if image is not None:
            images.append(image)
        else:
            text = mapping(block).get("text")
            texts.append(text if isinstance(text, str) else pretty(block))
    return "\n".join(texts), tuple(images)


def _listed(value: Any) -> tuple[list[Any], str | None]:
    """A list, given as such or as JSON text; and the text, where it could not be read."""
    if not isinstance(value, str):
        return items(value), None
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        found, rest = decode_line(value.encode())
        if rest is not None or len(found) != 1:
            return [], value
        document = found[0]
    return (document, None) if isinstance(document, list) else ([], None if document is None else value)


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """One run for each row; anything else in the file is a problem of its line."""
    runs: list[Run] = []
    for number, document in records:
        if not _is_row(document):
            source.problem(number, "not an ml-intern session")
            continue
        row = _Row(document)
        row.read()
        runs.append(row.run(source, len(runs) + 1))
    return runs


def element(lines: Iterable[bytes], number: int) -> Any | None:
    """One message of the file's first session."""
    for _, document in Records(lines):
        messages, _ = _listed(mapping(document).get("messages"))
        return messages[number - 1] if 0 < number <= len(messages) else None
    return None


FORMAT = Format("ml-intern-row", "ml-intern", detect, parse, element)
