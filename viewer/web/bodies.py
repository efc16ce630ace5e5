"""Requests that carry a JSON body: what is asked about is too long for an address. They change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from viewer.web.answers import BadRequestError, answering

MAX_BODY = 2**20
"""Bytes."""


def with_body(
    endpoint: Callable[[Request, dict[str, Any]], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that gets the JSON object of the request's body; it runs in the thread pool like any other."""

    async def answer(request: Request) -> Response:
        body = await _body(request)

        def ask(request: Request) -> Response:
            return endpoint(request, _document(body))

        return await run_in_threadpool(answering(ask), request)

    return answer


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too long, of which the rest is not read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return body


def _document(body: bytes | None) -> dict[str, Any]:
    if body is None:
        raise BadRequestError(f"The request is longer than {MAX_BODY // 2**20} MB.")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError("The request is no JSON.") from error
    if not isinstance(document, dict):
        raise BadRequestError("The request must be a JSON object.")
    return document
