"""What a reader must know about a run's data before trusting what the page shows: notes, one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from viewer.columns import times_usable
from viewer.model import Run


def quality_notes(run: Run) -> list[str]:
    """Every note that applies to this run, the most important first."""
    notes = [note for check in _CHECKS if (note := check(run)) is not None]
    return [*notes, *run.notes]


def _unreadable(run: Run) -> str | None:
    if not run.problems:
        return None
    first = run.problems[0]
    return f"{_counted(run.unreadable, 'record')} unreadable; the first is record {first.record}: {first.reason}"


def _truncated(run: Run) -> str | None:
    return (
        "The last record is cut: the session is still being written, or the file was cut off" if run.truncated else None
    )


def _times(run: Run) -> str | None:
    if times_usable(run.events):
        return None
    times = {event.time for event in run.events if event.time is not None}
    if not times:
        return "Times hidden: the file states none"
    if len(times) == 1:
        return "Times hidden: every record has the same timestamp"
    return f"Times hidden: only {len(times)} different timestamps on {len(run.events)} events"


def _no_flags(run: Run) -> str | None:
    if run.flags_errors or not any(event.call for event in run.events):
        return None
    if any(event.is_error for event in run.events):
        return f"{run.harness} flags no result: errors are those whose exit code it wrote, or inferred from the text"
    return f"{run.harness} records no error flag: errors are inferred from the text, no word of one is no success"


def _encrypted(run: Run) -> str | None:
    hidden = sum(1 for event in run.events if event.kind == "reasoning" and not event.text)
    verb = "is" if hidden == 1 else "are"
    return f"{_counted(hidden, 'reasoning block')} {verb} encrypted" if hidden else None


def _unanswered(run: Run) -> str | None:
    open_calls = sum(1 for event in run.events if event.call and event.call.result is None)
    return f"{_counted(open_calls, 'tool call')} without a result" if open_calls else None


def _orphans(run: Run) -> str | None:
    orphans = sum(1 for event in run.events if event.label == "result without a call")
    return f"{_counted(orphans, 'tool result')} without a call in this file" if orphans else None


_CHECKS: tuple[Callable[[Run], str | None], ...] = (
    _unreadable,
    _truncated,
    _times,
    _no_flags,
    _encrypted,
    _unanswered,
    _orphans,
)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
