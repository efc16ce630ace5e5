"""What a step of a command line is for, which step stands for the whole, and what counts as the same command again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from viewer.commands.programs import PROGRAMS, SUBCOMMANDS, CommandKind
from viewer.commands.shell import Step


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KIND_OF: dict[str, CommandKind] = {name: kind for kind, names in PROGRAMS for name in names.split()}

_Rows: TypeAlias = tuple[tuple[CommandKind, re.Pattern[str]], ...]


def _rows_by_program() -> dict[str, _Rows]:
    found: dict[str, list[tuple[CommandKind, re.Pattern[str]]]] = {}
    for kind, programs, pattern in SUBCOMMANDS:
        compiled = re.compile(pattern)
        for program in programs.split():
            found.setdefault(program, []).append((kind, compiled))
    return {program: tuple(rows) for program, rows in found.items()}


_ROWS = _rows_by_program()
"""By program, the rows that its kind hangs on."""

_SPOKEN = 200
"""Characters of a step's words that its kind and signature hang on."""

_NEUTRAL = _words(
    "cd pushd popd echo printf export set unset source . sleep wait true false : pwd date which test [ [[ mkdir "
    "alias trap ulimit umask read return exit Set-Location Push-Location Pop-Location Write-Output Write-Host "
    "Start-Sleep "
    "Test-Path"
)
"""Programs that prepare or report, and never stand for a command line."""

_PREPARING = re.compile(r"git (?:-C \S+ )?(?:add|stash|config)(?: |$)|chmod |touch |rm |mkdir |cp |mv |kill |pkill ")
"""Steps that prepare the one after them."""

_SUBCOMMAND = re.compile(r"[A-Za-z][\w:.-]*$")
_INTERPRETERS = _words(
    "python node deno bun ruby perl php lua julia Rscript java ts-node tsx elixir bash sh zsh torchrun"
)
_WITH_SUBCOMMANDS = _words(
    "git gh glab npm pnpm yarn bun cargo go docker podman kubectl helm pip pip3 uv poetry mix make gmake just rake "
    "task "
    "hf huggingface-cli dotnet swift zig deno terraform brew apt apt-get conda gradle gradlew mvn mvnw bazel nx turbo "
    "rails composer gem bundle flutter dart aws gcloud az fly vercel wrangler modal accelerate ruff biome next vite "
    "docker-compose tmux rustup mise inspect playwright alembic django-admin prisma drizzle-kit"
)
_TWO_DEEP = frozenset(
    (
        "npm run",
        "pnpm run",
        "yarn run",
        "bun run",
        "gh pr",
        "gh issue",
        "gh run",
        "gh repo",
        "gh api",
        "docker compose",
        "hf jobs",
        "uv pip",
        "mise run",
        "nx run",
        "turbo run",
        "gh release",
        "gh workflow",
        "accelerate launch",
        "deno task",
        "git stash",
        "go mod",
        "go tool",
        "aws s3",
        "kubectl rollout",
    )
)


def spoken(step: Step) -> str:
    """The step's words as one text, its name in place of the program; cut."""
    return " ".join((step.name, *[word[:_SPOKEN] for word in step.words[1:40]]))[:_SPOKEN]


def kind_of(step: Step) -> CommandKind:
    """What one step is for."""
    if not step.name:
        return "edit" if step.outputs else "other"
    name = step.name
    rows = _ROWS.get(name)
    if rows is not None:
        said = spoken(step)
    elif "/" in step.words[0] or "." in name:
        said, rows = step.words[0][:_SPOKEN] + " ", _ROWS["*"]
    for kind, pattern in rows or ():
        if pattern.match(said):
            return _looked(kind, step)
    found = _KIND_OF.get(name)
    if found is None:
        return "view" if step.words[-1] in ("--version", "--help", "-V", "-h") else "other"
    return _looked(found, step)


def _looked(kind: CommandKind, step: Step) -> CommandKind:
    """A step that only looks, unless it writes what it sees to a file; asking for help or a version only looks."""
    if kind == "view":
        return "edit" if step.outputs else "view"
    if kind != "edit" and step.words[-1] in ("--version", "--help", "-V"):
        return "view"
    return kind


def telling(steps: Sequence[Step], kinds: Sequence[CommandKind]) -> int | None:
    """The index of the step that stands for the command line; None without steps.

    It is the last one that does something: not a view or a filter of the output of others, not one that only prepares
    or reports. Where there is none, the last that prepares, then the last that heads a pipe.
    """
    if len(steps) < 2:
        return 0 if steps else None
    heads = [at for at, step in enumerate(steps) if step.operator != "|"] or list(range(len(steps)))
    doing = [at for at in range(len(steps)) if kinds[at] != "view" and steps[at].name not in _NEUTRAL]
    # `pytest | tee log`: a step that only files the output of another does not stand for it.
    doing = [at for at in doing if steps[at].operator != "|" or kinds[at] not in ("edit", "view")] or doing
    lasting = [at for at in doing if not _PREPARING.match(spoken(steps[at]))]
    looking = [at for at in heads if steps[at].name not in _NEUTRAL]
    chosen = lasting or doing or looking or heads
    return chosen[-1] if chosen else None


def signature_of(step: Step) -> str:
    """What counts as the same command again: the program with its subcommand, script or target, without options."""
    name = step.name
    words = [word for word in step.words[1:12] if not word.startswith("-")]
    if name in ("git", "make", "docker", "npm", "pnpm", "yarn", "bun") and words and step.words[1] != words[0]:
        words = _past_values(step.words[1:12])
    # `bun run lint` is the task, `bun src/cli.ts` the script.
    if name in _INTERPRETERS and not (name in _WITH_SUBCOMMANDS and words and _SUBCOMMAND.match(words[0])):
        return f"{name} {_inline(step) or (_file(words[0]) if words else '')}".strip()
    if name not in _WITH_SUBCOMMANDS or not words:
        return name[:_SPOKEN]
    sub = words[0] if words and _SUBCOMMAND.match(words[0]) else ""
    said = f"{name} {sub}".strip()
    if said in _TWO_DEEP and len(words) > 1:
        said = f"{said} {words[1]}"
    return said[:_SPOKEN]


_VALUES = frozenset(
    ("-C", "-c", "--prefix", "--filter", "-F", "-w", "--workspace", "-f", "--git-dir", "--work-tree", "--cwd")
)


def _past_values(words: Sequence[str]) -> list[str]:
    """The words without options and without the values of those that take one."""
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in _VALUES:
            skip = True
        elif not word.startswith("-"):
            kept.append(word)
    return kept


def _inline(step: Step) -> str:
    """`-c`, `-e` or `-` for a program in the command line itself."""
    for word in step.words[1:4]:
        if word in ("-c", "-e", "-p", "-"):
            return word
        if not word.startswith("-"):
            return ""
    return "-" if step.heredoc is not None else ""


def _file(word: str) -> str:
    return word.rpartition("/")[2] or word
