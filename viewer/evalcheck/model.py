"""The model of the check: TF-IDF of words and word pairs, and logistic regression, by scikit-learn.

Terms are counted once for all rows. For each split, terms that are in fewer than two training texts are dropped and the
weights are learnt from the training rows alone, which gives what `TfidfVectorizer` fitted on them would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from viewer.evalcheck.rows import Floats, Integers, Rows
from viewer.evalcheck.table import TableError

Shares: TypeAlias = tuple[tuple[str, float], ...]

WORDS = (1, 2)
"""Single words and pairs of neighbours."""

MIN_TEXTS = 2
MAX_TERMS = 50_000
COMMON = 0.5
"""Share of the texts from which a term is too common to tell anything."""

STEPS = 1_000
"""Most steps of the solver."""

METHOD = (
    "TF-IDF of words and word pairs (in at least 2 training texts, sublinear counts, at most 50,000 terms), learnt "
    "from the training rows of each split.",
    "Logistic regression, C = 1, balanced class weights; a row is called what has the highest probability.",
)


@dataclass(frozen=True, slots=True)
class Vectors:
    """How often each term is in each text: a sparse matrix of rows by terms, and the terms."""

    counts: Any
    terms: Any


@dataclass(frozen=True, slots=True)
class Predicted:
    """Answers for the test rows of one split.

    `scores` has a column for each label; of a label that was not trained on it is the lowest of the row.
    """

    test: Integers
    codes: Integers
    scores: Floats


def vectorise(texts: tuple[str, ...], step: Callable[[int], None]) -> Vectors:
    """Count terms; `step` is told how many texts are done, and may raise. Raises TableError for texts without words."""
    from sklearn.feature_extraction.text import CountVectorizer

    def told() -> Iterator[str]:
        for done, text in enumerate(texts):
            if done % 500 == 0:
                step(done)
            yield text

    counter = CountVectorizer(ngram_range=WORDS, min_df=MIN_TEXTS, dtype=np.int32)
    try:
        counts = counter.fit_transform(told()).tocsr()
    except ValueError as error:
        raise TableError("No word is in two of the texts: is this the text column?") from error
    return Vectors(counts, counter.get_feature_names_out())


def fit_predict(vectors: Vectors, rows: Rows, train: Integers, test: Integers) -> Predicted:
    """Train on some rows and answer for others."""
    weights, inside, model = _fitted(vectors, rows, train)
    known = weights.transform(vectors.counts[test][:, inside])
    decided = np.asarray(model.decision_function(known), dtype=np.float64)
    if decided.ndim == 1:
        decided = np.column_stack([-decided, decided])
    scores = np.repeat(decided.min(axis=1, keepdims=True), len(rows.labels), axis=1)
    scores[:, model.classes_] = decided
    return Predicted(test, model.classes_[decided.argmax(axis=1)], scores)


def drivers(
    vectors: Vectors, rows: Rows, wanted: Sequence[tuple[Integers, int]], top: int
) -> list[tuple[Shares, Shares]]:
    """For each pair of rows and a label's code: terms that pull those rows toward the label, and away from it.

    A term's number is its coefficient, in a model of all rows, times its mean TF-IDF weight in those rows: its share in
    their mean score. Terms of more than half of all texts move every row alike and are left out.
    """
    weights, inside, model = _fitted(vectors, rows, np.arange(len(rows.y), dtype=np.int64))
    texts = np.bincount(vectors.counts.indices, minlength=vectors.counts.shape[1])[inside]
    telling = texts <= COMMON * len(rows.y)
    names = vectors.terms[inside]
    found = []
    for at, code in wanted:
        coefficients = model.coef_[0] if rows.binary else model.coef_[code] - model.coef_.mean(axis=0)
        share = coefficients * np.asarray(weights.transform(vectors.counts[at][:, inside]).mean(axis=0)).ravel()
        share = np.where(telling, share, 0.0)
        order = np.argsort(share, kind="stable")
        toward = tuple((str(names[i]), float(share[i])) for i in order[::-1][:top] if share[i] > 0)
        found.append((toward, tuple((str(names[i]), float(share[i])) for i in order[:top] if share[i] < 0)))
    return found


def _fitted(vectors: Vectors, rows: Rows, train: Integers) -> tuple[Any, Integers, Any]:
    """Weights, terms in use and model of some rows."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    seen = vectors.counts[train]
    texts = np.bincount(seen.indices, minlength=seen.shape[1])
    inside = np.flatnonzero(texts >= MIN_TEXTS)
    if len(inside) > MAX_TERMS:
        often = np.asarray(seen.sum(axis=0)).ravel()[inside]
        inside = np.sort(inside[np.argsort(-often, kind="stable")[:MAX_TERMS]])
    if len(inside) == 0:
        inside = np.flatnonzero(texts > 0)
    weights = TfidfTransformer(sublinear_tf=True)
    known = weights.fit_transform(seen[:, inside])
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=STEPS)
    with threadpool_limits(
        limits=1
    ):  # vectors this short are faster without threads: 7 times, where others compute too
        model.fit(known, rows.y[train])
    return weights, inside, model
