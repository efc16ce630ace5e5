"""What counts as the same thing tried again, and where its outcome is told."""

from __future__ import annotations

import pytest

from tests.annotations.story import Story
from viewer.attempts import attempts_of
from viewer.commands import polls, read_commands
from viewer.jobs import job_steps


def attempts(story: Story) -> list[str | None]:
    """The attempts of a story's events, without its first prompt."""
    events = story.run().events
    ends = {started: waiting for waiting, started in polls(events).items()}
    commands = read_commands(events)
    return list(attempts_of(events, commands, ends, job_steps(events, commands)))[1:]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("uv run train.py --smoke 2>&1 | tail -20", "train.py"),
        ("cd /w && python3 src/train.py", "train.py"),
        ("hf jobs uv run --flavor t4-small train.py", "train.py"),
        ("python -m py_compile train.py", "py_compile"),
        ("pytest tests/test_a.py -x", "pytest"),
        ("npm run build", "npm run build"),
        ("git add -A && npm test", "npm test"),
        ("python -c 'print(1)'", None),
        ("cat train.py", None),
        ("git add train.py", None),
        ("hf upload me/model train.py", None),
        ("gh pr view 3", None),
    ],
)
def test_a_script_goes_by_its_name_and_a_command_by_its_signature(command: str, name: str | None) -> None:
    story = Story()
    story.bash(command)
    assert attempts(story) == [name]


def test_a_job_is_told_where_its_log_was_read_last() -> None:
    story = Story()
    story.call("hf_jobs", {"operation": "run", "script": "/app/train.py"}, "**Job ID:** 69f9c360")
    story.call("hf_jobs", {"operation": "logs", "job_id": "69f9c360"}, "installing")
    story.call("hf_jobs", {"operation": "logs", "job_id": "69f9c360"}, "done")
    assert attempts(story) == [None, None, "train.py"]


def test_a_job_that_was_cancelled_has_no_outcome() -> None:
    story = Story()
    story.bash("hf jobs uv run -d train.py", "Job started with ID: 69f9c360")
    story.bash("hf jobs logs 69f9c360", "slow")
    story.bash("hf jobs cancel 69f9c360", "")
    assert attempts(story) == [None, None, None]


def test_the_log_of_a_job_that_the_run_did_not_start_is_no_attempt() -> None:
    story = Story()
    story.bash("hf jobs logs 69f9c360", "done")
    assert attempts(story) == [None]


def test_a_program_in_the_call_of_a_job_has_a_name_of_its_own() -> None:
    story = Story()
    story.call("hf_jobs", {"operation": "run", "script": "import torch\ntrain()"}, "no id")
    assert attempts(story) == ["job script"]


def test_what_runs_in_the_background_is_told_where_it_was_waited_for() -> None:
    story = Story()
    story.call("exec_command", {"cmd": "pytest"}, "Process running with session ID 7\n", "unknown")
    story.call("write_stdin", {"session_id": 7}, "1 passed")
    assert attempts(story) == [None, "pytest"]
