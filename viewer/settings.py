"""What the command line and the environment decide, as one value."""

from __future__ import annotations

import argparse
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HUB_CACHE = 4 * 2**30
"""Bytes of files of the Hub that are kept, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this app runs.

    `host` and `port` None leave the choice to Gradio (127.0.0.1, the first free port from 7860). `local` is whether
    folders of this machine may be read: only when nobody else can reach the server.
    """

    paths: tuple[Path, ...]
    host: str | None
    port: int | None
    local: bool
    login: bool
    """Whether visitors sign in with their Hub account: on a Space, which has the keys for it."""
    cache_file: Path | None
    hub_folder: Path
    """Where files of the Hub are kept."""
    hub_limit: int
    """Bytes of them that are kept; `TRACE_VIEWER_HUB_CACHE_MB` sets it."""
    hub_files: int = 5_000
    """Runs of one dataset that are listed; `TRACE_VIEWER_HUB_FILES` sets it."""
    hub_repo_limit: int = 2**30
    """Bytes of one dataset that are read for its list; `TRACE_VIEWER_HUB_REPO_MB` sets it."""


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """From `app.py`'s arguments and the environment. Exits with a message when they contradict."""
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Agent Trace Viewer: see what coding agents did, next to how well it went.",
        epilog="app.py publish PATH… --repo OWNER/NAME [--dry-run] [--accept KIND] [--ignore KIND=REASON] "
        "[--word WORD]: scan traces for secrets, take them out and publish a dataset; see app.py publish --help.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or files of traces to show")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1, this machine alone)")
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860)")
    given = parser.parse_args(arguments)
    host = given.host or environment.get("GRADIO_SERVER_NAME")
    on_space = bool(environment.get("SPACE_ID"))
    local = not on_space and is_loopback(host)
    login = on_space and bool(environment.get("OAUTH_CLIENT_ID"))
    if given.paths and not local:
        parser.error("PATH is read only when the server listens on loopback (leave out --host), and not on a Space")
    folder = Path(platformdirs.user_cache_dir("agent-trace-viewer"))
    cache = None if on_space else folder / "summaries.sqlite"
    return Settings(
        tuple(given.paths),
        host,
        given.port,
        local,
        login,
        cache,
        folder / "hub",
        hub_limit=_number(environment, "TRACE_VIEWER_HUB_CACHE_MB", 2**20, HUB_CACHE),
        hub_files=_number(environment, "TRACE_VIEWER_HUB_FILES", 1, 5_000),
        hub_repo_limit=_number(environment, "TRACE_VIEWER_HUB_REPO_MB", 2**20, 2**30),
    )


def _number(environment: Mapping[str, str], name: str, unit: int, default: int) -> int:
    """A setting in its unit; the default where it is not set, or no whole number."""
    said = environment.get(name, "")
    return int(said) * unit if said.isdecimal() and len(said) <= 12 else default


def is_loopback(host: str | None) -> bool:
    """Whether a server on this address is reachable from this machine alone. None is Gradio's default, 127.0.0.1."""
    if host is None or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
