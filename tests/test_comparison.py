"""Comparisons: which runs a link names, which task each is of, which cell, and what is said of few and of many."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats.claude_lines import said, text, use, user
from tests.smallest import ASSETS, settled, write
from viewer.comparison import selection as selecting
from viewer.comparison.columns import difference, spread
from viewer.comparison.page import Comparison, View, compare, comparison_json, facts, names_of, notes
from viewer.comparison.selection import Reference, Selection, SelectionError, parse_reference, select
from viewer.comparison.typed import TypedError, typed_outcomes, with_typed
from viewer.library import Library, NotFoundError
from viewer.outcomes import Outcome, RunOutcomes, Source, outcomes_for
from viewer.sources.demo import demo_source
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache


def trace(folder: Path, name: str, prompt: str, model: str = "claude-opus-4-7", calls: int = 1) -> None:
    asked = [said(use(f"t{number}", "Bash", command="ls"), message={"model": model}) for number in range(calls)]
    lines = [user(prompt, sessionId=name), *asked, said(text("Done."))]
    for line in lines[1:]:
        line["message"]["model"] = model
    write(folder / f"{name}.jsonl", *lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    trace(folder, "a", "Fix the parser!")
    trace(folder, "b", "fix  the PARSER", "claude-opus-4-6")
    trace(folder, "deep/c", "Write a poem", "gpt-5.4")
    return folder


@pytest.fixture
def library(folder: Path) -> Library:
    library = Library((LocalFolder("mine", "mine", folder), demo_source(ASSETS)), SummaryCache(None))
    for key in ("mine", "demo"):
        settled(library.listing(key))
    return library


def chosen(library: Library, *references: str) -> Selection:
    return select(library, [parse_reference(text) for text in references], library.named)


def paths(found: Selection) -> set[str]:
    return {run.file.path for run in found.runs}


@pytest.mark.parametrize(
    "reference", [Reference("demo"), Reference("ann/race@abc", "a|b%.jsonl", "2"), Reference("x", "d/")]
)
def test_a_reference_is_read_back_from_its_text(reference: Reference) -> None:
    assert parse_reference(str(reference)) == reference


@pytest.mark.parametrize("text", ["", "|a.jsonl", "a|b|c|d", "x" * 2_000])
def test_what_names_no_run_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SelectionError, match="names no run"):
        parse_reference(text)


def test_a_place_a_folder_and_single_runs_of_several_places_can_be_compared(library: Library) -> None:
    assert paths(chosen(library, "mine")) == {"a.jsonl", "b.jsonl", "deep/c.jsonl"}
    assert paths(chosen(library, "mine|deep/")) == {"deep/c.jsonl"}
    mixed = chosen(library, "mine|a.jsonl", "demo|pi-kimi.jsonl", "mine|a.jsonl")
    assert [run.key for run in mixed.runs] == ["mine|a.jsonl", "demo|pi-kimi.jsonl"]
    assert mixed.sources == (("mine", ""), ("Demo race", ""))


def test_runs_that_are_not_there_are_named_and_cost_nothing_else(library: Library) -> None:
    found = chosen(library, "mine|a.jsonl", "mine|gone.jsonl", "mine|a.jsonl|7")
    assert (paths(found), found.missing) == ({"a.jsonl"}, ("mine|gone.jsonl", "mine|a.jsonl|7"))
    assert notes(compared_of(found)) == ["2 runs of this link are not there: mine|gone.jsonl, mine|a.jsonl|7."]


def test_a_place_that_is_not_there_is_an_error(library: Library) -> None:
    with pytest.raises(NotFoundError, match="There is no source 'elsewhere' here"):
        chosen(library, "elsewhere")


def test_subagents_and_copies_are_compared_only_when_they_are_named(tmp_path: Path) -> None:
    trace(tmp_path, "one", "Fix it", calls=2)
    shutil.copy(tmp_path / "one.jsonl", tmp_path / "copy.jsonl")
    library = Library((LocalFolder("mine", "mine", tmp_path),), SummaryCache(None))
    settled(library.listing("mine"))
    assert len(chosen(library, "mine").runs) == 1
    assert paths(chosen(library, "mine|one.jsonl", "mine|copy.jsonl")) == {"one.jsonl", "copy.jsonl"}


def test_runs_beyond_the_limit_are_counted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selecting, "MAX_RUNS", 2)
    found = chosen(library, "mine")
    assert (len(found.runs), found.left_out) == (2, 1)


def compared_of(
    found: Selection,
    value: Callable[[int], float | None] = lambda at: None,
    n: int | None = 357,
    **view: str | bool,
) -> Comparison:
    """A comparison whose runs have the F1 that `value` gives by their place."""
    source = Source("comparison file", "comparison.yaml")
    outcomes = [
        RunOutcomes(())
        if (one := value(at)) is None
        else outcomes_for([Outcome("f1", one, source, n=n, prevalence=0.29)])
        for at in range(len(found.runs))
    ]
    return compare(found, outcomes, View(**view))  # type: ignore[arg-type]


def test_prompts_that_differ_in_case_space_and_punctuation_are_one_task(library: Library) -> None:
    found = compared_of(chosen(library, "mine"))
    assert [len(task.runs) for task in found.tasks] == [2, 1]
    assert {run.file.path for run in found.runs} == {"a.jsonl", "b.jsonl"}
    assert notes(found) == ["2 different prompts in 3 runs; shown are the 2 runs of one."]


def test_different_tasks_are_together_only_when_asked_for_or_when_all_differ_and_it_is_said(library: Library) -> None:
    together = compared_of(chosen(library, "mine"), task="all")
    different = compared_of(chosen(library, "mine|a.jsonl", "mine|deep/c.jsonl"))
    for found, runs in ((together, 3), (different, 2)):
        assert len(found.runs) == runs
        assert notes(found) == [
            f"2 different prompts in {runs} runs; all are shown together: their outcomes are of different tasks."
        ]
    poem = together.tasks[1].id
    assert {run.file.path for run in compared_of(chosen(library, "mine"), task=poem).runs} == {"deep/c.jsonl"}
    assert {task.id for task in different.tasks} == {task.id for task in together.tasks}


def test_the_panel_has_harnesses_as_rows_and_folds_versions_only_when_asked_to(library: Library) -> None:
    folded = compared_of(chosen(library, "demo"))
    assert folded.panel.rows == ("Claude Code", "ml-intern", "Pi")
    assert [(one.label, one.versions, one.folded) for one in folded.panel.columns] == [
        ("Claude Opus", ("Claude Opus 4.6", "Claude Opus 4.7"), True),
        ("Kimi K2.6", ("Kimi K2.6",), False),
    ]
    assert [(cell.row, cell.column, len(cell.runs)) for cell in folded.panel.cells] == [
        (0, 0, 1),
        (1, 0, 1),
        (1, 1, 1),
        (2, 1, 1),
    ]
    apart = compared_of(chosen(library, "demo"), fold=False)
    assert [one.label for one in apart.panel.columns] == ["Claude Opus 4.6", "Claude Opus 4.7", "Kimi K2.6"]
    assert (folded.foldable, apart.foldable) == (True, True)
    assert notes(apart) == [
        "Reconstructed from the published facts; the real traces are davanstrien/agent-race-traces."
    ]
    assert facts(apart) == "4 runs · 3 harnesses × 3 models · Demo race"


def test_the_demo_race_is_a_tie_within_noise(library: Library) -> None:
    found = compared_of(chosen(library, "demo"), [0.962, 0.949, 0.947, 0.947].__getitem__)
    spread = comparison_json(found)["panel"]["spread"]
    assert spread["tie"] is True
    assert spread["chanceSentence"] == (
        "4 equally good models would lie that far apart 90% of the time, by their test cases alone."
    )
    low, high = spread["axis"]
    assert low < 0.947
    assert high > 0.962


def test_without_an_outcome_nothing_is_said_of_one(library: Library) -> None:
    panel = comparison_json(compared_of(chosen(library, "demo")))["panel"]
    assert (panel["metric"], panel["spread"], panel["known"]) == ("", None, 0)


def test_a_cell_has_statistics_from_three_runs_on(tmp_path: Path) -> None:
    for number in range(3):
        trace(tmp_path, f"s{number}", "Same")
    library = Library((LocalFolder("mine", "mine", tmp_path),), SummaryCache(None))
    settled(library.listing("mine"))
    found = chosen(library, "mine")
    three = comparison_json(compared_of(found, [0.9, 0.92, 0.97].__getitem__))["panel"]["cells"][0]
    two = comparison_json(compared_of(found, [0.9, 0.92, None].__getitem__))["panel"]["cells"][0]
    assert three["statistics"] == {"median": 0.92, "low": 0.9, "high": 0.97}
    assert two["statistics"] is None
    assert names_of(found.runs) == [f"Claude Code · Claude Opus 4.7 #{number}" for number in (1, 2, 3)]


def test_values_that_differ_by_chance_differ_less_than_those_of_another_size() -> None:
    assert difference("", [0, 1]) < difference("", [10, 40])
    assert difference("ms", [1_000, 9_000]) < difference("ms", [600_000, 3_600_000])
    assert difference("", [3, None]) == difference("", [None, None]) == difference("", [5, 5]) == 0
    assert difference("names", ["Bash 3, Read 1", "Bash 9, Read 2"]) == 0
    assert difference("names", ["Bash 3", "python 2"]) > 1


def test_one_odd_run_of_many_does_not_decide_what_differs() -> None:
    assert difference("", [5] * 19 + [500]) == 0


def test_a_spread_shows_its_range_then_its_median_then_an_interval() -> None:
    assert (spread([4]).middle, spread([4, 8]).middle, spread([4, 8]).high) == (None, None, 8)
    assert (spread([4, 8, 9]).middle, spread([4, 8, 9]).interval) == (8, None)
    assert spread([1, 2, 3, 4, 5]).interval == (1, 5)
    assert spread(list(range(1, 21))).interval == (6, 15)
    assert spread([None, "Bash 3"]).known == 0


def row(**fields: str) -> dict[str, str]:
    return {"run": "demo|claude-code.jsonl", "metric": "F1", "value": "0.97"} | fields


def test_a_typed_outcome_is_believed_first_and_keeps_the_test_cases_of_what_it_corrects(library: Library) -> None:
    found = chosen(library, "demo|claude-code.jsonl")
    known = outcomes_for([Outcome("f1", 0.962, Source("published", "a post"), n=357, prevalence=0.29, split="random")])
    (after,) = with_typed(found.runs, [known], typed_outcomes([row()]))
    best = after.best("f1")
    assert best is not None
    assert (best.value, best.n, best.prevalence, best.split) == (0.97, 357, 0.29, "random")
    assert (best.source.kind, best.source.label) == ("typed", "typed by you")
    assert [other.source.label for other in after.disagreeing("f1")] == ["a post"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": "good"}, "F1 must be a number between 0 and 1, or a percentage, not 'good'."),
        ({"value": "1e9"}, "F1 must be a number between 0 and 1, or a percentage, not '1e9'."),
        ({"n": "-3"}, "n must be a whole number from 1: the test cases; not '-3'."),
        ({"positive": "most"}, "The share of positive cases must be between 0 and 1, not 'most'."),
        ({"metric": ""}, "Which metric? Write its name, such as F1."),
        ({"split": "x" * 300}, "split must be text of at most 200 characters."),
    ],
)
def test_a_typed_outcome_that_is_none_is_refused_in_a_sentence(fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(TypedError) as refused:
        typed_outcomes([row(**fields)])
    assert str(refused.value) == sentence
