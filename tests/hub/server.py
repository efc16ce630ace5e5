"""The local Hub as a running server, in a thread of its own."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.hub import files, listing, uploads, writing
from tests.hub.errors import HubError, MovedAwayError, reply_error, reply_moved
from tests.hub.faults import Fault, Faults
from tests.hub.log import Asked, Recorder, matches
from tests.hub.store import Store

# The two names of this machine: the client takes what is on the second one for another host.
API_HOST, LARGE_HOST = "127.0.0.1", "localhost"
STOP_SECONDS = 10
# How long a reply may go on after the stop; nothing here takes long once it no longer waits.
GRACE_SECONDS = 2


class LocalHub(Store):
    """A Hub on a free port of 127.0.0.1 for as long as a `with` block lasts; see the package for an example.

    After the block, or `stop`, its URL refuses connections; after `start` it answers there again with the same content.
    `log` holds what was asked, `faults` what goes wrong; a test may change both at any time.

    Args:
        latency: Seconds that every reply waits; `latency` may be set later.
        lfs_min: The size in bytes from which a text file becomes an LFS file; a binary one always does.
        page_size: The most entries on one page of any list.
    """

    def __init__(self, *, latency: float = 0.0, lfs_min: int = 10 * 1024 * 1024, page_size: int = 1000) -> None:
        super().__init__(lfs_min=lfs_min, page_size=page_size)
        self.log: list[Asked] = []
        self.faults: list[Fault] = []
        self._faults = Faults(_Encoded(_application(self)), self.faults)
        self._port = 0
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None
        self.latency = latency

    @property
    def latency(self) -> float:
        """Seconds that every reply waits."""
        return self._faults.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._faults.latency = seconds

    def asked(self, pattern: str = "", method: str | None = None) -> list[Asked]:
        """The requests of a method, or of any, whose path and query contain the pattern."""
        return [entry for entry in tuple(self.log) if matches(entry, pattern, method)]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running is not None:
            self.stop()

    def start(self) -> None:
        """Answers, at the same URL as before if it did already."""
        # With the protocol named, replies are sent at once: asyncio sets TCP_NODELAY only where it sees it is TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((API_HOST, self._port))
        # From here on a client can connect; it waits until the server's thread is ready.
        listener.listen()
        self._port = listener.getsockname()[1]
        self.url, self.large_host = f"http://{API_HOST}:{self._port}", f"http://{LARGE_HOST}:{self._port}"
        self._faults.stopping = False
        server = uvicorn.Server(
            uvicorn.Config(
                Recorder(self._faults, self.log),
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        thread = threading.Thread(target=_serve, args=(server, listener), name="local-hub", daemon=True)
        thread.start()
        self._running = server, thread

    def stop(self) -> None:
        """Refuses connections from now on; replies that wait are sent first."""
        assert self._running is not None
        server, thread = self._running
        self._faults.stopping = server.should_exit = True
        thread.join(STOP_SECONDS)
        assert not thread.is_alive(), "the local Hub did not stop"
        self._running = None


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[listener]))


class _Protocol(H11Protocol):
    """Hands its connection to the application, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = self.app_state | {"transport": transport}


class _Encoded:
    """Routes see the path as it was sent: a revision or a path may have an encoded slash in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        await self.app({**scope, "path": scope["raw_path"].decode()}, receive, send)


def _application(store: Store) -> Starlette:
    application = Starlette(
        # Those that change come first: `/api/repos/create` looks like a repository's page.
        routes=[*writing.ROUTES, *uploads.ROUTES, *listing.ROUTES, *files.ROUTES],
        exception_handlers={HubError: reply_error, MovedAwayError: reply_moved},
    )
    application.state.store = store
    return application
