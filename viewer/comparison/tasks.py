"""Telling tasks apart: runs of one prompt are runs of one task, and different tasks are never mixed unsaid."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.comparison.selection import ComparedRun

_BETWEEN_WORDS = re.compile(r"[\W_]+")

EVERY = "all"
"""The task that is all of them together."""


@dataclass(frozen=True, slots=True)
class Task:
    """Runs whose prompts are the same apart from case, spaces and punctuation. `runs` are indices.

    `id` follows from the prompt, so that a link means the same task when runs have been added.
    """

    id: str
    prompt: str | None
    runs: tuple[int, ...]


def tasks_of(runs: Sequence[ComparedRun]) -> tuple[Task, ...]:
    """The tasks, that of most runs first. Runs without a prompt are a task of their own: nobody knows what they did."""
    found: dict[str, list[int]] = {}
    for at, run in enumerate(runs):
        found.setdefault(_normal(run.summary.prompt), []).append(at)
    largest = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[1][0]))
    return tuple(Task(_id(normal), runs[members[0]].summary.prompt, tuple(members)) for normal, members in largest)


def chosen_task(tasks: Sequence[Task], wanted: str) -> Task:
    """The task that a link names; else the one of most runs, or all together where no two runs share a prompt."""
    everything = Task(EVERY, None, tuple(sorted(at for task in tasks for at in task.runs)))
    if len(tasks) == 1:
        return tasks[0]
    named = next((task for task in tasks if task.id == wanted), None)
    if named is not None:
        return named
    return everything if wanted == EVERY or not tasks or len(tasks[0].runs) < 2 else tasks[0]


def _id(normal: str) -> str:
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _normal(prompt: str | None) -> str:
    return _BETWEEN_WORDS.sub(" ", prompt or "").strip().casefold()
