"""Rules of the error layer: what git and the clients of networks say when something fails."""

from __future__ import annotations

from viewer.annotations.failures_rule import Rule, anywhere, at_start, doing, of_git, ran, rule

GIT: tuple[Rule, ...] = (
    rule(
        "git conflict",
        "CONFLICT",
        r"CONFLICT \((?P<what>[\w/ ]+)\): ",
        "MergeConflict",
        ("git rebase main | tail -3", "CONFLICT (content): Merge conflict in a.py"),
        ("git log", "    CONFLICT (content): Merge conflict in a.py"),
        guard=doing,
        generic=True,
    ),
    rule(
        "git rejected",
        "rejected]",
        r"\s*! \[(?:remote )?rejected\]\s+(?P<what>.*?)\((?P<why>[^)]*)\)",
        "GitPushRejected({why})",
        ("git push 2>&1 | tail", " ! [rejected]        main -> main (non-fast-forward)"),
        ("cat push.log", " ! [rejected]        main -> main (non-fast-forward)"),
        guard=doing,
        generic=True,
    ),
    rule(
        "git fatal",
        "fatal: ",
        r"fatal: (?P<what>.+)$",
        "GitFatal: {what}",
        ("git worktree add ../x 2>&1 | tail -1", "fatal: a branch named 'x' already exists"),
        ("cat ci.log", "fatal: a branch named 'x' already exists"),
        guard=of_git,
        generic=True,
    ),
    rule(
        "git error",
        "error: ",
        r"error: (?P<what>(?:pathspec|failed to push|cannot (?:rebase|pull|lock|merge)|Your local changes|patch failed|"
        r"unable to (?:delete|create|unlink|write)|could not (?:apply|lock)|src refspec|branch '|"
        r"the following files have|"
        r"corrupt patch|No valid patches|there are still|Merging is not|Pulling is not|The branch '|you need to).*)$",
        "GitError: {what}",
        ("git checkout nope; ls", "error: pathspec 'nope' did not match any file(s) known to git"),
        ("git show HEAD:log", "error: pathspec 'nope' did not match any file(s) known to git"),
        guard=doing,
        generic=True,
    ),
    rule(
        "git ignored",
        "are ignored by",
        r"The following paths are ignored by one of your \.gitignore files",
        "GitError: paths are ignored",
        ("git add out", "The following paths are ignored by one of your .gitignore files:"),
        ("cat log", "The following paths are ignored by one of your .gitignore files:"),
    ),
    rule(
        "commit hook",
        ("pre-commit", "pre-push"),
        r"(?:husky - (?P<what>[\w-]+) (?:script failed|hook exited)|.*\b(?P<other>pre-(?:commit|push)) hook "
        r"(?:failed|declined|exited with|error)).*",
        "HookFailed({what}{other})",
        ("git commit -m x | tail", "husky - pre-commit script failed (code 1)"),
        ("cat README.md", "husky - pre-commit script failed (code 1)"),
        guard=doing,
        generic=True,
    ),
)
"""What git says."""

NETWORK: tuple[Rule, ...] = (
    rule(
        "graphql",
        "GraphQL: ",
        r"(?:.* failed: )?GraphQL: (?P<what>.*)$",
        "GraphQL: {what}",
        ("gh pr create --fill | cat", "pull request create failed: GraphQL: No commits between main and x"),
        ("cat notes.md", "GraphQL: a query language"),
        guard=ran("gh"),
    ),
    rule(
        "wget",
        "ERROR ",
        r".*\bERROR (?P<code>[45]\d\d): ",
        "HTTP {code}",
        ("wget -q http://x/y | tail", "2026-01-01 00:00:00 ERROR 404: Not Found."),
        ("cat a.log", "2026-01-01 00:00:00 ERROR 404: Not Found."),
        guard=ran("wget"),
    ),
    rule(
        "secure shell",
        ("ssh: ", "Host key verification", "kex_exchange", "Connection closed by"),
        r"(?:ssh: (?P<what>.+)|Host key verification failed|kex_exchange_identification: .*|Connection closed by .*)$",
        "SshError: {what}",
        ("ssh host ls | tail", "ssh: connect to host host port 22: Connection refused"),
        ("cat a.log", "ssh: connect to host host port 22: Connection refused"),
        guard=ran("ssh", "scp", "sftp", "rsync", "git"),
    ),
    rule(
        "database",
        ("ERROR:  ", "Error: in prepare", "Error: near", "Parse error", "Runtime error", "Catalog Error", "ERROR 1"),
        r"(?:psql:\S+ )?(?:ERROR:  |Error: in prepare, |Error: near |Parse error[^:]*: |Runtime error[^:]*: |"
        r"Catalog Error: |"
        r"ERROR \d{4} \([\w]+\)[^:]*: )(?P<message>.*)$",
        "SqlError: {message}",
        ("psql -c 'select x' | tail", 'ERROR:  column "x" does not exist'),
        ("cat a.log", 'ERROR:  column "x" does not exist'),
        guard=ran("psql", "sqlite3", "mysql", "duckdb"),
    ),
    rule(
        "http status (gh)",
        "HTTP ",
        r"(?:gh: .*\(|.*\bfailed to .*|error\S*:? .*|(?:[\w.]+: )?)\(?HTTP (?P<code>[45]\d\d)\b",
        "HTTP {code}",
        ("gh api repos/x", "gh: Not Found (HTTP 404)"),
        ("rg -n 'HTTP 404' src", "src/a.ts:3: // HTTP 404 when missing"),
        guard=at_start,
        generic=True,
    ),
    rule(
        "http status (client)",
        ("HTTPError", "HTTPStatusError", "returned error", "Client error", "Server error"),
        r"(?:.*\b(?:requests|httpx|urllib|aiohttp|huggingface_hub)\S*(?:HTTP\w*Error|HTTPStatusError)|"
        r"urllib\.error\.HTTPError|"
        r".*\bThe requested URL returned error|.*\bClient error|.*\bServer error).*?\b(?P<code>[45]\d\d)\b.*",
        "HTTP {code}",
        ("python fetch.py", "requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://x"),
        ("cat client.py", "requests.exceptions.HTTPError: 429 Client Error"),
        guard=doing,
        last=True,
        generic=True,
    ),
    rule(
        "curl",
        "curl: (",
        r"curl: \((?P<code>\d+)\) (?P<why>.*)$",
        "CurlError({code})",
        ("curl -sf http://localhost:3000 | jq .", "curl: (7) Failed to connect to localhost port 3000"),
        ("make smoke", "see curl: (7) in the manual"),
        guard=anywhere,
        generic=True,
    ),
    rule(
        "http status (request failed)",
        "tatus code",
        r"(?:\w*Error: )?Request failed with status code (?P<code>[45]\d\d)$",
        "HTTP {code}",
        ("node fetch.js", "AxiosError: Request failed with status code 429"),
        ("cat a.log", "AxiosError: Request failed with status code 429"),
        guard=doing,
        generic=True,
    ),
    rule(
        "ssh",
        "ermission denied (",
        r"(?:\S+: )?Permission denied \((?P<what>[\w,-]+)\)",
        "PermissionDenied({what})",
        ("git push", "git@github.com: Permission denied (publickey)."),
        ("cat log", "git@github.com: Permission denied (publickey)."),
        guard=doing,
        generic=True,
    ),
)
"""What network clients say."""
