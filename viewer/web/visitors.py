"""Who asks: the token of the visitor behind a request, which stays in memory.

On a Space the session that Gradio's login made (a signed cookie) holds a key to it (`tokens.py`); on a laptop it is the
token that `hf auth login` left, used only while the server answers to this machine alone.
"""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request

from viewer.sources.hub_client import local_token
from viewer.web.tokens import KEY, LOGIN, TokenVault


class Visitors:
    """Finds who is behind a request."""

    def __init__(self, loopback: bool, login: bool, vault: TokenVault | None = None) -> None:
        """With `loopback`, everybody who can ask is the machine's user; with `login`, visitors may sign in.

        The vault is where `HideTokens` keeps the tokens of those who did.
        """
        self.loopback = loopback
        self._login = login
        self._vault = vault or TokenVault()

    def token(self, request: Request) -> str | None:
        """The visitor's token; None asks the Hub as anybody."""
        if self.loopback:
            return local_token()
        return self._vault.token(_session(request).get(KEY))

    def facts(self, request: Request) -> dict[str, Any]:
        """For the page: the visitor's name on the Hub, and whether signing in is possible, or done on this machine."""
        login = _session(request)
        user = login.get("userinfo") if self._vault.token(login.get(KEY)) is not None else None
        name = user.get("preferred_username") if isinstance(user, dict) else None
        machine = self.loopback and local_token() is not None
        return {"name": name if isinstance(name, str) else None, "login": self._login, "machine": machine}


def _session(request: Request) -> dict[str, Any]:
    """What the login left in the session; empty without one, and once it has expired."""
    session = request.scope.get("session")
    login = session.get(LOGIN) if isinstance(session, dict) else None
    if not isinstance(login, dict) or login.get("expires_at", 0) < time.time():
        return {}
    return login
