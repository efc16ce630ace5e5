"""Checks that run beside the requests: few at once, each under an id that nobody can guess, with progress and an end.

A job that ended is kept for a while, and a check that was asked for again by somebody who may see its data is the job
that is kept: a link to a result opens at once.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from viewer.evalcheck.result import CheckResult, Facts
from viewer.evalcheck.table import TableError
from viewer.sources.contract import SourceError

State = Literal["waiting", "running", "done", "failed", "cancelled"]
RUNNING = 2
WAITING = 8
PER_VISITOR = 2
KEPT = 64
KEPT_FOR = 60 * 60.0
LONGEST = 15 * 60.0
"""Seconds after which a check is ended."""

CRASHED = "The check broke off; the server's log has the cause."


class JobEndedError(Exception):
    """The job was cancelled, or took too long."""


@dataclass(slots=True, eq=False)
class Job:
    """One check. It is its own watcher: each call notes how far it is, and ends it when that is asked for."""

    id: str
    visitor: str
    key: str
    state: State = "waiting"
    doing: str = ""
    done: int = 0
    of: int = 0
    known: Facts | None = None
    result: CheckResult | None = None
    error: str = ""
    changed: float = 0.0
    deadline: float = 0.0
    ending: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when it is to end."""
    ended: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when it has ended, however it did."""

    def step(self, doing: str, done: int, of: int) -> None:
        """See `Watcher`. Raises JobEndedError."""
        self.doing, self.done, self.of = doing, done, of
        if self.ending.is_set():
            raise JobEndedError("cancelled")
        if time.monotonic() > self.deadline:
            raise JobEndedError(f"It took longer than {LONGEST / 60:.0f} minutes. Check fewer rows, or fewer splits.")

    def facts(self, facts: Facts) -> None:
        """See `Watcher`."""
        self.known = facts

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ("waiting", "running")


class EvalJobs:
    """The jobs of one app. Safe to use from several threads."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(RUNNING)

    def start(self, visitor: str, key: str, work: Callable[[Job], CheckResult]) -> Job:
        """Start a check, or find the one that was done. `key` says what is checked and who may see it.

        Raises:
            TableError: too many are running.
        """
        with self._lock:
            self._expire()
            done = next((job for job in self._jobs.values() if job.key == key and job.state == "done"), None)
            if done is not None:
                done.changed = time.monotonic()
                return done
            active = [job for job in self._jobs.values() if job.active]
            if sum(job.visitor == visitor for job in active) >= PER_VISITOR:
                raise TableError(f"{PER_VISITOR} checks of yours are running: wait for one, or cancel one.")
            if len(active) >= RUNNING + WAITING:
                raise TableError("Too many checks are waiting. Try again in a few minutes.")
            job = Job(secrets.token_urlsafe(16), visitor, key, changed=time.monotonic())
            self._jobs[job.id] = job
        threading.Thread(target=self._run, args=(job, work), name=f"check-{job.id}", daemon=True).start()
        return job

    def get(self, key: str) -> Job:
        """A job by its id. Raises TableError when it is not, or no longer, there."""
        with self._lock:
            self._expire()
            job = self._jobs.get(key)
        if job is None:
            raise TableError("This check is no longer kept here: run it again.")
        return job

    def cancel(self, job: Job) -> None:
        """End a job at its next step."""
        job.ending.set()
        with self._lock:
            if job.state == "waiting":
                job.state = "cancelled"
                job.ended.set()

    def _run(self, job: Job, work: Callable[[Job], CheckResult]) -> None:
        with self._slots:
            if job.ending.is_set():
                return
            job.state, job.deadline = "running", time.monotonic() + LONGEST
            end: State = "failed"
            job.error = CRASHED  # what stays when anything else is raised, which the thread's log then shows
            try:
                job.result = work(job)
                end, job.error = "done", ""
            except JobEndedError as error:
                end, job.error = ("cancelled", "") if job.ending.is_set() else ("failed", str(error))
            except SourceError as error:
                job.error = str(error)
            finally:
                job.changed = time.monotonic()
                job.state = end
                job.ended.set()

    def _expire(self) -> None:
        ended = [job for job in self._jobs.values() if not job.active]
        ended.sort(key=lambda job: job.changed)
        for number, job in enumerate(ended):
            if time.monotonic() - job.changed > KEPT_FOR or len(ended) - number > KEPT:
                del self._jobs[job.id]
