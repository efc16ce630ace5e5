"""Idle gaps: ten minutes or more in which nothing was recorded, and who was waited for.

Silent where the times of a run are unusable (`columns.times_usable`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line
from viewer.model import Event

LEAST = 10 * 60 * 1000
"""Milliseconds from which a gap is told."""

_ASKS = frozenset(("askuserquestion", "ask_user", "request_user_input", "exitplanmode"))
_QUICK = frozenset(("edit", "read", "search", "plan"))
_WORK = ("assistant", "reasoning", "tool")


def find(judged: Judged) -> Iterator[Annotation]:
    """One `gap` for each, on the event that ends it, or on the tool call that was waited for.

    Facts: `milliseconds`; `waited_for`: `user`, `tool`, `subagent`, `background task` or None, as nothing in the file
    tells a slow model from a question that was left open or a session that was resumed.
    """
    events = judged.run.events
    if not judged.timed:
        return
    quiet_until: int | None = None
    following: list[int | None] = []
    for index, event in enumerate(events):
        if event.time is None:
            continue
        if quiet_until is not None and event.time - quiet_until >= LEAST:
            following = following or _next_spoken(events)
            yield _told(index, event.time - quiet_until, *_before(events, index, following[index]))
        start = event.time if quiet_until is None else max(quiet_until, event.time)
        end = _end(event)
        if end is not None and end - start >= LEAST:
            yield _told(index, end - start, *_during(event))
        quiet_until = max(start, end or start)


def _end(event: Event) -> int | None:
    result = event.call.result if event.call is not None else None
    if result is None or event.time is None:
        return None
    if result.time is not None:
        return result.time
    return event.time + result.duration if result.duration is not None else None


def _next_spoken(events: Sequence[Event]) -> list[int | None]:
    """For each event the first from there on that the user or the model made: what a gap before it led to."""
    following: list[int | None] = [None] * len(events)
    found: int | None = None
    for index in range(len(events) - 1, -1, -1):
        if events[index].kind in _WORK or events[index].kind == "user":
            found = index
        following[index] = found
    return following


def _before(events: Sequence[Event], index: int, spoken: int | None) -> tuple[str | None, str]:
    """Who was waited for before this event, and the words for it."""
    if events[index].label == "task notification":
        return "background task", "a background task"
    if spoken is not None and events[spoken].kind == "user":
        return "user", "the user"
    return None, ""


def _during(event: Event) -> tuple[str | None, str]:
    """Who was waited for while this call ran, and the words for it."""
    call = event.call
    if call is None or call.result is None:
        return None, ""
    if call.name.lower() in _ASKS or call.result.status == "rejected":
        return "user", f"the user's answer to `{call.name}`"
    what = f"`{call.name}`: {one_line(brief(event), 80)}"
    if call.category in _QUICK:
        return "user", f"{what} (such a call takes no time: most likely for the user's permission)"
    return ("subagent" if call.category == "agent" else "tool"), what


def _told(index: int, milliseconds: int, who: str | None, words: str) -> Annotation:
    time = duration(milliseconds)
    message = f"Waited {time} for {words}" if who else f"{time} with nothing recorded, cause unknown"
    return Annotation(
        "gap",
        (index,),
        message,
        severity="note",
        confidence="B",
        evidence="inferred",
        facts={"milliseconds": milliseconds, "waited_for": who},
    )


def duration(milliseconds: int) -> str:
    """`12 min`, `3 h 5 min`, `2 days 4 h`: the two units that say enough."""
    minutes = round(milliseconds / 60_000)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} day{'' if days == 1 else 's'}{f' {hours} h' if hours else ''}"
    return f"{hours} h{f' {minutes} min' if minutes else ''}" if hours else f"{minutes} min"


ANNOTATOR = Annotator("gaps", find, "B")
