"""What a step of a command line is for, and which step stands for the whole. Tables: add a program where it belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from viewer.commands_shell import Step

CommandKind = Literal["view", "test", "check", "build", "eval", "edit", "run", "network", "other"]
"""`view` only looks (and prints, waits, changes directory); `check` is a linter, a type checker, a formatter;
`eval` measures a model; `run` runs a program; `network` fetches, installs, pushes; `edit` changes files."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PROGRAMS: tuple[tuple[CommandKind, str], ...] = (
    (
        "view",
        "cat head tail less more nl bat batcat sed awk gawk grep egrep fgrep zgrep rg ag ack ls eza exa tree find fd "
        "fdfind stat file wc du df diff cmp comm sort uniq cut tr column jq yq xxd hexdump od strings echo printf pwd "
        "cd pushd popd which whereis type date env whoami hostname uname id ps pgrep printenv test [ [[ true false : "
        "sleep wait export set unset source . alias read return exit basename dirname realpath readlink man help "
        "declare local shift trap ulimit umask hash dirs tput clear history jobs fg bg lsof top htop free uptime "
        "nvidia-smi sha256sum md5sum md5 shasum base64 zcat gunzip-c zless tac rev fold fmt paste join seq yes tsort "
        "xargs glow delta break continue let expr Select-Object Select-String Where-Object Sort-Object Measure-Object "
        "ForEach-Object Format-Table Format-List Out-String Out-Null Out-Host Get-Content Get-ChildItem Get-Item "
        "Get-Command Get-Process Get-Date Get-Location Test-Path Resolve-Path Set-Location Push-Location Pop-Location "
        "Write-Output Write-Host Start-Sleep ConvertTo-Json ConvertFrom-Json Compare-Object Split-Path Join-Path",
    ),
    (
        "test",
        "pytest py.test unittest tox nox jest vitest mocha ava tap jasmine karma rspec phpunit pest ctest gotestsum "
        "ginkgo bats ward nose2 nosetests doctest playwright cypress testcafe cargo-nextest busted minitest",
    ),
    (
        "check",
        "tsc vue-tsc tsgo mypy pyright basedpyright ty pyrefly pyre ruff flake8 pylint pycodestyle pydocstyle bandit "
        "black isort autopep8 eslint tslint biome oxlint prettier stylelint standard xo golangci-lint staticcheck "
        "gofmt goimports gofumpt shellcheck shfmt hadolint actionlint yamllint markdownlint markdownlint-cli2 "
        "rubocop rustfmt clippy-driver clang-tidy clang-format cppcheck pre-commit vulture knip depcheck publint "
        "attw ktlint detekt swiftlint swiftformat svelte-check py_compile compileall lint-staged tflint checkov "
        "commitlint",
    ),
    (
        "build",
        "make gmake cmake ninja meson bazel gcc g++ cc c++ clang clang++ rustc javac kotlinc scalac ghc ocamlc tsup "
        "webpack esbuild rollup vite parcel swc babel gradle gradlew mvn mvnw ant sbt msbuild xcodebuild docker-build "
        "unbuild tsdown maturin nvcc ld swiftc zig nix-build latexmk pdflatex mkdocs hugo jekyll typst",
    ),
    ("eval", "lm_eval lm-eval lighteval inspect promptfoo evaluate-cli"),
    (
        "edit",
        "tee mv cp rm touch mkdir rmdir chmod chown ln patch apply_patch truncate install unzip tar zip gzip gunzip "
        "rsync dd perl-i ex ed jscodeshift comby sd",
    ),
    (
        "network",
        "curl wget http https gh glab ssh scp sftp ping dig nslookup nc telnet pip pip3 npm-install brew apt apt-get "
        "dnf yum apk pacman hf huggingface-cli gem-install aws gcloud az kubectl helm vercel netlify fly flyctl "
        "wrangler ngrok twine modal",
    ),
    (
        "run",
        "python node deno bun ruby perl php lua julia R Rscript java ts-node tsx dotnet-run elixir iex erl go-run "
        "accelerate torchrun deepspeed streamlit gradio jupyter psql sqlite3 mysql redis-cli osascript pwsh docker "
        "docker-compose podman playwright-cli mongosh duckdb powershell",
    ),
)
"""A kind and the programs of that kind. A program with subcommands has rows in `_SUBCOMMANDS`, which come first."""

_KIND_OF: dict[str, CommandKind] = {name: kind for kind, names in _PROGRAMS for name in names.split()}

_TEST_WORD = r"(?:unit|e2e|int(?:egration)?|ci|all|smoke|acceptance)?[-_:]?tests?(?:[-_:.][\w:.-]+)?|e2e|specs?"
_CHECK_WORD = (
    r"(?:[\w.-]+:)?(?:lint|eslint|type-?check|tsc|check|fmt|format|prettier|biome|verify|vet)(?:[-_:][\w:-]+)?"
)
_EVAL_WORD = r"(?:[\w.-]+[-_:])?(?:evals?|evaluate|evaluation|bench(?:mark)?s?)(?:[-_:][\w:-]+)?"
_BUILD_WORD = r"(?:[\w.-]+:)?(?:build|compile|bundle|dist|package|generate|codegen)(?:[-_:][\w:-]+)?"
_JS = r"(?:npm|pnpm|yarn|bun|deno)(?: run| task| workspace \S+| (?:-w|-F|--filter|--prefix|-C|--cwd)[ =]\S+)*"
_TASKS = r"(?:make|gmake|just|task|rake|mise run|invoke|inv|nx(?: run)?|turbo(?: run)?|composer(?: run)?)"

_SUBCOMMANDS: tuple[tuple[CommandKind, str, str], ...] = (
    (
        "view",
        "git",
        r"git (?:-C \S+ |--no-pager )*(?:show|diff|log|status|blame|grep|ls-files|ls-tree|ls-remote|cat-file|"
        r"rev-parse|rev-list|describe|reflog|shortlog|merge-base|for-each-ref|config --get\S*|remote -v|branch"
        r"(?: -[avr]+| --show-current| --list| --contains)?(?= |$)(?! -[dDmM])|stash list|worktree list|tag -l|"
        r"check-ignore|diff-tree|name-rev|whatchanged|count-objects|symbolic-ref)(?: |$)",
    ),
    ("view", "gh", r"gh (?:\S+ )?(?:view|diff|list|checks|status|search)(?: |$)|gh (?:search|run view|api)(?: |$)"),
    (
        "view",
        "docker kubectl podman",
        r"(?:docker|podman|kubectl)(?: compose)? (?:logs|ps|inspect|images|describe|get)(?: |$)",
    ),
    ("view", "npm pnpm yarn", r"(?:npm|pnpm|yarn) (?:view|info|ls|list|why|outdated|root|bin|config|explain)(?: |$)"),
    ("view", "pip pip3 uv", r"pip3? (?:show|list|freeze|index)(?: |$)|uv (?:pip (?:show|list|freeze)|tree)(?: |$)"),
    (
        "view",
        "hf huggingface-cli",
        r"(?:hf|huggingface-cli) (?:jobs (?:ps|inspect|hardware)|auth whoami|whoami|env|version)(?: |$)",
    ),
    (
        "view",
        "cargo go mix rustup",
        r"(?:go|cargo|rustup|mix) (?:doc|version|env|list|tree|metadata|show|help|hex\.info)(?: |$)",
    ),
    ("view", "tmux", r"tmux (?:capture-pane|list-\w+|ls)(?: |$)|\S+ (?:--version|--help|-V)$"),
    (
        "eval",
        "bun composer deno gmake inspect inv invoke just make mise npm nx pnpm rake task turbo yarn",
        rf"{_JS} {_EVAL_WORD}(?: |$)|{_TASKS} {_EVAL_WORD}(?: |$)|inspect eval(?: |$)",
    ),
    (
        "eval",
        "accelerate python torchrun",
        r"(?:python|accelerate launch|torchrun)\b(?:.* )?(?:\S*/)?(?:[\w-]*[_-])?(?:eval|evaluate|evaluation|"
        r"evals|benchmark|score)(?:[_-][\w-]*)?\.py\b",
    ),
    (
        "test",
        "bun composer deno gmake inv invoke just make mise npm nx pnpm rake task turbo yarn",
        rf"{_JS} (?:t|tst|{_TEST_WORD})(?: |$)|{_TASKS} (?:\S+ )?{_TEST_WORD}(?: |$)|npm t$",
    ),
    (
        "test",
        "bun cabal cargo dart deno dotnet dune flutter forge gleam go hatch lein mix moon rails sbt stack swift zig",
        r"(?:go|cargo|mix|dotnet|swift|deno|bun|zig|sbt|flutter|dart|rails|phx|cabal|stack|hatch|moon|forge|lein|"
        r"gleam|dune) (?:\S+ )?test(?: |$)|cargo nextest|zig build test",
    ),
    (
        "test",
        "gradle gradlew mvn mvnw",
        r"(?:gradlew?|\./gradlew|mvnw?|\./mvnw)(?: \S+)* :?(?:\S+:)?(?:test|check|verify|integrationTest)(?: |$)",
    ),
    (
        "test",
        "bash elixir node php python ruby sh ts-node tsx",
        r"(?:python|node|ruby|bash|sh|elixir|php|tsx|ts-node)\b(?: -\S+)* (?:\S*/)?(?:test_[\w-]+|[\w-]+[_.-]tests?|"
        r"run_?tests?|tests?)\.(?:py|[cm]?[jt]sx?|rb|sh|exs|php)\b|python (?:\S*/)?manage\.py test|node --test",
    ),
    ("eval", "*", r"(?:\S*/)?(?:[\w-]*[_-])?(?:eval|evaluate|evaluation|evals|benchmark|score)(?:[_-][\w-]*)?\.py "),
    ("test", "*", r"(?:\S*/)?(?:test_[\w-]+|[\w-]+[_.-]tests?|run_?tests?|tests?)\.(?:py|[cm]?[jt]sx?|rb|sh|exs) "),
    ("test", "*", r"(?:\./|\S*/)(?:run[-_]?)?tests?(?:[-_]\w+)*(?:\.sh)?(?: |$)"),
    (
        "check",
        "bun composer deno gmake inv invoke just make mise npm nx pnpm rake task turbo yarn",
        rf"{_JS} {_CHECK_WORD}(?: |$)|{_TASKS} {_CHECK_WORD}(?: |$)",
    ),
    (
        "check",
        "bash cargo dart deno flutter gleam go mix node php ruby terraform uv",
        r"go (?:vet|fmt)|cargo (?:check|clippy|fmt|audit|deny)|mix (?:format|credo|dialyzer|compile "
        r"--warnings-as-errors)|deno (?:lint|check|fmt)|dart analyze|flutter analyze|terraform (?:validate|plan|"
        r"fmt)|node --check|bash -n|php -l|ruby -c|gleam (?:check|format)|uv (?:lock --check)",
    ),
    (
        "build",
        "bun bundle composer deno gmake inv invoke just make mise npm nx pnpm rake task turbo yarn",
        rf"{_JS} {_BUILD_WORD}(?: |$)|{_TASKS} {_BUILD_WORD}(?: |$)",
    ),
    (
        "build",
        "astro cabal cargo docker dotnet dune expo flutter gcloud gleam go hatch mix nest next ng nuxt podman poetry "
        "python stack swift uv vite zig",
        r"(?:go|cargo|mix|dotnet|swift|zig|docker|podman|dune|stack|cabal|gleam|next|vite|astro|nuxt|uv|poetry|"
        r"hatch|expo|nest|ng|flutter|gcloud builds|docker compose|docker buildx) (?:build|compile|generate|"
        r"install|submit|publish)(?: |$)|python setup\.py",
    ),
    ("network", "git", r"git (?:-C \S+ )?(?:push|pull|fetch|clone|submodule update)"),
    (
        "network",
        "asdf bun bundle cargo composer conda deno dotnet gem go mamba mise mix npm nuget nvm pip pip3 pipx pnpm "
        "poetry rustup uv yarn",
        r"(?:npm|pnpm|yarn|bun|pip3?|uv|uv pip|gem|bundle|cargo|poetry|mix|go|composer|pipx|conda|mamba|nuget|"
        r"dotnet|deno|rustup|nvm|asdf|mise) (?:\S+ )?(?:install|i|ci|add|sync|update|upgrade|download|get|"
        r"deps\.get|publish|restore|remove|uninstall|audit|create|init|mod)(?: |$)",
    ),
    (
        "network",
        "docker podman terraform",
        r"(?:docker|podman)(?: compose)? (?:pull|push|login)|terraform (?:apply|init|destroy)",
    ),
    (
        "edit",
        "awk perl ruby sed",
        r"sed (?:.* )?(?:-[a-zA-Z]*i\S*|--in-place\S*)(?: |$)|(?:perl|ruby) (?:.* )?-\w*i|awk -i inplace",
    ),
    ("edit", "find", r"find .* (?:-delete|-exec (?:rm|mv|sed|chmod))"),
    (
        "edit",
        "git",
        r"git (?:-C \S+ )?(?:apply|checkout|restore|mv|rm|reset|stash(?! list)|clean|revert|merge|rebase|"
        r"cherry-pick|switch)(?: |$)",
    ),
    (
        "run",
        "bun cargo dart deno docker dotnet flutter go mix npm pnpm swift yarn zig",
        r"(?:npm|pnpm|yarn|bun|deno)(?: run)? \S|(?:go|cargo|mix|dotnet|swift|zig|docker|flutter|dart) "
        r"(?:run|exec|start|compose)",
    ),
    ("run", "*", r"(?:\./|/|~/|\.\./)\S+|\S+\.(?:sh|py|[cm]?js|ts|rb)(?: |$)"),
)
"""A kind, the programs that it speaks of (`*` for scripts by their path), and a pattern of the words from the program
on, in the order of trying."""


_Rows: TypeAlias = tuple[tuple[CommandKind, re.Pattern[str]], ...]


def _rows_by_program() -> dict[str, _Rows]:
    found: dict[str, list[tuple[CommandKind, re.Pattern[str]]]] = {}
    for kind, programs, pattern in _SUBCOMMANDS:
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
