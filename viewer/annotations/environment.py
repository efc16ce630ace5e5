"""Trouble with the environment: a program or module that is not there, a wrong folder, no permission, no login.

Only of what failed: the words alone, in a file or a log that was looked at, are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.plural import counted


class Trouble(NamedTuple):
    """A sort of trouble: its name, a pattern of which group 1 says what is missing, and the sentence about it."""

    name: str
    word: str
    """What a text must hold, so that most need not be searched."""
    pattern: re.Pattern[str]
    words: str


def _sort(name: str, words: str, *patterns: tuple[str, str]) -> tuple[Trouble, ...]:
    return tuple(Trouble(name, word, re.compile(pattern, re.MULTILINE), words) for word, pattern in patterns)


_NAME = r"([\w.+@/-]{1,80})"
TROUBLES: tuple[Trouble, ...] = (
    *_sort(
        "command not found",
        "`{}` is not on the PATH",
        (
            "not found",
            rf"^(?:(?:/\S{{1,80}}/)?(?:ba|da|z|k)?sh: )?(?:line )?(?:\d+: )*{_NAME}: (?:command )?not found\s*$",
        ),
        ("command not found: ", rf"command not found: {_NAME}\s*$"),
        ("env: ", rf"^env: [‘'\"]?{_NAME}?[’'\"]?: No such file or directory"),
        ("executable file not found", rf"\"?{_NAME}\"?: executable file not found in \$PATH"),
    ),
    *_sort(
        "module not found",
        "the module `{}` was not found",
        ("No module named", r"No module named '?([A-Za-z_]\w*)(?:[\w.]*')?"),
        ("Cannot find ", r"Cannot find (?:module|package) '((?!\.)[@\w][^']{0,80})'"),
        ("requires", r"\brequires [`']?([\w-]+)[^\n]{0,60}(?:[Pp]lease run|[Pp]lease install|pip install)"),
    ),
    *_sort(
        "wrong folder",
        "`cd` to a folder that is not there: {}",
        ("cd: ", r"\bcd: (?:no such file or directory: )?([^\n:]+)"),
        ("cd:", r"\bcd:\d+: no such file or directory: ([^\n:]+)"),
    ),
    *_sort(
        "shell quoting",
        "the shell stumbled over quotes or a pattern: {}",
        ("no matches found", r"(no matches found[^\n]{0,80})"),
        ("bad substitution", r"(bad substitution[^\n]{0,80})"),
        ("unmatched", r"(unmatched [\"'`])"),
        ("parse error near", r"(parse error near[^\n]{0,80})"),
        ("unexpected EOF", r"(unexpected EOF while looking for matching [^\n]{1,20})"),
    ),
    *_sort(
        "permission",
        "permission denied: {}",
        ("EACCES", r"EACCES[^\n]{0,60}?[ '](/[^'\n]{1,120})"),
        ("EPERM", r"EPERM[^\n]{0,60}?[ '](/[^'\n]{1,120})"),
        ("Permission denied", r"([\w./~-]{2,120}): Permission denied$"),
        ("externally-managed", r"error: (externally-managed-environment)"),
    ),
    *_sort(
        "login",
        "not logged in, or the token may not do this: {}",
        ("401", r"((?:HTTP|Client error '|status code |Error:? )\s?401\b(?:(?! for url)[^\n]){0,60})"),
        ("Bad credentials", r"(Bad credentials)"),
        ("Invalid username", r"(Invalid username or password)"),
        ("not logged in", r"(not logged in to any[^\n]{0,40})"),
        ("authentication required", r"(authentication required)"),
    ),
)
"""Each sort of trouble, the more particular first."""

_ACCIDENT = Trouble("shell quoting", "", re.compile("(?!)"), "the shell took `{}`, in backticks, for a command to run")
"""Backticks in double quotes: the missing command is a word of some text."""
_CATEGORIES = frozenset(("shell", "mcp", "other"))
_IN_TESTS = frozenset(("command not found", "module not found"))
"""Sorts that count in the output of tests too; a test may well print a 401 that it expects."""
_HEAD, _TAIL = 4_000, 12_000
"""Characters of a result that are read."""


def find(judged: Judged) -> Iterator[Annotation]:
    """One `environment` for each sort and thing missing, over all events where it showed.

    A module that the run itself writes is work in progress, not trouble. Facts: `sort` (a name of `TROUBLES`),
    `subject`, `times`.
    """
    found: dict[tuple[str, str], list[tuple[int, str, Trouble]]] = {}
    for index, event in enumerate(judged.run.events):
        if event.call is None or event.call.category not in _CATEGORIES or not judged.failed(index):
            continue
        if index in judged.reread_logs:
            continue
        hit = _trouble(judged, index)
        if hit is not None:
            trouble, subject, quote = hit
            found.setdefault((trouble.name, subject), []).append((index, quote, trouble))
    written = _written_modules(judged) if any(sort == "module not found" for sort, _ in found) else frozenset()
    for (sort, subject), hits in found.items():
        if sort == "module not found" and subject.partition("/")[0] in written:
            continue
        words = hits[0][2].words.format(subject)
        times = f", {counted(len(hits), 'time')}" if len(hits) > 1 else ""
        yield Annotation(
            "environment",
            tuple(index for index, _, _ in hits),
            words[0].upper() + words[1:] + times,
            hits[0][1],
            severity="warning",
            facts={"sort": sort, "subject": subject, "times": len(hits)},
        )


def _trouble(judged: Judged, index: int) -> tuple[Trouble, str, str] | None:
    """The sort of trouble that a failed call shows, what is missing, and the words that say so."""
    call, command = judged.run.events[index].call, judged.commands[index]
    text = call.result.text if call is not None and call.result is not None else ""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    tests = command is not None and command.kind == "test"
    for trouble in TROUBLES:
        if trouble.word not in text or (tests and trouble.name not in _IN_TESTS):
            continue
        hit = trouble.pattern.search(text)
        if hit is not None:
            subject, quote = _bare(one_line(hit[1], 80).strip()), one_line(hit[0], 200)
            by_accident = command is not None and trouble.name == "command not found" and f"`{subject}" in command.text
            return (_ACCIDENT if by_accident else trouble), subject, quote
    return None


def _bare(text: str) -> str:
    """The text without quotes around all of it; one that stands alone is part of what is said."""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"" else text


def _written_modules(judged: Judged) -> frozenset[str]:
    """Names that a file or folder written in this run goes by in an import."""
    names: set[str] = set()
    for changes in judged.changes:
        for change in changes:
            names.update(part.partition(".")[0] for part in re.split(r"[/\\]", change.path)[-4:])
    return frozenset(names)


ANNOTATOR = Annotator("environment", find)
