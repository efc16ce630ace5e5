"""What is read of a shell command: its steps, what stands for it, what hides its exit code, what it writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.commands import Command, polls, read_commands
from viewer.model import Event, ToolCall, ToolResult

MESSAGE = """git add -A && git commit -m "$(cat <<'EOF'
It's a "fine" day (really
EOF
)" && git status"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ls -la; rg foo | head", "ls rg head"),
        ("cd a && npm run build 2>&1 | tail -5", "cd npm tail"),
        ("FOO=1 BAR='x y' timeout -k 5 60 uv run --with x pytest -q", "pytest"),
        ("sudo -u bob env A=1 nice -n 10 ./run.sh", "run.sh"),
        ("time (make; ls); time -p ./run.sh; /usr/bin/time -f %e a.out", "make ls run.sh a.out"),
        ("python3.12 -m pytest tests", "pytest"),
        ("npx --yes jest@29 --ci", "jest"),
        ("bash -lc 'cd a && make'", "cd make"),
        ("timeout 5 bash -c \"echo 'a; b'\" || true", "echo true"),
        ("bash <<EOF\nmake\nls\nEOF\npwd", "make ls pwd"),
        ("(cd a; make) && ls", "cd make ls"),
        ("for f in *.py; do ruff check $f; done", "ruff"),
        ("if ! grep -q x f; then make; else ls; fi", "grep make ls"),
        ("found=$(git status --short | wc -l); echo $found", "git wc echo"),
        ("echo 'a && b | c' \"d; $(date; ls) e\" # make", "echo"),
        ("echo a\\ b \\\n  c && ls", "echo ls"),
        ("cat <<'A' <<-B > f; ls\na | b\nA\n\tc\n\tB\nmake", "cat ls make"),
        (MESSAGE, "git git git"),
        ("ls 2>/dev/null >out 2>&1 <in", "ls"),
        ("diff <(sort a) <(sort b)", "diff"),
        ("echo $((1 + (2))) ${x:-y z}", "echo"),
        ("", ""),
        ("'unclosed", "unclosed"),
        ("FOO=1", ""),
    ],
)
def test_a_command_line_is_read_step_by_step(text: str, names: str) -> None:
    assert [step.name for step in Command(text).steps] == names.split()


def test_words_are_unquoted_and_operators_kept() -> None:
    first, second, third = Command("git commit -m 'a b' && make | tee \"log $x\"").steps
    assert first.words == ("git", "commit", "-m", "a b")
    assert (second.operator, third.operator, third.words) == ("&&", "|", ("tee", "log $x"))


def test_a_quoted_heredoc_inside_a_substitution_stays_one_word() -> None:
    message = Command(MESSAGE).steps[1].words[-1]
    assert message.startswith("$(cat <<'EOF'\nIt's")
    assert message.endswith("EOF\n)")


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("cd web && npm run build 2>&1 | head -30", "npm run build"),
        ("git add -A && git commit -m x", "git commit"),
        ("git add -A", "git add"),
        ("rm -rf out && make dist && ls out", "make dist"),
        ("uv run pytest -x tests/a.py | tail -3", "pytest"),
        ("python -u train.py --lr 1", "python train.py"),
        ("python - <<'EOF'\nprint(1)\nEOF", "python -"),
        ("go test ./... ; echo $?", "go test"),
        ("cd a; ls", "ls"),
        ("rg foo src | head", "rg"),
        ("pytest -q 2>&1 | tee log", "pytest"),
        ("git -C web log", "git log"),
        ("/usr/bin/make -j4 all", "make all"),
        ("echo done", "echo"),
        ("", ""),
    ],
)
def test_the_signature_is_that_of_the_last_step_that_does_something(text: str, signature: str) -> None:
    assert Command(text).signature == signature


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("pytest | head", "| head"),
        ("cd a && pytest 2>&1 | grep -v x | tail -5", "| tail"),
        ("pytest || true", "|| true"),
        ("pytest; echo done", "; echo"),
        ("pytest\nls", "; ls"),
        ("make serve & sleep 2", "&"),
        ("pytest", None),
        ("pytest && ls", None),
        ("set -o pipefail; pytest | head", None),
        ("set -euo pipefail\npytest | tee log\nls", None),
        ("pytest || exit 1", None),
        ("cd a; pytest", None),
    ],
)
def test_what_hides_the_exit_code_is_named(text: str, masked: str | None) -> None:
    assert Command(text).masked == masked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ls -la && cat a.py | head", "view"),
        ("git diff --stat", "view"),
        ("git branch", "view"),
        ("git branch -D old", "other"),
        ("sed -n 1,5p a.py", "view"),
        ("sed -i s/a/b/ a.py", "edit"),
        ("sed -i '' s/a/b/ a.py", "edit"),
        ("find . -name '*.pyc' -delete", "edit"),
        ("cat > a.py <<EOF\nx\nEOF", "edit"),
        ("cat a.py > b.py", "edit"),
        ("npm test", "test"),
        ("pnpm --filter web run test:unit", "test"),
        ("go test ./...", "test"),
        ("python -m unittest", "test"),
        ("python tests/test_a.py", "test"),
        ("./gradlew :app:test", "test"),
        ("npm run lint", "check"),
        ("cargo clippy", "check"),
        ("uv run mypy src", "check"),
        ("npm run build", "build"),
        ("make", "build"),
        ("docker build .", "build"),
        ("python evaluate.py --split test", "eval"),
        ("lm_eval --model hf", "eval"),
        ("python - <<'EOF'\nprint(classification_report(y, p))\nEOF", "eval"),
        ("python train.py", "run"),
        ("uv run train.py --smoke", "run"),
        ("uv run evaluate.py", "eval"),
        ("uv run tests/test_a.py", "test"),
        ("hf jobs logs 1", "network"),
        ("hf jobs ps", "view"),
        ("Set-Location a; Get-Content b.txt | Select-Object -First 5", "view"),
        ("Set-Location web; npm run build 2>&1 | Select-Object -Last 5", "build"),
        ("node server.js", "run"),
        ("./start.sh", "run"),
        ("curl -s localhost | jq .", "network"),
        ("git push", "network"),
        ("pip install torch", "network"),
        ("pytest --version", "view"),
        ("git commit -m x", "other"),
        ("", "other"),
    ],
)
def test_the_kind_says_what_a_command_is_for(text: str, kind: str) -> None:
    assert Command(text).kind == kind


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("cat > a.py <<'EOF'\nx = 1\nEOF", [("a.py", "x = 1\n")]),
        ("cat <<EOF | tee a b\nx\nEOF", [("a", "x\n"), ("b", "x\n")]),
        ("echo -n hi >> a.txt", [("a.txt", "hi")]),
        ("sed -i 's/a/b/' one two", [("one", "s/a/b/"), ("two", "s/a/b/")]),
        ("sed -i '' -e 's/a/b/' one", [("one", "s/a/b/")]),
        ("perl -pi -e 's/a/b/' one", [("one", "s/a/b/")]),
        ("python <<E\nopen('a', 'w')\nE", [("a", "open('a', 'w')\n")]),
        ("python -c \"p = 'a.md'; q\"", []),
        ("python <<E\np = Path('a.md')\np.write_text(x)\nE", [("a.md", "p = Path('a.md')\np.write_text(x)\n")]),
        (
            "apply_patch <<E\n*** Begin Patch\n*** Update File: a.py\nE",
            [("a.py", "*** Begin Patch\n*** Update File: a.py\n")],
        ),
        ("python train.py > log", []),
        ("cat a 2>/dev/null", []),
        ("cat a.py", []),
        ("sed -n 1p a.py", []),
    ],
)
def test_what_a_command_writes_by_its_own_text_is_known(text: str, written: list[tuple[str, str]]) -> None:
    assert list(Command(text).written) == written


def test_programs_in_the_command_line_are_code() -> None:
    assert Command("python -c 'print(1)' && node -e 'x'").code == ("print(1)", "x")
    assert Command("cat <<E | python\nprint(2)\nE").code == ("print(2)\n",)


def test_a_command_that_only_looks_says_so() -> None:
    assert Command("cd a && git log | head").looks_only
    assert not Command("ls; make").looks_only
    assert not Command("").looks_only


def test_only_shell_calls_with_a_command_have_one() -> None:
    events = [
        _event("Bash", {"command": "ls"}),
        _event("exec_command", {"cmd": "pwd"}),
        _event("Read", {"file_path": "a"}, "read"),
        _event("write_stdin", {"session_id": 7, "chars": "y\n"}),
        _event("python", {"code": "print(1)"}),
        _event("Bash", {}),
        Event(1, 1, "user", None, "hi"),
    ]
    commands = read_commands(events)
    assert [command and command.text for command in commands] == ["ls", "pwd", None, None, "print(1)", None, None]
    assert commands[4] is not None
    assert (commands[4].steps, commands[4].code, commands[4].kind) == ((), ("print(1)",), "run")


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        ({"operation": "logs", "job_id": "1"}, "hf jobs logs", ()),
        ({"operation": "run", "script": "/app/train.py"}, "hf jobs run /app/train.py", ()),
        ({"operation": "run", "script": "import torch\ntrain()"}, "hf jobs run", ("import torch\ntrain()",)),
    ],
)
def test_a_job_reads_like_the_command_line_that_starts_it(
    arguments: dict[str, object], text: str, code: tuple[str, ...]
) -> None:
    command = read_commands([_event("hf_jobs", arguments)])[0]
    assert command is not None
    assert (command.text, command.code, command.kind) == (text, code, "network")
    assert command.signature == " ".join(text.split()[:3])


def test_a_poll_leads_to_the_call_that_started_the_process() -> None:
    events = [
        _event("exec_command", {"cmd": "pytest"}, result="Chunk ID: a\nProcess running with session ID 7\nOutput:\n"),
        _event("write_stdin", {"session_id": 7, "chars": ""}),
        _event("write_stdin", {"session_id": 8, "chars": ""}),
        _event("Bash", {"command": "x"}, result="Command running in background with ID: b1. Output is being written"),
        _event("BashOutput", {"bash_id": "b1"}),
    ]
    assert polls(events) == {1: 0, 4: 3}


@given(st.text(alphabet="ab '\"\\$(){}`<>|&;#\n=-1EOF\t", max_size=200))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    command = Command(text)
    assert isinstance((command.kind, command.signature, command.masked, command.written, command.code), tuple)


@given(st.text(max_size=60))
def test_a_quoted_text_is_one_word_as_it_stands(text: str) -> None:
    quoted = "'" + text.replace("'", "'\\''") + "'"
    assert Command(f"echo {quoted}").steps[0].words == ("echo", text)


@pytest.mark.parametrize(
    "piece", ["$(", '"$(', "`", "'", '"', "<<A\n", "a=$(", "bash -c '", "(", "| ", "\\", "{ ", "sudo "]
)
def test_a_huge_command_is_read_to_its_bound(piece: str) -> None:
    command = Command(piece * 100_000)
    assert len(command.steps) <= 400_000
    assert command.kind


def _event(name: str, arguments: dict[str, object], category: str = "shell", result: str | None = None) -> Event:
    found = None if result is None else ToolResult(2, None, "ok", result)
    return Event(1, 1, "tool", None, call=ToolCall("c", name, category, arguments, found))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("bun run lint", "bun run lint"),
        ("bun --filter @scope/web build", "bun build"),
        ("bun src/cli.ts eval", "bun cli.ts"),
        ("node src/cli.js", "node cli.js"),
    ],
)
def test_a_runner_that_is_an_interpreter_too_is_told_by_its_task_or_its_script(text: str, signature: str) -> None:
    assert Command(text).signature == signature
