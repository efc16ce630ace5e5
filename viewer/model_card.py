"""The numbers in a model's card: its `model-index`, a table or list of metrics in its text.

Cards that a Trainer writes have an empty `model-index` and the numbers only as a list (`- F1: 0.9561`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from viewer.card import Card, Cell, plain
from viewer.comparison_reader import read_count
from viewer.outcomes import Metric, Outcome, Source, metric_named, read_value

MAX_NUMBERS = 100

_ITEM = re.compile(r"^\s{0,8}[-*+]\s+(.{1,80}?)\s*[:=]\s*(\S{1,20})\s*$")
_EVALUATED = re.compile(r"(?i)\bevaluat\w*|\btest (?:set|split)\b|\bheld[- ]out\b")
_COUNT = re.compile(
    r"(?i)\bn\s*=\s*(\d[\d,]{0,9})|(\d[\d,]{0,9})\s+(?:test |held-out |evaluation )?"
    r"(?:samples|examples|rows|sections|cases|instances|items|documents)\b"
)


def card_outcomes(card: Card, origin: Source) -> tuple[Outcome, ...]:
    """Every number of a metric that is known by name. `origin` is the card; its kind is replaced."""
    n, split = _test_cases(card.body)
    written = [replace(one, n=n, split=split) for one in _from_text(card, replace(origin, kind="model card text"))]
    indexed = list(_from_index(card.facts, replace(origin, kind="model index")))
    return tuple([*indexed, *_once(written)][:MAX_NUMBERS])


def _from_index(facts: Mapping[str, Any], origin: Source) -> Iterator[Outcome]:
    """`model-index: [{name, results: [{dataset: {name, split}, metrics: [{type, value}]}]}]`."""
    for result in (result for model in _objects(facts.get("model-index")) for result in _objects(model.get("results"))):
        data = result.get("dataset")
        dataset: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        for item in _objects(result.get("metrics")):
            metric = metric_named(str(item.get("type") or "")) or metric_named(str(item.get("name") or ""))
            value = read_value(item.get("value"), metric) if metric is not None else None
            if metric is None or value is None:
                continue
            named = f", {item['name']}" if item.get("name") else ""
            yield Outcome(
                metric.name,
                value[0],
                replace(origin, quote=f"model-index: {item.get('type')}{named}: {item.get('value')}"[:400]),
                value[1],
                split=str(dataset.get("split") or "")[:200],
                dataset=str(dataset.get("type") or dataset.get("name") or "")[:200],
            )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value[:MAX_NUMBERS] if isinstance(one, Mapping)] if isinstance(value, list) else []


def _from_text(card: Card, origin: Source) -> Iterator[Outcome]:
    for line in card.body.splitlines():
        item = _ITEM.match(line[:200])
        if item is not None:
            yield from _number(plain(item[1]), plain(item[2]), line, origin)
    for table in card.tables:
        rows = [row for row in table.rows if len(row) >= 2 and metric_named(row[0].text) is not None]
        for row in rows:  # | Metric | Value |: a metric a row
            yield from _number(row[0].text, row[1].text, _line(row), origin)
        if not rows and len(table.rows) == 1:
            # A metric a column. Several rows would be epochs or models, and which is meant is unknown.
            for heading, cell in zip(table.header, table.rows[0], strict=False):
                yield from _number(heading, cell.text, _line(table.rows[0]), origin)


def _number(name: str, text: str, line: str, origin: Source) -> Iterator[Outcome]:
    metric: Metric | None = metric_named(name)
    value = read_value(text, metric) if metric is not None else None
    if metric is not None and value is not None:
        yield Outcome(metric.name, value[0], replace(origin, quote=line.strip()[:400]), value[1])


def _line(row: tuple[Cell, ...]) -> str:
    return " | ".join(cell.text for cell in row)


def _once(found: list[Outcome]) -> list[Outcome]:
    """Of each metric the first: later ones are of training, or of another model that is compared with."""
    first: dict[str, Outcome] = {}
    for one in found:
        first.setdefault(one.metric, one)
    return list(first.values())


def _test_cases(body: str) -> tuple[int | None, str]:
    """How many test cases the card speaks of, and the words on how they were chosen; unknown where it gives several."""
    for line in body.splitlines():
        if _EVALUATED.search(line[:1_000]) is None:
            continue
        counts = {read_count(one or other) for one, other in _COUNT.findall(line[:1_000])} - {None}
        if len(counts) == 1:
            words = plain(line[:300]).strip(" :-*#")
            return counts.pop(), words if re.search(r"(?i)random|stratif|held|split", words) else ""
    return None, ""
