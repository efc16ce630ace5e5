"""What matters in a run, ranked: one sentence each, with the evidence quoted and the events that it speaks of.

An issue is an annotation that a reader should know of, several of one kind that say the same, or the errors of one
class that no annotation explains. The order is a table, not a judgement of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from viewer.annotations.contract import Annotated, Annotation, Confidence, Evidence, Failure, Severity
from viewer.brief import one_line
from viewer.plural import counted

MOST_EVENTS = 200
"""Events linked from one issue at most; `count` says how many there are."""

QUOTE_LENGTH = 240


class Kind(NamedTuple):
    """How issues of a kind are named and ranked. `gathered`: all of a run are one issue, the first of them quoted."""

    kind: str
    label: str
    weight: int
    gathered: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("loop", "edit–run–fail loop", 90),
    Kind("drift", "interface drift", 85),
    Kind("blind_retry", "blind retry", 70),
    Kind("episode", "error episode", 60),
    Kind("job_cancelled", "cancelled job", 65),
    Kind("environment", "environment", 55),
    Kind("api_error", "API error", 45),
    Kind("denied", "denied", 40),
    Kind("interrupted", "interrupted", 35),
)
"""The kinds of annotations that are issues; others of severity error or warning are too, below these."""

UNKNOWN_KIND = {"error": 50, "warning": 30, "note": 0}
"""Weight of a kind that is not in the table, by severity; with 0 it is no issue."""


class Issue(NamedTuple):
    """One thing that matters. `events` are indices, the first is where to look."""

    kind: str
    label: str
    message: str
    quote: str
    evidence: Evidence
    severity: Severity
    confidence: Confidence
    events: tuple[int, ...]
    weight: float


def issues(annotated: Annotated) -> list[Issue]:
    """The issues of a run, what matters most first."""
    found = [*_annotated(annotated), *_unexplained(annotated)]
    return sorted(found, key=lambda issue: (issue.confidence == "C", -issue.weight, issue.events[0]))


def issues_json(annotated: Annotated) -> list[dict[str, Any]]:
    """The same for the page, events as pairs of index and address."""
    events = annotated.run.events
    return [
        {
            "kind": issue.kind,
            "label": issue.label,
            "message": issue.message,
            "quote": one_line(issue.quote, QUOTE_LENGTH),
            "evidence": issue.evidence,
            "severity": issue.severity,
            "confidence": issue.confidence,
            "count": len(issue.events),
            "events": [(at, events[at].address) for at in issue.events[:MOST_EVENTS]],
        }
        for issue in issues(annotated)
    ]


def _annotated(annotated: Annotated) -> Iterator[Issue]:
    ranked = {kind.kind: kind for kind in KINDS}
    by_kind = sorted(annotated.annotations, key=lambda one: one.kind)
    for name, group in groupby(by_kind, key=lambda one: one.kind):
        same = list(group)
        kind = ranked.get(name) or Kind(name, name.replace("_", " "), UNKNOWN_KIND[_worst(same)], gathered=True)
        if kind.weight == 0:
            continue
        if kind.gathered and len(same) > 1:
            yield _gathered(kind, same)
        else:
            yield from (_issue(kind, one) for one in same)


def _issue(kind: Kind, one: Annotation) -> Issue:
    weight = kind.weight + min(20, 2 * len(one.events)) + {"error": 10, "warning": 0, "note": -20}[one.severity]
    return Issue(
        kind.kind,
        kind.label,
        one.message,
        one.quote,
        one.evidence,
        one.severity,
        one.confidence,
        one.events,
        weight,
    )


def _gathered(kind: Kind, same: Sequence[Annotation]) -> Issue:
    first = _issue(kind, same[0])
    message = f"{counted(len(same), 'time')}: {same[0].message}"
    events = tuple(dict.fromkeys(one.events[0] for one in same))
    return first._replace(message=message, events=events, severity=_worst(same))


def _worst(same: Sequence[Annotation]) -> Severity:
    order: tuple[Severity, ...] = ("error", "warning", "note")
    return min((one.severity for one in same), key=order.index)


def _unexplained(annotated: Annotated) -> Iterator[Issue]:
    """Errors that no annotation speaks of, by class; those without one by the command or tool that failed."""
    spoken = {at for one in annotated.annotations if one.severity != "note" for at in one.events}
    failed: dict[str, list[int]] = {}
    for at, failure in enumerate(annotated.judged.failures):
        if failure is not None and failure.is_error and at not in spoken:
            failed.setdefault(failure.error_class or f"\0{_doing(annotated, at)}", []).append(at)
    for name, events in failed.items():
        failure = annotated.judged.failures[events[0]]
        if failure is not None:
            yield _errors(annotated, name, tuple(events), failure)


def _errors(annotated: Annotated, name: str, events: tuple[int, ...], failure: Failure) -> Issue:
    doing = _doing(annotated, events[-1])
    what = f"`{name}`" if not name.startswith("\0") else f"`{doing}` failed"
    times = "" if len(events) == 1 else f", {counted(len(events), 'time')}"
    where = f" in `{doing}`" if not name.startswith("\0") and doing else ""
    message = f"{what}{times}{where}; {_after(annotated, events[-1])}"
    weight = 40 + min(20, 3 * len(events))
    inferred = all((found := annotated.judged.failures[at]) and found.evidence == "inferred" for at in events)
    evidence: Evidence = "inferred" if inferred else "flagged"
    return Issue("errors", "error", message, failure.quote, evidence, "error", "A", events, weight)


def _doing(annotated: Annotated, at: int) -> str:
    """What failed: the command as it counts, else the tool."""
    command, call = annotated.judged.commands[at], annotated.run.events[at].call
    return (one_line(command.signature, 60) if command is not None else "") or (call.name if call is not None else "")


def next_success(annotated: Annotated, index: int) -> int | None:
    """Where the command or tool that failed here next succeeded, as far as its results tell."""
    doing = _doing(annotated, index)
    for at in range(index + 1, len(annotated.run.events)):
        failure = annotated.judged.failures[at]
        if failure is not None and failure.verdict == "ok" and doing and _doing(annotated, at) == doing:
            return at
    return None


def _after(annotated: Annotated, last: int) -> str:
    success = next_success(annotated, last)
    if success is None:
        return "not seen to succeed again"
    return f"it succeeded {counted(success - last, 'event')} later"
