"""What the tests' own fixtures catch: a page that misbehaves fails its test, and a crashing server is reported."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import StartApp, Watch

PAGES = {
    "/quiet": "<p>quiet</p><script>fetch('data:text/plain,x')</script>",
    "/error": "<script>console.error('spilt milk')</script>",
    "/uncaught": "<script>setTimeout(() => { throw new Error('spilt tea'); }, 0)</script>",
    "/elsewhere": "<img src='http://example.com/x.png'>",
    "/missing": "<script>fetch('nowhere')</script>",
    "/socket": "<script>new WebSocket('ws://example.com/x')</script>",
    "/policy": "<p onclick='x()'>text</p><script>document.title = 'ran'</script>",
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the pages above; the last under a policy that forbids every script."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        if self.path == "/policy":
            self.send_header("Content-Security-Policy", "script-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing: the test's output is for the test."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The URL of a server of the pages above."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def problems_of(browser: Browser, url: str, *expected: str) -> list[str]:
    """What a watch says of a page at that URL."""
    context = browser.new_context()
    watch = Watch(context, list(expected))
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    context.close()
    return watch.problems


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/error", "spilt milk"),
        ("/uncaught", "spilt tea"),
        ("/elsewhere", "request to another host: image http://example.com/x.png"),
        ("/socket", "request to another host: websocket ws://example.com/x"),
        ("/policy", "CSP violation: script-src"),
        ("/missing", "404"),
    ],
)
def test_a_page_that_misbehaves_is_reported(browser: Browser, site: str, path: str, text: str) -> None:
    assert text in "\n".join(problems_of(browser, site + path))


def test_a_quiet_page_is_not_reported(browser: Browser, site: str) -> None:
    assert problems_of(browser, site + "/quiet") == []


def test_an_expected_error_is_not_reported(browser: Browser, site: str) -> None:
    assert problems_of(browser, site + "/error", "spilt milk") == []


def test_a_request_to_another_host_cannot_be_expected(browser: Browser, site: str) -> None:
    assert len(problems_of(browser, site + "/elsewhere", "example.com", "ERR_NAME_NOT_RESOLVED")) == 1


def test_a_server_that_ends_at_once_fails_with_its_output(app_server: StartApp) -> None:
    with pytest.raises(pytest.fail.Exception, match="no-such-option"):
        app_server(options=["--no-such-option"])
