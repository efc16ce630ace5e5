"""Reads the output of a command by the rules: which lines say that something failed, and which of them says it best."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import re2

from viewer.annotations.failures_builds import BUILDS, WORDS
from viewer.annotations.failures_checks import CHECKS, TESTS
from viewer.annotations.failures_code import COMPILERS, CRASHES
from viewer.annotations.failures_remote import GIT, NETWORK
from viewer.annotations.failures_rule import (
    LONG,
    Reading,
    Rule,
    at_edge,
    class_of,
    doing,
    its_own_words,
    scrubbed,
    traced,
)
from viewer.annotations.failures_shell import COMMAND_LINE, FILES, SHELL
from viewer.commands import Command

RULES: tuple[Rule, ...] = (
    *COMPILERS,
    *NETWORK,
    *CRASHES,
    *TESTS,
    *CHECKS,
    *SHELL,
    *COMMAND_LINE,
    *GIT,
    *FILES,
    *BUILDS,
    *WORDS,
)
"""Every rule on a command's output. Of several that match, names of failing tests name the error, then the first of
this order."""

HEAD, TAIL = 4_000, 12_000
"""Characters read at the start and at the end of a longer output: programs end with their last word."""

_MOST_LINES = 400
"""Lines that hold one word and are matched against its rules."""

_LONGEST_LINE = 600
_LONGEST_QUOTE = 300
_MOST_NAMES = 5

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PREFIX = re.compile(
    r"(?:\[[\w:.@/-]{1,60}\] |@?[\w./-]{1,60}(?:@[\d.]+)? [\w:-]{1,30}: |[\w./@-]{1,60}:[A-Za-z][\w:-]{0,29}: )"
)
"""What runners of tasks put before each line: `[lint:go] `, `@scope/pkg test: `, `web:build: `."""

_RANKS = {rule.name: rank for rank, rule in enumerate(RULES)}


class _Word(NamedTuple):
    """A word, the rules that speak of lines with it, and those that can speak of a command that only shows data."""

    word: str
    rules: tuple[Rule, ...]
    of_views: tuple[Rule, ...]


_NOT_OF_VIEWS = (doing, at_edge, traced)


def _by_word(rules: Iterable[Rule]) -> tuple[_Word, ...]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in rule.words:
            found.setdefault(word, []).append(rule)
    return tuple(
        _Word(word, tuple(those), tuple(rule for rule in those if rule.guard not in _NOT_OF_VIEWS))
        for word, those in found.items()
    )


def _search_for(words: Iterable[_Word]) -> re2.Set:
    """Tells in one pass which of the words stand in a text: 16 times faster than a look for each."""
    search = re2.Set.SearchSet()
    for word in words:
        search.Add(re2.escape(word.word))
    search.Compile()
    return search


_WORDS = _by_word(rule for rule in RULES if rule.guard is not its_own_words)
_SEARCH = _search_for(_WORDS)
_LAST_RESORT = tuple(rule for rule in RULES if rule.guard is its_own_words)


class Hit(NamedTuple):
    """A line that a rule matched: where it starts, and what it says."""

    rule: Rule
    match: re.Match[str]
    at: int
    quote: str


class Finding(NamedTuple):
    """What an output says: the rule that decides, the line, the class."""

    rule: Rule
    quote: str
    error_class: str | None


def reading_of(text: str, command: Command | None, flagged: bool = False) -> Reading:
    """The reading of a result: of a long one its ends, of a command that only shows data less."""
    reading = Reading(text, command, flagged)
    if reading.is_long:
        head, tail = (LONG // 2, LONG // 2) if reading.shows else (HEAD, TAIL)
        reading.text = _clipped(text, head, tail)
    if "\x1b" in reading.text:
        reading.text = _ANSI.sub("", reading.text)
    if "\r" in reading.text:
        lines = reading.text.replace("\r\n", "\n").split("\n")
        reading.text = "\n".join([line.rpartition("\r")[2] for line in lines])
    return reading


def _clipped(text: str, head: int, tail: int) -> str:
    """The start and the end of a longer text, cut at lines where there are any."""
    if len(text) <= head + tail:
        return text
    start = text.rfind("\n", 0, head) + 1 or head
    end = text.find("\n", len(text) - tail)
    return text[:start] + text[end + 1 if end >= 0 else len(text) - tail :]


def hits(reading: Reading) -> list[Hit]:
    """Every line that a rule takes for a failure, guards and expected errors considered.

    To know whether a command only shows data takes longer than to match a few lines in vain: the guards ask, when a
    line has matched, and of a long output it is asked first.
    """
    found: list[Hit] = []
    for index in _SEARCH.Match(reading.text.encode("utf-8", "replace")) or ():
        word, rules, of_views = _WORDS[index]
        if reading.is_long and reading.shows:
            rules = of_views
        if rules:
            found.extend(_hits_of(word, rules, reading))
    if not found and reading.flagged:
        found = [hit for rule in _LAST_RESORT for word in rule.words for hit in _hits_of(word, (rule,), reading)]
    return found


def _hits_of(word: str, rules: tuple[Rule, ...], reading: Reading) -> list[Hit]:
    text = reading.text
    found: list[Hit] = []
    at = text.find(word)
    for _ in range(_MOST_LINES):
        if at < 0:
            break
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        cut = min(end, start + _LONGEST_LINE)
        prefix = _PREFIX.match(text, start, cut)
        for rule in rules:
            match = rule.pattern.match(text, start, cut)
            if match is None and prefix is not None:
                match = rule.pattern.match(text, prefix.end(), cut)
            if match is not None and rule.guard(reading, match, start) and not _expected(rule, reading, start):
                found.append(Hit(rule, match, start, text[match.start() : cut].strip()[:_LONGEST_QUOTE]))
        at = text.find(word, end)
    return found


def _expected(rule: Rule, reading: Reading, at: int) -> bool:
    """Whether an error is one that passing tests print, or that a test run without a summary may print."""
    if not rule.generic:
        return False
    if at < reading.green:
        return True
    command = reading.command
    return command is not None and command.kind == "test" and reading.green < 0 and not _is_collection(reading)


_COLLECTION = re.compile(r"ERROR collecting |errors? during collection|no tests ran|\[(?:build|setup) failed\]")


def _is_collection(reading: Reading) -> bool:
    """Whether the tests never began: then the error is that of the run itself."""
    head, tail = reading.edges
    return (head >= len(reading.text) and tail == 0) or _COLLECTION.search(reading.text) is not None


def finding(found: list[Hit]) -> Finding | None:
    """The one that says best what failed; None without any."""
    if not found:
        return None
    tests = [hit for hit in found if hit.rule.error_class == "TestFailure"]
    names = sorted({name for hit in tests if (name := hit.match.groupdict().get("test"))})
    if names:
        best = next(hit for hit in tests if hit.match.groupdict().get("test"))
        return Finding(best.rule, best.quote, _test_failure(names))
    rank = min(_RANKS[hit.rule.name] for hit in found)
    same = [hit for hit in found if _RANKS[hit.rule.name] == rank]
    best = max(same, key=lambda hit: hit.at) if same[0].rule.last else min(same, key=lambda hit: hit.at)
    return Finding(best.rule, best.quote, class_of(best.rule.error_class, best.match) or None)


def _test_failure(names: list[str]) -> str:
    short = [scrubbed(name) for name in names[:_MOST_NAMES]]
    more = f", {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"TestFailure({', '.join(short)}{more})"
