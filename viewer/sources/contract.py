"""What a source is: a named place that lists trace files and opens them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Help:
    """A page that helps with an error: its address, and what a link to it says."""

    address: str
    label: str


class SourceError(Exception):
    """A place or file that cannot be read, in one sentence for the reader; `help` is where that can be changed."""

    def __init__(self, sentence: str, help: Help | None = None) -> None:  # noqa: A002 - what it is
        super().__init__(sentence)
        self.help = help


class UnreadError(SourceError):
    """A file that a list leaves unread until someone opens it."""


@dataclass(frozen=True, slots=True)
class TraceFile:
    """One file that may be a trace.

    `path` is relative to its source, with forward slashes: what a link holds. `modified` is epoch ms. `version` changes
    whenever the content may have changed, so that it can stand in a cache key.
    """

    path: str
    size: int
    modified: int
    version: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a source, newest first; `left_out` counts what is not among them.

    That is what a limit kept out, and names that no link can hold as they are no UTF-8. `notes` say which limits were
    reached, a sentence each.
    """

    files: tuple[TraceFile, ...]
    left_out: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """What a place says of its runs as a whole: the text of its README, and the tags that its owner or the Hub set."""

    card: str | None = None
    tags: tuple[str, ...] = ()
    lasting: bool = True
    """Whether it holds as long as the place does not change; what a failed fetch left does not."""


class Source(Protocol):
    """A place that holds trace files."""

    @property
    def id(self) -> str:
        """Key in links, e.g. "claude" or "demo". Says nothing about the machine."""

    @property
    def label(self) -> str:
        """For readers, e.g. "Claude Code sessions"."""

    @property
    def kind(self) -> Literal["demo", "local", "hub", "upload"]:
        """Which sort of place."""

    @property
    def place(self) -> str:
        """Where it is, as its owner would write it, e.g. `~/.claude/projects`; also part of cache keys."""

    @property
    def link(self) -> dict[str, str]:
        """The parameters that name it in a link: `source`, or `repo` and `rev`."""

    @property
    def stale(self) -> bool:
        """Whether it could not be asked now, and shows what an earlier visit left."""

    @property
    def page(self) -> str | None:
        """The address of its page on the Hub, from which pages of its files follow; None where there is none."""

    @property
    def parallel(self) -> int:
        """How many of its files may be read at once: one from a disk, many over a network."""

    def files(self) -> Listing:
        """Its files. Raises SourceError when the place cannot be read."""

    def described(self) -> Described:
        """What it says of its runs as a whole; empty where that cannot be had. Never raises."""

    def file(self, path: str) -> TraceFile:
        """One of its files as it is now. Raises SourceError when it is not there or not inside this source."""

    def head(self, path: str) -> BinaryIO | None:
        """Head and tail of a file that is too large to fetch for its row alone; None when all of it is to be read."""

    def open(self, path: str) -> BinaryIO:
        """The bytes of one of its files. Raises SourceError likewise."""


class OnDisk:
    """What is the same of every source whose files lie on this machine: never stale, read whole, one by one."""

    __slots__ = ()

    @property
    def stale(self) -> bool:
        """Never."""
        return False

    @property
    def parallel(self) -> int:
        """One: they come from one disk."""
        return 1

    @property
    def page(self) -> None:
        """None: it is not on the Hub."""
        return None

    def described(self) -> Described:
        """It says nothing of its runs as a whole."""
        return Described()

    def head(self, path: str) -> BinaryIO | None:
        """None: all of a file is there to be read."""
        return None
