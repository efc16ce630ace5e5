"""Metrics that a run reports."""

from __future__ import annotations

import pytest

from tests.annotations.story import Story
from viewer.annotations.reported import ANNOTATOR, stated_in

CODE = "from sklearn.metrics import f1_score\nprint(f1_score(y, p))"


def trained() -> Story:
    story = Story()
    story.write("train.py", CODE)
    story.bash("python train.py", "{'eval_f1': 0.9468599033816425}")
    return story


def test_numbers_of_a_final_message_are_told_with_where_they_were_shown() -> None:
    story = trained()
    said = story.said("Random 80/20 split: 1,428 train, 357 test.\nTest **F1 0.947**")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (said, 2)
    assert found.message == "F1 0.947 reported in a final message, n = 357"
    assert found.facts["metrics"] == [{"metric": "F1", "value": 0.947, "written": "0.947", "shown_at": 2}]
    assert (found.facts["n"], found.facts["split"], found.facts["where"]) == (357, ["random", "test"], "final message")


def test_a_card_reports_too() -> None:
    story = trained()
    card = story.write(
        "MODEL_CARD.md", "test n = 357\n\n| accuracy | F1 (jim_crow) |\n|---|---|\n| 0.978 | **0.962** |"
    )
    (found,) = story.found(ANNOTATOR)
    assert found.events[0] == card
    assert found.message == (
        "accuracy 0.978, F1 0.962 reported in the card `MODEL_CARD.md`, n = 357; no output before it shows 0.978, 0.962"
    )


def test_a_card_that_code_pushes_reports_too() -> None:
    story = trained()
    at = story.bash(
        "python - <<'EOF'\nfrom huggingface_hub import ModelCard\nModelCard('| F1 | 0.947 |').push_to_hub('me/m')\nEOF"
    )
    (found,) = story.found(ANNOTATOR)
    assert (found.events[0], found.facts["path"]) == (at, "README.md")


def test_a_percentage_is_the_same_number() -> None:
    story = trained()
    story.said("The F1 score is 94.69%.")
    (metric,) = story.found(ANNOTATOR)[0].facts["metrics"]
    assert (metric["value"], metric["written"], metric["shown_at"]) == (pytest.approx(0.9469), "94.69%", 2)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("F1: **0.947**", [("F1", 0.947)]),
        ("macro-F1 of 0.81 and accuracy 96.6%", [("macro F1", 0.81), ("accuracy", 0.966)]),
        ("| F1 | 0.947 |\n| Recall | 0.955 |", [("F1", 0.947), ("recall", 0.955)]),
        ("| **F1 (jim_crow)** | **0.962** (precision 0.953) |", [("F1", 0.962), ("precision", 0.953)]),
        ("eval loss 1.23", [("loss", 1.23)]),
        ("pass@1 = 0.42", [("pass@k", 0.42)]),
        ("accuracy at least 0.9", []),
        ("F1 should be above 0.9", []),
        ("the recall of 3 laws", []),
        ("precision 16 and F1 2024", []),
        ("we set accuracy=1.0.2 in the lockfile", []),
        ("297 tests passing", []),
    ],
)
def test_what_texts_state(text: str, stated: list[tuple[str, float]]) -> None:
    assert [(one.metric, round(one.value, 6)) for one in stated_in(text)] == stated


def test_a_run_that_computes_no_metric_reports_none() -> None:
    story = Story()
    story.write("form.py", "PASS = 0.8")
    story.said("The passing score is accuracy 0.8.")
    assert story.found(ANNOTATOR) == []


def test_numbers_on_the_way_and_in_other_files_are_no_report() -> None:
    story = trained()
    story.said("Epoch 1: F1 0.865, going on.")
    story.bash("sleep 60")
    story.write("notes.py", "# F1 0.9")
    assert story.found(ANNOTATOR) == []
