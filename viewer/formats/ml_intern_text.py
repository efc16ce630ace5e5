"""What both forms of an ml-intern trace share: the harness's own sentences, which mark results and injected turns.

Read in ml-intern's source (`agent_loop.py`, `context_manager/manager.py`). Only text that the harness itself wrote at
the very start of a result counts; what a tool printed says nothing here.
"""

from __future__ import annotations

import re

from viewer.model import Kind, Status

_EXIT_CODE = re.compile(r"Exit code (\d{1,5})[ \t]*(?:\r?\n|$)")
_REJECTED = "Job execution cancelled by user"
_INTERRUPTED = ("Task abandoned —", "Tool was not executed (interrupted or error).")
_MALFORMED = "Malformed arguments:"
_MALFORMED_CALL = ("ERROR: Tool call to '", "' had malformed JSON")
_INJECTED = "[SYSTEM: "


def status_of(text: str) -> tuple[Status, int | None]:
    """Status and exit code that the start of a result states; `unknown` for all that is not the harness's own."""
    found = _EXIT_CODE.match(text)
    if found is not None:
        code = int(found[1])
        return ("error" if code else "ok"), code
    if text.startswith(_REJECTED):
        return "rejected", None
    if text.startswith(_INTERRUPTED):
        return "interrupted", None
    start, end = _MALFORMED_CALL
    if text.startswith(_MALFORMED) or (text.startswith(start) and end in text[:300]):
        return "error", None
    return "unknown", None


def sort_user_text(text: str) -> tuple[Kind, str]:
    """Kind and label of a user turn: guards against loops and lost output speak as the user, in square brackets."""
    return ("system", "injected by the harness") if text.startswith(_INJECTED) else ("user", "")
