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
        self.first_time: int | None = None
        self.last_time: int | None = None
        self._open: dict[str, Draft] = {}
        self._orphans: dict[str, Draft] = {}
        self._last = (0, 0)

    def seen(self, time: int | None) -> None:
        """Count a time towards start and end. Real files step backwards, so both are kept as extremes."""
        if time is None:
            return
        if self.first_time is None or time < self.first_time:
            self.first_time = time
        if self.last_time is None or time > self.last_time:
            self.last_time = time

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
        draft = Draft(record, self._free_block(record, block), kind, time, text, model, label, usage, images)
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
        draft = Draft(record, self._free_block(record, block), "tool", time, "", model, label)
        draft.call_id, draft.name, draft.input = call_id, name, arguments
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
            draft = Draft(record, self._free_block(record, block), "tool", time, label="result without a call")
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
        events = tuple(_event(draft) for draft in self.drafts if not draft.dropped)
        facts.setdefault("started", self.first_time)
        facts.setdefault("ended", self.last_time)
        facts.setdefault("models", tuple(self.models))
        return Run(id, format, harness, events, usage=usage or total_usage(events), **facts)

    def _keep(self, draft: Draft) -> None:
        self.drafts.append(draft)
        time = draft.time
        if time is not None:
            if self.first_time is None or time < self.first_time:
                self.first_time = time
            if self.last_time is None or time > self.last_time:
                self.last_time = time
        if draft.model:
            self.models[draft.model] = None

    def _free_block(self, record: int, block: int) -> int:
        """The block, moved up when the record already has it: two documents glued on one line share its number."""
        last_record, last_block = self._last
        if record == last_record and block <= last_block:
            block = last_block + 1
        self._last = (record, block)
        return block


def _event(draft: Draft) -> Event:
    call = None
    if draft.kind == "tool":
        call = ToolCall(draft.call_id, draft.name, category_of(draft.name), draft.input, draft.result)
    return Event(
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
    )


def total_usage(events: Iterable[Event]) -> Usage | None:
    """The sum of the usage that the events carry; None when none does."""
    total: Usage | None = None
    for event in events:
        if event.usage is not None:
            total = event.usage if total is None else total + event.usage
    return total

