"""Shell commands as the rest reads them: the steps of a command line, what runs last, what hides its exit code.

This is the one reader of shell text in the project: the error layer, the annotators, the probes and the comparison use
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.brief import command_of
from viewer.model import Event


@dataclass(frozen=True, slots=True)
class Command:
    """The command of one shell call. `text` is the whole of it."""

    text: str


def read_commands(events: Sequence[Event]) -> tuple[Command | None, ...]:
    """One entry per event: the command of a shell call, None for any other event."""
    return tuple(
        Command(command_of(event.call)) if event.call is not None and event.call.category == "shell" else None
        for event in events
    )
