"""Checks that run beside the requests: bounded, found again, cancelled, and ended whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.labelled import SOURCE
from viewer.evalcheck import jobs as eval_jobs
from viewer.evalcheck.jobs import CRASHED, PER_VISITOR, RUNNING, EvalJobs, Job
from viewer.evalcheck.result import CheckResult, Copies, Facts, Options
from viewer.evalcheck.table import Columns, TableError

LONGEST_WAIT = 60


@pytest.fixture(scope="module")
def result() -> CheckResult:
    """A result that says nothing."""
    facts = Facts(0, {}, "1", 0.0, (), 0, None, Copies(0, 0, 0, 0, None, ()), ())
    return CheckResult(SOURCE, Columns(("text",), "label"), Options(), facts, 0, (), (), "", (), ())


def ended(job: Job) -> Job:
    """The job once it has ended, and its thread with it: what that raises belongs to this test."""
    assert job.ended.wait(LONGEST_WAIT), "the job did not end"
    for thread in threading.enumerate():
        if thread.name == f"check-{job.id}" and job.state != "cancelled":
            thread.join(LONGEST_WAIT)
    return job


class Held:
    """Work that goes on until it is let go, or is cancelled at a step."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result
        self.began = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, job: Job) -> CheckResult:
        self.began.set()
        while not self.let_go.wait(0.01):
            job.step("Working", 1, 2)
        return self.result


def test_a_job_gives_its_result_and_is_found_by_its_id(result: CheckResult) -> None:
    jobs = EvalJobs()
    job = ended(jobs.start("ann", "key", lambda job: result))
    assert (jobs.get(job.id).state, job.result) == ("done", result)
    assert len(job.id) >= 20


def test_a_check_that_was_done_is_not_done_again(result: CheckResult) -> None:
    jobs = EvalJobs()
    first = ended(jobs.start("ann", "key", lambda job: result))
    assert jobs.start("bob", "key", lambda job: result) is first
    assert jobs.start("bob", "other", lambda job: result) is not first


def test_a_sentence_of_the_check_is_the_error_of_the_job() -> None:
    def fail(job: Job) -> CheckResult:
        raise TableError("There is nothing to tell apart.")

    job = ended(EvalJobs().start("ann", "key", fail))
    assert (job.state, job.error) == ("failed", "There is nothing to tell apart.")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_check_that_crashes_is_ended_and_says_so() -> None:
    def crash(job: Job) -> CheckResult:
        raise ZeroDivisionError("secret")

    job = ended(EvalJobs().start("ann", "key", crash))
    assert (job.state, job.error) == ("failed", CRASHED)


def test_a_job_is_cancelled_at_its_next_step(result: CheckResult) -> None:
    jobs, work = EvalJobs(), Held(result)
    job = jobs.start("ann", "key", work)
    assert work.began.wait(LONGEST_WAIT)
    jobs.cancel(job)
    assert (ended(job).state, job.result, job.error) == ("cancelled", None, "")


def test_a_visitor_runs_few_checks_at_once_and_others_wait(result: CheckResult) -> None:
    jobs = EvalJobs()
    works = [Held(result) for _ in range(RUNNING + 1)]
    started = [jobs.start(f"visitor {at}", f"key {at}", work) for at, work in enumerate(works)]
    for work in works[:RUNNING]:
        assert work.began.wait(LONGEST_WAIT)
    assert [job.state for job in started] == ["running"] * RUNNING + ["waiting"]
    jobs.cancel(started[-1])
    assert ended(started[-1]).state == "cancelled"
    for work in works:
        work.let_go.set()
    assert [ended(job).state for job in started[:RUNNING]] == ["done"] * RUNNING


def test_too_many_checks_are_refused_with_a_sentence(result: CheckResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_jobs, "WAITING", 0)
    jobs, work = EvalJobs(), Held(result)
    started = [jobs.start("ann", f"key {at}", work) for at in range(PER_VISITOR)]
    with pytest.raises(TableError, match="2 checks of yours are running"):
        jobs.start("ann", "one more", work)
    with pytest.raises(TableError, match="Too many checks are waiting"):
        jobs.start("bob", "one more", work)
    work.let_go.set()
    assert [ended(job).state for job in started] == ["done"] * PER_VISITOR


def test_a_check_that_takes_too_long_is_ended(result: CheckResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_jobs, "LONGEST", 0.0)
    job = ended(EvalJobs().start("ann", "key", Held(result)))
    assert job.state == "failed"
    assert job.error.startswith("It took longer than")


@pytest.mark.parametrize("limit", ["KEPT", "KEPT_FOR"])
def test_ended_jobs_are_kept_for_a_while(result: CheckResult, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    jobs = EvalJobs()
    work: Callable[[Job], CheckResult] = lambda job: result  # noqa: E731 - the type is what it says
    job = ended(jobs.start("ann", "key", work))
    monkeypatch.setattr(eval_jobs, limit, -1 if limit == "KEPT_FOR" else 0)
    with pytest.raises(TableError, match="no longer kept here"):
        jobs.get(job.id)
