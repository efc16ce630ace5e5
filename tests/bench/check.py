"""The evaluation check of 100,000 rows: `python -m tests.bench.check [--rows N] [--words W]`.

Prints time and memory of its stages on made-up rows in ten groups, in a fresh process, and the fitting of its random
splits against scikit-learn's own pipeline (`TfidfVectorizer` fitted anew on the training rows of each split), which
gives the same numbers. Memory is the most that the process has held.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator

from tests.bench.measure import elsewhere, machine, ms, peak_mb, ratio, say, table
from viewer.evalcheck.check import check
from viewer.evalcheck.model import fit_predict, vectorise
from viewer.evalcheck.result import Facts, Options
from viewer.evalcheck.rows import Integers, Rows, rows_of, sampled
from viewer.evalcheck.splits import plan
from viewer.evalcheck.table import Columns, LabelledTable, TableSource

SPLITS = 3
VOCABULARY = 40_000


def texts(count: int, words: int) -> Iterator[tuple[str, str, str]]:
    """Rows of (text, label, group): words as often as in a language, one of ten of which says the label."""
    rng = random.Random(1)
    names = [f"w{at}" for at in range(VOCABULARY)]
    for _ in range(count):
        label, group = int(rng.random() < 0.3), rng.randrange(10)
        told = [names[int(VOCABULARY ** rng.random()) - 1] for _ in range(rng.randint(words // 2, words * 3 // 2))]
        told.append(f"sign{label if rng.random() < 0.9 else 1 - label}{rng.randrange(40)}g{group}")
        yield " ".join(told), str(label), f"group {group}"


def rows(count: int, words: int) -> LabelledTable:
    """The rows as a table."""
    text, label, group = zip(*texts(count, words), strict=True)
    return LabelledTable(TableSource("file", "bench"), Columns(("t",), "l", "g"), text, label, group, count)


class Stages:
    """Seconds and megabytes at the end of each stage of a check."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float]] = {}
        self._doing = ""
        self._since = time.perf_counter()

    def step(self, doing: str, done: int, of: int) -> None:
        """See `Watcher`."""
        name = doing.partition(":")[0]
        if name != self._doing:
            self.close()
            self._doing = name

    def facts(self, facts: Facts) -> None:
        """See `Watcher`."""
        self.step("Counting words", 0, 0)

    def close(self) -> None:
        """The present stage is over."""
        now = time.perf_counter()
        if self._doing:
            self.found[self._doing] = (now - self._since, peak_mb())
        self._since = now


def stages(count: int, words: int) -> dict[str, tuple[float, float]]:
    """Of one check in this process."""
    data = rows(count, words)
    watcher = Stages()
    before = peak_mb()
    check(data, Options(repeats=SPLITS), watcher)
    watcher.close()
    return {"(rows in memory)": (0.0, before), **watcher.found}


def fitting(count: int, words: int) -> tuple[list[float], list[float]]:
    """Seconds of the random splits, here and by scikit-learn's pipeline."""
    found, _ = rows_of(rows(count, words), Options())
    few = found.take(sampled(found, 42))
    [split] = [one for one in plan(few, few.g, Options(repeats=SPLITS)) if one.kind == "random"]
    started = time.perf_counter()
    vectors = vectorise(few.texts, lambda done: None)
    for train, test in split.parts:
        fit_predict(vectors, few, train, test)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    for train, test in split.parts:
        _plain(few, train, test)
    return [ours], [time.perf_counter() - started]


def _plain(few: Rows, train: Integers, test: Integers) -> None:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from threadpoolctl import threadpool_limits

    every = np.array(few.texts, dtype=object)
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
        LogisticRegression(class_weight="balanced", max_iter=1000),
    )
    with threadpool_limits(limits=1):  # as here: with more threads either would take several times as long
        model.fit(every[train], few.y[train]).decision_function(every[test])


def main() -> None:
    """Both tables, or with `--stages` the figures of one check as JSON."""
    parser = argparse.ArgumentParser(description="The evaluation check of many rows.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--stages", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stages:
        say(json.dumps(stages(given.rows, given.words)))
        return
    machine()
    size = ("--rows", str(given.rows), "--words", str(given.words))
    found = elsewhere("tests.bench.check", "--stages", *size)
    lines = [(name, ms(taken), f"{memory:.0f}") for name, (taken, memory) in found.items()]
    table(f"{given.rows:,} rows of about {given.words} words", ("", "time", "peak MB"), lines)
    ours, plain = fitting(given.rows, given.words)
    headings = ("", "time", "× pipeline")
    lines = [("pipeline fitted anew", ms(min(plain)), "1.00×"), ("counted once", ms(min(ours)), ratio(ours, plain))]
    table(f"{SPLITS} random splits of the rows that are fitted", headings, lines)


if __name__ == "__main__":
    main()
