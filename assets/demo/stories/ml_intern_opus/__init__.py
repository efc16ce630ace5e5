"""ml-intern with Claude Opus 4.6: text lengths first, the model chosen from them, no detours."""

from __future__ import annotations

from stories.ml_intern_opus import data, train
from stories.steps import PROMPT, Story

STORY = Story(
    prompt=PROMPT,
    session="2f6c9d04-81be-4a37-b5d2-90e4c7a1f358",
    started="2026-05-05T09:14:07.318264+00:00",
    model="bedrock/us.anthropic.claude-opus-4-6-v1",
    cwd="/app",
    turns=data.TURNS + train.TURNS,
)
