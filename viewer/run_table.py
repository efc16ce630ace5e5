"""The list of runs as a table to take away: one row per run with its metrics, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from viewer.listing import listing_rows
from viewer.metrics import METRICS
from viewer.scan import Scan
from viewer.spreadsheet import plain_cell

FACTS = (
    "path",
    "part",
    "id",
    "title",
    "harness",
    "version",
    "models",
    "started",
    "subagents",
    "hidden",
    "partial",
    "problems",
)
"""What a row says beside the metrics; `hidden` why the list does not show it, `partial` that not all of it was read."""

WITH_SUBAGENTS = {"events_with_subagents": "events", "calls_with_subagents": "calls"}
"""Counts as the list shows them, by their column in it: with the subagents in the run's file. Metrics are without."""


def run_table(scan: Scan) -> dict[str, Any]:
    """As JSON: every run that has been read, and what each metric means; None is unknown."""
    listing = listing_rows(scan, [metric.name for metric in METRICS])
    ready = [row for row in listing["rows"] if row["state"] == "ready"]
    return {
        "source": listing["label"],
        "link": listing["link"],
        "files": listing["files"],
        "pending": listing["pending"],
        "metrics": [metric.as_row() for metric in METRICS],
        "runs": [
            {name: row[name] for name in FACTS}
            | {name: row[column] for name, column in WITH_SUBAGENTS.items()}
            | {"metrics": row["metrics"]}
            for row in ready
        ],
    }


def run_csv(scan: Scan) -> str:
    """As CSV with a header of names. Unknown is empty, times are ISO 8601 in UTC, no text is taken for a formula."""
    table = run_table(scan)
    names = [metric["name"] for metric in table["metrics"]]
    out = io.StringIO()
    writer = csv.writer(out)
    columns = (*FACTS, *WITH_SUBAGENTS)
    writer.writerow([*columns, *names])
    for run in table["runs"]:
        facts = {**run, "models": " ".join(run["models"]), "started": _iso(run["started"])}
        writer.writerow(
            [plain_cell(facts[name]) for name in columns] + [plain_cell(run["metrics"].get(name)) for name in names]
        )
    return out.getvalue()


def _iso(time: int | None) -> str | None:
    """A time as text; one that no calendar has stays unknown."""
    try:
        return None if time is None else datetime.fromtimestamp(time / 1000, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None
