"""A Hub dataset of 200 runs of 50 KB, with 80 ms per request: `python -m tests.bench.hub [--runs N]`.

A local Hub in a process of its own answers both ways, in turn, in the same run:

    names                    `HubVisits.open` and the list with nothing read: every run's name and size as rows
    first row                until one row has its facts
    all rows                 until every row has
    second visit             a new app on the same folder, until every row has its facts
    after a one-file commit  the same
    snapshot_download        huggingface_hub's own way to get the files, with its default of 8 workers, cold
    snapshot_download, again the same on a warm cache, for the newest revision

Each with the requests that it took. Targets: first row within 0.4 s, all within 1.2 s, a second visit in 3 requests.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT, machine, ratio, spread, table
from tests.formats.claude_lines import said, text, user
from tests.hub import LocalHub
from tests.smallest import lines_of
from viewer.library import Library
from viewer.listing import listing_rows
from viewer.scan import Scan
from viewer.summary_cache import SummaryCache

REPO = "bench/traces"
RUNS, SIZE = 200, 50_000
LATENCY = 0.08
LOOK_SECONDS = 0.01
WORDS = ("build", "error", "test", "module", "return", "import", "value", "file", "line", "train", "split", "model")


def session(number: int) -> bytes:
    """A session of about `SIZE` bytes in some hundred records."""
    chance = random.Random(number)
    name, records, size = f"s{number:03}", [user(f"Task {number:03}", sessionId=f"s{number:03}")], 0
    while size < SIZE:
        words = " ".join(chance.choices(WORDS, k=60)) + f" {chance.getrandbits(256):x}"
        records.append(said(text(words), sessionId=name))
        size = len(lines_of(records)) if len(records) % 20 == 0 else size
    return lines_of(records)


def serve() -> None:
    """The Hub, until its input ends. A line `commit` changes one file; `count` tells the requests since the last."""
    with LocalHub(latency=LATENCY) as hub:
        hub.add_dataset(REPO, {f"s{number:03}.jsonl": session(number) for number in range(RUNS)}, card="# Traces")
        answer(hub.url)
        commits = 0
        for line in sys.stdin:
            if line.strip() == "commit":
                commits += 1
                hub.commit(REPO, {"s100.jsonl": session(RUNS + commits)})
                answer("done")
            else:
                answer(str(len(hub.log)))
                hub.log.clear()


def answer(line: str) -> None:
    """A line for the process that started this one."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Hub:
    """The Hub's process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.hub", "--serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._line()

    def say(self, word: str) -> str:
        """What it answers to a word."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


@contextmanager
def listed(hub: Hub, folder: Path) -> Iterator[Scan]:
    """A new app on a folder has opened the dataset and begun to read its runs."""
    from viewer.sources.hub_visits import HubVisits

    cache = SummaryCache(folder / "summaries.sqlite")
    library = Library((), cache)
    yield library.listing(library.visit(HubVisits(folder / "hub", 2**32, hub.url).open(REPO, "", None)))
    for thread in threading.enumerate():
        if thread.name.startswith("scan-"):
            thread.join()
    cache.close()


def opened(hub: Hub, folder: Path) -> dict[str, float]:
    """Seconds until the names, the first row with its facts, and all of them."""
    times: dict[str, float] = {}
    started = time.perf_counter()
    with listed(hub, folder) as scan:
        while True:
            if not times:
                listing_rows(scan)
                times["names"] = time.perf_counter() - started
            pending = scan.pending()
            now = time.perf_counter() - started
            if pending < RUNS:
                times.setdefault("first row", now)
            if pending == 0 and listing_rows(scan)["settled"]:
                return times | {"all rows": time.perf_counter() - started}
            time.sleep(LOOK_SECONDS)


def snapshot(hub: Hub, folder: Path) -> None:
    """The library's own way."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    disable_progress_bars()
    snapshot_download(REPO, repo_type="dataset", endpoint=hub.url, token=False, cache_dir=folder)


def timed(way: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a call, and what it returned."""
    started = time.perf_counter()
    kept = way()
    return time.perf_counter() - started, kept


def one_round(hub: Hub, folder: Path, times: dict[str, list[float]], asked: dict[str, int]) -> None:
    """Each way once, with empty folders at first."""

    def note(name: str, taken: float) -> None:
        times.setdefault(name, []).append(taken)
        asked.setdefault(name, int(hub.say("count")))

    hub.say("count")
    first = opened(hub, folder / "viewer")
    for name in ("names", "first row"):
        times.setdefault(name, []).append(first[name])
    note("all rows", first["all rows"])
    note("second visit", opened(hub, folder / "viewer")["all rows"])
    hub.say("commit")
    note("after a one-file commit", opened(hub, folder / "viewer")["all rows"])
    note("snapshot_download", timed(lambda: snapshot(hub, folder / "snapshot"))[0])
    note("snapshot_download, again", timed(lambda: snapshot(hub, folder / "snapshot"))[0])


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description="A Hub dataset of 200 runs, against snapshot_download.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    os.environ |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    machine()
    times: dict[str, list[float]] = {}
    asked: dict[str, int] = {}
    hub = Hub()
    os.environ["HF_ENDPOINT"] = hub.url
    try:
        for _ in range(options.runs):
            folder = Path(tempfile.mkdtemp())
            one_round(hub, folder, times, asked)
            shutil.rmtree(folder)
    finally:
        hub.stop()
    base = times["snapshot_download"]
    rows = [
        (name, *spread(taken), ratio(taken, base), str(asked[name]) if name in asked else "")
        for name, taken in times.items()
    ]
    title = f"{RUNS} runs of {SIZE // 1000} kB, {LATENCY * 1000:.0f} ms per request, {options.runs} rounds in turn"
    table(title, ("", "best", "median", "× snapshot_download", "requests"), rows)
    machine()


if __name__ == "__main__":
    main()
