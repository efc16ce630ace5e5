"""The event log of an ml-intern session: what it says of tool calls, model calls and the turns between messages.

Entries are `{timestamp, event_type, data}`. `tool_call` and `tool_output` name their call by id; `llm_call` names none,
so it belongs to an assistant message only where there are as many of one as of the other, in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from viewer.formats.ml_intern_text import sort_user_text, status_of
from viewer.formats.values import amount, count, epoch_time, items, mapping, maybe_string, pretty, string
from viewer.model import Kind, Status, Usage

_BOOKKEEPING = frozenset(
    (
        "llm_call",
        "tool_call",
        "tool_output",
        "tool_state_change",
        "tool_log",
        "approval_required",
        "turn_complete",
        "plan_update",
        "hf_job_submit",
        "hf_job_complete",
        "sandbox_create",
        "sandbox_destroy",
        "feedback",
        "ready",
        "processing",
        "shutdown",
        "assistant_chunk",
        "assistant_message",
        "assistant_stream_end",
        "jobs_access_blocked",
        "pro_cta_click",
        "pro_conversion",
        "credits_topped_up",
    )
)
"""Entries whose content the messages hold, or that say nothing a reader looks for."""

_SHOWN: dict[str, tuple[Kind, str]] = {
    "error": ("api_error", ""),
    "interrupted": ("interruption", ""),
    "compacted": ("compaction", ""),
    "undo_complete": ("system", "undo"),
}


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of the agent's own model."""

    time: int | None
    model: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a tool call ended."""

    status: Status
    time: int | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that a reader sees between two messages."""

    kind: Kind
    time: int | None
    text: str
    label: str


class Log:
    """The log, sorted by what it speaks of. Entries of one id are used up in order."""

    def __init__(self, events: list[Any], messages: list[Any]) -> None:
        self.usage: Usage | None = None
        self.flags_errors = False
        self.after: dict[int, list[Shown]] = {}
        self._calls: list[ModelCall] = []
        self._called: dict[str, deque[int | None]] = {}
        self._outputs: dict[str, deque[tuple[object, int | None]]] = {}
        self._states: dict[str, str] = {}
        places = _Places(messages)
        for event in events:
            self._read(mapping(event), places)
        answers = places.assistants
        self._tied = dict(zip(answers, self._calls, strict=True)) if len(answers) == len(self._calls) else {}

    def _read(self, event: dict[str, Any], places: _Places) -> None:
        kind, data = string(event.get("event_type")), mapping(event.get("data"))
        time = epoch_time(event.get("timestamp"))
        call_id = string(data.get("tool_call_id"))
        if kind == "llm_call":
            usage = _usage(data)
            self.usage = usage if self.usage is None else self.usage + usage
            if data.get("kind") in (None, "main"):  # others are the harness's own: research, compaction, probes
                self._calls.append(ModelCall(time, maybe_string(data.get("model")), usage))
        elif kind == "tool_call":
            self._called.setdefault(call_id, deque()).append(time)
        elif kind == "tool_output":
            self.flags_errors = self.flags_errors or isinstance(data.get("success"), bool)
            self._outputs.setdefault(call_id, deque()).append((data.get("success"), time))
        elif kind == "tool_state_change":
            self._states[call_id] = string(data.get("state"))
        elif kind not in _BOOKKEEPING:
            sort, label = _SHOWN.get(kind, ("other", kind or "log entry without a type"))
            shown = Shown(sort, time, _text(kind, data), label)
            self.after.setdefault(places.current, []).append(shown)
        places.move(kind, call_id)

    def model_call(self, number: int) -> ModelCall | None:
        """The model call that wrote this message, where that is certain."""
        return self._tied.get(number)

    def called(self, call_id: str) -> int | None:
        """When this tool call began."""
        times = self._called.get(call_id)
        return times.popleft() if times else None

    def outcome(self, call_id: str, text: str) -> Outcome:
        """The flag of this tool call, refined by the harness's own words; those words alone where there is no flag."""
        said, code = status_of(text)
        outputs = self._outputs.get(call_id)
        success, time = outputs.popleft() if outputs else (None, None)
        if success is True:
            return Outcome("ok", time, code)
        if success is False:
            if said in ("unknown", "ok"):
                said = "interrupted" if self._states.get(call_id) in ("cancelled", "abandoned") else "error"
            return Outcome(said, time, code)
        return Outcome(said, time, code)

    def unmatched(self) -> int:
        """Tool results that no message took, to be asked for when all are read."""
        return sum(len(left) for left in self._outputs.values())


class _Places:
    """Where in the messages the log has come to: a message's number, moved on by what entries name."""

    def __init__(self, messages: list[Any]) -> None:
        self.assistants: list[int] = []
        users: list[int] = []
        self._of_id: dict[str, int] = {}
        for number, message in enumerate(messages, 1):
            role = mapping(message).get("role")
            content = string(mapping(message).get("content"))
            if role == "user" and sort_user_text(content)[0] == "user":
                users.append(number)
            elif role == "assistant":
                self.assistants.append(number)
                for call in items(mapping(message).get("tool_calls")):
                    self._of_id.setdefault(string(mapping(call).get("id")), number)
            elif role == "tool":
                self._of_id[string(mapping(message).get("tool_call_id"))] = number
        self._waiting: Iterator[int] = iter(users)
        self.current = next(self._waiting, len(messages) or 1)

    def move(self, kind: str, call_id: str) -> None:
        """A tool's entry leads to its message, the end of a turn to the next user message."""
        if kind in ("tool_call", "tool_output") and call_id in self._of_id:
            self.current = max(self.current, self._of_id[call_id])
        elif kind in ("turn_complete", "interrupted", "error"):
            self.current = next((user for user in self._waiting if user > self.current), self.current)


def _text(kind: str, data: dict[str, Any]) -> str:
    if kind == "error":
        return string(data.get("error")) or pretty(data)
    if kind == "compacted":
        before, after = count(data.get("old_tokens")), count(data.get("new_tokens"))
        return f"{before:,} tokens before, {after:,} after" if before else ""
    return pretty(data) if data else ""


def _usage(data: dict[str, Any]) -> Usage:
    """Tokens of a model call. `prompt_tokens` includes the cache; a cost of 0 is what is written when none is known."""
    read, written = count(data.get("cache_read_tokens")), count(data.get("cache_creation_tokens"))
    return Usage(
        input=max(0, count(data.get("prompt_tokens")) - read - written),
        output=count(data.get("completion_tokens")),
        cache_read=read,
        cache_write=written,
        cost_usd=amount(data.get("cost_usd")) or None,
    )
