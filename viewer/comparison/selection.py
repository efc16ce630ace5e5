"""Which runs a comparison is of: whole sources, folders in them, or single runs of any of them.

A reference is text of a link: `place|path|part`. A place is a source's key (`demo`) or a dataset at a commit
(`owner/name@sha`); no path is the whole place, a path that ends in `/` a folder, any other a file; no part is the
file's main run. In path and part, `%` and `|` are percent-encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote

from viewer.library import Library
from viewer.listing import listing_rows
from viewer.scan import Scan
from viewer.sources.contract import TraceFile
from viewer.summary import RunSummary

MAX_RUNS = 500
"""Runs of one comparison; more are left out, the oldest first, and counted."""

MAX_REFERENCE = 1_000
"""Characters of one reference."""


class SelectionError(Exception):
    """A comparison that a link cannot name, in one sentence."""


class Reference(NamedTuple):
    """A place, folder or run that a link names."""

    place: str
    path: str = ""
    part: str = ""

    def __str__(self) -> str:
        """As links write it, without empty ends."""
        return "|".join((self.place, _quoted(self.path), _quoted(self.part))).rstrip("|")


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One run of a comparison. `key` is its reference, which holds the commit where it is on the Hub."""

    key: str
    source: str
    """Key of its source in the library; never sent anywhere."""
    link: dict[str, str]
    """The parameters that open it: source or repo and rev, run, part."""
    label: str
    """The name of its source."""
    file: TraceFile
    summary: RunSummary
    """Its harness and models are those that its list shows."""
    known_from: str = ""
    """Where harness and models are known from (`viewer/provenance.py`), in words."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What references lead to."""

    runs: tuple[ComparedRun, ...]
    sources: tuple[tuple[str, str], ...]
    """Each source once: its label, and the commit where it is on the Hub."""
    pinned: dict[str, str]
    """Places as the link named them, with the commit that they stand for now."""
    pending: int = 0
    """Files that have not been read yet; ask again."""
    unreadable: int = 0
    left_out: int = 0
    missing: tuple[str, ...] = ()
    """References that lead nowhere."""


def parse_reference(text: str) -> Reference:
    """A reference from a link. Raises SelectionError."""
    place, *rest = text.split("|")
    if not place or len(rest) > 2 or len(text) > MAX_REFERENCE:
        raise SelectionError(f"{text[:80]!r} names no run: write source|path, or owner/name@revision|path.")
    path, part = (*map(unquote, rest), "", "")[:2]
    return Reference(place, path, part)


def select(library: Library, references: Sequence[Reference], key_of: Callable[[str], str]) -> Selection:
    """The runs that references lead to, each once, in the order of the references.

    Args:
        library: The door to data.
        references: What the link names.
        key_of: Finds a place for the visitor who asks, and gives its key in the library.

    Raises:
        NotFoundError: a place that is not there.
        SourceError: a place that cannot be read, or that this visitor may not see.
    """
    wanted: dict[str, list[Reference]] = {}
    for reference in references:
        wanted.setdefault(reference.place, []).append(reference)
    found: dict[str, ComparedRun] = {}
    by_name = {name: _Place(library.listing(key_of(name)), asked) for name, asked in wanted.items()}
    places = list(by_name.values())
    for place in places:
        found |= {run.key: run for run in place.runs()}
    runs = sorted(found.values(), key=_order)
    return Selection(
        runs=tuple(runs[:MAX_RUNS]),
        sources=tuple((place.scan.source.label, place.scan.source.link.get("rev", "")) for place in places),
        pinned={name: place.name for name, place in by_name.items()},
        pending=sum(place.pending for place in places),
        unreadable=sum(place.unreadable for place in places),
        left_out=max(0, len(runs) - MAX_RUNS) + sum(place.left_out for place in places),
        missing=tuple(str(reference) for place in places for reference in place.missing()),
    )


def _order(run: ComparedRun) -> tuple[str, tuple[str, ...], int]:
    """By harness, then model; of the same, the newest first, so that a limit leaves the oldest out."""
    return run.summary.harness.casefold(), run.summary.models, -(run.summary.started or run.file.modified)


class _Place:
    """One source of a comparison, as far as it has been read."""

    def __init__(self, scan: Scan, asked: list[Reference]) -> None:
        self.scan = scan
        self._whole = [reference for reference in asked if not reference.path or reference.path.endswith("/")]
        self._single = {
            (reference.path, reference.part): reference for reference in asked if not self._covers(reference.path)
        }
        rows = [row for row in scan.rows() if self._covers(row.file.path) or self._names(row.file.path)]
        self._rows = rows
        # A card on the Hub is not waited for; until it is read, nobody knows who ran what.
        self._claims = scan.claims if scan.source.kind == "hub" else scan.claimed()
        self.pending = sum(1 for row in rows if row.summary is None) or int(self._claims is None)
        self.unreadable = sum(1 for row in rows if row.summary is not None and row.summary.error is not None)
        self.left_out = scan.left_out if any(not reference.path for reference in self._whole) else 0

    def _covers(self, path: str) -> bool:
        return any(path.startswith(reference.path) for reference in self._whole)

    def _names(self, path: str) -> bool:
        return any(path == named for named, _ in self._single)

    def runs(self) -> Iterator[ComparedRun]:
        """Runs that are named, and those of a whole place that its list shows: no copies, no subagents."""
        shown = self._shown() if self._whole else frozenset()
        for row in self._rows:
            for summary in row.summary.runs if row.summary is not None else ():
                name = (row.file.path, summary.part)
                if name in self._single or name in shown:
                    yield self._run(row.file, summary)

    def missing(self) -> Iterable[Reference]:
        """References to files or parts that are not there."""
        known = {row.file.path: row.summary for row in self._rows}
        for (path, part), reference in self._single.items():
            summary = known.get(path)
            unread = path in known and summary is None
            if not unread and (summary is None or all(run.part != part for run in summary.runs)):
                yield reference

    def _shown(self) -> frozenset[tuple[str, str]]:
        rows = listing_rows(self.scan)["rows"]
        return frozenset(
            (row["path"], row["part"])
            for row in rows
            if row["state"] == "ready" and row["hidden"] is None and self._covers(row["path"])
        )

    @property
    def name(self) -> str:
        """The place as references write it."""
        source = self.scan.source
        return f"{source.link['repo']}@{source.link['rev']}" if "repo" in source.link else source.link["source"]

    def _run(self, file: TraceFile, summary: RunSummary) -> ComparedRun:
        source = self.scan.source
        link = {**source.link, "run": file.path, "part": summary.part}
        key = str(Reference(self.name, file.path, summary.part))
        if self._claims is None:
            return ComparedRun(key, source.id, link, source.label, file, summary)
        who = self._claims.shown(file.path, summary)
        summary = replace(summary, harness=who["harness"], models=tuple(who["models"]) or summary.models)
        known_from = "\n".join((who["harnessFrom"], who["modelsFrom"]))
        return ComparedRun(key, source.id, link, source.label, file, summary, known_from)


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C")
