"""Pi with Kimi K2.6: three tools, four API errors fixed one after another, the Trainer's card."""

from __future__ import annotations

from stories.pi_kimi import job, repair
from stories.pi_kimi.tools import CWD
from stories.steps import PROMPT, Story

STORY = Story(
    prompt=PROMPT,
    session="019de3c1-7a54-7d0b-9c1e-5b8f2a6d4e90",
    started="2026-05-01T13:40:58.212+00:00",
    model="moonshotai/Kimi-K2.6",
    cwd=CWD,
    turns=repair.TURNS + job.TURNS,
    false_start=repair.FALSE_START,
)
