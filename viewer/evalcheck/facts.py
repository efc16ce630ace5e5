"""What is known before any model: rows, prevalence, groups, what the group alone says, copies. NumPy alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from viewer.evalcheck.result import Copies, Facts, GroupAlone, GroupFacts
from viewer.evalcheck.rows import Integers, Rows
from viewer.evalcheck.scores import confusion, counted_scores, ranked_scores
from viewer.evalcheck.words import fact_sentences

FOLDS = 5
SHOWN = 200
"""Groups whose facts are listed, the largest."""


def facts_of(rows: Rows, copies: Copies, seed: int) -> Facts:
    """The facts of all rows."""
    counts = np.bincount(rows.y, minlength=len(rows.labels))
    code = shown_label(rows)
    groups = tuple(
        _group(rows, name, of_group, code) for name, of_group in zip(rows.groups, rows.by_group(), strict=False)
    )
    labels = {name: int(count) for name, count in zip(rows.labels, counts, strict=True)}
    prevalence = float(counts[code] / counts.sum())
    alone = _alone(rows, seed) if len(groups) > 1 else None
    facts = Facts(len(rows.y), labels, rows.labels[code], prevalence, groups[:SHOWN], len(groups), alone, copies, ())
    return replace(facts, sentences=fact_sentences(facts))


def shown_label(rows: Rows) -> int:
    """Code of the label whose share is called prevalence: the positive one of two, else the commonest."""
    return 1 if rows.binary else int(np.bincount(rows.y).argmax())


def _group(rows: Rows, name: str, counts: Integers, code: int) -> GroupFacts:
    labels = {rows.labels[i]: int(count) for i, count in enumerate(counts) if count}
    only = next(iter(labels)) if len(labels) == 1 else None
    return GroupFacts(name, int(counts.sum()), labels, float(counts[code] / counts.sum()), only)


def _alone(rows: Rows, seed: int) -> GroupAlone:
    """Predict each row's label from its group, by the labels of that group in the other folds."""
    labels = len(rows.labels)
    fold = np.random.default_rng(seed).permutation(len(rows.y)) % FOLDS
    shares = np.zeros((len(rows.y), labels))
    majority = np.zeros(len(rows.y), dtype=np.int64)
    for number in range(FOLDS):
        train, test = fold != number, fold == number
        overall = np.bincount(rows.y[train], minlength=labels)
        table = rows.by_group(np.flatnonzero(train)) + overall / overall.sum()  # a new group is as all rows are
        shares[test] = (table / table.sum(axis=1, keepdims=True))[rows.g[test]]
        majority[test] = overall.argmax()
    codes = shares.argmax(axis=1)
    return GroupAlone(
        accuracy=float((codes == rows.y).mean()),
        majority=float((majority == rows.y).mean()),
        f1=counted_scores(confusion(rows.y, codes, labels), rows.binary)["f1"],
        roc_auc=ranked_scores(rows.y, shares)["roc_auc"],
        explained=_explained(rows),
    )


def _explained(rows: Rows) -> float:
    """The uncertainty coefficient: mutual information of group and label by the entropy of the label."""
    joint = rows.by_group() / len(rows.y)
    by_group, by_label = joint.sum(axis=1, keepdims=True), joint.sum(axis=0, keepdims=True)
    there = joint > 0
    information = float((joint[there] * np.log(joint[there] / (by_group * by_label)[there])).sum())
    shares = by_label[by_label > 0]
    return information / float(-(shares * np.log(shares)).sum())
