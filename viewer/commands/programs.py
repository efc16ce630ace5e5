"""Which programs there are, and what each is for. Tables: add a program where it belongs."""

from __future__ import annotations

from typing import Literal

CommandKind = Literal["view", "test", "check", "build", "eval", "edit", "run", "network", "other"]
"""`view` only looks (and prints, waits, changes directory); `check` is a linter, a type checker, a formatter;
`eval` measures a model; `run` runs a program; `network` fetches, installs, pushes; `edit` changes files."""

PROGRAMS: tuple[tuple[CommandKind, str], ...] = (
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
"""A kind and the programs of that kind. A program with subcommands has rows in `SUBCOMMANDS`, which come first."""

_TEST_WORD = r"(?:unit|e2e|int(?:egration)?|ci|all|smoke|acceptance)?[-_:]?tests?(?:[-_:.][\w:.-]+)?|e2e|specs?"
_CHECK_WORD = (
    r"(?:[\w.-]+:)?(?:lint|eslint|type-?check|tsc|check|fmt|format|prettier|biome|verify|vet)(?:[-_:][\w:-]+)?"
)
_EVAL_WORD = r"(?:[\w.-]+[-_:])?(?:evals?|evaluate|evaluation|bench(?:mark)?s?)(?:[-_:][\w:-]+)?"
_BUILD_WORD = r"(?:[\w.-]+:)?(?:build|compile|bundle|dist|package|generate|codegen)(?:[-_:][\w:-]+)?"
_JS = r"(?:npm|pnpm|yarn|bun|deno)(?: run| task| workspace \S+| (?:-w|-F|--filter|--prefix|-C|--cwd)[ =]\S+)*"
_TASKS = r"(?:make|gmake|just|task|rake|mise run|invoke|inv|nx(?: run)?|turbo(?: run)?|composer(?: run)?)"

SUBCOMMANDS: tuple[tuple[CommandKind, str, str], ...] = (
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
