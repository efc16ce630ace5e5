"""The names of harnesses, as authors of datasets write them in tags, folders and file names."""

from __future__ import annotations

import re

HARNESSES: tuple[tuple[str, str], ...] = (
    ("claude-code", "Claude Code"),
    ("claude", "Claude Code"),
    ("codex", "Codex"),
    ("codex-cli", "Codex"),
    ("pi", "Pi"),
    ("pi-coding-agent", "Pi"),
    ("pi-share-hf", "Pi"),
    ("pi-mono", "Pi"),
    ("ml-intern", "ml-intern"),
    ("openclaw", "OpenClaw"),
    ("hermes", "Hermes"),
    ("droid", "Droid"),
    ("opencode", "OpenCode"),
    ("gemini-cli", "Gemini CLI"),
    ("qwen-code", "Qwen Code"),
    ("cursor", "Cursor"),
    ("copilot-cli", "Copilot CLI"),
    ("goose", "Goose"),
    ("aider", "Aider"),
    ("openhands", "OpenHands"),
    ("mini-swe-agent", "mini-SWE-agent"),
    ("swe-agent", "SWE-agent"),
)
"""Each spelling, words joined with `-`, and the name that readers see."""

_LABELS = dict(HARNESSES)


def spelled(text: str) -> str:
    """A name as the table spells it: `Claude_Code` and `claude code` are `claude-code`."""
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def harness_label(text: str) -> str | None:
    """The harness that a whole text names; None where it names none of the table."""
    return _LABELS.get(spelled(text))


def harnesses_of(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The harnesses that tags name, each once, in the order of the table. `claude` alone is a model's family."""
    written = {spelled(tag) for tag in tags}
    return tuple(dict.fromkeys(label for name, label in HARNESSES if name in written and name != "claude"))
