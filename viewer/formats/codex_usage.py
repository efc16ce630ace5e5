"""Tokens of a Codex rollout: which step each count belongs to, and what of a forked file is the fork's own.

`token_count` states a running total and the last call. The same count is written again and again, so one whose total
has not changed is skipped and the last calls are summed; over 18 real files that equals the final total exactly.

A fork's file begins with the parent's history, token counts included, under new timestamps. Turn ids are UUIDv7 and
keep the time at which the turn first ran, so the fork's own part begins at the first turn not older than the fork.
"""

from __future__ import annotations

from typing import Any

from viewer.formats.builder import Draft, RunBuilder
from viewer.formats.values import count, mapping
from viewer.model import Usage

_REPLAY_MS = 1000
"""A turn without a telling id is the fork's own when it comes this much later: a replay is written in one go."""


class Fork:
    """Whether what is being read repeats another session's history."""

    def __init__(self) -> None:
        """Not a fork, until `arm` says so."""
        self.replaying = False
        self._id_time: int | None = None
        self._time: int | None = None

    def arm(self, session_id: str, time: int | None) -> None:
        """The file is a fork's: all is history until its own first turn. `time` is that of its first record."""
        self.replaying = True
        self._id_time, self._time = _minted(session_id), time

    def turn(self, turn_id: Any, time: int | None) -> bool:
        """A turn begins; returns whether it is the fork's own first."""
        if not self.replaying:
            return False
        minted = _minted(turn_id)
        begun = self._id_time if self._id_time is not None else self._time
        if minted is not None and begun is not None:
            self.replaying = minted < begun
        elif time is not None and self._time is not None:
            self.replaying = time <= self._time + _REPLAY_MS
        return not self.replaying


class Steps:
    """Gives each count of tokens to the first event that the model made since the count before."""

    def __init__(self, builder: RunBuilder, fork: Fork) -> None:
        """Counts for the events of `builder`."""
        self._builder = builder
        self._fork = fork
        self._forked = False
        self._first: Draft | None = None
        self._echo: Draft | None = None
        self._total: dict[str, Any] | None = None
        self.counted = 0
        self._new = self._output = self._read = self._written = self._reasoning = 0

    def made(self, draft: Draft) -> None:
        """The model made this event."""
        if self._first is None:
            self._first = draft

    def echoed(self, draft: Draft) -> None:
        """The harness reported an event of the model; it stands for the step only when the model's own is not there."""
        if self._echo is None:
            self._echo = draft

    def begin_own(self) -> None:
        """The fork's own part begins: what was made before is not of its first step."""
        self._forked = True
        self._first = self._echo = None

    def count(self, payload: dict[str, Any], record: int, time: int | None) -> None:
        """Take in one `token_count`."""
        info = mapping(payload.get("info"))
        total, last = info.get("total_token_usage"), info.get("last_token_usage")
        if isinstance(total, dict):
            if total == self._total:
                return
            previous, self._total = self._total, total
            usage = _usage(last) if isinstance(last, dict) else _difference(total, previous)
        elif isinstance(last, dict):
            usage = _usage(last)
        else:
            return
        draft = self._first or self._echo
        self._first = self._echo = None
        inherited = self._fork.replaying or (self._forked and draft is None)
        if inherited or not (usage.output or usage.context):
            return
        if draft is None:
            draft = self._builder.add("system", record, time=time, label="model call without output")
        draft.usage = usage
        self.counted += 1
        self._new += usage.input
        self._output += usage.output
        self._read += usage.cache_read
        self._written += usage.cache_write
        self._reasoning += usage.reasoning

    def total(self) -> Usage | None:
        """The sum of what the events carry; None when none carries any."""
        if not self.counted:
            return None
        return Usage(self._new, self._output, self._read, self._written, self._reasoning)


def _usage(counts: dict[str, Any]) -> Usage:
    """Codex counts cached tokens as part of the input."""
    cached, written = count(counts.get("cached_input_tokens")), count(counts.get("cache_write_input_tokens"))
    new = max(0, count(counts.get("input_tokens")) - cached - written)
    output, reasoning = count(counts.get("output_tokens")), count(counts.get("reasoning_output_tokens"))
    return Usage(new, output, cached, written, reasoning)


def _difference(total: dict[str, Any], previous: dict[str, Any] | None) -> Usage:
    """The last call from two totals, where it is not stated itself."""
    return _usage({key: count(value) - count(mapping(previous).get(key)) for key, value in total.items()})


def _minted(identifier: Any) -> int | None:
    """Epoch milliseconds at which a UUIDv7 was made; None for anything else."""
    if not isinstance(identifier, str) or len(identifier) != 36 or identifier[14] != "7":
        return None
    try:
        return int(identifier[:8] + identifier[9:13], 16)
    except ValueError:
        return None
