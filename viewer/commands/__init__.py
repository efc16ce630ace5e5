"""Shell commands as the rest reads them: the steps of a command line, what runs last, what hides its exit code.

This is the one reader of shell text in the project: the error layer, the annotators, the probes and the comparison use
it. `commands/lexer.py` and `commands/shell.py` read the text, `commands/kinds.py` and `commands/programs.py` know what
programs are for, `commands/written.py` what they write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from viewer.brief import command_of
from viewer.commands.kinds import kind_of, signature_of, spoken, telling
from viewer.commands.programs import CommandKind
from viewer.commands.shell import Step, read_steps
from viewer.commands.written import inline_code, written_by
from viewer.model import Event, ToolCall

__all__ = ["Command", "CommandKind", "Step", "polls", "read_commands", "spoken"]


class Command:
    """The command of one shell call. `text` is the whole of it; everything else is read when first asked for.

    A call may carry a program instead of a command line (`code` of a Python tool) or beside it (`script` of a job,
    whose command line is then `hf jobs run`): the program is in `code`, and a program alone has no steps.
    """

    def __init__(self, text: str, program: str | None = None) -> None:
        self.text = text
        self._program = program

    def __repr__(self) -> str:
        return f"Command({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Command) and (self.text, self._program) == (other.text, other._program)

    def __hash__(self) -> int:
        return hash((self.text, self._program))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Each simple command, in order; those of subshells and of `bash -lc '…'` in their place."""
        return () if self.text == self._program else read_steps(self.text)

    @cached_property
    def kinds(self) -> tuple[CommandKind, ...]:
        """What each step is for."""
        return tuple(map(kind_of, self.steps))

    @cached_property
    def main(self) -> int | None:
        """The index of the step that stands for the whole; None where there is no step."""
        return telling(self.steps, self.kinds)

    @cached_property
    def signature(self) -> str:
        """What counts as the same command again: `npm run build`, `pytest`, `git commit`, `python train.py`."""
        if self.main is None:
            return "program" if self._program else ""
        return signature_of(self.steps[self.main])

    @cached_property
    def kind(self) -> CommandKind:
        """What the whole is for: that of the step that stands for it; `edit` where it looks and writes a file."""
        if self.main is None:
            return "run" if self._program else "other"
        kind = self.kinds[self.main]
        if kind in ("view", "other") and self.written:
            return "edit"
        return "eval" if kind == "run" and any(map(_EVALUATES.search, self.code)) else kind

    @cached_property
    def masked(self) -> str | None:
        """What hides the exit code of the step that stands for the whole (`| head`, `|| true`, `; echo`), else None."""
        return None if self.main is None else _masked(self.steps, self.main)

    @cached_property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Files that the command writes by its own text, and what: heredocs, `echo … >`, `tee`, `sed -i`, patches.

        The text of `sed -i` and the like is its script, that of a Python program the program.
        """
        return written_by(self.steps)

    @cached_property
    def code(self) -> tuple[str, ...]:
        """Programs in the command itself: of `python -c`, `node -e`, `python - <<EOF`."""
        return inline_code(self.steps) if self._program is None else (self._program,)

    @property
    def looks_only(self) -> bool:
        """Whether no step does more than look: then the output is somebody's data, not word of what happened here."""
        return bool(self.steps) and all(kind == "view" for kind in self.kinds)


_EVALUATES = re.compile(
    r"\b(?:trainer\.evaluate|evaluate\.load|classification_report|f1_score|accuracy_score|cross_val_score)\b"
)
_PIPEFAIL = re.compile(r"-\w*o pipefail\b|-\w*eo pipefail\b|pipefail")


def _masked(steps: Sequence[Step], main: int) -> str | None:
    """What stands after a step and decides the exit code in its place."""
    strict, piped = _settings(steps[:main])
    at = main + 1
    hiding: str | None = None
    while at < len(steps) and steps[at].operator == "|":
        hiding = None if piped else f"| {steps[at].name}"
        at += 1
    if at == len(steps) or hiding is not None:
        return hiding
    for step in steps[at:]:
        if step.operator == "&":
            return "&"
        if step.operator == "||":
            return f"|| {step.name}" if step.name not in ("exit", "return", "false") else None
        if step.operator == ";" and not strict:
            # `; exit $?` and the like hand the code on.
            return f"; {step.name}" if step.name not in ("exit", "return") else None
    return None


def _settings(steps: Sequence[Step]) -> tuple[bool, bool]:
    """Whether the steps set the shell to stop at a failure, and to mind failures in a pipe."""
    options = [" ".join(step.words[1:]) for step in steps if step.name == "set"]
    strict = any(re.search(r"(?:^| )-\w*e", option) for option in options)
    return strict, any(_PIPEFAIL.search(option) for option in options)


def read_commands(events: Sequence[Event]) -> tuple[Command | None, ...]:
    """One entry per event: the command of a shell call, None for any other event.

    A call that only waits for or feeds what another call started is none either: see `polls`. Equal commands are one
    object, which is read once.
    """
    known: dict[Command, Command] = {}
    found = [_read(event.call) if event.call is not None else None for event in events]
    return tuple([command and known.setdefault(command, command) for command in found])


def _read(call: ToolCall) -> Command | None:
    if call.category != "shell" or call.name.lower() in _POLLING:
        return None
    values = call.input
    if isinstance(values, Mapping) and not (values.get("command") or values.get("cmd")):
        program = next((said for key in ("script", "code") if isinstance(said := values.get(key), str) and said), None)
        operation = values.get("operation")
        if isinstance(operation, str) and operation:
            return _job(operation, program)
        if program is not None:
            return Command(program, program)
    text = command_of(call)
    return Command(text) if text else None


def _job(operation: str, program: str | None) -> Command:
    """A call of ml-intern's `hf_jobs`, as the command line that does the same; a script may be a path or a program."""
    if program is None or "\n" not in program:
        return Command(f"hf jobs {operation} {program or ''}".strip())
    return Command(f"hf jobs {operation}", program)


_POLLING = frozenset(
    (
        "write_stdin",
        "bashoutput",
        "bash_output",
        "killshell",
        "killbash",
        "taskoutput",
        "taskstop",
        "process",
        "monitor",
    )
)
"""Shell tools that speak to a process that is running already."""

_SESSION = re.compile(
    r"(?:Process running with session ID|running in background with ID:|background task(?: ID)?:?|shell ID:?)"
    r"\s*([\w-]+)"
)
_SESSION_KEYS = ("session_id", "bash_id", "shell_id", "task_id", "sessionId")


def polls(events: Sequence[Event]) -> dict[int, int]:
    """For each call that waits for or feeds a running process: the index of the call that started it."""
    started: dict[str, int] = {}
    found: dict[int, int] = {}
    for index, event in enumerate(events):
        call = event.call
        if call is None or call.category != "shell":
            continue
        if call.name.lower() in _POLLING:
            values = call.input if isinstance(call.input, Mapping) else {}
            session = next((values[key] for key in _SESSION_KEYS if values.get(key)), None)
            if str(session) in started:
                found[index] = started[str(session)]
        elif call.result is not None:
            head = call.result.text[:_HEAD]
            said = _SESSION.search(head) if "session ID" in head or "ackground" in head or "ell ID" in head else None
            if said is not None:
                started[said[1]] = index
    return found


_HEAD = 400
"""Characters of a result within which the harness names the session of what still runs."""
