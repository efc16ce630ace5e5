"""Parsing and annotating against a bare loop over the same lines: `python -m tests.bench.annotate [--runs N]`.

Prints the time of reading two sessions, one of 50 MB and one of 100,000 small events, and the sample traces of each
format, in four ways, each against the first:

    orjson.loads           every line to dicts that are dropped at once
    parse                  `viewer.formats.parse`
    and judge              and the error layer's word on every tool result
    and annotate           and every annotator

Target: parse and annotate within 4 times. `--profile` prints where the time of judging the 50 MB session goes, and what
each annotator takes when the commands have been read.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measure import DATA, build, in_turn, machine, ms, ratio, table
from tests.bench.parse import bare, parsed
from viewer.annotations import ANNOTATORS, annotate
from viewer.annotations.failures import judge
from viewer.commands import read_commands
from viewer.formats.contract import TraceError

Way = Callable[[Path], object]


def judged(path: Path) -> object:
    """The runs and the word on each of their results."""
    runs = parsed(path)
    return runs, [judge(run, read_commands(run.events)) for run in runs]


def annotated(path: Path) -> object:
    """The runs with all that is inferred of them."""
    return [annotate(run) for run in parsed(path)]


WAYS: tuple[tuple[str, Way], ...] = (
    ("orjson.loads", bare),
    ("parse", parsed),
    ("and judge", judged),
    ("and annotate", annotated),
)


def row(name: str, paths: Sequence[Path], runs: int) -> tuple[str, ...]:
    """One row: the best time of the bare loop, and how many times that the other ways take."""
    ways = {label: lambda way=way: [way(path) for path in paths] for label, way in WAYS}
    times = in_turn(ways, runs)
    size = sum(path.stat().st_size for path in paths) / 1e6
    base = times[WAYS[0][0]]
    return (name, str(len(paths)), f"{size:.1f}", ms(min(base)), *(ratio(times[label], base) for label, _ in WAYS[1:]))


def samples() -> dict[str, list[Path]]:
    """The sample traces by format."""
    groups: dict[str, list[Path]] = {}
    for path in sorted((DATA / "traces").rglob("*.jsonl")):
        try:
            groups.setdefault(parsed(path)[0].format, []).append(path)
        except TraceError:
            continue
    return groups


def profile(path: Path) -> None:
    """Where the time of judging goes."""
    runs = parsed(path)
    profiler = cProfile.Profile()
    profiler.runcall(lambda: [judge(run, read_commands(run.events)) for run in runs])
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(20)
    ready = [annotate(run).judged for run in runs]
    ways = {one.name: lambda one=one: [list(one.find(judged)) for judged in ready] for one in ANNOTATORS}
    table(
        "Each annotator, best of 3", ("", "time"), [(name, ms(min(times))) for name, times in in_turn(ways, 3).items()]
    )


def main() -> None:
    """The table, or the profile."""
    parser = argparse.ArgumentParser(description="Parsing and annotating against a bare orjson loop.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    machine()
    with tempfile.TemporaryDirectory() as folder:
        names = ("session-50mb.jsonl", "session-100k.jsonl")
        files = [build(Path(folder), name) for name in names[: 1 if given.profile else 2]]
        if given.profile:
            profile(files[0])
            return
        groups = {file.name: [file] for file in files} | samples()
        rows = [row(name, paths, given.runs) for name, paths in groups.items()]
    headings = ("", "files", "MB", "orjson", *(f"{label} ×" for label, _ in WAYS[1:]))
    table(f"Best of {given.runs} runs in turn", headings, rows)
    machine()


if __name__ == "__main__":
    main()
