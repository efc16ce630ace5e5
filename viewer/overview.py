"""What the head of the run page says: facts and counts, notes, subagents, what the list can filter by."""

from __future__ import annotations

from typing import Any

from viewer.brief import one_line
from viewer.library import ChildRun, OpenRun
from viewer.model import Usage


def overview(
    opened: OpenRun, stale: bool, children: list[ChildRun], parent_path: str | None, parent_call: str | None
) -> dict[str, Any]:
    """As JSON for the page; `None` is unknown. The parent is the run that started this one, and its call.

    `stale` is of its source now: a run is kept open for longer than what its source once said.
    """
    run = opened.run
    timed = opened.timed
    return {
        "source": {
            "link": opened.source.link,
            "label": opened.source.label,
            "kind": opened.source.kind,
            "stale": stale,
            "page": opened.source.page,
        },
        "path": opened.file.path,
        "part": run.part,
        "size": opened.file.size,
        "modified": opened.file.modified,
        "parts": [member.part for member in opened.siblings],
        "id": run.id,
        "format": run.format,
        "harnessVersion": run.harness_version if opened.who.harness[0].value == run.harness else None,
        "title": one_line(run.title, 200) if run.title else None,
        "prompt": one_line(run.prompt, 400) if run.prompt else None,
        **opened.who.as_json(),
        "cwd": run.cwd,
        "branch": run.branch,
        "started": run.started,
        "ended": run.ended if timed else None,
        "duration": run.ended - run.started if timed and run.ended and run.started else None,
        "agentId": run.agent_id,
        "parent": {"path": parent_path, "id": run.parent, "call": parent_call} if parent_path else None,
        "counts": opened.counts,
        "issues": opened.issues,
        "metrics": opened.metrics,
        "crashed": list(opened.annotated.crashed),
        "usage": usage_json(run.usage),
        "notes": opened.notes,
        "unreadable": run.unreadable,
        "problems": [{"record": problem.record, "reason": problem.reason} for problem in run.problems[:50]],
        "children": [_child(child) for child in children],
    }


def usage_json(usage: Usage | None) -> dict[str, Any] | None:
    """Tokens and stated cost for the page; `context` is what the model was given, `total` adds what it wrote."""
    if usage is None:
        return None
    return {
        "input": usage.input,
        "output": usage.output,
        "cacheRead": usage.cache_read,
        "cacheWrite": usage.cache_write,
        "reasoning": usage.reasoning,
        "context": usage.context,
        "total": usage.total,
        "costUsd": usage.cost_usd,
    }


def _child(child: ChildRun) -> dict[str, Any]:
    summary = child.summary
    return {
        "path": child.path,
        "part": child.part,
        "label": summary.title or summary.prompt or summary.agent_id,
        "call": child.call,
        "start": summary.started,
        "end": summary.ended,
        "events": summary.events,
        "calls": summary.tool_calls,
        "flagged": summary.flagged,
        "inferred": summary.inferred,
        "models": list(summary.models),
        "tokens": summary.tokens,
    }
