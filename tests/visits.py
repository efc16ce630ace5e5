"""What the tests of Hub datasets share: small sessions, and the app without its page.

An `App` is one life of the app on a folder: a second one on the same folder is the app started again. `Served` is one
behind its routes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.formats.claude_lines import said, text, user
from tests.hub import Asked, LocalHub
from tests.hub.client import only_loopback
from tests.smallest import ASSETS, LONGEST_WAIT, lines_of, settled
from viewer.library import Library
from viewer.listing import listing_rows
from viewer.sources.hub import HubDataset
from viewer.sources.hub_visits import HubVisits
from viewer.summary_cache import SummaryCache
from viewer.web.guard import ContentSecurityPolicy, Guard
from viewer.web.hub_routes import HubApi
from viewer.web.routes import build_routes
from viewer.web.visitors import Visitors

LFS_MIN = 5_000
"""Bytes from which a file of `hub_for_tests` is in large file storage."""

PLENTY = 2**30
REPO = "ann/traces"


def session(name: str, prompt: str = "Fix it", size: int = 0) -> bytes:
    """A Claude Code session of a prompt and an answer, with at least that many bytes."""
    return lines_of((user(prompt, sessionId=name), said(text("Done. " + "x" * size), sessionId=name)))


def sessions(count: int) -> dict[str, bytes]:
    """That many sessions, by the name of their file."""
    return {f"s{number:03}.jsonl": session(f"s{number:03}", f"Task {number:03}") for number in range(count)}


@contextmanager
def hub_for_tests() -> Iterator[LocalHub]:
    """A Hub for the tests of a file; the client of this process reaches nothing else."""
    with only_loopback(), LocalHub(lfs_min=LFS_MIN) as hub:
        yield hub


def emptied(hub: LocalHub) -> LocalHub:
    """The Hub as it was when it started: no repository, no token, no fault, an empty log."""
    for kept in (hub.repos, hub.moved, hub.tokens, hub.faults, hub.log):
        kept.clear()
    hub.latency, hub.page_size = 0.0, 1000
    return hub


def of_dataset(hub: LocalHub, repo: str = REPO) -> list[Asked]:
    """What was asked about a dataset, in the order in which the replies ended."""
    return hub.asked(f"/{repo}(/|$)")


def counts(hub: LocalHub, repo: str = REPO) -> tuple[int, int, int]:
    """How many questions there were about a dataset: its facts, its tree, its files."""
    asked = of_dataset(hub, repo)
    trees = sum("/tree/" in entry.path for entry in asked)
    files = sum("/resolve/" in entry.path for entry in asked)
    return len(asked) - trees - files, trees, files


def until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds; fails when it does not come to hold."""
    clock = threading.Event()
    for _ in range(LONGEST_WAIT * 100):
        if condition():
            return
        clock.wait(0.01)
    raise AssertionError("it did not come to hold")


class App:
    """One life of the app without its page, with its files in `folder`."""

    def __init__(self, hub: LocalHub, folder: Path, *, limit: int = PLENTY, **options: Any) -> None:
        self.cache = SummaryCache(folder / "summaries.sqlite")
        self.visits = HubVisits(folder / "hub", limit, hub.url, **options)
        self.library = Library((), self.cache)

    def close(self) -> None:
        """Ends this life."""
        self.cache.close()

    def open(self, repo: str = REPO, rev: str = "", token: str | None = None) -> HubDataset:
        return self.visits.open(repo, rev, token)

    def listing(self, repo: str = REPO, rev: str = "", token: str | None = None) -> dict[str, Any]:
        """The list of runs once every file has been read."""
        return listing_rows(settled(self.library.listing(self.library.visit(self.open(repo, rev, token)))))

    def rows(self, repo: str = REPO, rev: str = "", token: str | None = None) -> dict[str, dict[str, Any]]:
        """Its rows by path."""
        return {row["path"]: row for row in self.listing(repo, rev, token)["rows"]}

    def read(self, path: str, repo: str = REPO, rev: str = "", token: str | None = None) -> bytes:
        """The bytes of one file."""
        with self.open(repo, rev, token).open(path) as file:
            return file.read()


class HeaderVisitors(Visitors):
    """Takes a visitor's token from a header of the request, as a login would from its session."""

    def token(self, request: Request) -> str | None:
        return request.headers.get("x-token")


class Served:
    """The routes of one life of the app, and requests of visitors."""

    def __init__(self, app: App, visitors: Visitors, session: dict[str, Any] | None = None) -> None:
        self.app = app
        routes = build_routes(app.library, ASSETS, HubApi(app.visits, visitors))
        middleware = [
            Middleware(ContentSecurityPolicy),
            Middleware(Guard, loopback=True),
            Middleware(WithSession, session=session),
        ]
        served = Starlette(routes=routes, middleware=middleware)
        self._client = TestClient(served, base_url="http://localhost:7860", raise_server_exceptions=False)

    def ask(self, route: str, token: str | None = None, **parameters: str) -> Response:
        """Any answer."""
        headers = {"x-token": token} if token else {}
        return self._client.get(f"/api/{route}", params=parameters, headers=headers)

    def post(self, route: str, body: Any, token: str | None = None) -> Response:
        """Any answer to a request with a body."""
        headers = {"x-token": token} if token else {}
        return self._client.post(f"/api/{route}", json=body, headers=headers)

    def get(self, route: str, token: str | None = None, **parameters: str) -> tuple[int, bytes]:
        """Status and body."""
        answer = self.ask(route, token, **parameters)
        return answer.status_code, answer.content

    def json(self, route: str, token: str | None = None, **parameters: str) -> Any:
        """The JSON of an answer that is none of an error."""
        answer = self.ask(route, token, **parameters)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()

    def error(self, route: str, token: str | None = None, **parameters: str) -> tuple[int, str]:
        """Status and sentence of an error."""
        answer = self.ask(route, token, **parameters)
        assert list(answer.json()) == ["error"]
        return answer.status_code, answer.json()["error"]


class WithSession:
    """Gives requests the session that a login has made."""

    def __init__(self, app: ASGIApp, session: dict[str, Any] | None) -> None:
        self.app, self.session = app, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope if self.session is None else {**scope, "session": self.session}, receive, send)
