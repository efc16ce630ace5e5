"""The error layer: what each tool result says of success or failure.

What the harness states counts, except where an exit code is an answer by convention. Beyond that, the text of a shell
result is read line by line, and what a harness writes in place of a result; never the text of files and searches.

To add a rule: a row in the table where it belongs (`failures_shell`, `_remote`, `_checks`, `_code`, `_builds` for what
programs print, `_tools` for what harnesses write, `_stated` for exit codes) with an example and a look-alike. The tests
run every row on both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from viewer.annotations.contract import Evidence, Failure, Verdict
from viewer.annotations.failures_read import Finding, finding, hits, reading_of
from viewer.annotations.failures_rule import Reading, class_of, scrubbed
from viewer.annotations.failures_stated import convention_of, is_lookup
from viewer.annotations.failures_tools import SUCCESSES, marked, message_of, opening, stop_of
from viewer.commands import Command, polls
from viewer.model import Run, Status, ToolCall, ToolResult

OK = Failure("ok", "flagged")
UNKNOWN = Failure("unknown", "flagged")
"""What most results get: no two are told apart, so they share one object."""

_FOLLOWED: tuple[Verdict, ...] = ("denied", "aborted")


def judge(run: Run, commands: Sequence[Command | None]) -> tuple[Failure | None, ...]:
    """One entry per event: the word on its tool result, None where there is none."""
    started: dict[int, int] | None = None
    found: list[Failure | None] = []
    for index, event in enumerate(run.events):
        call = event.call
        if call is None or call.result is None:
            found.append(None)
            continue
        command = commands[index]
        if command is None and call.category == "shell":
            started = polls(run.events) if started is None else started
            command = commands[started[index]] if index in started else None
        found.append(judge_result(call, call.result, command))
    return tuple(found)


def judge_result(call: ToolCall, result: ToolResult, command: Command | None) -> Failure:
    """The word on one result; `command` is that of a shell call, or of the call whose process this one waits for."""
    status = result.status
    if status == "ok":
        return _unflagged(call, result, command)
    if status == "unknown":
        return _without_flag(call, result, command)
    if status == "error":
        return _flagged(call, result, command, "flagged")
    return _stopped(status, result.text, call)


def _stopped(status: Status, text: str, call: ToolCall) -> Failure:
    """Refused or cut off, as the harness says."""
    said = message_of(text)
    if status == "rejected":
        name = "PlanSentBack" if call.name == "ExitPlanMode" else "UserRejected"
        if said is not None and said[0].verdict == "denied" and name != "PlanSentBack":
            name = said[0].error_class
        return Failure("denied", "flagged", _first_line(text), name, "rejected")
    if said is not None and said[0].verdict == "aborted":
        return Failure("aborted", "flagged", _first_line(text), said[0].error_class, said[0].name)
    return Failure("aborted", "flagged", _first_line(text), "Interrupted", "interrupted")


def _flagged(call: ToolCall, result: ToolResult, command: Command | None, evidence: Evidence) -> Failure:
    """An error flag or an exit code: what it stands for, by convention and by what was printed."""
    text, code = _body(result.text), result.exit_code
    code = _written_code(result.text) if code is None else code
    said = message_of(text)
    if said is not None and (call.category != "shell" or said[0].verdict in _FOLLOWED):
        message, match = said
        verdict = "denied" if call.name == "ExitPlanMode" and message.verdict == "denied" else message.verdict
        name = "PlanSentBack" if call.name == "ExitPlanMode" and verdict == "denied" else None
        named = name or class_of(message.error_class, match)
        return Failure(verdict, evidence, _first_line(result.text), named, message.name)
    if call.category != "shell":
        line = _first_line(result.text)
        few = len(text.strip().splitlines()) <= _FEW_LINES
        return Failure("error", evidence, line, (scrubbed(opening(line)) or None) if few else None, "flag")
    reading = reading_of(text, command, flagged=True)
    found = finding(hits(reading))
    convention = convention_of(code, reading)
    if convention is not None and (found is None or convention.verdict == "probe" or convention.code > 2):
        quote = found.quote if found is not None else ""
        return Failure(convention.verdict, evidence, quote, found and found.error_class, convention.name)
    if found is None:
        return _unexplained(reading, evidence, code)
    return Failure(_verdict(found, reading), evidence, found.quote, found.error_class, found.rule.name)


def _unexplained(reading: Reading, evidence: Evidence, code: int | None) -> Failure:
    """An error that no rule knows: a few words are taken as they stand; a look at several places found not all."""
    rule = "exit code" if code is not None else "flag"
    lines = [line.strip() for line in reading.text[:4000].splitlines() if re.search(r"\w\W+\w[^=]*$", line)]
    quote = lines[0][:300] if lines and evidence == "inferred" else ""
    if reading.command is not None and reading.command.looks_only and len(lines) > _FEW_LINES:
        return Failure("probe", evidence, quote, None, rule)
    if not lines or len(lines) > _FEW_LINES:
        return Failure("error", evidence, quote, None, rule)
    return Failure("error", evidence, lines[0][:300], scrubbed(lines[0]), rule)


_FEW_LINES = 3
"""Lines of an output that say no more than why it failed."""


def _unflagged(call: ToolCall, result: ToolResult, command: Command | None) -> Failure:
    """The harness says that it went well: only the output of a command can know better."""
    if call.category != "shell":
        if result.text.startswith("<tool_use_error>"):
            return _flagged(call, result, command, "inferred")
        return OK
    return _read(result.text, command) or OK


def _without_flag(call: ToolCall, result: ToolResult, command: Command | None) -> Failure:
    """The harness says nothing: its own sentences, an exit code in the text, and the output of a command do."""
    text = result.text
    if text.startswith("ERROR: ") and call.category == "shell":
        result = result._replace(text=text.removeprefix("ERROR: "))
    code = _written_code(text)
    if code:
        found = _flagged(call, result, command, "inferred")
        return found if found.quote else found._replace(quote=f"exited with code {code}")
    if marked(text, call.category):
        return _flagged(call, result, command, "inferred")
    if call.category == "shell":
        stop = stop_of(text)
        if stop is not None:
            return Failure(stop.verdict, "inferred", _first_line(text), stop.error_class, stop.name)
        return _read(text, command) or UNKNOWN
    success = SUCCESSES.match(text) if call.category in ("edit", "plan") else None
    return UNKNOWN if success is None else Failure("ok", "inferred", _first_line(text), None, "success")


def _read(text: str, command: Command | None) -> Failure | None:
    """What the output of a command that is not flagged says; None where it says nothing of a failure."""
    reading = reading_of(_body(text), command)
    found = finding(hits(reading))
    if found is not None:
        return Failure(_verdict(found, reading), "inferred", found.quote, found.error_class, found.rule.name)
    return _printed_code(reading)


def _verdict(found: Finding, reading: Reading) -> Verdict:
    """A probe where a look for something says that it is not there."""
    if found.rule.verdict != "error" or reading.command is None:
        return found.rule.verdict
    kind = (found.error_class or "").partition("(")[0].partition(":")[0]
    steps = reading.command.steps
    if kind == "PathNotFound" and found.rule.name in ("path not found", "path not found (exa, fd, macOS)"):
        program = found.quote.partition(":")[0].rpartition("/")[2]
        return "probe" if any(step.name == program and is_lookup(step) for step in steps) else "error"
    if kind == "PackageNotFound":
        return "error" if _INSTALLS.search(reading.command.text) else "probe"
    if kind in ("HTTP 404", "GitFatal") and steps:
        main = reading.command.main
        return "probe" if main is not None and is_lookup(steps[main]) else "error"
    return "error"


_INSTALLS = re.compile(r"\b(?:install|add|ci|i|update|publish)\b")

_PRINTED = re.compile(
    r"^(?:[=\-# ]*)(?:[\w./: -]{0,40}\b)?(?:exit(?:[ _]?(?:code|status))?|EXIT(?:[ _]?(?:CODE|STATUS))?|rc|RC|status|"
    r"code)"
    r"\s*[:=]?\s*([1-9]\d{0,2})\b[=\- ]*$",
    re.MULTILINE,
)


def _printed_code(reading: Reading) -> Failure | None:
    """An exit code that the command itself prints (`; echo "exit: $?"`)."""
    command = reading.command
    if command is None or ("$?" not in command.text and "PIPESTATUS" not in command.text):
        return None
    found = _PRINTED.search(reading.text)
    if found is None or not _of_work(command):
        return None
    quote = found[0].strip()
    return Failure("error", "inferred", quote, f"Exit({found[1]})", "printed exit code")


def _of_work(command: Command) -> bool:
    """Whether a printed code is that of a step that does something: `grep … ; echo $?` prints an answer."""
    for at, step in enumerate(command.steps):
        if at and any("$?" in word for word in step.words) and command.kinds[at - 1] != "view":
            return True
        if any("PIPESTATUS" in word for word in step.words):
            return any(kind != "view" for kind in command.kinds)
    return False


_CODEX_HEAD = re.compile(r"(?:Chunk ID|Wall time|Exit code|Process exited|Script )")
_EXIT_LINE = re.compile(r"(?:Error: )?Exit code \d+\n?")
_WRITTEN = re.compile(r"(?:^|\n)\s*(?:Command|Process|\(Command) exited with (?:exit )?code (\d{1,5})\)?\s*$")


def _body(text: str) -> str:
    """What the tool printed, without what the harness writes around it."""
    if _CODEX_HEAD.match(text) is not None:
        at = text.find("\nOutput:\n", 0, 400)
        if at >= 0:
            return text[at + 9 :]
    found = _EXIT_LINE.match(text)
    if found is not None:
        text = text[found.end() :]
    tail = _WRITTEN.search(text, max(0, len(text) - 80))
    if tail is not None:
        text = text[: tail.start()]
    return "" if text.strip() in ("(no output)", "(Bash completed with no output)") else text


def _written_code(text: str) -> int | None:
    """The exit code that a harness without a flag writes as its last line."""
    tail = _WRITTEN.search(text, max(0, len(text) - 80))
    return int(tail[1]) if tail is not None else None


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text[:2000].splitlines() if line.strip()), "")
    return scrubbed(line) if len(line) > 300 else line
