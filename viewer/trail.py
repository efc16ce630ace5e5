"""What each call of a run tried, in a name by which it is known again, and where that next went through."""

from __future__ import annotations

import re
from bisect import bisect_right

from viewer.annotations.contract import Annotated
from viewer.brief import one_line, path_of

_INLINE = re.compile(r" (?:-\w*|eval)$")


class Trail:
    """The names of a run's calls, read once."""

    def __init__(self, annotated: Annotated) -> None:
        """Read the names of all calls."""
        self._annotated = annotated
        self.names = tuple(_named(annotated, at) for at in range(len(annotated.run.events)))
        self._successes: dict[str, list[int]] = {}
        for at, name in enumerate(self.names):
            if name is not None and annotated.judged.went_on(at):
                self._successes.setdefault(name, []).append(at)

    def next_success(self, index: int) -> int | None:
        """Where what failed here next went through; None where it did not, or has no name to know it by."""
        name = self.names[index]
        later = self._successes.get(name, []) if name is not None else []
        place = bisect_right(later, index)
        return later[place] if place < len(later) else None

    def doing(self, index: int) -> str:
        """What a call does, in a few words: the script, check or command, else the tool."""
        judged, call = self._annotated.judged, self._annotated.run.events[index].call
        command = judged.commands[index]
        tried = judged.attempts[index] or (command.signature if command is not None else "")
        return one_line(tried, 60) or (call.name if call is not None else "")


def _named(annotated: Annotated, at: int) -> str | None:
    """What counts as the same tried again: a script, a check, a command with its subcommand; not `ls`, not a read.

    Two programs given in the command itself (`python -c …`) have nothing but the interpreter in common.
    """
    judged, call = annotated.judged, annotated.run.events[at].call
    if call is None:
        return None
    if judged.attempts[at] is not None:
        return judged.attempts[at]
    if call.category == "edit":
        return f"edit of {path}" if (path := path_of(call)) else None
    command = judged.commands[at]
    tried = command.signature if command is not None and command.kind != "view" else ""
    return tried if " " in tried and not _INLINE.search(tried) else None
