"""Interface drift and wrong guesses at interfaces."""

from __future__ import annotations

import pytest

from tests.annotations.story import Story
from viewer.annotations.drift import ANNOTATOR
from viewer.annotations.drift_rules import RULES, Rule, imports, raised_in, replacement

TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 9, in <module>\n    '
INSTALLED = '  File "/x/lib/python3.12/site-packages/{}/core.py", line 9, in f\n    '


def unexpected(owner: str, name: str) -> str:
    return f"{TRACEBACK}{owner}()\nTypeError: {owner}.__init__() got an unexpected keyword argument '{name}'"


def test_a_renamed_argument_is_drift_from_the_old_name_to_the_new() -> None:
    story = Story()
    story.write(
        "train.py", "from transformers import TrainingArguments\nTrainingArguments(evaluation_strategy='epoch')"
    )
    failed = story.fails("python train.py", unexpected("TrainingArguments", "evaluation_strategy"))
    fix = story.edit("train.py", 'evaluation_strategy="epoch",', 'eval_strategy="epoch",')
    passed = story.bash("python train.py", "done")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events, found.confidence) == ("drift", (failed, fix, passed), "A")
    assert found.message == (
        "`transformers` interface drift, fixed in 3 calls: `evaluation_strategy` → `eval_strategy`"
    )
    assert found.quote == "TrainingArguments.__init__() got an unexpected keyword argument 'evaluation_strategy'"
    assert found.facts["pairs"] == [["evaluation_strategy", "eval_strategy"]]


def test_errors_in_a_row_are_one_story() -> None:
    story = Story()
    story.fails("python train.py", f"{TRACEBACK}x\n{INSTALLED.format('datasets')}value\nKeyError: 'label'")
    story.edit("train.py", 'batch["label"]', 'batch["jim_crow"]')
    story.fails("python train.py", unexpected("TrainingArguments", "evaluation_strategy"))
    story.edit("train.py", "evaluation_strategy=1", "eval_strategy=1")
    story.fails("python train.py", unexpected("Trainer", "tokenizer"))
    story.edit("train.py", "tokenizer=tokenizer,", "processing_class=tokenizer,")
    story.fails("python train.py", f"{TRACEBACK}x\n{INSTALLED.format('transformers')}raise\nValueError: no loss")
    story.edit("train.py", "a", "b")
    story.bash("python train.py", "done")
    (found,) = story.found(ANNOTATOR)
    assert found.message == (
        "`transformers` interface drift, 4 errors in a row, fixed in 9 calls: `label` → `jim_crow`, "
        "`evaluation_strategy` → `eval_strategy`, `tokenizer` → `processing_class`"
    )
    assert (found.facts["library"], found.facts["errors"], found.facts["calls"]) == ("transformers", 4, 9)


def test_errors_of_jobs_stand_where_their_logs_are_read() -> None:
    story = Story()
    story.write("train.py", "evaluation_strategy=1\ntokenizer=tokenizer\n")
    errors = []
    for job, error in (
        ("aaaa1111", ("TrainingArguments", "evaluation_strategy")),
        ("bbbb2222", ("Trainer", "tokenizer")),
    ):
        story.bash("hf jobs uv run -d train.py", f"Job started with ID: {job}")
        story.bash(f"hf jobs logs {job}", unexpected(*error))
        errors.append(story.bash(f"sleep 5 && hf jobs logs {job}", unexpected(*error)))
        story.edit("train.py", f"{error[1]}=", "eval_strategy=" if job == "aaaa1111" else "processing_class=")
    story.bash("hf jobs uv run -d train.py", "Job started with ID: cccc3333")
    done = story.bash("hf jobs logs cccc3333", "{'eval_f1': 0.947}")
    (found,) = story.found(ANNOTATOR)
    assert found.message.startswith("`transformers` interface drift, 2 errors in a row, fixed in")
    assert set(errors) < set(found.events)
    assert found.events[-1] == done
    assert len(found.facts["pairs"]) == 2


def test_a_file_written_again_shows_the_pair() -> None:
    story = Story()
    body = "from transformers import Trainer\nTrainer({}=tokenizer)\nprint(1)"
    story.write("train.py", body.format("tokenizer"))
    story.fails("python train.py", unexpected("Trainer", "tokenizer"))
    story.write("train.py", body.format("processing_class"))
    story.bash("python train.py")
    assert story.found(ANNOTATOR)[0].facts["pairs"] == [["tokenizer", "processing_class"]]


def test_a_sed_that_renames_shows_the_pair() -> None:
    story = Story()
    story.fails("python train.py", unexpected("Trainer", "tokenizer"))
    story.bash("sed -i 's/tokenizer=tok/processing_class=tok/' train.py")
    story.bash("python train.py")
    assert story.found(ANNOTATOR)[0].facts["pairs"] == [["tokenizer", "processing_class"]]


def test_an_option_put_right_in_the_next_call_is_a_wrong_guess_with_its_pair() -> None:
    story = Story()
    story.fails(
        "hf jobs uv run --secret T train.py", "Error: No such option: --secret (Possible options: --secrets)", 2
    )
    story.bash("hf jobs uv run --secrets T train.py", "Job started")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.facts["library"], found.confidence) == ("wrong_guess", "hf", "B")
    assert found.message == "Wrong guess at the interface of `hf`, fixed in 2 calls: `--secret` → `--secrets`"


def test_a_wrong_name_without_a_replacement_is_only_a_guess() -> None:
    story = Story()
    story.fails("gh pr view 1 --json bad", 'Unknown JSON field: "bad"')
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.facts["pairs"]) == ("wrong_guess", [])
    assert found.message == "Wrong guess at the interface of `gh`, not seen to be fixed: `bad`"


def test_asking_for_help_is_no_fix() -> None:
    story = Story()
    story.fails("gh pr list --short", "unknown flag: --short")
    story.bash("gh pr list --help", "--limit")
    fixed = story.bash("gh pr list --limit 3", "")
    (found,) = story.found(ANNOTATOR)
    assert found.facts["calls"] == 3
    assert found.events[-1] == fixed


def test_a_deprecation_that_was_put_right_is_a_note() -> None:
    story = Story()
    warning = "/x/site-packages/transformers/a.py:9: FutureWarning: `warmup_ratio` is deprecated, use `warmup_steps`"
    story.bash("python train.py", warning)
    story.edit("train.py", "warmup_ratio=0.1,", "warmup_steps=36,")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.severity) == ("drift", "note")
    assert found.facts["pairs"] == [["warmup_ratio", "warmup_steps"]]


def test_a_deprecation_that_nobody_minds_is_none() -> None:
    story = Story()
    story.bash("python train.py", "DeprecationWarning: utcnow is deprecated, use now instead")
    story.edit("train.py", "a = 1", "b = 1")
    assert story.found(ANNOTATOR) == []


def test_the_runs_own_code_is_no_interface_of_somebody_else() -> None:
    story = Story()
    story.write("model.py", "class Model:\n    def __init__(self): ...\n")
    story.fails("pytest", "TypeError: Model.__init__() got an unexpected keyword argument 'size'")
    story.edit("test_model.py", "Model(size=1)", "Model(width=1)")
    story.fails("python train.py --foo", "usage: train.py\ntrain.py: error: unrecognized arguments: --foo", 2)
    story.fails("python app.py", f"{TRACEBACK}settings['port']\nKeyError: 'port'")
    assert story.found(ANNOTATOR) == []


def test_words_of_an_error_in_a_file_or_a_pattern_are_none() -> None:
    story = Story()
    story.bash("cat log", unexpected("Trainer", "tokenizer"))
    story.fails("rg --trace src", "rg: unrecognized flag --trace", 2)
    story.said("Trainer() got an unexpected keyword argument 'tokenizer'")
    assert story.found(ANNOTATOR) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.sort}-{rule.example[:30]}")
def test_each_rule_reads_its_example(rule: Rule) -> None:
    hit = rule.pattern.search(rule.example)
    assert hit is not None
    assert hit["old"] in rule.example


def test_the_library_that_raised_is_the_last_installed_frame() -> None:
    assert raised_in(f"{TRACEBACK}x\n{INSTALLED.format('torch')}y\nValueError: z") == "torch"
    assert raised_in(f"{TRACEBACK}x\nValueError: z") is None


def test_imported_names_are_known_by_their_package() -> None:
    text = "from transformers.trainer import (\n    Trainer,\n    TrainingArguments as Args,\n)\nfrom . import own"
    assert imports(text) == {"Trainer": "transformers", "Args": "transformers"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("tokenizer=tokenizer,", "processing_class=tokenizer,", "processing_class"),
        ("tokenizer=tokenizer,", "", None),
        ("tokenizer=tokenizer,", "tokenizer=other,", None),
        ("model=model,", "processing_class=tokenizer,", None),
    ],
)
def test_a_replacement_is_what_stands_in_the_names_role(old: str, new: str, found: str | None) -> None:
    assert replacement("keyword", "tokenizer", old, new) == found
