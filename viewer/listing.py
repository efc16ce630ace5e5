"""A source's files as the rows of the run list: one row per run, subagents and copies under their main run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from viewer.provenance import Claims
from viewer.scan import FileRow, Scan
from viewer.summary import RunSummary


def listing_rows(scan: Scan, metrics: Sequence[str] = ()) -> dict[str, Any]:
    """The listing as JSON: `rows` newest first, how many files are still unread, how many a limit left out.

    A row has the metrics asked for, and `ribbon`: a letter for each of `CELLS` equal parts of the run.

    A row's `hidden` says why the list does not show it by default: "subagent" (its run is in the list, or its place
    says that it will be), "copy" (a longer upload of the same session is in the list), "warm-up".
    """
    files = scan.rows()
    claims = scan.claims if scan.source.kind == "hub" else scan.claimed()  # a card on the Hub is not waited for
    rows = [row for file in files for row in _file_rows(file, claims, metrics)]
    _mark_hidden(rows, complete=all(file.summary is not None for file in files))
    for row in rows:
        if row["state"] == "ready":
            row["subagents"] = len(row["subagents"])
    pending = sum(1 for file in files if file.summary is None)
    return {
        "link": scan.source.link,
        "page": scan.source.page,
        "kind": scan.source.kind,
        "stale": scan.source.stale,
        "label": scan.source.label,
        "place": scan.source.place if scan.source.kind == "local" else "",
        "rows": rows,
        "files": len(files),
        "pending": pending,
        "reading": scan.reading,
        "settled": pending == 0 and claims is not None,
        "failed": sum(1 for file in files if file.summary is not None and file.summary.again),
        "leftOut": scan.left_out,
        "notes": list(scan.notes),
    }


def _file_rows(row: FileRow, claims: Claims | None, metrics: Sequence[str]) -> list[dict[str, Any]]:
    base: dict[str, Any] = {
        "path": row.file.path,
        "part": "",
        "size": row.file.size,
        "modified": row.file.modified,
        "hidden": None,
    }
    if row.summary is None:
        return [{**base, "state": "pending"}]
    if row.summary.error is not None:
        return [{**base, "state": "error", "error": row.summary.error}]
    return [
        {**base, "part": run.part, "state": "ready", **_facts(run, metrics)}
        | (claims.shown(row.file.path, run) if claims is not None else {})
        for run in row.summary.runs
    ]


def _facts(run: RunSummary, metrics: Sequence[str]) -> dict[str, Any]:
    return {
        "id": run.id,
        "format": run.format,
        "title": run.title or run.prompt,
        "harness": run.harness,
        "version": run.harness_version,
        "models": run.models,
        "cwd": run.cwd,
        "started": run.started,
        "duration": run.ended - run.started if run.ended is not None and run.started is not None else None,
        "events": run.events,
        "calls": run.tool_calls,
        "flagged": run.flagged,
        "inferred": run.inferred,
        "tokens": run.tokens,
        "output": run.output_tokens,
        "cost": run.cost_usd,
        "problems": run.problems,
        "subagents": set(run.subagents),
        "agent": run.agent_id,
        "parent": run.parent,
        "warmup": run.warmup,
        "partial": run.partial,
        "metrics": {name: run.metrics.get(name) for name in metrics},
        "ribbon": run.cells if run.ribbon is not None else None,
    }


def _mark_hidden(rows: list[dict[str, Any]], complete: bool) -> None:
    mains: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["state"] != "ready" or row["agent"] is not None:
            continue
        key = (row["format"], row["id"])
        longest = mains.get(key)
        if longest is None or (row["events"] or 0) > (longest["events"] or 0):
            if longest is not None:
                longest["hidden"] = "copy"
            mains[key] = row
        else:
            row["hidden"] = "copy"
    for row in rows:
        if row["state"] == "pending" and not complete and _looks_like_subagent(row["path"]):
            row["hidden"] = "subagent"
        elif row["state"] == "ready" and row["agent"] is not None:
            parent = mains.get((row["format"], row["parent"]))
            if row["warmup"]:
                row["hidden"] = "warm-up"
            elif parent is not None:
                row["hidden"] = "subagent"
                parent["subagents"].add(row["agent"])


def _looks_like_subagent(path: str) -> bool:
    """A guess until the file has been read, so that rows do not jump in and out of the list."""
    where = PurePosixPath(path)
    return where.name.startswith("agent-") or "subagents" in where.parts
