"""The routes of the dense views. All are GET, read-only, and answer JSON, columns, an image or one raw record.

Parameters: `source` (key) or `repo` and `rev` (a Hub dataset), `run` (path in the source), `part` (run within the
file), `event` (address). An error is JSON `{"error": sentence}` with a fitting status.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from viewer.detail import event_blocks
from viewer.failure import failure_json, notes_json
from viewer.library import MAX_DIGITS, Library, OpenRun
from viewer.listing import listing_rows
from viewer.metrics import BY_NAME, METRICS
from viewer.overview import overview, usage_json
from viewer.published import load_published
from viewer.rows import PAGE, event_row, search
from viewer.run_table import run_csv, run_table
from viewer.sources.demo import DEMO_ID, DEMO_LINK, DEMO_NOTE
from viewer.web.answers import NO_STORE, BadRequestError, answering, download, json, number, parameter
from viewer.web.compare_routes import compare_routes
from viewer.web.hub_routes import HubApi
from viewer.web.upload_routes import UploadApi

ASSETS_PATH = "/viewer-assets"
"""Where `assets/` is served; `/assets` and `/static` are Gradio's own."""

MAX_WATCHER = 64
"""Characters of the name under which a page watches a list."""

MAX_QUERY = 500
"""Characters of a search text."""


def build_routes(
    library: Library, assets: Path, hub: HubApi | None = None, uploads: UploadApi | None = None
) -> list[BaseRoute]:
    """All routes that read, bound to a library, to the static files, to the Hub and to uploads where there are any."""
    api = _Api(library, hub, uploads)
    endpoints: tuple[tuple[str, Callable[[Request], Response]], ...] = (
        ("sources.json", api.sources),
        ("runs.json", api.runs),
        ("runs.csv", api.runs_csv),
        ("metrics.json", api.metrics),
        ("run.json", api.run),
        ("columns", api.columns),
        ("events.json", api.events),
        ("event.json", api.event),
        ("search.json", api.search),
        ("record", api.record),
        ("image", api.image),
        ("hub.json", api.discover),
        ("reference.json", api.reference),
        ("newest.json", api.newest),
        ("arriving.json", api.arriving),
        ("me.json", api.me),
    )
    return [
        *(Route(f"/api/{path}", answering(endpoint), methods=["GET"]) for path, endpoint in endpoints),
        *compare_routes(library, hub, load_published(assets / "comparisons"), uploads),
        Mount(ASSETS_PATH, StaticFiles(directory=assets)),
        Route("/favicon.ico", lambda request: FileResponse(assets / "icon.svg")),
    ]


class _Api:
    """The endpoints. They are plain functions of a request; Starlette runs them in its thread pool."""

    def __init__(self, library: Library, hub: HubApi | None, uploads: UploadApi | None) -> None:
        self.library = library
        self.hub = hub
        self.uploads = uploads

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
        return json({"sources": rows})

    def runs(self, request: Request) -> Response:
        source, watcher = self._source(request), request.query_params.get("watch", "")[:MAX_WATCHER]
        if request.query_params.get("again") == "1":
            self.library.again(source)
        if request.query_params.get("stop") == "1":
            listing = self.library.stopped(source, watcher)
        else:
            listing = self.library.listing(source, watcher)
        if "download" in request.query_params:
            return download(json(run_table(listing)), listing.source.label, "json")
        names = [name for name in request.query_params.get("metrics", "").split(",") if name in BY_NAME]
        return json(listing_rows(listing, names))

    def runs_csv(self, request: Request) -> Response:
        listing = self.library.listing(self._source(request))
        table = Response(run_csv(listing), media_type="text/csv; charset=utf-8", headers=NO_STORE)
        return download(table, listing.source.label, "csv")

    def metrics(self, request: Request) -> Response:
        return json({"metrics": [metric.as_row() for metric in METRICS]})

    def run(self, request: Request) -> Response:
        opened = self._opened(request)
        address = request.query_params.get("event", "")
        index = opened.index_of(address) if address else None
        first = max(0, (index or 0) - PAGE // 2)
        events = opened.run.events[first : first + PAGE]
        parent = self.library.parent_path(opened)
        stale = self.library.source(opened.source.id).stale
        call = self.library.parent_call(opened, parent)
        answer = overview(opened, stale, self.library.children(opened), parent, call)
        failures = opened.annotated.judged.failures
        answer["rows"] = [event_row(at, event, opened.run.cwd, failures[at]) for at, event in enumerate(events, first)]
        answer["index"] = index
        answer["note"] = DEMO_NOTE if opened.source.id == DEMO_ID else ""
        return json(answer)

    def columns(self, request: Request) -> Response:
        body = gzip.compress(self._opened(request).columns, compresslevel=1, mtime=0)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding", **NO_STORE}
        return Response(body, media_type="application/octet-stream", headers=headers)

    def events(self, request: Request) -> Response:
        opened = self._opened(request)
        run, failures = opened.run, opened.annotated.judged.failures
        wanted = _indices(parameter(request, "i"), len(run.events))
        return json({"rows": [event_row(index, run.events[index], run.cwd, failures[index]) for index in wanted]})

    def event(self, request: Request) -> Response:
        opened = self._opened(request)
        index, event = opened.event(parameter(request, "event"))
        call, result = event.call, event.call.result if event.call is not None else None
        full = request.query_params.get("full") == "1"
        failures = opened.annotated.judged.failures
        answer: dict[str, Any] = event_row(index, event, opened.run.cwd, failures[index])
        answer |= {
            "failure": failure_json(opened.annotated, index),
            "annotations": notes_json(opened.annotated, index),
            "record": event.record,
            "resultRecord": result.record if result is not None else None,
            "time": event.time,
            "resultTime": result.time if result is not None else None,
            "duration": _duration(event.time, result),
            "model": event.model,
            "callId": call.id if call is not None else None,
            "agentId": result.agent_id if result is not None else None,
            "usage": usage_json(event.usage),
            "blocks": event_blocks(event, full),
        }
        return json(answer)

    def search(self, request: Request) -> Response:
        query = parameter(request, "q")
        if len(query) > MAX_QUERY:
            raise BadRequestError(f"The search text is longer than {MAX_QUERY} characters.")
        return json({"indices": search(self._opened(request).run.events, query)})

    def record(self, request: Request) -> Response:
        raw = self.library.raw_record(self._opened(request), number(request, "record"))
        return Response(raw, media_type="text/plain; charset=utf-8", headers=NO_STORE)

    def image(self, request: Request) -> Response:
        steps = parameter(request, "place").split(".")
        place = tuple(int(step) if step.isdecimal() and len(step) <= MAX_DIGITS else step for step in steps)
        mime, data = self.library.image(self._opened(request), number(request, "record"), place)
        return Response(data, media_type=mime, headers={"cache-control": "private, max-age=3600"})

    def _opened(self, request: Request) -> OpenRun:
        return self.library.open(self._source(request), parameter(request, "run"), request.query_params.get("part", ""))

    def _source(self, request: Request) -> str:
        """Key of the source that the request names: one of this app, or a dataset of the Hub."""
        if "repo" in request.query_params:
            return self.library.visit(self._hub.dataset(request))
        if self.uploads is not None and self.uploads.is_upload(request.query_params.get("source", "")):
            return self.library.visit(self.uploads.open(request, request.query_params["source"]))
        return self.library.named(parameter(request, "source"))

    @property
    def _hub(self) -> HubApi:
        if self.hub is None:
            raise BadRequestError("This app was started without the Hub.")
        return self.hub

    def discover(self, request: Request) -> Response:
        return json(self._hub.discover(request))

    def reference(self, request: Request) -> Response:
        return json(self._hub.reference(request))

    def me(self, request: Request) -> Response:
        return json(self._hub.me(request))

    def arriving(self, request: Request) -> Response:
        return json(self._hub.arriving(request))

    def newest(self, request: Request) -> Response:
        return json(self._hub.newest(request))


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
