"""Whatever strangers write in cards, files and patterns, reading ends in values or in sentences."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.smallest import answer, run_of, used
from viewer.annotations import annotate
from viewer.card import read_card
from viewer.comparison_file import write_comparison
from viewer.comparison_reader import checked_comparison, read_comparison
from viewer.declared import read_declared
from viewer.model_card import card_outcomes
from viewer.outcomes import Source
from viewer.probes import Clock, Probe, ProbeError, evaluate
from viewer.trace_claims import claims_of

WORDS = ("path", "runs", "outcome", "metric", "value", "f1", "n", "source", "probes", "name", "seen", "eval", "dataset")
LEAVES = some.one_of(
    some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=12), some.sampled_from(WORDS)
)
TREES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
PIECES = some.sampled_from(
    [
        "---\n",
        "| File | F1 |\n",
        "|---|---|\n",
        "| a | 0.5 |\n",
        "- F1: 0.9\n",
        "runs:\n",
        " - {file: a, f1: 1}\n",
        "```\n",
    ]
)


@settings(max_examples=40)
@given(TREES)
def test_any_yaml_is_a_comparison_or_problems(tree: Any) -> None:
    file, problems = read_comparison(yaml.safe_dump(tree))
    assert all(problem.strip() for problem in problems)
    assert checked_comparison(write_comparison(file)).runs == file.runs or file.runs == ()


@settings(max_examples=40)
@given(some.lists(PIECES | some.text(max_size=20), max_size=12))
def test_any_card_is_read_to_an_end(pieces: list[str]) -> None:
    text = "".join(pieces)
    data = text.encode("utf-8", "surrogatepass")
    card_outcomes(read_card(data), Source("model card text", "card"))
    files = {"README.md": data, "comparison.yaml": data, "results.csv": data, ".eval_results/a.yaml": data}
    for outcome in read_declared(files).outcomes("a"):
        assert 0 <= outcome.value <= 1


@settings(max_examples=40)
@given(some.text(alphabet="ab()[]{}*+?|\\^$.-0,1 ", max_size=20))
def test_any_pattern_is_evaluated_or_refused(pattern: str) -> None:
    try:
        row = evaluate(Probe("p", seen=pattern), run_of(used("Bash", {"command": "x"}, answer("ab" * 50))), Clock(60))
    except ProbeError as error:
        assert "Probe 'p'" in str(error)
    else:
        assert row.verdict in ("seen", "never seen")


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 50_000 + "push_to_hub(",
        "push_to_hub(" * 5_000,
        "upload_file(" + " " * 50_000,
        "pushed " * 10_000 + "https://huggingface.co/",
        'a = "' * 10_000 + "hub_model_id=",
        "- " + " " * 100_000 + ": 1",
        "|" + " " * 100_000 + "-\n" * 2,
        "[" * 100_000,
    ],
)
def test_long_hostile_texts_are_read_in_time_that_grows_with_their_length(text: str) -> None:
    run = run_of(used("Write", {"file_path": text, "content": text}, answer(text)), used("Bash", {"command": text}))
    assert claims_of(annotate(run, ())).pushed == ()
    assert evaluate(Probe("p", seen="zzz", said="zzz", ran="zzz"), run).seen is None
    assert card_outcomes(read_card(f"| a | b |\n{text}\n"), Source("model card text", "card")) == ()
