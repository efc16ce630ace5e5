"""The routes of the dense views. All are GET, read-only, and answer JSON, columns, an image or one raw record.

Parameters: `source` (key), `run` (path in the source), `part` (run within the file), `event` (address). An error is
JSON `{"error": sentence}` with a fitting status.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from viewer.detail import event_blocks
from viewer.formats.contract import TraceError
from viewer.library import MAX_DIGITS, Library, NotFoundError, OpenRun
from viewer.listing import listing_rows
from viewer.overview import overview
from viewer.rows import PAGE, event_row, search
from viewer.sources.contract import SourceError
from viewer.sources.demo import DEMO_ID, DEMO_LINK, DEMO_NOTE

log = logging.getLogger(__name__)

ASSETS_PATH = "/viewer-assets"
"""Where `assets/` is served; `/assets` and `/static` are Gradio's own."""

MAX_QUERY = 500
"""Characters of a search text."""

_NO_STORE = {"cache-control": "no-store"}


class BadRequestError(Exception):
    """A request that makes no sense, in one sentence."""


def build_routes(library: Library, assets: Path) -> list[BaseRoute]:
    """All routes, bound to a library and to the folder of static files."""
    api = _Api(library)
    endpoints: tuple[tuple[str, Callable[[Request], Response]], ...] = (
        ("sources.json", api.sources),
        ("runs.json", api.runs),
        ("run.json", api.run),
        ("columns", api.columns),
        ("events.json", api.events),
        ("event.json", api.event),
        ("search.json", api.search),
        ("record", api.record),
        ("image", api.image),
    )
    return [
        *(Route(f"/api/{path}", _answering(endpoint), methods=["GET"]) for path, endpoint in endpoints),
        Mount(ASSETS_PATH, StaticFiles(directory=assets)),
        Route("/favicon.ico", lambda request: FileResponse(assets / "icon.svg")),
    ]


class _Api:
    """The endpoints. They are plain functions of a request; Starlette runs them in its thread pool."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def sources(self, request: Request) -> Response:
        rows = [
            {
                "id": source.id,
                "label": source.label,
                "kind": source.kind,
                "place": source.place if source.kind == "local" else "",
                "note": DEMO_NOTE if source.id == DEMO_ID else "",
                "link": DEMO_LINK if source.id == DEMO_ID else "",
            }
            for source in self.library.sources
        ]
        return _json({"sources": rows})

    def runs(self, request: Request) -> Response:
        scan = self.library.listing(_parameter(request, "source"))
        return _json(listing_rows(scan))

    def run(self, request: Request) -> Response:
        opened = self._opened(request)
        address = request.query_params.get("event", "")
        index = opened.index_of(address) if address else None
        first = max(0, (index or 0) - PAGE // 2)
        events = opened.run.events[first : first + PAGE]
        answer = overview(opened, self.library.children(opened), self.library.parent_path(opened))
        answer["rows"] = [event_row(at, event, opened.run.cwd) for at, event in enumerate(events, first)]
        answer["index"] = index
        answer["note"] = DEMO_NOTE if opened.source.id == DEMO_ID else ""
        return _json(answer)

    def columns(self, request: Request) -> Response:
        body = gzip.compress(self._opened(request).columns, compresslevel=1, mtime=0)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding", **_NO_STORE}
        return Response(body, media_type="application/octet-stream", headers=headers)

    def events(self, request: Request) -> Response:
        run = self._opened(request).run
        wanted = _indices(_parameter(request, "i"), len(run.events))
        return _json({"rows": [event_row(index, run.events[index], run.cwd) for index in wanted]})

    def event(self, request: Request) -> Response:
        opened = self._opened(request)
        index, event = opened.event(_parameter(request, "event"))
        call, result = event.call, event.call.result if event.call is not None else None
        full = request.query_params.get("full") == "1"
        answer: dict[str, Any] = event_row(index, event, opened.run.cwd)
        answer |= {
            "record": event.record,
            "resultRecord": result.record if result is not None else None,
            "time": event.time,
            "resultTime": result.time if result is not None else None,
            "duration": _duration(event.time, result),
            "model": event.model,
            "callId": call.id if call is not None else None,
            "agentId": result.agent_id if result is not None else None,
            "usage": _usage(event),
            "blocks": event_blocks(event, full),
        }
        return _json(answer)

    def search(self, request: Request) -> Response:
        query = _parameter(request, "q")
        if len(query) > MAX_QUERY:
            raise BadRequestError(f"The search text is longer than {MAX_QUERY} characters.")
        return _json({"indices": search(self._opened(request).run.events, query)})

    def record(self, request: Request) -> Response:
        raw = self.library.raw_record(self._opened(request), _number(request, "record"))
        return Response(raw, media_type="text/plain; charset=utf-8", headers=_NO_STORE)

    def image(self, request: Request) -> Response:
        steps = _parameter(request, "place").split(".")
        place = tuple(int(step) if step.isdecimal() and len(step) <= MAX_DIGITS else step for step in steps)
        mime, data = self.library.image(self._opened(request), _number(request, "record"), place)
        return Response(data, media_type=mime, headers={"cache-control": "private, max-age=3600"})

    def _opened(self, request: Request) -> OpenRun:
        parameters = request.query_params
        return self.library.open(_parameter(request, "source"), _parameter(request, "run"), parameters.get("part", ""))


_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (BadRequestError, 400),
    (NotFoundError, 404),
    (SourceError, 404),
    (TraceError, 422),
)


def _answering(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint with its errors turned into answers."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except tuple(kind for kind, _ in _STATUS) as error:
            status = next(status for kind, status in _STATUS if isinstance(error, kind))
            return _json({"error": str(error)}, status)
        except Exception as error:  # the boundary of the routes: the log gets the cause, the reader a sentence
            log.exception("%s failed", request.url.path)
            sentence = f"This could not be answered ({type(error).__name__}); the server's log has the cause."
            return _json({"error": sentence}, 500)

    return answer


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json", headers=_NO_STORE)


def _parameter(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise BadRequestError(f"The parameter {name} is missing.")
    return value


def _number(request: Request, name: str) -> int:
    value = _parameter(request, name)
    if not value.isdecimal() or len(value) > MAX_DIGITS or int(value) < 1:
        raise BadRequestError(f"{name} must be a whole number from 1, not {value[:20]!r}.")
    return int(value)


def _indices(text: str, length: int) -> list[int]:
    """`5,9,20-29` as indices; those past the end are left out, and there are `PAGE` at most."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(part) > 20:
            raise BadRequestError(f"i must list indices such as 5,9,20-29, not {part[:20]!r}.")
        found.extend(range(int(first), min(int(last) if dash else int(first), int(first) + PAGE, length - 1) + 1))
    return [index for index in found if index < length][:PAGE]


def _duration(time: int | None, result: Any) -> int | None:
    if result is None:
        return None
    if result.duration is not None:
        return int(result.duration)
    return max(0, result.time - time) if result.time is not None and time is not None else None


def _usage(event: Any) -> dict[str, Any] | None:
    usage = event.usage
    if usage is None:
        return None
    return {
        "input": usage.input,
        "output": usage.output,
        "cacheRead": usage.cache_read,
        "cacheWrite": usage.cache_write,
        "reasoning": usage.reasoning,
        "context": usage.context,
        "costUsd": usage.cost_usd,
    }
