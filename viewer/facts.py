"""What the metrics of a run are made from, each counted once: calls without polls, errors, actions, times.

Counted the same for every harness: a poll of a running command belongs to that command, a command that ran `cat` read a
file, a search that found nothing (`benign`) is no error, and subagents are runs of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from viewer.annotations.contract import Annotated, Annotation, Failure
from viewer.columns import spans
from viewer.commands import Command
from viewer.counts import error_counts
from viewer.model import Event, Run
from viewer.ribbon import Phase, action_of, is_poll

LONG_GAP = 10 * 60_000
"""Milliseconds. Of a longer pause in which nothing ran nobody knows the cause, so it counts as no work."""

_RUNS = frozenset({"test", "check", "build", "eval", "run"})


@dataclass(frozen=True)
class Facts:
    """A run with what its metrics count. Lists are indices of events, in file order."""

    annotated: Annotated

    @property
    def run(self) -> Run:
        """The run."""
        return self.annotated.run

    @cached_property
    def calls(self) -> list[int]:
        """Tool calls but polls."""
        return [at for at, event in enumerate(self.run.events) if event.call is not None and not is_poll(event.call)]

    @cached_property
    def actions(self) -> dict[int, Phase]:
        """What each of `calls` is for."""
        return {at: action_of(self.annotated.judged, at) for at in self.calls}

    @cached_property
    def errors(self) -> list[tuple[int, Failure]]:
        """The calls that failed, a failure that a poll reported among them."""
        judged = enumerate(self.annotated.judged.failures)
        return [(at, failure) for at, failure in judged if failure is not None and failure.is_error]

    @cached_property
    def _errors(self) -> tuple[int | None, int]:
        return error_counts(self.annotated)

    @property
    def flagged(self) -> int | None:
        """Errors that the harness flagged; unknown where it flags none."""
        return self._errors[0]

    @property
    def inferred(self) -> int:
        """Errors that the text of a result shows."""
        return self._errors[1]

    def verdicts(self, verdict: str) -> int:
        """How many results got this verdict."""
        return self._verdicts[verdict]

    @cached_property
    def _verdicts(self) -> Counter[str]:
        return Counter(failure.verdict for failure in self.annotated.judged.failures if failure is not None)

    def events_of(self, kind: str) -> int:
        """How many events are of a kind."""
        return self._kinds[kind]

    @cached_property
    def _kinds(self) -> Counter[str]:
        return Counter(event.kind for event in self.run.events)

    @cached_property
    def commands(self) -> list[tuple[int, Command]]:
        """The shell commands, with the index of their event."""
        commands = self.annotated.judged.commands
        return [(at, command) for at in self.calls if (command := commands[at]) is not None]

    def commands_of(self, kind: str) -> list[int]:
        """The shell commands that are a test, an evaluation and so on."""
        return [at for at, command in self.commands if command.kind == kind]

    @cached_property
    def runs(self) -> list[Command]:
        """The shell commands that run something whose exit code says how it went."""
        return [command for _, command in self.commands if command.kind in _RUNS]

    def failed(self, indices: list[int]) -> int:
        """How many of the calls failed."""
        return sum(map(self.annotated.judged.failed, indices))

    @cached_property
    def palette(self) -> list[tuple[str, int]]:
        """Tools and how often each was called, the most used first."""
        events = self.run.events
        return Counter(call.name for at in self.calls if (call := events[at].call) is not None).most_common()

    @cached_property
    def first_edit(self) -> int | None:
        """Index of the first call that changes a file."""
        return next((at for at, changes in enumerate(self.annotated.judged.changes) if changes), None)

    def facts_of(self, kind: str, name: str) -> list[Any]:
        """One fact of each annotation of a kind that has it."""
        return [one.facts[name] for one in self.of(kind) if one.facts.get(name) is not None]

    def of(self, kind: str) -> list[Annotation]:
        """The annotations of a kind."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[str, list[Annotation]]:
        found: dict[str, list[Annotation]] = {}
        for one in self.annotated.annotations:
            found.setdefault(one.kind, []).append(one)
        return found

    @cached_property
    def recovery(self) -> float | None:
        """Median calls from the first failure of a thing to the time that it went through; None where none did."""
        calls = [one.facts["calls"] for one in self.of("episode") if one.facts.get("ended") == "went through"]
        return float(median(calls)) if calls else None

    @property
    def timed(self) -> bool:
        """Whether the run's times mean anything."""
        return self.annotated.judged.timed

    @property
    def wall(self) -> int | None:
        """Milliseconds from the first to the last record."""
        started, ended = self.run.started, self.run.ended
        return ended - started if self.timed and started is not None and ended is not None else None

    @cached_property
    def active(self) -> int | None:
        """Milliseconds in which the model or a tool worked, as far as the times tell."""
        return _active(self.run.events) if self.timed else None


def _active(events: tuple[Event, ...]) -> int:
    """The time that calls and answers cover, and the pauses between, but not those that end with a prompt."""
    timed = [
        (start, end, event.kind)
        for event, (start, end) in zip(events, spans(events), strict=True)
        if start is not None and end is not None
    ]
    timed.sort(key=lambda entry: entry[:2])
    total, reached = 0, timed[0][0] if timed else 0
    for start, end, kind in timed:
        gap = start - reached
        if 0 < gap <= LONG_GAP and kind not in ("user", "interruption", "system"):
            total += gap
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
