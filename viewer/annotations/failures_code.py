"""Rules of the error layer: exceptions, crashes, compilers, package managers and build tools."""

from __future__ import annotations

from viewer.annotations.failures_rule import Rule, at_edge, at_start, its_own_words, rule, traced

_EXCEPTION = r"(?:\w+[.:]+)*(?P<type>[A-Z]\w*(?:Error|Exception|Interrupt|Failure|Exit|Timeout|NotFound))"

CRASHES: tuple[Rule, ...] = (
    rule(
        "exception",
        ("Error", "Exception", "Interrupt", "Timeout", "NotFound", "SystemExit"),
        rf"(?:E\s+|\[)?(?:Uncaught |Unhandled \w+: |error: Uncaught (?:\(in promise\) )?)?{_EXCEPTION}(?: \[\w+\])?"
        r"(?:: (?P<message>.*)| \[.*)?$",
        "{type}: {message}",
        (
            "python train.py | tail",
            "Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in <module>\nKeyError: 'label'",
        ),
        ("pytest -q", "ValueError: expected in a test\n 0 fail\n12 passed in 0.1s"),
        guard=traced,
        generic=True,
        last=True,
    ),
    rule(
        "uncaught (java)",
        "xception in thread",
        r"Exception in thread \"[^\"]*\" (?:[\w$]+\.)*(?P<type>\w+)(?:: (?P<message>.*))?$",
        "{type}: {message}",
        ("java Main", 'Exception in thread "main" java.lang.NullPointerException: x'),
        ("cat log", 'Exception in thread "main" java.lang.NullPointerException: x'),
        generic=True,
    ),
    rule(
        "caused by",
        "Caused by: ",
        r"Caused by: (?:[\w$]+\.)+(?P<type>\w+(?:Exception|Error))(?:: (?P<message>.*))?$",
        "{type}: {message}",
        ("mvn package | tail -40", "Caused by: java.io.IOException: closed"),
        ("cat log", "Caused by: java.io.IOException: closed"),
        generic=True,
        last=True,
    ),
    rule(
        "traceback",
        "Traceback",
        r"\s*Traceback \(most recent call last\):",
        "",
        ("python a.py | head -2", 'Traceback (most recent call last):\n  File "a.py", line 1'),
        ("cat app.log", "Traceback (most recent call last):"),
        generic=True,
    ),
    rule(
        "ruby",
        "rror)",
        r"\S+\.rb:\d+:in .*: (?P<message>.*) \((?:\w+::)*(?P<type>\w+Error)\)$",
        "{type}: {message}",
        ("ruby a.rb", "a.rb:3:in `x': undefined method `y' for nil (NoMethodError)"),
        ("cat log", "a.rb:3:in `x': undefined method `y' for nil (NoMethodError)"),
        generic=True,
    ),
    rule(
        "elixir",
        "** (",
        r"\s*\*\* \((?P<type>[\w.]+)\) (?P<message>.*)$",
        "{type}: {message}",
        ("mix run | tail", '** (Mix) The task "foo" could not be found'),
        ("cat log", '** (Mix) The task "foo" could not be found'),
        generic=True,
    ),
    rule(
        "go panic",
        "panic: ",
        r"panic: (?P<message>.*)$",
        "panic: {message}",
        ("go run . 2>&1 | head", "panic: runtime error: index out of range"),
        ("cat log", "panic: runtime error: index out of range"),
        generic=True,
    ),
    rule(
        "rust panic",
        "panicked at",
        r"thread '[^']*'(?: \(\d+\))? panicked at (?P<message>.*)$",
        "panic",
        ("cargo run | tail", "thread 'main' panicked at src/main.rs:3:5:"),
        ("cat log", "thread 'main' panicked at src/main.rs:3:5:"),
        generic=True,
    ),
    rule(
        "segmentation fault",
        ("Segmentation fault", "Bus error"),
        r"(?:.*: )?(?:line \d+: +\d+ )?(?:Segmentation fault|Bus error)\b",
        "SegmentationFault",
        ("./a.out | head", "Segmentation fault (core dumped)"),
        ("rg fault docs", "Segmentation fault is explained here"),
    ),
    rule(
        "killed",
        "Killed",
        r"(?:.*: line \d+: +\d+ )?Killed\b(?:\s|$)(?!.*\bprocess(?:es)?\b)",
        "Killed",
        ("python big.py", "Killed"),
        ("pkill -f serve; echo ok", "Killed 3 processes"),
        guard=at_edge,
    ),
    rule(
        "cuda memory",
        "ut of memory",
        r"(?:.*\b)?CUDA(?: error:)? out of memory",
        "OutOfMemoryError: CUDA out of memory",
        ("python train.py | tail", "RuntimeError: CUDA out of memory. Tried to allocate 2 GiB"),
        ("cat notes.md", "CUDA out of memory"),
    ),
    rule(
        "fatal error",
        "atal error",
        r"(?:PHP |Swift/\S+ )?Fatal error: (?P<message>.*)$",
        "FatalError: {message}",
        ("php a.php | tail", "PHP Fatal error: Uncaught Error: no"),
        ("cat log", "PHP Fatal error: Uncaught Error: no"),
        generic=True,
    ),
    rule(
        "fatal error (node)",
        "FATAL ERROR",
        r"FATAL ERROR: (?P<message>.*)$",
        "FatalError: {message}",
        ("node big.js | tail", "FATAL ERROR: Reached heap limit Allocation failed"),
        ("cat log", "FATAL ERROR: Reached heap limit"),
        generic=True,
    ),
)
"""Exceptions and crashes. An exception's line needs a stack beside it, or the edge of the output."""

COMPILERS: tuple[Rule, ...] = (
    rule(
        "rust",
        "error[E",
        r"error\[(?P<code>E\d{4})\]: ",
        "{code}",
        ("cargo build | head", "error[E0308]: mismatched types"),
        ("cat book.md", "error[E0308]: mismatched types"),
    ),
    rule(
        "c, swift, java",
        "error: ",
        r"(?:[\w./\\+-]+\.(?:c|cc|cpp|cxx|h|hpp|m|mm|swift|java|kt|cu|scala|zig)):\d+(?::\d+)?: (?:fatal )?error: "
        r"(?P<message>.*)$",
        "CompileError: {message}",
        ("make | tail", "src/a.c:3:5: error: 'x' undeclared (first use in this function)"),
        ("cat build.log", "src/a.c:3:5: error: 'x' undeclared"),
    ),
    rule(
        "linker",
        "undefined reference",
        r"(?:.*: )?undefined reference to .(?P<what>[\w:~]+)",
        "LinkError: undefined reference to {what}",
        ("make | tail", "main.o: undefined reference to `foo'"),
        ("cat build.log", "main.o: undefined reference to `foo'"),
    ),
    rule(
        "go compile",
        ".go:",
        r"(?:vet: |# )?(?:\.{0,2}/?[\w./@-]*\.go):\d+:\d+: (?P<message>(?:undefined|cannot |too many|not enough|"
        r"missing |"
        r"invalid |syntax error|expected |assignment |declared and not used|imported and not used|\S+ redeclared|"
        r"no required module|unknown field|duplicate |could not import|\S+ undefined|\S+ is not|\"\S+\" imported|"
        r"undeclared|non-|cannot|method |label |import cycle|package |result |type |impossible ).*)$",
        "GoError: {message}",
        ("go build ./... | head", "./a.go:3:5: undefined: foo"),
        ("rg -n undefined --column .", "./a.go:3:5: undefined: foo"),
    ),
    rule(
        "go command",
        "go: ",
        r"go: (?P<message>(?!downloading|finding|extracting|added|upgraded|downgraded|removed|found|creating|to add|"
        r"warning|"
        r"no module dep|updates? to).+)$",
        "GoError: {message}",
        ("go build . | head", "go: cannot find main module, but found .git/config in /p"),
        ("go build . | head", "go: downloading example.com/a v0.3.0"),
    ),
    rule(
        "elixir compile",
        "ompilation error",
        r"== Compilation error in file (?P<what>\S+)",
        "CompileError({what})",
        ("mix compile | tail", "== Compilation error in file lib/a.ex =="),
        ("cat build.log", "== Compilation error in file lib/a.ex =="),
    ),
    rule(
        "c#",
        "error CS",
        r".*: error (?P<code>CS\d{4}): ",
        "{code}",
        ("dotnet build | tail", "A.cs(3,5): error CS0103: The name 'x' does not exist"),
        ("cat build.log", "A.cs(3,5): error CS0103: The name 'x' does not exist"),
    ),
    rule(
        "bundler",
        ("[ERROR]", "during build:", "Build error occurred", "ERROR in ", "Module not found", "[vite]"),
        r"(?:✘ \[ERROR\] (?P<message>.*)|error during build:|> Build error occurred|ERROR in (?P<what>\S+)|"
        r"Module not found: Error: (?P<why>.*)|"
        r"(?:Failed to compile|Build failed)\b.*|\[vite\].*[Ee]rror: .*)$",
        "BundleError: {message}{what}{why}",
        ("npx vite build | tail", "error during build:"),
        ("cat build.log", "error during build:"),
    ),
    rule(
        "bundler (failed)",
        ("Failed to compile", "Build failed"),
        r"(?:Failed to compile\b|Build failed with [1-9]\d* errors?|✗ Build failed|× Build failed|> Build failed)",
        "BuildFailed",
        ("npx next build | tail", "Failed to compile."),
        ("cat build.log", "Failed to compile."),
    ),
)
"""Compilers and bundlers."""

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
        "error line",
        "error",
        r"(?:error|fatal error)(?:\[\w+\])?: (?P<message>(?!0 |no errors).+)$",
        "error: {message}",
        ("cargo build | tail", "error: could not compile `a` due to 2 previous errors"),
        ("bun test", "error: Item 3 failed\n 1216 pass\n 0 fail"),
        generic=True,
        last=True,
    ),
    rule(
        "error line (first or last)",
        "rror",
        r"(?:\w+ )?(?:Error|ERROR)(?: \([\w -]+\))?: (?P<message>(?!0\b|None\b|null\b|no\b).+)$",
        "Error: {message}",
        ("workmux send x | tail", "Error: No content to send"),
        ("python report.py", "a\nb\nc\nd\ne\nError: 3 rows\n" + "x\n" * 12),
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
