"""Trouble with programs, modules, folders, permissions and logins."""

from __future__ import annotations

import pytest

from tests.annotations.story import Story
from viewer.annotations.environment import ANNOTATOR


@pytest.mark.parametrize(
    ("output", "sort", "subject"),
    [
        ("Exit code 127\nbash: python: command not found", "command not found", "python"),
        ("/bin/bash: line 1: rg: command not found", "command not found", "rg"),
        ("zsh: command not found: timeout", "command not found", "timeout"),
        ("(eval):1: command not found: fd", "command not found", "fd"),
        ("sh: 1: jq: not found", "command not found", "jq"),
        ("ModuleNotFoundError: No module named 'datasets.utils'", "module not found", "datasets"),
        ("Error: Cannot find module '@openai/codex-sdk'", "module not found", "@openai/codex-sdk"),
        (
            "ImportError: `Trainer` requires `accelerate>=1.1.0`: Please run `pip install`",
            "module not found",
            "accelerate",
        ),
        ("bash: line 0: cd: website: No such file or directory", "wrong folder", "website"),
        ("zsh: no matches found: *.parquet", "shell quoting", "no matches found: *.parquet"),
        ("EACCES: permission denied, open '/etc/hosts'", "permission", "/etc/hosts"),
        ("error: externally-managed-environment", "permission", "externally-managed-environment"),
        ("Client error '401 Unauthorized' for url", "login", "Client error '401 Unauthorized"),
    ],
)
def test_each_sort_of_trouble_is_told(output: str, sort: str, subject: str) -> None:
    story = Story()
    at = story.fails("do something", output)
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.facts["sort"]) == ((at,), sort)
    assert found.facts["subject"].startswith(subject)
    assert found.quote in " ".join(output.split())


@pytest.mark.parametrize(
    ("output", "message", "quote"),
    [
        (
            "ModuleNotFoundError: No module named 'datasets'",
            "The module `datasets` was not found",
            "No module named 'datasets'",
        ),
        (
            "Client error '401 Unauthorized' for url 'https://x.example'",
            "Not logged in, or the token may not do this: Client error '401 Unauthorized'",
            "Client error '401 Unauthorized'",
        ),
        (
            "bash: -c: line 1: unexpected EOF while looking for matching `''",
            "The shell stumbled over quotes or a pattern: unexpected EOF while looking for matching `''",
            "unexpected EOF while looking for matching `''",
        ),
    ],
)
def test_quotes_are_kept_in_pairs(output: str, message: str, quote: str) -> None:
    story = Story()
    story.fails("do something", output)
    (found,) = story.found(ANNOTATOR)
    assert (found.message, found.quote) == (message, quote)


def test_the_same_trouble_again_is_counted_in_one() -> None:
    story = Story()
    events = tuple(
        story.fails(command, "bash: hf: command not found", 127) for command in ("hf auth whoami", "hf jobs ps")
    )
    (found,) = story.found(ANNOTATOR)
    assert found.events == events
    assert found.message == "`hf` is not on the PATH, 2 times"
    assert found.facts["times"] == 2


def test_a_jobs_log_that_is_read_twice_tells_one_trouble() -> None:
    story = Story()
    for _ in range(2):
        last = story.call("hf_jobs", {"operation": "logs", "job_id": "69f9"}, "No module named 'sklearn'", "error")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (last,)


def test_a_module_that_the_run_writes_itself_is_work_in_progress() -> None:
    story = Story()
    story.fails("pytest", "E   ModuleNotFoundError: No module named 'parser'")
    story.write("/w/src/parser/__init__.py", "")
    assert story.found(ANNOTATOR) == []


def test_a_word_in_backticks_that_the_shell_ran_is_quoting() -> None:
    story = Story()
    story.bash('gh pr create --body "Adds `sync.policy`"', "zsh:1: command not found: sync.policy", "error", 127)
    (found,) = story.found(ANNOTATOR)
    assert found.facts["sort"] == "shell quoting"
    assert found.message == "The shell took `sync.policy`, in backticks, for a command to run"


def test_a_relative_import_is_the_projects_own() -> None:
    story = Story()
    story.fails("tsc", "error TS2307: Cannot find module './parser' or its type declarations.")
    assert story.found(ANNOTATOR) == []


def test_words_in_what_was_looked_at_are_no_trouble() -> None:
    story = Story()
    story.bash("cat install.log", "bash: hf: command not found")
    story.read("notes.md", "No module named 'datasets'")
    story.said("python: command not found")
    assert story.found(ANNOTATOR) == []


def test_a_test_that_prints_a_401_is_no_login() -> None:
    story = Story()
    story.fails("pytest", "FAILED test_login - HTTP 401 Unauthorized\n1 failed in 0.2s")
    assert story.found(ANNOTATOR) == []
