"""A dataset like the agent race's on the local Hub, with model repositories like those that its card names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub import Fault, LocalHub
from tests.smallest import ASSETS
from tests.visits import App, emptied, hub_for_tests
from viewer.declared import read_declared
from viewer.model_repos import ModelShelf
from viewer.outcomes import RunOutcomes, outcomes_for
from viewer.sources.beside import read_beside
from viewer.trace_claims import claims_from_row
from viewer.uncertainty import spread_sentence

DATASET = "ann/race"
FILES = ("claude-code", "pi-kimi", "ml-intern-opus", "ml-intern-kimi")
CARD = """---
license: cc-by-4.0
tags: [agent-traces, coding-agent]
---
# Agent race

| File | Harness | Driver model | Trained model pushed to |
|---|---|---|---|
| `claude-code.jsonl` | Claude Code | Claude Opus 4.7 | [jim-crow](https://huggingface.co/ann/jim-crow-claude) |
| `pi-kimi.jsonl` | Pi | Kimi-K2.6 | ann/jim-crow-pi |
"""
TRAINER = """---
model-index:
- {name: x, results: []}
---
Evaluated on a random 20% of the data, n = 357:
- Accuracy: 0.9748
- F1: 0.9561
"""
INDEXED = """---
model-index:
- name: x
  results:
  - dataset: {type: biglam/on_the_books, split: train (held-out 20% stratified)}
    metrics: [{type: f1, value: 0.9619}]
---
"""
TABLE = "| Metric | Score |\n|---|---|\n| F1 | 0.9487 |\n"


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    with hub_for_tests() as running:
        yield emptied(running)


@pytest.fixture(scope="module")
def race(hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunOutcomes]]:
    """The outcomes of each run, by every way but what was published."""
    traces = {f"{name}.jsonl": (ASSETS / "demo" / f"{name}.jsonl").read_bytes() for name in FILES}
    hub.add_dataset(DATASET, traces, card=CARD)
    hub.add_model("ann/jim-crow-claude", card=INDEXED)
    hub.add_model("ann/jim-crow-pi", card=TRAINER.replace("0.9561", "0.9469"))
    # The card names no repository of these two: the traces do.
    hub.add_model("davanstrien/jim-crow-laws-ml-agent", card=TABLE)
    hub.add_model("davanstrien/jim-crow-laws-ml-agent-kimi", card=TRAINER)
    app = App(hub, Path(tmp_path_factory.mktemp("race")))
    yield _outcomes(app)
    app.close()


def _outcomes(app: App) -> dict[str, RunOutcomes]:
    dataset = app.open(DATASET)
    app.listing(DATASET)
    summaries = {row.file.path: row.summary for row in app.library.listing(app.library.visit(dataset)).rows()}
    declared = read_declared(read_beside(dataset, summaries).files, "https://hub/blob/abc/")
    claims = {path: claims_from_row(found.runs[0].claims) for path, found in summaries.items() if found}
    named = {
        path: declared.model_repos(path) or tuple(one.repo for one in said.pushed) for path, said in claims.items()
    }
    repos = [repo for found in named.values() for repo in found]
    models = ModelShelf().read(dataset.client, dataset.reader, repos)
    return {
        path: outcomes_for(
            [
                *declared.outcomes(path),
                *(one for repo in named[path] for one in models[repo].outcomes),
                *said.reported,
            ]
        )
        for path, said in claims.items()
    }


def test_the_model_repositories_that_card_and_traces_name_give_the_outcomes(race: dict[str, RunOutcomes]) -> None:
    found = {path: outcomes.best("f1") for path, outcomes in race.items()}
    told = {path: (one.shown, one.source.kind, one.source.label) for path, one in found.items() if one is not None}
    assert told == {
        "claude-code.jsonl": ("0.9619", "model index", "model card of ann/jim-crow-claude"),
        "pi-kimi.jsonl": ("0.9469", "model card text", "model card of ann/jim-crow-pi"),
        "ml-intern-opus.jsonl": (
            "0.9487",
            "model card text",
            "model card of davanstrien/jim-crow-laws-ml-agent",
        ),
        "ml-intern-kimi.jsonl": (
            "0.9561",
            "model card text",
            "model card of davanstrien/jim-crow-laws-ml-agent-kimi",
        ),
    }


def test_each_has_its_quote_and_a_link_to_the_commit(race: dict[str, RunOutcomes]) -> None:
    kimi = race["ml-intern-kimi.jsonl"].best("f1")
    assert kimi is not None
    assert kimi.source.quote == "- F1: 0.9561"
    assert kimi.source.link.startswith("https://huggingface.co/davanstrien/jim-crow-laws-ml-agent-kimi/blob/")
    assert kimi.n == 357


def test_they_are_enough_for_the_sentence_on_the_spread(race: dict[str, RunOutcomes]) -> None:
    # The index of one card gives no n and the table of another neither; the agents' own reports of the same F1 do.
    best = [found for path in sorted(race) if (found := race[path].best("f1")) is not None]
    assert [one.n for one in best] == [357] * 4
    assert spread_sentence(best) == ("0.947–0.962 over 4 runs on test splits of n=357: a tie within noise (±3 points)")


def test_files_beside_the_traces_of_a_dataset_are_fetched_once_and_linked(hub: LocalHub, tmp_path: Path) -> None:
    files = {
        "a.jsonl": b"{}\n",
        "comparison.yaml": b"runs:\n  - {path: a.jsonl, f1: 0.9}\n",
        ".eval_results/a.yaml": b"- {dataset: {id: ann/data, task_id: accuracy}, value: 91.5}\n",
        "results.csv": b"x" * 300_000,
    }
    hub.add_dataset("ann/beside", files)
    app = App(hub, tmp_path)
    dataset = app.open("ann/beside")
    found = read_beside(dataset, ["a.jsonl"])
    assert set(found.files) == {"comparison.yaml", ".eval_results/a.yaml"}
    assert [problem.split(":")[0] for problem in found.problems] == ["results.csv is not read"]
    assert read_beside(dataset, ["a.jsonl"]).files == found.files
    asked = [entry.path for entry in hub.asked("/datasets/ann/beside/resolve/")]
    assert sorted(path.rpartition("resolve/")[2].partition("/")[2] for path in asked) == sorted(found.files)
    outcomes = outcomes_for(read_declared(found.files, "https://hub/").outcomes("a.jsonl"))
    assert [(one.metric, one.value, one.source.link) for one in outcomes.all] == [
        ("f1", 0.9, "https://hub/comparison.yaml"),
        ("accuracy", 0.915, "https://hub/.eval_results/a.yaml"),
    ]
    app.close()


def test_a_file_that_cannot_be_fetched_is_said(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset("ann/broken", {"a.jsonl": b"{}\n", "comparison.yaml": b"title: x\n"})
    app = App(hub, tmp_path)
    dataset = app.open("ann/broken")
    hub.faults.append(Fault("/ann/broken/resolve/", status=404))
    found = read_beside(dataset)
    assert (found.files, [problem.partition(".yaml")[0] for problem in found.problems]) == ({}, ["comparison"])
    hub.faults.clear()
    app.close()
