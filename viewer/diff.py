"""Diffs of edit tools as files of hunks of lines, from a unified diff or from Codex's `apply_patch` text.

A line is `[sign, old number or None, new number or None, text]` with sign " ", "+" or "-".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

Line = list[Any]
FileDiff = dict[str, Any]

_HUNK = re.compile(r"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$")
_NOWHERE = "/dev/null"
_PATCH_HEAD = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)$")
_MOVE = "*** Move to: "


@dataclass(slots=True)
class _Hunk:
    """Where in the old and in the new file a hunk's next line stands, and how many lines of each are still to come."""

    numbered: bool = False
    old: int = 0
    new: int = 0
    old_left: float = 0
    new_left: float = 0

    def line(self, text: str) -> Line:
        """The next line, by its sign."""
        in_old, in_new = text[0] != "+", text[0] != "-"
        old, new = self.old if in_old and self.numbered else None, self.new if in_new and self.numbered else None
        self.old, self.old_left = self.old + in_old, self.old_left - in_old
        self.new, self.new_left = self.new + in_new, self.new_left - in_new
        return [text[0], old, new, text[1:]]


def diff_files(path: str, diff: str, limit: int | None) -> list[FileDiff]:
    """The files of a unified diff that have a line.

    The `---`/`+++` heads are optional; the first file is called `path` if that is known. In a hunk that does not say
    how long it is, a line that looks like a head is a line.
    """
    texts = _cut(diff, limit).split("\n")
    files = [_file(path, "update", [], diff, limit)]
    hunk = _Hunk()
    at = 0
    while at < len(texts):
        text, following = texts[at], texts[at + 1] if at + 1 < len(texts) else ""
        at += 1
        inside = hunk.old_left > 0 or hunk.new_left > 0
        if not inside and text.startswith("--- ") and following.startswith("+++ "):
            at += 1
            name = _head_name(text, following) if files[-1]["lines"] or not path else path
            files.append(_file(name, _change(text, following), [], diff, limit))
            hunk = _Hunk()
        elif text.startswith("@@"):
            hunk, title = _hunk(text)
            files[-1]["lines"].append(["@", None, None, title])
        elif text[:1] in ("+", "-", " "):
            files[-1]["lines"].append(hunk.line(text))
    return [file for file in files if file["lines"]]


def _hunk(text: str) -> tuple[_Hunk, str]:
    """What a hunk's first line says: its places, and the title behind them."""
    found = _HUNK.match(text)
    if found is None:
        return _Hunk(old_left=math.inf, new_left=math.inf), text.strip("@ ")
    old, old_lines, new, new_lines, title = found.groups()
    return _Hunk(True, int(old), int(new), int(old_lines or 1), int(new_lines or 1)), title.strip()


def _head_name(before: str, after: str) -> str:
    name = before[4:] if after[4:] == _NOWHERE else after[4:]
    return name.split("\t", 1)[0]


def _change(before: str, after: str) -> str:
    return "add" if before[4:] == _NOWHERE else "delete" if after[4:] == _NOWHERE else "update"


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
