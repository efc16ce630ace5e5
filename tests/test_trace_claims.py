"""What a trace says of its outcome: where it pushed to, and what the agent reported."""

from __future__ import annotations

from typing import Any

import pytest

from tests.smallest import ASSETS, answer, call, run_of, used
from viewer import formats
from viewer.annotations import annotate
from viewer.annotations.contract import Annotated, Annotation, Annotator, Judged
from viewer.model import Event, Run, Status
from viewer.trace_claims import Pushed, claims_from_row, claims_of

SCRIPT = 'HUB_ID = "me/model"\nargs = TrainingArguments(hub_model_id=HUB_ID)\n'


def pushed(*events: Event) -> list[tuple[str, str]]:
    return [(one.repo, one.how) for one in claims_of(annotate(run_of(*events))).pushed]


def shell(command: str, text: str = "", status: Status = "ok", record: int = 1) -> Event:
    return used("Bash", {"command": command}, answer(text, status), record=record)


def said(text: str, record: int = 9) -> Event:
    return Event(record, 1, "assistant", None, text)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (shell("hf upload me/model ./out"), ("me/model", "pushed")),
        (shell("cd x && HF_TOKEN=a huggingface-cli upload --private me/model ."), ("me/model", "pushed")),
        (used("hf_repo_files", {"operation": "upload", "repo_id": "me/model"}, answer()), ("me/model", "pushed")),
        (shell("python t.py", "pushed to https://huggingface.co/me/model"), ("me/model", "named as pushed")),
        (said("Done, see https://huggingface.co/me/model."), ("me/model", "named as pushed")),
        (used("Write", {"file_path": "t.py", "content": SCRIPT}, answer()), ("me/model", "in code")),
        (shell("python - <<'EOF'\nmodel.push_to_hub('me/model')\nEOF"), ("me/model", "in code")),
        (
            shell("python - <<'EOF'\napi.upload_folder(folder_path='o', repo_id='me/model')\nEOF"),
            ("me/model", "in code"),
        ),
    ],
)
def test_a_repository_that_was_pushed_to_is_found(event: Event, expected: tuple[str, str]) -> None:
    assert pushed(event) == [expected]


@pytest.mark.parametrize(
    "event",
    [
        shell("hf upload me/data . --repo-type dataset"),
        shell("hf upload me/data . --repo-type=space"),
        shell("hf download me/model"),
        shell("hf upload me/model .", "denied", "error"),
        shell("curl https://huggingface.co/api/models/me/model", "https://huggingface.co/me/model"),
        used("hf_repo_files", {"operation": "read", "repo_id": "me/model"}, answer()),
        used("hf_repo_files", {"operation": "upload", "repo_id": "me/d", "repo_type": "dataset"}, answer()),
        used("Write", {"file_path": "t.py", "content": "m = AutoModel.from_pretrained('me/model')"}, answer()),
        used("Write", {"file_path": "t.py", "content": "api.create_repo('me/d', repo_type='dataset')"}, answer()),
        said("The docs are at https://huggingface.co/docs/transformers and https://huggingface.co/datasets/me/d"),
        used("Bash", 7, answer()),
        used("Bash", None, None),
    ],
)
def test_what_was_not_pushed_to_is_not_named(event: Event) -> None:
    assert pushed(event) == []


def test_the_surest_comes_first_and_each_repository_once() -> None:
    events = (
        used("Write", {"file_path": "t.py", "content": SCRIPT}, answer()),
        shell("hf upload me/second .", record=2),
        said("See https://huggingface.co/me/model"),
    )
    assert pushed(*events) == [("me/second", "pushed"), ("me/model", "named as pushed")]


def reporting(facts: dict[str, Any]) -> Annotated:
    def find(judged: Judged) -> list[Annotation]:
        return [Annotation("reported_metrics", (0,), "F1 0.950 reported", "F1: **0.950**", facts=facts)]

    return annotate(run_of(said("F1: **0.950**", 26)), (Annotator("reported", find),))


def test_what_the_agent_reported_is_an_outcome_with_its_event() -> None:
    stated = [{"metric": "F1", "value": 0.95, "written": "0.950"}, {"metric": "accuracy", "value": 0.97}]
    f1, accuracy = claims_of(reporting({"metrics": stated, "n": 357, "split": ["random"]})).reported
    assert (f1.metric, f1.value, f1.digits, f1.n, f1.split) == ("f1", 0.95, 3, 357, "random")
    assert (f1.source.kind, f1.source.event, f1.source.quote) == ("reported", "26", "F1: **0.950**")
    assert (accuracy.metric, accuracy.value) == ("accuracy", 0.97)


def test_claims_are_stored_and_read_back() -> None:
    stated = reporting({"metrics": [{"metric": "F1", "value": 0.95}], "n": None})
    claims = claims_of(stated)
    assert claims_from_row(claims.as_row()) == claims
    both = claims_of(annotate(run_of(shell("hf upload me/model ."))))
    assert claims_from_row(both.as_row()).pushed == (Pushed("me/model", "1", "hf upload me/model .", "pushed"),)


@pytest.mark.parametrize(
    ("name", "repo"),
    [
        ("claude-code", "jim-crow-laws-claude-code"),
        ("pi-kimi", "jim-crow-laws-pi-kimi"),
        ("ml-intern-opus", "jim-crow-laws-ml-agent"),
        ("ml-intern-kimi", "jim-crow-laws-ml-agent-kimi"),
    ],
)
def test_each_run_of_the_demo_race_pushed_to_its_own_repository(name: str, repo: str) -> None:
    assert [one.repo for one in claims_of(annotate(demo(name))).pushed] == [f"davanstrien/{repo}"]


def demo(name: str) -> Run:
    with (ASSETS / "demo" / f"{name}.jsonl").open("rb") as lines:
        return formats.parse(lines, name)[0]


def test_a_call_without_arguments_claims_nothing() -> None:
    assert call("Bash").input is None
    assert pushed(Event(1, 1, "tool", None, call=call("Bash", {"command": ["hf", 7]}))) == []
