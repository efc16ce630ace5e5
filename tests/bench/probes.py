"""Probes over a comparison: `python -m tests.bench.probes [--runs N]`.

Prints the time of evaluating the demo race's probes over 200 runs that are parsed and judged already (the four of the
demo again and again, and the sample traces where they are there), against a bare search of the same patterns with `re`
over the same tool results; and what a pattern costs that was made to be slow.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import DATA, in_turn, machine, ms, ratio, say, spread, table
from viewer.annotations import annotate
from viewer.annotations.contract import Annotated
from viewer.formats import parse
from viewer.formats.contract import TraceError
from viewer.probe_patterns import Clock, Pattern
from viewer.probes import Probe, evaluate_all
from viewer.published import load_published

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
RUNS = 200
SLOW = r"(?i)(a|b|ab)*[^x]{0,200}z"


def runs_of(paths: Sequence[Path]) -> list[Annotated]:
    """As many runs as a large comparison has, from these files again and again."""
    found: list[Annotated] = []
    for path in paths:
        try:
            with path.open("rb") as lines:
                found += [annotate(run, ()) for run in parse(lines, path.stem)[:1]]
        except TraceError:
            continue
    return [found[number % len(found)] for number in range(RUNS)]


def evaluated(probes: Sequence[Probe], runs: Sequence[Annotated]) -> object:
    """Every row."""
    return [evaluate_all(probes, one.run, judged=one.judged) for one in runs]


def results_of(one: Annotated) -> list[str]:
    """The text of every tool result of a run."""
    calls = [event.call for event in one.run.events if event.call is not None]
    return [call.result.text for call in calls if call.result is not None]


def searched(probes: Sequence[Probe], runs: Sequence[Annotated]) -> object:
    """The same patterns over the tool results alone, with the standard library."""
    patterns = [re.compile(text) for probe in probes for text in (probe.seen, probe.said, probe.ran) if text]
    texts = [text for one in runs for text in results_of(one)]
    return [pattern.search(text) for pattern in patterns for text in texts]


def compared(title: str, runs: Sequence[Annotated], probes: Sequence[Probe], times: int) -> None:
    """The table of one set of runs."""
    ways = {
        "re, results only": lambda: searched(probes, runs),
        "evaluate_all": lambda: evaluated(probes, runs),
    }
    found = in_turn(ways, times)
    rows = [(name, *spread(taken), ratio(taken, found["re, results only"])) for name, taken in found.items()]
    results = sum(len(text) for one in runs for text in results_of(one))
    table(f"{title}: {len(runs)} runs, {results / 1e6:.0f} MB of results", ("", "best", "median", "× re"), rows)


def main() -> None:
    """The tables."""
    parser = argparse.ArgumentParser(description="Probes over 200 runs.")
    parser.add_argument("--runs", type=int, default=5)
    times = parser.parse_args().runs
    file = load_published(ASSETS / "comparisons").about("demo")
    assert file is not None
    machine()
    compared("Demo race", runs_of(sorted((ASSETS / "demo").glob("*.jsonl"))), file.probes, times)
    if (DATA / "traces").is_dir():
        compared("Sample traces", runs_of(sorted((DATA / "traces").rglob("*.jsonl"))), file.probes, times)
    text = "".join(random.Random(1).choices("ab ", k=2**18)).encode()
    slow = in_turn({"slow": lambda: list(Pattern(SLOW).spans(text, Clock()))}, times)["slow"]
    say(f"\nThe pattern {SLOW} over 256 kB: {ms(min(slow))}; the clock is looked at every 16 kB.")
    machine()


if __name__ == "__main__":
    main()
