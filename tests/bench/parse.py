"""Parsing against a bare loop over the same lines: `python -m tests.bench.parse [--runs N]`.

Prints the time and memory of reading two sessions, one of 50 MB in lines of 4.7 kB and one of 100,000 events in lines
of 0.3 kB, in six ways, each against the first:

    orjson.loads           every line to dicts that are dropped at once: the least that reading the file can take
    json.loads             the same with the standard library, as a plain script would
    parse                  `viewer.formats.parse`: events with pairing, usage, diffs, times, children
    parse, summarise       and the row of the list of runs
    parse, annotate        and everything that is inferred of it
    parse, columns         and what the browser's timeline is drawn from

The ways are timed in turn, all from the open file. Memory is that of a fresh process for each. Then the same for the
sample traces of each format, where they are there. Targets: parse within 2 times, parse and annotate within 4 times.
Short lines are the hard case: an event costs the same time, the loop that it is held against costs less.
"""

import argparse
import gc
import json
import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from tests.bench.measure import DATA, build, elsewhere, in_turn, machine, ms, peak_mb, ratio, say, spread, table
from viewer.annotations import annotate
from viewer.formats import parse
from viewer.formats.contract import TraceError
from viewer.model import Run
from viewer.summary import summarise
from viewer.wire import encode_columns

Way = Callable[[Path], object]


def bare(path: Path, loads: Callable[[bytes], object] = orjson.loads) -> None:
    """Every line to dicts; a line that is no JSON is passed over."""
    with path.open("rb") as lines:
        for line in lines:
            try:
                loads(line)
            except ValueError:
                continue


def parsed(path: Path) -> tuple[Run, ...]:
    """The runs of the file."""
    with path.open("rb") as lines:
        return parse(lines, path.stem)


def summarised(path: Path) -> object:
    """The runs and their rows in the list."""
    runs = parsed(path)
    return runs, tuple(map(summarise, runs))


def with_columns(path: Path) -> object:
    """The runs and the columns of the first."""
    runs = parsed(path)
    return runs, encode_columns(annotate(runs[0]))


def annotated(path: Path) -> object:
    """The runs and what is inferred of each."""
    runs = parsed(path)
    return runs, tuple(map(annotate, runs))


WAYS: tuple[tuple[str, Way], ...] = (
    ("orjson.loads", bare),
    ("json.loads", lambda path: bare(path, json.loads)),
    ("parse", parsed),
    ("parse, summarise", summarised),
    ("parse, annotate", annotated),
    ("parse, columns", with_columns),
)


def memory(name: str, path: Path) -> dict[str, float]:
    """Of one way, in this process: its peak over what the process had before, and what its result holds on to, MB."""
    way = dict(WAYS)[name]
    before = peak_mb()
    kept = way(path)
    peak = peak_mb() - before
    del kept
    gc.collect()
    tracemalloc.start()  # after the peak, which it would raise
    kept = way(path)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] / 2**20
    del kept
    return {"before": before, "peak": peak, "held": held}


def memories(path: Path) -> dict[str, dict[str, float]]:
    """Of each way, what `memory` says in a process of its own."""
    return {name: elsewhere("tests.bench.parse", "--memory", name, "--file", str(path)) for name, _ in WAYS}


def session(path: Path, found: dict[str, dict[str, float]], runs: int) -> None:
    """The table of one session."""
    times = in_turn({name: lambda way=way: way(path) for name, way in WAYS}, runs)  # type: ignore[misc]
    base = times[WAYS[0][0]]
    rows = [
        (
            name,
            *spread(times[name]),
            ratio(times[name], base),
            f"{path.stat().st_size / 1e6 / min(times[name]):.0f}",
            f"+{found[name]['peak']:.0f}",
            f"{found[name]['held']:.1f}",
        )
        for name, _ in WAYS
    ]
    size, before = path.stat().st_size / 1e6, found["parse"]["before"]
    title = f"{path.name}, {size:.1f} MB, {runs} runs in turn; a process holds {before:.0f} MB before"
    table(title, ("", "best", "median", "× orjson", "MB/s", "peak MB", "kept MB"), rows)


def samples(runs: int) -> None:
    """The table of the sample traces, a row for each format."""
    groups: dict[str, list[Path]] = {}
    for path in sorted((DATA / "traces").rglob("*.jsonl")):
        try:
            groups.setdefault(parsed(path)[0].format, []).append(path)
        except TraceError:
            continue
    rows = [_sample_row(name, paths, runs) for name, paths in groups.items()]
    headings = ("", "files", "MB", "orjson", "parse", "× orjson", "and summarise")
    table(f"Sample traces, best of {runs} runs in turn", headings, rows)


def _sample_row(name: str, paths: Sequence[Path], runs: int) -> tuple[str, ...]:
    def over(way: Way) -> Callable[[], object]:
        return lambda: [way(path) for path in paths]

    times = in_turn({"bare": over(bare), "parse": over(parsed), "summary": over(summarised)}, runs)
    size = sum(path.stat().st_size for path in paths) / 1e6
    best = [ms(min(times[way])) for way in ("bare", "parse")]
    ratios = [ratio(times[way], times["bare"]) for way in ("parse", "summary")]
    return (name, str(len(paths)), f"{size:.1f}", *best, *ratios)


def main() -> None:
    """Both tables, or with `--memory` the figures of one way as JSON."""
    parser = argparse.ArgumentParser(description="Parsing against a bare orjson loop.")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory:
        say(json.dumps(memory(given.memory, given.file)))
        return
    machine()
    with tempfile.TemporaryDirectory() as folder:
        files = [build(Path(folder), name) for name in ("session-50mb.jsonl", "session-100k.jsonl")]
        # Before anything is read here: see `peak_mb`.
        found = [memories(file) for file in files]
        for file, memory_of in zip(files, found, strict=True):
            session(file, memory_of, given.runs)
    if (DATA / "traces").is_dir():
        samples(given.runs)
    else:
        say("\nNo sample traces: set TRACE_VIEWER_TEST_DATA to their folder for a table of each format.")
    machine()


if __name__ == "__main__":
    main()
