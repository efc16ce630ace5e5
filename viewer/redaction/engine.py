"""The scanner: `kingfisher_sdk` with its catalogue and the rules of `rules.yml`, at one version, offline.

The library can also ask providers whether a credential works, or revoke it. Those parts are never used here: a secret
leaves this process in no request. Its native part is checked against the hashes below before it is loaded, and where it
is missing or another one, nothing is scanned: a weaker scan would look the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

VERSION = "1.5.0"
_NATIVE = frozenset(
    {
        "09a47c841bcc7e56de6bee2fad4b467a6d398a4680bf4412191d60cb5bbee5f8",  # Linux x86-64, glibc 2.28
        "6feb7261f2a80d58a339886da242f52480f422e2fdc29ca1dfc54f2a77f0bf30",  # Linux aarch64, glibc 2.28
        "c150ce0a3bd784ce7300d9bea629fed3a27d8d301e80a97ec5be55d2b187a603",  # macOS 11, arm64
        "550c4d4a642af445bb400fd6927d0ffb436c08747e238e4af84796658c9fadbd",  # Windows x86-64
    }
)
"""SHA-256 of the library's native part in the wheels of `VERSION`."""

RULES = Path(__file__).with_name("rules.yml")

_DROPPED = frozenset({"azure-client-id", "azure-tenant-id"})
_NAMES_ONLY = re.compile(
    r"-(?:domain|username|account-name|account-host|server-host|cloud-name|token-name|url|address|application-id"
    r"|client-id|account-id|app-id|repository)$"
)
"""Parts of a credential that are public: ids and addresses that the catalogue uses to pair keys."""

_IS_PUNCTUATION = bytes(255 * (byte in b",.)]}<>|&:*`") for byte in range(256))
_IS_AFTER = bytes(255 * (byte in b" \t\r\n\x0b\x0c*`\"')") for byte in range(256))


class ScannerMissingError(Exception):
    """The scanner cannot be used on this machine; in one sentence for the reader."""


class Hit(NamedTuple):
    """A text that a rule took for a secret."""

    rule: str
    """The rule's id without the catalogue's name: "github-pat"."""
    name: str
    """What the rule says it is, in the catalogue's words."""
    text: str


class Engine:
    """Scans bytes. Safe to use from several threads, which then scan side by side."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        """Load the rules, which takes 3 s, or 0.3 s where compiled ones are kept in `cache_folder`.

        Raises:
            ScannerMissingError: the library is not there, or is not the pinned one.
        """
        check_library()
        from kingfisher_sdk import Rules, Scanner

        options: dict[str, Any] = {"cache": cache_folder is not None}
        if cache_folder is not None:
            cache_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            options["cache_dir"] = cache_folder
        rules = Rules([RULES], **options)
        self.count = len(rules)
        self._rules, self._make = rules, Scanner
        self._own = threading.local()

    def find(self, data: bytes) -> Iterator[Hit]:
        """Every text that a rule takes for a secret; the same one may come several times."""
        for view in (data, without_punctuation(data)):
            for found in self._scanner().scan(view):
                rule = short_id(found.rule_id)
                # Where punctuation was blanked inside it, it is not a text of the file.
                known = view is data or found.secret.encode() in data
                if known and (found.rule_id.startswith("viewer.") or not _is_public(rule)):
                    yield Hit(rule, found.rule_name, found.secret)

    def _scanner(self) -> Any:
        """This thread's scanner; they share the compiled rules."""
        if not hasattr(self._own, "scanner"):
            # Base64 is decoded by `texts.py`, where the rules that look at names see it too.
            self._own.scanner = self._make(self._rules, base64=False)
        return self._own.scanner


def _is_public(rule: str) -> bool:
    return rule in _DROPPED or _NAMES_ONLY.search(rule) is not None


@cache
def check_library() -> None:
    """Raise ScannerMissingError unless the library is here and is the pinned one."""
    package = importlib.util.find_spec("kingfisher_sdk")
    if package is None or package.origin is None:
        raise ScannerMissingError(
            "The secret scanner (kingfisher-secret-scanner) is not installed: it exists for Linux with glibc 2.28, "
            "macOS on Apple silicon and Windows, not for Alpine or Intel Macs. Nothing is published without it; "
            "publish from one of those, or from a Space."
        )
    native = [path for path in Path(package.origin).parent.glob("_native.*") if path.suffix in (".so", ".pyd")]
    if len(native) != 1 or hashlib.sha256(native[0].read_bytes()).hexdigest() not in _NATIVE:
        raise ScannerMissingError(
            f"The installed kingfisher-secret-scanner is not the checked version {VERSION}. "
            "Install the versions of requirements.txt; nothing is published with another one."
        )


def short_id(rule_id: str) -> str:
    """`betterleaks.github-pat`, `viewer.known-prefix`, `auth0-domain.1` without catalogue and number."""
    name = re.sub(r"^(?:betterleaks\.|viewer\.|veles\.secrets/|kingfisher\.|custom\.)", "", rule_id)
    return re.sub(r"\.\d+$", "", name)


def without_punctuation(data: bytes) -> bytes:
    """A copy of the same length in which punctuation at the end of a word is blank.

    The catalogue's rules want a blank or a quote after a token; in prose a comma or a full stop stands there. Of 70
    tokens in sentences, 37 were found before a comma, and 57 in this copy.
    """
    import numpy as np

    if len(data) < 2:
        return data
    punctuated = np.frombuffer(data.translate(_IS_PUNCTUATION), np.uint8)
    followed = np.frombuffer(data.translate(_IS_AFTER), np.uint8)
    made = np.frombuffer(data, np.uint8).copy()
    ends = punctuated[:-1] & followed[1:]  # 255 where both hold, else 0
    made[:-1] = (made[:-1] & ~ends) | (ends & 32)
    return made.tobytes()
