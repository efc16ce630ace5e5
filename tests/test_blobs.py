"""The files of the Hub that are kept on disk: only what their key says, once, below a limit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from viewer.blobs import BlobCache, CorruptBlobError, git_key, lfs_key, matches

# As `printf hello | git hash-object --stdin` prints it.
HELLO_OID = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"
PLENTY = 2**20


def key_of(data: bytes) -> str:
    return lfs_key(hashlib.sha256(data).hexdigest())


def used_at(cache: BlobCache, key: str, second: int) -> None:
    """Sets when a file was last used."""
    os.utime(cache.folder / key, (second, second))


def kept(cache: BlobCache, blobs: Iterable[bytes]) -> list[bool]:
    return [(cache.folder / key_of(data)).is_file() for data in blobs]


def filled(folder: Path, limit: int, *blobs: bytes) -> BlobCache:
    """A cache with these blobs, of which the first was used longest ago, all of them long ago."""
    cache = BlobCache(folder, limit)
    for second, data in enumerate(blobs, start=1):
        cache.put(key_of(data), data)
        used_at(cache, key_of(data), second)
    return cache


def test_bytes_match_the_id_that_git_gives_them() -> None:
    assert matches(git_key(HELLO_OID), b"hello")
    assert not matches(git_key(HELLO_OID), b"hullo")


def test_bytes_match_their_sha256() -> None:
    assert matches(key_of(b"hello"), b"hello")
    assert not matches(key_of(b"hello"), b"hell")


@pytest.mark.parametrize("key", [git_key(HELLO_OID), key_of(b"hello")])
@pytest.mark.parametrize("data", [b"", b"hell", b"hullo", b"hello "])
def test_wrong_bytes_are_refused_and_leave_nothing(tmp_path: Path, key: str, data: bytes) -> None:
    cache = BlobCache(tmp_path, PLENTY)
    with pytest.raises(CorruptBlobError):
        cache.put(key, data)
    assert cache.path(key) is None
    assert list(tmp_path.iterdir()) == []


def test_a_kept_file_holds_the_bytes(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path / "new" / "folder", PLENTY)
    key = git_key(HELLO_OID)
    assert cache.path(key) is None
    assert cache.put(key, b"hello") == cache.path(key)
    assert (tmp_path / "new" / "folder" / key).read_bytes() == b"hello"


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path, len(b"hello") + 2)
    for _ in range(3):
        cache.put(key_of(b"hello"), b"hello")
    # Were it counted three times, this would push it out.
    cache.put(key_of(b"x"), b"x")
    assert kept(cache, (b"hello", b"x")) == [True, True]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("key", ["", "hello", "../hello", "git-../../etc", f"git-{HELLO_OID}/..", f"lfs-{HELLO_OID}"])
def test_a_key_that_is_no_hash_reaches_no_file(tmp_path: Path, key: str) -> None:
    cache = BlobCache(tmp_path, PLENTY)
    with pytest.raises(ValueError, match="not a key"):
        cache.path(key)


def test_the_longest_unused_files_go_until_the_rest_fits(tmp_path: Path) -> None:
    blobs = [bytes([letter]) * 10 for letter in b"abcd"]
    cache = filled(tmp_path, 40, *blobs)
    cache.put(key_of(b"e" * 20), b"e" * 20)
    assert kept(cache, [*blobs, b"e" * 20]) == [False, False, True, True, True]


def test_a_file_that_is_looked_up_counts_as_used(tmp_path: Path) -> None:
    blobs = [bytes([letter]) * 10 for letter in b"abc"]
    cache = filled(tmp_path, 30, *blobs)
    assert cache.path(key_of(blobs[0])) is not None
    cache.put(key_of(b"d"), b"d")
    assert kept(cache, [*blobs, b"d"]) == [True, False, True, True]


def test_a_file_larger_than_the_limit_is_kept_alone_until_the_next(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10, b"a" * 10)
    cache.put(key_of(b"b" * 30), b"b" * 30)
    assert kept(cache, (b"a" * 10, b"b" * 30)) == [False, True]
    cache.put(key_of(b"c"), b"c")
    assert kept(cache, (b"b" * 30, b"c")) == [False, True]


def test_what_an_earlier_process_kept_is_found_and_counted(tmp_path: Path) -> None:
    filled(tmp_path, 20, b"a" * 10, b"b" * 10)
    later = BlobCache(tmp_path, 20)
    assert later.path(key_of(b"b" * 10)) is not None
    used_at(later, key_of(b"b" * 10), 2)
    later.put(key_of(b"c"), b"c")
    assert kept(later, (b"a" * 10, b"b" * 10, b"c")) == [False, True, True]


def test_two_processes_see_and_count_the_files_of_each_other(tmp_path: Path) -> None:
    one, other = BlobCache(tmp_path, 20), BlobCache(tmp_path, 20)
    one.put(key_of(b"a" * 10), b"a" * 10)
    used_at(one, key_of(b"a" * 10), 1)
    assert other.path(key_of(b"a" * 10)) is not None
    used_at(one, key_of(b"a" * 10), 1)
    other.put(key_of(b"b" * 21), b"b" * 21)
    assert kept(one, (b"a" * 10, b"b" * 21)) == [False, True]
    assert one.path(key_of(b"a" * 10)) is None
    assert one.put(key_of(b"a" * 10), b"a" * 10).read_bytes() == b"a" * 10


def test_a_file_that_is_open_stays_readable_when_it_goes(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10, b"a" * 10)
    with (tmp_path / key_of(b"a" * 10)).open("rb") as file:
        cache.put(key_of(b"b" * 10), b"b" * 10)
        assert cache.path(key_of(b"a" * 10)) is None
        assert file.read() == b"a" * 10


def test_files_of_others_are_neither_counted_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"x" * 100)
    cache = filled(tmp_path, 10, b"a" * 10)
    cache.put(key_of(b"b" * 10), b"b" * 10)
    assert kept(cache, (b"a" * 10, b"b" * 10)) == [False, True]
    assert (tmp_path / "notes.txt").exists()


def test_many_threads_keep_one_whole_file_each_time(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path, PLENTY)
    blobs = [bytes([number]) * 1000 for number in range(8)] * 4
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda data: cache.put(key_of(data), data), blobs))
    assert [path.read_bytes() for path in paths] == blobs
    assert len(list(tmp_path.iterdir())) == 8
