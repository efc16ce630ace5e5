"""`python app.py publish` for a cron job or an agent: the same scan, the same refusals, an exit code for each."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub import LocalHub
from tests.hub.client import environment
from tests.redaction import copy_rules
from tests.smallest import ROOT
from tests.traces import Claude, write
from viewer.publish.command import DONE, FAILED, NO_SCANNER, UNDECIDED, run
from viewer.redaction import engine as engines
from viewer.redaction.engine import check_library

TOKEN = "gl" + "pat-Q7xw2ZkV9fLmB3tRyPqa"
KIND = "gitlab-pat"
BOTH = ("--accept", KIND, "--accept", "user-name")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    claude = Claude("s1", cwd="/home/mwhitfield/acme")
    claude.user(f"Use {TOKEN} as it is")
    claude.say("Done. " + "x" * 6_000)
    write(tmp_path / "runs" / "a.jsonl", claude.records)
    (tmp_path / "runs" / "notes.json").write_text('{"name": "x"}')
    return tmp_path / "runs"


@pytest.fixture
def command(engine_folder: Path, folder: Path) -> Command:
    return Command(engine_folder.parent, folder)


class Command:
    """The command in this process, on one folder."""

    def __init__(self, cache: Path, folder: Path) -> None:
        self.cache, self.folder = cache, folder

    def __call__(self, *options: str) -> tuple[int, str]:
        out = io.StringIO()
        return run([str(self.folder), *options], out, self.cache), out.getvalue()


def test_findings_without_a_decision_are_printed_masked_and_nothing_is_sent(command: Command) -> None:
    code, said = command("--repo", "ann/mine")
    assert code == UNDECIDED
    assert f"GitLab Personal Access Token [{KIND}]: 1 value" in said
    assert "glpa…qa (26 characters)  →  undecided" in said
    assert "a.jsonl: record 1" in said
    assert "Kinds: gitlab-pat, user-name." in said
    assert TOKEN not in said
    assert "not a trace: notes.json: It holds no trace of a known format." in said
    assert "No scan finds everything" in said


def test_a_kind_is_decided_on_the_command_line(command: Command) -> None:
    code, said = command("--dry-run", "--accept", KIND, "--ignore", "user-name=it is public", "--show")
    assert code == DONE
    assert f"{TOKEN}  →  [TOKEN_1]" in said
    assert "mwhitfield  →  stays" in said
    assert said.endswith(" bytes, 1 record changed\nDry run: nothing was sent.\n")


def test_own_words_and_patterns_are_taken_out_too(command: Command) -> None:
    code, said = command("--dry-run", *BOTH, "--word", "done", "--pattern", "as [a-z]+ is")
    assert code == DONE
    assert "Your own words and patterns [own]: 2 values" in said


def test_a_run_can_be_left_out(command: Command) -> None:
    code, said = command("--dry-run", "--leave-out", "a.jsonl", "--leave-out", "b.jsonl")
    assert code == FAILED
    assert "--leave-out b.jsonl: there is no such file among the traces." in said
    assert "There is no trace at these paths." in said


@pytest.mark.parametrize("options", [[], ["--dry-run", "--ignore", KIND], ["--dry-run", "--licence", "none"]])
def test_wrong_arguments_are_said(command: Command, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command(*options)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_a_path_that_is_not_there_and_a_pattern_that_is_none_are_said(command: Command, tmp_path: Path) -> None:
    assert command("--dry-run", "--pattern", "(abc")[0] == FAILED
    command.folder = tmp_path / "none"
    assert command("--dry-run")[1].endswith("none does not exist.\n")


def test_without_the_scanner_nothing_is_scanned(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_NATIVE", frozenset())
    check_library.cache_clear()
    try:
        assert command("--dry-run")[0] == NO_SCANNER
    finally:
        check_library.cache_clear()


def test_the_program_publishes_with_the_login_of_the_machine(folder: Path, engine_folder: Path, tmp_path: Path) -> None:
    copy_rules(engine_folder, tmp_path / "home")
    with LocalHub(lfs_min=5_000) as hub:
        variables = environment(hub, tmp_path / "home", hub.add_token("ann"))
        options = ["--repo", "ann/mine", *BOTH, "--public", "--licence", "mit"]
        started = [sys.executable, str(ROOT / "app.py"), "publish", str(folder), *options]
        done = subprocess.run(started, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == DONE, done.stdout + done.stderr
        repo = hub.repo("ann/mine")
        assert done.stdout.endswith(f"(public).\n?repo=ann/mine&rev={repo.head.sha}\n")
        file = repo.head.files["traces/a.jsonl"]
        assert file.sha256 is not None
        text = hub.large[file.sha256].decode()
        assert (TOKEN in text, "mwhitfield" in text, "[TOKEN_1]" in text, repo.private) == (False, False, True, False)
