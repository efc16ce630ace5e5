"""What keeps the real client on this machine while a test uses it.

The client asks its own Hub, once in a process, which programs it may name in its user agent. That is the Hub of
`HF_ENDPOINT`, read when the client is imported, whatever `endpoint` a call names later.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import huggingface_hub
import pytest

from tests.hub.server import API_HOST, LARGE_HOST, LocalHub

PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
# What a process with the client in it may know of the machine it runs on.
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


def environment(hub: LocalHub, home: Path, token: str | None = None) -> dict[str, str]:
    """The variables of a process whose client knows no other Hub and keeps what it downloads in `home`."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    settings = {
        "HOME": str(home),
        "HF_HOME": str(home / "huggingface"),
        "HF_ENDPOINT": hub.url,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_XET": "1",
    }
    return kept | settings | ({} if token is None else {"HF_TOKEN": token})


@contextmanager
def only_loopback() -> Iterator[None]:
    """While the block lasts, the client in this process reaches this machine and nothing else, and fails at once."""
    with pytest.MonkeyPatch.context() as patch, socket.socket() as closed:
        for name in PROXIES:
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        # Bound, so that nobody else gets the port, but not listening: every connection is refused.
        closed.bind((API_HOST, 0))
        patch.setenv("HTTPS_PROXY", f"http://{API_HOST}:{closed.getsockname()[1]}")
        patch.setenv("NO_PROXY", f"{API_HOST},{LARGE_HOST}")
        # The next request makes a new session, which reads these.
        huggingface_hub.close_session()
        yield
    huggingface_hub.close_session()
