"""Outcomes: numbers that say how well a task went, each with where it came from. Sources that disagree are both kept.

An `Outcome` is one number of one run from one source. `outcomes_for` puts those of one run in order: what a reader
typed, then what is nearest to the run's owner, last what the agent said of itself (`SOURCES`). The readers of each
source are `declared.py` (card, `comparison.yaml`, sidecars), `published.py` (what is known of well-known datasets),
`model_repos.py` (the repository the run pushed to) and `trace_claims.py` (what the trace itself holds).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

SourceKind = Literal[
    "typed",
    "front matter",
    "comparison file",
    "sidecar",
    "card table",
    "published",
    "model index",
    "model results",
    "model card text",
    "reported",
]
"""Where a number may come from, in the order in which one is believed before another.

`typed`: a reader. `front matter`, `card table`: the card of the dataset that holds the traces. `comparison file`,
`sidecar`: `comparison.yaml`, or a CSV or `.eval_results` file beside the traces. `published`: a post or paper quoted in
`assets/comparisons`. `model …`: the repository that the run pushed to. `reported`: the agent, in the trace.
"""

SOURCES: tuple[SourceKind, ...] = get_args(SourceKind)

Scale = Literal["f1", "proportion", "other"]
"""What an interval can be computed from: F1 of a binary task; a share of n cases; anything else has no interval."""


class Metric(NamedTuple):
    """A metric that is known by name. `share` means that it lies between 0 and 1, so 96.2 is read as 0.962."""

    name: str
    label: str
    spelled: str
    """A pattern that the whole of a written name matches, in lower case with `_` and `-` as blanks."""
    scale: Scale
    share: bool = True


METRICS: tuple[Metric, ...] = (
    Metric("f1", "F1", r"(?:binary )?f1(?: score)?(?: binary)?|f score", "f1"),
    Metric("f1_macro", "macro F1", r"(?:macro (?:avg )?f1|f1 macro|macro averaged f1)(?: score)?", "other"),
    Metric("f1_micro", "micro F1", r"(?:micro (?:avg )?f1|f1 micro)(?: score)?", "other"),
    Metric("f1_weighted", "weighted F1", r"(?:weighted (?:avg )?f1|f1 weighted)(?: score)?", "other"),
    Metric("accuracy", "accuracy", r"acc(?:uracy)?(?: score)?", "proportion"),
    Metric("balanced_accuracy", "balanced accuracy", r"balanced acc(?:uracy)?", "other"),
    Metric("precision", "precision", r"precision", "other"),
    Metric("recall", "recall", r"recall|sensitivity", "other"),
    Metric("roc_auc", "ROC AUC", r"(?:roc )?auc(?: roc)?|auroc", "other"),
    Metric("mcc", "MCC", r"mcc|matthews(?: correlation)?(?: coefficient)?", "other", share=False),
    Metric("exact_match", "exact match", r"exact match|em", "proportion"),
    Metric("pass@1", "pass@1", r"pass ?@ ?1|resolved(?: rate)?|solve rate|success(?: rate)?|pass rate", "proportion"),
    Metric("score", "score", r"score", "other", share=False),
    Metric("reward", "reward", r"reward", "other", share=False),
    Metric("wer", "WER", r"wer|word error rate", "other", share=False),
    Metric("bleu", "BLEU", r"(?:sacre)?bleu", "other", share=False),
)

_BY_NAME = {metric.name: metric for metric in METRICS}
_SPELLED = tuple((re.compile(metric.spelled), metric) for metric in METRICS)
_PREFIX = re.compile(r"^(?:eval|test|final|best|overall|val|validation) (?=\w)")
_PARENTHESIS = re.compile(r"\s*\([^()]{0,60}\)\s*$")


def metric_named(written: str) -> Metric | None:
    """The metric that a column, key or word names; None where it names none that is known.

    `F1 (jim_crow)`, `eval_f1`, `**F1-score**` are all F1.
    """
    bare = _PARENTHESIS.sub("", written[:120].strip(" *_`~"))
    words = _PREFIX.sub("", " ".join(re.sub(r"[\s_*`-]+", " ", bare).lower().split()))
    return next((metric for pattern, metric in _SPELLED if pattern.fullmatch(words)), None)


def known_metric(name: str) -> Metric:
    """The metric with this name in `METRICS`; a name of somebody's own is a metric without an interval."""
    return _BY_NAME.get(name) or Metric(name, name, re.escape(name), "other", share=False)


class Confusion(NamedTuple):
    """Counts of a binary test set: what a classifier said against what is true."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """Cases in the test set."""
        return sum(self)

    @property
    def f1(self) -> float | None:
        """F1 of the positive class; None where there is no positive, true or said."""
        errors = self.fp + self.fn
        return 2 * self.tp / (2 * self.tp + errors) if self.tp + errors else None

    @property
    def accuracy(self) -> float | None:
        """Share of the cases that are right; None without cases."""
        return (self.tp + self.tn) / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number came from.

    `label` names it for a reader ("model card of me/model"), `link` leads there (an https address, or empty), `quote`
    is the text that holds the number, `event` the address in the trace where the agent said it.
    """

    kind: SourceKind
    label: str
    link: str = ""
    quote: str = ""
    event: str = ""

    @property
    def rank(self) -> int:
        """0 is believed first."""
        return SOURCES.index(self.kind)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number of one run, from one source. What the source does not say is None or empty.

    `value` is a share between 0 and 1 for the metrics that are one; `digits` the decimals that the source gives, by
    which two sources are compared. `n` counts the test cases, `prevalence` is the share of them that is positive.
    `split` says in the source's words how the test cases were chosen. `accuracy` is what the same source says of the
    same cases: together with F1 and n it tells how many of them are errors.
    """

    metric: str
    value: float
    source: Source
    digits: int = 3
    n: int | None = None
    prevalence: float | None = None
    split: str = ""
    dataset: str = ""
    confusion: Confusion | None = None
    accuracy: float | None = None
    note: str = ""

    @property
    def shown(self) -> str:
        """The value with the digits of its source, at most four."""
        return f"{self.value:.{min(self.digits, 4)}f}"

    def agrees(self, other: Outcome) -> bool:
        """Whether both may be the same number, rounded differently: 0.9469 and 0.947."""
        step: float = 10.0 ** -min(self.digits, other.digits)
        return abs(self.value - other.value) <= step / 2 * (1 + 1e-6)


@dataclass(frozen=True, slots=True)
class RunOutcomes:
    """Every outcome of a run, the source that is believed first in front."""

    all: tuple[Outcome, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics there are, in the order of their best source."""
        return tuple(dict.fromkeys(outcome.metric for outcome in self.all))

    def of(self, metric: str) -> tuple[Outcome, ...]:
        """All outcomes with this metric."""
        return tuple(outcome for outcome in self.all if outcome.metric == metric)

    def best(self, metric: str) -> Outcome | None:
        """The one to show. What its source leaves out comes from the next source that gives the same number."""
        found = self.of(metric)
        return _filled(found[0], [other for other in found[1:] if other.agrees(found[0])]) if found else None

    def disagreeing(self, metric: str) -> tuple[Outcome, ...]:
        """Outcomes that say another number than the best, or another count of test cases; one per number and label."""
        found = self.of(metric)
        others = [other for other in found[1:] if not other.agrees(found[0]) or _other_n(other, found[0])]
        return tuple({(other.shown, other.source.label): other for other in reversed(others)}.values())[::-1]

    def agreeing(self, metric: str) -> tuple[Outcome, ...]:
        """Further sources that say the same number as the best."""
        found = self.of(metric)
        return tuple(other for other in found[1:] if other.agrees(found[0]) and not _other_n(other, found[0]))

    def disagreement(self, metric: str) -> str:
        """The sentence that says who says what; empty where no source contradicts the best."""
        best, others = self.best(metric), self.disagreeing(metric)
        if best is None or not others:
            return ""
        said = "; ".join(
            f"{other.source.label} says {other.shown}{f' on n={other.n:,}' if _other_n(other, best) else ''}"
            for other in others
        )
        return f"Sources disagree: {best.source.label} says {best.shown}; {said}."


def _other_n(one: Outcome, other: Outcome) -> bool:
    return one.n is not None and other.n is not None and one.n != other.n


def outcomes_for(found: Iterable[Outcome]) -> RunOutcomes:
    """Those of one run, from every source that was read, in order. Exact repetitions are one."""
    ordered = sorted(found, key=lambda outcome: outcome.source.rank)
    kept: dict[tuple[object, ...], Outcome] = {}
    for one in ordered:
        kept.setdefault((one.metric, one.value, one.source.kind, one.source.label, one.n), one)
    accuracies = {_of_cases(one): one.value for one in reversed(ordered) if one.metric == "accuracy"}
    return RunOutcomes(
        tuple(
            replace(one, accuracy=accuracies.get(_of_cases(one))) if one.metric == "f1" else one
            for one in kept.values()
        )
    )


def _of_cases(one: Outcome) -> tuple[object, ...]:
    """What two numbers of one source on the same test cases have in common."""
    return one.source.kind, one.source.label, one.source.event, one.n, one.split, one.dataset


def _filled(best: Outcome, agreeing: list[Outcome]) -> Outcome:
    for other in agreeing:
        same_n = best.n is None or other.n is None or best.n == other.n
        best = replace(
            best,
            n=best.n if best.n is not None else other.n,
            prevalence=best.prevalence if best.prevalence is not None else other.prevalence,
            split=best.split or (other.split if same_n else ""),
            dataset=best.dataset or other.dataset,
            confusion=best.confusion or (other.confusion if same_n else None),
            accuracy=best.accuracy if best.accuracy is not None or not same_n else other.accuracy,
        )
    return best


_NUMBER = re.compile(r"[-+]?(?:\d{1,12}(?:\.(\d{1,12}))?|\.(\d{1,12}))\s*(%?)")


def read_value(written: object, metric: Metric) -> tuple[float, int] | None:
    """A number as its source writes it: the value and its digits; None where it is no (finite, possible) number.

    `96.2%`, `96.2` of a share and `0.962` are all 0.962. "20.0 ± 1.2" is 20.0.
    """
    if isinstance(written, bool):
        return None
    text = repr(written) if isinstance(written, int | float) else str(written).strip().strip("*`~ ").split("±")[0]
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    value, digits = float(match[0].rstrip("% ")), len(match[1] or match[2] or "")
    if match[3] or (metric.share and 1 < value <= 100):
        value, digits = round(value / 100, 12), digits + 2
    if not math.isfinite(value) or (metric.share and not 0 <= value <= 1):
        return None
    return value, digits
