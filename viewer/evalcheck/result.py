"""What the evaluation check says: facts of the data, folds with their scores, terms. All of it becomes JSON as it is.

Shares and scores are numbers from 0 to 1. A score that cannot be is `None` with its reason, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from viewer.evalcheck.table import Columns, TableSource

Metric = Literal["f1", "precision", "recall", "balanced_accuracy", "average_precision", "roc_auc"]
METRICS: tuple[Metric, ...] = get_args(Metric)

Kind = Literal["random", "apart", "folds", "within", "seen", "held", "together"]
"""`random`: repeated stratified random splits. `apart`: the same with copies of a text on one side. `folds`: whole
groups in turn, where there are many. `within`: random splits of one group's rows. `seen`: one group's rows in the
random splits, where its other rows were trained on. `held`: one group held out. `together`: chosen groups held out."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its 95 % interval, or the reason why there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """One way to split, scored.

    `train` and `test` are rows per split (their mean, rounded), `splits` how many there were. `prevalence` is the share
    of the positive label among the test rows, with more than two labels that of the commonest label in training.
    `baselines` are F1 values of answers that look at no text. `reason` says why nothing is scored; `limits` what the
    scores cannot say.
    """

    kind: Kind
    name: str
    groups: tuple[str, ...]
    train: int
    test: int
    splits: int
    prevalence: float | None
    scores: Mapping[str, Score]
    baselines: Mapping[str, float | None]
    confusion: tuple[tuple[int, ...], ...] = ()
    """Counts by true label, then predicted label, summed over the splits; labels in the order of `Facts.labels`."""
    reason: str = ""
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """One group: its rows, by label, and the share of the positive (or, of several, the commonest) label."""

    name: str
    rows: int
    labels: Mapping[str, int]
    prevalence: float
    only: str | None
    """The one label that all its rows have, if so."""


@dataclass(frozen=True, slots=True)
class GroupAlone:
    """How well the group alone predicts the label, with no text: each row from the other four fifths of the rows.

    `accuracy` of answering each group's commonest label, beside `majority`, of answering the commonest label of all.
    `roc_auc` ranks rows by their group's share of the positive label. `explained` is the share of the uncertainty about
    the label (its entropy) that the group takes away in the data as a whole.
    """

    accuracy: float
    majority: float
    f1: float | None
    roc_auc: float | None
    explained: float


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two rows of nearly the same text; row numbers count from 1 among the rows that were kept."""

    rows: tuple[int, int]
    groups: tuple[str, str]
    labels: tuple[str, str]
    similarity: float
    text: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Rows that repeat another row's text: word for word (`exact`), or nearly (`near`, exact ones not counted)."""

    exact: int
    near: int
    across: int
    """Rows with a copy in another group."""
    disagreeing: int
    """Rows with a copy that has another label."""
    leaked: float | None
    """Share of the test rows of the random splits that have a copy among the training rows."""
    pairs: tuple[CopyPair, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before any model."""

    rows: int
    labels: Mapping[str, int]
    """Rows by label; of two labels the positive one last."""
    positive: str
    """The positive label; of more than two, the commonest."""
    prevalence: float
    groups: tuple[GroupFacts, ...]
    """The largest of them."""
    group_count: int
    alone: GroupAlone | None
    copies: Copies
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What drives the prediction for the rows of one group: terms with their mean share in the score."""

    group: str
    label: str
    toward: tuple[tuple[str, float], ...]
    against: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may choose of a check."""

    positive: str = ""
    """The label that counts as positive; "" leaves it to a guess. With more than two labels it says nothing."""
    together: tuple[str, ...] = ()
    """Groups to hold out together; none leaves it to a guess."""
    seed: int = 42
    repeats: int = 10


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A whole check."""

    source: TableSource
    columns: Columns
    options: Options
    """As they were used: the guesses filled in."""
    facts: Facts
    fitted: int
    """Rows that models were trained and tested on; fewer than `facts.rows` where there are many."""
    folds: tuple[Fold, ...]
    terms: tuple[Terms, ...]
    sentence: str
    method: tuple[str, ...]
    notes: tuple[str, ...]
