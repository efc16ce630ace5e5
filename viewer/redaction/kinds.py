"""What a finding is called, and the word that stands in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Group = Literal["secret", "person", "own"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of finding: `name` in links and on the command line, `label` for readers, `noun` in placeholders."""

    name: str
    label: str
    group: Group
    noun: str


USER = Kind("user-name", "User name", "person", "USER")
EMAIL = Kind("email", "E-mail address", "person", "EMAIL")
HOST = Kind("host-name", "Host name or private address", "person", "HOST")
OWN = Kind("own", "Your own words and patterns", "own", "TEXT")

_NOUNS: tuple[tuple[str, str], ...] = (
    ("private-key|ssh-key|age-secret", "PRIVATE_KEY"),
    ("url-password|command-line-password|tool-password|spoken-password|(?<!1)password|passphrase", "PASSWORD"),
    ("connection|database-url|dsn|uri", "CONNECTION"),
    ("webhook", "WEBHOOK"),
    ("cookie", "COOKIE"),
    ("signed-url", "SIGNATURE"),
    ("named-secret|field-pair|quoted-secret|bare-secret|client-secret|secret", "SECRET"),
    ("jwt|token|pat$|auth-header|authorization-header|bearer|known-prefix|oauth", "TOKEN"),
    ("key-id|access-key-id", "KEY_ID"),
)
"""The first that fits a rule's id gives the noun; API_KEY where none does."""

_OPENERS = re.compile(
    r"^(?:\w+ )?(?:uncovered|detected|identified|found|discovered)\s+(?:a |an |the )?(?:possible |potential )?", re.I
)
_CLOSERS = re.compile(r"(?:,| which | that | posing | potentially | is a | risks | \(|\.(?:\s|$)).*", re.I | re.S)


def kind_of(rule: str, name: str) -> Kind:
    """The kind of a rule's findings, from its id and its name in the catalogue (often a sentence)."""
    noun = next((noun for pattern, noun in _NOUNS if re.search(pattern, rule)), "API_KEY")
    label = _CLOSERS.sub("", _OPENERS.sub("", name)).strip() or rule
    return Kind(rule, label[:1].upper() + label[1:], "secret", noun)


PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
"""What stands where something was taken out; `FILE_PLACEHOLDER` in a file's name, where brackets mean something."""


def placeholder(kind: Kind, number: int) -> str:
    """`[API_KEY_1]`: the same for the same value everywhere."""
    return f"[{kind.noun}_{number}]"


def for_file_name(mark: str) -> str:
    """A placeholder as it stands in a file's name."""
    return mark.strip("[]")
