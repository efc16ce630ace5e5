"""What was asked of the local Hub, one entry a request, in the order in which the replies ended."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Asked(NamedTuple):
    """One request and what was sent for it.

    `path` is without percent signs, `host` as in the URL and with its port. `status` is 0 where the connection was cut
    before a reply; `sent` is the number of bytes of the body, as encoded, that were sent. `range` is the header, or
    empty. `with_token` says whether there was an Authorization header; its value is not kept.
    """

    method: str
    host: str
    path: str
    query: str
    status: int
    sent: int
    agent: str
    range: str
    with_token: bool


def target(scope: Scope) -> str:
    """The path and the query of a request, both readable, as patterns of tests meet them."""
    query = scope["query_string"].decode()
    return unquote(scope["raw_path"].decode()) + (f"?{unquote(query)}" if query else "")


def matches(entry: Asked, pattern: str, method: str | None) -> bool:
    """Whether a request was of that method, and its path and query contain the pattern."""
    query = f"?{unquote(entry.query)}" if entry.query else ""
    return method in (None, entry.method) and re.search(pattern, entry.path + query) is not None


class Recorder:
    """Adds an entry for each request before its reply ends, so that who has a reply finds its entry."""

    def __init__(self, app: ASGIApp, entries: list[Asked]) -> None:
        self.app = app
        self.entries = entries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        status, sent, recorded = 0, 0, False

        def record() -> None:
            nonlocal recorded
            if not recorded:
                recorded = True
                self.entries.append(_entry(scope, status, sent))

        async def counting_send(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b"")) if scope["method"] != "HEAD" else 0
                if not message.get("more_body", False):
                    record()
            await send(message)

        # How a fault that cuts the connection says that there is no more to come.
        scope["state"]["record"] = record
        try:
            await self.app(scope, receive, counting_send)
        finally:
            record()


def _entry(scope: Scope, status: int, sent: int) -> Asked:
    headers = Headers(scope=scope)
    return Asked(
        method=scope["method"],
        host=headers.get("host", ""),
        path=unquote(scope["raw_path"].decode()),
        query=scope["query_string"].decode(),
        status=status,
        sent=sent,
        agent=headers.get("user-agent", ""),
        range=headers.get("range", ""),
        with_token="authorization" in headers,
    )
