"""Outcomes that a reader typed: they live in the reader's link, are believed first, and say that they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from viewer.comparison.selection import ComparedRun
from viewer.outcomes import Outcome, RunOutcomes, Source, known_metric, metric_named, outcomes_for, read_value

TYPED = Source("typed", "typed by you")
MAX_TEXT = 200


class TypedError(ValueError):
    """A typed outcome that is refused, in one sentence for the reader."""


def typed_outcomes(rows: object) -> dict[str, list[Outcome]]:
    """By key of a run, from rows of a link: objects of run, metric, value, n, positive, split. Raises TypedError."""
    if not isinstance(rows, list) or len(rows) > 1_000:
        raise TypedError("Typed outcomes must be a list.")
    found: dict[str, list[Outcome]] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("run"), str):
            raise TypedError("Each typed outcome must name its run.")
        found.setdefault(row["run"], []).append(typed_outcome(row))
    return found


def typed_outcome(row: Mapping[str, Any]) -> Outcome:
    """One typed outcome. Raises TypedError, naming the field."""
    written = _text(row, "metric")
    metric = metric_named(written) or known_metric(written)
    if not metric.name:
        raise TypedError("Which metric? Write its name, such as F1.")
    value = read_value(row.get("value"), metric)
    if value is None:
        limits = " between 0 and 1, or a percentage" if metric.share else ""
        raise TypedError(f"{metric.label} must be a number{limits}, not {str(row.get('value'))[:40]!r}.")
    return Outcome(
        metric.name,
        value[0],
        TYPED,
        value[1],
        n=_count(row),
        prevalence=_share(row),
        split=_text(row, "split"),
    )


def with_typed(
    runs: Sequence[ComparedRun], found: Sequence[RunOutcomes], typed: Mapping[str, Sequence[Outcome]]
) -> tuple[RunOutcomes, ...]:
    """The outcomes of runs with what was typed in front. What is not typed comes from what is known.

    A reader who corrects a number means the same test cases: n, share and split are taken over where left out.
    """
    return tuple(
        outcomes_for([*(_completed(one, known) for one in typed.get(run.key, ())), *known.all])
        for run, known in zip(runs, found, strict=True)
    )


def _completed(typed: Outcome, known: RunOutcomes) -> Outcome:
    best = known.best(typed.metric)
    if best is None or typed.n is not None:
        return typed
    return replace(typed, n=best.n, prevalence=typed.prevalence or best.prevalence, split=typed.split or best.split)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise TypedError(f"{name} must be text of at most {MAX_TEXT} characters.")
    return value.strip()


def _count(row: Mapping[str, Any]) -> int | None:
    written = row.get("n")
    if written in (None, ""):
        return None
    text = str(written).replace(",", "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise TypedError(f"n must be a whole number from 1: the test cases; not {str(written)[:40]!r}.")
    return int(text)


def _share(row: Mapping[str, Any]) -> float | None:
    written = row.get("positive")
    if written in (None, ""):
        return None
    value = read_value(written, known_metric("accuracy"))
    if value is None:
        raise TypedError(f"The share of positive cases must be between 0 and 1, not {str(written)[:40]!r}.")
    return value[0]
