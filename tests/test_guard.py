"""Who may ask, and what the page may do: checked on the app's own routes behind its own middleware."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from gradio import mount_gradio_app
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import build_library
from tests.smallest import client_of
from viewer.settings import Settings
from viewer.ui.blocks import build_blocks, head, theme
from viewer.web.guard import ContentSecurityPolicy, Guard, script_hashes

API = "/api/sources.json"
PAGE = "<html><head><script>a = 1</script><script type='module' src='x.js'></script></head><script\n>b = '<'</script>"


def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


def page_in_parts(request: Request) -> Response:
    return StreamingResponse(iter([PAGE[:30], PAGE[30:]]), media_type="text/html; charset=utf-8")


def crash(request: Request) -> Response:
    raise ValueError("secret")


ROUTES = (Route("/", page), Route("/parts", page_in_parts), Route("/crash", crash))


def app(*, loopback: bool = True) -> TestClient:
    return client_of(
        build_library(Settings((), None, None, False, False, None, Path(), 0)), loopback=loopback, routes=ROUTES
    )


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "LOCALHOST:1", "127.0.0.1:7860", "[::1]:7860", "[::1]"]
)
def test_a_loopback_server_answers_to_its_own_names(host: str) -> None:
    assert app().get(API, headers={"host": host}).status_code == 200


FOREIGN = [
    "evil.example",
    "evil.example:7860",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "192.168.1.7",
    "",
    "[",
    "[::1",
    "a@b",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", [API, "/", "/viewer-assets/icon.svg", "/nowhere"])
def test_a_loopback_server_refuses_the_name_of_another_host(path: str, host: str) -> None:
    answer = app().get(path, headers={"host": host})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/plain; charset=utf-8")
    assert answer.text.startswith("This server answers to localhost alone")


@pytest.mark.parametrize("host", ["someone-space.hf.space", "192.168.1.7:7860"])
def test_a_server_that_others_can_reach_answers_to_any_name(host: str) -> None:
    assert app(loopback=False).get(API, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("loopback", [True, False])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "nonsense"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://["},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
)
def test_another_site_may_not_read_the_data(headers: dict[str, str], loopback: bool) -> None:
    answer = app(loopback=loopback).get(API, headers=headers)
    assert answer.status_code == 403
    assert "sources" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:7860"},
        {"origin": "http://localhost:7860"},
    ],
    ids=["curl", "typed in", "own page", "own page with origin", "own origin"],
)
def test_the_page_itself_and_a_plain_client_may_read_the_data(headers: dict[str, str]) -> None:
    assert app().get(API, headers=headers).status_code == 200


def test_a_link_from_another_site_opens_the_page() -> None:
    assert app().get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def policy(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The directives of the policy in an answer's headers, by name."""
    parts = (part.split() for part in headers["content-security-policy"].split(";"))
    return {name: values for name, *values in parts}


EVERY = [
    "/",
    "/parts",
    API,
    "/api/run.json",
    "/api/nowhere",
    "/viewer-assets/icon.svg",
    "/viewer-assets/none",
    "/favicon.ico",
    "/x",
]


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_carries_the_policy(path: str) -> None:
    answer = app().get(path)
    found = policy(answer.headers)
    scripts = " ".join(found["script-src"])
    assert found["default-src"] == ["'self'"]
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts
    assert "http" not in scripts
    assert found["object-src"] == ["'none'"]
    assert found["connect-src"] == ["'self'"]
    assert found["base-uri"] == ["'self'"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_refusal_and_a_wrong_method_carry_the_policy() -> None:
    assert policy(app().get("/", headers={"host": "evil.example"}).headers)["script-src"] == ["'self'"]
    assert policy(app().post(API).headers)["script-src"] == ["'self'"]


@pytest.mark.parametrize("path", ["/", "/parts"])
def test_the_policy_of_a_page_allows_just_its_inline_scripts(path: str) -> None:
    answer = app().get(path)
    assert answer.text == PAGE
    wanted = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in (b"a = 1", b"b = '<'")]
    assert policy(answer.headers)["script-src"] == ["'self'", *(f"'sha256-{digest}'" for digest in wanted)]


def test_an_answer_without_scripts_allows_no_inline_script() -> None:
    assert policy(app().get(API).headers)["script-src"] == ["'self'"]


def test_a_head_request_of_a_page_is_answered() -> None:
    answer = app().head("/")
    assert (answer.status_code, policy(answer.headers)["default-src"]) == (200, ["'self'"])


def test_a_failing_page_shows_no_cause() -> None:
    answer = app().get("/crash")
    assert answer.status_code == 500
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("html", "count"),
    [
        (b"", 0),
        (b"<script src=a></script>", 0),
        (b"<script  type=module\n src='a'></script>", 0),
        (b"<script>1</script><script>2</script>", 2),
        (b"<script type='application/json'>{}</script>", 1),
        (b"<script data-src=a>1</script>", 1),
        (b"<script>\n1\n</script>", 1),
        (b"<script>1", 0),
    ],
)
def test_inline_scripts_are_those_without_a_source(html: bytes, count: int) -> None:
    assert len(script_hashes(html)) == count


class InlineScripts(HTMLParser):
    """The texts of a page's scripts without a source."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and "src" not in dict(attrs)
        if self.inside:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def test_the_policy_of_gradios_own_page_allows_just_its_inline_scripts() -> None:
    guarded = FastAPI(middleware=[Middleware(ContentSecurityPolicy), Middleware(Guard, loopback=True)])
    whole = mount_gradio_app(guarded, build_blocks(login=False), "", head=head(), theme=theme(), ssr_mode=False)
    answer = TestClient(whole, base_url="http://localhost").get("/")
    assert "viewer-assets/js/main.js" in answer.text
    scripts = InlineScripts(answer.text).found
    digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert scripts
    assert set(policy(answer.headers)["script-src"]) == {"'self'", *(f"'sha256-{digest}'" for digest in digests)}


def test_what_the_app_adds_to_the_pages_head_comes_from_this_server() -> None:
    assert InlineScripts(head()).found == []
    assert "//" not in head()


def test_static_files_come_from_the_assets_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_text("1")
    (tmp_path / "secret.js").write_text("2")
    client = client_of(
        build_library(Settings((), None, None, False, False, None, Path(), 0)), assets=tmp_path / "assets"
    )
    assert client.get("/viewer-assets/a.js").text == "1"
    assert client.get("/viewer-assets/%2e%2e/secret.js").status_code == 404
    assert client.get("/viewer-assets/..%2fsecret.js").status_code == 404
