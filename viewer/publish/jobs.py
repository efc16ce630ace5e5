"""Reviews under way: each belongs to one visitor and one source, and works in a thread of its own.

A review goes from scanning to ready, is built, and is published; every step may fail with a sentence, after which the
step before it still stands. Nothing of it outlives `kept` seconds without use, or its upload.
"""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from viewer.plural import counted
from viewer.publish.build import Built, PublishError, Refused, build, refuse_secrets, trace_files
from viewer.publish.card import Facts
from viewer.publish.commit import Published, Target, publish
from viewer.redaction.engine import Engine, ScannerMissingError
from viewer.redaction.review import Decision, Review, masked
from viewer.redaction.scan import scan
from viewer.sources.contract import Source, SourceError

log = logging.getLogger(__name__)

Stage = Literal["scanning", "ready", "building", "built", "publishing", "published"]

KEPT = 2 * 3600.0
"""Seconds after its last use when a review is forgotten."""

OF_ONE = 4
"""Reviews of one visitor at a time."""

OF_ALL = 40
"""Reviews of all visitors: each keeps its texts, in memory or on the disk."""


class StoppedError(Exception):
    """The visitor stopped the work."""


class BusyError(SourceError):
    """A step that cannot be taken now, in one sentence for the reader."""


@dataclass
class Job:
    """One review."""

    id: str
    owner: str = field(repr=False)
    source: Source
    stage: Stage = "scanning"
    doing: str = "scanning"
    done: int = 0
    total: int = 0
    error: str = ""
    """Why the last step failed; empty when it did not."""
    review: Review | None = None
    built: Built | None = None
    published: Published | None = None
    refused: tuple[Refused, ...] = ()
    """Files that are no traces."""
    used: float = 0.0
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    @property
    def busy(self) -> bool:
        """Whether a thread works on it."""
        return self.stage in ("scanning", "building", "publishing")

    def progress(self, done: int, total: int) -> None:
        """Note how far the work is; raises StoppedError when it should end."""
        self.done, self.total = done, total
        if self._stop.is_set():
            raise StoppedError

    def said(self, what: str, done: int, total: int) -> None:
        """The same with words."""
        self.doing = what
        self.progress(done, total)

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stop.set()

    def ready(self) -> Review:
        """The review, when it may be changed. Raises BusyError."""
        if self.review is None:
            raise BusyError(self.error or "The scan is not finished yet.")
        if self.busy:
            raise BusyError("Wait until this step is finished, or stop it.")
        return self.review

    def changed(self) -> None:
        """What was built no longer is what was decided."""
        self.built, self.published, self.stage, self.error = None, None, "ready", ""
        self._clear()

    def folder(self) -> Path:
        """An empty folder for files to publish."""
        self._clear()
        self._folder = tempfile.TemporaryDirectory(prefix="agent-trace-viewer-publish-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def forget(self) -> None:
        """Remove everything of it."""
        self.stop()
        if self.review is not None and not self.busy:
            self.review.scanned.spool.close()
        self._clear()

    def begin(self, stage: Stage, doing: str) -> None:
        """Enter a step."""
        self._stop.clear()
        self.stage, self.doing, self.done, self.total, self.error = stage, doing, 0, 0, ""

    def _clear(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


class Jobs:
    """All reviews of an app. Safe to use from several threads."""

    def __init__(self, cache: Path | None, *, endpoint: str | None = None, kept: float = KEPT) -> None:
        """Keep compiled rules in `cache`; publish to the Hub at `endpoint` (None: that of the client)."""
        self._cache = cache
        self._endpoint = endpoint
        self._kept = kept
        self._lock = threading.RLock()
        self._known: dict[str, Job] = {}
        self._engine: Engine | None = None
        self._loading = threading.Lock()

    def start(self, owner: str, source: Source, runs: Collection[str] | None) -> Job:
        """Scan a source, or some files of it. Raises BusyError, ScannerMissingError."""
        with self._lock:
            self._sweep()
            for job in [job for job in self._known.values() if job.owner == owner and job.source.id == source.id]:
                self.forget(job)
            if sum(job.owner == owner for job in self._known.values()) >= OF_ONE:
                raise BusyError(f"You have {OF_ONE} reviews already: forget one first.")
            if len(self._known) >= OF_ALL:
                raise BusyError("The server reviews as much as it can; try again in a while, or run it yourself.")
            job = Job(f"r{secrets.token_urlsafe(9)}", owner, source, used=time.monotonic())
            self._known[job.id] = job
        self._work(job, "ready", "scanning", partial(self._scan, job, runs))
        return job

    def open(self, job_id: str, owner: str) -> Job:
        """A review of this visitor. Raises SourceError."""
        with self._lock:
            job = self._known.get(job_id)
            if job is None or not secrets.compare_digest(job.owner, owner):
                raise SourceError("There is no such review here: scan the runs again.")
            job.used = time.monotonic()
        return job

    def of(self, owner: str, source_id: str) -> Job | None:
        """The visitor's review of a source."""
        with self._lock:
            return next(
                (job for job in self._known.values() if job.owner == owner and job.source.id == source_id), None
            )

    def forget(self, job: Job) -> None:
        """Remove a review."""
        with self._lock:
            self._known.pop(job.id, None)
        job.forget()

    def forget_source(self, source_id: str) -> None:
        """Remove the reviews of a source that is gone."""
        for job in [job for job in self._known.values() if job.source.id == source_id]:
            self.forget(job)

    def build(self, job: Job) -> None:
        """Make the files to publish."""
        review = job.ready()
        job.changed()
        undecided = review.undecided()
        if undecided:
            raise BusyError(f"{counted(len(undecided), 'finding has', 'findings have')} no decision yet.")
        self._work(job, "ready", "making the files", partial(self._build, job, review), stage="building")

    def publish(self, job: Job, target: Target, facts: Facts, digest: str) -> None:
        """Send what was built, if it is what the visitor saw (`digest`)."""
        job.ready()
        if job.built is None or job.built.digest != digest:
            raise BusyError("These are not the files that were shown. Make the files again.")
        built, review = job.built, job.ready()
        refuse_secrets(target.comparison, self._scanner(), review)
        self._work(job, "built", "publishing", partial(self._publish, job, built, target, facts), stage="publishing")

    def _work(self, job: Job, back: Stage, doing: str, step: Callable[[], Stage], *, stage: Stage = "scanning") -> None:
        job.begin(stage, doing)

        def run() -> None:
            try:
                after = step()
                job.stage = after
            except StoppedError:
                job.error, job.stage = "Stopped.", back
            except (SourceError, PublishError, ScannerMissingError) as error:
                job.error, job.stage = str(error), back
            except Exception as error:  # the boundary of a job: the page must hear that it ended
                log.exception("%s failed", doing)
                job.error = f"This failed ({type(error).__name__}); the server's log has the cause."
                job.stage = back

        threading.Thread(target=run, name=f"review-{stage}", daemon=True).start()

    def _scan(self, job: Job, runs: Collection[str] | None) -> Stage:
        job.doing = "loading the rules"
        engine = self._scanner()
        job.said("looking at the files", 0, 0)
        files, refused = trace_files(job.source)
        job.refused = tuple(refused)
        chosen = [file for file in files if runs is None or file.path in runs]
        if not chosen:
            raise PublishError("There is no trace here to review.")
        job.doing = "scanning"
        review = Review(scan(job.source, chosen, engine, job.progress))
        review.decide(Decision("redact"), [finding for finding in review.findings if finding.kind.group == "person"])
        job.review = review
        return "ready"

    def _build(self, job: Job, review: Review) -> Stage:
        built = build(job.source, review, self._scanner(), job.folder(), job.progress)
        if built.left:
            if review.take(built.left):
                raise PublishError(
                    f"The second scan found {len(built.left)} more in the redacted files. They are in the list: decide "
                    "about them, and make the files again."
                )
            raise PublishError(
                "The second scan found something that cannot be taken out: "
                f"{', '.join(f'{kind.label} {masked(text)}' for text, kind in built.left.items())}. "
                "Leave out the runs that hold it."
            )
        if not built.files:
            raise PublishError("No file is left to publish.")
        job.built = built
        return "built"

    def _publish(self, job: Job, built: Built, target: Target, facts: Facts) -> Stage:
        job.published = publish(built, facts, target, job.said)
        return "published"

    def _scanner(self) -> Engine:
        with self._loading:
            if self._engine is None:
                self._engine = Engine(self._cache)
            return self._engine

    @property
    def endpoint(self) -> str | None:
        """The Hub to publish to."""
        return self._endpoint

    def _sweep(self) -> None:
        now = time.monotonic()
        for job in [job for job in self._known.values() if now - job.used > self._kept and not job.busy]:
            self.forget(job)
