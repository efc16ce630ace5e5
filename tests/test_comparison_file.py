"""`comparison.yaml`: read, refused with line and key, written back, and out of the way of `load_dataset`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.smallest import ASSETS
from viewer import comparison_file
from viewer.comparison_file import ComparedRun, ComparisonFile, EvalData, described, with_runs, with_typed
from viewer.comparison_file import write_comparison as written
from viewer.comparison_reader import ComparisonError, checked_comparison, read_comparison
from viewer.outcomes import Confusion, Outcome, Source, outcomes_for
from viewer.probes import Probe

RUN = "runs:\n  - path: a.jsonl\n    outcome: {metric: f1, value: 0.9}\n"


def problems(text: str) -> str:
    return "\n".join(read_comparison(text)[1])


def test_the_example_in_the_documentation_is_read_whole() -> None:
    text = (comparison_file.__doc__ or "").split("\n\n")[2]
    file = checked_comparison("\n".join(line[4:] for line in text.splitlines()))
    (run,) = file.runs
    (outcome,) = run.outcomes
    assert (run.harness, run.model, run.model_repo) == (
        *("Claude Code", "Claude Opus 4.7", "davanstrien/jim-crow-laws-claude-code"),
    )
    assert (outcome.n, outcome.confusion) == (357, Confusion(101, 5, 3, 248))
    assert outcome.source.label == "post of 6 May 2026"
    assert file.eval_data == EvalData("biglam/on_the_books", "default", "train", "section_text", "jim_crow", "source")
    assert file.probes[0].ran == "GroupKFold"


def test_the_example_in_the_readme_is_read_whole() -> None:
    text = (ASSETS.parent / "README.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    file = checked_comparison(example)
    assert [run.outcomes[0].n for run in file.runs] == [357, 357]
    assert file.probes


def test_an_outcome_may_stand_beside_the_path() -> None:
    text = (
        "runs:\n  - {file: a.jsonl, metric: F1, value: 96.2%, n: '1,785', source: https://example.org/p, f1_macro: 0.5}"
    )
    (run,) = checked_comparison(text).runs
    first, second = run.outcomes
    assert (first.metric, first.value, first.digits, first.n) == ("f1", 0.962, 3, 1785)
    assert (first.source.label, first.source.link) == ("https://example.org/p", "https://example.org/p")
    assert (second.metric, second.value) == ("f1_macro", 0.5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("titel: x", "Line 1, titel: This key is not known. Did you mean `title`?"),
        ("- a", "Line 1: The file is no object"),
        ("", "Line 1: The file is no object"),
        ("a: &b c", "comparison.yaml is not read. Line 1: anchors"),
        ("runs: x", "Line 1, runs: This is a list: its lines start with a dash."),
        ("runs:\n  - x", "Line 2, runs[1]: A run is an object with `path`."),
        ("runs:\n  - model: x", "Line 2, runs[1].path: A run needs `path`"),
        ("runs:\n  - path: ../../etc/passwd", "Line 2, runs[1].path: A run needs `path`"),
        ("runs:\n  - path: a\n  - path: a", "Line 3, runs[2]: 'a' is there twice."),
        ("runs:\n  - path: a\n    model_repo: x", "Line 3, runs[1].model_repo: 'x' is no name on the Hub: owner/name."),
        ("runs:\n  - path: a\n    outcome: 0.9", "Line 3, runs[1].outcome: An outcome is an object"),
        ("runs:\n  - path: a\n    outcome: {value: 0.9}", "Line 3, runs[1].outcome.metric: An outcome needs `metric`"),
        (RUN.replace("0.9", "wow"), "Line 3, runs[1].outcome.value: 'wow' is no value of F1: a number between 0 and 1"),
        (RUN.replace("0.9", "0.9, n: -4"), "Line 3, runs[1].outcome.n: '-4' is no number of test cases."),
        (RUN.replace("0.9", "0.9, prevalence: 1"), "runs[1].outcome.prevalence: '1' is no share of positives"),
        (RUN.replace("0.9", "0.9, confusion: {tp: 1}"), "runs[1].outcome.confusion: A confusion matrix is four counts"),
        (RUN.replace("0.9", "0.9, confusion: {tp: 1, fp: 1, fn: 1, tn: 1}"), "These counts give F1 0.5000, not 0.9."),
        (RUN.replace("0.9", "0.9, source: {link: 'javascript:alert(1)'}"), "is no address that is linked to"),
        (RUN.replace("value", "valeu"), "Line 3, runs[1].outcome.valeu: This key is not known. Did you mean `value`?"),
        ("probes:\n  - name: x", "Line 2, probes[1]: Probe 'x' has no pattern"),
        ("probes:\n  - {name: x, seen: '(?=a)'}", "Probe 'x', pattern `seen` is refused: it looks ahead or behind"),
        ("eval: {dataset: nothing}", "Line 1, eval.dataset: 'nothing' is no name on the Hub"),
        ("title: [a]", "Line 1, title: This is text, no list or object."),
        ("title: " + "a" * 3_000, "Line 1, title: It is longer than 2,000 characters, and cut."),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(text: str, problem: str) -> None:
    assert problem in problems(text)
    with pytest.raises(ComparisonError) as caught:
        checked_comparison(text)
    assert problem in str(caught.value)


def test_one_wrong_run_costs_the_others_nothing() -> None:
    file, wrong = read_comparison("title: t\nruns:\n  - {path: a, f1: 3000}\n  - 7\n  - {path: b, f1: 0.9}\n")
    assert [(run.path, len(run.outcomes)) for run in file.runs] == [("a", 0), ("b", 1)]
    assert len(wrong) == 2


def test_the_files_that_come_with_the_app_are_written_back_unchanged() -> None:
    for path in (ASSETS / "comparisons").glob("*.yaml"):
        file = checked_comparison(path.read_text(encoding="utf-8"))
        assert checked_comparison(written(file)) == file


def test_every_field_is_written_back() -> None:
    outcome = Outcome(
        "f1",
        0.95,
        Source("comparison file", "a: label", "https://example.org/?a=b#c", 'it says "0.950": yes', "26.2"),
        digits=3,
        n=357,
        prevalence=0.29,
        split="random, its own",
        dataset="me/data",
        note="# no comment",
    )
    file = ComparisonFile(
        title="0.95",
        task="- a\n  b: ‘ü’",
        metric="f1",
        datasets=("me/x",),
        runs=(ComparedRun("a/b.jsonl", "2", "Pi", "null", "me/m", (outcome,)), ComparedRun("yes")),
        probes=(Probe("p", r"(?i)\ba\b", "'", '"'),),
        eval_data=EvalData("me/data"),
    )
    assert checked_comparison(written(file)) == file
    assert "'0.950'" in written(file)


def test_typed_outcomes_replace_those_of_their_metric_and_keep_the_rest() -> None:
    file = checked_comparison(
        "title: t\nruns:\n  - path: a.jsonl\n    model: m\n    outcomes:\n"
        "      - {metric: f1, value: 0.9}\n      - {metric: accuracy, value: 0.95}\n"
    )
    typed = Outcome("f1", 0.91, Source("typed", "typed by you"), 2, n=100)
    after = with_typed(file, [("a.jsonl", "", typed), ("new.jsonl", "", typed)])
    assert [(run.path, [one.value for one in run.outcomes]) for run in after.runs] == [
        ("a.jsonl", [0.91, 0.95]),
        ("new.jsonl", [0.91]),
    ]
    again = checked_comparison(written(after))
    assert again.runs[0].model == "m"
    assert again.runs[0].outcomes[0].source.label == "typed by a reader"
    assert again.title == "t"


def test_runs_of_an_earlier_file_stay_in_their_places() -> None:
    before = (ComparedRun("a"), ComparedRun("b", model="old"), ComparedRun("c"))
    assert with_runs(before, [ComparedRun("d"), ComparedRun("b", model="new")]) == (
        *(ComparedRun("a"), ComparedRun("b", model="new"), ComparedRun("c"), ComparedRun("d")),
    )


def test_a_new_file_holds_the_best_outcome_and_whoever_disagrees() -> None:
    sources = (Source("published", "post"), Source("model card text", "card"), Source("reported", "agent"))
    values = ((0.947, 3), (0.9561, 4), (0.947, 3))
    found = outcomes_for(
        Outcome("f1", value, source, digits) for source, (value, digits) in zip(sources, values, strict=True)
    )
    kept = described(ComparedRun("a.jsonl"), found).outcomes
    assert [(one.value, one.source.label) for one in kept] == [(0.947, "post"), (0.9561, "card")]


def test_a_run_is_found_by_its_path_or_its_bare_name() -> None:
    file = checked_comparison("runs:\n  - {path: a.jsonl}\n  - {path: x/b.jsonl}\n  - {path: a.jsonl, part: 2}\n")
    assert file.run("deep/a.jsonl") == file.runs[0]
    assert file.run("a.jsonl", "2") == file.runs[2]
    assert file.run("x/b.jsonl") == file.runs[1]
    assert file.run("y/b.jsonl") is None


def test_beside_traces_it_is_no_data_file(tmp_path: Path) -> None:
    from datasets.data_files import DataFilesDict, get_data_patterns
    from datasets.load import infer_module_for_data_files

    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"type": "user", "message": {"content": "x"}}\n')
    (tmp_path / "comparison.yaml").write_text(RUN)
    found = DataFilesDict.from_patterns(get_data_patterns(str(tmp_path)), base_path=str(tmp_path))
    module, _ = infer_module_for_data_files(found)
    assert module == "json"
