"""What counts as the same thing tried again: a script by its name, else a command by its signature.

`uv run train.py --smoke`, `python train.py` and a job that runs `train.py` are one thing that the agent tries to get to
work; `python -m py_compile train.py` is another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from viewer.commands import Command
from viewer.model import Event, ToolCall

_SCRIPT = re.compile(r"(?:.*/)?([\w.-]+\.(?:py|sh|js|mjs|ts|rb|R|jl|ipynb))$")
_TRIED = frozenset(("test", "check", "build", "eval", "run"))
_STARTS_SCRIPTS = frozenset(
    ("python", "uv", "uvx", "hf", "accelerate", "torchrun", "deepspeed", "node", "bun", "deno", "tsx", "bash", "sh")
)
_JOB_TOOLS = frozenset(("hf_jobs",))
_STARTS_JOB = frozenset(("run", "uv", "scheduled run", "scheduled uv"))


def attempt_of(event: Event, command: Command | None) -> str | None:
    """The name of what this event tries; None where it tries nothing, or nothing that could be told from others."""
    call = event.call
    if call is None:
        return None
    if call.name.lower() in _JOB_TOOLS:
        return _job(call)
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


def _job(call: ToolCall) -> str | None:
    values = call.input if isinstance(call.input, Mapping) else {}
    script = values.get("script")
    if values.get("operation") not in _STARTS_JOB or not isinstance(script, str):
        return None
    found = _SCRIPT.match(script) if len(script) < 300 else None
    return found[1] if found else None


def _script(words: tuple[str, ...]) -> str | None:
    for word in words[:20]:
        if word in ("-m", "-c"):
            return None
        found = _SCRIPT.match(word) if len(word) < 300 else None
        if found:
            return found[1]
    return None
