"""The built-in sample is what its program writes."""

from __future__ import annotations

import csv
import runpy
from collections import Counter

from tests.labelled import SAMPLE


def test_the_sample_is_written_by_its_program_byte_for_byte() -> None:
    written = runpy.run_path(str(SAMPLE.with_name("build.py")))["render"]()
    assert written == SAMPLE.read_text("utf-8")


def test_the_sample_has_the_structure_of_the_real_case() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["source"] for row in rows) == {"clerk's sample": 602, "Harbour list": 74, "Valley digest": 38}
    assert {row["fee"] for row in rows if row["source"] == "Harbour list"} == {"1"}
    assert len({row["id"] for row in rows}) == len(rows)
