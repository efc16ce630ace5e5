"""Names of uploaded files: what a name may be, and why another one is refused.

No name becomes a path on the disk (`upload.py` numbers its files); the rules keep out what was made to do harm, and
what a link or another system could not hold.
"""

from __future__ import annotations

import re

SUFFIXES = (".jsonl", ".json", ".ndjson")
DEEPEST = 16
LONGEST = 400
LONGEST_PART = 200

_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\..*)?")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"[A-Za-z]:")
_KEPT_BESIDE = (".meta.json", "settings.json", "settings.local.json", "package.json", "package-lock.json")
_KEPT_BESIDE_WHOLE = frozenset({"sessions-index.json", "tsconfig.json", ".credentials.json", "auth.json"})


class NameRefusedError(ValueError):
    """A name that is not taken, in a few words for the reader."""


def checked_name(raw: str) -> str:
    """The name with forward slashes and without empty parts. Raises NameRefusedError."""
    if not raw or len(raw) > LONGEST:
        raise NameRefusedError(f"its name is empty or longer than {LONGEST} characters")
    if _CONTROL.search(raw):
        raise NameRefusedError("its name holds a control character")
    name = raw.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name):
        raise NameRefusedError("its name is an absolute path")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise NameRefusedError("its name leads out of its folder")
    if not parts or len(parts) > DEEPEST:
        raise NameRefusedError(f"it lies more than {DEEPEST} folders deep")
    for part in parts:
        if _DEVICES.fullmatch(part):
            raise NameRefusedError("its name is that of a device")
        if len(part) > LONGEST_PART or part != part.rstrip(" ."):
            raise NameRefusedError("a part of its name is too long, or ends with a dot or a blank")
    return "/".join(parts)


def is_trace_name(name: str) -> bool:
    """Whether a file may be a trace by its name. `assets/js/bring-names.js` has the same rule for the browser."""
    last = name.rpartition("/")[2].lower()
    if not last.endswith(SUFFIXES) or last.startswith("."):
        return False
    return not last.endswith(_KEPT_BESIDE) and last not in _KEPT_BESIDE_WHOLE
