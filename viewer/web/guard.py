"""What stands before every answer: who may ask, and what the page may do.

Other tabs are hostile. Off localhost Gradio reflects any Origin with credentials, so the routes of this app check for
themselves; a server bound to loopback also checks Host, which is what DNS rebinding gets wrong.
"""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
GUARDED = ("/api/",)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_FRAME_ANCESTORS = "'self' https://huggingface.co https://*.hf.space"
"""A Space is shown in a frame of the Hub's own page."""


class Guard:
    """Refuses cross-site requests to the data routes, and names of other hosts on a loopback server."""

    def __init__(self, app: ASGIApp, loopback: bool) -> None:
        """Stand before `app`; `loopback` when the server listens on loopback alone."""
        self.app = app
        self.loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass on."""
        if scope["type"] == "http":
            refusal = self._refusal(scope["path"], Headers(scope=scope))
            if refusal is not None:
                await PlainTextResponse(refusal, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> str | None:
        host = _parts(f"//{headers.get('host', '')}").hostname or ""
        if self.loopback and host not in LOOPBACK_HOSTS:
            return f"This server answers to localhost alone, not to {host!r}."
        if not path.startswith(GUARDED):
            return None
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return "Another site may not read this."
        origin = headers.get("origin")
        if origin is not None and _parts(origin).netloc != headers.get("host"):
            return "Another origin may not read this."
        return None


def _parts(address: str) -> SplitResult:
    """The parts of an address; all empty when it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


class ContentSecurityPolicy:
    """Sets the policy and its relatives on every answer.

    Scripts run from this server alone: the few inline ones of Gradio's page are allowed by their hash, computed from
    the page itself as it is sent, so neither `unsafe-inline` nor `unsafe-eval` is needed. Styles may be inline, as
    Gradio's components set them. No other host is allowed for anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, holding an HTML answer back until it is whole."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _PolicySender(send))


class _PolicySender:
    """Sends messages on with the policy added; HTML is collected first, as its scripts decide the policy."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self.start = message
                return
            _set_policy(headers, ())
            await self.send(message)
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                _set_policy(MutableHeaders(scope=self.start), script_hashes(self.body))
                await self.send(self.start)
                await self.send({"type": "http.response.body", "body": self.body})
        else:
            await self.send(message)


def script_hashes(html: bytes) -> tuple[str, ...]:
    """CSP sources of the inline scripts of a page, as the policy names them: `'sha256-…'`."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(html))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _set_policy(headers: MutableHeaders, scripts: tuple[str, ...]) -> None:
    headers["content-security-policy"] = "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *scripts)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {_FRAME_ANCESTORS}",
        )
    )
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin-allow-popups"
