"""Rules of the error layer: what shells, file tools and command lines say when something fails."""

from __future__ import annotations

from viewer.annotations.failures_rule import Rule, at_edge, at_start, doing, named, own, ran, rule

_SHELL = r"(?:(?:/\S*/)?(?:bash|zsh|sh|dash|ksh)|\(eval\)|\S+\.(?:sh|zsh|bash)|\.\S*/\S+)"
_LINE = r"(?:\[\d+\])?:(?: -c:)?(?:cd:)?(?: ?line \d+:|\d+:)* ?(?:\d+: )?"

SHELL: tuple[Rule, ...] = (
    rule(
        "command not found",
        "not found",
        rf"(?:{_SHELL}{_LINE})?command not found: (?P<what>\S+)$",
        "CommandNotFound({what})",
        ("rg -n foo src", "zsh:1: command not found: rg"),
        ("cat log.txt", "zsh:1: command not found: bat"),
        guard=named,
    ),
    rule(
        "command not found (bash)",
        "not found",
        rf"{_SHELL}{_LINE}(?P<what>[\w./+@-]+): (?:command )?not found$",
        "CommandNotFound({what})",
        ("mytool --x | head", "/bin/bash: line 1: mytool: command not found"),
        ("cat ci.log", "/bin/bash: line 1: mytool: command not found"),
        guard=named,
    ),
    rule(
        "command not found (env)",
        "such file",
        r"(?:/usr/bin/)?(?:env|xargs|timeout|nohup|sudo)(?:: failed to run command)?:? [‘'\"]?(?P<what>[^\s/‘’'\":]+)"
        r"[’'\"]?: No such file or directory$",
        "CommandNotFound({what})",
        ("./run.py", "env: ‘python’: No such file or directory"),
        ("cat log", "env: ‘python’: No such file or directory"),
        guard=doing,
    ),
    rule(
        "command not recognized",
        "is not recognized",
        r"(?:\S+ ?: )?(?:The term )?'(?P<what>[^']+)' is not recognized as (?:the name of|an internal)",
        "CommandNotFound({what})",
        ("foo /x", "'foo' is not recognized as an internal or external command,"),
        ("cat notes.md", "'foo' is not recognized as an internal or external command,"),
        guard=named,
    ),
    rule(
        "shell glob",
        "no matches found",
        rf"{_SHELL}{_LINE}no matches found: (?P<what>.+)$",
        "GlobNoMatch({what})",
        ("ls plugins/*/package.json", "zsh:1: no matches found: plugins/*/package.json"),
        ("cat ci.log", "zsh:1: no matches found: other/*"),
        guard=named,
    ),
    rule(
        "shell syntax",
        (
            "syntax error",
            "unexpected E",
            "unexpected end",
            "unmatched",
            "parse error",
            "bad pattern",
            "bad substitution",
            "bad option",
            "bad math",
            "bad array",
            "event not found",
            "unbound variable",
            "invalid option",
            "readonly variable",
            "expression expected",
        ),
        rf"{_SHELL}{_LINE}(?P<what>syntax error\b.*|unexpected (?:EOF|end of file)\b.*|unmatched .|parse error near .*|"
        r"bad (?:pattern|substitution|option|math expression|array subscript).*|event not found.*|[^:]*: "
        r"(?:unbound variable|event not found|bad substitution|invalid option.*|readonly variable|"
        r"integer expression expected))$",
        "ShellSyntax: {what}",
        ("echo 'x", "bash: -c: line 1: unexpected EOF while looking for matching `''"),
        ("grep -rn error logs", "logs/a: bash: -c: line 1: syntax error near unexpected token"),
        guard=at_start,
    ),
    rule(
        "shell path",
        "o such file or directory",
        rf"{_SHELL}{_LINE}(?:cd: )?no such file or directory: (?P<what>.+)$",
        "PathNotFound({what})",
        ("scripts/go.sh --x", "zsh:1: no such file or directory: scripts/go.sh"),
        ("cat log", "zsh:1: no such file or directory: scripts/go.sh"),
        guard=named,
    ),
    rule(
        "shell path (bash)",
        "o such file or directory",
        rf"{_SHELL}{_LINE}(?:(?:cd|source|\.|pushd): )?(?P<what>[^:]+): No such file or directory$",
        "PathNotFound({what})",
        ("cd packages && ls", "bash: line 1: cd: packages: No such file or directory"),
        ("cat log", "bash: line 1: cd: elsewhere: No such file or directory"),
        guard=named,
    ),
    rule(
        "shell permission",
        "ermission denied",
        rf"{_SHELL}{_LINE}(?:permission denied: (?P<what>.*)|(?P<path>[^:]+): Permission denied)$",
        "PermissionDenied({what}{path})",
        ("./run.sh", "zsh:1: permission denied: ./run.sh"),
        ("cat log", "zsh:1: permission denied: ./run.sh"),
        guard=doing,
    ),
)
"""What shells say; each row shows the usual words of bash, zsh, dash or Windows."""

_OWN = r"(?P<program>[\w.+/-]+): "

FILES: tuple[Rule, ...] = (
    rule(
        "path not found",
        "o such file or directory",
        rf"{_OWN}(?:(?:cannot|can't|can’t|failed to|unable to|error) (?:[a-z]+ ){{1,3}})?[‘'\"]?(?P<what>[^‘’'\":]+)"
        r"[’'\"]?(?: for \w+|"
        r" to '[^']*')?: (?:IO error for operation on \S+: )?No such file or directory(?: \(os error 2\))?$",
        "PathNotFound({what})",
        ("cp a.txt out/", "cp: cannot stat 'a.txt': No such file or directory"),
        ("npm run copy | head", "notes: missing: No such file or directory"),
        guard=own,
        generic=True,
    ),
    rule(
        "path not found (exa, fd, macOS)",
        "such file",
        rf"{_OWN}(?P<what>[^:]+): (?:open: )?(?:No such file or directory|no such file or directory|No such file)\b.*$",
        "PathNotFound({what})",
        ("wc -l gone.py", "wc: gone.py: open: No such file or directory"),
        ("make", "gone: gone.py: No such file or directory"),
        guard=own,
        generic=True,
    ),
    rule(
        "file permission",
        "ermission denied",
        rf"{_OWN}(?:.*[: ‘'\"])?(?P<what>[^‘’'\": ]+)[’'\"]?: Permission denied$",
        "PermissionDenied({what})",
        ("cp a /etc/a", "cp: cannot create regular file '/etc/a': Permission denied"),
        ("cat log", "mv: cannot move 'a' to 'b': Permission denied"),
        guard=own,
        generic=True,
    ),
    rule(
        "file kind",
        ("s a directory", "ot a directory", "irectory not empty"),
        rf"{_OWN}(?:.*[: ‘'\"])?(?P<what>[^‘’'\": ]+)[’'\"]?: (?P<why>Is a directory|Not a directory|"
        rf"Directory not empty)$",
        "FileError: {why}",
        ("rm out", "rm: cannot remove 'out': Is a directory"),
        ("cat log", "rm: cannot remove 'out': Is a directory"),
        guard=own,
        generic=True,
    ),
    rule(
        "file exists",
        "ile exists",
        rf"{_OWN}.*: File exists$",
        "FileError: File exists",
        ("mkdir out", "mkdir: cannot create directory ‘out’: File exists"),
        ("cat log", "mkdir: out: File exists"),
        guard=own,
        generic=True,
    ),
    rule(
        "disk full",
        "o space left",
        r".*No space left on device",
        "NoSpaceLeft",
        ("docker build .", "write /var/x: No space left on device"),
        ("grep -rn space docs", "docs/a.md: No space left on device"),
        guard=doing,
        generic=True,
    ),
)
"""What `cp`, `cat`, `find` and their like say of files; they begin with their own name."""

COMMAND_LINE: tuple[Rule, ...] = (
    rule(
        "search pattern",
        (
            "regex parse",
            "the literal",
            "nmatched",
            "nvalid",
            "nterminated",
            "arse error",
            "yntax error",
            "must precede",
            "-e expression",
            "unknown command",
            "unknown option to",
            "error (at",
            "error:",
        ),
        r"(?P<program>rg|grep|ggrep|egrep|sed|gsed|awk|gawk|jq|find|fd): (?P<why>(?:regex parse error|the literal|"
        r"[Uu]nmatched|[Ii]nvalid|[Uu]nterminated|unknown (?:command|option to)|parse error|syntax error|paths must "
        r"precede|-e expression|error \(at|error:).*)$",
        "{program}: {why}",
        ("rg 'a(' src | head", "rg: regex parse error:"),
        ("cat notes.md", "jq: error (at <stdin>:1): no"),
        guard=own,
    ),
    rule(
        "json",
        "parse error: ",
        r"(?:jq: )?parse error: (?P<why>.*)$",
        "jq: parse error: {why}",
        ("jq . a.json; ls", "parse error: Invalid numeric literal at line 1, column 5"),
        ("sed -n 1,5p a.md", "parse error: Invalid numeric literal"),
        guard=ran("jq"),
    ),
    rule(
        "unknown option",
        (
            "nknown ",
            "nrecogni",
            "nexpected argument",
            "nvalid option",
            "nvalid flag",
            "llegal option",
            "o such option",
            "bad flag",
            "flag provided",
        ),
        r"(?:[\w.+-]+: )*(?:[eE]rror: |ERROR: |CACError: )?(?:[\w.+-]+: )?(?:[Uu]nknown (?:shorthand )?(?:flag|option|"
        r"argument|"
        r"JSON field)s?|[Uu]nrecogni[sz]ed (?:option|argument|flag)s?|[Uu]nexpected argument|"
        r"unknown or unexpected option|"
        r"[Ii]nvalid (?:option|flag)|illegal option|[Nn]o such option|bad flag|flag provided but not defined)\b"
        r"(?: found)?:?(?: -- )? ?[‘'\"`]?(?P<what>[-\w=.:]+)",
        "UnknownOption({what})",
        ("bd list --all", "Error: unknown flag: --all"),
        ("cat help.txt", "usage\na\nb\nc\nd\nunknown flag: --all"),
        guard=at_start,
    ),
    rule(
        "unknown command",
        (
            "nknown command",
            "nknown subcommand",
            "nrecognized command",
            "nrecognized subcommand",
            "no such command",
            "no such subcommand",
            "nvalid command",
            "nvalid subcommand",
        ),
        r"(?:[\w.+-]+: )*(?:[eE]rror: |ERROR: )?(?:unknown|Unknown|unrecognized|Unrecognized|no such|invalid|Invalid) "
        r"(?:sub)?command:? [‘'\"`]?(?P<what>[\w:.-]+)",
        "UnknownCommand({what})",
        ("bd unlink --help", 'Error: unknown command "unlink" for "bd"'),
        ("cat notes.md", "See also\n\n\n\nunknown command x\n" + "x\n" * 12),
        guard=at_start,
    ),
    rule(
        "not a command",
        "is not a",
        r"(?:[\w.+-]+: )*(?:[eE]rror: )?[‘'\"`]?(?P<what>[\w:.-]+)[’'\"`]? is not an? (?:valid |known |\w+ )?"
        r"(?:access )?(?:command|subcommand|option|task)\b",
        "UnknownCommand({what})",
        ("git psuh", "git: 'psuh' is not a git command. See 'git --help'."),
        ("cat docs/cli.md", "# CLI\n\n\n\n\nfoo is not a command\n" + "x\n" * 12),
        guard=at_start,
    ),
    rule(
        "bad arguments (argparse)",
        "error: ",
        r"(?P<program>[\w./ -]+): error: (?P<why>(?:the following arguments|argument |unrecognized|invalid|ambiguous|"
        r"too (?:few|many)).*)$",
        "BadArguments: {why}",
        ("python train.py --lr x", "train.py: error: argument --lr: invalid float value: 'x'"),
        ("cat ci.log", "train.py: error: argument --lr: invalid float value: 'x'"),
        guard=doing,
    ),
    rule(
        "missing argument",
        ("required flag", "required option", "required argument", "is required", "needs an argument", "accepts "),
        r"(?:[eE]rror: |ERROR: )?(?:(?:missing )?required (?:flag|option|argument)s?\b.*(?:not set|not provided|"
        r"missing)|"
        r"(?:flag|option|argument) needs an argument|.*\bis required$|accepts? .* arg\(s\), received).*",
        "BadArguments",
        ("bd create --type bug", 'Error: required flag(s) "title" not set'),
        ("cat docs.md", 'a\nb\nc\nd\nrequired flag(s) "title" not set\n' + "x\n" * 12),
        guard=at_edge,
        generic=True,
    ),
)
"""What programs say of arguments that they do not know."""
