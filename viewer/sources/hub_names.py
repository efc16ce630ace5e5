"""Names of Hub datasets as readers write them: `owner/name`, an address of the Hub, an address of one file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_REVISION = re.compile(r"[\w][\w./-]{0,120}")
_AT_REVISION = ("tree", "blob", "resolve", "raw", "commit")
"""What stands between a repository and a revision in an address of the Hub."""

_PAGES = ("viewer", "discussions")
"""What stands after a repository in the address of a page that shows no revision."""


@dataclass(frozen=True, slots=True)
class HubReference:
    """A dataset, perhaps at a revision, perhaps one file of it."""

    repo: str
    rev: str = ""
    path: str = ""


def parse_reference(text: str) -> HubReference | None:
    """What a reader typed or pasted; None when it names no dataset.

    Understood: `owner/name`, `datasets/owner/name`, `hf://datasets/owner/name@rev/path`, and addresses of any host of
    the form `https://host/datasets/owner/name[/(tree|blob|resolve|raw)/rev[/path]]`, also without the `https://`. The
    address of a folder means the dataset.
    """
    text = text.strip()
    if text.startswith("hf://"):
        return _from_parts(text.removeprefix("hf://").split("/"))
    if "://" in text:
        try:
            where = urlsplit(text)
        except ValueError:
            return None
        if where.scheme not in ("http", "https"):
            return None
        parts = [unquote(part) for part in where.path.split("/") if part]
        return _from_parts(parts) if parts[:1] == ["datasets"] else None
    parts = [part for part in text.split("/") if part]
    return _from_parts(parts[1:] if len(parts) > 3 and parts[1] == "datasets" else parts)


def _from_parts(parts: list[str]) -> HubReference | None:
    if parts[:1] == ["datasets"]:
        parts = parts[1:]
    if len(parts) < 2:
        return None
    name, at, rev = f"{parts[0]}/{parts[1]}".partition("@")
    rest = parts[2:]
    if len(rest) > 1 and rest[0] in _AT_REVISION:
        at, rev, rest = rest[0], rest[1], rest[2:] if rest[0] != "tree" else []
    elif rest and rest[0] in (*_AT_REVISION, *_PAGES):
        rest = []
    rev = unquote(rev)
    if not is_repo(name) or (at and not is_revision(rev)):
        return None
    return HubReference(name, rev, "/".join(rest))


def is_repo(text: str) -> bool:
    """Whether a text is a repository id, `owner/name`, as the Hub allows it."""
    return _NAME.fullmatch(text) is not None and ".." not in text and "--" not in text and not text.endswith(".git")


def is_revision(text: str) -> bool:
    """Whether a text may be a branch, tag or commit."""
    return _REVISION.fullmatch(text) is not None and ".." not in text


def is_commit(text: str) -> bool:
    """Whether a revision is a commit in full, which never moves."""
    return re.fullmatch(r"[0-9a-f]{40}", text) is not None
