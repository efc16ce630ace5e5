"""Scores, intervals, baselines and sampling of the evaluation check, against scikit-learn where it has the same."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from tests.labelled import coded, gap_rows
from viewer.evalcheck import rows as evalcheck_rows
from viewer.evalcheck.model import Predicted
from viewer.evalcheck.rows import Floats, Integers, sampled
from viewer.evalcheck.scores import averaged, baselines, confusion, counted_scores, pooled, ranked_scores


def answers(seed: int, labels: int, rows: int = 60) -> tuple[Integers, Integers, Floats]:
    """True labels, answers that are often right, and scores with ties."""
    rng = np.random.default_rng(seed)
    y = rng.integers(labels, size=rows)
    y[:labels] = np.arange(labels)
    codes = np.where(rng.random(rows) < 0.7, y, rng.integers(labels, size=rows))
    scores = np.round(rng.random((rows, labels)) + 0.4 * np.eye(labels)[y], 1)
    return y, codes, scores


@pytest.mark.parametrize("seed", range(4))
def test_scores_of_two_labels_are_those_of_scikit_learn(seed: int) -> None:
    y, codes, scores = answers(seed, 2)
    precision, recall, f1, _ = precision_recall_fscore_support(y, codes, average="binary")
    found = counted_scores(confusion(y, codes, 2), binary=True) | ranked_scores(y, scores)
    expected = {
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "balanced_accuracy": balanced_accuracy_score(y, codes),
        "average_precision": average_precision_score(y, scores[:, 1]),
        "roc_auc": roc_auc_score(y, scores[:, 1]),
    }
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_scores_of_several_labels_are_the_macro_means_of_scikit_learn(seed: int) -> None:
    y, codes, scores = answers(seed, 4)
    precision, recall, f1, _ = precision_recall_fscore_support(y, codes, average="macro", zero_division=0)
    found = counted_scores(confusion(y, codes, 4), binary=False) | ranked_scores(y, scores)
    one_hot = np.eye(4)[y]
    expected = {
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "balanced_accuracy": balanced_accuracy_score(y, codes),
        "average_precision": average_precision_score(one_hot, scores, average="macro"),
        "roc_auc": roc_auc_score(one_hot, scores, average="macro"),
    }
    assert found == pytest.approx(expected)


def test_weights_count_rows_as_often_as_they_were_drawn() -> None:
    y, _, scores = answers(1, 2)
    times = np.random.default_rng(0).integers(0, 3, size=len(y)).astype(float)
    expected = {
        "average_precision": average_precision_score(y, scores[:, 1], sample_weight=times),
        "roc_auc": roc_auc_score(y, scores[:, 1], sample_weight=times),
    }
    assert ranked_scores(y, scores, times) == pytest.approx(expected)


def test_without_a_positive_row_there_is_no_f1_and_without_both_labels_no_order() -> None:
    y, codes = np.zeros(5, dtype=np.int64), np.array([0, 1, 0, 0, 0])
    assert counted_scores(confusion(y, codes, 2), binary=True) == {
        "f1": None,
        "precision": None,
        "recall": None,
        "balanced_accuracy": None,
    }
    assert ranked_scores(y, np.zeros((5, 2))) == {"average_precision": None, "roc_auc": None}


def test_an_interval_of_a_held_out_group_holds_the_score_and_narrows_with_more_rows() -> None:
    widths = []
    for count in (40, 160):
        rows = coded(gap_rows())
        y, codes, scores = answers(3, 2, count)
        rows = type(rows)(rows.texts[:count], y, np.zeros(count, dtype=np.int64), rows.labels, ("g",))
        f1 = pooled(rows, [Predicted(np.arange(count), codes, scores)], 1)["f1"]
        assert f1.value is not None and f1.low is not None and f1.high is not None
        assert f1.low < f1.value < f1.high
        widths.append(f1.high - f1.low)
    assert widths[1] < widths[0]


def test_the_interval_of_repeated_splits_is_the_corrected_resampled_t_interval() -> None:
    rows = coded(gap_rows())
    splits = [Predicted(np.arange(at, at + 40), rows.y[at : at + 40].copy(), np.zeros((40, 2))) for at in (0, 40, 80)]
    for number, split in enumerate(splits):
        split.codes[number * 4 : number * 8] = 1 - split.codes[number * 4 : number * 8]
    each = [counted_scores(confusion(rows.y[one.test], one.codes, 2), binary=True)["recall"] for one in splits]
    found = averaged(rows, splits, 0.25)["recall"]
    spread = np.std(np.array(each, dtype=float), ddof=1)
    half = 4.302653 * spread * (1 / 3 + 0.25) ** 0.5  # 97.5 % of Student's t with two degrees of freedom
    assert found.value == pytest.approx(np.mean(np.array(each, dtype=float)))
    assert (found.low, found.high) == pytest.approx((max(0.0, found.value - half), min(1.0, found.value + half)))


def test_baselines_look_at_no_text() -> None:
    rows = coded(gap_rows())
    old = rows.of_group("old")
    rest = np.setdiff1d(np.arange(len(rows.y)), old)
    found = baselines(rows, [(rest, old)])
    assert found["always"] == pytest.approx(2 * 0.9 / 1.9)
    assert found["majority"] == 0.0
    assert found["group_majority"] == 0.0  # a group that was not trained on gets the commonest label of all
    half = np.arange(0, len(rows.y), 2)
    shared = baselines(rows, [(half, np.setdiff1d(np.arange(len(rows.y)), half))])
    assert shared["group_majority"] is not None and shared["group_majority"] > 0.7


def test_too_many_rows_are_sampled_with_small_groups_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalcheck_rows, "FITTED_ROWS", 80)
    rows = coded(gap_rows())
    at = sampled(rows, 1)
    assert len(at) == 80
    assert np.bincount(rows.g[at]).tolist() == [40, 20, 20]
    assert at.tolist() == sampled(rows, 1).tolist() != sampled(rows, 2).tolist()


def test_too_many_characters_are_sampled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalcheck_rows, "FITTED_CHARACTERS", 2_000)
    rows = coded(gap_rows())
    at = sampled(rows, 1)
    assert 0 < sum(len(rows.texts[i]) for i in at) <= 2_000
