"""What a list of runs shows of one run: small, storable, computed once per version of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from viewer.annotations import annotate
from viewer.annotations.contract import Annotated
from viewer.brief import one_line
from viewer.counts import error_counts
from viewer.metric import Value
from viewer.metrics import measure
from viewer.model import Run
from viewer.ribbon import cells_of, encode_ribbon
from viewer.trace_claims import claims_of

CELLS = 60
"""Parts that a run's ribbon has in the list."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run in a list. Counts include inline subagents; None is unknown, as everywhere.

    `started` and `ended` are epoch ms; `ended` is None where the run's times are unusable. `flagged` are errors that
    the harness flagged, None where it writes no flag; `inferred` are those that only the text of a result shows.
    `tokens` is input, cache and output together. `subagents` are the agent ids of those inside the run's own file.
    `metrics` (viewer/metrics.py), `ribbon` (viewer/ribbon.py) and `claims` (viewer/trace_claims.py: what it says of its
    outcome) are of the run alone, without its subagents.
    """

    id: str
    part: str
    format: str
    harness: str
    harness_version: str | None
    title: str | None
    prompt: str | None
    models: tuple[str, ...]
    cwd: str | None
    started: int | None
    ended: int | None
    events: int | None
    tool_calls: int | None
    flagged: int | None
    inferred: int | None
    output_tokens: int | None
    tokens: int | None
    cost_usd: float | None
    problems: int
    agent_id: str | None
    parent: str | None
    call: str | None
    subagents: tuple[str, ...]
    warmup: bool
    metrics: dict[str, Value]
    ribbon: dict[str, Any] | None
    claims: dict[str, Any]
    harness_named: bool = False
    cells: str = ""
    """The ribbon as the list shows it, a letter for each of `CELLS` equal parts; a list is asked for every second."""
    partial: bool = False
    """Made from the head and tail of a large file: what needs all of it is unknown until the run is opened."""

    def as_row(self) -> dict[str, Any]:
        """For JSON: storable, and readable back by `summary_from_row`."""
        return asdict(self)


def summary_from_row(row: dict[str, Any]) -> RunSummary:
    """The summary that `as_row` wrote. A row of another version raises TypeError or KeyError: it is then made anew."""
    values = {field.name: row[field.name] for field in fields(RunSummary)}
    values["models"], values["subagents"] = tuple(values["models"]), tuple(values["subagents"])
    return RunSummary(**values)


def partial_summary(run: Run) -> RunSummary:
    """The summary of a run of which only head and tail were read."""
    return replace(
        summarise(run),
        events=None,
        tool_calls=None,
        flagged=None,
        inferred=None,
        output_tokens=None,
        tokens=None,
        cost_usd=None,
        problems=0,
        metrics={},
        ribbon=None,
        cells="",
        partial=True,
    )


def summarise(run: Run, annotated: Annotated | None = None) -> RunSummary:
    """The summary of a run; `annotated` where that is known already."""
    annotated = annotated or annotate(run)
    ribbon = encode_ribbon(annotated)
    family = (run, *run.children)
    errors = [error_counts(member) for member in (annotated, *map(annotate, run.children))]
    flags = [flagged for flagged, _ in errors if flagged is not None]
    events = [event for member in family for event in member.events]
    calls = sum(event.call is not None for event in events)
    usages = [member.usage for member in family if member.usage is not None]
    costs = [usage.cost_usd for usage in usages if usage.cost_usd is not None]
    timed = annotated.judged.timed or len(run.events) < 4
    return RunSummary(
        id=run.id,
        part=run.part,
        format=run.format,
        harness=run.harness,
        harness_version=run.harness_version,
        title=one_line(run.title, 160) if run.title else None,
        prompt=one_line(run.prompt, 300) if run.prompt else None,
        models=run.models,
        cwd=run.cwd,
        started=run.started,
        ended=run.ended if timed else None,
        events=len(events),
        tool_calls=calls,
        flagged=sum(flags) if flags else None,
        inferred=sum(inferred for _, inferred in errors),
        output_tokens=sum(usage.output for usage in usages) if usages else None,
        tokens=sum(usage.total for usage in usages) if usages else None,
        cost_usd=sum(costs) if costs else None,
        problems=run.unreadable,
        agent_id=run.agent_id,
        parent=run.parent,
        call=run.call,
        subagents=tuple(child.agent_id or child.part for child in run.children),
        warmup=run.is_warmup,
        harness_named=run.harness_named,
        metrics=measure(annotated),
        ribbon=ribbon,
        cells=cells_of(ribbon["phases"], CELLS),
        claims=claims_of(annotated).as_row(),
    )
