"""What a command line writes by its own text, and the programs that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from viewer.commands.shell import Step

_PATCHED = re.compile(r"^\*\*\* (?:Add|Update) File: (.+)$", re.MULTILINE)
_OPENED = re.compile(
    r"""\bopen\(\s*[rbf]?["']([^"'\n]{1,300})["']\s*,\s*(?:mode\s*=\s*)?["'][wax]"""
    r"""|\bPath\(\s*[rf]?["']([^"'\n]{1,300})["']\s*\)\.write_(?:text|bytes)\("""
    r"""|\bwriteFile(?:Sync)?\(\s*["'`]([^"'`\n]{1,300})["'`]"""
)
_NAMED = re.compile(r"""^\s*(\w+)\s*=\s*(?:pathlib\.)?(?:Path\(\s*)?[rf]?["']([^"'\n]{1,300})["']""", re.MULTILINE)
_WRITES_NAMED = re.compile(r"""\b(\w+)\.write_(?:text|bytes)\(|\bopen\(\s*(\w+)\s*,\s*(?:mode\s*=\s*)?["'][wax]""")
_PROGRAMS = frozenset(
    ("python", "node", "deno", "bun", "ruby", "perl", "php", "tsx", "ts-node", "julia", "Rscript", "elixir")
)
_PRINTERS = frozenset(("echo", "printf"))
_IN_PLACE = frozenset(("sed", "gsed", "perl", "ruby"))
_IN_PLACE_OPTION = re.compile(r"-[a-zA-Z]*i(?:\.\w+|'')?$|--in-place")


def written_by(steps: Sequence[Step]) -> tuple[tuple[str, str], ...]:
    """Path and text of each file that the steps write by their own text, in order."""
    found: list[tuple[str, str]] = []
    before: Step | None = None
    for step in steps:
        found.extend(_of_step(step, before if step.operator == "|" else None))
        before = step
    return tuple(found)


def _of_step(step: Step, source: Step | None) -> Iterator[tuple[str, str]]:
    """`source` is the step whose output this one reads."""
    text = step.heredoc
    if text is None and source is not None:
        text = source.heredoc if source.heredoc is not None else _printed(source)
    if step.name in _PRINTERS:
        text = _printed(step)
    if step.name in ("apply_patch", "applypatch"):
        patch = step.heredoc or " ".join(step.words[1:])
        yield from ((path.strip(), patch) for path in _PATCHED.findall(patch))
    elif step.name in _IN_PLACE and any(_IN_PLACE_OPTION.match(word) for word in step.words[1:5]):
        yield from _in_place(step)
    elif step.name in _PROGRAMS:
        for code in inline_code((step,)):
            yield from ((path, code) for path in _paths_in(code))
    elif step.name == "tee" and text is not None:
        yield from ((word, text) for word in step.words[1:] if not word.startswith("-"))
    elif text is not None and step.name in ("", "cat", *_PRINTERS):
        yield from ((path, text) for path in step.outputs)


def _printed(step: Step) -> str | None:
    """What `echo` or `printf` prints."""
    if step.name not in _PRINTERS:
        return None
    return " ".join(word for word in step.words[1:] if word not in ("-e", "-n", "-en", "-ne"))


def _in_place(step: Step) -> Iterator[tuple[str, str]]:
    """`sed -i 's/a/b/' one two`: the script, then files; with `-e` the scripts stand after the option."""
    words, scripts, files = list(step.words[1:]), [], []
    while words:
        word = words.pop(0)
        if word in ("-e", "-f", "--expression") and words:
            scripts.append(words.pop(0))
        elif word.startswith("-") or not word:
            # `perl -pi -e`: the next word is the script. BSD's `sed -i ''` has an empty suffix.
            if word.startswith("-") and not word.startswith("--") and word.endswith("e") and words:
                scripts.append(words.pop(0))
        elif not scripts:
            scripts.append(word)
        else:
            files.append(word)
    yield from ((path, "\n".join(scripts)) for path in files)


def inline_code(steps: Sequence[Step]) -> tuple[str, ...]:
    """The programs that stand in the command line: after `-c`, `-e`, or in a heredoc that an interpreter reads."""
    found: list[str] = []
    before: Step | None = None
    for step in steps:
        source = before if step.operator == "|" else None
        before = step
        if step.name not in _PROGRAMS:
            continue
        at = next((at for at, word in enumerate(step.words[:6]) if word in ("-c", "-e", "-p", "--eval", "eval")), 0)
        if at and at + 1 < len(step.words):
            found.append(step.words[at + 1])
        elif step.heredoc is not None:
            found.append(step.heredoc)
        elif source is not None and source.name == "cat" and source.heredoc is not None:
            found.append(source.heredoc)
    return tuple(found)


def _paths_in(code: str) -> list[str]:
    """Paths that a program's text says it writes to."""
    paths = [next(filter(None, groups)) for groups in _OPENED.findall(code)]
    named = dict(_NAMED.findall(code))
    for groups in _WRITES_NAMED.findall(code):
        name = next(filter(None, groups))
        if name in named:
            paths.append(named[name])
    return list(dict.fromkeys(paths))
