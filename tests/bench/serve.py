"""Programs that serve on loopback, for as long as a `with` block lasts, and how long each took to answer."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import ROOT

START_SECONDS = 120
STOP_SECONDS = 15
LOOK_SECONDS = 0.01
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


class Server(NamedTuple):
    """A program that answers."""

    url: str
    started_in: float
    """Seconds from starting the process to its first answer with status 200."""


@contextmanager
def serving(program: Path, port: int, arguments: Sequence[str]) -> Iterator[Server]:
    """Runs a Python program that serves on that port of 127.0.0.1, in a home folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "log"
        command = [sys.executable, str(program), *arguments]
        with log.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen(command, cwd=home, env=_environment(home), stdout=output, stderr=output)
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                    raise RuntimeError(f"{program.name} does not answer:\n{log.read_text(errors='replace')}")
                time.sleep(LOOK_SECONDS)
            yield Server(f"http://127.0.0.1:{port}", time.perf_counter() - started)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def app(*paths: Path) -> Iterator[Server]:
    """The app on these files and folders, with nothing known of them."""
    port = free_port()
    arguments = ["--host", "127.0.0.1", "--port", str(port), *map(str, paths)]
    with serving(ROOT / "app.py", port, arguments) as server:
        yield server


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: str) -> dict[str, str]:
    """A home, a cache and a temporary folder of its own, and no network."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    own = {"HOME": home, "XDG_CACHE_HOME": f"{home}/.cache", "GRADIO_TEMP_DIR": f"{home}/gradio"}
    return kept | own | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "TZ": "UTC"}


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
