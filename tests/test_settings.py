"""What the command line and the environment decide, above all: who may see the folders of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import build_library
from tests.smallest import write
from viewer.settings import Settings, is_loopback, read_settings

EVERYONE = "0.0.0.0"  # noqa: S104


def test_without_arguments_the_app_is_local_and_gradio_chooses_host_and_port() -> None:
    found = read_settings([], {})
    assert (found.paths, found.host, found.port, found.local) == ((), None, None, True)
    assert found.cache_file is not None
    assert found.cache_file.name == "summaries.sqlite"


def test_paths_host_and_port_are_taken_as_given() -> None:
    found = read_settings(["a", "b.jsonl", "--host", "127.0.0.1", "--port", "8000"], {})
    assert (found.paths, found.host, found.port) == ((Path("a"), Path("b.jsonl")), "127.0.0.1", 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1", "[::1]"])
def test_on_loopback_the_app_is_local(host: str) -> None:
    assert is_loopback(host)
    assert read_settings(["--host", host], {}).local
    assert read_settings([], {"GRADIO_SERVER_NAME": host}).local


@pytest.mark.parametrize("host", [EVERYONE, "::", "192.168.1.7", "example.com", "localhost.example.com", "127.0.0.1.a"])
def test_where_others_can_reach_the_server_it_is_not_local(host: str) -> None:
    assert not is_loopback(host)
    assert not read_settings(["--host", host], {}).local
    assert not read_settings([], {"GRADIO_SERVER_NAME": host}).local


def test_the_host_given_counts_before_the_environments() -> None:
    assert read_settings(["--host", "127.0.0.1"], {"GRADIO_SERVER_NAME": EVERYONE}).local
    assert not read_settings(["--host", EVERYONE], {"GRADIO_SERVER_NAME": "127.0.0.1"}).local


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--host", EVERYONE], {}),
        ([], {"GRADIO_SERVER_NAME": EVERYONE}),
        ([], {"SPACE_ID": "someone/space"}),
        (["--host", "127.0.0.1"], {"SPACE_ID": "someone/space"}),
    ],
)
def test_a_path_is_refused_where_others_could_read_it(
    arguments: list[str], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings([*arguments, "traces"], environment)
    assert ended.value.code == 2
    assert "PATH is read only when the server listens on loopback" in capsys.readouterr().err


@pytest.mark.parametrize("host", [None, "127.0.0.1", EVERYONE])
def test_a_space_is_never_local_and_keeps_no_cache(host: str | None) -> None:
    found = read_settings(["--host", host] if host else [], {"SPACE_ID": "someone/space"})
    assert (found.local, found.cache_file) == (False, None)


def test_a_port_that_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings(["--port", "x"], {})
    assert "invalid int value" in capsys.readouterr().err


def sources(tmp_path: Path, *, local: bool) -> list[str]:
    settings = Settings((tmp_path / "traces",) if local else (), None, None, local, False, None, tmp_path, 0)
    return [source.id for source in build_library(settings).sources]


def test_only_a_local_app_has_the_folders_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    write(tmp_path / ".claude" / "projects" / "s1.jsonl", {})
    write(tmp_path / "traces" / "s2.jsonl", {})
    assert sources(tmp_path, local=True) == ["path-traces", "claude", "demo"]
    assert sources(tmp_path, local=False) == ["demo"]
