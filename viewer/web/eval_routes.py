"""The routes of the evaluation check: give a file, look at columns, start, watch, cancel, download.

What changes something is a POST of the page itself (`writing.py`), and `Guard` stands before all of `/api/`. An id of a
job or file is unguessable, and a file answers to the visitor who gave it alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import anyio.from_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from viewer.evalcheck.export import as_csv, as_json
from viewer.evalcheck.jobs import Job
from viewer.evalcheck.service import EvalService, Visitor, ask_of
from viewer.evalcheck.uploads import MAX_BYTES
from viewer.web.answers import NO_STORE, BadRequestError, answering, json, parameter
from viewer.web.bodies import with_body
from viewer.web.visitors import Visitors
from viewer.web.writing import changing, from_page, keep_key, new_key, visitor_key


def eval_routes(service: EvalService, visitors: Visitors) -> list[BaseRoute]:
    """The routes, bound to a service and to who asks."""
    api = _EvalApi(service, visitors)
    endpoints: tuple[tuple[str, str, Callable[[Request], Response]], ...] = (
        ("POST", "eval-file.json", api.file),
        ("GET", "eval-job.json", api.job),
        ("GET", "eval-result.json", api.result),
        ("GET", "eval-result.csv", api.table),
    )
    return [
        Route("/api/eval-columns.json", with_body(api.columns), methods=["POST"]),
        Route("/api/eval-start.json", changing(api.start), methods=["POST"]),
        Route("/api/eval-cancel.json", changing(api.cancel), methods=["POST"]),
        *(Route(f"/api/{path}", answering(endpoint), methods=[method]) for method, path, endpoint in endpoints),
    ]


class _EvalApi:
    """The endpoints. They are plain functions of a request; Starlette runs them in its thread pool."""

    def __init__(self, service: EvalService, visitors: Visitors) -> None:
        self._service = service
        self._visitors = visitors

    def file(self, request: Request) -> Response:
        from_page(request)
        visitor = self._visitor(request)
        key = visitor_key(request) or new_key()
        if visitor.token is None:
            visitor = Visitor(f"browser:{key}")
        name = request.query_params.get("name", "")
        data = _body(request, MAX_BYTES, f"The file is over {MAX_BYTES >> 20} MB: give a sample of its rows.")
        upload = self._service.data.uploads.add(visitor.name, name, data)
        answer = json({"file": upload.id, "name": upload.name, "sha": upload.sha, "size": upload.size})
        keep_key(answer, request, key)
        return answer

    def columns(self, request: Request, values: dict[str, Any]) -> Response:
        return json(self._service.look(ask_of(values), self._visitor(request)))

    def start(self, request: Request, values: dict[str, Any]) -> dict[str, Any]:
        return _job_json(self._service.start(ask_of(values), self._visitor(request)))

    def job(self, request: Request) -> Response:
        return json(_job_json(self._job(request)))

    def cancel(self, request: Request, values: dict[str, Any]) -> dict[str, Any]:
        job = self._service.jobs.get(str(values.get("job", "")))
        if job.visitor == self._visitor(request).name:
            self._service.jobs.cancel(job)
        return _job_json(job)

    def result(self, request: Request) -> Response:
        body = orjson.dumps(as_json(self._done(request)), option=orjson.OPT_INDENT_2)
        return Response(body, media_type="application/json", headers=_download("eval-check.json"))

    def table(self, request: Request) -> Response:
        body = as_csv(self._done(request))
        return Response(body, media_type="text/csv; charset=utf-8", headers=_download("eval-check.csv"))

    def _done(self, request: Request) -> Any:
        job = self._job(request)
        if job.result is None:
            raise BadRequestError("This check has no result yet.")
        return job.result

    def _job(self, request: Request) -> Job:
        return self._service.jobs.get(parameter(request, "job"))

    def _visitor(self, request: Request) -> Visitor:
        return visitor_of(request, self._visitors)


def visitor_of(request: Request, visitors: Visitors) -> Visitor:
    """Whose limits and files count: the account that is signed in, else the browser, else the address that asks."""
    token = visitors.token(request)
    if token is not None:
        return Visitor(f"user:{hashlib.sha256(token.encode()).hexdigest()}", token)
    key = visitor_key(request)
    if key:
        return Visitor(f"browser:{key}")
    return Visitor(f"host:{request.client.host if request.client is not None else ''}")


def _download(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"', **NO_STORE}


def _job_json(job: Job) -> dict[str, Any]:
    return {
        "job": job.id,
        "state": job.state,
        "doing": job.doing,
        "done": job.done,
        "of": job.of,
        "error": job.error if job.state == "failed" else "",
        "facts": asdict(job.known) if job.known is not None else None,
        "result": as_json(job.result) if job.result is not None else None,
    }


def _body(request: Request, most: int, sentence: str) -> bytes:
    """The body, read no further than `most` bytes. Raises BadRequestError beyond."""

    async def read() -> bytes | None:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                return None
            parts.append(part)
        return b"".join(parts)

    data = anyio.from_thread.run(read)
    if data is None:
        raise BadRequestError(sentence)
    return data
