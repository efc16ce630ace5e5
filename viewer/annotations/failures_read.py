"""Reads the output of a command by the rules: which lines say that something failed, and which of them says it best."""

from __future__ import annotations

import re
from typing import NamedTuple

from viewer.annotations.failures_checks import CHECKS, TESTS
from viewer.annotations.failures_code import BUILDS, COMPILERS, CRASHES, WORDS
from viewer.annotations.failures_rule import Reading, Rule, class_of, scrubbed
from viewer.annotations.failures_shell import COMMAND_LINE, FILES, GIT, NETWORK, SHELL

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

HEAD, TAIL = 16_000, 24_000
"""Characters read at the start and at the end of a longer output."""

_MOST_LINES = 400
"""Lines that hold one word and are matched against its rules."""

_LONGEST_LINE = 2_000
_LONGEST_QUOTE = 300
_MOST_NAMES = 5

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PREFIX = re.compile(
    r"(?:\[[\w:.@/-]{1,60}\] |@?[\w./-]{1,60}(?:@[\d.]+)? [\w:-]{1,30}: |[\w./@-]{1,60}:[A-Za-z][\w:-]{0,29}: )"
)
"""What runners of tasks put before each line: `[lint:go] `, `@scope/pkg test: `, `web:build: `."""

_RANKS = {rule.name: rank for rank, rule in enumerate(RULES)}


def _by_word() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    words = dict.fromkeys(rule.word for rule in RULES)
    return tuple((word, tuple(rule for rule in RULES if rule.word == word)) for word in words)


_BY_WORD = _by_word()

_STEMS = (
    "FATAL",
    "rror", "ail", "FAIL", "FATAL", "not found", "No such", "no such", "xception", "fatal", "panic", "denied", "npm ",
    "nknown", "nrecogni", "nexpected", "annot", "rejected", "CONFLICT", "Killed", "fault", "no matches", "unmatched",
    "is not", "memory", "issues", "problem", "reformat", "***", "curl: (", "Interrupt", "offense", "E: ", "nvalid",
    "undefined", "raceback", "illegal", "requir", ".go:", "space left", "not ok", "unbound", "irectory", "exists",
    "managed", "style", ".py:", "go: ", "ignored by", "arse error", "rg: ", "exited with", "E: ",
)  # fmt: skip
"""Parts of words without which no rule matches: most results hold none, and are done with at once."""


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


def clipped(text: str) -> str:
    """The start and the end of a text that is too long to read whole."""
    if len(text) <= HEAD + TAIL:
        return text
    start = text.rfind("\n", 0, HEAD) + 1 or HEAD
    end = text.find("\n", len(text) - TAIL)
    return text[:start] + text[end + 1 if end >= 0 else len(text) - TAIL :]


def hits(reading: Reading) -> list[Hit]:
    """Every line that a rule takes for a failure, guards and expected errors considered."""
    text = reading.text
    if not reading.flagged and not any(stem in text for stem in _STEMS):
        return []
    found: list[Hit] = []
    for word, rules in _BY_WORD:
        if word in text:
            found.extend(_hits_of(word, rules, reading))
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
        line = _plain(text[start : min(end, start + _LONGEST_LINE)])
        if word in line:
            for rule in rules:
                match = _match(rule, line)
                if match is not None and rule.guard(reading, match, start) and not _expected(rule, reading, start):
                    found.append(Hit(rule, match, start, match.string.strip()[:_LONGEST_QUOTE]))
        at = text.find(word, end)
    return found


def _plain(line: str) -> str:
    """A line without colours, and without what overwrote itself."""
    if "\x1b" in line:
        line = _ANSI.sub("", line)
    line = line.rstrip()
    return line.rpartition("\r")[2] if "\r" in line else line


def _match(rule: Rule, line: str) -> re.Match[str] | None:
    found = rule.pattern.match(line)
    if found is None and (prefix := _PREFIX.match(line)) is not None:
        return rule.pattern.match(line[prefix.end() :])
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
