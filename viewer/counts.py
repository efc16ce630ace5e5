"""How many of everything a run has: events by kind, calls by tool and category, results by verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

from viewer.annotations.contract import Annotated
from viewer.columns import turns


def counts(annotated: Annotated) -> dict[str, Any]:
    """As JSON for the head of the run page. `flagged` is None where the harness says nothing of errors."""
    run, failures = annotated.run, annotated.judged.failures
    calls = [event.call for event in run.events if event.call is not None]
    tools = Counter(call.name for call in calls)
    category_of = {call.name: call.category for call in calls}
    verdicts = Counter(failure.verdict for failure in failures if failure is not None)
    flagged, inferred = error_counts(annotated)
    return {
        "records": run.records,
        "events": len(run.events),
        "turns": turns(run.events)[-1] + 1 if run.events else 0,
        "calls": len(calls),
        "tools": [
            {"name": name, "count": number, "category": category_of[name]} for name, number in tools.most_common()
        ],
        "kinds": dict(Counter(event.kind for event in run.events)),
        "categories": dict(Counter(call.category for call in calls)),
        "verdicts": dict(verdicts) | {"unanswered": len(calls) - verdicts.total()},
        "flagged": flagged,
        "inferred": inferred,
        "flagsErrors": run.flags_errors,
    }


def error_counts(annotated: Annotated) -> tuple[int | None, int]:
    """Errors that the harness flagged and errors inferred. The first is unknown where the harness writes no flag."""
    errors = Counter(
        failure.evidence for failure in annotated.judged.failures if failure is not None and failure.is_error
    )
    flagged = errors["flagged"]
    return (flagged if annotated.run.flags_errors or flagged else None), errors["inferred"]
