"""The error layer against the hand labels, where they are there; `tests/bench/failures.py` prints the figures."""

from pathlib import Path

import pytest

from tests.bench.failures import FAILED, judged, labels, score


@pytest.mark.parametrize("half", [0, 1])
def test_what_failed_is_told_from_what_did_not(sample_data: Path, half: int) -> None:
    found = [judged(row) for row in labels(half)]
    counts = score([one.failure.verdict in FAILED for one in found], [one.row["label"] != "none" for one in found])
    assert counts.right / (counts.right + counts.false) >= 0.97
    assert counts.right / (counts.right + counts.missed) >= 0.90


def test_an_inferred_failure_quotes_the_result(sample_data: Path) -> None:
    for row, failure in map(judged, labels()):
        if failure.evidence == "inferred" and failure.verdict != "ok":
            assert failure.quote, row["id"]
            assert failure.quote in row["output"] or "\x1b" in row["output"], row["id"]
