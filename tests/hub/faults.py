"""What goes wrong on purpose: error replies, waiting, cut connections and wrong content."""

import asyncio
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.hub.log import target

# How often a waiting reply looks whether it may go on.
LOOK_SECONDS = 0.005


@dataclass(eq=False)
class Fault:
    """What happens to requests of `method`, or of any, whose path and query contain `pattern`.

    Without further fields the reply is as usual. The first fault in `LocalHub.faults` that matches and is not used up
    is the one that happens. The content of an LFS file is at `/large/`, to which `/resolve/` only redirects.

        Fault("/resolve/", status=429, headers={"Retry-After": "1"}, times=1)   an error once, then none
        Fault("/tree/", cut=True)                                               the connection ends without a reply
        Fault("/resolve/", cut=True, after=100)                                 a whole length, 100 bytes, and the end
        Fault("/resolve/.*a.jsonl", corrupt=True)                               the right length, one wrong byte
        Fault("/resolve/", hold=event)                                          a reply when the test lets it go
        Fault("/resolve/", delay=30, after=100)                                 it hangs in the middle
    """

    pattern: str
    method: str | None = None
    status: int | None = None
    """Instead of the usual reply, one with this status, and `content` or a few words as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers on top of, or instead of, those of the reply."""
    content: bytes | None = None
    """The body instead of the usual one, with its own length."""
    corrupt: bool = False
    """Whether one byte in the middle of the body is changed."""
    delay: float = 0.0
    """Seconds to wait before the reply, or with `after` within it. Stopping the Hub ends the wait."""
    hold: threading.Event | None = None
    """The same, until the test sets it."""
    cut: bool = False
    """Whether the connection ends there."""
    after: int | None = None
    """How many bytes of the body are sent before the wait and the cut; None for not even a status."""
    times: int | None = None
    """How often it happens; None for always."""
    used: int = 0
    """How often it has begun to happen."""
    begun: threading.Event = field(default_factory=threading.Event)
    """Set once it has."""


class Faults:
    """Lets faults happen, and every reply wait for `latency` seconds."""

    def __init__(self, app: ASGIApp, faults: Sequence[Fault]) -> None:
        self.app = app
        self.faults = faults
        self.latency = 0.0
        self.stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or spoils it."""
        fault = self._take(scope)
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault is None:
            await self.app(scope, receive, send)
            return
        if fault.after is None:
            await self._wait(fault)
            if fault.cut:
                await _end(scope, receive)
                return
        start, body = await self._reply(fault, scope, receive)
        await send(start)
        if fault.after is not None:
            await send({"type": "http.response.body", "body": body[: fault.after], "more_body": True})
            body = body[fault.after :]
            await self._wait(fault)
            if fault.cut:
                await _end(scope, receive)
                return
        await send({"type": "http.response.body", "body": body})

    def _take(self, scope: Scope) -> Fault | None:
        # A copy: the test's thread may add or remove some.
        for fault in tuple(self.faults):
            if (
                (fault.times is None or fault.used < fault.times)
                and fault.method in (None, scope["method"])
                and re.search(fault.pattern, target(scope))
            ):
                fault.used += 1
                fault.begun.set()
                return fault
        return None

    async def _wait(self, fault: Fault) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + fault.delay
        while not self.stopping and (loop.time() < end or (fault.hold is not None and not fault.hold.is_set())):
            await asyncio.sleep(LOOK_SECONDS)

    async def _reply(self, fault: Fault, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The reply with what is wrong about it: its start and its whole body."""
        if fault.corrupt or fault.content is not None:
            # The client is to get wrong content, not a stream that it cannot decompress.
            encoding = (b"accept-encoding", b"identity")
            scope = {**scope, "headers": [*(pair for pair in scope["headers"] if pair[0] != encoding[0]), encoding]}
        app = self.app if fault.status is None else _made_up(fault)
        start, body = await _collect(app, scope, receive)
        if fault.content is not None:
            body = fault.content
            MutableHeaders(scope=start)["content-length"] = str(len(body))
        if fault.corrupt and body:
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        MutableHeaders(scope=start).update(fault.headers)
        return start, body


def _made_up(fault: Fault) -> Response:
    words = {"error": f"A fault of the test: {fault.status}"}
    return JSONResponse(words, fault.status or 500)


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """What an application replies, in one piece."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    bodies = [message.get("body", b"") for message in messages if message["type"] == "http.response.body"]
    return next(message for message in messages if message["type"] == "http.response.start"), b"".join(bodies)


async def _end(scope: Scope, receive: Receive) -> None:
    """Ends the connection after what has been sent, and waits until it has ended."""
    scope["state"]["record"]()
    scope["state"]["transport"].close()
    while (await receive())["type"] != "http.disconnect":
        pass
