"""The evaluation check: its numbers against scikit-learn used by itself, its facts, folds that cannot be scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from tests.labelled import Silent, coded, fold, gap_rows, sample_table, table, value
from viewer.evalcheck import check as evalcheck
from viewer.evalcheck.check import check
from viewer.evalcheck.data import EvalData, Wanted
from viewer.evalcheck.facts import facts_of
from viewer.evalcheck.result import CheckResult, Copies, Options
from viewer.evalcheck.table import Columns, LabelledTable, TableError
from viewer.evalcheck.uploads import Uploads

SHARE = pytest.approx
LAWS = Columns(("section_text",), "jim_crow", "source")


class Plain:
    """The same model by scikit-learn's own pipeline, fitted anew on the training rows of each split."""

    def __init__(self, data: LabelledTable, positive: str) -> None:
        self.texts = np.array(data.texts, dtype=object)
        self.y = np.array([label == positive for label in data.labels]).astype(int)
        self.groups = np.array(data.groups)

    def scores(self, train: Any, test: Any) -> dict[str, float]:
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
            LogisticRegression(class_weight="balanced", max_iter=1000),
        )
        with threadpool_limits(limits=1):  # the tests of others compute too
            model.fit(self.texts[train], self.y[train])
        said, order = model.predict(self.texts[test]), model.decision_function(self.texts[test])
        y = self.y[test]
        found = {"f1": f1_score(y, said), "precision": precision_score(y, said), "recall": recall_score(y, said)}
        if len(set(y)) > 1:
            found |= {
                "balanced_accuracy": balanced_accuracy_score(y, said),
                "average_precision": average_precision_score(y, order),
                "roc_auc": roc_auc_score(y, order),
            }
        return {name: float(score) for name, score in found.items()}

    def held(self, groups: Sequence[str]) -> dict[str, float]:
        inside = np.isin(self.groups, groups)
        return self.scores(np.flatnonzero(~inside), np.flatnonzero(inside))

    def random(self, seed: int, repeats: int) -> dict[str, float]:
        splits = StratifiedShuffleSplit(repeats, test_size=0.2, random_state=seed).split(self.y, self.y)
        every = [self.scores(train, test) for train, test in splits]
        return {name: float(np.mean([scores[name] for scores in every])) for name in every[0]}


def agrees(result: CheckResult, plain: Plain, kind: str, groups: Sequence[str]) -> None:
    name = " + ".join(groups)
    found = {
        metric: score.value
        for metric, score in fold(result.folds, kind, name).scores.items()
        if score.value is not None
    }
    assert found == pytest.approx(plain.held(groups), abs=1e-6)


@pytest.fixture(scope="module")
def laws(sample_data: Path) -> tuple[LabelledTable, CheckResult]:
    """The real data of the race, checked once."""
    path = sample_data / "on_the_books" / "training_set_v2.csv"
    if not path.is_file():
        pytest.skip("the sample data holds no on_the_books")
    data = EvalData(path, None, Uploads())
    rows = data.load(data.open(Wanted("sample"), None, ""), LAWS, lambda done: None)
    return rows, check(rows, Options(repeats=2), Silent())


def test_the_real_data_has_the_published_rows_and_shares(laws: tuple[LabelledTable, CheckResult]) -> None:
    facts = laws[1].facts
    assert (facts.rows, facts.positive) == (1785, "1")
    assert facts.prevalence == SHARE(0.2868, abs=1e-4)
    groups = {group.name: (group.rows, round(100 * group.prevalence, 1), group.only) for group in facts.groups}
    assert groups == {"project experts": (1673, 24.1, None), "paschal": (74, 100.0, "1"), "murray": (38, 92.1, None)}


def test_on_the_real_data_a_held_out_source_is_over_twenty_points_below_the_random_split(
    laws: tuple[LabelledTable, CheckResult],
) -> None:
    folds = laws[1].folds
    random, murray = fold(folds, "random"), fold(folds, "held", "murray")
    assert value(random) == SHARE(0.88, abs=0.03)
    assert value(random) - value(murray) > 0.2
    assert value(fold(folds, "seen", "murray")) - value(murray) > 0.1  # the same rows, their source in training
    assert "murray held out 0.54: 3" in laws[1].sentence
    assert {len(fold(folds, "held", name).limits) > 0 for name in ("murray", "paschal", "project experts")} == {True}


def test_on_the_real_data_an_f1_that_always_positive_reaches_is_not_read_as_skill(
    laws: tuple[LabelledTable, CheckResult],
) -> None:
    experts = fold(laws[1].folds, "held", "project experts")
    assert value(experts) == SHARE(0.389, abs=0.001)
    assert experts.baselines["always"] == SHARE(0.388, abs=0.001)
    assert any("no sign of skill" in limit for limit in experts.limits)
    assert any("ROC AUC 0.76" in limit for limit in experts.limits)


def test_the_numbers_of_the_real_data_are_those_of_scikit_learn(laws: tuple[LabelledTable, CheckResult]) -> None:
    rows, result = laws
    plain = Plain(rows, "1")
    random = {metric: score.value for metric, score in fold(result.folds, "random").scores.items()}
    assert random == pytest.approx(plain.random(42, 2), abs=1e-6)
    agrees(result, plain, "held", ["murray"])
    agrees(result, plain, "together", ["paschal", "murray"])


@pytest.fixture(scope="module")
def sample() -> tuple[LabelledTable, CheckResult]:
    """The built-in sample, checked once."""
    rows = sample_table()
    return rows, check(rows, Options(repeats=4), Silent())


def test_the_built_in_sample_shows_such_a_gap(sample: tuple[LabelledTable, CheckResult]) -> None:
    result = sample[1]
    assert value(fold(result.folds, "random")) > 0.85
    assert value(fold(result.folds, "random")) - value(fold(result.folds, "held", "Valley digest")) > 0.2
    shares = {group.name: (group.rows, round(100 * group.prevalence, 1)) for group in result.facts.groups}
    assert shares == {"clerk's sample": (602, 25.2), "Harbour list": (74, 100.0), "Valley digest": (38, 92.1)}
    assert any("made-up" in note for note in result.notes)


def test_the_numbers_of_the_sample_are_those_of_scikit_learn(sample: tuple[LabelledTable, CheckResult]) -> None:
    rows, result = sample
    plain = Plain(rows, "1")
    random = {metric: score.value for metric, score in fold(result.folds, "random").scores.items()}
    assert random == pytest.approx(plain.random(42, 4), abs=1e-6)
    for group in ("clerk's sample", "Harbour list", "Valley digest"):
        agrees(result, plain, "held", [group])


@pytest.fixture(scope="module")
def gap() -> CheckResult:
    return check(table(gap_rows()), Options(repeats=2), Silent())


def test_the_facts_come_before_any_model() -> None:
    watcher = Silent()
    check(table(gap_rows()), Options(repeats=2), watcher)
    [facts] = watcher.known
    assert facts.rows == 160
    assert not [step for step in watcher.steps[: watcher.steps.index("Counting words")] if step.startswith("Training")]


def test_a_check_ends_where_its_watcher_says(gap: CheckResult) -> None:
    class Impatient(Silent):
        def step(self, doing: str, done: int, of: int) -> None:
            if doing.startswith("Training"):
                raise InterruptedError

    with pytest.raises(InterruptedError):
        check(table(gap_rows()), Options(repeats=2), Impatient())


def test_the_same_seed_gives_the_same_result_and_another_one_other_splits(gap: CheckResult) -> None:
    again = check(table(gap_rows()), Options(repeats=2), Silent())
    other = check(table(gap_rows()), Options(repeats=2, seed=7), Silent())
    assert again == gap
    assert value(fold(other.folds, "held", "old")) == value(fold(gap.folds, "held", "old"))
    assert fold(other.folds, "random") != fold(gap.folds, "random")


def test_groups_of_a_single_class_are_named_and_their_scores_say_so(gap: CheckResult) -> None:
    assert [group.only for group in gap.facts.groups] == [None, "1", None]
    assert gap.facts.sentences[0].startswith("list has 20 rows, all '1'")
    only = fold(gap.folds, "held", "list")
    assert value(only, "precision") == 1.0
    assert only.scores["roc_auc"].value is None
    assert only.scores["roc_auc"].reason == "all rows are '1'"
    assert only.limits[0].startswith("Every test row is '1'")


def test_folds_that_cannot_be_scored_say_why(gap: CheckResult) -> None:
    reasons = {one.name: one.reason for one in gap.folds if one.reason}
    assert reasons == {
        "list": "All 20 rows of list are '1': there is nothing to tell apart.",
        "old": "old has 2 rows of '0'; 5 are needed so that training and test both have some.",
    }


def test_a_group_without_which_one_class_is_left_cannot_be_held_out() -> None:
    rows = [*gap_rows()[:120], *[row for row in gap_rows() if row[2] == "list"]]
    found = fold(check(table(rows), Options(repeats=2), Silent()).folds, "held", "large")
    assert found.reason == "Without large every row left to train on is '1'."


def test_a_held_out_group_without_positive_rows_has_no_f1_and_says_how_many_were_called_positive() -> None:
    rows = [*gap_rows(), *[(one[0], "0", "none") for one in gap_rows()[1:12:2]]]
    found = fold(check(table(rows), Options(repeats=2), Silent()).folds, "held", "none")
    assert found.scores["f1"].value is None
    assert found.limits[0].startswith("Every test row is '0', so there is no F1; ")


def test_nearly_one_sided_groups_are_held_out_together_unless_others_are_chosen(gap: CheckResult) -> None:
    assert fold(gap.folds, "together").name == "list + old"
    chosen = check(table(gap_rows()), Options(repeats=2, together=("old", "large")), Silent())
    assert fold(chosen.folds, "together").name == "old + large"


def test_two_labels_are_taken_as_their_names_say_and_can_be_turned_round() -> None:
    turned = check(table(gap_rows()), Options(repeats=2, positive="0"), Silent())
    assert (turned.facts.positive, turned.options.positive) == ("0", "0")
    assert turned.facts.prevalence == SHARE(92 / 160)


def test_several_labels_are_scored_as_means_over_those_of_the_test_rows() -> None:
    names = {"tax": "money", "tree": "land", "toll": "old"}
    rows = [(one[0], next(names[word] for word in names if word in one[0].split()), one[2]) for one in gap_rows()]
    data = table(rows)
    result = check(data, Options(repeats=2), Silent())
    assert result.facts.labels == {"land": 92, "money": 50, "old": 18}
    train = np.array([one[2] != "large" for one in rows])
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(class_weight="balanced", max_iter=1000),
    )
    texts, labels = np.array(data.texts, dtype=object), np.array(data.labels)
    said = model.fit(texts[train], labels[train]).predict(texts[~train])
    expected = f1_score(labels[~train], said, labels=["land", "money"], average="macro")
    assert value(fold(result.folds, "held", "large")) == SHARE(expected)
    assert result.sentence.startswith("Random split macro F1 ")


def test_without_a_group_column_there_are_random_splits_alone() -> None:
    result = check(table(gap_rows(), group=""), Options(repeats=2), Silent())
    assert {one.kind for one in result.folds} <= {"random", "apart"}
    assert result.sentence.endswith("No group was held out.")
    assert (result.facts.groups, result.facts.alone) == ((), None)


def test_with_many_groups_whole_groups_are_split_in_five_and_the_largest_held_out() -> None:
    rows = [(one[0], one[1], f"g{at % 15}") for at, one in enumerate(gap_rows()[:120])]
    result = check(table(rows), Options(repeats=1), Silent())
    assert fold(result.folds, "folds").splits == 5
    assert len([one for one in result.folds if one.kind == "held"]) == 12


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        ([], {}, "No row has both a text and a label (label): choose other columns."),
        ([("a b", "1", "g")] * 9, {}, "There is nothing to tell apart: every row of label is '1'."),
        (
            [("a b", "1", "g")] * 9 + [("a b", "0", "g")],
            {},
            "There is nothing to tell apart: every row of label is '1' except 1 row of rarer values.",
        ),
        (
            [(f"a {at}", str(at), "g") for at in range(60)],
            {},
            "label has 60 different values: choose a label column with at most 50.",
        ),
        (
            [(f"w{at}", str(at % 2), "g") for at in range(20)],
            {},
            "No word is in two of the texts: is this the text column?",
        ),
        (
            [(one[0], one[1], str(at)) for at, one in enumerate(gap_rows())],
            {},
            "source has 160 different values in 160 rows: groups need several rows each. Choose another group column, "
            "or none.",
        ),
        (gap_rows(), {"positive": "yes"}, "No label is 'yes': the positive label is '1' or '0'."),
        (gap_rows(), {"together": ("x", "old")}, "There is no group 'x' to hold out."),
        (gap_rows(), {"repeats": 0}, "The number of random splits must be from 1 to 50, not 0."),
    ],
)
def test_what_cannot_be_checked_says_why(
    rows: list[tuple[str, str, str]], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(TableError) as caught:
        check(table(rows), Options(**options), Silent())
    assert str(caught.value) == sentence


def test_labels_of_too_few_rows_are_left_out_and_counted() -> None:
    rows = [*gap_rows(), ("a lonely road", "maybe", "large")]
    result = check(table(rows), Options(repeats=2), Silent())
    assert result.facts.rows == 160
    assert "1 row is left out: its label ('maybe') has fewer than 5 rows." in result.notes


def test_a_group_of_which_no_row_is_fitted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalcheck, "sampled", lambda rows, seed: np.flatnonzero(rows.g != rows.groups.index("old")))
    result = check(table(gap_rows()), Options(repeats=1, together=("large", "list")), Silent())
    reasons = {one.kind: one.reason for one in result.folds if one.name == "old"}
    assert set(reasons.values()) == {
        "No row of old is among those that are fitted.",
        "No random split tests a row of old.",
    }
    assert fold(result.folds, "together").reason == "No group is left to train on."
    assert "Models saw 140 of 160 rows" in result.notes[-1]


def test_facts_of_many_groups_list_the_largest_and_count_all() -> None:
    rows = [(f"some text {at} {at % 7}", str(at % 2), f"g{at // 3}") for at in range(900)]
    facts = facts_of(coded(rows), Copies(0, 0, 0, 0, None, ()), 1)
    assert (len(facts.groups), facts.group_count) == (200, 300)


def test_terms_that_drive_the_prediction_are_named_for_each_group(gap: CheckResult) -> None:
    terms = {one.group: [term for term, _ in one.toward] for one in gap.terms}
    assert terms["all rows"][0] == "tax"
    assert terms["list"][0] == "tax"
    assert terms["old"][0] == "toll"
    assert "tree" not in [term for term, _ in gap.terms[0].against]  # in more than half of the texts
