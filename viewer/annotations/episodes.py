"""Error episodes: from the first failure of something to the next time it went through, and what that took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import path_of
from viewer.columns import spans
from viewer.edits import name_of
from viewer.plural import counted

End = Literal["went through", "next prompt", "not seen again"]
"""How an episode ended. `not seen again` is no claim that nothing was solved: the same thing was not run again."""

_CAP = 60
"""Calls after which an episode counts as left."""


@dataclass(slots=True)
class _Episode:
    """One under way."""

    failures: list[int]
    call: int
    """Number of the call that failed first."""


@dataclass(frozen=True, slots=True)
class _Meter:
    """What a stretch of events cost. Entry i of a sum is what the events before i took."""

    calls: Sequence[int]
    tokens: Sequence[int] | None
    times: Sequence[tuple[int | None, int | None]] | None

    @classmethod
    def of(cls, judged: Judged) -> _Meter:
        """The meter of a run; None for what the run does not tell."""
        events = judged.run.events
        used = [event.usage.total if event.usage is not None else 0 for event in events]
        calls = [int(event.call is not None) for event in events]
        return cls(
            list(accumulate(calls, initial=0)),
            list(accumulate(used, initial=0)) if any(used) else None,
            spans(events) if judged.timed else None,
        )

    def milliseconds(self, first: int, last: int) -> int | None:
        """From the first failure's result to the last event's end."""
        if self.times is None:
            return None
        start, end = self.times[first][1], self.times[last][1]
        return end - start if start is not None and end is not None and end >= start else None


def find(judged: Judged) -> Iterator[Annotation]:
    """One `episode` for each thing that failed: a script, a test, check or build command, an edit of a file.

    Facts: `signature` (what failed), `failures`, `ended` (see `End`), and the cost from the first failure to the end:
    `events`, `calls`, `milliseconds`, `tokens` (None where not told; context and output of the model calls).
    """
    if not any(failure is not None and failure.is_error for failure in judged.failures):
        return
    meter = _Meter.of(judged)
    opened: dict[str, _Episode] = {}
    for index, event in enumerate(judged.run.events):
        if event.kind == "user":
            for what, episode in opened.items():
                yield _told(judged, meter, what, episode, index - 1, "next prompt")
            opened = {}
        failed = judged.failed(index)
        if not failed and not opened:
            continue
        name = _name(judged, index)
        if name is None:
            continue
        left = opened.get(name)
        if left is not None and meter.calls[index] - left.call > _CAP:
            yield _told(judged, meter, name, opened.pop(name), left.failures[-1], "not seen again")
        if failed:
            opened.setdefault(name, _Episode([], meter.calls[index])).failures.append(index)
        elif name in opened and judged.went_on(index):
            yield _told(judged, meter, name, opened.pop(name), index, "went through")
    for what, episode in opened.items():
        yield _told(judged, meter, what, episode, episode.failures[-1], "not seen again")


def _name(judged: Judged, index: int) -> str | None:
    """What this event tries: a run, or an edit of a file."""
    call = judged.run.events[index].call
    if call is not None and call.category == "edit" and (path := path_of(call)):
        return f"edit of {name_of(path)}"
    return judged.attempts[index]


def _told(judged: Judged, meter: _Meter, name: str, episode: _Episode, last: int, ended: End) -> Annotation:
    first, failures = episode.failures[0], episode.failures
    calls = meter.calls[last + 1] - meter.calls[first]
    tokens = meter.tokens[last + 1] - meter.tokens[first] if meter.tokens is not None else None
    time = meter.milliseconds(first, last)
    cost = counted(calls, "call") + (f" and {_seconds(time)}" if time is not None else "")
    words = {
        "went through": f"went through again after {cost}",
        "next prompt": "had not gone through when the next prompt came",
        "not seen again": "was not seen to go through again",
    }
    times = f"failed {counted(len(failures), 'time')}" if len(failures) > 1 else "failed"
    return Annotation(
        "episode",
        (*failures, last) if ended == "went through" else tuple(failures),
        f"`{name}` {times} and {words[ended]}",
        judged.quotes(failures),
        judged.evidence(failures),
        severity="note" if ended == "went through" else "warning",
        confidence="B",
        facts={
            "signature": name,
            "failures": len(failures),
            "ended": ended,
            "events": last - first + 1,
            "calls": calls,
            "milliseconds": time,
            "tokens": tokens,
        },
    )


def _seconds(milliseconds: int) -> str:
    seconds = round(milliseconds / 1000)
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"


ANNOTATOR = Annotator("episodes", find, "B")
