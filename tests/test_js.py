"""The tests of the JavaScript modules, run where the modules run: in a browser.

Each `tests/js/*.test.js` is imported into an empty page of the project served over loopback. Every `test('name', ...)`
in it is a test here, with the name and message it has there.
"""

import re
import threading
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
FILES = tuple(sorted(path.name for path in (ROOT / "tests" / "js").glob("*.test.js")))
NAME = re.compile(r"^test\('((?:[^'\\]|\\.)*)'", re.MULTILINE)
PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>tests</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/css/tokens.css">
<link rel="stylesheet" href="/assets/css/timeline.css"><body></body></html>"""
# As strict as the app's own: nothing from elsewhere, no inline script or style, no eval.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
TYPES = {".js": "text/javascript", ".css": "text/css"}
RUN = """async (url) => { window.__results = []; await import(url); return Promise.all(window.__results); }"""


class Outcome(NamedTuple):
    """How the tests of one file ended.

    `messages` holds '' for each test that passed, else what it said, by name; `problems` holds the errors nobody caught
    and what the browser refused.
    """

    messages: dict[str, str]
    problems: list[str]


class _Handler(SimpleHTTPRequestHandler):
    """The project's files, and an empty page with its style sheets at the root."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, directory=str(ROOT), **kwargs)

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def guess_type(self, path: str | PathLike[str]) -> str:
        """The media type; the system's own table may call a module text/plain, and then no browser runs it."""
        return TYPES.get(Path(path).suffix, "text/plain")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a test reports what failed."""


@cache
def _names(file: str) -> tuple[str, ...]:
    """The names of the tests in a file, as they are written there."""
    return tuple(NAME.findall((ROOT / "tests" / "js" / file).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def project_url() -> Iterator[str]:
    """The project's files on a free port of the loopback interface."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def outcomes(browser: Browser, project_url: str) -> dict[str, Outcome]:
    """How each file's tests ended, by file."""
    return {file: _run(browser, project_url, file) for file in FILES}


def _run(browser: Browser, project_url: str, file: str) -> Outcome:
    outcome = Outcome({}, [])
    page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light", timezone_id="UTC")
    page.on("pageerror", lambda error: outcome.problems.append(str(error)))
    page.on("console", lambda said: outcome.problems.append(said.text) if said.type == "error" else None)
    page.goto(project_url)
    for result in page.evaluate(RUN, f"/tests/js/{file}"):
        outcome.messages[result["name"]] = "" if result["ok"] else result["message"]
    page.close()
    return outcome


@pytest.mark.parametrize(("file", "name"), [(file, name) for file in FILES for name in _names(file)])
def test_javascript(outcomes: dict[str, Outcome], file: str, name: str) -> None:
    message = outcomes[file].messages.get(name, "this test did not run")
    if message:
        pytest.fail(f"{file}: {name}\n{message}", pytrace=False)


@pytest.mark.parametrize("file", FILES)
def test_every_javascript_test_that_ran_is_listed(outcomes: dict[str, Outcome], file: str) -> None:
    assert sorted(outcomes[file].messages) == sorted(_names(file))


@pytest.mark.parametrize("file", FILES)
def test_no_javascript_fails_outside_its_tests(outcomes: dict[str, Outcome], file: str) -> None:
    assert outcomes[file].problems == []
