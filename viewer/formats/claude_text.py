"""Sorting the text of Claude Code's user lines: most of it was never typed by a user.

Prefixes counted in 660 real sessions; order matters where one begins another.
"""

from __future__ import annotations

import re

from viewer.model import Kind

_PREFIXES: tuple[tuple[str, Kind, str], ...] = (
    ("[Request interrupted by user", "interruption", ""),
    ("<command-name>", "user", "slash command"),
    ("<command-message>", "user", "slash command"),
    ("<local-command-stdout>", "system", "local command output"),
    ("<local-command-stderr>", "system", "local command output"),
    ("<local-command-caveat>", "system", "local command"),
    ("Caveat:", "system", "local command"),
    ("<bash-input>", "user", "own shell command"),
    ("<bash-stdout>", "system", "own shell output"),
    ("<bash-stderr>", "system", "own shell output"),
    ("<task-notification>", "system", "task notification"),
    ("<system-reminder>", "system", "reminder"),
    ("Base directory for this skill", "system", "skill"),
    ("This session is being continued from a previous conversation", "system", "compaction summary"),
)
_TAG = re.compile(r"</?(?:bash-(?:input|stdout|stderr)|local-command-(?:stdout|stderr|caveat))>")


def sort_user_text(text: str) -> tuple[Kind, str, str]:
    """Kind, label and the text to show for a text block of a user line."""
    shown = text.lstrip()
    if "<system-reminder>" in shown:
        without = _without_reminders(shown)
        if without.strip():
            shown = without
    if shown[:1] not in "[<CBT":
        return "user", "", shown
    for prefix, kind, label in _PREFIXES:
        if shown.startswith(prefix):
            return kind, label, _slash_command(shown) if label == "slash command" else clean(shown)
    return "user", "", shown


def clean(text: str) -> str:
    """The text without the tags that wrap a local command's output."""
    return _TAG.sub("", text) if "<" in text else text


def _without_reminders(text: str) -> str:
    """The text without reminder blocks; an opened one that does not end stays. No pattern, as text may be hostile."""
    kept: list[str] = []
    rest = text
    while True:
        before, opened, inside = rest.partition("<system-reminder>")
        _, closed, after = inside.partition("</system-reminder>")
        if not opened or not closed:
            return "".join(kept) + rest
        kept.append(before)
        rest = after.lstrip()


def _slash_command(text: str) -> str:
    name = _inside(text, "command-name")
    return f"{name} {_inside(text, 'command-args')}".strip() if name else text


def _inside(text: str, tag: str) -> str:
    _, opened, rest = text.partition(f"<{tag}>")
    inside, closed, _ = rest.partition(f"</{tag}>")
    return inside.strip() if opened and closed else ""
