"""The steps of a command line: what the lexer found, with wrappers, keywords and nested shells taken away."""

from __future__ import annotations

import re
from typing import NamedTuple

from viewer.commands.lexer import DEEPEST, Draft, read_drafts


class Step(NamedTuple):
    """One simple command of a command line.

    `words` starts with the program, after environment assignments, `sudo`, `timeout` and the like; `name` is the
    program's own name without its folder (`python3.12` is `python`, `npx jest` is `jest`, `python -m pytest` is
    `pytest`). `operator` stands before the step: empty for the first, else `&&`, `||`, `;` (a line break too), `|` or
    `&`. `outputs` are the files that the step's output is redirected to.
    """

    words: tuple[str, ...]
    name: str
    operator: str = ""
    heredoc: str | None = None
    outputs: tuple[str, ...] = ()


def read_steps(text: str, depth: int = 0) -> tuple[Step, ...]:
    """The steps of a command line in order; those of subshells and of `bash -c '…'` stand in their place. Never raises.

    An empty or unreadable text has no steps.
    """
    return tuple([step for draft in read_drafts(text, depth) for step in _finished(draft, depth)])


_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
_LEADING = frozenset(("then", "else", "do", "if", "elif", "while", "until", "!", "{", "time"))
_ALONE = frozenset(("done", "fi", "esac", "}", "for", "case", "select", "function", "in"))
_SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ksh"))
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*(?:\.exe)?$")
_WRAPPERS: dict[str, tuple[str, int]] = {
    "sudo": ("u g p C D h R T U r t", 0),
    "doas": ("u C", 0),
    "env": ("u C S", 0),
    "time": ("f o", 0),
    "timeout": ("k s", 1),
    "gtimeout": ("k s", 1),
    "nice": ("n", 0),
    "ionice": ("c n", 0),
    "nohup": ("", 0),
    "exec": ("a", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "stdbuf": ("i o e", 0),
    "setsid": ("", 0),
    "caffeinate": ("t w", 0),
    "unbuffer": ("", 0),
    "xvfb-run": ("", 0),
    "rtk": ("", 0),
    "npx": ("p c", 0),
    "bunx": ("", 0),
    "uvx": ("p", 0),
    "pipx": ("", 0),
}
"""Programs that run the program after them: the letters of their options that take a value, and how many further
arguments stand before that program."""

_RUNNERS = (
    ("uv", "run"),
    ("poetry", "run"),
    ("pipenv", "run"),
    ("pdm", "run"),
    ("hatch", "run"),
    ("rye", "run"),
    ("conda", "run"),
    ("pnpm", "exec"),
    ("pnpm", "dlx"),
    ("npm", "exec"),
    ("yarn", "exec"),
    ("yarn", "dlx"),
    ("bundle", "exec"),
    ("mise", "exec"),
    ("pipx", "run"),
    ("dotenv", "run"),
)
"""The same in two words."""

_WRAPPING = frozenset((*_WRAPPERS, *(first for first, _ in _RUNNERS)))

_RUNNER_VALUES = frozenset(("--with", "--python", "-p", "--extra", "--group", "--directory", "-n", "--project", "-C"))


def _finished(draft: Draft, depth: int) -> tuple[Step, ...]:
    """The steps of a draft: itself, or those of the shell it starts; none for a bare keyword or assignment."""
    words, assigned = _program(draft.words)
    if not words:
        inner = _assigned(assigned, depth)
        if inner:
            return (inner[0]._replace(operator=draft.operator), *inner[1:])
        if not draft.outputs and draft.heredoc is None:
            return ()
        return (Step((), "", draft.operator, draft.heredoc, tuple(draft.outputs)),)
    name = words[0]
    if "/" in name or "\\" in name:
        name = name.rpartition("/")[2].rpartition("\\")[2] or name
    if "@" in name[1:]:  # `npx create-next-app@latest`
        name = name[0] + name[1:].partition("@")[0]
    script = _script(name, words, draft.heredoc)
    if script is not None and depth < DEEPEST:
        inner = read_steps(script, depth + 1)
        if inner:
            return (inner[0]._replace(operator=draft.operator), *inner[1:])
    if name.startswith("py") and _PYTHON.match(name):
        name = "python"
        at = next((at for at, word in enumerate(words[:6]) if word == "-m"), 0)
        if 0 < at < len(words) - 1 and all(word.startswith("-") for word in words[1:at]):
            words, name = words[at + 1 :], words[at + 1]
    return (Step(tuple(words), name, draft.operator, draft.heredoc, tuple(draft.outputs)),)


def _program(words: list[str]) -> tuple[list[str], list[str]]:
    """The words from the program on, and the assignments before it."""
    assigned: list[str] = []
    at, count = 0, len(words)
    while at < count:
        word = words[at]
        if word in _LEADING:
            at = _past_options(words, at + 1, frozenset())  # of `time -p`
        elif word in _ALONE:
            return [], []
        elif "=" in word and _ASSIGNMENT.match(word):
            assigned.append(word)
            at += 1
        elif (after := _after_wrapper(words, at)) > at:
            at = after
        else:
            break
    return words[at:], assigned


def _after_wrapper(words: list[str], at: int) -> int:
    """Where the program stands that a wrapper at this place runs; `at` itself where there is none."""
    name = words[at]
    name = name.rpartition("/")[2] if "/" in name else name
    if name not in _WRAPPING:
        return at
    next_word = words[at + 1] if at + 1 < len(words) else ""
    if (name, next_word) in _RUNNERS:
        after = _past_options(words, at + 2, _RUNNER_VALUES)
    elif name in _WRAPPERS and next_word:
        letters, arguments = _WRAPPERS[name]
        after = _past_options(words, at + 1, frozenset(f"-{letter}" for letter in letters.split()))
        after += arguments
    else:
        return at
    return after if after < len(words) else at


def _past_options(words: list[str], at: int, with_value: frozenset[str]) -> int:
    while at < len(words) and words[at].startswith("-") and len(words[at]) > 1:
        at += 2 if words[at] in with_value else 1
    return at


def _script(name: str, words: list[str], heredoc: str | None) -> str | None:
    """The shell text that a step runs: of `bash -c '…'`, `bash <<EOF`, `eval '…'`."""
    if name == "eval":
        return " ".join(words[1:])
    if name not in _SHELLS:
        return None
    for at, word in enumerate(words[1:6], start=1):
        if not word.startswith(("-", "+")):
            return None
        if not word.startswith("--") and word.endswith("c"):
            return words[at + 1] if at + 1 < len(words) else None
    return heredoc


def _assigned(words: list[str], depth: int) -> tuple[Step, ...]:
    """The steps whose output bare assignments take: `found=$(git status)`."""
    if depth >= DEEPEST:
        return ()
    steps: list[Step] = []
    for word in words:
        value = word.partition("=")[2]
        if value.startswith("$(") and value.endswith(")") and not value.startswith("$(("):
            steps.extend(read_steps(value[2:-1], depth + 1))
        elif len(value) > 2 and value[0] == value[-1] == "`":
            steps.extend(read_steps(value[1:-1], depth + 1))
    return tuple(steps)
