"""The browser of the tests: finding or installing a Chromium, starting it, and watching what a page does.

Run as a program (`python tests/browser.py [--install]`) it prints the path of a Chromium that starts. The order is
`$CHROMIUM` if set, one on the machine, the one Playwright keeps, and with `--install` the one Playwright downloads or
else the distribution's package. It exits with status 1 and a sentence where none can be had.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, WebError, WebSocket
from playwright.sync_api import sync_playwright as start_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL_HOSTS = ("127.0.0.1", "localhost")
# Addresses that a page makes up itself: nothing leaves the browser for them.
INNER_SCHEMES = ("data", "blob", "about")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request to any other host fails at once, on every machine, and is still seen by `Watch`.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
DOWNLOAD_SECONDS = 120
PACKAGE_SECONDS = 900
# A violation of the content security policy is an event that nobody need listen to; this makes each one an error.
REPORT_VIOLATIONS = """window.addEventListener('securitypolicyviolation', (event) => console.error(
  `CSP violation: ${event.effectiveDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`
));"""


class NoBrowser(RuntimeError):  # noqa: N818 - it says what is missing
    """No Chromium can be had; the message says what was tried."""


def find_chromium(install: bool = False) -> str:
    """The absolute path of a Chromium that starts.

    Args:
        install: Whether to download or install one where the machine has none.

    Raises:
        NoBrowser: There is none, or `$CHROMIUM` names one that does not start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        found = _starting([named])
        if found is None:
            raise NoBrowser(f"CHROMIUM is set to {named!r}, which does not start.")
        return found
    found = _starting(NAMES) or _starting([_playwright_path()])
    if found is None and install:
        _run([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)
        found = _starting([_playwright_path()])
        if found is None and _install_package():
            found = _starting(NAMES)
    if found is None:
        raise NoBrowser(
            f"No Chromium: $CHROMIUM is not set, none of {', '.join(NAMES)} starts, Playwright has none"
            + (", and neither its download nor the distribution's package gave one." if install else ".")
            + " Install one, set CHROMIUM to its path, or start the tests with tests/run."
        )
    return found


def _starting(candidates: Sequence[str]) -> str | None:
    """The first candidate that prints a Chromium's version; a stub that only names another installer does not."""
    for candidate in candidates:
        path = shutil.which(candidate)
        if path is None:
            continue
        try:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if said.returncode == 0 and "Chrom" in said.stdout:
            return str(Path(path).absolute())
    return None


def _playwright_path() -> str:
    """Where Playwright keeps its own Chromium, whether or not it has been downloaded."""
    with start_playwright() as playwright:
        return playwright.chromium.executable_path


def _install_package() -> bool:
    """Installs the distribution's Chromium with apt-get; False where that is not possible."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or not _run(["sudo", "-n", "true"], 30):
            return False
        prefix = ["sudo", "-n"]
    get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt]
    # A list that could not be refreshed may still name the package, so the second command decides.
    _run([*get, "update", "-q"], PACKAGE_SECONDS)
    # The page's text needs a font, which the browser's package only recommends.
    install = ["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    return _run([*get, *install, NAMES[0], "fonts-liberation"], PACKAGE_SECONDS)


def _run(command: Sequence[str], seconds: int) -> bool:
    """Whether the command succeeded in time; what it prints goes to standard error, with no input to wait for."""
    print("+", *command, file=sys.stderr, flush=True)  # noqa: T201 - a long install shows what it is doing
    # In a session of its own, so that what it started itself can be ended with it.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)
    try:
        return process.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        print(f"gave up after {seconds} s", file=sys.stderr)  # noqa: T201 - why the next way is tried
        return False
    finally:
        if process.poll() is None:
            # What runs as another user, through sudo, cannot be ended from here.
            with suppress(PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


def launch(playwright: Playwright) -> Browser:
    """Starts the Chromium at `$TRACE_VIEWER_CHROMIUM`, else one found on the machine, without a window."""
    path = os.environ.get("TRACE_VIEWER_CHROMIUM") or find_chromium()
    return playwright.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))


class OpenPage(Protocol):
    """The type of the `open_page` fixture: makes a page in a context of its own, which is watched."""

    def __call__(
        self, width: int = 1400, height: int = 900, *, scheme: Literal["dark", "light"] = "light", touch: bool = False
    ) -> Page:
        """Opens an empty page of that many CSS pixels in that colour scheme."""


class StartApp(Protocol):
    """The type of the `app_server` fixture: starts the app on loopback and returns its URL, without a last slash."""

    def __call__(
        self, *paths: Path, home: Path | None = None, env: dict[str, str] | None = None, options: Sequence[str] = ()
    ) -> str:
        """Starts `app.py PATH...`.

        Args:
            paths: What to open, as on the command line.
            home: The home folder, for sessions to be found in or to keep a cache between two starts.
            env: Variables on top of, or instead of, those every server gets.
            options: Further command-line options.
        """


class RunApp(Protocol):
    """The type of the `running_app` fixture: the app on loopback inside a `with` block, which gets its URL."""

    def __call__(self, home: Path, *paths: Path, env: dict[str, str] | None = None) -> AbstractContextManager[str]:
        """Runs `app.py PATH...` with that home folder and these variables; the server is gone when the block ends."""


class Watch:
    """What the pages of one browser context did that no page may do.

    `problems` gets a line for each console error, uncaught error, violation of the content security policy, and request
    to another host. A console or uncaught error whose line contains one of `expected` is left out; a request never is.
    Both lists may be changed while the context is open.
    """

    def __init__(self, context: BrowserContext, expected: list[str]) -> None:
        self.problems: list[str] = []
        self.expected = expected
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("page", self._on_page)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            where = message.location
            self._add(f"console {message.type}: {message.text} ({where.get('url')}:{where.get('lineNumber')})")

    def _on_error(self, error: WebError) -> None:
        self._add(f"uncaught error: {error.error}")

    def _on_request(self, request: Request) -> None:
        self._check(request.url, request.resource_type)

    def _on_page(self, page: Page) -> None:
        page.on("websocket", self._on_socket)

    def _on_socket(self, socket: WebSocket) -> None:
        self._check(socket.url, "websocket")

    def _check(self, url: str, kind: str) -> None:
        address = urlsplit(url)
        if address.scheme not in INNER_SCHEMES and address.hostname not in LOCAL_HOSTS:
            self.problems.append(f"request to another host: {kind} {url[:500]}")

    def _add(self, line: str) -> None:
        if not any(text in line for text in self.expected):
            self.problems.append(line)


def main(arguments: Sequence[str]) -> int:
    """Prints the path of a Chromium; the exit status says whether there is one."""
    try:
        path = find_chromium(install="--install" in arguments)
    except NoBrowser as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's answer
        return 1
    print(path)  # noqa: T201 - the program's answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
