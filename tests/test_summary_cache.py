"""Summaries kept between starts: what is read back, what is ignored, and that a broken cache costs only itself."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.smallest import run_of
from viewer import summary_cache
from viewer.model import Event
from viewer.summary import summarise
from viewer.summary_cache import FileSummary, SummaryCache

GOOD = FileSummary((summarise(run_of(Event(1, 1, "user", None, "Fix it"), models=("m",), title="A")),))
BAD = FileSummary((), "a.jsonl: the file is empty.")
PLACE = "~/sessions"


@contextmanager
def cache_in(file: Path | None) -> Iterator[SummaryCache]:
    with closing(SummaryCache(file)) as cache:
        yield cache


def stored(file: Path, *rows: tuple[str, str, FileSummary]) -> None:
    with cache_in(file) as cache:
        cache.store(PLACE, rows)


def loaded(file: Path) -> dict[str, tuple[str, FileSummary]]:
    with cache_in(file) as cache:
        return cache.load(PLACE)


def execute(file: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement, values)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "summaries.sqlite"


def test_summaries_and_errors_read_back_at_the_next_start(file: Path) -> None:
    stored(file, ("a.jsonl", "v1", GOOD), ("b.jsonl", "v2", BAD))
    assert loaded(file) == {"a.jsonl": ("v1", GOOD), "b.jsonl": ("v2", BAD)}


def test_a_newer_version_of_a_file_replaces_the_older(file: Path) -> None:
    stored(file, ("a.jsonl", "v1", BAD))
    stored(file, ("a.jsonl", "v2", GOOD))
    assert loaded(file) == {"a.jsonl": ("v2", GOOD)}


def test_places_do_not_mix(file: Path) -> None:
    stored(file, ("a.jsonl", "v1", GOOD))
    with cache_in(file) as cache:
        assert cache.load("~/other") == {}


def test_rows_of_another_parser_version_are_ignored(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(file, ("a.jsonl", "v1", GOOD))
    monkeypatch.setattr(summary_cache, "PARSER_VERSION", "later")
    assert loaded(file) == {}


@pytest.mark.parametrize(
    "runs", [b"", b"{", b"null", b"[]", b"{}", b'{"runs":[{}],"error":null}', b'{"runs":[5],"error":null}', "text", 5]
)
def test_a_row_that_cannot_be_read_is_ignored(file: Path, runs: Any) -> None:
    stored(file, ("a.jsonl", "v1", GOOD), ("b.jsonl", "v1", GOOD))
    execute(file, "UPDATE summary SET runs = ? WHERE path = 'a.jsonl'", runs)
    assert loaded(file) == {"b.jsonl": ("v1", GOOD)}


def works(file: Path) -> bool:
    """Whether a cache on this file can be used, if only until it is closed."""
    with cache_in(file) as cache:
        cache.load(PLACE)
        cache.store(PLACE, [("a.jsonl", "v1", GOOD)])
        cache.load(PLACE)
    return True


def test_a_folder_that_cannot_be_made_costs_the_cache_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder would be")
    with cache_in(tmp_path / "taken" / "summaries.sqlite") as cache:
        cache.store(PLACE, [("a.jsonl", "v1", GOOD)])
        assert cache.load(PLACE) == {"a.jsonl": ("v1", GOOD)}


def test_a_folder_in_place_of_the_file_costs_the_cache_alone(file: Path) -> None:
    file.mkdir(parents=True)
    assert works(file)


def test_a_file_that_is_no_database_costs_the_cache_alone(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not a database" * 1_000)
    assert works(file)


def test_a_database_with_damaged_pages_costs_the_cache_alone(file: Path) -> None:
    stored(file, *((f"{number}.jsonl", "v1", GOOD) for number in range(200)))
    execute(file, "PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as database:
        database.seek(4096)
        database.write(b"\xff" * (file.stat().st_size - 4096))
    assert works(file)


def test_a_table_of_another_shape_costs_the_cache_alone(file: Path) -> None:
    file.parent.mkdir(parents=True)
    execute(file, "CREATE TABLE summary (path TEXT)")
    assert works(file)


def test_a_database_that_is_closed_meanwhile_costs_the_cache_alone(file: Path) -> None:
    cache = SummaryCache(file)
    cache.close()
    cache.store(PLACE, [("a.jsonl", "v1", GOOD)])
    assert loaded(file) == {}


def test_without_a_file_summaries_live_in_memory() -> None:
    with cache_in(None) as cache:
        cache.store(PLACE, [("a.jsonl", "v1", GOOD)])
        assert cache.load(PLACE) == {"a.jsonl": ("v1", GOOD)}


def test_several_threads_may_store_at_once(file: Path) -> None:
    with cache_in(file) as cache:
        threads = [
            threading.Thread(target=cache.store, args=(PLACE, [(f"{number}.jsonl", "v1", GOOD)])) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(cache.load(PLACE)) == 8
