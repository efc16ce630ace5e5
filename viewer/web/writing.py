"""What routes that change something need: who the visitor is, and that the page itself asks.

A visitor is known by a random key in a cookie that no script reads. It opens what this browser brought, and nothing
else; it says nothing of who it is. Requests that change something carry a header that a form of another site cannot
set.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from viewer.web.answers import BadRequestError, json
from viewer.web.bodies import with_body

COOKIE = "trace_viewer_visitor"
HEADER = "x-trace-viewer"
Change = Callable[[Request, dict[str, Any]], Any]
"""A change: the request and its JSON to an answer, or what one says."""


def visitor_key(request: Request) -> str:
    """The visitor's key; '' when this browser has none yet."""
    key = request.cookies.get(COOKIE, "")
    return key if 20 <= len(key) <= 100 and key.isascii() else ""


def new_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_urlsafe(32)


def keep_key(response: Response, request: Request, key: str) -> None:
    """Give the browser its key, for as long as it stays open."""
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").startswith("https")
    # On the Hub a Space is a frame of another site, where only a partitioned cookie comes back.
    rest = "; Secure; SameSite=None; Partitioned" if secure else "; SameSite=Strict"
    response.headers.append("set-cookie", f"{COOKIE}={key}; Path=/; HttpOnly{rest}")


def from_page(request: Request) -> None:
    """Raise BadRequestError unless the page itself sent this."""
    if request.headers.get(HEADER) != "page":
        raise BadRequestError(f"A change needs the header {HEADER}: page, which only the page sends.")


def changing(change: Change) -> Callable[[Request], Awaitable[Response]]:
    """A route for a change: reads JSON, runs in a thread, and turns errors into sentences like every route."""

    def run(request: Request, body: dict[str, Any]) -> Response:
        from_page(request)
        made = change(request, body)
        return made if isinstance(made, Response) else json(made)

    return with_body(run)
