"""Jobs on another machine: which call starts one, looks at its log, cancels it, and under which id.

A job's end is told where its log is read, not where it was submitted. Tables: add a tool or a command where it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from viewer.commands import Command, Step
from viewer.model import Event, ToolCall

Action = Literal["start", "logs", "cancel"]

TOOLS = frozenset(("hf_jobs",))
"""Tools that are for jobs alone: an `operation`, a `job_id`, a `script`."""
_OPERATIONS: dict[str, Action] = {
    "run": "start",
    "uv": "start",
    "logs": "logs",
    "cancel": "cancel",
    "scheduled delete": "cancel",
    "scheduled suspend": "cancel",
}
_COMMANDS: tuple[tuple[Action, tuple[str, ...]], ...] = (
    ("start", ("hf", "jobs", "run")),
    ("start", ("hf", "jobs", "uv", "run")),
    ("logs", ("hf", "jobs", "logs")),
    ("cancel", ("hf", "jobs", "cancel")),
    ("start", ("huggingface-cli", "jobs", "run")),
    ("logs", ("huggingface-cli", "jobs", "logs")),
    ("cancel", ("huggingface-cli", "jobs", "cancel")),
    ("start", ("sbatch",)),
    ("cancel", ("scancel",)),
    ("cancel", ("kubectl", "delete", "job")),
    ("cancel", ("sky", "cancel")),
    ("cancel", ("modal", "app", "stop")),
)
"""What the first words of a command do."""
_MAY_BE = ("jobs", "sbatch", "scancel", "delete job", "sky cancel", "modal app", "cancel_job")
"""One of these stands in a command that has to do with a job."""
_IN_CODE = re.compile(r"\bcancel_job\(\s*(?:job_id\s*=\s*)?[\"']([\w-]{1,80})")
_HELP = frozenset(("--help", "-h"))
_STARTED = re.compile(
    r"(?:Job ID:?\**:?|[Jj]ob started with ID:?|Submitted batch job)\s*([0-9A-Za-z-]{3,80})|"
    r"huggingface\.co/jobs/[\w.-]{1,100}/([0-9a-f]{8,80})"
)
_HEAD = 2_000
"""Characters of a result within which a new job's id stands."""


class JobStep(NamedTuple):
    """What a call does with a job. `job` is its id, empty where the call does not tell it."""

    action: Action
    job: str


def job_steps(events: Sequence[Event], commands: Sequence[Command | None]) -> dict[int, JobStep]:
    """The events that have to do with a job, and what they do with it."""
    steps = {index: job_step(event, commands[index]) for index, event in enumerate(events) if event.call is not None}
    return {index: step for index, step in steps.items() if step is not None}


def job_step(event: Event, command: Command | None) -> JobStep | None:
    """What this call does with a job; None for any other call."""
    call = event.call
    if call is None:
        return None
    if call.name.lower() in TOOLS:
        return _by_tool(call)
    if command is None or not any(map(command.text.__contains__, _MAY_BE)):
        return None  # most commands by far, and reading one takes longer than this
    return next((found for step in command.steps if (found := _by_step(step, call)) is not None), None)


def reread_logs(steps: Mapping[int, JobStep]) -> frozenset[int]:
    """The events that read a job's log which a later event read again."""
    last: dict[str, int] = {}
    found: set[int] = set()
    for index, step in steps.items():
        if step.action == "logs" and step.job:
            if step.job in last:
                found.add(last[step.job])
            last[step.job] = index
    return frozenset(found)


def _by_tool(call: ToolCall) -> JobStep | None:
    values = call.input if isinstance(call.input, Mapping) else {}
    action = _OPERATIONS.get(str(values.get("operation")))
    job = values.get("job_id")
    if action is None:
        return None
    return JobStep(action, _started(call) if action == "start" else job if isinstance(job, str) else "")


def _by_step(step: Step, call: ToolCall) -> JobStep | None:
    words = (step.name, *step.words[1:])
    for action, first in _COMMANDS:
        if words[: len(first)] == first and not _HELP & set(words):
            named = next((word for word in words[len(first) :] if not word.startswith("-")), "")
            return JobStep(action, _started(call) if action == "start" else named)
    if step.name == "python":
        code = _IN_CODE.search(" ".join(step.words)) or _IN_CODE.search(step.heredoc or "")
        return JobStep("cancel", code[1]) if code is not None else None
    return None


def _started(call: ToolCall) -> str:
    """The id that the harness or the program gave a new job."""
    found = _STARTED.search(call.result.text[:_HEAD]) if call.result is not None else None
    return found[1] or found[2] if found is not None else ""
