"""ml-intern with Kimi K2.6: docs first, then env trouble; prints the per-source rates and moves on."""

from __future__ import annotations

from stories.ml_intern_kimi import docs, jobs, publish, setup
from stories.steps import PROMPT, Story

STORY = Story(
    prompt=PROMPT,
    session="a83e1f57-6d2b-4c90-8e4f-17b9c05d6e2a",
    started="2026-05-05T10:02:51.640912+00:00",
    model="moonshotai/Kimi-K2.6",
    cwd="/app",
    turns=docs.TURNS + setup.TURNS + jobs.TURNS + publish.TURNS,
)
