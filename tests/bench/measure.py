"""What every benchmark needs: timing several ways in turn, the memory of a fresh process, and a table."""

import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TRACE_VIEWER_TEST_DATA", ROOT.parent / "shared" / "data"))
"""The shared sample data, where it is there."""


def say(text: str = "") -> None:
    """A line of the report, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def machine() -> None:
    """What the figures below were measured on, and how busy it was."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load} (1, 5, 15 minutes)")


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; the first column stands left, the others right."""
    widths = [max(len(line[at]) for line in (headings, *rows)) for at in range(len(headings))]
    say(f"\n{title}")
    for line in (headings, ["-" * width for width in widths], *rows):
        first, *rest = line
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        say("  ".join((first.ljust(widths[0]), *cells)).rstrip())


def seconds(way: Callable[[], object]) -> float:
    """How long one call takes; what it returns is freed after the clock has stopped."""
    gc.collect()
    started = time.perf_counter()
    kept = way()
    taken = time.perf_counter() - started
    del kept
    return taken


def in_turn(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Seconds of each way, one of each per round, so that a busy moment of the machine hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            times[name].append(seconds(way))
    return times


def ratio(times: Sequence[float], base: Sequence[float]) -> str:
    """How many times the base, best run against best run."""
    return f"{min(times) / min(base):.2f}×"


def ms(value: float) -> str:
    """Seconds as milliseconds; as seconds from one on."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def spread(times: Sequence[float]) -> tuple[str, str]:
    """The best and the median."""
    return ms(min(times)), ms(statistics.median(times))


def peak_mb() -> float:
    """The most memory that this process has held, MB.

    Linux counts what the process that started this one held by then too: that one has to be small, and leaves even
    the building of its inputs to others (`build`).
    """
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def elsewhere(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that a module of the benchmarks prints when run with these arguments in a fresh process."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def build(folder: Path, name: str) -> Path:
    """Has one of the inputs of tests/bench/build.py written into the folder, once, by a process of its own."""
    if (folder / name).exists():
        return folder / name
    command = [sys.executable, "-m", "tests.bench.build", str(folder), name]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / name
