"""The smallest events, runs and files, and the app's routes behind its middleware, for the tests of its parts."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from viewer.formats.tools import category_of
from viewer.library import Library
from viewer.model import Event, Run, Status, ToolCall, ToolResult
from viewer.scan import Scan
from viewer.sources.contract import Source
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache
from viewer.web.guard import ContentSecurityPolicy, Guard
from viewer.web.routes import build_routes

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
LONGEST_WAIT = 60
"""Seconds after which a background scan counts as stuck."""


def call(name: str, arguments: Any = None, result: ToolResult | None = None) -> ToolCall:
    """A call of the tool with this name; no arguments given are none in the file."""
    return ToolCall("c1", name, category_of(name), arguments, result)


def answer(text: str = "", status: Status = "ok", record: int = 2, time: int | None = None, **more: Any) -> ToolResult:
    return ToolResult(record, time, status, text, **more)


def used(
    name: str, arguments: Any = None, result: ToolResult | None = None, record: int = 1, time: int | None = None
) -> Event:
    """A tool event."""
    return Event(record, 1, "tool", time, call=call(name, arguments, result))


def run_of(*events: Event, **facts: Any) -> Run:
    return Run("s1", "claude-code", "Claude Code", events, **facts)


def write(path: Path, *documents: Any) -> Path:
    """A file with one document a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines_of(documents))
    return path


def lines_of(documents: Iterable[Any]) -> bytes:
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)


def folder_source(folder: Path) -> LocalFolder:
    return LocalFolder("here", "Sessions", folder)


def library_of(folder: Path, **options: Any) -> Library:
    """A library of one folder that keeps its summaries in memory."""
    return Library((folder_source(folder),), SummaryCache(None), **options)


def settled(scan: Scan) -> Scan:
    """The scan once its background reading has ended and all is stored."""
    for thread in threading.enumerate():
        if thread.name == f"scan-{scan.source.id}":
            thread.join(LONGEST_WAIT)
            assert not thread.is_alive(), "the scan did not end"
    return scan


def scan_of(source: Source, cache: SummaryCache | None = None) -> Scan:
    """A scan of a source that has read everything."""
    scan = Scan(source, cache or SummaryCache(None))
    scan.refresh()
    return settled(scan)


def client_of(
    library: Library, *, loopback: bool = True, assets: Path = ASSETS, routes: Iterable[Any] = ()
) -> TestClient:
    """A client of the routes behind the middleware, as `app.py` puts them together."""
    middleware = [Middleware(ContentSecurityPolicy), Middleware(Guard, loopback=loopback)]
    app = Starlette(routes=[*build_routes(library, assets), *routes], middleware=middleware)
    return TestClient(app, base_url="http://localhost:7860", raise_server_exceptions=False)
