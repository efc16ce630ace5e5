"""What a rule of the error layer is, what it may look at, and how an error becomes a class.

A rule speaks of one line of a result. Its `words` are looked for first, as that is cheap; only lines that hold one are
matched. The guards say when a line is word of what happened here, and not somebody's data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple, TypeAlias

from viewer.annotations.contract import Verdict
from viewer.commands import Command

LONGEST_CLASS = 120
"""Characters of an error class."""

LONG = 4_000
"""Characters of a long output, and all that is read of one that only shows data: a program's own words stand at its
ends."""


class Reading:
    """One result of a shell call while the rules look at it: its text, its command, and what follows from them."""

    def __init__(self, text: str, command: Command | None, flagged: bool = False) -> None:
        self.text = text
        self.command = command
        self.flagged = flagged
        self.is_long = len(text) > LONG

    @cached_property
    def programs(self) -> frozenset[str]:
        """Names of the programs in the command line."""
        return frozenset(step.name for step in self.command.steps) if self.command is not None else frozenset()

    @cached_property
    def shows(self) -> bool:
        """Whether the command only looks at things or fetches them: then its output is data, whatever it says."""
        command = self.command
        if command is None or not command.steps:
            return False
        return all(
            (kind == "view" and step.words[-1:] not in _ASKING) or step.name in _FETCHING or step.operator == "|"
            for step, kind in zip(command.steps, command.kinds, strict=True)
        )

    @cached_property
    def traced(self) -> bool:
        """Whether a stack of calls stands in the text."""
        return (
            "Traceback (most recent call last)" in self.text or re.search(r"^[ \t]+at \S", self.text, re.M) is not None
        )

    @cached_property
    def green(self) -> int:
        """Where the last summary of passed tests or checks ends, -1 without one: errors before it were expected."""
        return max((found.end() for found in _GREEN.finditer(self.text)), default=-1)

    @cached_property
    def edges(self) -> tuple[int, int]:
        """Where the first lines end and the last lines begin."""
        head, tail = -1, len(self.text)
        for _ in range(_FIRST):
            found = self.text.find("\n", head + 1)
            head = len(self.text) if found < 0 else found
        for _ in range(_LAST):
            tail = max(0, self.text.rfind("\n", 0, tail))
        return head, tail


_ASKING = (("--help",), ("--version",), ("-V",))
"""How a program is asked to speak of itself: that runs it, and it may fail."""

_FETCHING = frozenset(("curl", "wget", "http", "https", "psql", "sqlite3", "mysql", "duckdb", "mongosh", "redis-cli"))
_FIRST, _LAST = 4, 10
"""Lines at the start and the end of an output where a program's own last word stands."""

_GREEN = re.compile(
    r"^[ \t]*(?:0 fail(?:ed|ures?)?\b|[ℹ#] fail 0\b|test result: ok\b|=+ (?:\d+ \w+, )*\d+ passed(?:, \d+ (?!failed|"
    r"error)\w+)*"
    r" in [\d.]+s|(?:pytest: )?\d+ passed(?:, \d+ (?!failed|error)\w+)*(?: in [\d.]+s.*)?$|Tests:? +(?:\d+ \w+[,| ]+)*?"
    r"\d+ passed(?!.*fail).*|\d+ passing\b(?!.*fail)|\d+ tests?, (?:\d+ \w+, )*0 failures|\d+ examples?, 0 failures|"
    r"OK(?: \(.*\))?$|All checks passed!?|Success: no issues found|All tests passed|BUILD SUCCESS(?:FUL)?\b|ok\s+\S+\s+"
    r"(?:[\d.]+s|\(cached\))|PASS$)",
    re.MULTILINE,
)

Guard: TypeAlias = Callable[[Reading, re.Match[str], int], bool]
"""Whether a matched line counts; gets the reading, the match in the line, and where the line starts."""


def anywhere(reading: Reading, match: re.Match[str], at: int) -> bool:
    """Any shell result."""
    return True


def doing(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The command does more than show data."""
    return not reading.shows


def at_edge(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The same, and the line stands where a program's own word stands: among the first or last lines."""
    head, tail = reading.edges
    return not reading.shows and (at <= head or at >= tail)


def at_start(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The line stands among the first, or the command does more than show data."""
    return not reading.shows or at <= reading.edges[0]


def of_git(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The line stands among the first of a command that runs git, or the command does more than show data."""
    return at_start(reading, match, at) and (not reading.shows or bool(reading.programs & {"git", "gh"}))


def traced(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The command does more than show data, and a stack stands beside the line or the line at an edge."""
    return not reading.shows and (reading.traced or at_edge(reading, match, at))


def own(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The line begins with the name of a program of the command (group `program`), or of a shell."""
    program = match["program"].rpartition("/")[2]
    return program in reading.programs or program in _SHELLS or reading.command is None


def named(reading: Reading, match: re.Match[str], at: int) -> bool:
    """What the line is about (group `what`) stands in the command itself, or the command does more than show data."""
    if not reading.shows or reading.command is None:
        return True
    return match["what"].strip("'\"`‘’") in reading.command.text


def ran(*programs: str) -> Guard:
    """A guard: one of these programs is in the command, and the line stands at an edge of the output."""

    def guard(reading: Reading, match: re.Match[str], at: int) -> bool:
        head, tail = reading.edges
        return not reading.programs.isdisjoint(programs) and (at <= head or at >= tail)

    return guard


def its_own_words(reading: Reading, match: re.Match[str], at: int) -> bool:
    """The harness flags the result, and the line begins with the name of a program of the command."""
    return reading.flagged and match["program"].rpartition("/")[2] in reading.programs


_SHELLS = frozenset(("bash", "sh", "zsh", "dash", "env", "xargs", "sudo", "timeout", "(eval)", "eval", "nohup"))


class Sample(NamedTuple):
    """A command and what it printed."""

    command: str
    text: str


class Rule(NamedTuple):
    """One line of a tool's output that says what happened.

    `pattern` is matched from the start of a line that holds one of `words`. `error_class` is a template over the
    pattern's groups; a group `test` names a failing test instead. `generic` rules give way to a summary of passed tests
    below them: passing tests print errors that they expect. `last` takes the last line that matches, not the first: of
    a chain of exceptions the last was not handled. Every rule shows an example, and a look-alike that it leaves alone.
    """

    name: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    error_class: str
    example: Sample
    lookalike: Sample
    guard: Guard = doing
    verdict: Verdict = "error"
    generic: bool = False
    last: bool = False


def rule(
    name: str,
    words: str | tuple[str, ...],
    pattern: str,
    error_class: str,
    example: tuple[str, str],
    lookalike: tuple[str, str],
    *,
    guard: Guard = doing,
    verdict: Verdict = "error",
    generic: bool = False,
    last: bool = False,
) -> Rule:
    """A row of a table of rules: command and output of the example, then of the look-alike."""
    compiled = re.compile(pattern)
    words = (words,) if isinstance(words, str) else words
    return Rule(name, words, compiled, error_class, Sample(*example), Sample(*lookalike), guard, verdict, generic, last)


_SEGMENT = r"[\w.@+%$*~-]+"
_PATH = re.compile(
    rf"(?<![\w:/\\.@$-])(?:(?:file://)?(?:[A-Za-z]:|~|\.{{1,2}})?(?:/{_SEGMENT}){{2,}}"  # /a/b, ~/a/b, ./a/b
    rf"|[A-Za-z]:(?:\\+{_SEGMENT})+"  # C:\a
    rf"|{_SEGMENT}(?:/{_SEGMENT}){{2,}}"  # a/b/c
    rf"|{_SEGMENT}/[\w@+%$*~-]+\.\w{{1,5}}\b)"  # a/b.py, but not @scope/pkg
)
_SCRUBS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\x1b\[[0-9;]*[A-Za-z]"), ""),
    (_PATH, lambda path: re.split(r"[/\\]", path[0])[-1]),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "0x…"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}\b"), "#"),
    (re.compile(r"(?<![A-Za-z])\d{4,}"), "N"),
    (re.compile(r"\s+"), " "),
)


def scrubbed(text: str) -> str:
    """The text without what differs each time: folders before a file's name, hexadecimal ids, numbers of 4 digits."""
    text = text[: LONGEST_CLASS * 4]
    for pattern, replacement in _SCRUBS:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if len(text) <= LONGEST_CLASS else text[: LONGEST_CLASS - 1] + "…"


_EMPTY = re.compile(r"^(\w+)\(\)")
_HTTP = re.compile(r"(?:HTTP|status(?: code)?|error:?|^)\D{0,12}\b([45]\d\d)\b(?! *(?:ms|bytes|files|lines))")


def class_of(template: str, match: re.Match[str]) -> str:
    """The class of a matched line."""
    found = match.groupdict(default="")
    made = template.format_map({name: value if name == "code" else scrubbed(value) for name, value in found.items()})
    made = _EMPTY.sub(r"\1", made).strip(": ")
    if made.startswith("HTTPError") and (code := _HTTP.search(made.partition(":")[2].strip())) is not None:
        return f"HTTP {code[1]}"
    return made if len(made) <= LONGEST_CLASS else made[: LONGEST_CLASS - 1] + "…"
