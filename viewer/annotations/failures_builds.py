"""Rules of the error layer: build tools, package managers, and the words that programs use most."""

from __future__ import annotations

from viewer.annotations.failures_rule import Rule, at_edge, at_start, its_own_words, own, ran, rule, traced

BUILDS: tuple[Rule, ...] = (
    rule(
        "make",
        "***",
        r"g?make(?:\[\d+\])?: \*\*\* (?P<what>.*?)(?:\. +Stop\.)?$",
        "MakeError: {what}",
        ("make all | tail -3", "make: *** [Makefile:3: all] Error 2"),
        ("cat build.log", "make: *** [Makefile:3: all] Error 2"),
    ),
    rule(
        "ninja, cmake, gradle, maven",
        ("build stopped", "BUILD FAIL", "Build failed"),
        r"(?:ninja: build stopped|BUILD FAILED|BUILD FAILURE|\[ERROR\] BUILD FAILURE|\[INFO\] BUILD FAILURE|"
        r"FAILURE: Build "
        r"failed)",
        "BuildFailed",
        ("./gradlew build | tail", "BUILD FAILED in 3s"),
        ("./gradlew build | tail", "BUILD SUCCESSFUL in 3s"),
    ),
    rule(
        "gradle task",
        "FAILED",
        r"> Task (?P<what>:\S+) FAILED",
        "BuildFailed({what})",
        ("./gradlew build | tail", "> Task :app:compileJava FAILED"),
        ("cat build.log", "> Task :app:compileJava FAILED"),
    ),
    rule(
        "cmake",
        "CMake Error",
        r"CMake Error(?: at (?P<what>\S+?):\d+)?",
        "CMakeError",
        ("cmake .. | tail", "CMake Error at CMakeLists.txt:3 (find_package):"),
        ("cat build.log", "CMake Error at CMakeLists.txt:3 (find_package):"),
    ),
    rule(
        "npm not found",
        ("npm ERR! 404", "npm error 404", "code E404"),
        r"npm (?:ERR!|error)(?: code E404$| 404\b.*)",
        "PackageNotFound",
        ("npm view nope version || true", "npm error code E404"),
        ("cat npm.log\ncat b\ncat c", "a\nb\nc\nd\ne\nnpm error code E404"),
        guard=at_start,
    ),
    rule(
        "npm",
        ("npm ERR!", "npm error"),
        r"npm (?:ERR!|error)(?: code (?P<code>[A-Z]\w+)| [Mm]issing script: \"?(?P<script>[\w:.-]+)\"?|"
        r" Lifecycle script "
        r"`(?P<task>[^`]+)` failed.*|\b.*)$",
        "NpmError({code}{script}{task})",
        ("npm run nope | tail", 'npm error Missing script: "nope"'),
        ("cat npm.log", "npm error code ELIFECYCLE"),
    ),
    rule(
        "pnpm, yarn, bun script",
        ("exited with", "exit code", "ELIFECYCLE", "was terminated", "Exited with"),
        r"(?:error: script \"(?P<task>[^\"]+)\" (?:exited with code|was terminated)|"
        r"error Command failed with exit code|"
        r"(?:ERROR  )?.*\bCommand failed with exit code [1-9]|.* Exited with code [1-9]\d*$|"
        r".*\bELIFECYCLE\b.*Command failed)",
        "ScriptFailed({task})",
        ("bun run lint | tail", 'error: script "lint" exited with code 1'),
        ("cat build.log", 'error: script "lint" exited with code 1'),
    ),
    rule(
        "pnpm",
        "ERR_PNPM_",
        r"(?:\S+ )?\s*ERR_PNPM_(?P<what>\w+)",
        "PnpmError({what})",
        ("pnpm i | tail", " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install"),
        ("cat install.log", " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install"),
    ),
    rule(
        "task runner",
        "ask failed",
        r"(?:ERROR|Error|error):? .*[Tt]ask failed\b|ERROR task failed$",
        "TaskFailed",
        ("mise run lint | tail -1", "[lint] ERROR task failed"),
        ("cat ci.log", "[lint] ERROR task failed"),
    ),
    rule(
        "task runner (just, turbo, task)",
        "ailed",
        r"(?:error: [Rr]ecipe `(?P<what>[^`]+)` failed|task: Failed to run task \"(?P<task>[^\"]+)\"|ERROR +run failed|"
        r"\S+: command finished with error)",
        "TaskFailed({what}{task})",
        ("just lint | tail", "error: Recipe `lint` failed on line 3 with exit code 1"),
        ("cat ci.log", "error: Recipe `lint` failed on line 3 with exit code 1"),
    ),
    rule(
        "pip",
        "ERROR: ",
        r"ERROR: (?P<message>(?:Could not|No matching|Cannot|Failed|Invalid|Package|pip's|Exception|Ignored|Double|"
        r".*conflict).*)$",
        "PipError: {message}",
        ("pip install nope | tail -2", "ERROR: No matching distribution found for nope"),
        ("cat pip.log", "ERROR: No matching distribution found for nope"),
    ),
    rule(
        "externally managed",
        "externally-managed",
        r"error: externally-managed-environment",
        "PipError: externally-managed-environment",
        ("pip install torch | head", "error: externally-managed-environment"),
        ("cat notes.md", "error: externally-managed-environment"),
    ),
    rule(
        "docker",
        ("Error response from daemon", "ERROR: failed to", "Cannot connect to the Docker"),
        r"(?:Error response from daemon: |ERROR: failed to (?:solve|build)|Error: Cannot connect to the Docker daemon)"
        r"(?P<message>.*)$",
        "DockerError: {message}",
        ("docker run x | tail", "Error response from daemon: No such image: x"),
        ("cat log", "Error response from daemon: No such image: x"),
    ),
    rule(
        "cloud clients",
        ("An error occurred (", "Error from server", "│ Error"),
        r"(?:An error occurred \((?P<what>\w+)\) when calling|Error from server \((?P<who>\w+)\)|╷|"
        r"│ Error: (?P<message>.*))",
        "CloudError({what}{who}): {message}",
        ("kubectl get pod x", 'Error from server (NotFound): pods "x" not found'),
        ("cat log", "a\nb\nc\nd\ne\n╷\n│ Error: no"),
        guard=at_start,
    ),
    rule(
        "apt",
        "E: ",
        r"E: (?P<message>(?:Unable to|Could not|Package|Failed|The ).*)$",
        "AptError: {message}",
        ("apt-get install nope | tail", "E: Unable to locate package nope"),
        ("cat log", "E: Unable to locate package nope"),
    ),
    rule(
        "uncaught error",
        "Error: ",
        r"(?:Uncaught )?Error(?: \[\w+\])?: (?P<message>.+)$",
        "Error: {message}",
        ("node a.js | tail -30", "Error: Cannot find module './b'\nRequire stack:\n    at x (node:internal)"),
        ("cat app.log", "Error: Cannot find module './b'\n    at x (node:internal)"),
        guard=traced,
        generic=True,
        last=True,
    ),
    rule(
        "resolver",
        ("× ", "version solving failed", "Could not resolve"),
        r"(?:\s*× (?P<message>.+)|(?P<why>.*version solving failed).*)$",
        "ResolveError: {message}{why}",
        ("uv add foo | tail", "  × No solution found when resolving dependencies:"),
        ("cat a.log", "  × No solution found when resolving dependencies:"),
        guard=ran("uv", "poetry", "pdm", "pub"),
    ),
    rule(
        "rake",
        "aborted!",
        r"(?:rake|rails) aborted!$",
        "TaskFailed",
        ("bundle exec rake | tail", "rake aborted!"),
        ("cat a.log", "rake aborted!"),
    ),
    rule(
        "program: error",
        (": error: ", ": Error", ": ERROR: "),
        r"(?P<program>[\w.+-]+): (?:fatal )?(?:error|Error|ERROR):? (?P<message>.+)$",
        "{program}: {message}",
        ("sbatch a.sh | cat", "sbatch: error: Batch job submission failed: Invalid partition specified"),
        ("cat a.log", "sbatch: error: Batch job submission failed"),
        guard=own,
        generic=True,
    ),
    rule(
        "error line",
        ("error: ", "error["),
        r"(?:error|fatal error)(?:\[\w+\])?: (?P<message>(?!0 |no errors).+)$",
        "error: {message}",
        ("cargo build | tail", "error: could not compile `a` due to 2 previous errors"),
        ("bun test", "error: Item 3 failed\n 1216 pass\n 0 fail"),
        generic=True,
        last=True,
    ),
    rule(
        "error line (first or last)",
        ("Error: ", "ERROR: ", "Error (", "ERROR ("),
        r"(?:\w+ )?(?:Error|ERROR)(?: \([\w -]+\))?: (?P<message>(?!0\b|None\b|null\b|no\b).+)$",
        "Error: {message}",
        ("workmux send x | tail", "Error: No content to send"),
        ("python report.py", "a\nb\nc\nd\ne\nError: 3 rows\n" + "x\n" * 12),
        guard=at_edge,
        generic=True,
    ),
    rule(
        "uncaught (node)",
        "Node.js v",
        r"Node\.js v\d+\.\d+",
        "UncaughtException",
        ("node a.js 2>&1 | tail -3", "  requireStack: []\n}\n\nNode.js v20.1.0"),
        ("node --version", "v20.1.0"),
        guard=at_edge,
        generic=True,
    ),
)
"""Build tools, package managers, and the words that programs use most: `error: …`."""

WORDS: tuple[Rule, ...] = (
    rule(
        "its own words",
        ": ",
        r"(?P<program>[\w.+-]+): (?P<message>\S.*)$",
        "{program}: {message}",
        ("tmux attach -t x", "tmux: no sessions"),
        ("tmux ls", "notes: no sessions"),
        guard=its_own_words,
        generic=True,
    ),
)
"""What is left for a flagged result: a line that begins with the program's own name."""
