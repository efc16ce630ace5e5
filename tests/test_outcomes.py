"""Names of metrics, values as they are written, and which of several sources is believed."""

from __future__ import annotations

import pytest

from viewer.outcomes import METRICS, Confusion, Outcome, Source, SourceKind, known_metric, metric_named, outcomes_for
from viewer.outcomes import read_value as value_of


def f1(value: float, kind: SourceKind, digits: int = 3, n: int | None = None, split: str = "") -> Outcome:
    return Outcome("f1", value, Source(kind, f"the {kind}"), digits, n=n, split=split)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("F1", "f1"),
        ("**F1 (jim_crow)**", "f1"),
        ("eval_f1", "f1"),
        ("F1-score", "f1"),
        ("Test F1", "f1"),
        ("macro-F1", "f1_macro"),
        ("f1_weighted", "f1_weighted"),
        ("Accuracy", "accuracy"),
        ("balanced_accuracy", "balanced_accuracy"),
        ("resolved", "pass@1"),
        ("Loss", None),
        ("files", None),
        ("f1 of the first model", None),
        ("", None),
    ],
)
def test_a_metric_is_known_by_the_ways_it_is_written(written: str, name: str | None) -> None:
    found = metric_named(written)
    assert (found.name if found else None) == name


def test_every_metric_knows_its_own_name_and_label() -> None:
    for metric in METRICS:
        assert metric_named(metric.label) == metric
        assert known_metric(metric.name) == metric


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (0.962, (0.962, 3)),
        ("0.9620", (0.962, 4)),
        ("96.2%", (0.962, 3)),
        ("96.2", (0.962, 3)),
        (96, (0.96, 2)),
        ("**0.95**", (0.95, 2)),
        ("0.95 ± 0.01", (0.95, 2)),
        (1, (1.0, 0)),
        ("120", None),
        ("-0.1", None),
        ("n/a", None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (None, None),
        ("1e3", None),
    ],
)
def test_a_share_is_read_as_its_source_writes_it(written: object, expected: tuple[float, int] | None) -> None:
    assert value_of(written, known_metric("f1")) == expected


def test_a_number_that_is_no_share_keeps_its_size() -> None:
    assert value_of("63.3", known_metric("score")) == (63.3, 1)


def test_the_source_nearest_to_the_owner_is_believed_first() -> None:
    kinds: tuple[SourceKind, ...] = ("reported", "model index", "card table", "typed", "front matter", "published")
    found = outcomes_for([f1(0.9 + place / 100, kind) for place, kind in enumerate(kinds)])
    assert [one.source.kind for one in found.all] == [
        *("typed", "front matter", "card table", "published", "model index", "reported")
    ]


def test_numbers_that_are_rounded_differently_agree() -> None:
    assert f1(0.947, "published").agrees(f1(0.9469, "model index", 4))
    assert not f1(0.947, "published").agrees(f1(0.9561, "model index", 4))
    assert not f1(0.947, "published").agrees(f1(0.946, "model index"))


def test_sources_that_disagree_are_both_kept_and_said() -> None:
    found = outcomes_for([f1(0.9561, "model card text", 4), f1(0.947, "published"), f1(0.947, "reported")])
    best = found.best("f1")
    assert best is not None
    assert best.shown == "0.947"
    assert [one.shown for one in found.disagreeing("f1")] == ["0.9561"]
    assert [one.source.kind for one in found.agreeing("f1")] == ["reported"]
    assert found.disagreement("f1") == ("Sources disagree: the published says 0.947; the model card text says 0.9561.")


def test_one_number_on_two_counts_of_test_cases_is_a_disagreement() -> None:
    found = outcomes_for([f1(0.949, "published", n=357), f1(0.9487, "model card text", 4, n=268)])
    assert found.disagreement("f1").endswith("the model card text says 0.9487 on n=268.")


def test_what_the_best_source_leaves_out_comes_from_one_that_agrees() -> None:
    found = outcomes_for([f1(0.947, "card table"), f1(0.9469, "model index", 4, n=357, split="random")])
    best = found.best("f1")
    assert best is not None
    assert (best.source.kind, best.n, best.split) == ("card table", 357, "random")
    other = outcomes_for([f1(0.947, "card table"), f1(0.9561, "model index", 4, n=357)]).best("f1")
    assert other is not None
    assert other.n is None


def test_accuracy_of_the_same_source_and_cases_goes_with_f1() -> None:
    card = Source("model index", "card")
    both = (Outcome("f1", 0.96, card, n=357), Outcome("accuracy", 0.97, card, n=357))
    other = Outcome("accuracy", 0.5, Source("reported", "agent"), n=357)
    best = outcomes_for([*both, other]).best("f1")
    assert best is not None
    assert best.accuracy == 0.97
    filled = outcomes_for([f1(0.96, "published", n=357), Outcome("f1", 0.96, card), Outcome("accuracy", 0.97, card)])
    best = filled.best("f1")
    assert best is not None
    assert (best.source.kind, best.accuracy) == ("published", 0.97)


def test_the_same_outcome_twice_is_one() -> None:
    assert len(outcomes_for([f1(0.9, "card table"), f1(0.9, "card table")]).all) == 1


def test_nothing_known_is_nothing() -> None:
    found = outcomes_for([])
    assert (found.best("f1"), found.metrics, found.disagreement("f1")) == (None, (), "")


def test_counts_give_f1_and_accuracy() -> None:
    counts = Confusion(tp=101, fp=5, fn=3, tn=248)
    assert counts.f1 == pytest.approx(0.9619, abs=1e-4)
    assert counts.accuracy == pytest.approx(0.9776, abs=1e-4)
    assert Confusion(0, 0, 0, 5).f1 is None
