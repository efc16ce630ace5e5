"""What every route needs: reading parameters, answering JSON, and turning errors into sentences with a status."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response

from viewer.formats.contract import TraceError
from viewer.library import MAX_DIGITS, NotFoundError
from viewer.sources.contract import SourceError

log = logging.getLogger(__name__)

NO_STORE = {"cache-control": "no-store"}


class BadRequestError(Exception):
    """A request that makes no sense, in one sentence."""


_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (BadRequestError, 400),
    (NotFoundError, 404),
    (SourceError, 404),
    (TraceError, 422),
)


def answering(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint with its errors turned into answers."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except tuple(kind for kind, _ in _STATUS) as error:
            status = next(status for kind, status in _STATUS if isinstance(error, kind))
            said = {"error": str(error)}
            if isinstance(error, SourceError) and error.help is not None:
                said |= {"address": error.help.address, "label": error.help.label}
            return json(said, status)
        except Exception as error:  # the boundary of the routes: the log gets the cause, the reader a sentence
            log.exception("%s failed", request.url.path)
            sentence = f"This could not be answered ({type(error).__name__}); the server's log has the cause."
            return json({"error": sentence}, 500)

    return answer


def json(value: object, status: int = 200) -> Response:
    """A JSON answer that nobody keeps."""
    return Response(orjson.dumps(value), status, media_type="application/json", headers=NO_STORE)


def download(answer: Response, name: str, ending: str) -> Response:
    """The answer as a file to save, `runs-of-<name>.<ending>`; of the name, what any system takes in a file's name."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:80]
    answer.headers["content-disposition"] = f'attachment; filename="runs-of-{safe or "source"}.{ending}"'
    return answer


def parameter(request: Request, name: str) -> str:
    """A parameter that must be there. Raises BadRequestError."""
    value = request.query_params.get(name, "")
    if not value:
        raise BadRequestError(f"The parameter {name} is missing.")
    return value


def number(request: Request, name: str) -> int:
    """A parameter that is a whole number from 1. Raises BadRequestError."""
    value = parameter(request, name)
    if not value.isdecimal() or len(value) > MAX_DIGITS or int(value) < 1:
        raise BadRequestError(f"{name} must be a whole number from 1, not {value[:20]!r}.")
    return int(value)
