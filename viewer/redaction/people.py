"""What tells who somebody is: user names in paths and prompts, e-mail addresses, names of machines.

Each sort is its own kind with its own switch. Names that every container has (`root`, `ubuntu`, `runner`) tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from functools import cache
from typing import Any, NamedTuple

from viewer.redaction.kinds import EMAIL, HOST, USER, Kind

_COMMON_NAMES = """
root user users ubuntu debian fedora centos alpine arch runner runneradmin node app apps admin administrator shared
public default guest test tests dev developer devuser vscode codespace jovyan ec2-user circleci gitpod sandbox agent
claude codex pi home me you name username yourname youruser your-username someone nobody daemon www-data git postgres
mysql redis nginx docker system container workspace work project projects linuxbrew build builder ci bot service staff
wheel null true false none host localhost local file files path foo bar example appuser coder space hf opc azureuser
cloud-user kali vagrant jenkins gitlab-runner github actions all everyone usr
"""
_COMMON = frozenset(_COMMON_NAMES.split())
_MAIL_USERS = frozenset({"git", "noreply", "no-reply", "donotreply", "user", "root", "hg", "svn", "postmaster"})
_FILE_ENDINGS = """
png jpg jpeg gif svg webp ico js ts jsx tsx mjs cjs css py rb go rs java md json yaml yml toml txt html htm sh lock
service timer socket target map zip gz tgz whl so dll exe log cfg ini conf example invalid test localhost
"""
_NO_DOMAINS = frozenset(_FILE_ENDINGS.split())
_REMOTES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "hf.co", "huggingface.co"})
"""In `git@github.com` the name is everybody's."""

_PUBLIC_HOSTS = re.compile(
    r"(?i)^(?:localhost|host\.docker\.internal|.*\.(?:svc|cluster)\..*|metadata\.google\.internal|gateway\.docker\.internal"
    r"|github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|hf\.co|iMac|Mac-mini|MacBook(?:-Pro|-Air)?)$"
)


_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]")
"""What Claude Code writes as a dash where a path becomes the name of a project's folder."""


class _Rule(NamedTuple):
    kind: Kind
    pattern: bytes
    good: Callable[[str], bool]


def _a_name(text: str) -> bool:
    return text.lower() not in _COMMON and not text.isdigit() and not re.fullmatch(r"[A-Z_]+_\d+", text)


def _an_author(text: str) -> bool:
    return _a_name(text) and "[bot]" not in text and text.lower() != "dependabot"


def _an_address(text: str) -> bool:
    name, _, domain = text.lower().rpartition("@")
    if "://" in name:  # `postgres://app:password@db.example.org`: a password and a host
        return False
    return (
        name not in _MAIL_USERS
        and domain.rpartition(".")[2] not in _NO_DOMAINS
        and not domain.startswith(("example.", "pytest."))
        and domain not in _REMOTES
    )


def _a_host(text: str) -> bool:
    return _a_name(text) and not _PUBLIC_HOSTS.match(text) and not re.fullmatch(r"v?[\d.]+", text)


def _always(text: str) -> bool:
    return True


_START = rb"(?:^|[\s\"'`(\[])"
_LOGIN = rb"[a-z_][a-z0-9_-]{1,31}"
_HOST_NAME = rb"[A-Za-z0-9][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_MODE = rb"[dl-]r[w-][xsS-](?:[r-][w-][xsStT-]){2}[.+@]?"

_FOLDER = rb"(?:^|[^A-Za-z0-9])-(?:home|Users)-([A-Za-z0-9_][A-Za-z0-9._]+)-"
"""The folder of a project, in which a dash may also stand inside the user's name."""

_RULES: tuple[_Rule, ...] = (
    _Rule(USER, rb"(?:^|[^A-Za-z0-9_.-])(?:/var)?/home/([A-Za-z0-9_][A-Za-z0-9._-]+)", _a_name),
    _Rule(USER, rb"(?:^|[^A-Za-z0-9_.-]|/[a-z])/Users/([A-Za-z0-9_][A-Za-z0-9._-]+)", _a_name),
    _Rule(USER, rb"[A-Za-z]:[\\/]+[Uu]sers[\\/]+([A-Za-z0-9_][A-Za-z0-9._-]+)", _a_name),
    _Rule(USER, _FOLDER, _a_name),
    _Rule(USER, _START + rb"(" + _LOGIN + rb")@" + _HOST_NAME + rb":[~/]", _a_name),
    _Rule(HOST, _START + _LOGIN + rb"@(" + _HOST_NAME + rb"):[~/]", _a_host),
    _Rule(USER, _MODE + rb"[ \t]+\d+[ \t]+([a-z_][a-z0-9_.-]+)[ \t]", _a_name),
    _Rule(USER, rb"(?:Author|Committer|Co-authored-by|Signed-off-by):[ \t]+([^<>\n]{3,60}?)[ \t]+<", _an_author),
    _Rule(HOST, rb"\b(?:Linux|Darwin) (" + _HOST_NAME + rb") \d+\.\d+", _a_host),
    _Rule(
        HOST,
        rb"(?:@|//|\bssh |\bping |\bhost(?:name)?[=: \"]{1,3})"
        rb"([A-Za-z0-9][A-Za-z0-9.-]*\.(?:local|lan|internal|corp|intranet|home\.arpa|localdomain))\b",
        _a_host,
    ),
    _Rule(
        HOST,
        rb"\b([A-Za-z0-9-]*(?:MacBook|Mac-mini|iMac|DESKTOP-|LAPTOP-)[A-Za-z0-9-]*(?:\.local|\.lan)?)",
        _a_host,
    ),
    _Rule(HOST, rb"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b", _always),
    _Rule(
        EMAIL,
        rb"(?:[a-z][a-z0-9+.-]*://[^\s/@:\"']*:)?[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}",
        _an_address,
    ),
)


@cache
def _compiled() -> tuple[Any, tuple[Any, ...]]:
    """One pattern that finds what any rule finds, and those of the rules."""
    import re2

    options = re2.Options()
    options.never_capture = True
    any_of = re2.compile(b"|".join(b"(?:" + rule.pattern + b")" for rule in _RULES), options)
    return any_of, tuple(re2.compile(rule.pattern) for rule in _RULES)


def find_people(data: bytes, seen: set[bytes]) -> Iterator[tuple[Kind, str]]:
    """Every user name, address and host in a text that was not `seen` before; what was found is added to `seen`.

    A path with the user's name stands in nearly every record, so each distinct one is looked at once.
    """
    any_of, patterns = _compiled()
    for match in any_of.finditer(data):
        found = match.group(0)
        if found in seen:
            continue
        seen.add(found)
        for rule, pattern in zip(_RULES, patterns, strict=True):
            for inner in pattern.finditer(found):
                text = inner.group(1 if pattern.groups else 0).decode(errors="replace").rstrip(".-")
                if len(text) > 1 and rule.good(text):
                    yield rule.kind, text
                    if rule.kind is USER and not text.isalnum():
                        yield USER, _NOT_PLAIN.sub("-", text)


def cut_names(names: Set[str], seen: Set[bytes]) -> set[str]:
    """Of user names, those that are only the beginning of another one, read from the folder of a project.

    `-home-data-sci-x` says "data", which is no name where `/home/data-sci` is known, and a word of every trace.
    """
    _, patterns = _compiled()
    others = [pattern for rule, pattern in zip(_RULES, patterns, strict=True) if rule.pattern != _FOLDER]
    beginnings = {name for name in names if any(other.startswith(f"{name}-") for other in names)}
    sure = {
        match.group(1 if pattern.groups else 0).decode(errors="replace").rstrip(".-")
        for pattern in others
        for found in (seen if beginnings else ())
        for match in pattern.finditer(found)
    }
    return beginnings - sure
