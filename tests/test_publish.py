"""Publishing to a Hub with the real client: one commit of what was shown, or a sentence and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.hub import Fault, LocalHub
from tests.hub.client import environment, only_loopback
from tests.redaction import built_of
from tests.smallest import lines_of
from tests.traces import Claude, Codex, Pi, write
from tests.visits import emptied
from viewer.publish.build import Built, PublishError
from viewer.publish.card import Facts, merged_card, new_card, split_card
from viewer.publish.commit import Published, Target, publish
from viewer.redaction.engine import Engine

REPO = "ann/mine"
FACTS = Facts("cc-by-4.0", "mine", {"GitLab token": 2}, ignored=1, words=0, attachments=False, day="2026-05-01")
LOAD = """
import datasets, json, sys
from datasets.packaged_modules.json.json import AGENT_TRACES_FEATURES
rows = datasets.load_dataset(sys.argv[1], split="train")
print(json.dumps([rows.features == AGENT_TRACES_FEATURES, sorted(rows["file_path"]), sorted(rows["harness"])]))
"""


@pytest.fixture(scope="module")
def running() -> Iterator[LocalHub]:
    with only_loopback(), LocalHub() as hub:
        yield hub


@pytest.fixture
def hub(running: LocalHub) -> LocalHub:
    return emptied(running)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Built:
    folder = tmp_path_factory.mktemp("sessions")
    claude = Claude("s1")
    claude.user("Only words, so that no reader guesses the columns from this file")
    write(folder / "-srv-a" / "s1.jsonl", claude.records)
    for name, session in (("codex", Codex()), ("pi", Pi())):
        session.user("Fix it")
        session.call("bash", {"command": "ls"}, "x" * 6_000)
        write(folder / f"{name}.jsonl", session.records)
    write(folder / "cut.jsonl", [lines_of(claude.records).decode(), "{broken\n", lines_of(claude.records).decode()])
    return built_of(folder, engine, tmp_path_factory.mktemp("built") / "files")


def target(hub: LocalHub, token: str | None = None, **rest: object) -> Target:
    made = Target(REPO, token or hub.add_token("ann"), endpoint=hub.url)
    return replace(made, **rest)  # type: ignore[arg-type]


def refusal(built: Built, to: Target) -> str:
    with pytest.raises(PublishError) as caught:
        publish(built, FACTS, to)
    return str(caught.value)


def test_one_commit_holds_the_files_that_were_shown_and_a_card(hub: LocalHub, built: Built) -> None:
    said: list[tuple[str, int, int]] = []
    done = publish(built, FACTS, target(hub), lambda *step: said.append(step))
    repo = hub.repo(REPO)
    assert done == Published(REPO, repo.head.sha, added=4, same=0, private=True)
    assert (repo.private, len(hub.asked("/commit/"))) == (True, 1)
    assert list(repo.head.files) == [
        ".gitattributes",
        "README.md",
        "other/cut.jsonl",
        "traces/-srv-a/s1.jsonl",
        "traces/codex.jsonl",
        "traces/pi.jsonl",
    ]
    for file in built.files:
        name = f"{'traces' if file.table else 'other'}/{file.path}"
        assert repo.head.files[name].data == (built.folder / file.path).read_bytes()
    assert said[-1] == ("committing", 5, 5)


def test_datasets_reads_it_as_agent_traces_a_row_a_file(hub: LocalHub, built: Built, tmp_path: Path) -> None:
    to = target(hub)
    publish(built, FACTS, to)
    variables = environment(hub, tmp_path, to.token)
    command = [sys.executable, "-c", LOAD, REPO]
    done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    traces, paths, harnesses = yaml.safe_load(done.stdout.splitlines()[-1])
    assert traces is True
    assert [path.partition("traces/")[2] for path in paths] == ["-srv-a/s1.jsonl", "codex.jsonl", "pi.jsonl"]
    assert harnesses == ["claude_code", "codex", "pi"]


def test_adding_sends_only_what_is_new(hub: LocalHub, built: Built) -> None:
    to = target(hub)
    publish(replace_files(built, built.files[:2]), FACTS, to)
    done = publish(built, FACTS, replace(to, add=True))
    assert (done.added, done.same) == (2, 2)
    assert len(hub.asked("/commit/")) == 2
    again = publish(built, FACTS, replace(to, add=True))
    assert (again.added, again.same, again.sha, len(hub.asked("/commit/"))) == (0, 4, done.sha, 2)


def replace_files(built: Built, files: tuple[object, ...]) -> Built:
    return replace(built, files=files)  # type: ignore[arg-type]


def test_the_words_of_a_card_that_is_there_stay(hub: LocalHub, built: Built) -> None:
    hub.add_dataset(
        REPO, {}, card="---\nlicense: mit\ntags: [mine]\npretty_name: Ours\n---\n# Ours\n\nDo not lose this.\n"
    )
    publish(built, FACTS, target(hub, private=False))
    front, text = split_card(hub.repo(REPO).head.files["README.md"].data.decode())
    assert text.startswith("# Ours\n\nDo not lose this.\n\n<!-- agent-trace-viewer")
    assert (front["license"], front["pretty_name"]) == ("mit", "Ours")
    assert front["tags"] == ["mine", "agent-traces", "coding-agent", "claude-code", "codex", "pi"]
    assert front["configs"][0]["data_files"] == [{"split": "train", "path": "traces/**/*.jsonl"}]


def test_a_comparison_is_published_beside_the_traces(hub: LocalHub, built: Built) -> None:
    publish(built, FACTS, target(hub, comparison="title: x\n"))
    assert hub.repo(REPO).head.files["comparison.yaml"].data == b"title: x\n"


def test_a_name_that_is_taken_is_not_written_to(hub: LocalHub, built: Built) -> None:
    hub.add_dataset(REPO, {"old.jsonl": b"{}\n"})
    assert refusal(built, target(hub)).startswith(f"There is already a dataset {REPO} with 1 file.")
    assert list(hub.repo(REPO).head.files) == ["old.jsonl"]


def test_what_is_to_be_private_is_not_added_to_a_public_dataset(hub: LocalHub, built: Built) -> None:
    hub.add_dataset(REPO, {"old.jsonl": b"{}\n"})
    assert "is there already and public" in refusal(built, target(hub, add=True))
    assert list(hub.repo(REPO).head.files) == ["old.jsonl"]
    assert publish(built, FACTS, target(hub, add=True, private=False)).private is False


def test_another_s_name_and_a_login_that_may_not_write_are_refused(hub: LocalHub, built: Built) -> None:
    for token in (hub.add_token("bob"), hub.add_token("ann", role="read")):
        sentence = refusal(built, target(hub, token))
        assert sentence.startswith(f"You may not write to {REPO}")
        assert "your files and decisions are still here" in sentence
    assert hub.repos == {}
    assert refusal(built, target(hub, "hf_none")).startswith("The Hub does not accept this login.")
    assert refusal(built, target(hub, repo="no name")) == "'no name' is not a dataset's name: owner/name."


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("/commit/", status=413), "The Hub refused the size"),
        (Fault("/commit/", status=412), f"Somebody changed {REPO} in the meantime."),
        (Fault("/api/repos/create", status=429), "The Hub asks to wait"),
        (Fault("/commit/", status=500), "The Hub has a problem of its own (status 500)."),
        (Fault("/commit/", cut=True), "The Hub is out of reach"),
    ],
)
def test_a_failure_is_said_and_the_next_try_succeeds(hub: LocalHub, built: Built, fault: Fault, sentence: str) -> None:
    to = target(hub)
    hub.faults.append(fault)
    assert refusal(built, to).startswith(sentence)
    hub.faults.clear()
    assert publish(built, FACTS, to).added == 4


def test_a_hub_that_is_down_is_said(hub: LocalHub, built: Built) -> None:
    to = target(hub)
    hub.stop()
    try:
        assert "out of reach" in refusal(built, to)
    finally:
        hub.start()


def test_what_the_second_scan_found_is_never_sent(hub: LocalHub, built: Built, engine: Engine) -> None:
    from viewer.redaction.kinds import EMAIL

    assert refusal(replace(built, left={"a@b.io": EMAIL}), target(hub)).startswith("The second scan found 1 text more.")
    assert hub.log == []


def test_a_card_holds_no_markup_of_a_trace(built: Built) -> None:
    from viewer.publish.card import _cell

    assert _cell("<img src=x>|[a](b)\n`c`") == "img src=xa(b)c"
    card = new_card(built, FACTS)
    assert "| Claude Code | unknown | 2 |" in card
    assert "GitLab token (2)" in card
    assert "No scan finds everything." in card
    for word in ("clean", "no secrets", "free of"):
        assert word not in card.lower()


@pytest.mark.parametrize(
    "card", ["", "no front matter", "---\nunfinished", "---\n: [\n---\ntext", "---\n- a list\n---\ntext"]
)
def test_any_card_can_be_added_to(built: Built, card: str) -> None:
    front, text = split_card(merged_card(card, built, FACTS))
    assert front["configs"]
    assert "How it was redacted" in text


def test_a_card_with_the_line_ends_of_windows_keeps_its_front_matter() -> None:
    assert split_card("---\r\nlicense: mit\r\n---\r\n# Mine\r\n") == ({"license": "mit"}, "# Mine\r\n")
