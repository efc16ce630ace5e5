"""Sorting the text of Codex's messages: much of what is sent in the user's role was put there by the harness.

Prefixes seen in 42 real rollouts and in the harness's own source.
"""

from __future__ import annotations

from typing import Any

from viewer.formats.values import mapping, string
from viewer.model import Kind

_PREFIXES: tuple[tuple[str, Kind, str], ...] = (
    ("# AGENTS.md instructions", "system", "AGENTS.md"),
    ("<environment_context>", "system", "environment"),
    ("<user_instructions>", "system", "user instructions"),
    ("<permissions instructions>", "system", "permissions"),
    ("<collaboration_mode>", "system", "collaboration mode"),
    ("<skill>", "system", "skill"),
    ("<skills_instructions>", "system", "skills"),
    ("<apps_instructions>", "system", "apps"),
    ("<plugins_instructions>", "system", "plugins"),
    ("<recommended_plugins>", "system", "plugins"),
    ("<personality_spec>", "system", "personality"),
    ("<model_switch>", "system", "model switch"),
    ("<turn_aborted>", "system", "turn aborted"),
    ("<subagent_notification>", "system", "subagent notification"),
    ("<hook_prompt", "system", "hook"),
    ("<goal_context>", "system", "goal"),
    ("<token_budget>", "system", "token budget"),
    ("<additional_context>", "system", "additional context"),
    ("<internal_model_context>", "system", "internal context"),
    ("<user_action>", "system", "user action"),
    ("<user_shell_command>", "user", "own shell command"),
    ("Another language model started to solve this problem", "system", "compaction summary"),
)
_IMAGE_TAGS = ("<image>", "<image ", "</image>")
_IDE_CONTEXT = "# Context from my IDE setup:"
_REQUEST = "## My request for Codex:"


def sort_text(text: str) -> tuple[Kind, str]:
    """Kind and label of a text that was sent in the user's role; `("user", "")` for what may be their own words."""
    start = text.lstrip()[:60]
    if start[:1] not in ("<", "#", "A"):
        return "user", ""
    for prefix, kind, label in _PREFIXES:
        if start.startswith(prefix):
            return kind, label
    return "user", ""


def is_image_tag(text: str) -> bool:
    """Whether the text only brackets an image block beside it."""
    return text.startswith(_IMAGE_TAGS)


def split_request(text: str) -> tuple[str, str]:
    """What the editor extension put before the user's request (empty without it), and the request."""
    if not text.lstrip().startswith(_IDE_CONTEXT) or _REQUEST not in text:
        return "", text
    context, _, request = text.partition(_REQUEST)
    return context.strip(), request.strip()


def block_text(block: Any) -> str:
    """The text of a content block of any sort; empty when it has none."""
    if isinstance(block, str):
        return block
    found = mapping(block)
    return string(found.get("text")) or string(found.get("refusal"))
