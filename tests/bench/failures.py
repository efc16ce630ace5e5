"""The error layer against hand labels: `python -m tests.bench.failures [--half 0|1] [--wrong]`.

Prints precision and recall of "something failed" for each harness, beside those of the harness's own flag, and how
often an error is told from a probe. The labels are one rater's, and oversample results that hold error words: shares of
all results follow from weighting them, not from these counts. `--half` takes the labels whose id hashes to that half:
rules were written with half 0 in view. `--wrong` lists what was judged differently.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple

from tests.bench.measure import DATA, say, table
from viewer.annotations.contract import Failure
from viewer.annotations.failures import judge_result
from viewer.commands import Command, read_commands
from viewer.model import Category, Event, Status, ToolCall, ToolResult

LABELS = DATA / "labels" / "tool_results.jsonl"
FAILED = ("error", "probe", "aborted", "denied")

_CATEGORIES: dict[str, Category] = {"bash": "shell", "write": "edit"}
_REFUSED = ("The user doesn't want to", "[Request interrupted by user")


class Judgement(NamedTuple):
    """One labelled result, and what the error layer says of it."""

    row: dict[str, Any]
    failure: Failure


def judged(row: dict[str, Any]) -> Judgement:
    """The error layer's word on a labelled result, given what the trace's parser would give it."""
    flag, text = row["flag"], row["output"]
    status: Status = "unknown" if flag is None else "error" if flag else "ok"
    if flag and text.startswith(_REFUSED):
        status = "rejected" if text.startswith(_REFUSED[0]) else "interrupted"
    if flag and row["harness"] == "pi" and text.endswith("Command aborted"):
        status = "interrupted"
    category = _CATEGORIES.get(row["family"], row["family"])
    result = ToolResult(1, None, status, text, row["exit"])
    arguments = {"command": row["command"]} if row["command"] else {"path": row["path"]}
    call = ToolCall("c", row["tool"], category, arguments, result)
    command: Command | None = read_commands([Event(1, 1, "tool", None, call=call)])[0]
    return Judgement(row, judge_result(call, result, command))


def labels(half: int | None = None) -> list[dict[str, Any]]:
    """The labelled results, all or one half."""
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if half is None or half_of(row) == half]


def half_of(row: dict[str, Any]) -> int:
    """Which half a label belongs to: 0 was in view while rules were written, 1 was not."""
    return int(hashlib.sha256(str(row["id"]).encode()).hexdigest(), 16) % 2


class Score(NamedTuple):
    """Counts of what was said against what the label says."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> str:
        """Of what was said to have failed, how much did."""
        return share(self.right, self.right + self.false)

    @property
    def recall(self) -> str:
        """Of what failed, how much was said."""
        return share(self.right, self.right + self.missed)


def score(said: Sequence[bool], true: Sequence[bool]) -> Score:
    """Of two lists side by side."""
    pairs = list(zip(said, true, strict=True))
    return Score(pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))


def share(part: int, whole: int) -> str:
    """A share with its Wilson 95 % interval."""
    if not whole:
        return "–"
    at, z = part / whole, 1.96
    middle = (at + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * sqrt(at * (1 - at) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{at:.3f} [{max(0, middle - reach):.2f}, {min(1, middle + reach):.2f}]"


def report(found: list[Judgement], title: str) -> None:
    """The table of one set of labels: a row for each harness, and all."""
    rows = []
    for harness in (*sorted({one.row["harness"] for one in found}), "all"):
        part = [one for one in found if harness in ("all", one.row["harness"])]
        true = [one.row["label"] != "none" for one in part]
        layer = score([one.failure.verdict in FAILED for one in part], true)
        flag = score([one.row["flag"] is True for one in part], true)
        told = [
            one for one in part if one.row["label"] in ("error", "probe") and one.failure.verdict in ("error", "probe")
        ]
        same = sum(1 for one in told if one.row["label"] == one.failure.verdict)
        cells = (layer.precision, layer.recall, flag.precision, flag.recall, share(same, len(told)))
        rows.append((harness, str(len(part)), str(sum(true)), *cells))
    headings = (
        "",
        "results",
        "failed",
        "precision",
        "recall",
        "flag alone: precision",
        "recall",
        "error or probe right",
    )
    table(title, headings, rows)


def wrong(found: list[Judgement]) -> None:
    """What was judged differently from its label."""
    for row, failure in found:
        if (row["label"] != "none") != (failure.verdict in FAILED) or failure.verdict != row["label"] != "none":
            facts = f"{row['harness']} {row['tool']} flag {row['flag']} exit {row['exit']}"
            say(f"\n{row['id']} {facts}: label {row['label']}")
            say(f"  said {failure.verdict} ({failure.evidence}) by {failure.rule}: {failure.error_class}")
            say(f"  {failure.quote[:160]!r}\n  $ {(row['command'] or row['path'])[:160]!r}\n  {row['output'][:240]!r}")


def main() -> None:
    """Both halves, or the one asked for."""
    parser = argparse.ArgumentParser(description="The error layer against hand labels.")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    if not LABELS.is_file():
        say("No labels: set TRACE_VIEWER_TEST_DATA to the folder of the sample data.")
        return
    for half in (0, 1) if given.half is None else (given.half,):
        found = list(map(judged, labels(half)))
        report(found, f"Half {half}: " + ("in view while rules were written" if half == 0 else "not looked at"))
        if given.wrong:
            wrong(found)


if __name__ == "__main__":
    main()
