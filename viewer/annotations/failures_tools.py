"""Rules of the error layer: what harnesses themselves write in place of a result, whichever the tool.

They are looked for at the start of a result, after `<tool_use_error>` and the like. `flagged_only` rows count only in a
result that is flagged (or has no flag to go by): their words could begin a file that was read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from viewer.annotations.contract import Verdict
from viewer.model import Category


class Message(NamedTuple):
    """One sentence of a harness: a verdict and a class, an example, and a look-alike that it leaves alone."""

    name: str
    pattern: re.Pattern[str]
    verdict: Verdict
    error_class: str
    example: str
    lookalike: str


def _message(name: str, pattern: str, verdict: Verdict, error_class: str, example: str, lookalike: str) -> Message:
    return Message(name, re.compile(pattern), verdict, error_class, example, lookalike)


MESSAGES: tuple[Message, ...] = (
    _message(
        "plan sent back",
        r"(?:The user doesn't want to proceed|User (?:rejected|wants to))(?=.*(?:\bplan\b|ExitPlanMode))",
        "denied",
        "PlanSentBack",
        "The user doesn't want to proceed with this tool use: keep working on the plan.",
        "The user doesn't want to proceed with this tool use.",
    ),
    _message(
        "rejected by the user",
        r"(?:The user doesn't want to|User rejected|(?:\w+ ){0,4}rejected by user|patch rejected|"
        r"Job execution cancelled by "
        r"user|Tool execution (?:was )?(?:rejected|denied) by)",
        "denied",
        "UserRejected",
        "The user doesn't want to proceed with this tool use.",
        "The user does not want cookies.",
    ),
    _message(
        "blocked by a hook",
        r"(?:.{0,80}\bhook (?:error|blocked|denied)\b|\S* ?🔒 ?Blocked\b|Blocked(?: by|:)|.{0,60}\bblocked by (?:a |"
        r"the )?"
        r"(?:\w+ )?hook\b|Operation stopped by hook)",
        "denied",
        "HookBlocked",
        "PreToolUse:Bash hook error: [guard.sh]: no pushing",
        "The hook errors are listed below.",
    ),
    _message(
        "denied by permissions",
        r"(?:Permission (?:to use|for this action|for this tool)|Permission denied by|.{0,80}\bhas been denied\b|"
        r".{0,60}"
        r"requires approval|.{0,80}\bcannot determine the safety of)",
        "denied",
        "Denied",
        "Permission to use Bash with command rm has been denied.",
        "Permission bits: rwx",
    ),
    _message(
        "cancelled with a sibling",
        r"(?:Sibling tool call errored|Cancelled: parallel tool call|Skipped due to queued)",
        "aborted",
        "Collateral",
        "<tool_use_error>Sibling tool call errored</tool_use_error>",
        "Siblings of a tool call",
    ),
    _message(
        "interrupted",
        r"(?:\[Request interrupted by user|Interrupted by user|aborted by user|Command aborted|Operation aborted|Task "
        r"abandoned —|Tool was not executed|The operation was aborted)",
        "aborted",
        "Interrupted",
        "[Request interrupted by user for tool use]",
        "Interrupted sleep is discussed here",
    ),
    _message(
        "timed out",
        r"(?:Error: )?[Cc]ommand timed out\b",
        "aborted",
        "Timeout",
        "Command timed out after 2m 0.0s",
        "Timeouts are set in seconds",
    ),
    _message(
        "too slow",
        r".{0,80}\btimed out after \d",
        "error",
        "Timeout",
        "screenshot failed: Screenshot timed out after 5s: the pane is not displayed",
        "It never timed out",
    ),
    _message(
        "text to replace",
        r"(?:String to replace not found|Found \d+ (?:matches|occurrences) of|Could not find (?:the exact|edits\[|old)|"
        r"apply_patch verification failed: (?:Failed to find|invalid (?:hunk|patch)?)|Failed to find (?:expected lines|"
        r"context)|.{0,40}old_string (?:not found|did not match)|No match(?:es)? (?:found )?for (?:old|the))",
        "error",
        "EditMismatch",
        "<tool_use_error>String to replace not found in file.\nString: x</tool_use_error>",
        "String to replace: x",
    ),
    _message(
        "nothing to change",
        r"(?:No changes (?:to make|made)|old_string and new_string are)",
        "error",
        "EditNoChange",
        "No changes to make: old_string and new_string are exactly the same.",
        "No changes were needed",
    ),
    _message(
        "patch",
        r"(?:apply_patch verification failed: |Invalid patch|Failed to apply patch)",
        "error",
        "PatchError",
        "apply_patch verification failed: Failed to read file to update a.py: No such file or directory",
        "apply_patch is a tool",
    ),
    _message(
        "read first",
        r"File has not been read yet|You must read (?:the )?file",
        "error",
        "ReadFirst",
        "<tool_use_error>File has not been read yet. Read it first before writing to it.</tool_use_error>",
        "Files that have not been read yet",
    ),
    _message(
        "file changed since",
        r"File has been (?:unexpectedly )?modified since|File has changed since",
        "error",
        "FileChanged",
        "<tool_use_error>File has been modified since read, either by the user or by a linter.</tool_use_error>",
        "File modified",
    ),
    _message(
        "arguments",
        r"(?:InputValidationError|Validation failed for tool|Invalid (?:tool )?(?:arguments|parameters|input)\b|"
        r"Malformed "
        r"arguments|Tool call to '[^']*' had malformed|Missing required (?:parameter|argument)|.{0,40}\bis (?:missing|"
        r"required)$|failed to parse function arguments|.{0,60}The (?:required )?parameter)",
        "error",
        "BadToolArgs",
        "<tool_use_error>InputValidationError: Task failed due to the following issue:</tool_use_error>",
        "Invalidation of caches",
    ),
    _message(
        "no such tool",
        r"(?:Error: )?(?:No such tool\b|Unknown tool\b|Tool \S+ (?:not found|does not exist)|unsupported call)",
        "error",
        "NoSuchTool",
        "<tool_use_error>Error: No such tool available: Foo</tool_use_error>",
        "No such tooling",
    ),
    _message(
        "file not there",
        r"(?:File does not exist|Path does not exist|Directory does not exist|"
        r"ENOENT: no such file or directory, (?!posix_spawn|"
        r"spawn)|.{0,80}File not found|.{0,40}Path not found|No such file|unable to locate image|(?:Failed|unable) to "
        r"(?:read|open|locate) .{0,200}No such file)",
        "probe",
        "PathNotFound",
        "<tool_use_error>File does not exist. Did you mean a.py?</tool_use_error>",
        "Files exist",
    ),
    _message(
        "is a directory",
        r"EISDIR\b|.{0,80}[Ii]s a directory",
        "error",
        "FileError: Is a directory",
        "EISDIR: illegal operation on a directory, read",
        "directory listing",
    ),
    _message(
        "too large",
        r".{0,160}(?:exceeds (?:the )?maximum allowed|exceeds maximum|too large to (?:read|display))",
        "error",
        "TooLarge",
        "File content (28000 tokens) exceeds maximum allowed tokens (25000).",
        "The maximum is 3",
    ),
    _message(
        "http status",
        r"(?:Error: )?(?:Request failed with status code|HTTP error|HTTP|Failed to fetch.{0,120}?|"
        r".{0,40}status(?: code)?:?) ?"
        r"(?P<code>[45]\d\d)\b",
        "error",
        "HTTP {code}",
        "Request failed with status code 400",
        "HTTP 200",
    ),
    _message(
        "system error",
        r"(?:.{0,80}: )?(?P<what>E(?:ACCES|PERM|NOSPC|MFILE|CONNREFUSED|CONNRESET|TIMEDOUT|NOENT|NOTDIR|EXIST|PIPE))\b",
        "error",
        "{what}",
        "ENOENT: no such file or directory, posix_spawn '/opt/x'",
        "EACH of them",
    ),
    _message(
        "exception",
        r"(?:.{0,60} failed: )?(?P<type>[A-Z]\w*(?:Error|Exception)): (?P<message>.*)",
        "error",
        "{type}: {message}",
        "javascript_tool failed: SyntaxError: Identifier 'b' has already been declared",
        "errors: 0",
    ),
)
"""In the order of trying."""

_STOPS = tuple(message for message in MESSAGES if message.verdict in ("denied", "aborted"))
_STOP_WORDS = (
    "reject",
    "want to",
    "hook",
    "locked",
    "enied",
    "bort",
    "nterrupt",
    "ancel",
    "imed out",
    "approval",
    "safety of",
    "abandoned",
    "not executed",
    "ibling",
    "kipped",
)

SUCCESSES = re.compile(
    r"(?:Success(?:fully)?\b|The file .{1,400} has been (?:updated|created)|File (?:created|written) successfully|"
    r"Plan updated|"
    r"Todos have been modified|Applied )"
)
"""What edit and plan tools say when they did what they should, for harnesses that write no flag."""

_OPENING = re.compile(r"\s*(?:<tool_use_error>|<error>)?\s*(?:(?:Error|ERROR|error): ?)?(?:<tool_use_error>)?\s*")


def opening(text: str) -> str:
    """The first words of a result, without the marks around an error."""
    found = _OPENING.match(text[:800])
    return text[found.end() if found else 0 :][:600]


def message_of(text: str) -> tuple[Message, re.Match[str]] | None:
    """The harness's own sentence at the start of a result, if it is one."""
    said = opening(text)
    for message in MESSAGES:
        found = message.pattern.match(said)
        if found is not None:
            return message, found
    return None


def stop_of(text: str) -> Message | None:
    """The harness's own sentence that a call was refused or cut off, which may stand before a command's output."""
    head = text[:200]
    if not any(word in head for word in _STOP_WORDS):
        return None
    said = opening(text)
    return next((message for message in _STOPS if message.pattern.match(said) is not None), None)


def marked(text: str, category: Category) -> bool:
    """Whether a result without a flag says by its first word that it is an error; a file that was read may say so."""
    if text.startswith(("<tool_use_error>", "ERROR: ")):
        return True
    words = ("Error: ", "error: ", "apply_patch verification failed")
    return category not in ("read", "search") and text.startswith(words)
