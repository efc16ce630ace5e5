"""The error layer: each rule on its example and its look-alike, and what flags, exit codes and texts come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.annotations.contract import Failure
from viewer.annotations.failures import judge, judge_result
from viewer.annotations.failures_read import RULES, hits, reading_of
from viewer.annotations.failures_rule import Reading, Rule, scrubbed
from viewer.annotations.failures_stated import CONVENTIONS, Convention, convention_of
from viewer.annotations.failures_tools import MESSAGES, Message, message_of
from viewer.commands import Command, read_commands
from viewer.model import Category, Event, Run, Status, ToolCall, ToolResult


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_takes_its_example_and_leaves_its_look_alike(rule: Rule) -> None:
    assert rule in _rules(*rule.example), "the example is not taken"
    assert rule not in _rules(*rule.lookalike), "the look-alike is taken"


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_a_message_of_a_harness_is_known_and_its_look_alike_is_not(message: Message) -> None:
    found = message_of(message.example)
    assert found is not None
    assert found[0] is message
    other = message_of(message.lookalike)
    assert other is None or other[0] is not message


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_an_exit_code_is_an_answer_only_of_the_program_that_uses_it_so(convention: Convention) -> None:
    assert convention_of(convention.code, _reading(*convention.example)) is convention
    other = convention_of(convention.code, _reading(*convention.lookalike))
    assert other is not convention or convention.code in (130, 143)


@pytest.mark.parametrize(
    ("command", "text", "code", "verdict", "name"),
    [
        ("npm test", "Exit code 1\n✖ failing tests:\n", 1, "error", "TestFailure"),
        ("grep -n foo a.py", "(no output)\n\nCommand exited with code 1", 1, "benign", None),
        ("cd src && rg foo | head", "", 1, "benign", None),
        ("gh pr checks 4", "Build\tpending\t0\n", 8, "benign", None),
        ("diff a b", "1c1\n< a\n---\n> b\n", 1, "benign", None),
        ("ls gone", "ls: cannot access 'gone': No such file or directory", 2, "probe", "PathNotFound(gone)"),
        (
            "git rev-parse --verify x",
            "fatal: Needed a single revision",
            128,
            "probe",
            "GitFatal: Needed a single revision",
        ),
        ("cp a b", "cp: cannot stat 'a': No such file or directory", 1, "error", "PathNotFound(a)"),
        (
            "python a.py",
            "Exit code 1\nTraceback (most recent call last):\n  x\nKeyError: 'label'",
            1,
            "error",
            "KeyError: 'label'",
        ),
        ("npm start", "", 130, "aborted", None),
        ("timeout 9 npm start", "listening", 124, "aborted", None),
        ("./deploy", "can't find session: x\n", 1, "error", "can't find session: x"),
        ("./deploy", "", 3, "error", None),
        ("git push", "PreToolUse:Bash hook error: [guard.sh]: no pushing", None, "denied", "HookBlocked"),
        ("npm run build", "Command timed out after 2m 0.0s\nbuilding", None, "aborted", "Timeout"),
    ],
)
def test_a_flag_is_read_with_what_the_command_does(
    command: str, text: str, code: int | None, verdict: str, name: str | None
) -> None:
    found = _shell(command, text, "error", code)
    assert (found.verdict, found.evidence, found.error_class) == (verdict, "flagged", name)


@pytest.mark.parametrize(
    ("command", "text", "verdict", "name"),
    [
        (
            "pytest | tail -3",
            "FAILED a.py::test_b - x\nFAILED a.py::test_a\n2 failed in 0.1s",
            "error",
            "TestFailure(a.py::test_a, a.py::test_b)",
        ),
        ("npx tsc --noEmit | head", "src/a.ts(1,2): error TS2345: no", "error", "TS2345"),
        ("rg foo src | head", "zsh:1: command not found: rg", "error", "CommandNotFound(rg)"),
        (
            "python a.py || true",
            "Traceback (most recent call last):\n  File \"/p/a.py\", line 1\nKeyError: 'label'",
            "error",
            "KeyError: 'label'",
        ),
        (
            "python get.py; ls",
            "Traceback (most recent call last):\n  x\nrequests.exceptions.HTTPError: 429 Client Error: Too Many",
            "error",
            "HTTP 429",
        ),
        (
            "uv run a.py | tail",
            "Traceback (most recent call last):\n  x\nTypeError: T.__init__() got an unexpected keyword argument 'y'",
            "error",
            "TypeError: T.__init__() got an unexpected keyword argument 'y'",
        ),
        ("npm view nope || true", "npm error code E404", "probe", "PackageNotFound"),
        ("find gone | head", "find: ‘gone’: No such file or directory", "probe", "PathNotFound(gone)"),
        ('make; echo "exit: $?"', "compiling\nexit: 2", "error", "Exit(2)"),
        ('grep -c x a; echo "exit: $?"', "0\nexit: 1", "ok", None),
        ("cat ci.log", "FAILED a.py::test_b\nTraceback (most recent call last):\nKeyError: 'x'\nerror: no", "ok", None),
        ("bun test", "error: Item 3 failed\n\n 12 pass\n 0 fail", "ok", None),
        ("bun test | head", "ValueError: expected\n" * 30, "ok", None),
        ("curl -s localhost/log", "error: it broke\nError: really", "ok", None),
        ("npm test", "all good", "ok", None),
        ("", "", "ok", None),
    ],
)
def test_what_an_exit_code_hides_is_read_from_the_text(command: str, text: str, verdict: str, name: str | None) -> None:
    found = _shell(command, text, "ok", 0)
    assert (found.verdict, found.error_class) == (verdict, name)
    assert found.evidence == ("flagged" if verdict == "ok" else "inferred")
    assert found.quote in text


@pytest.mark.parametrize(
    ("category", "name", "text", "verdict", "error_class"),
    [
        (
            "edit",
            "Edit",
            "<tool_use_error>String to replace not found in file.\nx</tool_use_error>",
            "error",
            "EditMismatch",
        ),
        ("edit", "Write", "File has not been read yet. Read it first before writing to it.", "error", "ReadFirst"),
        ("agent", "Task", "<tool_use_error>InputValidationError: no prompt</tool_use_error>", "error", "BadToolArgs"),
        ("read", "Read", "File does not exist.", "probe", "PathNotFound"),
        ("web", "WebFetch", "Request failed with status code 404", "error", "HTTP 404"),
        ("edit", "edit", "Could not find the exact text in a.ts. The old text must match", "error", "EditMismatch"),
        ("mcp", "mcp__x__y", "no tree cached", "error", "no tree cached"),
    ],
)
def test_flagged_results_of_other_tools_get_the_class_of_what_the_harness_wrote(
    category: Category, name: str, text: str, verdict: str, error_class: str | None
) -> None:
    found = _judged(category, name, {}, text, "error")
    assert (found.verdict, found.evidence, found.error_class) == (verdict, "flagged", error_class)


def test_a_sibling_that_errored_is_no_failure_of_its_own() -> None:
    found = _judged("read", "Read", {}, "<tool_use_error>Sibling tool call errored</tool_use_error>", "interrupted")
    assert (found.verdict, found.error_class) == ("aborted", "Collateral")


@pytest.mark.parametrize(("name", "error_class"), [("ExitPlanMode", "PlanSentBack"), ("Bash", "UserRejected")])
def test_a_plan_that_was_sent_back_is_told_from_a_refusal(name: str, error_class: str) -> None:
    found = _judged("plan", name, {}, "The user doesn't want to proceed with this tool use.", "rejected")
    assert (found.verdict, found.evidence, found.error_class) == ("denied", "flagged", error_class)


@pytest.mark.parametrize("category", ["read", "search", "web", "agent", "mcp", "edit"])
def test_only_what_commands_print_is_read_for_failures(category: Category) -> None:
    text = "Traceback (most recent call last):\nKeyError: 'x'\nzsh:1: command not found: rg"
    assert _judged(category, "tool", {}, text, "ok").verdict == "ok"
    assert _judged(category, "tool", {}, text, "unknown").verdict == "unknown"


@pytest.mark.parametrize(
    ("category", "text", "verdict", "error_class"),
    [
        (
            "edit",
            "apply_patch verification failed: Failed to find expected lines in /p/a.ts:\nx",
            "error",
            "EditMismatch",
        ),
        ("edit", "Success. Updated the following files:\nM a.py", "ok", None),
        ("edit", "", "unknown", None),
        ("shell", "hello", "unknown", None),
        ("shell", "Error: no token\n\n\nCommand exited with code 1", "error", "Error: no token"),
        ("shell", "ERROR: 🔒 Blocked: command references a protected directory", "denied", "HookBlocked"),
        ("read", "ERROR: ENOENT: no such file or directory, access '/p/a'", "probe", "PathNotFound"),
        ("read", "Error: is how this file begins", "unknown", None),
        ("agent", "Error: agent ended", "error", "agent ended"),
    ],
)
def test_without_a_flag_only_the_text_speaks(
    category: Category, text: str, verdict: str, error_class: str | None
) -> None:
    arguments = {"command": "./do"} if category == "shell" else {}
    found = _judged(category, "bash" if category == "shell" else "tool", arguments, text, "unknown")
    assert (found.verdict, found.error_class) == (verdict, error_class)
    assert found.evidence == ("flagged" if verdict == "unknown" else "inferred")


def test_a_call_that_waits_is_read_with_the_command_it_waits_for() -> None:
    started = "Chunk ID: a\nWall time: 1.0 seconds\nProcess running with session ID 7\nOutput:\n"
    log = "Traceback (most recent call last):\nKeyError: 'x'\n"
    events = (
        _event("shell", "exec_command", {"cmd": "cat log"}, started, "unknown"),
        _event("shell", "write_stdin", {"session_id": 7, "chars": ""}, log, "ok"),
        _event("shell", "write_stdin", {"session_id": 8, "chars": ""}, log, "ok"),
        Event(1, 1, "user", None, "hi"),
    )
    run = Run("r", "codex", "Codex", events)
    found = judge(run, read_commands(events))
    assert [one and one.verdict for one in found] == ["unknown", "ok", "error", None]


def test_what_a_harness_writes_around_an_output_is_not_the_output() -> None:
    text = "Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code 1\nOriginal token count: 0\nOutput:\n"
    assert _shell("rg foo src", text, "error", 1).verdict == "benign"


def test_the_same_error_twice_is_one_class() -> None:
    line = "FileNotFoundError: [Errno 2] No such file: '{path}' at 0x7f{n}, id 3fa9{n}c1, {n}0000 bytes"
    trace = "Traceback (most recent call last):\n  x\n"
    once = _shell("python a.py", trace + line.format(path="/home/a/x/data.csv", n=12), "error", 1)
    twice = _shell("python a.py", trace + line.format(path="/home/b/data.csv", n=34), "error", 1)
    assert once.error_class == twice.error_class
    assert once.error_class is not None
    assert "data.csv" in once.error_class


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("open '/home/me/p/a.py' failed", "open 'a.py' failed"),
        ("src/app/main.ts is gone", "main.ts is gone"),
        ("see https://x.org/a/b", "see https://x.org/a/b"),
        ("@scope/pkg and and/or", "@scope/pkg and and/or"),
        ("at 0xdeadbeef in 1234567 steps", "at 0x… in N steps"),
        ("commit 3fa9bc1 of 12", "commit # of 12"),
    ],
)
def test_paths_ids_and_long_numbers_are_scrubbed(text: str, said: str) -> None:
    assert scrubbed(text) == said


def test_only_the_ends_of_a_huge_output_are_read() -> None:
    middle = "x\n" * 100_000
    assert len(reading_of(middle, Command("make")).text) < 25_000
    assert len(reading_of(middle, Command("cat log")).text) < 5_000
    hidden = _shell("make", middle + "error: hidden\n" + middle, "ok", 0)
    assert hidden.verdict == "ok"
    assert _shell("make", middle + "make: *** [all] Error 2", "ok", 0).verdict == "error"


@pytest.mark.parametrize(
    "line", ["error: " * 300, "a/" * 1000 + "error", " " * 2000 + "fail", "FAILED " * 280, ": " * 1000]
)
def test_no_line_takes_a_rule_long(line: str) -> None:
    _shell("make", (line + "\n") * 20, "ok", 0)


@given(
    st.text(max_size=200), st.text(max_size=60), st.sampled_from(["ok", "error", "unknown", "rejected", "interrupted"])
)
def test_no_result_is_too_odd_to_judge(text: str, command: str, status: Status) -> None:
    assert isinstance(_shell(command, text, status, None), Failure)


def _rules(command: str, text: str) -> set[Rule]:
    flagged = _reading(command, text)
    flagged.flagged = True
    return {hit.rule for hit in [*hits(_reading(command, text)), *hits(flagged)]}


def _reading(command: str, text: str) -> Reading:
    return Reading(text, Command(command) if command else None)


def _shell(command: str, text: str, status: Status, code: int | None) -> Failure:
    return _judged("shell", "Bash", {"command": command}, text, status, code)


def _judged(
    category: Category, name: str, arguments: dict[str, Any], text: str, status: Status, code: int | None = None
) -> Failure:
    event = _event(category, name, arguments, text, status, code)
    assert event.call is not None
    assert event.call.result is not None
    return judge_result(event.call, event.call.result, read_commands([event])[0])


def _event(
    category: Category, name: str, arguments: dict[str, Any], text: str, status: Status, code: int | None = None
) -> Event:
    result = ToolResult(2, None, status, text, code)
    return Event(1, 1, "tool", None, call=ToolCall("c", name, category, arguments, result))
