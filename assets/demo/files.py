"""The files an agent writes during a story, kept so that edits, diffs and line numbers in the traces agree."""

from __future__ import annotations

import difflib


class Files:
    """Path to content, as the story has left it so far."""

    def __init__(self) -> None:
        self._content: dict[str, str] = {}

    def write(self, path: str, content: str) -> str | None:
        """Replace a file and return what was there, or None for a new file."""
        before = self._content.get(path)
        self._content[path] = content
        return before

    def read(self, path: str) -> str:
        """The file's content; KeyError if the story never wrote it."""
        return self._content[path]

    def edit(self, path: str, old: str, new: str) -> tuple[str, str]:
        """Replace the one place where `old` stands; return content before and after.

        Raises ValueError when `old` is absent or stands more than once, because the real tools refuse that too.
        """
        before = self._content[path]
        if before.count(old) != 1:
            raise ValueError(f"{path}: text to replace stands {before.count(old)} times: {old[:60]!r}")
        after = before.replace(old, new)
        self._content[path] = after
        return before, after


def numbered(content: str, first: int = 1, limit: int | None = None) -> str:
    """Lines with their numbers before a tab, as `cat -n` without padding, from line `first`."""
    lines = content.splitlines()[first - 1 :]
    return "\n".join(f"{number}\t{line}" for number, line in enumerate(lines[:limit], first))


def hunks(before: str, after: str) -> list[dict[str, object]]:
    """The change as unified hunks with three lines of context."""
    old, new = before.splitlines(), after.splitlines()
    found: list[dict[str, object]] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3):
        lines: list[str] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [" " + line for line in old[i1:i2]]
                continue
            lines += ["-" + line for line in old[i1:i2]]
            lines += ["+" + line for line in new[j1:j2]]
        (_, a1, _, b1, _), (_, _, a2, _, b2) = group[0], group[-1]
        found.append({"oldStart": a1 + 1, "oldLines": a2 - a1, "newStart": b1 + 1, "newLines": b2 - b1, "lines": lines})
    return found


def margin_diff(before: str, after: str) -> tuple[str, int]:
    """The change with sign and line number in the margin, and the first changed line's number."""
    width = len(str(max(before.count("\n"), after.count("\n"))))
    shown: list[str] = []
    first = 0
    for hunk in hunks(before, after):
        old, new = int(str(hunk["oldStart"])), int(str(hunk["newStart"]))
        lines = hunk["lines"]
        assert isinstance(lines, list)
        for line in lines:
            sign = line[0]
            if sign != " " and not first:
                first = new
            shown.append(f"{sign}{old if sign == '-' else new:>{width}} {line[1:]}")
            old += sign != "+"
            new += sign != "-"
    return "\n".join(shown), first
