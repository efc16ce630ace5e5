"""Datasets converted to Parquet: each row is a run, read by range from a large file, and whole from a small one."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hub import LocalHub
from tests.visits import REPO, App, counts, session
from viewer.sources import hub as hub_source
from viewer.sources import hub_listing, hub_tables, parquet
from viewer.sources.contract import SourceError

FILE = "data/train-00000-of-00001.parquet"


@pytest.fixture
def app(hub: LocalHub, tmp_path: Path) -> App:
    return App(hub, tmp_path)


def row(number: int, **more: Any) -> dict[str, Any]:
    """A row with the Hub's columns of agent traces, of which `messages` says something else than `trace`."""
    name = f"s{number}"
    said = json.dumps({"role": "user", "content": f"Message {number}"})
    return {
        "harness": "claude_code",
        "session_id": name,
        "prompt": f"Prompt {number}",
        "messages": [said],
        "tools": [],
        "metadata": "{}",
        "sent_at": "2026-05-01T13:22:29Z",
        "num_user_messages": 1,
        "num_tool_calls": 0,
        "trace": session(name, f"Task {number}").decode(),
        "file_path": f"{name}.jsonl",
    } | more


def table(*rows: dict[str, Any], group: int = 2, noise: int = 0) -> bytes:
    """A Parquet file with that many rows in a row group, and a column of that many bytes that nobody needs."""
    made = pa.Table.from_pylist(list(rows))
    if noise:
        blocks = [bytes(noise // len(rows)) for _ in rows]
        made = made.append_column("attachment", pa.array(blocks, pa.binary()))
    file = io.BytesIO()
    pq.write_table(made, file, row_group_size=group, compression="none", use_dictionary=False)
    return file.getvalue()


def titles(app: App) -> dict[str, str]:
    return {path.removeprefix(FILE): found["title"] for path, found in app.rows().items()}


def test_each_row_is_a_run_with_a_link_of_its_own(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0), row(1), row(2))})
    assert titles(app) == {"/0": "Task 0", "/1": "Task 1", "/2": "Task 2"}
    found = app.rows()[f"{FILE}/1"]
    assert (found["id"], found["harness"], found["events"], found["partial"]) == ("s1", "Claude Code", 2, False)
    assert app.read(f"{FILE}/1") == session("s1", "Task 1")


@pytest.mark.parametrize(
    "trace",
    [
        session("s0", "Task 0").decode(),
        json.dumps(session("s0", "Task 0").decode()),
        json.dumps([json.loads(line) for line in session("s0", "Task 0").splitlines()]),
        json.dumps(session("s0", "Task 0").decode().splitlines()),
    ],
    ids=["text", "JSON text", "JSON list of records", "JSON list of lines"],
)
def test_a_trace_is_read_in_each_form_that_converters_write(hub: LocalHub, app: App, trace: str) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0, trace=trace))})
    assert titles(app) == {"/0": "Task 0"}


def test_messages_stand_in_where_there_is_no_trace(hub: LocalHub, app: App) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "bash", "arguments": '{"command": "make"}'}}
    messages = [
        {"role": "user", "content": "Build it"},
        {"role": "assistant", "content": "", "reasoning_content": "Hm.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "built"},
    ]
    rows = row(0), row(1, trace=None, messages=[json.dumps(message) for message in messages])
    hub.add_dataset(REPO, {FILE: table(*rows)})
    assert titles(app) == {"/0": "Task 0", "/1": "Build it"}
    run = app.library.open(app.open().id, f"{FILE}/1").run
    assert [(event.kind, event.text) for event in run.events] == [
        ("user", "Build it"),
        ("reasoning", "Hm."),
        ("tool", ""),
    ]
    called = run.events[2].call
    assert called is not None and called.result is not None
    assert (called.name, called.input, called.result.text) == ("bash", {"command": "make"}, "built")
    assert (run.harness, run.harness_named) == ("Claude Code", True)


def test_rows_of_ml_intern_are_its_own_records(hub: LocalHub, app: App) -> None:
    own = {
        "session_id": "m1",
        "model_name": "moonshotai/Kimi-K2.6",
        "messages": json.dumps([{"role": "user", "content": "Train it"}]),
        "events": "[]",
    }
    hub.add_dataset(REPO, {FILE: table(own)})
    (found,) = app.rows().values()
    assert (found["title"], found["harness"], found["format"]) == ("Train it", "ml-intern", "ml-intern-row")


def test_of_a_large_file_only_footer_and_needed_columns_are_fetched(
    hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "_WHOLE", 0)
    data = table(*map(row, range(6)), noise=900_000)
    hub.add_dataset(REPO, {FILE: data})
    assert app.read(f"{FILE}/3") == session("s3", "Task 3")
    ranges = [entry.range for entry in hub.asked("/large/")]
    assert len(ranges) == 2
    assert ranges[0] == f"bytes={len(data) - parquet.FOOTER}-{len(data) - 1}"
    first, last = map(int, ranges[1].removeprefix("bytes=").split("-"))
    assert 0 < last - first < 20_000  # one of three row groups, without the column that nobody needs
    app.read(f"{FILE}/2")  # of the same row group
    assert len(hub.asked("/large/")) == 2


def test_rows_of_a_large_row_group_are_listed_from_their_small_columns(
    hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "_WHOLE", 0)
    monkeypatch.setattr(hub_source, "LARGE", 100)
    monkeypatch.setattr(parquet, "_GAP", 0)
    big = session("s0", "Task 0", size=30_000).decode()
    hub.add_dataset(REPO, {FILE: table(row(0, trace=big), row(1), row(2))})
    found = app.rows()
    assert [(one["title"], one["partial"], one["events"]) for one in found.values()] == [
        (f"Prompt {number}", True, None) for number in range(3)
    ]
    assert sum(entry.sent for entry in hub.asked("/large/")) < parquet.FOOTER + 1_000
    opened = app.library.open(app.open().id, f"{FILE}/0").run
    assert (opened.title, len(opened.events)) == ("Task 0", 2)


@pytest.mark.parametrize("whole", [0, 2**20], ids=["by range", "whole"])
def test_an_unchanged_second_visit_fetches_nothing_of_the_file(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(hub_source, "_WHOLE", whole)
    hub.add_dataset(REPO, {FILE: table(row(0), row(1))})
    before = App(hub, tmp_path).rows()
    hub.log.clear()
    again = App(hub, tmp_path)
    assert again.rows() == before
    assert again.read(f"{FILE}/1") == session("s1", "Task 1")
    assert counts(hub) == (1, 0, 0)


def test_without_the_hub_rows_that_were_read_are_still_there(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0), row(1))})
    App(hub, tmp_path).rows()
    hub.stop()
    try:
        again = App(hub, tmp_path)
        assert again.listing()["stale"]
        assert titles(again) == {"/0": "Task 0", "/1": "Task 1"}
    finally:
        hub.start()


def test_copies_of_traces_that_are_here_as_files_are_left_out_and_said(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0)), "a.jsonl": session("a")})
    listing = app.listing()
    assert [one["path"] for one in listing["rows"]] == ["a.jsonl"]
    assert listing["notes"] == ["1 Parquet file left out: the traces are here as files"]
    # A link to one of their rows opens all the same.
    assert app.read(f"{FILE}/0") == session("s0", "Task 0")


def test_a_table_without_traces_is_no_list_of_runs(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {FILE: table({"text": "a"}), "broken.parquet": b"PAR1 nothing PAR1"})
    listing = app.listing()
    assert (listing["rows"], listing["notes"]) == ([], ["2 Parquet files without columns of traces"])


def test_more_rows_than_the_limit_are_counted(hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_listing, "MAX_ROWS", 2)
    hub.add_dataset(REPO, {FILE: table(*map(row, range(5)))})
    listing = app.listing()
    assert (len(listing["rows"]), listing["leftOut"]) == (2, 3)
    assert listing["notes"] == ["3 more runs than the 5,000 that are listed of one dataset"]


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("MAX_ROW", f"{FILE}/0 has 0 MB, more than the 0 MB"),
        ("MAX_GROUP", f"A row group of {FILE} has 0 MB, more than"),
    ],
)
def test_a_run_that_is_too_large_says_so(
    hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch, limit: str, sentence: str
) -> None:
    monkeypatch.setattr(parquet, limit, 10)
    hub.add_dataset(REPO, {FILE: table(row(0))})
    with pytest.raises(SourceError, match=f"^{sentence}"):
        app.read(f"{FILE}/0")


@pytest.mark.parametrize("path", [f"{FILE}/2", f"{FILE}/99999999999", f"{FILE}/-1", f"{FILE}/x", f"{FILE}/0/0", "x/0"])
def test_a_row_that_is_not_there_is_said(hub: LocalHub, app: App, path: str) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0), row(1))})
    with pytest.raises(SourceError, match=r"has no row 2: its rows are 0 to 1\.$|is not in ann/traces at .* 2 runs\.$"):
        app.read(path)


def test_a_row_without_trace_and_messages_says_so(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0), row(1, trace="", messages=[]))})
    assert app.rows()[f"{FILE}/1"]["error"] == f"{FILE}/1 holds neither a trace nor messages."


def test_damage_of_a_part_is_noticed_and_mended(
    hub: LocalHub, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "_WHOLE", 0)
    hub.add_dataset(REPO, {FILE: table(row(0), row(1))})
    dataset = app.open()
    dataset.open(f"{FILE}/0")
    for part in (tmp_path / "hub" / "blobs").glob("*.*-*"):
        part.write_bytes(bytes(part.stat().st_size))
    again = App(hub, tmp_path)
    assert again.listing()["rows"] == []
    later = App(hub, tmp_path)
    assert titles(later) == {"/0": "Task 0", "/1": "Task 1"}


def test_a_private_table_is_read_with_its_owners_token_alone(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {FILE: table(row(0))}, private=True)
    ann, bob = hub.add_token("ann"), hub.add_token("bob")
    assert len(app.rows(token=ann)) == 1
    for token in (None, bob):
        with pytest.raises(SourceError, match="There is no dataset"):
            app.rows(token=token)


def test_no_more_tables_are_looked_at_than_the_limit(hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (hub_tables, hub_listing):
        monkeypatch.setattr(place, "MAX_TABLES", 1)
    hub.add_dataset(REPO, {f"data/{number}.parquet": table(row(number)) for number in range(3)})
    listing = app.listing()
    assert [one["path"] for one in listing["rows"]] == ["data/0.parquet/0"]
    assert listing["notes"] == ["2 Parquet files beyond the 1 that are listed"]
