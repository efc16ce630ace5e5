"""The evaluation that nobody ran: what a random split says of a labelled dataset, and what held-out groups say.

`check` takes a table and gives a `CheckResult`. The facts come first and are handed on before any model is trained. The
same table, options and seed give the same numbers. The other modules here are its parts: rows, copies, facts,
splits, model, scores, words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from viewer.evalcheck.copies import copies_of, find_copies
from viewer.evalcheck.facts import facts_of, shown_label
from viewer.evalcheck.model import METHOD, Predicted, Vectors, drivers, fit_predict, vectorise
from viewer.evalcheck.result import CheckResult, Facts, Fold, Kind, Options, Score, Terms
from viewer.evalcheck.rows import Floats, Integers, Rows, rows_of, sampled
from viewer.evalcheck.scores import averaged, baselines, confusion, pooled
from viewer.evalcheck.splits import TEST_SHARE, Split, guessed_together, plan
from viewer.evalcheck.table import LabelledTable, TableError
from viewer.evalcheck.words import limits, sentence

MAX_REPEATS = 50
TOP_TERMS = 12
MAX_TERM_GROUPS = 12
_AVERAGED: tuple[Kind, ...] = ("random", "apart", "folds", "within")


class Watcher(Protocol):
    """Who is told how far a check is. Each call may raise, which ends the check."""

    def step(self, doing: str, done: int, of: int) -> None:
        """So much of this is done."""

    def facts(self, facts: Facts) -> None:
        """What is known before any model."""


def check(table: LabelledTable, options: Options, watcher: Watcher) -> CheckResult:
    """Check a table. Raises TableError where there is nothing to check."""
    if not 1 <= options.repeats <= MAX_REPEATS:
        raise TableError(f"The number of random splits must be from 1 to {MAX_REPEATS}, not {options.repeats}.")
    rows, notes = rows_of(table, options)
    options = _filled(rows, options)
    clusters = find_copies(rows.texts, lambda done: watcher.step("Looking for copies", done, len(rows.texts)))
    fitted = sampled(rows, options.seed)
    few = rows.take(fitted)
    splits = plan(few, clusters.near[fitted], options)
    facts = facts_of(rows, copies_of(rows, clusters, splits[0].parts, fitted), options.seed)
    watcher.facts(facts)
    vectors = vectorise(few.texts, lambda done: watcher.step("Counting words", done, len(few.texts)))
    folds = _folds(few, vectors, splits, options.seed, watcher)
    return CheckResult(
        source=table.source,
        columns=table.columns,
        options=options,
        facts=facts,
        fitted=len(fitted),
        folds=folds,
        terms=_terms(few, vectors, watcher),
        sentence=sentence(folds, "F1" if rows.binary else "macro F1"),
        method=(*METHOD, *_how(options)),
        notes=(*table.notes, *notes, *_sampling(rows, few)),
    )


def _filled(rows: Rows, options: Options) -> Options:
    """The options with the guesses filled in. Raises TableError for a group that is not there."""
    missing = [name for name in options.together if name not in rows.groups]
    if missing:
        raise TableError(f"There is no group {missing[0]!r} to hold out.")
    positive = rows.labels[1] if rows.binary else ""
    return replace(options, positive=positive, together=options.together or guessed_together(rows))


def _folds(rows: Rows, vectors: Vectors, splits: Sequence[Split], seed: int, watcher: Watcher) -> tuple[Fold, ...]:
    """Every split scored, and each group's rows within the random splits."""
    of = sum(len(split.parts) for split in splits)
    done = 0
    folds: list[Fold] = []
    seen: list[Fold] = []
    for split in splits:
        answers = []
        for train, test in split.parts:
            watcher.step(f"Training: {split.name}", done, of)
            answers.append(fit_predict(vectors, rows, train, test))
            done += 1
        folds.append(_fold(rows, split, answers, seed))
        if split.kind == "random" and split.parts:
            names = [other.name for other in splits if other.kind == "held"]
            seen = [_seen(rows, split, answers, name, seed) for name in names]
    held = next((at for at, fold in enumerate(folds) if fold.kind == "held"), len(folds))
    return (*folds[:held], *seen, *folds[held:])


def _fold(rows: Rows, split: Split, answers: Sequence[Predicted], seed: int) -> Fold:
    if not split.parts:
        return Fold(split.kind, split.name, split.groups, 0, 0, 0, None, {}, {}, reason=split.reason)
    overlap = TEST_SHARE / (1 - TEST_SHARE) if split.kind != "folds" else 1 / (len(answers) - 1 or 1)
    mean = split.kind in _AVERAGED and len(answers) > 1
    scores = averaged(rows, answers, overlap) if mean else pooled(rows, answers, seed)
    return _described(rows, split, answers, scores)


def _seen(rows: Rows, random: Split, answers: Sequence[Predicted], name: str, seed: int) -> Fold:
    """A group's rows within the random splits: the same rows as when it is held out, but with its others trained on."""
    code = rows.groups.index(name)
    own = []
    for answer in answers:
        at = np.flatnonzero(rows.g[answer.test] == code)
        own.append(Predicted(answer.test[at], answer.codes[at], answer.scores[at]))
    parts = tuple((train, answer.test) for (train, _), answer in zip(random.parts, own, strict=True))
    split = Split("seen", name, (name,), parts)
    if not any(len(answer.test) for answer in own):
        return Fold("seen", name, (name,), 0, 0, 0, None, {}, {}, reason=f"No random split tests a row of {name}.")
    return _described(rows, split, own, pooled(rows, own, seed))


def _described(rows: Rows, split: Split, answers: Sequence[Predicted], scores: Mapping[str, Score]) -> Fold:
    labels = len(rows.labels)
    splits = len(split.parts)
    counts = sum(confusion(rows.y[answer.test], answer.codes, labels) for answer in answers)
    tested = np.bincount(np.concatenate([rows.y[test] for _, test in split.parts]), minlength=labels)
    trained = np.bincount(np.concatenate([rows.y[train] for train, _ in split.parts]), minlength=labels)
    fold = Fold(
        kind=split.kind,
        name=split.name,
        groups=split.groups,
        train=round(trained.sum() / splits),
        test=round(tested.sum() / splits),
        splits=splits,
        prevalence=float(tested[shown_label(rows)] / tested.sum()),
        scores=scores,
        baselines=baselines(rows, [part for part in split.parts if len(part[1])]),
        confusion=tuple(tuple(int(cell) for cell in line) for line in np.asarray(counts)),
    )
    few = _whole(tested) if split.kind == "seen" else _whole(tested / splits)
    return replace(fold, limits=limits(fold, rows.labels, few, _whole(trained / splits)))


def _whole(counts: Integers | Floats) -> list[int]:
    return [int(count) for count in np.ceil(counts)]


def _terms(rows: Rows, vectors: Vectors, watcher: Watcher) -> tuple[Terms, ...]:
    """For all rows, then for each group: what pulls its rows toward the positive label, or toward its commonest."""
    watcher.step("Reading the terms", 0, 1)
    groups = [(name, rows.of_group(name)) for name in rows.groups[:MAX_TERM_GROUPS]] if len(rows.groups) > 1 else []
    wanted = [("all rows", np.arange(len(rows.y), dtype=np.int64)), *((name, at) for name, at in groups if len(at))]
    codes = [1 if rows.binary else int(np.bincount(rows.y[at]).argmax()) for _, at in wanted]
    found = drivers(vectors, rows, [(at, code) for (_, at), code in zip(wanted, codes, strict=True)], TOP_TERMS)
    return tuple(
        Terms(name, rows.labels[code], toward, against)
        for (name, _), code, (toward, against) in zip(wanted, codes, found, strict=True)
    )


def _how(options: Options) -> tuple[str, ...]:
    return (
        f"Random splits: {options.repeats} stratified splits, {TEST_SHARE:.0%} of rows tested, seed {options.seed}: "
        "their mean, with the corrected resampled t interval for it (Nadeau and Bengio, 2003).",
        "Held-out groups: one model each; the interval is a bootstrap of the test rows (percentiles). It says nothing "
        "of which groups there are: with few of them, the next one may lie far outside.",
    )


def _sampling(rows: Rows, few: Rows) -> tuple[str, ...]:
    if len(few.y) == len(rows.y):
        return ()
    return (
        f"Models saw {len(few.y):,} of {len(rows.y):,} rows, drawn at random with the seed; small groups are whole. "
        "Facts and copies are of all rows.",
    )
