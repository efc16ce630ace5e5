"""Tokens of visitors who signed in, kept on the server alone.

Gradio's login puts the token into the session, which is a cookie that is signed but can be read. `HideTokens` stands
between the two: before an answer leaves, the token is taken out of the session and a random key put in its place, which
opens nothing anywhere else. Keys are forgotten when the visitor signs out, when the token ends, and with the process.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN = "oauth_info"
"""Where Gradio keeps a login in the session."""

KEY = "token_key"
MOST = 10_000
"""Logins that are kept; the longest unused go first."""

LONGEST = 8 * 3600.0
"""Seconds that a token is kept when nothing says how long it lasts."""


class TokenVault:
    """Tokens by random key. Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, token: str, until: float) -> str:
        """Keep a token until a time (of `time.time`); returns its key."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[key] = (token, until)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return key

    def token(self, key: object) -> str | None:
        """The token with a key; None for one that is unknown, or has ended."""
        with self._lock:
            found = self._kept.get(key) if isinstance(key, str) else None
            if found is None or not isinstance(key, str):
                return None
            if found[1] <= time.time():
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return found[0]

    def forget(self, key: str) -> None:
        """Forget a token."""
        with self._lock:
            self._kept.pop(key, None)


class HideTokens:
    """Keeps the tokens of logins in a vault, before the session becomes a cookie. It stands inside of the sessions."""

    def __init__(self, app: ASGIApp, vault: TokenVault) -> None:
        """Stand before `app`."""
        self.app = app
        self.vault = vault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; look at the session as the answer begins."""
        session = scope.get("session")
        if scope["type"] != "http" or not isinstance(session, dict):
            await self.app(scope, receive, send)
            return
        before = _key(session)

        async def hiding(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._hide(session)
                if before is not None and _key(session) != before:  # signed out, or in as another
                    self.vault.forget(before)
            await send(message)

        await self.app(scope, receive, hiding)

    def _hide(self, session: dict[str, Any]) -> None:
        login = session.get(LOGIN)
        token = login.get("access_token") if isinstance(login, Mapping) else None
        if login is None or token is None:
            return
        ends = login.get("expires_at")
        until = float(ends) if isinstance(ends, int | float) else time.time() + LONGEST
        user = login.get("userinfo")
        name = user.get("preferred_username") if isinstance(user, Mapping) else None
        session[LOGIN] = {
            KEY: self.vault.keep(str(token), until),
            "expires_at": until,
            "userinfo": {"preferred_username": name},
        }


def _key(session: Mapping[str, Any]) -> str | None:
    login = session.get(LOGIN)
    key = login.get(KEY) if isinstance(login, Mapping) else None
    return key if isinstance(key, str) else None
