"""How a model was evaluated, by the code that the agent wrote and ran."""

from __future__ import annotations

import pytest

from tests.annotations.story import Story
from viewer.annotations.eval_method import ANNOTATOR

HEAD = "from sklearn.model_selection import *\n"


def methods(code: str) -> set[str]:
    story = Story()
    story.bash(f"python - <<'EOF'\n{HEAD}{code}\nEOF")
    return {found.facts["method"] for found in story.found(ANNOTATOR)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("train_test_split(x, y, test_size=0.2)", {"random split"}),
        ("ds.train_test_split(test_size=0.2, seed=42)", {"random split", "fixed seed"}),
        ("train_test_split(x, y, stratify=y)", {"stratified split"}),
        ("train_test_split(x, y, stratify=None)", {"random split"}),
        ("ds.train_test_split(0.2, stratify_by_column='label')", {"stratified split"}),
        ("StratifiedKFold(5)", {"stratified split", "cross-validation"}),
        ("GroupKFold(n_splits=3).split(x, y, groups=source)", {"grouped split", "cross-validation"}),
        ("TimeSeriesSplit(5)", {"temporal split"}),
        ("cross_val_score(model, x, y)", {"cross-validation"}),
        ("DummyClassifier(strategy='most_frequent')", {"baseline"}),
        ("df.groupby('source').apply(lambda g: f1_score(g.y, g.p))", {"per-slice report"}),
        ("print(classification_report(y, p))", {"per-class report"}),
        ("TrainingArguments(load_best_model_at_end=True)", {"best checkpoint chosen on the reported set"}),
        ("TrainingArguments(load_best_model_at_end=False)", set()),
        ("fit(splits['validation'], load_best_model_at_end=True)", set()),
        ("for seed in range(5): fit(seed)", {"several seeds"}),
        ("bootstrap_interval(scores)", {"uncertainty"}),
        ("df.groupby('source')['label'].mean()", set()),
    ],
)
def test_each_method_is_known_by_its_code(code: str, expected: set[str]) -> None:
    assert methods(code) == expected


def test_code_that_was_not_run_is_only_written() -> None:
    story = Story()
    at = story.write("train.py", HEAD + "train_test_split(x, y)")
    story.bash("python other.py")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.facts["status"]) == ((at,), "written")
    assert found.message == "Random split: in code that was not seen to run"


def test_a_failed_run_is_no_run_and_a_later_one_is() -> None:
    story = Story()
    written = story.write("/w/train.py", HEAD + "    train_test_split(x, y)")
    story.fails("python train.py", "KeyError: 'x'")
    ran = story.bash("uv run train.py", "done")
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.facts["status"]) == ((written, ran), "run")
    assert found.quote == "train_test_split(x, y)"


def test_a_final_message_that_says_so_reports_it() -> None:
    story = Story()
    story.write("train.py", HEAD + "train_test_split(x, y)")
    story.bash("python train.py", "done")
    story.said("F1 0.9 on a random 80/20 split.")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["status"] == "reported"
    assert found.message == "Random split: in code that ran, and reported"


def test_an_edit_of_a_file_that_works_with_data_counts() -> None:
    story = Story()
    story.write("train.py", HEAD)
    story.edit("train.py", "x", "train_test_split(x, y)")
    assert [found.facts["method"] for found in story.found(ANNOTATOR)] == ["random split"]


def test_code_that_has_nothing_to_do_with_data_and_documents_are_none() -> None:
    story = Story()
    story.write("setup.py", "def bootstrap(): ...\nbootstrap()\nseed = 3\nset_seed(3)")
    story.write("README.md", HEAD + "We use train_test_split(x, y) and GroupKFold(3).")
    story.bash("grep -rn 'train_test_split(' .", "from sklearn import train_test_split(x)")
    story.said("I would use GroupKFold(3) of sklearn.")
    assert story.found(ANNOTATOR) == []
