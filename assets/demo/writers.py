"""The three native writers: a story in, the lines of its trace out, each line one JSON object."""

from __future__ import annotations

from claude_code import ClaudeCode
from ml_intern import MlIntern
from pi import Pi
from stories.steps import Record, Story


def claude_code(story: Story) -> list[Record]:
    """The story as a Claude Code session file."""
    return ClaudeCode(story).lines()


def pi(story: Story) -> list[Record]:
    """The story as a Pi session file, version 3."""
    return Pi(story).lines()


def ml_intern(story: Story) -> list[Record]:
    """The story as an uploaded ml-intern session file."""
    return MlIntern(story).lines()
