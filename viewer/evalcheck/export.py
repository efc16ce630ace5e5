"""A check as JSON and as CSV, for downloads, links and the API."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from viewer.evalcheck.result import METRICS, CheckResult
from viewer.spreadsheet import plain_cell

_FIRST = ("kind", "groups", "train", "test", "splits", "prevalence")
_LAST = ("always", "majority", "group_majority", "not_scored", "limits", "dataset", "revision", "seed")


def as_json(result: CheckResult) -> dict[str, Any]:
    """Everything, as plain values."""
    return asdict(result)


def as_csv(result: CheckResult) -> str:
    """A line for each fold: what was split, each score with its interval, the baselines, the limits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    spread = [name for metric in METRICS for name in (metric, f"{metric}_low", f"{metric}_high")]
    writer.writerow([*_FIRST, *spread, *_LAST])
    for fold in result.folds:
        scores = [fold.scores.get(metric) for metric in METRICS]
        numbers = [
            cell for score in scores for cell in ((score.value, score.low, score.high) if score else (None,) * 3)
        ]
        limits = " ".join(fold.limits)
        cells = [fold.kind, " + ".join(fold.groups), fold.train, fold.test, fold.splits, fold.prevalence, *numbers]
        cells += [fold.baselines.get(name) for name in ("always", "majority", "group_majority")]
        cells += [fold.reason, limits, result.source.name, result.source.revision, result.options.seed]
        writer.writerow([plain_cell(cell) for cell in cells])
    return out.getvalue()
