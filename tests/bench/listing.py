"""The list of 2,000 sessions, 126 MB: `python -m tests.bench.listing [--runs N]`.

Prints the time until a reader sees something, each from a fresh library and against the plain way in the same run:

    names              `Library.listing` with nothing known: every file's name, size and time as rows
    all summaries      until the background thread has read the last file
    warm start         a new library on the same cache file: the list with nothing pending
    one file changed   the same after one session has grown
    json, every line   `json.loads` of each line of each file, one after the other: no summary yet, no cache
    orjson             the same with orjson

Targets: names within 1 s, warm start within 0.3 s.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from tests.bench.measure import build, in_turn, machine, ratio, spread, table
from viewer.library import Library
from viewer.listing import listing_rows
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache

SOURCE = "sessions"


class Shelf:
    """The sessions, and the library's cache file between two starts."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache
        self.files = sorted(folder.rglob("*.jsonl"))

    @contextmanager
    def listed(self) -> Iterator[int]:
        """Has a new library list the sessions; gives how many it has not read yet, and ends when it has read all."""
        cache = SummaryCache(self.cache)
        library = Library((LocalFolder(SOURCE, "Sessions", self.folder),), cache)
        yield int(listing_rows(library.listing(SOURCE))["pending"])
        _wait()
        cache.close()

    def cold(self) -> tuple[float, float]:
        """Seconds until the names are listed, and until all summaries are, with no cache file."""
        for file in self.cache.parent.glob(f"{self.cache.name}*"):
            file.unlink()
        started = time.perf_counter()
        with self.listed():
            names = time.perf_counter() - started
        return names, time.perf_counter() - started

    def again(self) -> int:
        """The list on the cache file of before, until nothing is pending; returns how many files were read anew."""
        with self.listed() as pending:
            return pending

    def touch(self) -> None:
        """Let a session of the usual size grow by a line."""
        file = self.files[len(self.files) // 2]
        with file.open("ab") as end:
            end.write(b'{"type":"mode","mode":"normal"}\n')

    def plain(self, loads: Callable[[bytes], object]) -> None:
        """Every line of every file."""
        for file in self.files:
            with file.open("rb") as lines:
                for line in lines:
                    loads(line)


def _wait() -> None:
    """Until the background thread has read and stored everything; asking it would take from its time."""
    for thread in threading.enumerate():
        if thread.name == f"scan-{SOURCE}":
            thread.join()


def measured(shelf: Shelf, runs: int) -> dict[str, list[float]]:
    """Seconds of each way, in turn."""
    times: dict[str, list[float]] = {"names": [], "all summaries": [], "warm start": [], "one file changed": []}
    for _ in range(runs):
        names, whole = shelf.cold()
        times["names"].append(names)
        times["all summaries"].append(whole)
        for name, anew in (("warm start", 0), ("one file changed", 1)):
            if anew:
                shelf.touch()
            started = time.perf_counter()
            read = shelf.again()
            times[name].append(time.perf_counter() - started)
            if read != anew:
                raise RuntimeError(f"{name}: {read} of the files were read anew.")
        ways = {"json, every line": lambda: shelf.plain(json.loads), "orjson": lambda: shelf.plain(orjson.loads)}
        for name, taken in in_turn(ways, 1).items():
            times.setdefault(name, []).extend(taken)
    return times


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description="The list of 2,000 sessions, cold and warm.")
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    machine()
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(build(Path(folder), "sessions"), Path(folder) / "summaries.sqlite")
        times = measured(shelf, runs)
        size = sum(file.stat().st_size for file in shelf.files) / 1e6
        cache = shelf.cache.stat().st_size / 1e6
    base = times["json, every line"]
    rows = [(name, *spread(taken), ratio(taken, base)) for name, taken in times.items()]
    title = f"{len(shelf.files):,} sessions, {size:.0f} MB, {runs} runs in turn; the cache file has {cache:.1f} MB"
    table(title, ("", "best", "median", "× json"), rows)
    machine()


if __name__ == "__main__":
    main()
