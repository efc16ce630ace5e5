"""Where traces come from: folders that exist, what is listed in them, and that no path leads out of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.smallest import ASSETS, folder_source, write
from viewer.formats import parse
from viewer.sources import SourceError, default_sources, path_sources
from viewer.sources import local as local_sources
from viewer.sources.contract import Source
from viewer.sources.demo import demo_source
from viewer.sources.local import MAX_DEPTH, LocalFolder

DEFAULTS = {"claude": ".claude/projects", "codex": ".codex/sessions", "pi": ".pi/agent/sessions"}


def names(source: Source) -> list[str]:
    return [file.path for file in source.files().files]


def roots(sources: tuple[Source, ...]) -> dict[str, Path]:
    return {source.id: source.root for source in sources if isinstance(source, LocalFolder)}


def refused(source: Source, path: str) -> str:
    """The sentence with which this path is refused, to look at and to open."""
    with pytest.raises(SourceError) as opened:
        source.open(path)
    assert str(opened.value).endswith(".")
    with pytest.raises(SourceError) as looked:
        source.file(path)
    return str(looked.value)


def test_a_home_without_sessions_has_no_sources(tmp_path: Path) -> None:
    assert default_sources(tmp_path, {}) == ()


@pytest.mark.parametrize(("source_id", "folder"), DEFAULTS.items())
def test_a_session_folder_that_exists_is_a_source(tmp_path: Path, source_id: str, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    assert roots(default_sources(tmp_path, {})) == {source_id: tmp_path / folder}


@pytest.mark.parametrize(
    ("variable", "source_id", "folder"),
    [
        ("CLAUDE_CONFIG_DIR", "claude", "projects"),
        ("CODEX_HOME", "codex", "sessions"),
        ("PI_CODING_AGENT_DIR", "pi", "sessions"),
    ],
)
def test_the_harness_own_variable_moves_its_folder(tmp_path: Path, variable: str, source_id: str, folder: str) -> None:
    (tmp_path / DEFAULTS[source_id]).mkdir(parents=True)
    assert default_sources(tmp_path, {variable: str(tmp_path / "nowhere")}) == ()
    (tmp_path / "moved" / folder).mkdir(parents=True)
    found = default_sources(tmp_path, {variable: str(tmp_path / "moved")})
    assert roots(found) == {source_id: tmp_path / "moved" / folder}


def test_a_file_in_place_of_a_session_folder_is_no_source(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "projects").write_text("")
    assert default_sources(tmp_path, {}) == ()


def test_a_folder_given_is_a_source_named_after_its_last_part(tmp_path: Path) -> None:
    folder = tmp_path / "My Traces (2)"
    folder.mkdir()
    source = path_sources([folder])[0]
    assert (source.id, source.label, source.kind) == ("path-my-traces-2", "My Traces (2)", "local")
    assert source.place == folder.as_posix()


def test_the_same_arguments_give_the_same_keys_at_every_start(tmp_path: Path) -> None:
    paths = [tmp_path / part / "traces" for part in "abc"]
    for path in paths:
        path.mkdir(parents=True)
    keys = [source.id for source in path_sources(paths)]
    assert keys == ["path-traces", "path-traces-2", "path-traces-3"]
    assert [source.id for source in path_sources(paths)] == keys


def test_a_name_without_any_letter_still_has_a_key(tmp_path: Path) -> None:
    (tmp_path / "…").mkdir()
    assert path_sources([tmp_path / "…"])[0].id == "path-folder"


def test_a_path_that_does_not_exist_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere does not exist\.$"):
        path_sources([tmp_path / "nowhere"])


def test_a_file_given_is_that_file_alone(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    write(tmp_path / "b.jsonl", 1)
    source = path_sources([tmp_path / "a.jsonl"])[0]
    assert names(source) == ["a.jsonl"]
    assert source.open("a.jsonl").read() == b"1\n"
    assert refused(source, "b.jsonl") == "b.jsonl is not in a.jsonl."


def test_a_folder_under_home_is_written_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder_source(tmp_path / ".claude" / "projects").place == "~/.claude/projects"
    assert folder_source(tmp_path.parent).place == tmp_path.parent.as_posix()


def test_every_trace_below_the_folder_is_listed(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.json", "c.ndjson", "deep/er/d.jsonl"):
        write(tmp_path / name, 1)
    assert sorted(names(folder_source(tmp_path))) == ["a.jsonl", "b.json", "c.ndjson", "deep/er/d.jsonl"]


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "README.md",
        "agent-a1.meta.json",
        "settings.json",
        "x.settings.json",
        "package.json",
        "sessions-index.json",
        ".git/a.jsonl",
        "node_modules/a.jsonl",
        "__pycache__/a.jsonl",
        "/".join("d" * (MAX_DEPTH + 1)) + "/a.jsonl",
    ],
)
def test_what_lies_beside_traces_is_not_listed(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, 1)
    assert names(folder_source(tmp_path)) == []


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "a.jsonl", 1)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "here" / "loop").symlink_to(tmp_path / "here")
    assert names(folder_source(tmp_path / "here")) == []


def test_files_past_the_limit_are_counted_and_the_oldest_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_sources, "MAX_FILES", 2)
    for at, name in enumerate("abc"):
        os.utime(write(tmp_path / f"{name}.jsonl", 1), (1e9 + at, 1e9 + at))
    listing = folder_source(tmp_path).files()
    assert ([file.path for file in listing.files], listing.left_out) == (["c.jsonl", "b.jsonl"], 1)


def test_a_folder_that_is_gone_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^Sessions is not a folder that can be read\.$"):
        folder_source(tmp_path / "nowhere").files()


def test_a_file_says_its_size_and_time_and_changes_its_version_when_it_grows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", 1)
    os.utime(path, (1e9, 1e9))
    source = folder_source(tmp_path)
    before = source.file("a.jsonl")
    assert (before.size, before.modified) == (2, 1_000_000_000_000)
    write(path, 1, 2)
    os.utime(path, (1e9, 1e9))
    assert source.file("a.jsonl").version != before.version
    assert source.files().files == (source.file("a.jsonl"),)


@pytest.mark.parametrize(
    "path",
    [
        "../outside.jsonl",
        "deep/../../outside.jsonl",
        "missing.jsonl",
        "deep",
        ".",
        "",
        "a.jsonl/x",
        "x" * 5_000,
        "out.jsonl",
        "dangling.jsonl",
        "loop.jsonl",
    ],
)
def test_a_path_that_is_no_file_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path / "outside.jsonl", 1)
    here = tmp_path / "here"
    write(here / "deep" / "a.jsonl", 1)
    write(here / "a.jsonl", 1)
    (here / "out.jsonl").symlink_to(tmp_path / "outside.jsonl")
    (here / "dangling.jsonl").symlink_to(here / "nothing.jsonl")
    (here / "loop.jsonl").symlink_to(here / "loop.jsonl")
    assert str(tmp_path) not in refused(folder_source(here), path)


def test_an_absolute_path_is_refused(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.jsonl", 1)
    (tmp_path / "here").mkdir()
    assert refused(folder_source(tmp_path / "here"), str(outside)) == f"{outside} is not a file in Sessions."


def test_a_nul_is_refused(tmp_path: Path) -> None:
    assert refused(folder_source(tmp_path), "a\0.jsonl") == "A path with a NUL character was refused."


def test_a_link_that_stays_inside_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
    assert folder_source(tmp_path).open("link.jsonl").read() == b"1\n"


def test_a_source_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.jsonl", 1)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert path_sources([tmp_path / "link"])[0].open("a.jsonl").read() == b"1\n"


def test_the_demo_is_four_runs_of_known_formats() -> None:
    source = demo_source(ASSETS)
    listed = names(source)
    assert (source.id, source.kind, len(listed)) == ("demo", "demo", 4)
    for name in listed:
        with source.open(name) as lines:
            assert parse(lines, name)[0].events
