"""What counts as the same thing tried again: a script by its name, else a command by its signature.

`uv run train.py --smoke`, `python train.py` and a job that runs `train.py` are one thing that the agent tries to get to
work; `python -m py_compile train.py` is another. An attempt stands where its outcome is told: at the last call that
waited for it, or that read its job's log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from viewer.commands import Command
from viewer.jobs import TOOLS, JobStep, job_step
from viewer.model import Event, ToolCall

INLINE_JOB = "job script"
"""Name of a job whose program stands in the call that starts it."""

_SCRIPT = re.compile(r"(?:.*/)?([\w.-]+\.(?:py|sh|js|mjs|ts|rb|R|jl|ipynb))$")
_TRIED = frozenset(("test", "check", "build", "eval", "run"))
_STARTS_SCRIPTS = frozenset(
    ("python", "uv", "uvx", "hf", "accelerate", "torchrun", "deepspeed", "node", "bun", "deno", "tsx", "bash", "sh")
)


def attempts_of(
    events: Sequence[Event], commands: Sequence[Command | None], ends: Mapping[int, int], jobs: Mapping[int, JobStep]
) -> tuple[str | None, ...]:
    """For each event what it tries, where the outcome is told; None for an event that tells no outcome.

    `ends` names for a call that only started something the last call that waited for it, `jobs` what calls do with
    jobs. A job that was cancelled has no outcome.
    """
    names = [_attempt(event, command) for event, command in zip(events, commands, strict=True)]
    for started, waiting in ends.items():
        names[started], names[waiting] = None, names[started]
    running: dict[str, tuple[str, int]] = {}
    for index, step in jobs.items():
        if not step.job:
            continue
        if step.action == "start":
            name = names[index]
            if name is not None:
                running[step.job] = (name, index)
        elif step.job in running:
            name, at = running[step.job]
            names[at], names[index] = None, name if step.action == "logs" else None
            running[step.job] = (name, index)
    return tuple(names)


def _attempt(event: Event, command: Command | None) -> str | None:
    call = event.call
    if call is None:
        return None
    if call.name.lower() in TOOLS:
        return _job(event, call)
    if command is None or command.main is None or not command.steps:
        return None
    step = command.steps[command.main]
    kind = command.kind
    if kind in ("run", "eval") or step.words[1:2] == ("jobs",):
        script = _script(step.words)
        if script is not None and (step.name in _STARTS_SCRIPTS or _SCRIPT.match(step.words[0])):
            return script
    if kind not in _TRIED or command.code:
        return None  # a program in the command line is another one each time
    return command.signature or None


def _job(event: Event, call: ToolCall) -> str | None:
    step = job_step(event, None)
    script = call.input.get("script") if isinstance(call.input, Mapping) else None
    if step is None or step.action != "start" or not isinstance(script, str):
        return None
    found = _SCRIPT.match(script) if len(script) < 300 else None
    return found[1] if found else INLINE_JOB


def _script(words: tuple[str, ...]) -> str | None:
    for word in words[:20]:
        if word in ("-m", "-c"):
            return None
        found = _SCRIPT.match(word) if len(word) < 300 else None
        if found:
            return found[1]
    return None
