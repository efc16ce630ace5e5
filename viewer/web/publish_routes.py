"""The routes of reviewing and publishing: start, look, decide, make the files, publish, forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from viewer.library import Library, NotFoundError
from viewer.publish.build import PublishError, comparison_for
from viewer.publish.card import LICENCES
from viewer.publish.command import facts_of
from viewer.publish.commit import Target
from viewer.publish.jobs import BusyError, Job, Jobs
from viewer.publish.view import diff_json, finding_json, job_json
from viewer.redaction import review as reviews
from viewer.redaction.engine import ScannerMissingError, check_library
from viewer.redaction.review import Decision, Finding, Review
from viewer.redaction.words import PatternError, Word
from viewer.sources.contract import Source
from viewer.web.answers import BadRequestError, answering, json, parameter
from viewer.web.upload_routes import UploadApi
from viewer.web.visitors import Visitors
from viewer.web.writing import changing, keep_key, new_key, visitor_key

MAX_DIGITS = 9
MAX_TEXT = 20_000


class PublishApi:
    """Reviews of all visitors, each seen by its own."""

    def __init__(self, jobs: Jobs, uploads: UploadApi, library: Library, visitors: Visitors) -> None:
        self._jobs = jobs
        self._uploads = uploads
        self._library = library
        self._visitors = visitors

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        changes: tuple[tuple[str, Callable[[Request, Job, dict[str, Any]], None]], ...] = (
            ("decide", self._decide),
            ("word", self._word),
            ("runs", self._runs),
            ("build", self._build),
            ("publish", self._publish),
            ("stop", self._stop),
        )
        return [
            Route("/api/review.json", answering(self._look), methods=["GET"]),
            Route("/api/finding.json", answering(self._finding), methods=["GET"]),
            Route("/api/redacted.json", answering(self._diff), methods=["GET"]),
            Route("/api/review/start", changing(self._start), methods=["POST"]),
            Route("/api/review/forget", changing(self._forget), methods=["POST"]),
            *(
                Route(f"/api/review/{name}", changing(self._change(change)), methods=["POST"])
                for name, change in changes
            ),
        ]

    def _change(self, change: Callable[[Request, Job, dict[str, Any]], None]) -> Callable[..., dict[str, Any]]:
        """A change of a review, answered with the review after it."""

        def changed(request: Request, body: dict[str, Any]) -> dict[str, Any]:
            job = self._jobs.open(str(body.get("review", "")), visitor_key(request))
            with job.lock:
                try:
                    change(request, job, body)
                except (PatternError, BusyError, PublishError, reviews.NotFoundError) as error:
                    raise BadRequestError(str(error)) from error
            return job_json(job, show=body.get("show") is True)

        return changed

    def _source(self, request: Request, key: str) -> Source:
        """What may be reviewed: the visitor's uploads, and folders of this machine where those are shown."""
        if self._uploads.is_upload(key):
            return self._uploads.open(request, key)
        source = self._library.source(self._library.named(key))
        if source.kind != "local":
            raise BadRequestError("Only what you brought, or folders of this machine, can be reviewed and published.")
        return source

    def _look(self, request: Request) -> Response:
        key = visitor_key(request)
        asked = request.query_params
        if "review" in asked:
            return json(job_json(self._jobs.open(asked["review"], key), show=asked.get("show") == "1"))
        source = self._source(request, parameter(request, "source"))
        job = self._jobs.of(key, source.id) if key else None
        answer: dict[str, Any] = {"review": None, "label": source.label, "missing": _missing()}
        return json(answer if job is None else job_json(job, show=asked.get("show") == "1"))

    def _start(self, request: Request, body: dict[str, Any]) -> Any:
        missing = _missing()
        if missing:
            raise BadRequestError(missing)
        source = self._source(request, str(body.get("source", "")))
        runs = body.get("runs")
        chosen = {str(run) for run in runs} if isinstance(runs, list) else None
        key = visitor_key(request) or new_key()
        try:
            job = self._jobs.start(key, source, chosen)
        except BusyError as error:
            raise BadRequestError(str(error)) from error
        response = json(job_json(job, show=False))
        keep_key(response, request, key)
        return response

    def _forget(self, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._jobs.forget(self._jobs.open(str(body.get("review", "")), visitor_key(request)))
        return {"forgotten": True}

    def _job(self, request: Request) -> Job:
        return self._jobs.open(parameter(request, "review"), visitor_key(request))

    def _finding(self, request: Request) -> Response:
        show = request.query_params.get("show") == "1"
        try:
            return json(finding_json(self._job(request), parameter(request, "finding"), show=show))
        except reviews.NotFoundError as error:
            raise NotFoundError(str(error)) from error

    def _diff(self, request: Request) -> Response:
        record = request.query_params.get("record", "0")
        if not record.isdecimal() or len(record) > MAX_DIGITS:
            raise BadRequestError("record must be a whole number.")
        return json(diff_json(self._job(request), parameter(request, "run"), int(record)))

    def _decide(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        review = job.ready()
        findings = _chosen(review, body)
        action, reason = body.get("action"), str(body.get("reason", "")).strip()[:500]
        if action == "redact":
            decision: Decision | None = Decision("redact")
        elif action == "ignore":
            if not reason:
                raise BadRequestError("Say why these stay as they are.")
            decision = Decision("ignore", reason)
        else:
            decision = None
        review.decide(decision, findings)
        job.changed()

    def _word(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        word = Word(str(body.get("text", "")), regex=body.get("regex") is True)
        if job.ready().add_word(word) == 0:
            raise BadRequestError(f"{word.text!r} stands in none of these runs.")
        job.changed()

    def _runs(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        review = job.ready()
        if isinstance(body.get("leftOut"), list):
            review.left_out = {str(path) for path in body["leftOut"]}
        if isinstance(body.get("withAttachments"), bool):
            review.with_attachments = body["withAttachments"]
        job.changed()

    def _build(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        self._jobs.build(job)

    def _publish(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        token = self._visitors.token(request)
        if token is None:
            raise BadRequestError("Sign in first: publishing needs a login that may write (`hf auth login` here).")
        licence = str(body.get("licence", ""))
        if licence not in LICENCES:
            raise BadRequestError(f"licence must be one of {', '.join(LICENCES)}.")
        repo = str(body.get("repo", "")).strip()
        review = job.ready()
        comparison = str(body.get("comparison", ""))
        if len(comparison) > MAX_TEXT:
            raise BadRequestError(f"The comparison has more than {MAX_TEXT:,} characters.")
        target = Target(
            repo,
            token,
            private=body.get("private") is not False,
            add=body.get("add") is True,
            comparison=comparison_for(comparison, job.built, review) if job.built is not None else "",
            endpoint=self._jobs.endpoint,
        )
        self._jobs.publish(job, target, facts_of(review, repo, licence), str(body.get("digest", "")))

    def _stop(self, request: Request, job: Job, body: dict[str, Any]) -> None:
        job.stop()


def _chosen(review: Review, body: dict[str, Any]) -> list[Finding]:
    """The findings that a change names: one by one, as a kind, or all that have no decision yet."""
    if body.get("undecided") is True:
        return review.undecided()
    kind = body.get("kind")
    if isinstance(kind, str):
        return [finding for finding in review.findings if finding.kind.name == kind]
    ids = body.get("findings")
    if not isinstance(ids, list):
        raise BadRequestError("A decision names findings or a kind.")
    return [review.finding(str(each)) for each in ids]


def _missing() -> str:
    """Why nothing can be scanned here; empty when it can."""
    try:
        check_library()
    except ScannerMissingError as error:
        return str(error)
    return ""
