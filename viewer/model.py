"""The one model that everything after parsing knows: a `Run` of `Event`s.

Words are the project's own (harness, model, run, record, event, tool call, status). Times are epoch milliseconds,
durations milliseconds, sizes bytes, tokens counts; `None` always means "the file does not say", never zero.

Everything here is immutable. What a run has by the thousand (`Event`, `ToolCall`, `ToolResult`) is a `NamedTuple`: a
frozen dataclass of ten fields takes 2.3 µs to build and a named tuple 0.7 µs, which is half of a parser's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

Kind = Literal["user", "assistant", "reasoning", "tool", "compaction", "interruption", "api_error", "system", "other"]
"""What a reader sees. `system` is text that the harness put in (hooks, reminders, context); `other` is a record
that no rule knows: shown, collapsed, never dropped."""

Category = Literal["shell", "edit", "read", "search", "web", "plan", "agent", "mcp", "other"]
"""What a tool is for, the same across harnesses. Table: `viewer/formats/tools.py`."""

Status = Literal["ok", "error", "rejected", "interrupted", "unknown"]
"""What the harness itself says of a tool result. `unknown` where it writes no flag: absence is not success."""

KINDS: tuple[Kind, ...] = get_args(Kind)
CATEGORIES: tuple[Category, ...] = get_args(Category)
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call, or their sum over a run.

    `input` excludes what came from or went into the prompt cache, for every format (Codex states it with the cache
    included; its parser subtracts). `output` includes reasoning. `cost_usd` only where the file states a cost.
    """

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    reasoning: int = 0
    cost_usd: float | None = None

    @property
    def context(self) -> int:
        """Tokens that the model was given in this call."""
        return self.input + self.cache_read + self.cache_write

    @property
    def total(self) -> int:
        """What the model was given and what it wrote."""
        return self.context + self.output

    def __add__(self, other: Usage) -> Usage:
        """Field by field; a cost known on one side only is kept."""
        costs = [cost for cost in (self.cost_usd, other.cost_usd) if cost is not None]
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.reasoning + other.reasoning,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class ImageRef:
    """Where an image stands in its record; the bytes are read when someone asks.

    `path` leads from the parsed record to the block that holds the image, e.g. ("message", "content", 0).
    `size` is the decoded size in bytes, estimated from the base64 length.
    """

    record: int
    path: tuple[str | int, ...]
    mime: str
    size: int


class ToolResult(NamedTuple):
    """What came back for a tool call."""

    record: int
    time: int | None
    status: Status
    text: str
    exit_code: int | None = None
    duration: int | None = None
    """Milliseconds as the harness states them; the time between call and result is not put here."""
    images: tuple[ImageRef, ...] = ()
    patch: str | None = None
    """A unified diff, where the harness records one beside the result."""
    agent_id: str | None = None
    """The subagent that this call ran, where the result names it."""


class ToolCall(NamedTuple):
    """A tool call, paired with its result. `result` is None when the file holds no answer."""

    id: str
    name: str
    category: Category
    input: Mapping[str, Any] | str | None
    """Arguments as an object, or the raw text of a free-form tool; None for a result whose call is not in the file."""
    result: ToolResult | None = None


class Event(NamedTuple):
    """One thing that happened, at a fixed address in the file.

    `record` is the 1-based line (or element) of the source, `block` the 1-based content block in it.
    `label` says which sort of its kind it is ("slash command", "hook", "task_reminder"); empty for the ordinary sort.
    """

    record: int
    block: int
    kind: Kind
    time: int | None
    text: str = ""
    model: str | None = None
    label: str = ""
    call: ToolCall | None = None
    usage: Usage | None = None
    images: tuple[ImageRef, ...] = ()

    @property
    def address(self) -> str:
        """`26`, or `26.2` for the second content block of record 26. Stable for ever at a pinned revision."""
        return str(self.record) if self.block == 1 else f"{self.record}.{self.block}"

    @property
    def is_error(self) -> bool:
        """Whether the harness flagged this event's tool result as an error."""
        return self.call is not None and self.call.result is not None and self.call.result.status == "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that could not be read: which one, and why, in words for the reader."""

    record: int
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One trace of one session by one harness. A subagent is a run of its own, under `children` of its parent.

    `part` names the run inside its file: empty for the file's first, "2" for a second session in one file, the agent id
    for a subagent recorded inside its parent's file. `call` is the address of the parent's tool call that started it.
    """

    id: str
    format: str
    harness: str
    events: tuple[Event, ...]
    part: str = ""
    harness_version: str | None = None
    harness_named: bool = False
    """A header names the harness; else `harness` is what the shape of the records suggests."""
    title: str | None = None
    prompt: str | None = None
    models: tuple[str, ...] = ()
    cwd: str | None = None
    branch: str | None = None
    started: int | None = None
    ended: int | None = None
    usage: Usage | None = None
    """Sum over this run's own model calls, deduplicated by the format's rule; None when the file states none."""
    records: int = 0
    problems: tuple[Problem, ...] = ()
    """The records that could not be read, the first thousand of them."""
    unreadable: int = 0
    """How many records could not be read."""
    truncated: bool = False
    """The last line is cut: a live or cut-off file, not a corrupt one."""
    notes: tuple[str, ...] = ()
    """What the format's parser wants a reader to know, e.g. "3 entries on 1 other branch are not shown"."""
    agent_id: str | None = None
    """Set when this run is a subagent."""
    parent: str | None = None
    """Id of the session that this run belongs to or was forked from."""
    call: str | None = None
    flags_errors: bool = True
    """Whether this harness writes an error flag (or exit code) at all."""
    children: tuple[Run, ...] = ()

    @property
    def is_warmup(self) -> bool:
        """A subagent that only fills the prompt cache (Claude Code 2.0.x): at most 3 records, prompt "Warmup"."""
        return self.agent_id is not None and self.records <= 3 and (self.prompt or "").strip() == "Warmup"
