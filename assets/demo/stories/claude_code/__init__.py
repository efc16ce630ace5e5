"""Claude Code with Claude Opus 4.7: looks at the per-source rates and writes them into the card at once."""

from __future__ import annotations

from stories.claude_code import explore, publish, train
from stories.claude_code.tools import CWD
from stories.steps import PROMPT, Story

STORY = Story(
    prompt=PROMPT,
    session="6b0f6c1e-3f0a-4c57-9d5e-2a8a3e1b7c44",
    started="2026-05-01T13:22:29.000+00:00",
    model="claude-opus-4-7",
    cwd=CWD,
    title="Fine-tune Jim Crow law classifier with HF Jobs",
    turns=explore.TURNS + train.TURNS + publish.TURNS,
)
