"""The routes of the compare page: the comparison itself, probes over its runs, two runs side by side, what to export.

Runs are named by references (`viewer/comparison/selection.py`) in the body of a request, or in its address for two.
Each place is opened for the visitor who asks; what one of them may not see answers as if it were not there.
"""

from __future__ import annotations

import gzip
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from viewer.comparison.page import Comparison, View, compare, comparison_json, name_of, names_of
from viewer.comparison.selection import (
    MAX_RUNS,
    ComparedRun,
    Reference,
    Selection,
    SelectionError,
    parse_reference,
    select,
)
from viewer.comparison.typed import TypedError, typed_outcomes, with_typed
from viewer.divergence import diverge, divergence_json
from viewer.library import Library, NotFoundError
from viewer.outcomes import RunOutcomes
from viewer.web.answers import NO_STORE, BadRequestError, answering, parameter
from viewer.web.bodies import with_body
from viewer.web.hub_routes import HubApi

MAX_REFERENCES = MAX_RUNS
LONG_ANSWER = 20_000
"""Bytes from which an answer is sent compressed."""


def compare_routes(library: Library, hub: HubApi | None) -> list[BaseRoute]:
    """All routes of the compare page."""
    api = _CompareApi(library, hub)
    return [
        Route("/api/compare.json", with_body(api.compare), methods=["POST"]),
        Route("/api/diverge.json", answering(api.diverge), methods=["GET"]),
    ]


class _CompareApi:
    def __init__(self, library: Library, hub: HubApi | None) -> None:
        self.library = library
        self.hub = hub

    def compare(self, request: Request, body: dict[str, Any]) -> Response:
        return _json(comparison_json(self._comparison(request, body)))

    def diverge(self, request: Request) -> Response:
        selection = self._selection(request, [parameter(request, "a"), parameter(request, "b")])
        if selection.missing:
            raise NotFoundError(f"{selection.missing[0]} is not there.")
        wanted = [parse_reference(parameter(request, name)) for name in ("a", "b")]
        runs = [run for reference in wanted for run in selection.runs if _is(run, reference)]
        if len(runs) != 2:
            raise NotFoundError("One of these runs has not been read yet; try again in a moment.")
        left, right = (self.library.open(run.source, run.file.path, run.summary.part).annotated for run in runs)
        one, other = names_of(runs) if name_of(runs[0]) == name_of(runs[1]) else map(name_of, runs)
        return _json(divergence_json(diverge(left, right), (one, other)))

    def _comparison(self, request: Request, body: dict[str, Any]) -> Comparison:
        selection = self._selection(request, body.get("of"))
        try:
            typed = typed_outcomes(body.get("typed", []))
        except TypedError as error:
            raise BadRequestError(str(error)) from error
        view = View(body.get("fold") is not False, _short(body, "task"), _short(body, "metric"))
        known = tuple(RunOutcomes(()) for _ in selection.runs)
        return compare(selection, with_typed(selection.runs, known, typed), view)

    def _selection(self, request: Request, of: object) -> Selection:
        if not isinstance(of, list) or not of or not all(isinstance(text, str) for text in of):
            raise BadRequestError("A comparison must name its runs.")
        if len(of) > MAX_REFERENCES:
            raise BadRequestError(f"A comparison has {MAX_REFERENCES} runs at most; this link names {len(of)}.")
        try:
            references = [parse_reference(text) for text in of]
        except SelectionError as error:
            raise BadRequestError(str(error)) from error
        return select(self.library, references, lambda place: self._key(request, place))

    def _key(self, request: Request, place: str) -> str:
        """Key of a place in the library, for this visitor."""
        if "/" not in place:
            return self.library.named(place)
        if self.hub is None:
            raise BadRequestError("This app was started without the Hub.")
        repo, _, rev = place.partition("@")
        return self.library.visit(self.hub.opened(request, repo, rev))


def _is(run: ComparedRun, reference: Reference) -> bool:
    """Whether a reference to one run means this one; a revision may be named that stands for the run's commit."""
    place = run.link.get("repo") or run.link["source"]
    return (place, run.file.path, run.summary.part) == (
        reference.place.partition("@")[0],
        reference.path,
        reference.part,
    )


def _short(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    return value[:200] if isinstance(value, str) else ""


def _json(value: object) -> Response:
    body = orjson.dumps(value)
    headers = dict(NO_STORE)
    if len(body) > LONG_ANSWER:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(body, media_type="application/json", headers=headers)
