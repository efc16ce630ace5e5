"""Stops: a call that the user or a hook refused, an answer that was broken off, a job that the agent cancelled.

What counts is the harness's record or the cancelling call itself, never a word in some output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line
from viewer.model import Event
from viewer.plural import counted

_PLANS = frozenset(("exitplanmode", "exit_plan_mode"))
_ASKS = frozenset(("askuserquestion", "ask_user", "request_user_input"))
_HOOK = re.compile(r"\bhook (?:error|blocked|denied)|blocked by .{0,40}hook|^\w+ hook\b", re.IGNORECASE)
_USER = re.compile(
    r"user doesn['’]t want|\b(?:rejected|denied|declined|cancell?ed|refused) by (?:the )?user|"
    r"user (?:has )?(?:rejected|denied|declined|refused|cancell?ed|chose not)",
    re.IGNORECASE,
)
_ABORTED = re.compile(r"request was aborted|aborted by user", re.IGNORECASE)
_WORK = ("user", "assistant", "reasoning", "tool")


class _Stop(NamedTuple):
    """What one event says of a stop."""

    kind: str
    message: str
    quote: str = ""


def find(judged: Judged) -> Iterator[Annotation]:
    """One of `denied`, `plan_sent_back`, `hook_block`, `interrupted`, `job_cancelled` for each stop.

    Refusals of calls made together, and the interruption that the harness records after them, are one. Facts: `tool` of
    a call; `calls`, how many were refused or broken off; `job`, the id of a cancelled job where the call tells it.
    """
    yield from _refused(judged)
    for index, step in judged.jobs.items():
        if step.action == "cancel" and judged.went_on(index):
            message = f"Job {step.job} cancelled by the agent" if step.job else "A job cancelled by the agent"
            quote = one_line(brief(judged.run.events[index]), 200)
            yield Annotation("job_cancelled", (index,), message, quote, facts={"job": step.job or None})


def _refused(judged: Judged) -> Iterator[Annotation]:
    events = judged.run.events
    group: list[int] = []
    told: _Stop | None = None
    for index, event in enumerate(events):
        stop = _stop(judged, index, event)
        if told is not None and (stop is None or not _same(events[group[-1]], event)):
            if stop is None and event.kind not in _WORK:
                continue  # what the harness notes in between parts nothing
            yield _annotation(events, told, group)
            told, group = None, []
        if stop is not None:
            told = told or stop
            group.append(index)
    if told is not None:
        yield _annotation(events, told, group)


def _same(before: Event, event: Event) -> bool:
    """Whether the second of two stops in a row is the same: the record after a call, or a call made with it."""
    if event.call is None:
        return True
    result = before.call.result if before.call is not None else None
    return result is not None and event.record < result.record


def _stop(judged: Judged, index: int, event: Event) -> _Stop | None:
    if event.kind == "interruption" or (event.kind == "api_error" and _ABORTED.search(event.text[:500])):
        return _Stop("interrupted", "The user interrupted the agent", one_line(event.text, 200))
    call, failure = event.call, judged.failures[index]
    if call is None or call.result is None or failure is None or failure.verdict not in ("denied", "aborted"):
        return None
    quote = one_line(failure.quote or call.result.text, 200)
    what = (
        f"`{call.name}`: {one_line(brief(event), 80)}" if call.input is not None else "a call that is not in this file"
    )
    if call.result.status == "interrupted":
        return _Stop("interrupted", f"Broken off: {what}", quote)
    if failure.verdict != "denied":
        return None
    if call.name.lower() in _PLANS:
        return _Stop("plan_sent_back", "The user sent the plan back", quote)
    if call.name.lower() in _ASKS:
        return _Stop("denied", "The user answered none of the questions", quote)
    if _HOOK.search(call.result.text[:500]):
        return _Stop("hook_block", f"A hook blocked {what}", quote)
    by_user = _USER.search(call.result.text[:500]) is not None
    return _Stop("denied", f"{'The user' if by_user else 'The harness'} refused {what}", quote)


def _annotation(events: tuple[Event, ...], stop: _Stop, indices: list[int]) -> Annotation:
    calls = [call for index in indices if (call := events[index].call) is not None]
    more = f", and {counted(len(calls) - 1, 'call')} made with it" if len(calls) > 1 else ""
    facts = {"tool": calls[0].name if calls else None, "calls": len(calls)}
    return Annotation(stop.kind, tuple(indices), stop.message + more, stop.quote, "flagged", "warning", facts=facts)


ANNOTATOR = Annotator("stops", find)
