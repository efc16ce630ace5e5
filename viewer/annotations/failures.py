"""The error layer: what each tool result says of success or failure."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.annotations.contract import Failure, Verdict
from viewer.commands import Command
from viewer.model import Run, Status

_STATED: dict[Status, Verdict] = {
    "ok": "ok",
    "error": "error",
    "rejected": "denied",
    "interrupted": "aborted",
    "unknown": "unknown",
}


def judge(run: Run, commands: Sequence[Command | None]) -> tuple[Failure | None, ...]:
    """One entry per event: the word on its tool result, None where there is none."""
    return tuple(
        Failure(_STATED[event.call.result.status], "flagged")
        if event.call is not None and event.call.result is not None
        else None
        for event in run.events
    )
