"""Fixtures shared by every test: sample traces, a watched browser page, and the app as a running server.

`sample_data`              the folder of shared sample traces; without it, its tests are skipped and say so
`hub`, `running_hub`       a local Hub without datasets, and the server of a file's tests behind it
`page`, `open_page`        a page that fails the test on an error, a policy violation or a request to another host
`expected_console_errors`  what such a page may say in one test
`tab`                      such a page again, in one context for all tests of a worker, where it opens much sooner
`reader`                   one page for many tests, which only turns to other runs
`demo_url`, `app_server`   the URL of the app with only the demo, and a way to start one on chosen files
`shelf`                    the app on the made-up traces of tests/shelf.py, shared by a worker's tests
`running_app`              the app for as long as a `with` block lasts
`engine`                   the secret scanner, with its rules compiled in `engine_folder`

The types of the factories, `OpenPage`, `StartApp` and `RunApp`, are in tests/browser.py.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import OpenPage, RunApp, StartApp, Watch, launch
from tests.hostile import write_hostile
from tests.hub import LocalHub
from tests.shelf import Shelf, write_shelf
from tests.visits import emptied, hub_for_tests
from viewer.redaction.engine import Engine

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 15
# What a server may know of the machine it runs on; anything else could change what a test sees.
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")

# A busy machine is no failure, and the same examples come every time.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")
# What a page shows in a moment takes longer while other tests keep both cores busy.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that use the browser last.

    From its first use until the end, Playwright keeps an event loop running in the main thread, and `asyncio.run`
    refuses to start beside it. Files are handed to the workers in this order, so no other file follows one of these.
    """
    uses = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in uses)


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of the shared sample data, with `traces/` and `labels/` in it."""
    named = os.environ.get("TRACE_VIEWER_TEST_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no sample data: set TRACE_VIEWER_TEST_DATA to its folder, or put it in ../shared/data")
    return folder


@pytest.fixture(scope="module")
def running_hub() -> Iterator[LocalHub]:
    """A local Hub for the tests of a file; the client of this process reaches nothing else."""
    with hub_for_tests() as hub:
        yield hub


@pytest.fixture
def hub(running_hub: LocalHub) -> LocalHub:
    """A Hub without datasets."""
    return emptied(running_hub)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of this worker."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of compiled scanner rules, which take 3 s to compile: once for all tests of a worker."""
    folder = tmp_path_factory.mktemp("scanner")
    Engine(folder)
    return folder


@pytest.fixture(scope="session")
def engine(engine_folder: Path) -> Engine:
    """The scanner of this worker."""
    return Engine(engine_folder)


@pytest.fixture
def expected_console_errors() -> list[str]:
    """Texts a test adds to: a console or uncaught error that contains one of them does not fail it."""
    return []


@pytest.fixture
def open_page(browser: Browser, expected_console_errors: list[str]) -> Iterator[OpenPage]:
    """Opens pages of any size; at the end the test fails with what any of them did wrong."""
    watches: list[Watch] = []
    with ExitStack() as contexts:

        def open_one(
            width: int = 1400, height: int = 900, *, scheme: Literal["dark", "light"] = "light", touch: bool = False
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                has_touch=touch,
                locale="en-GB",
                timezone_id="UTC",
            )
            contexts.callback(context.close)
            watches.append(Watch(context, expected_console_errors))
            return context.new_page()

        yield open_one
    # Closing has delivered the last messages of each context, so nothing said late is missed.
    _report([problem for watch in watches for problem in watch.problems])


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty page, 1400 by 900, in a context of its own."""
    return open_page()


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[tuple[BrowserContext, Watch]]:
    """A context that may use the clipboard, and what its pages did wrong."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900},
        color_scheme="light",
        locale="en-GB",
        timezone_id="UTC",
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context, Watch(context, [])
    context.close()


@pytest.fixture
def tab(shared_context: tuple[BrowserContext, Watch], expected_console_errors: list[str]) -> Iterator[Page]:
    """An empty page like `page`, beside which earlier tests have filled the cache. It may use the clipboard."""
    context, watch = shared_context
    watch.problems, watch.expected = [], expected_console_errors
    page = context.new_page()
    yield page
    page.close()
    _report(watch.problems)


@pytest.fixture(scope="session")
def shared_page(shared_context: tuple[BrowserContext, Watch]) -> Page:
    """The page behind `reader`."""
    return shared_context[0].new_page()


@pytest.fixture
def reader(
    shared_context: tuple[BrowserContext, Watch], shared_page: Page, expected_console_errors: list[str]
) -> Iterator[Page]:
    """The page that the test before has left, for tests that do not care: loading it anew is most of a test's time.

    `open_run` and `open_list` of tests/pages.py turn it to another run, and draw that from the beginning.
    """
    watch = shared_context[1]
    watch.problems, watch.expected = [], expected_console_errors
    if shared_page.get_by_role("dialog").count():
        shared_page.reload()
    yield shared_page
    _report(watch.problems)


def _report(problems: list[str]) -> None:
    if problems:
        pytest.fail("the page did what no page may do:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an app with an empty home folder and no path given, so only the demo; shared by a worker's tests."""
    with _running_app(tmp_path_factory.mktemp("demo"), (), {}) as url:
        yield url


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The app on the traces of tests/shelf.py and tests/hostile.py and an empty folder, for all tests of a worker."""
    root = tmp_path_factory.mktemp("shelf")
    live = root / "live"
    live.mkdir()
    at = write_shelf(root / "shelf")
    write_hostile(root / "hostile")
    with _running_app(root / "home", (str(root / "shelf"), str(root / "hostile"), str(live)), {}) as url:
        yield Shelf(url, live, at)


@pytest.fixture(scope="session")
def running_app() -> RunApp:
    """Runs the app on paths, with a home folder, for as long as a `with` block lasts."""

    def run(home: Path, *paths: Path, env: dict[str, str] | None = None) -> AbstractContextManager[str]:
        return _running_app(home, [str(path) for path in paths], env or {})

    return run


@pytest.fixture
def app_server(tmp_path: Path) -> Iterator[StartApp]:
    """Starts the app on chosen paths, each start a server of its own, all stopped when the test ends."""
    with ExitStack() as servers:

        def start(
            *paths: Path, home: Path | None = None, env: dict[str, str] | None = None, options: Sequence[str] = ()
        ) -> str:
            arguments = (*options, *(str(path) for path in paths))
            return servers.enter_context(_running_app(home or tmp_path / "home", arguments, env or {}))

        yield start


@contextmanager
def _running_app(home: Path, arguments: Sequence[str], env: dict[str, str]) -> Iterator[str]:
    """Runs app.py on a free port of 127.0.0.1 for as long as the block lasts; gives its URL once it answers."""
    home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = [sys.executable, str(ROOT / "app.py"), "--host", "127.0.0.1", "--port", str(port), *arguments]
    log = home / f"app-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=home, env=_environment(home) | env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            _wait_until_ready(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(process)


def _environment(home: Path) -> dict[str, str]:
    """The variables of a server that sees no other home, no token and no network."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "GRADIO_TEMP_DIR": str(home / "gradio"),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
    }


def _free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Returns when the server answers 200; fails with its output if it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        try:
            # Waiting for it to end is also the pause between two tries.
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
            reason = f"did not answer within {START_SECONDS} s"
        else:
            reason = f"ended with status {process.returncode}"
        pytest.fail(f"app.py {reason}; it said:\n{log.read_text(errors='replace')}", pytrace=False)


def _answers(port: int) -> bool:
    """Whether the page at that port is served."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server: asked first, then killed."""
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
