"""Scores of predictions, their intervals, and the scores of answers that look at no text. NumPy alone.

Precision, recall and F1 are of the positive label; with more than two labels they are means over the labels that the
test rows have (macro). Average precision and ROC AUC are means over the same labels, each against the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.evalcheck.model import Predicted
from viewer.evalcheck.result import METRICS, Metric, Score
from viewer.evalcheck.rows import Floats, Integers, Rows

DRAWS = 400
"""Bootstrap samples behind an interval of counts."""

RANK_DRAWS = 200
"""The same for what ranks rows, which takes longer."""


def confusion(y: Integers, codes: Integers, labels: int, weights: Floats | None = None) -> Floats:
    """Counts by true label (row) and predicted label (column)."""
    cells = np.bincount(y * labels + codes, weights=weights, minlength=labels * labels)
    return cells.reshape(labels, labels).astype(np.float64)


def counted_scores(counts: Floats, binary: bool) -> dict[Metric, float | None]:
    """Scores that follow from a confusion matrix; None where they are not defined."""
    real, said, right = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    there = real > 0
    recall = _ratio(right, real)
    precision = _ratio(right, said)
    f1 = _ratio(2 * right, real + said)
    balanced = float(recall[there].mean()) if there.sum() > 1 else None
    if binary:
        found = (float(f1[1]), float(precision[1]), float(recall[1])) if there[1] else (None, None, None)
    else:
        found = (float(f1[there].mean()), float(precision[there].mean()), float(recall[there].mean()))
    return {"f1": found[0], "precision": found[1], "recall": found[2], "balanced_accuracy": balanced}


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def ranked_scores(y: Integers, scores: Floats, weights: Floats | None = None) -> dict[Metric, float | None]:
    """Average precision and ROC AUC of scores by label; None for test rows of one label."""
    there = np.unique(y)
    if len(there) < 2:
        return {"average_precision": None, "roc_auc": None}
    columns = [1] if scores.shape[1] == 2 else list(there)
    weights = np.ones(len(y)) if weights is None else weights
    every = [_ranked(y == code, scores[:, code], weights) for code in columns]
    pairs = [pair for pair in every if pair is not None]
    if not pairs:
        return {"average_precision": None, "roc_auc": None}
    return {
        "average_precision": float(np.mean([pair[0] for pair in pairs])),
        "roc_auc": float(np.mean([pair[1] for pair in pairs])),
    }


def _ranked(real: NDArray[np.bool_], scores: Floats, weights: Floats) -> tuple[float, float] | None:
    """Average precision and ROC AUC of one label against the rest, as scikit-learn defines them; None without both."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))  # equal scores are one threshold
    hits = np.cumsum(weights[order] * real[order])[ends]
    misses = np.cumsum(weights[order] * ~real[order])[ends]
    if hits[-1] == 0 or misses[-1] == 0:
        return None
    recall, fallout = hits / hits[-1], misses / misses[-1]
    precision = _ratio(hits, hits + misses)
    average = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return average, float(np.trapezoid(np.append(0.0, recall), np.append(0.0, fallout)))


def pooled(rows: Rows, answers: Sequence[Predicted], seed: int) -> dict[str, Score]:
    """Scores over all answers at once; intervals by drawing test rows, each with all its answers, with replacement.

    The interval covers which rows were tested, not which were trained on, nor which groups there are.
    """
    y = np.concatenate([rows.y[answer.test] for answer in answers])
    codes = np.concatenate([answer.codes for answer in answers])
    scores = np.concatenate([answer.scores for answer in answers])
    _, row = np.unique(np.concatenate([answer.test for answer in answers]), return_inverse=True)
    labels, count = len(rows.labels), int(row.max()) + 1
    values = counted_scores(confusion(y, codes, labels), rows.binary)
    values |= ranked_scores(y, scores)
    generator = np.random.default_rng(seed)
    drawn: dict[Metric, list[float]] = {metric: [] for metric in METRICS}
    for draw in range(DRAWS):
        times = np.bincount(generator.integers(count, size=count), minlength=count)[row].astype(np.float64)
        found = counted_scores(confusion(y, codes, labels, times), rows.binary)
        if draw < RANK_DRAWS:
            found |= ranked_scores(y, scores, times)
        for metric, value in found.items():
            if value is not None:
                drawn[metric].append(value)
    return {metric: _score(values[metric], drawn[metric], _missing(rows, y)) for metric in METRICS}


def _score(value: float | None, drawn: list[float], reason: str) -> Score:
    if value is None:
        return Score(None, reason=reason)
    if len(drawn) < RANK_DRAWS // 2:
        return Score(value, reason="too few rows of one label for an interval")
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Score(value, float(low), float(high))


def _missing(rows: Rows, y: Integers) -> str:
    """Why a score of these rows is not defined."""
    there = np.unique(y)
    return f"all rows are {rows.labels[int(there[0])]!r}" if len(there) == 1 else "not defined"


def averaged(rows: Rows, answers: Sequence[Predicted], overlap: float) -> dict[str, Score]:
    """Mean scores over splits, with an interval for the mean that knows that their training rows overlap.

    The corrected resampled t interval (Nadeau and Bengio, 2003): the variance of the splits times 1/k + `overlap`,
    where `overlap` is test rows by training rows.
    """
    each = [
        counted_scores(confusion(rows.y[answer.test], answer.codes, len(rows.labels)), rows.binary)
        | ranked_scores(rows.y[answer.test], answer.scores)
        for answer in answers
    ]
    found: dict[str, Score] = {}
    for metric in METRICS:
        values = [value for scores in each if (value := scores[metric]) is not None]
        found[metric] = _mean(values, overlap)
    return found


def _mean(values: list[float], overlap: float) -> Score:
    from scipy.special import stdtrit

    if not values:
        return Score(None, reason="no split has test rows of both sorts")
    mean, count = float(np.mean(values)), len(values)
    if count < 2:
        return Score(mean, reason="one split has no spread")
    half = float(stdtrit(count - 1, 0.975) * np.std(values, ddof=1)) * (1 / count + overlap) ** 0.5
    return Score(mean, max(0.0, mean - half), min(1.0, mean + half))


def baselines(rows: Rows, parts: Sequence[tuple[Integers, Integers]]) -> dict[str, float | None]:
    """Mean F1 over splits of three answers that look at no text.

    `always`: the positive label, or with more than two the commonest of the training rows; `majority`: the commonest
    label of the training rows; `group_majority`: that of the row's group among them, or `majority` for a new group.
    """
    found: dict[str, list[float]] = {"always": [], "majority": [], "group_majority": []}
    for train, test in parts:
        y, labels = rows.y[test], len(rows.labels)
        common = int(np.bincount(rows.y[train]).argmax())
        of_group = rows.by_group(train)
        majority = np.where(of_group.sum(axis=1) > 0, of_group.argmax(axis=1), common)
        answers = {
            "always": np.full(len(y), 1 if rows.binary else common),
            "majority": np.full(len(y), common),
            "group_majority": majority[rows.g[test]],
        }
        for name, codes in answers.items():
            value = counted_scores(confusion(y, codes, labels), rows.binary)["f1"]
            if value is not None:
                found[name].append(value)
    if not rows.groups:
        del found["group_majority"]
    return {name: float(np.mean(values)) if values else None for name, values in found.items()}
