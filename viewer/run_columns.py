"""Rows that describe runs: of a CSV beside the traces, or of a table in a card. Columns are known by their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from viewer.card import Cell
from viewer.comparison_file import ComparedRun
from viewer.comparison_reader import hub_name, is_web_link, read_count
from viewer.outcomes import Metric, Outcome, Source, known_metric, metric_named, read_value

Role = Literal[
    "path",
    "part",
    "harness",
    "model",
    "repo",
    "metric",
    "value",
    "n",
    "prevalence",
    "split",
    "dataset",
    "link",
    "quote",
]

ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("path", ("file", "path", "trace", "run", "session", "filename", "file name", "trace file", "transcript")),
    ("part", ("part",)),
    ("harness", ("harness", "agent", "scaffold", "coding agent")),
    ("model", ("model", "driver model", "driver", "llm", "agent model")),
    ("repo", ("model repo", "model repository", "trained model", "trained model pushed to", "pushed to", "hub model")),
    ("metric", ("metric", "metric name")),
    ("value", ("value", "metric value", "result")),
    ("n", ("n", "n test", "test n", "test size", "test cases", "samples")),
    ("prevalence", ("prevalence", "positive rate", "share positive")),
    ("split", ("split", "test split")),
    ("dataset", ("dataset", "task dataset")),
    ("link", ("source", "source url", "link")),
    ("quote", ("quote",)),
)
"""What a column is for, and the headings that say so. A heading that names a metric holds its values."""


class Columns(NamedTuple):
    """Where the columns of a table stand."""

    roles: dict[Role, int]
    metrics: tuple[tuple[int, Metric], ...]


def read_columns(header: Sequence[str]) -> Columns | None:
    """What the columns are for; None for a table that does not describe runs with outcomes or model repositories."""
    headings = [" ".join(re.split(r"[\s_-]+", heading.strip().lower())) for heading in header]
    roles: dict[Role, int] = {}
    for role, names in ROLES:
        found = next((headings.index(name) for name in names if name in headings), None)
        if found is not None:
            roles[role] = found
    taken = set(roles.values())
    metrics = tuple(
        (index, metric)
        for index, heading in enumerate(header)
        if index not in taken and (metric := metric_named(heading)) is not None
    )
    tells = bool(metrics) or "repo" in roles or {"metric", "value"} <= roles.keys()
    return Columns(roles, metrics) if "path" in roles and tells else None


def read_row(columns: Columns, cells: Sequence[Cell], source: Source) -> ComparedRun | None:
    """The run of a row; None for a row that names no file. A cell that is no number gives no outcome."""

    def cell(role: Role) -> Cell:
        index = columns.roles.get(role)
        return cells[index] if index is not None and index < len(cells) else Cell("")

    path = cell("path").text.removeprefix("./")
    if not path:
        return None
    link = cell("link").link or cell("link").text
    source = replace(
        source,
        link=link if is_web_link(link) else source.link,
        label=cell("link").text if cell("link").text and not is_web_link(cell("link").text) else source.label,
        quote=cell("quote").text or source.quote,
    )
    written = [(metric, cells[index].text) for index, metric in columns.metrics if index < len(cells)]
    if cell("metric").text:
        name = cell("metric").text
        written.append((metric_named(name) or known_metric(name), cell("value").text))
    share = read_value(cell("prevalence").text, known_metric("accuracy"))
    outcomes = tuple(
        Outcome(
            metric.name,
            value[0],
            source,
            value[1],
            n=read_count(cell("n").text),
            prevalence=share[0] if share is not None and 0 < share[0] < 1 else None,
            split=cell("split").text,
            dataset=cell("dataset").text,
        )
        for metric, text in written
        if (value := read_value(text, metric)) is not None
    )
    repo = hub_name(cell("repo").link) or hub_name(cell("repo").text) or ""
    return ComparedRun(path, cell("part").text, cell("harness").text, cell("model").text, repo, outcomes)
