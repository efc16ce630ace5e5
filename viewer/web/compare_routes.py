"""The routes of the compare page: the comparison itself, probes over its runs, two runs side by side, what to export.

Runs are named by references (`viewer/comparison/selection.py`) in the body of a request, or in its address for two.
Each place is opened for the visitor who asks; what one of them may not see answers as if it were not there.
"""

from __future__ import annotations

import gzip
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from viewer.comparison.drawing import comparison_svg
from viewer.comparison.gather import Gatherer
from viewer.comparison.known import Known
from viewer.comparison.page import Comparison, View, compare, comparison_json, names_of
from viewer.comparison.report import comparison_report
from viewer.comparison.ribbons import AXES, Axis
from viewer.comparison.selection import (
    MAX_RUNS,
    ComparedRun,
    Reference,
    Selection,
    SelectionError,
    parse_reference,
    select,
)
from viewer.comparison.text import comparison_csv, comparison_yaml
from viewer.comparison.typed import TypedError, typed_outcomes, with_typed
from viewer.divergence import diverge, divergence_json
from viewer.library import Library, NotFoundError
from viewer.probes import Clock, Probe, ProbeError, ProbeRow, ProbeTimeoutError, check_probes, evaluate_all
from viewer.published import Published
from viewer.web.answers import NO_STORE, BadRequestError, answering, parameter
from viewer.web.bodies import with_body
from viewer.web.hub_routes import HubApi
from viewer.web.upload_routes import UploadApi

LONG_ANSWER = 20_000
"""Bytes from which an answer is sent compressed."""

PROBED_AT_ONCE = 25
"""Runs that one request may probe; the page asks for more in turn."""

PROBE_SECONDS = 20.0
"""For all probes over all runs of one request."""

PROBE_FIELDS = ("name", "seen", "said", "ran")

PROBED_IN_REPORT = 60
"""Runs up to which a report holds the matrix of probes: it is made in one answer."""


def compare_routes(
    library: Library, hub: HubApi | None, published: Published, uploads: UploadApi | None = None
) -> list[BaseRoute]:
    """All routes of the compare page."""
    api = _CompareApi(library, hub, published, uploads)
    exports = (("svg", api.drawing), ("csv", api.table), ("yaml", api.file), ("report.html", api.report))
    return [
        Route("/api/compare.json", with_body(api.compare), methods=["POST"]),
        Route("/api/probes.json", with_body(api.probes), methods=["POST"]),
        Route("/api/diverge.json", answering(api.diverge), methods=["GET"]),
        *(Route(f"/api/compare.{name}", with_body(export), methods=["POST"]) for name, export in exports),
    ]


class _Asked(NamedTuple):
    """A comparison and what is known of its runs."""

    comparison: Comparison
    known: Known


class _CompareApi:
    def __init__(self, library: Library, hub: HubApi | None, published: Published, uploads: UploadApi | None) -> None:
        self.library = library
        self.hub = hub
        self.uploads = uploads
        self.gatherer = Gatherer(library, published)

    def compare(self, request: Request, body: dict[str, Any]) -> Response:
        found, known = self._comparison(request, body)
        probes = [asdict(probe) for probe in known.probes]
        about = {"probes": probes, "repos": _repos(found), "problems": known.problems, "more": known.more}
        data = asdict(known.eval_data) if known.eval_data is not None else None
        return _json({**comparison_json(found), **about, "eval": data})

    def probes(self, request: Request, body: dict[str, Any]) -> Response:
        selection = self._selection(request, body.get("of"))
        if len(selection.runs) > PROBED_AT_ONCE:
            raise BadRequestError(f"Probes are asked of {PROBED_AT_ONCE} runs at once, not of {len(selection.runs)}.")
        probes = _probes(body)
        found = self._probed(selection.runs, probes)
        rows = [
            {"key": run.key, "rows": [_row_json(row) for row in of_run]}
            for run, of_run in zip(selection.runs, found, strict=True)
        ]
        return _json({"runs": rows, "pending": selection.pending})

    def diverge(self, request: Request) -> Response:
        wanted = [parse_reference(parameter(request, name)) for name in ("a", "b")]
        selection = self._selection(request, [str(reference) for reference in wanted])
        if selection.missing:
            raise NotFoundError(f"{selection.missing[0]} is not there.")
        runs = [run for reference in wanted for run in selection.runs if _is(run, reference)]
        if len(runs) != 2:
            raise NotFoundError("One of these runs has not been read yet; try again in a moment.")
        left, right = (self.library.open(run.source, run.file.path, run.summary.part).annotated for run in runs)
        one, other = names_of(runs)
        return _json(divergence_json(diverge(left, right), (one, other)))

    def drawing(self, request: Request, body: dict[str, Any]) -> Response:
        return _file(comparison_svg(self._comparison(request, body).comparison, _axis(body)), "image/svg+xml")

    def table(self, request: Request, body: dict[str, Any]) -> Response:
        return _file(comparison_csv(self._comparison(request, body).comparison), "text/csv")

    def file(self, request: Request, body: dict[str, Any]) -> Response:
        found, known = self._comparison(request, body)
        return _file(comparison_yaml(found, known.files, self._asked_probes(body, known)), "text/yaml")

    def report(self, request: Request, body: dict[str, Any]) -> Response:
        found, known = self._comparison(request, body)
        probes = self._asked_probes(body, known)
        rows = self._probed(found.runs, probes) if len(found.runs) <= PROBED_IN_REPORT else []
        address = body.get("address", "")
        report = comparison_report(found, _axis(body), probes, rows, address if isinstance(address, str) else "")
        return _file(report, "application/octet-stream")  # a download, never a page of this server

    def _comparison(self, request: Request, body: dict[str, Any]) -> _Asked:
        selection = self._selection(request, body.get("of"))
        try:
            typed = typed_outcomes(body.get("typed", []))
        except TypedError as error:
            raise BadRequestError(str(error)) from error
        known = self.gatherer.known(selection, models=body.get("models") is not False)
        view = View(body.get("fold") is not False, _short(body, "task"), _short(body, "metric") or known.metric)
        named = replace(selection, runs=known.runs)
        outcomes = with_typed(named.runs, known.outcomes, typed)
        return _Asked(compare(named, outcomes, view, known.title), known)

    def _asked_probes(self, body: dict[str, Any], known: Known) -> tuple[Probe, ...]:
        return known.probes if body.get("probes") is None else _probes(body)

    def _probed(self, runs: tuple[ComparedRun, ...], probes: tuple[Probe, ...]) -> list[tuple[ProbeRow, ...]]:
        clock = Clock(PROBE_SECONDS)
        try:
            check_probes(probes)
            return [
                evaluate_all(probes, self.library.open(run.source, run.file.path, run.summary.part).run, clock)
                for run in runs
            ]
        except ProbeError as error:
            raise BadRequestError(str(error)) from error
        except ProbeTimeoutError as error:
            raise BadRequestError(
                f"The probes were not through after {PROBE_SECONDS:.0f} s. Ask for fewer runs, or simpler patterns."
            ) from error

    def _selection(self, request: Request, of: object) -> Selection:
        if not isinstance(of, list) or not of or not all(isinstance(text, str) for text in of):
            raise BadRequestError("A comparison must name its runs.")
        if len(of) > MAX_RUNS:
            raise BadRequestError(f"A comparison has {MAX_RUNS} runs at most; this link names {len(of)}.")
        try:
            references = [parse_reference(text) for text in of]
        except SelectionError as error:
            raise BadRequestError(str(error)) from error
        return select(self.library, references, lambda place: self._key(request, place))

    def _key(self, request: Request, place: str) -> str:
        """Key of a place in the library, for this visitor."""
        if self.uploads is not None and self.uploads.is_upload(place):
            return self.library.visit(self.uploads.open(request, place))
        if "/" not in place:
            return self.library.named(place)
        if self.hub is None:
            raise BadRequestError("This app was started without the Hub.")
        repo, _, rev = place.partition("@")
        return self.library.visit(self.hub.opened(request, repo, rev))


def _probes(body: dict[str, Any]) -> tuple[Probe, ...]:
    rows = body.get("probes")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRequestError("Probes must be a list of objects.")
    probes = tuple(Probe(*(row.get(name, "") for name in PROBE_FIELDS)) for row in rows)
    if not all(isinstance(text, str) for probe in probes for text in (probe.name, probe.seen, probe.said, probe.ran)):
        raise BadRequestError("name, seen, said and ran of a probe must be texts.")
    return probes


def _row_json(row: ProbeRow) -> dict[str, Any]:
    """A row for the page, without those of subagents."""
    marks = ("prompted", "seen", "thought", "said", "written", "final", "card", "ran")
    found = {name: mark._asdict() if (mark := getattr(row, name)) is not None else None for name in marks}
    return {**found, "verdict": row.verdict, "cut": row.cut}


def _repos(found: Comparison) -> list[dict[str, str]]:
    """The datasets of a comparison on the Hub, and where a file can be added to them or proposed."""
    names = dict.fromkeys(run.link["repo"] for run in found.runs if "repo" in run.link)
    return [{"name": name, "upload": f"https://huggingface.co/datasets/{name}/upload/main"} for name in names]


def _axis(body: dict[str, Any]) -> Axis:
    return next((axis for axis in AXES if axis == body.get("by")), "order")


def _file(text: str, media: str) -> Response:
    return Response(text, media_type=media, headers={**NO_STORE, "content-disposition": "attachment"})


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
