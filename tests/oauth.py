"""A small OpenID provider on loopback, which Gradio's login on a Space asks: it signs in whoever says yes.

    with Provider(hub.add_token) as provider:   # a token of the local Hub for a user's name
        ... run the app with `provider.environment()`

Its page has a button for each of `USERS`. It checks what the specification makes a client send: the client's secret,
the address to return to, and the code, once.
"""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

USERS = ("ann", "bob")
CLIENT, SECRET = "viewer-client", "viewer-secret"
SPACE = "ann/viewer"
LASTS = 3600
STOP_SECONDS = 10


class Provider:
    """The provider as a running server, for as long as a `with` block lasts."""

    def __init__(self, token_of: Callable[[str], str]) -> None:
        self._token_of = token_of
        self._key = jwk.RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}
        self.tokens: list[str] = []
        """Every token that was given out."""
        routes = [
            Route("/.well-known/openid-configuration", self._configuration),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/yes", self._yes),
            Route("/token", self._token, methods=["POST"]),
        ]
        config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="provider", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        waiting = threading.Event()
        while not self._server.started:
            waiting.wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)

    def environment(self) -> dict[str, str]:
        """What a Space tells its app."""
        return {
            "SYSTEM": "spaces",
            "SPACE_ID": SPACE,
            "OAUTH_CLIENT_ID": CLIENT,
            "OAUTH_CLIENT_SECRET": SECRET,
            "OAUTH_SCOPES": "openid profile read-repos",
            "OPENID_PROVIDER_URL": self.url,
        }

    async def _configuration(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        query = {name: asked[name] for name in ("redirect_uri", "state", "nonce") if name in asked}
        links = "".join(
            f'<p><a href="/yes?{urlencode(query | {"user": user})}">Sign in as {user}</a></p>'.replace("&", "&amp;")
            for user in USERS
        )
        return HTMLResponse(f'<!doctype html><link rel="icon" href="data:,"><title>Sign in</title>{links}')

    async def _yes(self, request: Request) -> Response:
        code = secrets.token_urlsafe(8)
        self._codes[code] = dict(request.query_params)
        back = request.query_params["redirect_uri"]
        query = urlencode({"code": code, "state": request.query_params["state"]})
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{query}")

    async def _token(self, request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        assert base64.b64decode(basic).decode() == f"{CLIENT}:{SECRET}"
        login = self._codes.pop(sent["code"])
        assert sent["redirect_uri"] == login["redirect_uri"]
        token = self._token_of(login["user"])
        self.tokens.append(token)
        return JSONResponse(
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": LASTS,
                "scope": "openid profile read-repos",
                "id_token": self._identity(login),
            }
        )

    def _identity(self, login: dict[str, str]) -> str:
        now = int(time.time())
        user = login["user"]
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": f"id-{user}",
            "aud": CLIENT,
            "iat": now,
            "exp": now + LASTS,
            "nonce": login.get("nonce", ""),
            "name": user.title(),
            "preferred_username": user,
            "profile": f"{self.url}/{user}",
            "picture": f"{self.url}/{user}.png",
        }
        return jwt.encode({"alg": "RS256", "kid": "test"}, claims, self._key)
