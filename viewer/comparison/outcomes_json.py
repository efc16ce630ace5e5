"""The outcomes of compared runs for the page: each with its interval, where it came from, and who contradicts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from viewer.comparison.markup import safe_link
from viewer.outcomes import Outcome, RunOutcomes, known_metric
from viewer.uncertainty import CellStatistics, cell_statistics, interval_of, spread_of


def metrics_of(outcomes: Sequence[RunOutcomes]) -> list[tuple[str, int]]:
    """The metrics that runs have an outcome in, those of most runs first, with how many."""
    counts = Counter(metric for run in outcomes for metric in run.metrics)
    first = list(dict.fromkeys(metric for run in outcomes for metric in run.metrics))
    return sorted(counts.items(), key=lambda entry: (-entry[1], first.index(entry[0])))


def run_outcomes(run: RunOutcomes) -> dict[str, Any]:
    """By metric: the outcome that is shown, who agrees, who says another number, and the sentence of that."""
    return {
        metric: {
            "best": outcome_json(best),
            "agreeing": list(map(outcome_json, run.agreeing(metric))),
            "disagreeing": list(map(outcome_json, run.disagreeing(metric))),
            "disagreement": run.disagreement(metric),
        }
        for metric in run.metrics
        if (best := run.best(metric)) is not None
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One number, as the page shows it."""
    around = interval_of(outcome)
    source = outcome.source
    return {
        "metric": outcome.metric,
        "label": known_metric(outcome.metric).label,
        "value": outcome.value,
        "shown": outcome.shown,
        "n": outcome.n,
        "prevalence": outcome.prevalence,
        "split": outcome.split,
        "dataset": outcome.dataset,
        "note": outcome.note,
        "source": {
            "kind": source.kind,
            "label": source.label,
            "link": safe_link(source.link) or "",
            "quote": source.quote,
            "event": source.event,
        },
        "interval": None
        if around is None
        else {"low": around.low, "high": around.high, "approximate": around.approximate, "method": around.method},
    }


def cell_json(values: Sequence[float]) -> dict[str, Any] | None:
    """The statistics of a cell; None below three runs."""
    found: CellStatistics | None = cell_statistics(values)
    return None if found is None else {"median": found.median, "low": found.low, "high": found.high}


def spread_json(outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """How far runs lie apart, in the sentence under the panel; None without an outcome."""
    found = spread_of(outcomes)
    if found is None:
        return None
    intervals = [around for outcome in outcomes if (around := interval_of(outcome)) is not None]
    ends = [end for around in intervals for end in (around.low, around.high)]
    return {
        "sentence": found.sentence,
        "tie": found.tie,
        "chance": found.chance,
        "chanceSentence": _chance(found.chance, found.runs, found.high - found.low),
        "approximate": found.approximate,
        "halfWidth": max((around.half_width for around in intervals), default=None),
        "axis": [min([found.low, *ends]), max([found.high, *ends])],
    }


def _chance(chance: float | None, runs: int, spread: float) -> str:
    if chance is None or spread <= 0:
        return ""
    percent = f"{chance:.0%}" if chance >= 0.01 else "less than 1%"
    return f"{runs} equally good models would lie that far apart {percent} of the time, by their test cases alone."
