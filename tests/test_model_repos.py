"""Model repositories on the local Hub, shaped like those that the agent race pushed to, read by the real client."""

from __future__ import annotations

import pytest

from tests.hub import Fault, LocalHub
from tests.visits import emptied
from viewer.model_repos import MAX_REPOS, PUBLIC, ModelResults, ModelShelf, read_model_outcomes
from viewer.outcomes import outcomes_for
from viewer.sources import hub_client
from viewer.sources.beside import MAX_BYTES
from viewer.sources.hub_client import HubClient

INDEXED = """---
model-index:
- name: jim-crow-laws-claude-code
  results:
  - task: {type: text-classification}
    dataset: {name: on_the_books, type: biglam/on_the_books, split: train (held-out 20% stratified)}
    metrics:
      - {type: accuracy, value: 0.9776}
      - {type: f1, value: 0.9619, name: F1 (jim_crow class)}
      - {type: roc_auc, value: unknown}
---
# A model
"""
TRAINER = """---
model-index:
- name: jim-crow-laws-ml-agent-kimi
  results: []
---
It achieves the following results on the evaluation set:
- Loss: 0.1414
- Accuracy: 0.9748
- F1: 0.9561

## Training results
| Training Loss | Epoch | F1 |
|---|---|---|
| 0.3 | 1 | 0.91 |
| 0.1 | 2 | 0.9561 |
"""
TABLE = """# Classifier
Evaluated on a stratified 15% held-out test set (268 samples):

| Metric | Score |
|---|---|
| F1 | 0.9487 |
| Accuracy | 0.9701 |

Dataset: 1,785 samples total
"""


@pytest.fixture
def hub(running_hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> LocalHub:
    monkeypatch.setitem(hub_client._BACKOFF, "base_wait_time", 0.0)
    return emptied(running_hub)


def read(hub: LocalHub, repo: str, token: str | None = None) -> ModelResults:
    return read_model_outcomes(HubClient(token, hub.url), repo, hub.url)


def test_the_model_index_tells_metric_split_and_dataset(hub: LocalHub) -> None:
    sha = hub.add_model("me/indexed", card=INDEXED).head.sha
    found = read(hub, "me/indexed")
    f1 = outcomes_for(found.outcomes).best("f1")
    assert f1 is not None
    assert (f1.value, f1.split, f1.dataset) == (0.9619, "train (held-out 20% stratified)", "biglam/on_the_books")
    assert f1.source.kind == "model index"
    assert f1.source.label == "model card of me/indexed"
    assert f1.source.link == f"{hub.url}/me/indexed/blob/{sha}/README.md"
    assert f1.source.quote == "model-index: f1, F1 (jim_crow class): 0.9619"
    assert (found.notes, found.restricted) == ((), False)


def test_a_card_of_the_trainer_tells_its_numbers_as_a_list(hub: LocalHub) -> None:
    hub.add_model("me/trained", card=TRAINER)
    found = outcomes_for(read(hub, "me/trained").outcomes)
    assert [(one.metric, one.value, one.source.quote) for one in found.all] == [
        ("accuracy", 0.9748, "- Accuracy: 0.9748"),
        ("f1", 0.9561, "- F1: 0.9561"),
    ]


def test_a_table_of_metrics_tells_them_with_the_test_cases_of_the_text(hub: LocalHub) -> None:
    hub.add_model("me/table", card=TABLE)
    f1 = outcomes_for(read(hub, "me/table").outcomes).best("f1")
    assert f1 is not None
    assert (f1.value, f1.n, f1.source.kind) == (0.9487, 268, "model card text")
    assert "stratified 15% held-out" in f1.split


def test_eval_results_are_read_and_bounded(hub: LocalHub) -> None:
    result = b"- dataset: {id: me/data, task_id: accuracy}\n  value: 91.5\n"
    files = {f".eval_results/{number}.yaml": result for number in range(9)}
    hub.add_model("me/results", files | {".eval_results/0.yaml": b"- value: [\n"})
    found = read(hub, "me/results")
    assert {one.value for one in found.outcomes} == {0.915}
    assert found.outcomes[0].source.kind == "model results"
    assert len(found.outcomes) == 3
    assert found.notes[0].startswith(".eval_results/0.yaml of me/results is not read. Line")


def test_only_the_beginning_of_a_large_card_is_fetched(hub: LocalHub) -> None:
    hub.add_model("me/large", card=TRAINER + "x" * (2 * MAX_BYTES))
    assert read(hub, "me/large").outcomes
    assert MAX_BYTES <= sum(asked.sent for asked in hub.log) <= MAX_BYTES + 5_000


@pytest.mark.parametrize(
    ("repo", "note"),
    [
        ("me/nothing", "There is no model me/nothing on the Hub that you may see."),
        ("not a name", "The Hub's answer about not a name makes no sense."),
    ],
)
def test_a_repository_that_is_not_there_is_a_note(hub: LocalHub, repo: str, note: str) -> None:
    found = read(hub, repo)
    assert found.outcomes == ()
    assert len(found.notes) == 1
    assert note in found.notes[0]


def test_a_hub_that_fails_is_a_note(hub: LocalHub) -> None:
    hub.add_model("me/indexed", card=INDEXED)
    hub.faults.append(Fault("/resolve/", status=503))
    found = read(hub, "me/indexed")
    assert found.outcomes == ()
    assert found.notes == (
        "README.md of the model repository me/indexed is not read. "
        "The Hub has a problem of its own (status 503). Try again in a moment.",
    )


def test_a_private_model_is_read_for_its_owner_and_kept_for_nobody_else(hub: LocalHub) -> None:
    hub.add_model("ann/secret", card=TRAINER).private = True
    shelf, token = ModelShelf(), hub.add_token("ann")
    mine = shelf.read(HubClient(token, hub.url), "mark-of-ann", ["ann/secret"])["ann/secret"]
    assert mine.outcomes
    assert mine.restricted
    for reader, mark in ((HubClient(None, hub.url), PUBLIC), (HubClient(hub.add_token("bob"), hub.url), "mark-of-bob")):
        others = shelf.read(reader, mark, ["ann/secret"])["ann/secret"]
        assert others.outcomes == ()
        assert "There is no model ann/secret" in others.notes[0]
    # What others were told is not what the owner is told.
    assert shelf.read(HubClient(token, hub.url), "mark-of-ann", ["ann/secret"])["ann/secret"] == mine


def test_a_public_model_is_asked_for_once_for_everybody(hub: LocalHub) -> None:
    hub.add_model("me/indexed", card=INDEXED)
    shelf = ModelShelf()
    first = shelf.read(HubClient(hub.add_token("ann"), hub.url), "mark-of-ann", ["me/indexed", "me/indexed"])
    asked = len(hub.log)
    assert shelf.read(HubClient(None, hub.url), PUBLIC, ["me/indexed"]) == first
    assert len(hub.log) == asked


def test_what_is_kept_ends(hub: LocalHub) -> None:
    hub.add_model("me/indexed", card=INDEXED)
    shelf = ModelShelf(good_for=-1)
    client = HubClient(None, hub.url)
    shelf.read(client, PUBLIC, ["me/indexed"])
    hub.commit("me/indexed", {"README.md": TRAINER.encode()}, kind="models")
    assert outcomes_for(shelf.read(client, PUBLIC, ["me/indexed"])["me/indexed"].outcomes).of("f1")[0].value == 0.9561


def test_repositories_beyond_the_limit_say_that_they_were_not_asked(hub: LocalHub) -> None:
    hub.faults.append(Fault("/api/models/", status=404))
    found = ModelShelf().read(HubClient(None, hub.url), PUBLIC, [f"me/m{number}" for number in range(MAX_REPOS + 1)])
    assert len(found) == MAX_REPOS + 1
    assert "200 model repositories at most" in found[f"me/m{MAX_REPOS}"].notes[0]


def test_a_slow_hub_ends_the_asking_and_says_so(hub: LocalHub) -> None:
    hub.add_model("me/indexed", card=INDEXED)
    client = HubClient(None, hub.url)
    late = ModelShelf(patience=0.0)
    assert late.read(client, PUBLIC, ["me/indexed"])["me/indexed"].notes == (
        "me/indexed is not read: the Hub was too slow. Try again in a moment.",
    )
    assert hub.log == []
