"""Stops: a call that the user or a hook refused, an answer that was broken off, a job that the agent cancelled.

What counts is the harness's record or the cancelling call itself, never a word in some output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line
from viewer.commands import Command
from viewer.model import Event, ToolCall
from viewer.plural import counted

_PLANS = frozenset(("exitplanmode", "exit_plan_mode"))
_ASKS = frozenset(("askuserquestion", "ask_user", "request_user_input"))
_HOOK = re.compile(r"\bhook (?:error|blocked|denied)|blocked by .{0,40}hook|^\w+ hook\b", re.IGNORECASE)
_ABORTED = re.compile(r"request was aborted|aborted by user", re.IGNORECASE)
_JOB_TOOLS = frozenset(("hf_jobs",))
_CANCELS = frozenset(("cancel", "scheduled delete", "scheduled suspend"))
_JOB_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("hf", "jobs", "cancel"),
    ("huggingface-cli", "jobs", "cancel"),
    ("scancel",),
    ("kubectl", "delete", "job"),
    ("sky", "cancel"),
    ("modal", "app", "stop"),
)
"""First words of the commands that cancel a job on another machine."""
_HELP = frozenset(("--help", "-h"))
_WORK = ("user", "assistant", "reasoning", "tool")
_CODE = re.compile(r"\bcancel_job\(\s*(?:job_id\s*=\s*)?[\"']([\w-]+)")


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
    for index, event in enumerate(judged.run.events):
        if event.call is not None and (job := _cancelled_job(judged, index, event.call)) is not None:
            message = f"Job {job} cancelled by the agent" if job else "A job cancelled by the agent"
            quote = one_line(brief(event), 200)
            yield Annotation("job_cancelled", (index,), message, quote, facts={"job": job or None})


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
    if call is None or call.result is None or failure is None:
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
    return _Stop("denied", f"The user refused {what}", quote)


def _annotation(events: tuple[Event, ...], stop: _Stop, indices: list[int]) -> Annotation:
    calls = [call for index in indices if (call := events[index].call) is not None]
    more = f", and {counted(len(calls) - 1, 'call')} made with it" if len(calls) > 1 else ""
    facts = {"tool": calls[0].name if calls else None, "calls": len(calls)}
    return Annotation(stop.kind, tuple(indices), stop.message + more, stop.quote, "flagged", "warning", facts=facts)


def _cancelled_job(judged: Judged, index: int, call: ToolCall) -> str | None:
    """The id of the job that this call cancelled, empty where it names none; None if it cancelled nothing."""
    failure, command = judged.failures[index], judged.commands[index]
    if failure is None or failure.verdict not in ("ok", "unknown"):
        return None
    if call.name.lower() in _JOB_TOOLS and isinstance(call.input, Mapping):
        job = call.input.get("job_id")
        return (job if isinstance(job, str) else "") if call.input.get("operation") in _CANCELS else None
    return _cancelled_by(command) if command is not None else None


def _cancelled_by(command: Command) -> str | None:
    for step in command.steps:
        program = (step.name, *step.words[1:])
        first = next((first for first in _JOB_COMMANDS if program[: len(first)] == first), None)
        if first is not None and not _HELP & set(program):
            return next((word for word in program[len(first) :] if not word.startswith("-")), "")
        code = _CODE.search(" ".join(step.words)) or _CODE.search(step.heredoc or "")
        if code is not None and step.name == "python":
            return code[1]
    return None


ANNOTATOR = Annotator("stops", find)
