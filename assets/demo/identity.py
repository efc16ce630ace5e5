"""Names and moments for the traces: what looks random is a hash of where it stands, so a rebuild is identical."""

from __future__ import annotations

import hashlib
import string
from datetime import datetime, timedelta
from uuid import UUID

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def code(length: int, *place: object) -> str:
    """A base-62 name of `length` characters for a place such as (session, "message", 4)."""
    number = int.from_bytes(hashlib.sha512(repr(place).encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def hexcode(length: int, *place: object) -> str:
    """A hexadecimal name of `length` characters for a place."""
    return hashlib.sha256(repr(place).encode()).hexdigest()[:length]


def uuid(*place: object) -> str:
    """A UUID for a place, with the version digit real harnesses write."""
    return str(UUID(bytes=hashlib.sha256(repr(place).encode()).digest()[:16], version=4))


def tokens(text: str) -> int:
    """A plausible token count: one for every 3.6 characters."""
    return max(1, round(len(text) / 3.6))


class Clock:
    """The moment a story has reached; it only moves when the story says how long something took."""

    def __init__(self, started: str) -> None:
        self.now = datetime.fromisoformat(started)

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`."""
        self.now += timedelta(seconds=seconds)

    def iso(self) -> str:
        """Now, as ISO 8601 UTC with milliseconds and Z."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.now.microsecond // 1000:03d}Z"

    def milliseconds(self) -> int:
        """Now, as milliseconds since 1970."""
        return int(self.now.timestamp() * 1000)
