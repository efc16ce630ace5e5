"""The entries of a Pi session, one at a time, to events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viewer.formats.builder import Draft, RunBuilder
from viewer.formats.images import image_at
from viewer.formats.pi_text import blocks_of, own_command, split_skill, text_of, tool_result, usage_of
from viewer.formats.values import count, epoch_time, iso_time, items, maybe_string, pretty, string
from viewer.model import Kind

_COPIES = ("delivery-mirror", "gateway-injected")
"""Model names on assistant messages that OpenClaw itself adds, to note what it sent to a chat."""


class EntryReader:
    """Takes in the entries of the path that is the run, in order."""

    def __init__(self, header: dict[str, Any], record_of: Callable[[object], int | None]) -> None:
        """Start with what the header of version 1 sets; `record_of` gives the record of an entry's id."""
        self.builder = RunBuilder()
        self.prompt: str | None = None
        self.command: str | None = None
        self.openclaw = False
        self.record_of = record_of
        self.number = 0
        self.time: int | None = None
        self._settings = {"model": _model_name(header), "thinking level": string(header.get("thinkingLevel"))}
        self._changes: dict[str, tuple[int, int | None, str]] = {}

    def read(self, number: int, document: Any) -> None:
        """Take in one entry."""
        self.number, self.time = number, None
        if not isinstance(document, dict):
            self._other(document, "not an object")
            return
        self.time = iso_time(document.get("timestamp"))
        kind = string(document.get("type"))
        handler = _ENTRIES.get(kind)
        if handler is not None:
            handler(self, document)
        elif kind in _SETTINGS:
            self._change(kind, document)
        elif kind not in _BOOKKEEPING:
            self._other(document, kind or "record without a type")

    def _change(self, kind: str, entry: dict[str, Any]) -> None:
        """A new model, thinking level or set of tools; one that is changed again before it is used says nothing."""
        label, read = _SETTINGS[kind]
        self._changes.pop(label, None)
        self._changes[label] = (self.number, self.time, read(entry))

    def _settle(self) -> None:
        """Write down the changes that hold for what comes now."""
        for label, (number, time, value) in self._changes.items():
            if value and value != self._settings.get(label):
                self._settings[label] = value
                self.builder.add("system", number, time=time, text=value, label=label)
        self._changes.clear()

    def _other(self, value: Any, label: str) -> None:
        self._settle()
        self.builder.add("other", self.number, time=self.time, text=pretty(value), label=label)

    def _system(self, text: object, label: str, usage: object = None) -> None:
        self._settle()
        self.builder.add("system", self.number, time=self.time, text=string(text), label=label, usage=usage_of(usage))

    def _message(self, entry: dict[str, Any]) -> None:
        message = entry.get("message")
        role = message.get("role") if isinstance(message, dict) else None
        if not isinstance(message, dict) or not isinstance(role, str):
            self._other(message, "message without a role")
            return
        if self.time is None:
            self.time = epoch_time(message.get("timestamp"))
        handler = _ROLES.get(role)
        if handler is None:
            self._other(message, role)
        else:
            self._settle()
            handler(self, message)

    def _user(self, message: dict[str, Any]) -> None:
        self._say("user", message.get("content"))

    def _tool_result(self, message: dict[str, Any]) -> None:
        tool_result(self.builder, self.number, message, self.time)

    def _own_command(self, message: dict[str, Any]) -> None:
        own_command(self.builder, self.number, message, self.time)

    def _assistant(self, message: dict[str, Any]) -> None:
        model = maybe_string(message.get("model"))
        blocks = blocks_of(message.get("content"))
        if model in _COPIES and message.get("provider") == "openclaw":
            self.openclaw = True
            self._say("system", blocks, model or "")
            return
        first: Draft | None = None
        last: Draft | None = None
        for index, block in enumerate(blocks, 1):
            draft = self._assistant_block(block, index, model)
            first, last = first or draft, draft or last
        stopped = message.get("stopReason")
        if stopped in ("error", "aborted"):
            kind: Kind = "api_error" if stopped == "error" else "interruption"
            text = string(message.get("errorMessage"))
            draft = self.builder.add(kind, self.number, len(blocks) + 1, time=self.time, text=text, model=model)
            first = first or draft
        elif stopped == "length" and last is not None:
            last.label = last.label or "stopped at the output limit"
        if first is None:
            first = self.builder.add("assistant", self.number, time=self.time, model=model)
        first.usage = usage_of(message.get("usage"))

    def _assistant_block(self, block: Any, index: int, model: str | None) -> Draft | None:
        """One content block; empty ones, which some providers send between others, give no event."""
        add, number, time = self.builder.add, self.number, self.time
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "toolCall":
            name = string(block.get("name")) or "unknown tool"
            arguments = block.get("arguments")
            if not isinstance(arguments, dict | str):
                arguments = {"arguments": arguments}
            call_id = string(block.get("id"))
            return self.builder.call(call_id, name, arguments, number, index, time=time, model=model)
        if kind == "thinking":
            thought = string(block.get("thinking"))
            if thought.strip():
                return add("reasoning", number, index, time=time, text=thought, model=model)
            signed = bool(block.get("thinkingSignature"))
            return add("reasoning", number, index, time=time, model=model, label="encrypted") if signed else None
        text = text_of(block)
        if text is not None:
            return add("assistant", number, index, time=time, text=text, model=model) if text.strip() else None
        image = image_at(block, number, ("message", "content", index - 1))
        if image is not None:
            return add("assistant", number, index, time=time, model=model, images=(image,))
        return add("other", number, index, time=time, text=pretty(block), model=model, label=string(kind))

    def _say(
        self, kind: Kind, content: object, label: str = "", path: tuple[str, ...] = ("message", "content")
    ) -> None:
        """The text and images of a message that no model wrote; `path` is where its content stands in the record."""
        add, number, time = self.builder.add, self.number, self.time
        spoken: Draft | None = None
        for index, block in enumerate(blocks_of(content), 1):
            text = text_of(block)
            image = image_at(block, number, (*path, index - 1)) if text is None else None
            if text is not None and kind == "user":
                spoken = self._typed(text, index)
            elif text is not None:
                spoken = add(kind, number, index, time=time, text=text, label=label)
            elif image is not None:
                if spoken is None:
                    spoken = add(kind, number, index, time=time, label=label)
                spoken.images += (image,)
            else:
                add("other", number, index, time=time, text=pretty(block), label=label)

    def _typed(self, text: str, index: int) -> Draft:
        """A text block of a user; the text of a skill is told from the words that called it."""
        add, number, time = self.builder.add, self.number, self.time
        typed, skill = split_skill(text)
        if skill:
            self.command = self.command or typed
            draft = add("user", number, index, time=time, text=typed, label="slash command")
            add("system", number, index + 1, time=time, text=skill, label="skill")
            return draft
        if text.strip():
            self.prompt = self.prompt or text
        return add("user", number, index, time=time, text=text)

    def _custom_role(self, message: dict[str, Any]) -> None:
        self._injected(message, ("message", "content"))

    def _custom_message(self, entry: dict[str, Any]) -> None:
        self._injected(entry, ("content",))

    def _injected(self, found: dict[str, Any], path: tuple[str, ...]) -> None:
        """What an extension put into the context; `display: false` asks to hide it."""
        name = string(found.get("customType"))
        self.openclaw = self.openclaw or name.startswith("openclaw.")
        if found.get("display") is not False:
            self._settle()
            self._say("system", found.get("content"), name or "custom message", path)

    def _custom(self, entry: dict[str, Any]) -> None:
        """An extension's own state, which no model sees: it only tells who wrote the file."""
        name = string(entry.get("customType"))
        self.openclaw = self.openclaw or name.startswith("openclaw.") or name == "model-snapshot"

    def _compaction(self, entry: dict[str, Any]) -> None:
        self._settle()
        before = count(entry.get("tokensBefore"))
        said = (f"{before:,} tokens before" if before else "", string(entry.get("summary")))
        text = "\n\n".join(part for part in said if part)
        self.builder.add("compaction", self.number, time=self.time, text=text, usage=usage_of(entry.get("usage")))

    def _compaction_summary(self, message: dict[str, Any]) -> None:
        self._system(message.get("summary"), "compaction summary")

    def _branch_summary(self, found: dict[str, Any]) -> None:
        """What was done on a branch that the user left, as an entry or as a message."""
        self._system(found.get("summary"), "branch summary", found.get("usage"))

    def _label(self, entry: dict[str, Any]) -> None:
        """A bookmark on an entry; without a text it takes one away."""
        text = string(entry.get("label"))
        if text:
            record = self.record_of(entry.get("targetId"))
            self._system(text if record is None else f"{text} (on {record})", "label")


def _model_name(entry: dict[str, Any]) -> str:
    return "/".join(part for part in (string(entry.get("provider")), string(entry.get("modelId"))) if part)


_ENTRIES: dict[str, Callable[[EntryReader, dict[str, Any]], None]] = {
    "message": EntryReader._message,
    "custom_message": EntryReader._custom_message,
    "custom": EntryReader._custom,
    "compaction": EntryReader._compaction,
    "branch_summary": EntryReader._branch_summary,
    "label": EntryReader._label,
}
_ROLES: dict[str, Callable[[EntryReader, dict[str, Any]], None]] = {
    "assistant": EntryReader._assistant,
    "toolResult": EntryReader._tool_result,
    "user": EntryReader._user,
    "bashExecution": EntryReader._own_command,
    "custom": EntryReader._custom_role,
    "hookMessage": EntryReader._custom_role,
    "branchSummary": EntryReader._branch_summary,
    "compactionSummary": EntryReader._compaction_summary,
}
_SETTINGS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "model_change": ("model", _model_name),
    "thinking_level_change": ("thinking level", lambda entry: string(entry.get("thinkingLevel"))),
    "active_tools_change": ("active tools", lambda entry: ", ".join(map(string, items(entry.get("activeToolNames"))))),
}
_BOOKKEEPING = ("session_info", "session")
"""The title, which is read with the header, and a header that comes again."""
