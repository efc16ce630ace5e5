"""Folders and files on this machine.

Read only when the server is bound to loopback (see `app.py`); a link can name a file inside a source, never outside it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from viewer.sources.contract import Described, Listing, OnDisk, Source, SourceError, TraceFile

MAX_FILES = 50_000
"""More files than this in one source are counted and left out, the oldest first."""

MAX_DEPTH = 12
SUFFIXES = (".jsonl", ".json", ".ndjson")
_SKIPPED_NAMES = frozenset({"node_modules", "__pycache__"})
_SKIPPED_FILES = (".meta.json", "settings.json", "package.json", "sessions-index.json")
"""Files that harnesses keep beside traces and that are none."""

_CARD = "README.md"
_MAX_CARD = 2**18
"""Bytes of a card that are read."""

_DEFAULTS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("claude", "Claude Code sessions", (".claude", "projects"), "CLAUDE_CONFIG_DIR"),
    ("codex", "Codex sessions", (".codex", "sessions"), "CODEX_HOME"),
    ("pi", "Pi sessions", (".pi", "agent", "sessions"), "PI_CODING_AGENT_DIR"),
)
"""Id, label, folder under the home directory, and the variable with which the harness moves that folder's parent."""


@dataclass(frozen=True, slots=True)
class LocalFolder(OnDisk):
    """A folder, read with everything below it; symbolic links to folders are not followed.

    With `only`, the source is that one file of the folder.
    """

    id: str
    label: str
    root: Path
    kind: Literal["demo", "local"] = "local"
    only: str | None = None

    @property
    def place(self) -> str:
        """The folder (or file), with the home directory as `~`."""
        path = self.root / self.only if self.only else self.root
        home = Path.home()
        return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else path.as_posix()

    @property
    def link(self) -> dict[str, str]:
        """Its key."""
        return {"source": self.id}

    def files(self) -> Listing:
        """Every file with a trace's suffix, newest first."""
        if self.only is not None:
            return Listing((self.file(self.only),))
        if not self.root.is_dir():
            raise SourceError(f"{self.label} is not a folder that can be read.")
        found = list(_walk(str(self.root), "", 0))
        kept = sorted(filter(_can_be_linked, found), key=lambda file: (-file.modified, file.path))[:MAX_FILES]
        return Listing(tuple(kept), len(found) - len(kept))

    def described(self) -> Described:
        """The README.md of the folder, as a dataset that was downloaded has one."""
        try:
            with (self.root / _CARD).open("rb") as file:
                return Described(file.read(_MAX_CARD).decode("utf-8", "replace"))
        except OSError:
            return Described()

    def file(self, path: str) -> TraceFile:
        """The file as it is now."""
        try:
            facts = self._inside(path).stat()
        except OSError as error:
            raise SourceError(f"{path} is not in {self.label}: {error.strerror or error}.") from error
        return _trace_file(path, facts)

    def open(self, path: str) -> BinaryIO:
        """The file's bytes, from its beginning."""
        try:
            return self._inside(path).open("rb")
        except OSError as error:
            raise SourceError(f"{path} in {self.label} cannot be opened: {error.strerror or error}.") from error

    def _inside(self, path: str) -> Path:
        """The real path of a file of this source; a path that leads out of it is refused."""
        if self.only is not None and path != self.only:
            raise SourceError(f"{path} is not in {self.label}.")
        if "\0" in path:
            raise SourceError("A path with a NUL character was refused.")
        root = self.root.resolve()
        try:
            real = (root / path).resolve()
        except RuntimeError:  # a link that leads to itself; an OSError from Python 3.13 on
            real = None
        if real is None or not real.is_relative_to(root) or not real.is_file():
            raise SourceError(f"{path} is not a file in {self.label}.")
        return real


def default_sources(home: Path, environment: dict[str, str]) -> tuple[Source, ...]:
    """The session folders of Claude Code, Codex and Pi that exist for this user."""
    found: list[Source] = []
    for source_id, label, parts, variable in _DEFAULTS:
        moved = environment.get(variable)
        folder = Path(moved).expanduser() / parts[-1] if moved else home.joinpath(*parts)
        if folder.is_dir():
            found.append(LocalFolder(source_id, label, folder))
    return tuple(found)


def path_sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """One source for each folder or file given on the command line.

    Raises:
        SourceError: for a path that does not exist.
    """
    found: list[Source] = []
    taken: set[str] = set()
    for path in paths:
        real = path.expanduser().absolute()
        if not real.exists():
            raise SourceError(f"{path} does not exist.")
        source_id = _free_id(real.name, taken)
        if real.is_dir():
            found.append(LocalFolder(source_id, real.name or "/", real))
        else:
            found.append(LocalFolder(source_id, real.name, real.parent, only=real.name))
    return tuple(found)


def _free_id(name: str, taken: set[str]) -> str:
    """A key for links made from the last part of the path; the same arguments give the same keys at every start."""
    base = "path-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "folder")
    source_id, number = base, 2
    while source_id in taken:
        source_id, number = f"{base}-{number}", number + 1
    taken.add(source_id)
    return source_id


def _walk(folder: str, prefix: str, depth: int) -> Iterator[TraceFile]:
    try:
        entries = os.scandir(folder)
    except OSError:
        return  # a folder that may not be read is as good as empty: its neighbours still show
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH and not entry.name.startswith(".") and entry.name not in _SKIPPED_NAMES:
                    yield from _walk(entry.path, f"{prefix}{entry.name}/", depth + 1)
            elif entry.name.endswith(SUFFIXES) and not entry.name.endswith(_SKIPPED_FILES):
                try:
                    yield _trace_file(prefix + entry.name, entry.stat())
                except OSError:
                    continue  # deleted since it was listed, or a link to nothing


def _can_be_linked(file: TraceFile) -> bool:
    """Whether the path is text: where a name is no UTF-8, Python has put lone surrogates in it."""
    return file.path.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in file.path)


def _trace_file(path: str, facts: os.stat_result) -> TraceFile:
    version = f"{facts.st_mtime_ns}-{facts.st_size}-{facts.st_ino}"
    return TraceFile(path, facts.st_size, facts.st_mtime_ns // 1_000_000, version)
