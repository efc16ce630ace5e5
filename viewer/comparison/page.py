"""The compare page as JSON: tasks, runs, panel, the sentence under it, ribbons, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from viewer.comparison.columns import Measured, Spread, measured, spread
from viewer.comparison.markup import safe_link
from viewer.comparison.outcomes_json import cell_json, metrics_of, run_outcomes, spread_json
from viewer.comparison.panel import Panel, can_fold, panel
from viewer.comparison.selection import ComparedRun, Selection
from viewer.comparison.tasks import EVERY, Task, chosen_task, tasks_of
from viewer.families import column
from viewer.outcomes import Outcome, RunOutcomes, known_metric
from viewer.plural import counted
from viewer.sources.demo import DEMO_ID, DEMO_NOTE


@dataclass(frozen=True, slots=True)
class View:
    """How a reader looks at a comparison; empty text is the default."""

    fold: bool = True
    task: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A selection at one task, laid out. `outcomes` has one entry per run of `runs`."""

    title: str
    selection: Selection
    tasks: tuple[Task, ...]
    task: Task
    runs: tuple[ComparedRun, ...]
    outcomes: tuple[RunOutcomes, ...]
    panel: Panel
    foldable: bool
    metric: str
    """The metric of the panel; empty where no run has an outcome."""
    metrics: tuple[tuple[str, int], ...]
    """Metrics that runs have an outcome in, with how many."""
    measured: tuple[Measured, ...]

    @property
    def best(self) -> tuple[Outcome | None, ...]:
        """The outcome of each run in the panel's metric."""
        return tuple(run.best(self.metric) if self.metric else None for run in self.outcomes)


def compare(selection: Selection, outcomes: Sequence[RunOutcomes], view: View, title: str = "") -> Comparison:
    """Lay a selection out. `outcomes` has one entry per run of the selection."""
    tasks = tasks_of(selection.runs)
    task = chosen_task(tasks, view.task)
    runs = tuple(selection.runs[at] for at in task.runs)
    of_runs = tuple(outcomes[at] for at in task.runs)
    indices = range(len(runs))
    metrics = metrics_of(of_runs)
    named = [metric for metric, _ in metrics]
    return Comparison(
        title or _title(selection, task),
        selection,
        tasks,
        task,
        runs,
        of_runs,
        panel(runs, indices, fold=view.fold),
        can_fold(runs, indices),
        view.metric if view.metric in named else next(iter(named), ""),
        tuple(metrics),
        measured([dict(run.summary.metrics) for run in runs]),
    )


def comparison_json(found: Comparison) -> dict[str, Any]:
    """All that the page draws before a reader asks for more."""
    selection = found.selection
    return {
        "title": found.title,
        "facts": facts(found),
        "notes": notes(found),
        "pending": selection.pending,
        "missing": list(selection.missing),
        "pinned": selection.pinned,
        "tasks": [{"id": task.id, "prompt": task.prompt, "runs": len(task.runs)} for task in found.tasks],
        "task": found.task.id,
        "runs": [
            _run_json(run, of_run, name)
            for run, of_run, name in zip(found.runs, found.outcomes, names_of(found.runs), strict=True)
        ],
        "panel": _panel_json(found),
        "columns": [_measured_json(found, row) for row in found.measured],
        "compared": compared(found),
    }


def facts(found: Comparison) -> str:
    """`4 runs · 3 harnesses × 2 models · owner/name @ 4a8ac15`."""
    grid = found.panel
    places = [f"{label} @ {rev[:7]}" if rev else label for label, rev in found.selection.sources]
    shown = places if len(places) < 4 else [*places[:3], f"{len(places) - 3} more"]
    size = f"{counted(len(grid.rows), 'harness', 'harnesses')} × {counted(len(grid.columns), 'model')}"
    return " · ".join((counted(len(found.runs), "run"), size, *shown))


def notes(found: Comparison) -> list[str]:
    """What a reader must know of how these runs came together."""
    selection, said = found.selection, []
    if any(run.source == DEMO_ID for run in found.runs):
        said.append(f"{DEMO_NOTE}.")
    if len(found.tasks) > 1:
        prompts = f"{len(found.tasks)} different prompts in {counted(len(selection.runs), 'run')}"
        shown = (
            "all are shown together: their outcomes are of different tasks"
            if found.task.id == EVERY
            else f"shown are the {counted(len(found.runs), 'run')} of one"
        )
        said.append(f"{prompts}; {shown}.")
    partial = sum(run.summary.partial for run in found.runs)
    if partial:
        said.append(f"Of {counted(partial, 'large run')} only the head was read: what needs all of it is unknown.")
    if selection.left_out:
        said.append(f"{counted(selection.left_out, 'file or run', 'files or runs')} left out by a limit.")
    if selection.unreadable:
        said.append(f"{counted(selection.unreadable, 'file')} could not be read as a trace.")
    if selection.missing:
        count, names = len(selection.missing), _listed(selection.missing)
        said.append(f"{counted(count, 'run')} of this link {'is' if count == 1 else 'are'} not there: {names}.")
    return said


def compared(found: Comparison) -> str:
    """How many columns were compared over how few runs, as some always differ."""
    known = sum(any(value is not None for value in row.values) for row in found.measured)
    return (
        f"{counted(known, 'column')} compared over {counted(len(found.runs), 'run')}. "
        "Of so many some differ by chance: a gesture, not a measurement."
    )


def name_of(run: ComparedRun) -> str:
    """`Claude Code · Claude Opus 4.7`."""
    return f"{run.summary.harness} · {column(run.summary.models, fold=False)}"


def names_of(runs: Sequence[ComparedRun]) -> list[str]:
    """The names of runs, with a number where several have the same."""
    names = [name_of(run) for run in runs]
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(f"{name} #{seen[name]}" if names.count(name) > 1 else name)
    return numbered


def _title(selection: Selection, task: Task) -> str:
    labels = dict.fromkeys(label for label, _ in selection.sources)
    if len(labels) == 1:
        return next(iter(labels))
    return task.prompt[:80] if task.prompt else f"Comparison of {counted(len(selection.runs), 'run')}"


def _run_json(run: ComparedRun, outcomes: RunOutcomes, name: str) -> dict[str, Any]:
    summary = run.summary
    return {
        "key": run.key,
        "link": run.link,
        "source": run.label,
        "name": name,
        "title": summary.title or summary.prompt or run.file.path,
        "harness": run.summary.harness,
        "version": summary.harness_version,
        "models": list(run.summary.models),
        "model": column(run.summary.models, fold=False),
        "knownFrom": run.known_from,
        "events": summary.events,
        "started": summary.started,
        "duration": summary.ended - summary.started if summary.ended and summary.started else None,
        "tokens": summary.tokens,
        "partial": summary.partial,
        "ribbon": summary.ribbon,
        "outcomes": run_outcomes(outcomes),
    }


def _panel_json(found: Comparison) -> dict[str, Any]:
    grid, best = found.panel, found.best
    known = [outcome for outcome in best if outcome is not None]
    return {
        "metric": found.metric,
        "label": known_metric(found.metric).label if found.metric else "",
        "metrics": [
            {"name": metric, "label": known_metric(metric).label, "runs": count} for metric, count in found.metrics
        ],
        "rows": list(grid.rows),
        "columns": [{"label": one.label, "versions": list(one.versions), "folded": one.folded} for one in grid.columns],
        "cells": [
            {
                "row": cell.row,
                "column": cell.column,
                "runs": list(cell.runs),
                "statistics": cell_json([one.value for at in cell.runs if (one := best[at]) is not None]),
            }
            for cell in grid.cells
        ],
        "foldable": found.foldable,
        "folded": any(one.folded for one in grid.columns),
        "spread": spread_json(known),
        "known": len(known),
        "sources": _sources(found),
    }


def _sources(found: Comparison) -> list[dict[str, str]]:
    """Each source of the panel's numbers once."""
    sources = [outcome.source for outcome in found.best if outcome is not None]
    return [
        {"label": label, "link": safe_link(link) or ""}
        for label, link in dict.fromkeys((source.label, source.link) for source in sources)
    ]


def _measured_json(found: Comparison, row: Measured) -> dict[str, Any]:
    return {
        **row.metric.as_row(),
        "values": list(row.values),
        "difference": round(row.difference, 3),
        "shown": row.shown,
        "cells": [_spread_json(spread([row.values[at] for at in cell.runs])) for cell in found.panel.cells],
    }


def _spread_json(found: Spread) -> dict[str, Any]:
    return {
        "known": found.known,
        "low": found.low,
        "high": found.high,
        "middle": found.middle,
        "interval": list(found.interval) if found.interval is not None else None,
    }


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
