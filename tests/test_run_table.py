"""The list of runs as a table to take away: complete, unknown as nothing, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.formats.claude_lines import said, text, user
from tests.smallest import client_of, folder_source, library_of, scan_of, settled, write
from viewer.listing import listing_rows
from viewer.metrics import BY_NAME
from viewer.run_table import run_csv, run_table
from viewer.scan import Scan
from viewer.summary import CELLS


@pytest.fixture
def listing(tmp_path: Path) -> Scan:
    write(tmp_path / "one.jsonl", user("Fix it"), said(text("Done.")))
    write(tmp_path / "=cmd.jsonl", user("=HYPERLINK(1)"), said(text("Done.")))
    write(tmp_path / "no.jsonl", {"what": "no trace"})
    return scan_of(folder_source(tmp_path))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_every_run_that_was_read_with_every_metric(listing: Scan) -> None:
    table = run_table(listing)
    assert {run["path"] for run in table["runs"]} == {"=cmd.jsonl", "one.jsonl"}
    assert all(run["metrics"].keys() == BY_NAME.keys() for run in table["runs"])
    assert [metric["name"] for metric in table["metrics"]] == list(BY_NAME)
    assert (table["files"], table["pending"]) == (3, 0)


def test_csv_writes_unknown_as_nothing_and_zero_as_zero(listing: Scan) -> None:
    (row,) = [row for row in rows_of(run_csv(listing)) if row["path"] == "one.jsonl"]
    assert (row["calls"], row["cost"], row["title"]) == ("0", "", "Fix it")


def test_counts_with_subagents_stand_beside_those_without(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl", user("Fix it"), user("Look", isSidechain=True), user("Search", isSidechain=True))
    (row,) = rows_of(run_csv(scan_of(folder_source(tmp_path))))
    assert (row["events"], row["events_with_subagents"], row["calls_with_subagents"]) == ("1", "3", "0")


def test_no_text_in_csv_begins_like_a_formula(listing: Scan) -> None:
    (row,) = [row for row in rows_of(run_csv(listing)) if row["path"].endswith("=cmd.jsonl")]
    assert (row["path"], row["title"]) == ("'=cmd.jsonl", "'=HYPERLINK(1)")


def test_a_row_of_the_list_has_the_metrics_asked_for_and_a_short_ribbon(listing: Scan) -> None:
    (row,) = [row for row in listing_rows(listing, ["calls", "cost"])["rows"] if row["path"] == "one.jsonl"]
    assert row["metrics"] == {"calls": 0, "cost": None}
    assert 0 < len(row["ribbon"]) <= CELLS
    assert (row["flagged"], row["inferred"]) == (0, 0)


def test_both_tables_come_as_files_with_a_harmless_name(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl", user("Fix it"), said(text("Done.")))
    library = library_of(tmp_path)
    settled(library.listing("here"))
    client = client_of(library)
    answers: dict[str, Any] = {
        ending: client.get(f"/api/runs.{ending}", params={"source": "here", "download": "1"})
        for ending in ("csv", "json")
    }
    for ending, answer in answers.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="runs-of-Sessions.{ending}"'
    assert [row["title"] for row in rows_of(answers["csv"].text)] == ["Fix it"]
    assert [run["title"] for run in answers["json"].json()["runs"]] == ["Fix it"]


def test_the_metrics_are_declared_to_the_page_and_unknown_names_are_no_columns(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl", user("Fix it"), said(text("Done.")))
    library = library_of(tmp_path)
    settled(library.listing("here"))
    client = client_of(library)
    assert [metric["name"] for metric in client.get("/api/metrics.json").json()["metrics"]] == list(BY_NAME)
    (row,) = client.get("/api/runs.json", params={"source": "here", "metrics": "loops,nowhere"}).json()["rows"]
    assert row["metrics"] == {"loops": 0}
