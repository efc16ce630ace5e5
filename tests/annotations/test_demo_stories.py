"""The demo race tells the four stories of the post about it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from viewer.annotations import annotate
from viewer.annotations.contract import Annotated
from viewer.formats import parse

DEMO = Path(__file__).parents[2] / "assets" / "demo"
RUNS = ("claude-code", "pi-kimi", "ml-intern-opus", "ml-intern-kimi")


@cache
def story(name: str) -> Annotated:
    with (DEMO / f"{name}.jsonl").open("rb") as lines:
        return annotate(parse(lines, name)[0])


def errors(name: str) -> int:
    return sum(failure is not None and failure.is_error for failure in story(name).judged.failures)


def test_pi_with_kimi_fixed_four_errors_of_transformers_one_by_one() -> None:
    (drift,) = story("pi-kimi").of("drift")
    assert drift.message.startswith("`transformers` interface drift, 4 errors in a row, fixed in 11 calls")
    assert drift.facts["pairs"] == [["evaluation_strategy", "eval_strategy"], ["tokenizer", "processing_class"]]
    assert drift.facts["names"] == ["label", "evaluation_strategy", "tokenizer"]


def test_the_four_errors_are_one_progressive_loop() -> None:
    (loop,) = story("pi-kimi").of("loop")
    assert (loop.facts["kind"], loop.facts["length"], loop.facts["passed"]) == ("progressive", 4, True)
    assert loop.facts["signature"] == "train.py"


def test_ml_intern_with_kimi_is_the_noisiest() -> None:
    assert max(RUNS, key=errors) == "ml-intern-kimi"
    assert max(RUNS, key=lambda name: len(story(name).of("environment"))) == "ml-intern-kimi"


def test_ml_intern_with_kimi_had_trouble_with_its_path() -> None:
    trouble = {
        (one.facts["sort"], one.facts["subject"]): one.facts["times"]
        for one in story("ml-intern-kimi").of("environment")
    }
    assert trouble["command not found", "python"] == 2
    assert trouble["command not found", "hf"] == 3
    assert trouble["module not found", "datasets"] == 2


def test_ml_intern_with_kimi_cancelled_two_jobs() -> None:
    assert [one.events for one in story("ml-intern-kimi").of("job_cancelled")] == [(69,), (90,)]


def test_kimi_in_ml_intern_read_documentation_first_and_opus_the_data() -> None:
    (kimi,), (opus,) = (story(name).of("first_edit") for name in ("ml-intern-kimi", "ml-intern-opus"))
    assert kimi.facts["share"] == 0.5
    assert opus.facts["docs"] == 0


def test_all_four_split_at_random_said_so_and_reported_no_other_split() -> None:
    for name in RUNS:
        methods = {one.facts["method"]: one.facts["status"] for one in story(name).of("eval_method")}
        assert methods["random split"] == "reported"
        assert not {"grouped split", "stratified split", "temporal split"} & methods.keys()


def test_every_run_reports_its_f1_on_357_sections() -> None:
    expected = {"claude-code": 0.962, "pi-kimi": 0.947, "ml-intern-opus": 0.949, "ml-intern-kimi": 0.947}
    for name, value in expected.items():
        last = [one for one in story(name).of("reported_metrics") if one.facts["where"] == "final message"][-1]
        assert {one["metric"]: one["value"] for one in last.facts["metrics"]}["F1"] == value
        assert last.facts["n"] == 357


def test_claude_code_and_opus_in_ml_intern_went_in_no_circles() -> None:
    for name in ("claude-code", "ml-intern-opus"):
        assert not story(name).of("loop")
        assert not story(name).of("job_cancelled")
