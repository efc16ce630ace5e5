"""A comparison as text to take away: a CSV with a row per run, and `comparison.yaml` with what a reader typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from viewer.comparison.page import Comparison
from viewer.comparison_file import ComparedRun as FileRun
from viewer.comparison_file import ComparisonFile, described, with_runs, write_comparison
from viewer.families import column
from viewer.outcomes import known_metric
from viewer.probes import Probe
from viewer.spreadsheet import plain_cell
from viewer.uncertainty import interval_of


def comparison_csv(found: Comparison) -> str:
    """A row per run: what it is, each outcome with interval and source, every metric. Unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_HEAD, *_outcome_heads(found), *(row.metric.name for row in found.measured)])
    for at, run in enumerate(found.runs):
        facts = (run.key, run.summary.harness, column(run.summary.models, fold=False), run.summary.prompt or "")
        metrics = (row.values[at] for row in found.measured)
        writer.writerow([plain_cell(value) for value in (*facts, *_outcome_cells(found, at), *metrics)])
    return text.getvalue()


_HEAD = ("run", "harness", "model", "prompt")


def _outcome_heads(found: Comparison) -> Iterator[str]:
    for metric, _ in found.metrics:
        yield from (
            metric,
            f"{metric}_low",
            f"{metric}_high",
            f"{metric}_n",
            f"{metric}_source",
            f"{metric}_disagreeing",
        )


def _outcome_cells(found: Comparison, at: int) -> Iterator[Any]:
    for metric, _ in found.metrics:
        best = found.outcomes[at].best(metric)
        if best is None:
            yield from ("",) * 6
            continue
        around = interval_of(best)
        others = found.outcomes[at].disagreeing(metric)
        yield from (best.value, *((around.low, around.high) if around else ("", "")), best.n, best.source.label)
        yield "; ".join(f"{other.shown} ({other.source.label})" for other in others)


def comparison_yaml(found: Comparison, files: Sequence[ComparisonFile], probes: Sequence[Probe]) -> str:
    """`comparison.yaml` of these runs: what their files say, with what was typed and found elsewhere.

    Runs of an earlier file that are not compared here stay in it.
    """
    before = files[0] if len(files) == 1 else None
    runs = []
    for run, outcomes in zip(found.runs, found.outcomes, strict=True):
        known = before.run(run.file.path, run.summary.part) if before is not None else None
        models = column(run.summary.models, fold=False) if run.summary.models else ""
        entry = known or FileRun(run.file.path, run.summary.part, run.summary.harness, models)
        runs.append(described(entry, outcomes))
    return write_comparison(
        ComparisonFile(
            title=found.title,
            task=found.task.prompt or (before.task if before is not None else ""),
            metric=known_metric(found.metric).name if found.metric else "",
            runs=with_runs(before.runs if before is not None else (), runs),
            probes=tuple(probes),
            eval_data=before.eval_data if before is not None else None,
        )
    )
