"""The routes that ask the Hub: find datasets, open one by name, look for a newer revision."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from viewer.discover import SORTS, discover, row_of
from viewer.sources.hub import HubDataset
from viewer.sources.hub_client import HubUnreachableError
from viewer.sources.hub_names import parse_reference
from viewer.sources.hub_visits import HubVisits
from viewer.web.answers import BadRequestError, parameter
from viewer.web.visitors import Visitors

MAX_NAME = 300


class HubApi:
    """Endpoints as functions of a request to JSON."""

    def __init__(self, visits: HubVisits, visitors: Visitors) -> None:
        """Open datasets through `visits`, for whom `visitors` says."""
        self._visits = visits
        self._visitors = visitors

    def dataset(self, request: Request) -> HubDataset:
        """The dataset that a request's `repo` and `rev` name, for its visitor. Raises SourceError."""
        return self.opened(request, parameter(request, "repo"), request.query_params.get("rev", ""))

    def opened(self, request: Request, repo: str, rev: str) -> HubDataset:
        """A dataset at a revision ('' is the newest), for the visitor who asks. Raises SourceError."""
        return self._visits.open(repo, rev, self._visitors.token(request))

    def me(self, request: Request) -> dict[str, Any]:
        """Who is signed in."""
        return self._visitors.facts(request)

    def discover(self, request: Request) -> dict[str, Any]:
        """Datasets of traces."""
        asked = request.query_params
        sort = asked.get("sort", SORTS[0])
        if sort not in SORTS:
            raise BadRequestError(f"sort must be one of {', '.join(SORTS)}.")
        search, author = asked.get("search", "")[:MAX_NAME], asked.get("author", "")[:MAX_NAME]
        client = self._visits.client(self._visitors.token(request))
        try:
            return {"datasets": discover(client, search=search, author=author, sort=sort)}
        except HubUnreachableError as error:
            kept = self._visits.kept() if self._visitors.loopback else []  # what others opened is nobody's business
            if not kept:
                raise
            return {"datasets": [row_of(facts) for facts in kept], "failure": str(error)}

    def reference(self, request: Request) -> dict[str, Any]:
        """What a typed or pasted name means."""
        text = parameter(request, "text")
        found = parse_reference(text[:MAX_NAME])
        if found is None:
            raise BadRequestError(f"{text[:80]!r} names no dataset: write owner/name, or paste its address on the Hub.")
        return {"repo": found.repo, "rev": found.rev, "run": found.path}

    def arriving(self, request: Request) -> dict[str, Any]:
        """How many bytes of a run that is being fetched are here; none of one that is not."""
        done, size = self.dataset(request).arriving(parameter(request, "run"))
        return {"done": done, "size": size}

    def newest(self, request: Request) -> dict[str, Any]:
        """The newest commit of a dataset."""
        repo = parameter(request, "repo")
        return {"sha": self._visits.open(repo, "", self._visitors.token(request)).facts.sha}
