"""Rules of the error layer: exceptions, crashes and compilers."""

from __future__ import annotations

from viewer.annotations.failures_rule import Rule, at_edge, ran, rule, traced

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
        "r",
        ("Error in ", "Execution halted"),
        r"(?:Error in (?P<message>.+)|Execution halted)$",
        "Error in {message}",
        ("Rscript a.R | tail", "Error in library(foo) : there is no package called ‘foo’"),
        ("cat a.Rout", "Error in library(foo) : there is no package called ‘foo’"),
        guard=at_edge,
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
        r"[\w./\\+-]+\.(?!pyi?:)\w{1,6}:\d+(?::\d+)?: (?:fatal )?error: ?(?P<message>.*)$",
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
        "go vet",
        ".go:",
        r"(?:vet: )?[\w./@-]+\.go:\d+:\d+: (?P<message>.+)$",
        "GoVet: {message}",
        ("go vet ./... | head", "./a.go:5:2: fmt.Printf format %d has arg x of wrong type string"),
        ("rg --column x", "./a.go:5:2: fmt.Printf"),
        guard=ran("go"),
        generic=True,
    ),
    rule(
        "latex",
        "! ",
        r"! (?P<message>(?:LaTeX Error|Undefined|Emergency stop|Missing|Extra|Package|Misplaced|Runaway).*)$",
        "LatexError: {message}",
        ("latexmk a.tex | tail", "! Undefined control sequence."),
        ("cat a.log", "! Undefined control sequence."),
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
