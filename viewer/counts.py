"""How many of everything a run has: events by kind, calls by tool and category, results by status."""

from __future__ import annotations

from collections import Counter
from typing import Any

from viewer.columns import turns
from viewer.model import Run


def counts(run: Run) -> dict[str, Any]:
    """As JSON for the head of the run page. `errors` is None where the harness says nothing of errors."""
    calls = [event.call for event in run.events if event.call is not None]
    statuses = Counter(call.result.status if call.result else "unanswered" for call in calls)
    tools = Counter(call.name for call in calls)
    category_of = {call.name: call.category for call in calls}
    flagged = statuses["error"]
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
        "statuses": dict(statuses),
        "errors": flagged if run.flags_errors or flagged else None,
        "flagsErrors": run.flags_errors,
    }
