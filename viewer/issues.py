"""What matters in a run, ranked: one sentence each, with the evidence quoted and the events that it speaks of.

An issue is an annotation that a reader should know of, or the errors of one class that no annotation explains; what
else was noticed follows as notes. The order is a table, not a judgement of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import groupby
from typing import Any, NamedTuple

from viewer.annotations.contract import Annotated, Annotation, Confidence, Evidence, Severity
from viewer.brief import one_line
from viewer.plural import counted
from viewer.trail import Trail

MOST_EVENTS = 200
"""Events linked from one issue at most; `count` says how many there are."""

MOST_OF_KIND = 30
"""Entries of a kind at most; more are gathered into one, as nobody reads a hundred."""

QUOTE_LENGTH = 300

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class Kind(NamedTuple):
    """How issues of a kind are named and ranked.

    `weight` 0 makes them notes. `gathered`: all of a run are one entry, the first of them quoted. `errors`: they say
    little beyond what failed, and are left out where an issue of more weight tells every one of these failures.
    """

    kind: str
    label: str
    weight: int
    gathered: bool = False
    errors: bool = True


KINDS: tuple[Kind, ...] = (
    Kind("drift", "interface drift", 96, errors=False),
    Kind("loop", "edit–run–fail loop", 90, errors=False),
    Kind("environment", "environment", 70, errors=False),
    Kind("blind_retry", "blind retry", 64),
    Kind("wrong_guess", "wrong guess", 60),
    Kind("job_cancelled", "cancelled job", 58, gathered=True, errors=False),
    Kind("episode", "failure", 50),
    Kind("errors", "error", 46),
    Kind("eval_method", "evaluation method", 56, errors=False),
    Kind("unverified_claim", "no check seen", 52, errors=False),
    Kind("api_error", "API error", 44, gathered=True, errors=False),
    Kind("hook_block", "hook block", 42, gathered=True, errors=False),
    Kind("hooks_skipped", "skip of hooks", 42, gathered=True, errors=False),
    Kind("denied", "refusal", 40, gathered=True, errors=False),
    Kind("plan_sent_back", "plan sent back", 36, gathered=True, errors=False),
    Kind("interrupted", "interruption", 34, gathered=True, errors=False),
    Kind("passing", "passing failures", 20, errors=False),
    Kind("reported_metrics", "reported score", 0, errors=False),
    Kind("checks", "checks", 0, errors=False),
    Kind("first_edit", "first edit", 0, errors=False),
    Kind("gap", "idle gap", 0, gathered=True, errors=False),
    Kind("compaction", "compaction", 0, gathered=True, errors=False),
    Kind("reread", "repeated read", 0, gathered=True, errors=False),
    Kind("shell_writes", "written through the shell", 0, errors=False),
)
"""Every kind of annotation, and `errors` of our own. A kind that is missing here is ranked by its severity."""

_BY_KIND = {kind.kind: kind for kind in KINDS}
_BY_SEVERITY: dict[Severity, int] = {"error": 50, "warning": 40, "note": 0}
_MORE: dict[Severity, int] = {"error": 10, "warning": 0, "note": -4}


DOUBTFUL_METHODS = frozenset({"random split", "best checkpoint chosen on the reported set"})
"""Ways of evaluating that may flatter the score; that others were used is worth a note."""

SOON = 5
"""Calls within which a single failure that went through again is a passing one."""


class Issue(NamedTuple):
    """One thing that matters. `events` are indices, the first is where to look; of weight 0, it is a note."""

    kind: str
    label: str
    message: str
    quote: str
    evidence: Evidence
    severity: Severity
    confidence: Confidence
    events: tuple[int, ...]
    weight: int


def issues(annotated: Annotated) -> list[Issue]:
    """The issues of a run and then its notes, what matters most first."""
    trail = Trail(annotated)
    told: set[int] = set()
    kept: list[Issue] = []
    for issue in sorted(_annotated(annotated), key=_order):
        failures = set(filter(annotated.judged.failed, issue.events))
        if issue.weight and failures and failures <= told and _kind(issue.kind, issue.severity).errors:
            continue
        if issue.weight and issue.confidence != "C":
            told |= failures
        kept.append(issue)
    passing: list[Issue] = []
    found, kept = sorted([*kept, *_unexplained(annotated, trail, told)], key=_order), []
    errors = 0
    for issue in found:
        errors += issue.kind == "errors"
        passes = _passes(annotated, trail, issue) or (issue.kind == "errors" and errors > MOST_OF_KIND)
        (passing if passes else kept).append(issue)
    if passing:
        at = next((at for at, issue in enumerate(kept) if issue.weight == 0 or issue.confidence == "C"), len(kept))
        kept.insert(at, _together(annotated, trail, passing))
    return kept


def _order(issue: Issue) -> tuple[bool, int, int]:
    return issue.confidence == "C", -issue.weight, issue.events[0]


def _passes(annotated: Annotated, trail: Trail, issue: Issue) -> bool:
    """Whether this is a single failure that went through soon, or of which nothing else is to be said."""
    if issue.kind not in ("episode", "errors") or sum(map(annotated.judged.failed, issue.events)) > 1:
        return False
    first = issue.events[0]
    last = issue.events[-1] if issue.kind == "episode" else trail.next_success(first)
    if last is None or last == first:
        return issue.kind == "errors" and trail.names[first] is None
    between = annotated.run.events[first : min(last, first + 10 * SOON)]
    return last - first < 10 * SOON and sum(event.call is not None for event in between) <= SOON


def _together(annotated: Annotated, trail: Trail, passing: Sequence[Issue]) -> Issue:
    """Passing failures as one entry: each alone is noise, together they are a habit."""
    if len(passing) == 1:
        return passing[0]._replace(weight=_BY_KIND["passing"].weight)
    events = tuple(sorted(issue.events[0] for issue in passing))
    names = list(dict.fromkeys(trail.doing(at) for at in events))
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    message = f"{len(events)} calls failed in passing: {', '.join(f'`{name}`' for name in names[:6])}{more}"
    flagged = any((found := annotated.judged.failures[at]) and found.evidence == "flagged" for at in events)
    kind = _BY_KIND["passing"]
    evidence: Evidence = "flagged" if flagged else "inferred"
    return Issue(kind.kind, kind.label, message, "", evidence, "note", "A", events, kind.weight)


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
            "note": issue.weight == 0,
            "count": len(issue.events),
            "events": [(at, events[at].address) for at in issue.events[:MOST_EVENTS]],
        }
        for issue in issues(annotated)
    ]


def _kind(name: str, severity: Severity) -> Kind:
    return _BY_KIND.get(name) or Kind(name, name.replace("_", " "), _BY_SEVERITY[severity], gathered=True, errors=False)


def _annotated(annotated: Annotated) -> Iterator[Issue]:
    for name, group in groupby(sorted(annotated.annotations, key=lambda one: one.kind), key=lambda one: one.kind):
        same = list(group)
        kind = _kind(name, _worst(same))
        if (kind.gathered and len(same) > 1) or len(same) > MOST_OF_KIND:
            yield _gathered(kind, same)
        else:
            yield from (_issue(kind, one) for one in same)


def weight_of(one: Annotation) -> int:
    """How much an annotation matters; 0 is a note."""
    if one.kind == "eval_method" and one.facts.get("method") not in DOUBTFUL_METHODS:
        return 0
    weight = _kind(one.kind, one.severity).weight
    return weight and weight + min(12, 2 * len(one.events)) + _MORE[one.severity]


def _issue(kind: Kind, one: Annotation) -> Issue:
    about = (kind.kind, kind.label, one.message, one.quote, one.evidence, one.severity, one.confidence)
    return Issue(*about, one.events, weight_of(one))


def _gathered(kind: Kind, same: Sequence[Annotation]) -> Issue:
    size = ("milliseconds", "reads", "calls")
    worst = min(
        same,
        key=lambda one: (_SEVERITIES.index(one.severity), *(-(one.facts.get(name) or 0) for name in size)),
    )
    message = f"{worst.message}; {counted(len(same) - 1, 'more such event')}"
    rest = tuple(one.events[0] for one in same if one is not worst)
    return _issue(kind, worst)._replace(message=message, events=tuple(dict.fromkeys((worst.events[0], *rest))))


def _worst(same: Sequence[Annotation]) -> Severity:
    return min((one.severity for one in same), key=_SEVERITIES.index)


def _unexplained(annotated: Annotated, trail: Trail, told: Set[int]) -> Iterator[Issue]:
    """The errors of which nothing is told yet, by class; those without one by the command or tool that failed."""
    failed: dict[str, list[int]] = {}
    for at, failure in enumerate(annotated.judged.failures):
        if failure is not None and failure.is_error and at not in told:
            failed.setdefault(failure.error_class or f"\0{trail.doing(at)}", []).append(at)
    for name, events in failed.items():
        yield _errors(annotated, trail, name, tuple(events))


def _errors(annotated: Annotated, trail: Trail, name: str, events: tuple[int, ...]) -> Issue:
    failures = [failure for at in events if (failure := annotated.judged.failures[at]) is not None]
    doing = trail.doing(events[-1])
    everywhere = all(trail.doing(at) == doing for at in events)
    times = "" if len(events) == 1 else f", {counted(len(events), 'time')}"
    if name.startswith("\0"):
        what = f"`{doing}` failed{times}"
    else:
        what = f"`{name}`{times}" + (f" in `{doing}`" if doing and everywhere else "")
    success = trail.next_success(events[-1])
    end = _end(trail, events[-1], success)
    evidence: Evidence = "flagged" if any(failure.evidence == "flagged" for failure in failures) else "inferred"
    kind = _BY_KIND["errors"]
    weight = kind.weight + min(12, 2 * len(events)) + (0 if success is None else -4)
    quote = next((failure.quote for failure in failures if failure.quote), "")
    return Issue(kind.kind, kind.label, f"{what}{end}", quote, evidence, "error", "A", events, weight)


def _end(trail: Trail, last: int, success: int | None) -> str:
    if success is not None:
        return f"; went through {counted(success - last, 'event')} later"
    return "" if trail.names[last] is None else "; not seen to go through again"
