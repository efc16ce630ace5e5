"""The only door to data for the web and the UI: list the runs of a source, open a run, read one record.

A `Library` belongs to one app. What it keeps (open runs, summaries) is a cache of files that anyone who reaches this
app may read: local files are served to loopback alone, the demo to everybody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from viewer import formats
from viewer.annotations import ANNOTATORS, OPTIONAL, annotate
from viewer.annotations.contract import Annotated
from viewer.columns import times_usable
from viewer.counts import counts
from viewer.formats.images import load_image
from viewer.issues import issues_json
from viewer.metrics import METRICS, measure
from viewer.model import Event, Run
from viewer.provenance import Claims, Who
from viewer.quality import quality_notes
from viewer.scan import Scan, read_runs
from viewer.sources.contract import Source, SourceError, TraceFile
from viewer.summary import RunSummary, summarise
from viewer.summary_cache import SummaryCache
from viewer.wire import encode_columns

MEMORY_LIMIT = 512 * 2**20
"""Open runs are kept while their files' sizes sum to less than this; the one in use is always kept."""

VISITED = 64
"""Sources of visitors that are kept; the longest unused go first."""

MAX_DIGITS = 9
"""A number in a link with more digits is none: no file has that many records."""


class NotFoundError(Exception):
    """A source, file, run or event that is not there, in one sentence for the reader."""


@dataclass(frozen=True)
class ChildRun:
    """A subagent as its parent's page shows it, whether recorded inside the parent's file or in its own."""

    path: str
    part: str
    summary: RunSummary
    call: str | None


@dataclass(frozen=True)
class OpenRun:
    """A parsed run and what is computed from it once."""

    source: Source
    file: TraceFile
    run: Run
    siblings: tuple[Run, ...] = field(repr=False)
    claims: Claims = field(repr=False)

    @cached_property
    def who(self) -> Who:
        """Its harness and its models, and where that is known from."""
        return self.claims.who(self.file.path, self.run)

    @cached_property
    def annotated(self) -> Annotated:
        """What is inferred of it, by the detectors that are off by default too: the page tells those apart."""
        return annotate(self.run, (*ANNOTATORS, *OPTIONAL))

    @cached_property
    def columns(self) -> bytes:
        """The wire form of its columns."""
        return encode_columns(self.annotated)

    @cached_property
    def counts(self) -> dict[str, Any]:
        """How many of everything it has."""
        return counts(self.annotated)

    @cached_property
    def issues(self) -> list[dict[str, Any]]:
        """What matters in it, the most important first."""
        return issues_json(self.annotated)

    @cached_property
    def metrics(self) -> list[dict[str, Any]]:
        """Its metrics, each with its declaration."""
        values = measure(self.annotated)
        return [{**metric.as_row(), "value": values[metric.name]} for metric in METRICS]

    @cached_property
    def child_summaries(self) -> tuple[RunSummary, ...]:
        """The summaries of the subagents inside its file."""
        return tuple(map(summarise, self.run.children))

    @cached_property
    def notes(self) -> list[str]:
        """What a reader must know about its data."""
        return quality_notes(self.run)

    @cached_property
    def timed(self) -> bool:
        """Whether its times mean anything."""
        return times_usable(self.run.events)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {event.address: index for index, event in enumerate(self.run.events)}

    @cached_property
    def _result_records(self) -> dict[int, int]:
        return {
            event.call.result.record: index
            for index, event in enumerate(self.run.events)
            if event.call is not None and event.call.result is not None
        }

    def index_of(self, address: str) -> int | None:
        """Index of the event at an address. A record without an event of its own leads to the call that it answers."""
        found = self._places.get(address)
        if found is not None:
            return found
        head = address.split(".", 1)[0]
        if not head.isdecimal() or len(head) > MAX_DIGITS:
            return None
        record = int(head)
        same = next((index for index, event in enumerate(self.run.events) if event.record == record), None)
        return self._result_records.get(record) if same is None else same

    def event(self, address: str) -> tuple[int, Event]:
        """Index and event at an address. Raises NotFoundError."""
        index = self.index_of(address)
        if index is None:
            last = self.run.events[-1].record if self.run.events else 0
            raise NotFoundError(f"Event {address} is not in this run; its last event is at record {last}.")
        return index, self.run.events[index]


class Library:
    """Lists and opens runs. Safe to use from several threads."""

    def __init__(self, sources: Sequence[Source], cache: SummaryCache, memory_limit: int = MEMORY_LIMIT) -> None:
        """Know the sources; nothing is read yet."""
        self.sources = tuple(sources)
        self._cache = cache
        self._memory_limit = memory_limit
        self._open: OrderedDict[tuple[str, str, str], tuple[int, tuple[OpenRun, ...]]] = OrderedDict()
        self._lock = threading.Lock()
        self._parsing: dict[tuple[str, str, str], threading.Lock] = {}
        self._scans = {source.id: Scan(source, cache) for source in self.sources}
        self._visited: OrderedDict[str, Scan] = OrderedDict()

    def visit(self, source: Source) -> str:
        """Take in a source that is not always there, such as a dataset that a visitor opened; returns its key.

        The key is unguessable where the source is not for everybody, and is never part of a link.
        """
        with self._lock:
            known = self._visited.get(source.id)
            if known is None:
                # Of what a visitor brought nothing is stored: it goes when the upload goes.
                cache = SummaryCache(None) if source.kind == "upload" else self._cache
                known = self._visited[source.id] = Scan(source, cache)
            known.source = source  # the same files; it may know more of how to get at them
            self._visited.move_to_end(source.id)
            while len(self._visited) > VISITED:
                self._visited.popitem(last=False)
        return source.id

    def forget(self, source_id: str) -> None:
        """Drop everything kept of a visited source."""
        with self._lock:
            self._visited.pop(source_id, None)
            for key in [key for key in self._open if key[0] == source_id]:
                del self._open[key]

    def named(self, source_id: str) -> str:
        """The key, if a link may name it: that of a visited source opens nothing, for nobody was asked who may see it.

        Raises:
            NotFoundError: there is no such source.
        """
        if source_id not in self._scans:
            known = ", ".join(source.id for source in self.sources)
            raise NotFoundError(f"There is no source {source_id!r} here; there are: {known}.")
        return source_id

    def source(self, source_id: str) -> Source:
        """A source by its key. Raises NotFoundError."""
        return self._scan(source_id).source

    def _scan(self, source_id: str) -> Scan:
        return self._visited.get(source_id) or self._scans[self.named(source_id)]

    def listing(self, source_id: str, watcher: str = "") -> Scan:
        """The runs of a source, with what is known of them so far; starts summarising what is not.

        With a watcher, that stops when nobody asks any more (`Scan.refresh`).
        """
        scan = self._scan(source_id)
        scan.refresh(watcher)
        return scan

    def again(self, source_id: str) -> None:
        """The next listing asks once more for what could not be had."""
        self._scan(source_id).again()

    def stopped(self, source_id: str, watcher: str) -> Scan:
        """The same as far as it is known, when this watcher wants no more to be read for it."""
        scan = self._scan(source_id)
        scan.unwatch(watcher)
        return scan

    def open(self, source_id: str, path: str, part: str = "") -> OpenRun:
        """One run, parsed and kept. A file that has grown since is read again.

        Raises:
            NotFoundError: no such source or part.
            SourceError: the file cannot be read.
            TraceError: the file is not a trace.
        """
        source = self.source(source_id)
        file = source.file(path)
        runs = self._file_runs(source, file)
        found = next((run for run in runs if run.run.part == part), None)
        if found is None:
            raise NotFoundError(f"{path} holds no run {part!r}.")
        return found

    def children(self, opened: OpenRun) -> list[ChildRun]:
        """The subagents of a run: those inside its file, and agent files that say they belong to it.

        An agent with a file of its own is listed once, from that file: what the parent repeats of it is less.
        """
        run, path = opened.run, opened.file.path
        calls = {
            event.call.result.agent_id: event.address
            for event in run.events
            if event.call is not None and event.call.result is not None and event.call.result.agent_id
        }
        found: dict[str | None, ChildRun] = {}
        for child, summary in zip(run.children, opened.child_summaries, strict=True):
            call = child.call or calls.get(child.agent_id or "")
            found[child.agent_id] = ChildRun(path, child.part, summary, call)
        if run.agent_id is None:
            for row in self._scan(opened.source.id).agent_files(path, run.id):
                for summary in row.summary.runs if row.summary else ():
                    if summary.parent == run.id and not summary.warmup:
                        known = found.get(summary.agent_id)
                        call = calls.get(summary.agent_id or "") or (known.call if known else None)
                        found[summary.agent_id] = ChildRun(row.file.path, summary.part, summary, call)
        return sorted(found.values(), key=lambda child: child.summary.started or 0)

    def parent_call(self, opened: OpenRun, parent_path: str | None) -> str | None:
        """Address of the parent's call that started this subagent. Raises what `open` raises."""
        run = opened.run
        if run.call is not None or parent_path is None or run.agent_id is None:
            return run.call
        parent = self.open(opened.source.id, parent_path)
        results = ((event.address, event.call.result) for event in parent.run.events if event.call is not None)
        return next((address for address, result in results if result and result.agent_id == run.agent_id), None)

    def parent_path(self, opened: OpenRun) -> str | None:
        """The file of the run that this subagent belongs to, where it is in the same source."""
        run, path = opened.run, PurePosixPath(opened.file.path)
        if run.parent is None or run.agent_id is None:
            return None
        if run.part and opened.siblings[0].id == run.parent:
            return opened.file.path
        name = f"{run.parent}.jsonl"
        for folder in (path.parent, *path.parents):
            try:
                found = opened.source.file((folder / name).as_posix()).path
            except SourceError:
                continue
            if found != opened.file.path:  # a file that names no session goes by its own name
                return found
        return None

    def raw_record(self, opened: OpenRun, number: int) -> bytes:
        """The raw bytes of one record. Raises NotFoundError, SourceError."""
        with opened.source.open(opened.file.path) as lines:
            found = formats.raw_record(opened.run.format, lines, number)
        if found is None:
            raise NotFoundError(f"{opened.file.path} has no record {number}.")
        return found

    def image(self, opened: OpenRun, number: int, place: tuple[str | int, ...]) -> tuple[str, bytes]:
        """Media type and bytes of an image in a record. Raises NotFoundError, SourceError."""
        documents = formats.raw_documents(self.raw_record(opened, number))
        found = next((image for document in documents if (image := load_image(document, place)) is not None), None)
        if found is None:
            raise NotFoundError(f"Record {number} holds no image that can be shown at that place.")
        return found

    def _file_runs(self, source: Source, file: TraceFile) -> tuple[OpenRun, ...]:
        key = (source.id, file.path, file.version)
        with self._lock:
            kept = self._open.get(key)
            if kept is not None:
                self._open.move_to_end(key)
                return kept[1]
            parsing = self._parsing.setdefault(key, threading.Lock())
        scan = self._scan(source.id)
        # Two readers of one new file parse it once; nobody waits for another's file, which may come over a network.
        with parsing:
            with self._lock:
                kept = self._open.get(key)
            try:
                if kept is None:
                    kept = (file.size, _parse(source, file, scan))
                    self._keep(key, kept)
            finally:
                with self._lock:
                    self._parsing.pop(key, None)
        return kept[1]

    def _keep(self, key: tuple[str, str, str], entry: tuple[int, tuple[OpenRun, ...]]) -> None:
        with self._lock:
            stale = [known for known in self._open if known[:2] == key[:2]]
            for known in stale:
                del self._open[known]
            self._open[key] = entry
            while len(self._open) > 1 and sum(size for size, _ in self._open.values()) > self._memory_limit:
                self._open.popitem(last=False)


def _parse(source: Source, file: TraceFile, scan: Scan) -> tuple[OpenRun, ...]:
    with ThreadPoolExecutor(1) as pool:
        claims = pool.submit(scan.claimed)  # the card may come over a network: it comes beside the file, not before it
        runs = read_runs(source, file)
    family = [member for run in runs for member in (run, *run.children)]
    return tuple(OpenRun(source, file, run, tuple(runs), claims.result()) for run in family)
