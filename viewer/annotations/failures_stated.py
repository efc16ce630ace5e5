"""Exit codes that do not mean what an error flag says: by convention benign, a look for what is not there, cut off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from viewer.annotations.contract import Verdict
from viewer.annotations.failures_rule import Reading
from viewer.commands import Command, Step, spoken

_MATCHERS = frozenset(("grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack"))
_COMPARERS = frozenset(("diff", "cmp", "comm"))
_ASKERS = frozenset(("which", "type", "whereis", "command", "pgrep", "pidof", "lsof", "test", "[", "[["))
_LOOKERS = frozenset(("ls", "find", "fd", "stat", "file", "tree", "cat", "head", "tail", "wc", "realpath", "du"))
_GIT_COMPARES = re.compile(r"git (?:-C \S+ )?diff(?:-index|-files)?\b")
_GIT_ASKS = re.compile(
    r"git (?:-C \S+ )?(?:rev-parse|show-ref|merge-base|check-ignore|cat-file|ls-remote|config|show|log|diff|remote|"
    r"ls-files)\b"
)
_PACKAGE_ASKS = re.compile(
    r"(?:npm|pnpm|yarn) (?:view|info|ls|list|why)\b|pip3? show\b|gh (?:\S+ )?(?:view|api|list)\b"
)


class Convention(NamedTuple):
    """An exit code that a program uses to answer. `holds` sees the step that ended the command and what was printed."""

    name: str
    code: int
    holds: Callable[[Step, Reading], bool]
    verdict: Verdict
    example: tuple[str, str]
    lookalike: tuple[str, str]


def _empty(reading: Reading) -> bool:
    return not reading.text.strip()


def _quiet(reading: Reading) -> bool:
    """Whether nothing was printed, or nobody would see what was."""
    return _empty(reading) or (reading.command is not None and "2>" in reading.command.text)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "no match",
        1,
        lambda step, reading: step.name in _MATCHERS or spoken(step).startswith("git grep"),
        "benign",
        ("grep -n foo a.py", ""),
        ("make", ""),
    ),
    Convention(
        "files differ",
        1,
        lambda step, reading: step.name in _COMPARERS or _GIT_COMPARES.match(spoken(step)) is not None,
        "benign",
        ("diff a b", "1c1\n< a\n---\n> b"),
        ("git commit -m x", "nothing to commit"),
    ),
    Convention(
        "not installed, not running, not so",
        1,
        lambda step, reading: step.name in _ASKERS,
        "probe",
        ("which foo", "foo not found"),
        ("foo", ""),
    ),
    Convention(
        "looked for what is not there",
        1,
        lambda step, reading: step.name in _LOOKERS and _quiet(reading),
        "probe",
        ("ls gone 2>/dev/null", ""),
        ("npm run x 2>/dev/null", ""),
    ),
    Convention(
        "looked for what is not there (GNU)",
        2,
        lambda step, reading: (step.name in _LOOKERS or step.name in _MATCHERS) and _quiet(reading),
        "probe",
        ("grep -rn x src gone 2>/dev/null", "src/a: x"),
        ("make 2>/dev/null", ""),
    ),
    Convention(
        "asked git for what is not there",
        128,
        lambda step, reading: _GIT_ASKS.match(spoken(step)) is not None,
        "probe",
        ("git rev-parse --verify nope", "fatal: Needed a single revision"),
        ("git push", "fatal: no upstream"),
    ),
    Convention(
        "asked git for what is not there (quiet)",
        1,
        lambda step, reading: _GIT_ASKS.match(spoken(step)) is not None and _empty(reading),
        "benign",
        ("git config user.name", ""),
        ("git commit", ""),
    ),
    Convention(
        "asked for a package or a page that is not there",
        1,
        lambda step, reading: _PACKAGE_ASKS.match(spoken(step)) is not None and "404" in reading.text,
        "probe",
        ("npm view nope version", "npm error code E404"),
        ("npm install nope", "npm error code E404"),
    ),
    Convention(
        "checks pending",
        8,
        lambda step, reading: spoken(step).startswith("gh pr checks"),
        "benign",
        ("gh pr checks 12", "Build\tpending"),
        ("./a.sh", "Build pending"),
    ),
    Convention(
        "own time limit",
        124,
        lambda step, reading: reading.command is not None and "timeout" in reading.command.text,
        "aborted",
        ("timeout 5 npm start", "listening"),
        ("npm start", "listening"),
    ),
    Convention("stopped with ^C", 130, lambda step, reading: True, "aborted", ("npm start", ""), ("", "")),
    Convention("terminated", 143, lambda step, reading: True, "aborted", ("npm start", ""), ("", "")),
    Convention(
        "reader had enough",
        141,
        lambda step, reading: reading.command is not None and "|" in reading.command.text,
        "benign",
        ("yes | head -1", "y"),
        ("make", ""),
    ),
)
"""In the order of trying."""


def convention_of(code: int | None, reading: Reading) -> Convention | None:
    """The convention by which an exit code is no failure, if one holds."""
    step = _last(reading.command)
    if code is None:
        return None
    if step is None:
        return next((one for one in CONVENTIONS if one.code == code and code in (130, 143)), None)
    return next((one for one in CONVENTIONS if one.code == code and one.holds(step, reading)), None)


def _last(command: Command | None) -> Step | None:
    """The step whose exit code the command's is, as far as the text tells."""
    if command is None or not command.steps:
        return None
    last = command.steps[-1]
    # `grep x f || echo none`: whoever ended it, the command is about the step before.
    if last.operator == "||" and len(command.steps) > 1 and last.name in ("true", "echo", ":"):
        return command.steps[-2]
    # `grep x f && rm y`: the first that fails ends a chain; one that asks is the likeliest.
    chain = [step for step in command.steps if step.operator in ("", "&&")]
    if last.operator == "|" and last.name in _LOOKERS:
        return next((step for step in reversed(command.steps) if step.name in _MATCHERS), last)
    if last.operator == "&&":
        asking = [step for step in chain if step.name in _MATCHERS or step.name in _ASKERS]
        return asking[0] if asking else last
    return last


def is_lookup(step: Step) -> bool:
    """Whether a step asks whether something is there."""
    if (
        step.name in _MATCHERS
        or step.name in _LOOKERS
        or step.name in _ASKERS
        or step.name in ("sed", "nl", "bat", "jq")
    ):
        return True
    said = spoken(step)
    return _GIT_ASKS.match(said) is not None or _PACKAGE_ASKS.match(said) is not None
