"""Intervals and the sentence on a spread, against a bootstrap that shares no code with them and published figures."""

import numpy as np
import pytest

from viewer.outcomes import Confusion, Outcome, Source
from viewer.uncertainty import (
    cell_statistics,
    detectable_difference,
    interval,
    interval_of,
    noise_spread,
    spread_chance,
    spread_of,
    spread_sentence,
)

RACE = (0.962, 0.947, 0.949, 0.947)
SPLIT = "random 80/20, different in each run"


def f1(value: float, n: int | None = 357, prevalence: float | None = 0.29, split: str = SPLIT) -> Outcome:
    return Outcome("f1", value, Source("published", "post"), 3, n=n, prevalence=prevalence, split=split)


def bootstrap(value: float, n: int, prevalence: float) -> tuple[float, float, float]:
    """Percentiles and spread of F1 when the counts that precision = recall = F1 gives are drawn again and again."""
    positive = n * prevalence
    hits, misses = value * positive, (1 - value) * positive
    shares = np.array([hits, misses, misses, n - hits - 2 * misses]) / n
    counts = np.random.default_rng(7).multinomial(n, shares, size=20_000)
    scores = 2 * counts[:, 0] / (2 * counts[:, 0] + counts[:, 1] + counts[:, 2])
    low, high = np.percentile(scores, [2.5, 97.5])
    return float(low), float(high), float(scores.std())


@pytest.mark.parametrize(("value", "n"), [(0.947, 357), (0.949, 357), (0.8, 200), (0.5, 1_000), (0.95, 1_785)])
def test_an_f1_interval_is_that_of_a_multinomial_bootstrap(value: float, n: int) -> None:
    found = interval("f1", value, n, 0.29)
    low, high, spread = bootstrap(value, n, 0.29)
    assert found is not None
    assert found.low == pytest.approx(low, abs=0.004)
    assert found.high == pytest.approx(high, abs=0.004)
    assert found.sd == pytest.approx(spread, rel=0.04)


@pytest.mark.parametrize(
    ("value", "low", "high"), [(0.947, 0.918, 0.979), (0.949, 0.918, 0.978), (0.962, 0.930, 0.985)]
)
def test_the_intervals_of_the_race_are_those_that_were_worked_out_for_it(value: float, low: float, high: float) -> None:
    found = interval_of(f1(value))
    assert found is not None
    # Those were drawn from whole counts, which move an end by up to half a point.
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)
    assert found.approximate


@pytest.mark.parametrize(("n", "half"), [(357, 3.1), (1_000, 1.8), (1_785, 1.4), (5_000, 0.8)])
def test_half_widths_shrink_with_n_as_worked_out(n: int, half: float) -> None:
    found = interval("f1", 0.95, n, 0.29)
    assert found is not None
    assert found.half_width * 100 == pytest.approx(half, abs=0.06)


def test_equal_models_differ_as_often_as_worked_out() -> None:
    found = interval("f1", 0.95, 357, 0.29)
    assert found is not None
    assert spread_chance(0.015, found.sd, 2) == pytest.approx(0.49, abs=0.01)
    assert spread_chance(0.015, found.sd, 4) == pytest.approx(0.90, abs=0.01)
    assert noise_spread(found.sd, 4) == pytest.approx(0.057, abs=0.001)
    assert detectable_difference(found.sd) == pytest.approx(0.062, abs=0.001)


def test_the_chance_of_a_spread_is_that_of_drawn_ranges() -> None:
    drawn = np.random.default_rng(3).normal(0, 0.02, size=(40_000, 5))
    ranges = drawn.max(axis=1) - drawn.min(axis=1)
    for spread in (0.01, 0.04, 0.07, 0.1):
        assert spread_chance(spread, 0.02, 5) == pytest.approx(float((ranges >= spread).mean()), abs=0.01)


def test_a_known_confusion_matrix_is_used_and_no_longer_approximate() -> None:
    counts = Confusion(tp=101, fp=5, fn=3, tn=248)
    known, assumed = interval("f1", 0.9619, 357, 0.29, confusion=counts), interval("f1", 0.9619, 357, 0.29)
    assert known is not None
    assert assumed is not None
    assert not known.approximate
    # Precision and recall differ here, and so do the cases that F1 is made of.
    assert known.sd != assumed.sd
    shares = np.array(counts) / counts.n
    drawn = np.random.default_rng(5).multinomial(counts.n, shares, size=20_000)
    scores = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    assert known.sd == pytest.approx(float(scores.std()), rel=0.04)


def test_accuracy_beside_f1_tells_the_errors_without_any_assumption() -> None:
    # 101 right, 5 + 3 wrong, as the counts say.
    counts = Confusion(tp=101, fp=5, fn=3, tn=248)
    exact = interval("f1", 0.9619, 357, confusion=counts)
    told = interval("f1", 0.9619, 357, accuracy=0.9776)
    assert exact is not None
    assert told is not None
    assert not told.approximate
    assert told.sd == pytest.approx(exact.sd, rel=0.01)
    assert (told.low, told.high) == pytest.approx((exact.low, exact.high), abs=0.001)
    # Numbers that cannot be of the same cases are not used.
    assert interval("f1", 0.99, 357, accuracy=0.5) is None
    assert interval("f1", 1.0, 357, accuracy=1.0) is None


def test_an_interval_never_collapses_at_a_perfect_score() -> None:
    for value in (1.0, 0.995, 0.0):
        found = interval("f1", value, 357, 0.29)
        assert found is not None
        assert found.method == "Wilson"
        assert found.low <= value <= found.high + 1e-9
        assert found.high - found.low > 0.01


def test_accuracy_has_the_wilson_interval() -> None:
    # The textbook case: 8 of 10.
    found = interval("accuracy", 0.8, 10)
    assert found is not None
    assert found.low == pytest.approx(0.490, abs=0.001)
    assert found.high == pytest.approx(0.943, abs=0.001)


@pytest.mark.parametrize(
    ("metric", "value", "n", "prevalence"),
    [
        ("f1", 0.9, None, 0.3),
        ("f1", 0.9, 357, None),
        ("f1", 1.2, 357, 0.3),
        ("accuracy", 0.9, 0, None),
        ("f1_macro", 0.9, 357, 0.3),
        ("recall", 0.9, 357, 0.3),
        ("loss", 0.1, 357, 0.3),
    ],
)
def test_what_is_not_known_gives_no_interval(
    metric: str, value: float, n: int | None, prevalence: float | None
) -> None:
    assert interval(metric, value, n, prevalence) is None


def test_the_race_is_a_tie_within_noise() -> None:
    outcomes = [f1(value) for value in RACE]
    assert spread_sentence(outcomes) == (
        "0.947–0.962 over 4 runs on different random splits of n=357: a tie within noise (±3 points)"
    )
    spread = spread_of(outcomes)
    assert spread is not None
    assert spread.tie
    assert spread.chance == pytest.approx(0.90, abs=0.01)
    assert spread.approximate


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        (
            [f1(0.962), f1(0.74)],
            "0.740–0.962 over 2 runs on different random splits of n=357: "
            "further apart than noise alone explains (±7 points)",
        ),
        (
            [f1(0.962, n=None), f1(0.947)],
            "0.947–0.962 over 2 runs on different random splits of n=357 (unknown for some): "
            "too little is known of the test cases to say whether this is more than noise",
        ),
        (
            [f1(0.9, n=None, split=""), f1(0.8, n=None, split="")],
            "0.800–0.900 over 2 runs on test splits of unknown size: "
            "too little is known of the test cases to say whether this is more than noise",
        ),
        (
            [f1(0.962, split="random 80/20")],
            "0.962 on a random split of n=357 (±3 points): one run, a gesture and not a measurement",
        ),
        (
            [f1(0.95, n=300, split="random"), f1(0.95, split="random")],
            "0.950 over 2 runs on random splits of n=300–357: a tie within noise (±3 points)",
        ),
        (
            [f1(0.95, split="the same test set"), f1(0.96, split="the same test set")],
            "0.950–0.960 over 2 runs on the same split of n=357: a tie within noise (±3 points); "
            "a paired test on the same cases could say more",
        ),
        ([], "No outcome is known."),
    ],
)
def test_the_sentence_says_no_more_than_is_known(outcomes: list[Outcome], sentence: str) -> None:
    assert spread_sentence(outcomes) == sentence


def test_a_cell_has_statistics_from_three_runs_on() -> None:
    assert cell_statistics([0.9, 0.95]) is None
    found = cell_statistics([0.9, 0.95, 0.92])
    assert found is not None
    assert (found.runs, found.median, found.low, found.high) == (3, 0.92, 0.9, 0.95)
