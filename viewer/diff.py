"""Diffs of edit tools as files of hunks of lines, from a unified diff or from Codex's `apply_patch` text.

A line is `[sign, old number or None, new number or None, text]` with sign " ", "+" or "-".
"""

from __future__ import annotations

import re
from typing import Any

Line = list[Any]
FileDiff = dict[str, Any]

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$")
_PATCH_HEAD = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)$")
_MOVE = "*** Move to: "


def diff_files(path: str, diff: str, limit: int | None) -> list[FileDiff]:
    """One file from the hunks of a unified diff (its `---`/`+++` head is optional). Empty when there is no line."""
    lines: list[Line] = []
    old = new = 0
    numbered = False
    for text in _cut(diff, limit).split("\n"):
        hunk = _HUNK.match(text)
        if hunk is not None:
            old, new, numbered = int(hunk[1]), int(hunk[2]), True
            lines.append(["@", None, None, hunk[3].strip()])
        elif text.startswith(("--- ", "+++ ", "diff --git", "index ", "\\ ")) and (not numbered or text[0] == "\\"):
            continue
        elif text.startswith("@@"):
            numbered = False
            lines.append(["@", None, None, text.strip("@ ")])
        elif text[:1] in ("+", "-", " "):
            sign = text[0]
            lines.append(
                [sign, old if numbered and sign != "+" else None, new if numbered and sign != "-" else None, text[1:]]
            )
            old, new = old + (sign != "+"), new + (sign != "-")
    return [_file(path, "update", lines, diff, limit)] if lines else []


def patch_files(patch: str, limit: int | None) -> list[FileDiff]:
    """The files of an `apply_patch` text (`*** Begin Patch` … `*** End Patch`)."""
    files: list[FileDiff] = []
    lines: list[Line] = []
    for text in _cut(patch, limit).split("\n"):
        head = _PATCH_HEAD.match(text)
        if head is not None:
            lines = []
            files.append(_file(head[2], {"Add": "add", "Delete": "delete"}.get(head[1], "update"), lines, patch, limit))
        elif text.startswith(_MOVE) and files:
            files[-1]["path"] += f" → {text.removeprefix(_MOVE)}"
        elif text.startswith("@@"):
            lines.append(["@", None, None, text.strip("@ ")])
        elif text[:1] in ("+", "-", " "):
            lines.append([text[0], None, None, text[1:]])
    return files


def _file(path: str, change: str, lines: list[Line], source: str, limit: int | None) -> FileDiff:
    found: FileDiff = {"path": path, "change": change, "lines": lines}
    if limit is not None and len(source) > limit:
        found["cut"] = len(source)
    return found


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None else text[:limit]
