"""What the detail of one event says of its failure: the class, the matched text, what hid it, and what came of it."""

from __future__ import annotations

from typing import Any

from viewer.annotations.contract import Annotated
from viewer.issues import weight_of
from viewer.trail import Trail

MOST_SAME = 12
"""Other events of the same error class that are named."""

MOST_NOTES = 4

_QUIET = frozenset({"ok", "unknown"})


def failure_json(annotated: Annotated, index: int) -> dict[str, Any] | None:
    """As JSON for the page; None where nothing failed. Events are pairs of index and address.

    `masked` is what hid the exit code, `same` the other events of this error class, `success` where the same next went
    through.
    """
    failure, command = annotated.judged.failures[index], annotated.judged.commands[index]
    if failure is None or failure.verdict in _QUIET:
        return None
    same = [
        at
        for at, other in enumerate(annotated.judged.failures)
        if other is not None and at != index and failure.error_class and other.error_class == failure.error_class
    ]
    success = Trail(annotated).next_success(index) if failure.is_error else None
    return {
        "verdict": failure.verdict,
        "evidence": failure.evidence,
        "errorClass": failure.error_class,
        "quote": failure.quote,
        "masked": command.masked if command is not None else None,
        "same": [_place(annotated, at) for at in same[:MOST_SAME]],
        "sameCount": len(same),
        "success": _place(annotated, success) if success is not None else None,
    }


def notes_json(annotated: Annotated, index: int) -> list[dict[str, Any]]:
    """The annotations that speak of an event, for its detail: those that are issues, what matters most first.

    An episode is left out where a loop tells the same; a mere note is shown where there is nothing else.
    """
    found = sorted((one for one in annotated.annotations if index in one.events), key=lambda one: -weight_of(one))
    issues = [one for one in found if weight_of(one)]
    if any(one.kind == "loop" for one in issues):
        issues = [one for one in issues if one.kind != "episode"]
    return [
        {
            "kind": one.kind,
            "message": one.message,
            "severity": one.severity,
            "confidence": one.confidence,
            "first": _place(annotated, one.events[0]),
            "count": len(one.events),
        }
        for one in (issues or found)[:MOST_NOTES]
    ]


def _place(annotated: Annotated, index: int) -> tuple[int, str]:
    return index, annotated.run.events[index].address
