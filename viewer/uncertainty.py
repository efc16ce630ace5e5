"""How much a number could have been another by the choice of the test cases alone.

Everything is closed form, so the same numbers come every time. F1 is `2J / (1 + J)` with `J = TP / (TP + FP + FN)`,
and given how many cases are in that sum, TP is binomial: the interval of F1 is the normal interval of that share J, its
ends transformed, and its standard error follows by the delta method. That sum is in the confusion matrix, and follows
from F1 with accuracy and n. Where neither is known, precision is taken to equal recall, which fixes it from n and the
share of positives; such an interval is "approximate". Where fewer than five of those cases are expected to be errors
the normal interval would collapse: then it is Wilson's.

An interval is of the test cases only. Training seed, choice of the split and choosing the model on the same cases are
not in it: a true interval is wider.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from viewer.outcomes import Confusion, Outcome, known_metric
from viewer.plural import counted

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
FEW = 5.0
"""Expected errors (or expected successes) below which the normal approximation is not used."""

FEWEST_FOR_STATISTICS = 3
"""A cell with fewer runs shows its runs and no statistics."""

Method = Literal["normal", "Wilson"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval of one number, and how it was made. `approximate`: precision was taken to equal recall."""

    low: float
    high: float
    sd: float
    """Standard error from the choice of test cases."""
    approximate: bool
    method: Method

    @property
    def half_width(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2


def interval(
    metric: str,
    value: float,
    n: int | None,
    prevalence: float | None = None,
    *,
    confusion: Confusion | None = None,
    accuracy: float | None = None,
) -> Interval | None:
    """The 95 % interval of a metric's value on n test cases; None where the metric or what is known allows none.

    Args:
        metric: a name of `outcomes.METRICS`.
        value: between 0 and 1.
        n: test cases.
        prevalence: the share of them that is positive; F1 needs it where neither of the next two is known.
        confusion: the counts.
        accuracy: of the same test cases.
    """
    scale = known_metric(metric).scale
    if not 0 <= value <= 1 or (n is not None and n < 1):
        return None
    if scale == "proportion" and n is not None:
        low, high = _wilson(value, n)
        return Interval(low, high, math.sqrt(value * (1 - value) / n), approximate=False, method="Wilson")
    if scale != "f1":
        return None
    union = _union(value, n, confusion, accuracy)
    if union is not None:
        return _f1(value, union, approximate=False)
    if n is None or prevalence is None or not 0 < prevalence < 1:
        return None
    return _f1(value, (2 - value) * n * prevalence, approximate=True)


def interval_of(outcome: Outcome) -> Interval | None:
    """The interval of an outcome, None where what its sources say allows none."""
    known = (outcome.metric, outcome.value, outcome.n, outcome.prevalence)
    return interval(*known, confusion=outcome.confusion, accuracy=outcome.accuracy)


def _union(value: float, n: int | None, confusion: Confusion | None, accuracy: float | None) -> float | None:
    """How many cases are positive, said to be, or both; None where that is not known.

    With E = FP + FN = n (1 - accuracy), F1 = 2 TP / (2 TP + E) gives TP. Numbers that do not fit together give None.
    """
    if confusion is not None and confusion.f1 is not None:
        return confusion.tp + confusion.fp + confusion.fn
    if n is None or accuracy is None or not 0 < value < 1 or not 0 <= accuracy < 1:
        return None
    errors = n * (1 - accuracy)
    union = errors + value * errors / (2 * (1 - value))
    return union if 1 <= union <= n else None


def _f1(value: float, union: float, *, approximate: bool) -> Interval:
    """From F1 and the number of cases that are positive, said to be, or both."""
    share = value / (2 - value)
    error = math.sqrt(share * (1 - share) / union)
    sd = error * 2 / (1 + share) ** 2
    few = min(share, 1 - share) * union < FEW
    ends = _wilson(share, union) if few else (share - Z * error, share + Z * error)
    low, high = (2 * end / (1 + end) for end in ends)
    return Interval(low, min(1.0, high), sd, approximate, "Wilson" if few else "normal")


def _wilson(share: float, n: float) -> tuple[float, float]:
    """The score interval of a share of n cases."""
    base = 1 + Z * Z / n
    middle = (share + Z * Z / (2 * n)) / base
    half = Z / base * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def spread_chance(spread: float, sd: float, runs: int) -> float:
    """How often that many equally good models, each on test cases of its own, lie at least this far apart.

    The range of `runs` normal values of one standard deviation, by Simpson's rule.
    """
    if runs < 2 or spread <= 0:
        return 1.0
    if sd <= 0:
        return 0.0
    normal, gap, steps, end = NormalDist(), spread / sd, 400, 8.0
    if gap > 2 * end:
        return 0.0
    start = -end - gap
    width = (end - start) / steps
    total = 0.0
    for step in range(steps + 1):
        at = start + step * width
        inside: float = (normal.cdf(at + gap) - normal.cdf(at)) ** (runs - 1)
        total += (1 if step in (0, steps) else 4 if step % 2 else 2) * normal.pdf(at) * inside
    return min(1.0, max(0.0, 1 - runs * total * width / 3))


def noise_spread(sd: float, runs: int) -> float:
    """How far apart that many equally good models lie in 19 of 20 cases at most."""
    low, high = 0.0, 16 * sd
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if spread_chance(middle, sd, runs) > 1 - LEVEL else (low, middle)
    return high


def detectable_difference(sd: float, power: float = 0.8) -> float:
    """The smallest true difference of two models, each on test cases of its own, that is found with this chance."""
    return (Z + NormalDist().inv_cdf(power)) * math.sqrt(2) * sd


@dataclass(frozen=True, slots=True)
class Spread:
    """How far runs lie apart, against what the choice of test cases alone does.

    `tie` is None where nothing is known of that noise. `chance` is how often equally good models differ that much.
    """

    low: float
    high: float
    runs: int
    sd: float | None
    chance: float | None
    noise: float | None
    """Spread that equally good models stay within in 19 of 20 cases."""
    detectable: float | None
    approximate: bool
    sentence: str

    @property
    def tie(self) -> bool | None:
        """Whether the difference is no evidence of any."""
        return None if self.noise is None else self.high - self.low <= self.noise


def spread_of(outcomes: Sequence[Outcome]) -> Spread | None:
    """The spread of runs by one metric, one outcome a run; None without an outcome."""
    if not outcomes:
        return None
    values = [outcome.value for outcome in outcomes]
    low, high, runs = min(values), max(values), len(values)
    intervals = [found for outcome in outcomes if (found := interval_of(outcome)) is not None]
    known = len(intervals) == runs
    sd = math.sqrt(sum(found.sd**2 for found in intervals) / runs) if known else None
    half = max(found.half_width for found in intervals) if known else None
    noise = noise_spread(sd, runs) if sd is not None and runs > 1 else None
    return Spread(
        low,
        high,
        runs,
        sd,
        spread_chance(high - low, sd, runs) if sd is not None and runs > 1 else None,
        noise,
        detectable_difference(sd) if sd is not None else None,
        any(found.approximate for found in intervals),
        _sentence(outcomes, low, high, noise, half),
    )


def spread_sentence(outcomes: Sequence[Outcome]) -> str:
    """One true sentence on the runs: range, how many, on which test cases, and whether that is more than noise."""
    found = spread_of(outcomes)
    return found.sentence if found is not None else "No outcome is known."


def _sentence(outcomes: Sequence[Outcome], low: float, high: float, noise: float | None, half: float | None) -> str:
    digits = min(max(outcome.digits for outcome in outcomes), 3)
    ends = f"{low:.{digits}f}" if round(high - low, digits) == 0 else f"{low:.{digits}f}–{high:.{digits}f}"
    margin = f" (±{_points(half)})" if half is not None else ""
    if len(outcomes) == 1:
        return f"{ends} on {_cases(outcomes)}{margin}: one run, a gesture and not a measurement"
    start = f"{ends} over {counted(len(outcomes), 'run')} on {_cases(outcomes)}"
    if noise is None:
        return f"{start}: too little is known of the test cases to say whether this is more than noise"
    if high - low <= noise:
        paired = "; a paired test on the same cases could say more" if "the same split" in start else ""
        return f"{start}: a tie within noise{margin}{paired}"
    return f"{start}: further apart than noise alone explains{margin}"


def _points(share: float) -> str:
    """A difference of shares in points, with one digit where less than one."""
    points = share * 100
    return f"{points:.1f} points" if points < 0.95 else f"{points:.0f} point{'' if round(points) == 1 else 's'}"


def _cases(outcomes: Sequence[Outcome]) -> str:
    """Which test cases: "different random splits of n=357". Not more than the sources say."""
    sizes = sorted({outcome.n for outcome in outcomes if outcome.n is not None})
    unknown = any(outcome.n is None for outcome in outcomes)
    size = "" if not sizes else f"n={sizes[0]}" if len(sizes) == 1 else f"n={sizes[0]}–{sizes[-1]}"
    size = f"{size or 'unknown size'}{' (unknown for some)' if unknown and sizes else ''}"
    splits = [outcome.split.lower() for outcome in outcomes]
    many = len(outcomes) > 1
    if many and all("different" in split for split in splits):
        random = "random " if all("random" in split for split in splits) else ""
        return f"different {random}splits of {size}"
    if many and splits[0] and len(set(splits)) == 1 and "same" in splits[0]:
        return f"the same split of {size}"
    kind = "random split" if all("random" in split for split in splits) else "test split"
    return f"{kind}s of {size}" if many else f"a {kind} of {size}"


@dataclass(frozen=True, slots=True)
class CellStatistics:
    """The middle and the ends of a cell's runs."""

    runs: int
    median: float
    low: float
    high: float


def cell_statistics(values: Sequence[float]) -> CellStatistics | None:
    """Of the runs of one cell; None below three, where each run is shown and no statistic."""
    if len(values) < FEWEST_FOR_STATISTICS:
        return None
    ordered, half = sorted(values), len(values) // 2
    median = ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return CellStatistics(len(values), median, ordered[0], ordered[-1])
