"""`.eval_results/*.yaml`: results as the Hub stores them, in a model's repository or beside traces.

A file is a list of `{dataset: {id, task_id}, value, date, source: {url, name}, notes}`. It names no metric: that
belongs to the benchmark, so a value is F1 or the like only where `metric` or `task_id` says so, else a score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from viewer.comparison_reader import is_web_link, read_count
from viewer.outcomes import Outcome, Source, known_metric, metric_named, read_value
from viewer.safe_yaml import Document, YamlError, read_yaml

MAX_RESULTS = 200


def read_results(data: bytes, origin: Source) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
    """The outcomes of such a file, and what is wrong with it. `origin` is the file."""
    try:
        document = read_yaml(data.decode("utf-8", "replace"))
    except YamlError as error:
        return (), (f"{origin.label} is not read. {error}",)
    items = document.value if isinstance(document.value, list) else [document.value]
    read = [_result(document, index, item, origin) for index, item in enumerate(items[:MAX_RESULTS])]
    return tuple(one for one in read if isinstance(one, Outcome)), tuple(one for one in read if isinstance(one, str))


def _result(document: Document, index: int, item: Any, origin: Source) -> Outcome | str:
    line = document.line((index,))
    if not isinstance(item, Mapping) or "value" not in item:
        return f"{origin.label}, line {line}: a result is an object with `dataset` and `value`."
    data = item.get("dataset")
    facts: Mapping[str, Any] = data if isinstance(data, Mapping) else {"id": data}
    named = next((str(name) for name in (item.get("metric"), facts.get("task_id")) if name), "score")
    metric = metric_named(named) or known_metric("score")
    value = read_value(item["value"], metric)
    if value is None:
        return f"{origin.label}, line {line}: {str(item['value'])[:60]!r} is no value of {metric.label}."
    return Outcome(
        metric.name,
        value[0],
        replace(origin, quote=document.source_line((index, "value")), link=_link(item.get("source")) or origin.link),
        value[1],
        n=read_count(item.get("n")),
        split=str(facts.get("split") or "")[:200],
        dataset=str(facts.get("id") or "")[:200],
        note=str(item.get("notes") or "")[:400],
    )


def _link(source: Any) -> str:
    url = source.get("url") if isinstance(source, Mapping) else source
    return url if isinstance(url, str) and is_web_link(url) else ""
