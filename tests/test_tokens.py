"""Tokens of those who signed in: what becomes of the session that is sent as a cookie, and for how long a key opens."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from viewer.web import tokens
from viewer.web.tokens import KEY, LOGIN, HideTokens, TokenVault

TOKEN = "hf_of_ann"
SOON = time.time() + 3600


@pytest.fixture
def vault() -> TokenVault:
    return TokenVault()


def client_of(vault: TokenVault, login: Any) -> TestClient:
    """An app whose `/in` leaves this login in the session as Gradio does, and whose other routes tell and end it."""

    def sign_in(request: Request) -> Response:
        request.session[LOGIN] = login
        return PlainTextResponse("in")

    def tell(request: Request) -> Response:
        return PlainTextResponse(str(request.session.get(LOGIN)))

    def sign_out(request: Request) -> Response:
        request.session.pop(LOGIN, None)
        return PlainTextResponse("out")

    routes = [Route("/in", sign_in), Route("/tell", tell), Route("/out", sign_out)]
    sessions = Middleware(SessionMiddleware, secret_key="a test's")
    return TestClient(Starlette(routes=routes, middleware=[sessions, Middleware(HideTokens, vault=vault)]))


def key_in(told: str) -> str:
    return told.split(f"'{KEY}': '")[1].split("'")[0]


def test_a_key_takes_the_place_of_all_that_the_login_brought_but_the_name(vault: TokenVault) -> None:
    user = {"preferred_username": "ann", "email": "ann@example.org"}
    login = {"access_token": TOKEN, "refresh_token": TOKEN, "id_token": "x.y.z", "expires_at": SOON, "userinfo": user}
    client = client_of(vault, login)
    assert TOKEN not in str(client.get("/in").headers)
    told = client.get("/tell").text
    key = key_in(told)
    assert told == str({KEY: key, "expires_at": SOON, "userinfo": {"preferred_username": "ann"}})
    assert vault.token(key) == TOKEN


def test_a_key_ends_with_the_login(vault: TokenVault) -> None:
    client = client_of(vault, {"access_token": TOKEN, "expires_at": SOON})
    client.get("/in")
    first = key_in(client.get("/tell").text)
    client.get("/in")  # once more, as anybody
    second = key_in(client.get("/tell").text)
    assert (vault.token(first), vault.token(second)) == (None, TOKEN)
    client.get("/out")
    assert vault.token(second) is None


def test_a_key_opens_as_long_as_its_token_lasts(vault: TokenVault) -> None:
    assert vault.token(vault.keep(TOKEN, time.time() - 1)) is None
    key = vault.keep(TOKEN, SOON)
    assert [vault.token(asked) for asked in (key, "another", "", None, 7)] == [TOKEN, None, None, None, None]
    vault.forget(key)
    assert vault.token(key) is None


def test_the_longest_unused_of_too_many_go_first(vault: TokenVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 2)
    first, second = vault.keep("1", SOON), vault.keep("2", SOON)
    vault.token(first)
    third = vault.keep("3", SOON)
    assert [vault.token(key) for key in (first, second, third)] == ["1", None, "3"]


@pytest.mark.parametrize("login", [None, "x", {}, {"access_token": None}, {KEY: "made up"}])
def test_a_session_without_a_token_stays_as_it_is(vault: TokenVault, login: Any) -> None:
    client = client_of(vault, login)
    client.get("/in")
    assert client.get("/tell").text == str(login)


def test_a_login_that_does_not_say_how_long_it_lasts_lasts_for_hours(vault: TokenVault) -> None:
    client = client_of(vault, {"access_token": TOKEN})
    client.get("/in")
    assert vault.token(key_in(client.get("/tell").text)) == TOKEN
