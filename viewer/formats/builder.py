"""Builds a `Run` from what a format's parser reads: numbers events, pairs tool calls with results, sums usage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from viewer.formats.tools import category_of
from viewer.model import Event, ImageRef, Kind, Run, Status, ToolCall, ToolResult, Usage


@dataclass(slots=True)
class Draft:
    """An event under construction; its result or usage may come many records later."""

    record: int
    block: int
    kind: Kind
    time: int | None
    text: str = ""
    model: str | None = None
    label: str = ""
    usage: Usage | None = None
    images: tuple[ImageRef, ...] = ()
    call_id: str = ""
    name: str = ""
    input: Any = None
    result: ToolResult | None = None
    dropped: bool = False


class RunBuilder:
    """Collects the events of one run in file order.

    A parser calls `add`, `call` and `result` as it reads, and `finish` once. Results find their call by id; calls and
    results of one id are paired in order, a result without a call and a call without a result both stay visible.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.drafts: list[Draft] = []
        self.models: dict[str, None] = {}
        self._times: list[int] = []
        self._open: dict[str, Draft] = {}
        self._orphans: dict[str, Draft] = {}
        self._record = 0
        self._block = 0

    def seen(self, time: int | None) -> None:
        """Count a time towards start and end, which are the extremes of all: real files step backwards."""
        if time is not None:
            self._times.append(time)

    def span(self) -> tuple[int | None, int | None]:
        """The earliest and the latest time seen so far."""
        times = [draft.time for draft in self.drafts if draft.time is not None] + self._times
        return min(times, default=None), max(times, default=None)

    def add(
        self,
        kind: Kind,
        record: int,
        block: int = 1,
        *,
        time: int | None = None,
        text: str = "",
        model: str | None = None,
        label: str = "",
        usage: Usage | None = None,
        images: tuple[ImageRef, ...] = (),
    ) -> Draft:
        """One event at `record.block`."""
        draft = Draft(record, block, kind, time, text, model, label, usage, images)
        self._keep(draft)
        return draft

    def call(
        self,
        call_id: str,
        name: str,
        arguments: Any,
        record: int,
        block: int = 1,
        *,
        time: int | None = None,
        model: str | None = None,
        label: str = "",
    ) -> Draft:
        """A tool call; `arguments` is an object, or text for a free-form tool."""
        draft = Draft(record, block, "tool", time, "", model, label, None, (), call_id, name, arguments)
        self._keep(draft)
        early = self._orphans.pop(call_id, None) if call_id else None
        if early is not None:  # the result stood before its call
            draft.result, early.dropped = early.result, True
        elif call_id:
            self._open[call_id] = draft
        return draft

    def result(
        self,
        call_id: str,
        record: int,
        block: int = 1,
        *,
        time: int | None = None,
        status: Status,
        text: str,
        exit_code: int | None = None,
        duration: int | None = None,
        images: tuple[ImageRef, ...] = (),
        patch: str | None = None,
        agent_id: str | None = None,
        name: str = "",
    ) -> Draft:
        """A tool result; returns the event it belongs to. `name` names an orphan's tool where the result states it."""
        found = ToolResult(record, time, status, text, exit_code, duration, images, patch, agent_id)
        return self.answer(call_id, found, block, name)

    def answer(self, call_id: str, found: ToolResult, block: int = 1, name: str = "") -> Draft:
        """The same as `result`, for a result that is made already."""
        record, time = found.record, found.time
        self.seen(time)
        draft = self._open.pop(call_id, None)
        if draft is None:
            draft = Draft(record, block, "tool", time, label="result without a call")
            draft.call_id, draft.name = call_id, name or "unknown tool"
            self._keep(draft)
            if call_id:
                self._orphans[call_id] = draft
        draft.result = found
        return draft

    def finish(self, *, id: str, format: str, harness: str, usage: Usage | None = None, **facts: Any) -> Run:
        """The run. `usage` overrides the sum of the events' usage; `facts` are further fields of `Run`.

        Start and end come from the times seen unless given; models are listed in order of appearance.
        """
        events = tuple([_event(draft) for draft in self.drafts if not draft.dropped])
        started, ended = self.span()
        for event in events:
            if event.model is not None and event.model not in self.models:
                self.models[event.model] = None
        facts.setdefault("started", started)
        facts.setdefault("ended", ended)
        facts.setdefault("models", tuple(self.models))
        return Run(id, format, harness, events, usage=usage or total_usage(events), **facts)

    def _keep(self, draft: Draft) -> None:
        """Keep a draft; its block moves up when its record has it already: documents glued on a line share a number."""
        if draft.record == self._record and draft.block <= self._block:
            draft.block = self._block + 1
        self._record, self._block = draft.record, draft.block
        self.drafts.append(draft)


_new = tuple.__new__
"""Builds a named tuple without its own `__new__`, which is a Python function: 0.3 against 0.7 µs, once an event."""


def _event(draft: Draft) -> Event:
    call = None
    if draft.kind == "tool":
        facts = (draft.call_id, draft.name, category_of(draft.name), draft.input, draft.result)
        call = _new(ToolCall, facts)
    return _new(
        Event,
        (
            draft.record,
            draft.block,
            draft.kind,
            draft.time,
            draft.text,
            draft.model,
            draft.label,
            call,
            draft.usage,
            draft.images,
        ),
    )


def total_usage(events: Iterable[Event]) -> Usage | None:
    """The sum of the usage that the events carry; None when none does."""
    usages = [event.usage for event in events if event.usage is not None]
    if not usages:
        return None
    costs = [usage.cost_usd for usage in usages if usage.cost_usd is not None]
    return Usage(
        sum([usage.input for usage in usages]),
        sum([usage.output for usage in usages]),
        sum([usage.cache_read for usage in usages]),
        sum([usage.cache_write for usage in usages]),
        sum([usage.reasoning for usage in usages]),
        sum(costs) if costs else None,
    )
