"""The check in sentences: what the data says before any model, what a fold cannot say, the one true sentence."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.evalcheck.result import Facts, Fold, GroupFacts, Score
from viewer.plural import counted

NEAR = 0.02
"""F1 within two points of an answer that looks at no text is not read as skill."""

FEW = 10
"""Test rows of a label below which a score rests on single rows."""

RANKS = 0.6
"""A lower end of ROC AUC above this says that the order of the rows is no accident (0.5)."""

NAMED = 5
"""Folds that the one sentence names."""

APART = 0.05
"""A difference in prevalence between groups from which F1 of one cannot be compared with F1 of another."""


def percent(share: float) -> str:
    """`24.1 %`, `100 %`; `under 0.1 %` where rounding would say none."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


def two(value: float) -> str:
    """A score in two decimals."""
    return f"{value:.2f}"


def points(value: float) -> str:
    """A difference of scores in points: `35 points lower`, `1 point higher`, `no point apart`."""
    whole = round(abs(value) * 100)
    if whole == 0:
        return "the same"
    return f"{counted(whole, 'point')} {'lower' if value > 0 else 'higher'}"


def fact_sentences(facts: Facts) -> tuple[str, ...]:
    """What a reader should know before any score."""
    said = [
        f"{group.name} has {counted(group.rows, 'row')}, all {group.only!r}: a score on it says how many were found, "
        "and nothing about false alarms."
        for group in facts.groups[:12]
        if group.only is not None
    ]
    said += _spread(facts.groups, facts.positive)
    if facts.alone is not None and facts.alone.explained >= 0.01:
        right, without = percent(facts.alone.accuracy), percent(facts.alone.majority)
        better = f" and answers {right} of rows right ({without} without it)" if right != without else ""
        explained = percent(facts.alone.explained)
        said.append(
            f"The group alone, with no text, takes away {explained} of the uncertainty about the label{better}."
        )
    return (*said, *_copies(facts))


def _spread(groups: Sequence[GroupFacts], positive: str) -> list[str]:
    if len(groups) < 2:
        return []
    sized = [group for group in groups if group.rows >= FEW] or groups
    low = min(sized, key=lambda group: group.prevalence)
    high = max(sized, key=lambda group: group.prevalence)
    if high.prevalence - low.prevalence < APART:
        return []
    return [
        f"The share of {positive!r} goes from {percent(low.prevalence)} ({low.name}) to {percent(high.prevalence)} "
        f"({high.name}): F1 on one group cannot be set beside F1 on another without its baseline."
    ]


def _copies(facts: Facts) -> list[str]:
    copies = facts.copies
    if copies.exact + copies.near == 0:
        return ["No text is a copy of another."]
    said = (
        f"{counted(copies.exact, 'row repeats', 'rows repeat')} another word for word, {copies.near:,} more nearly; "
        f"{counted(copies.across, 'row has', 'rows have')} a copy in another group, "
        f"{counted(copies.disagreeing, 'row', 'rows')} a copy with another label."
    )
    if copies.leaked:
        said += f" In a random split {percent(copies.leaked)} of the test rows have a copy among the training rows."
    return [said]


def limits(fold: Fold, labels: Sequence[str], tested: Sequence[int], trained: Sequence[int]) -> tuple[str, ...]:
    """What a fold's scores cannot say. `tested` and `trained` are rows by label per split."""
    said = []
    there = [label for label, count in zip(labels, tested, strict=True) if count]
    if len(there) == 1:
        said.append(_single(fold, there[0], labels))
    for label, count in zip(labels, tested, strict=True):
        if 0 < count < FEW and len(there) > 1 and len(labels) <= 5:
            said.append(f"Only {counted(count, 'test row')} of {label!r}: what depends on them rests on single rows.")
    scarce = [(label, count) for label, count in zip(labels, trained, strict=True) if count < FEW]
    for label, count in scarce[:2]:
        said.append(f"Trained on {counted(count, 'row')} of {label!r}: the model hardly knows it.")
    return (*said, *_beside_baseline(fold))


def _single(fold: Fold, label: str, labels: Sequence[str]) -> str:
    if fold.scores["f1"].value is None:
        at = labels.index(label)
        wrong = counted(sum(fold.confusion[at]) - fold.confusion[at][at], "row was", "rows were")
        return f"Every test row is {label!r}, so there is no F1; {wrong} called otherwise."
    return (
        f"Every test row is {label!r}: nothing is mistaken for it, precision is 1 by construction, and F1 says only "
        "how many were found."
    )


def _beside_baseline(fold: Fold) -> list[str]:
    f1, always = fold.scores["f1"].value, fold.baselines.get("always")
    if f1 is None or always is None or f1 > always + NEAR:
        return []
    if f1 < always - NEAR:
        said = f"Below what calling every row the same reaches without a model ({always:.3f})."
    else:
        said = (
            f"F1 {f1:.3f} is what calling every row the same reaches without a model ({always:.3f}): no sign of skill."
        )
    rank = fold.scores["roc_auc"]
    if fold.kind in ("random", "within", "seen") or rank.value is None or rank.low is None or rank.low <= RANKS:
        return [said]
    return [
        said,
        f"The order of the rows says more: ROC AUC {rank.value:.2f}. It is the threshold that does not carry over.",
    ]


def sentence(folds: Sequence[Fold], metric: str) -> str:
    """The whole check in one sentence. `metric` is its name for readers: F1, or macro F1."""
    random = next((fold for fold in folds if fold.kind == "random"), None)
    start = _value(random)
    if random is None or start is None:
        return random.reason if random is not None else ""
    seen = {fold.name: fold for fold in folds if fold.kind == "seen"}
    held = [fold for fold in folds if fold.kind in ("folds", "held", "together") and _value(fold) is not None]
    held.sort(key=lambda fold: (_no_skill(fold), _value(fold)))
    told = [_held(fold, start, seen.get(fold.name)) for fold in held[:NAMED]]
    if len(held) > NAMED:
        told.append(f"{len(held) - NAMED} more below")
    return "; ".join([f"Random split {metric} {two(start)}", *told]) + ("." if told else ". No group was held out.")


def _no_skill(fold: Fold) -> bool:
    """Whether calling every row the same does as well."""
    value, always = _value(fold), fold.baselines.get("always")
    return value is not None and always is not None and abs(value - always) <= NEAR


def _held(fold: Fold, start: float, seen: Fold | None) -> str:
    value = _value(fold) or 0.0
    what = fold.name if fold.kind == "folds" else f"{fold.name} held out"
    text = f"{what} {two(value)}: {points(start - value)}"
    if _no_skill(fold):
        return f"{text}, which calling every row the same gives too"
    before = _value(seen)
    below = round((before - value) * 100) if before is not None else 0
    return text if below <= 0 else f"{text} ({below} below its own rows in the random splits)"


def _value(fold: Fold | None) -> float | None:
    score: Score | None = fold.scores.get("f1") if fold is not None else None
    return score.value if score is not None else None
