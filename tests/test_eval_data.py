"""The tables that can be checked: the sample, files of visitors, Hub datasets at a commit; limits are said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hub import LocalHub
from tests.labelled import SAMPLE, csv_of
from tests.smallest import lines_of
from tests.test_eval_files import parquet_of
from tests.visits import PLENTY, counts
from viewer.evalcheck import data as eval_data
from viewer.evalcheck import hub as eval_hub
from viewer.evalcheck import uploads as eval_uploads
from viewer.evalcheck.data import PART, EvalData, Wanted
from viewer.evalcheck.table import NO_GROUP, Columns, LabelledTable, TableError
from viewer.evalcheck.uploads import Uploads
from viewer.sources.contract import SourceError
from viewer.sources.hub_visits import HubVisits

COLUMNS = Columns(("text",), "label", "group")
HEADER = ("text", "label", "group")
DATA = "ann/rows"


def silent(done: int) -> None:
    return None


def given(rows: list[list[Any]], columns: Columns = COLUMNS) -> LabelledTable:
    """A CSV file that a visitor gave, read."""
    data = EvalData(SAMPLE, None, Uploads())
    upload = data.uploads.add("ann", "rows.csv", csv_of([HEADER, *rows]))
    return data.load(data.open(Wanted("file", upload.id), None, "ann"), columns, silent)


def test_rows_without_a_text_or_a_label_are_left_out_and_counted() -> None:
    table = given([["a", 1, "x"], ["", 1, "x"], ["  ", 1, "x"], ["b", "", "x"], ["c", 0, "x"]])
    assert (table.texts, table.labels, table.read) == (("a", "c"), ("1", "0"), 5)
    assert table.left_out == {"row without a text": 2, "row without a label": 1}
    assert table.notes == ("2 rows without a text: left out.", "1 row without a label: left out.")


def test_rows_without_a_group_are_a_group_of_their_own() -> None:
    table = given([["a", 1, "x"], ["b", 0, ""]])
    assert table.groups == ("x", NO_GROUP)
    assert table.notes == (f"1 row without a group: they are the group {NO_GROUP}.",)


def test_a_huge_text_is_read_up_to_a_limit_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_data, "MAX_TEXT", 5)
    table = given([["123456789", 1, "x"], ["12345", 0, "x"]])
    assert table.texts == ("12345", "12345")
    assert table.notes == ("1 text longer than 5 characters: read up to there.",)


def test_rows_beyond_the_limit_are_not_read_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_data, "MAX_ROWS", 3)
    assert given([["a", 1, "x"]] * 3).notes == ()
    assert given([["a", 1, "x"]] * 4).notes == ("Only the first 3 rows were read.",)


def test_several_text_columns_are_joined() -> None:
    table = given([["a", 1, "x"], ["b", 0, "y"]], Columns(("text", "group"), "label"))
    assert table.texts == ("a\nx", "b\ny")
    assert table.groups == ()


def test_a_file_answers_to_the_visitor_who_gave_it_alone_and_for_a_while() -> None:
    now = 0.0
    data = EvalData(SAMPLE, None, Uploads(lambda: now))
    upload = data.uploads.add("ann", "../../etc/rows.csv", b"text,label\n")
    assert upload.name == "rows.csv"
    assert data.uploads.get("ann", upload.id) is upload
    with pytest.raises(TableError, match="no longer kept here"):
        data.open(Wanted("file", upload.id), None, "bob")
    now = 1799.0
    assert data.uploads.get("ann", upload.id).path.is_file()
    now = 1799.0 + 1801.0
    with pytest.raises(TableError, match="no longer kept here"):
        data.uploads.get("ann", upload.id)
    assert not upload.path.exists()


def test_files_are_bounded_in_size_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_uploads, "MAX_BYTES", 10)
    monkeypatch.setattr(eval_uploads, "KEPT", 4)
    uploads = Uploads()
    with pytest.raises(TableError, match="over"):
        uploads.add("ann", "a.csv", b"x" * 11)
    with pytest.raises(TableError, match="empty"):
        uploads.add("ann", "a.csv", b"")
    kept = [uploads.add("ann", f"{at}.csv", b"x").id for at in range(4)]
    with pytest.raises(TableError):
        uploads.get("ann", kept[0])  # her oldest made place
    uploads.add("bob", "b.csv", b"x")
    with pytest.raises(TableError, match="Too many files"):
        uploads.add("eve", "c.csv", b"x")


@pytest.fixture
def data(hub: LocalHub, tmp_path: Path) -> EvalData:
    return EvalData(SAMPLE, HubVisits(tmp_path / "hub", PLENTY, hub.url), Uploads())


def rows_csv(count: int, label: str = "1") -> bytes:
    return csv_of([HEADER, *[[f"text {at}", label, "x"] for at in range(count)]])


def load(data: EvalData, token: str | None = None, **wanted: Any) -> LabelledTable:
    return data.load(data.open(Wanted("hub", DATA, **wanted), token, ""), COLUMNS, silent)


def test_a_hub_dataset_is_read_at_the_commit_that_its_result_names(hub: LocalHub, data: EvalData) -> None:
    old = hub.add_dataset(DATA, {"train.csv": rows_csv(2)}).head.sha
    new = hub.commit(DATA, {"train.csv": rows_csv(3)})
    assert (load(data).source.revision, len(load(data).texts)) == (new, 3)
    assert (load(data, rev=old).source.revision, len(load(data, rev=old).texts)) == (old, 2)


def test_shards_are_one_table_and_the_training_part_is_the_default(hub: LocalHub, data: EvalData) -> None:
    columns = {"text": ["a", "b"], "label": [1, 0], "group": ["x", "y"]}
    files = {f"data/train-0000{at}-of-00002.parquet": parquet_of(columns) for at in range(2)}
    hub.add_dataset(DATA, {**files, "data/test-00000-of-00001.parquet": parquet_of(columns), "notes.md": b"x"})
    found = data.open(Wanted("hub", DATA), None, "")
    assert found.parts == ("data/test.parquet", "data/train.parquet")
    assert found.source.parts == ("data/train.parquet",)
    assert len(load(data).texts) == 4


def test_several_tables_are_read_together_and_may_be_the_groups(hub: LocalHub, data: EvalData) -> None:
    hub.add_dataset(DATA, {"train.csv": rows_csv(2), "test.jsonl": lines_of([{"text": "t", "label": 0, "group": "y"}])})
    table = data.open(Wanted("hub", DATA, parts=("train.csv", "test.jsonl")), None, "")
    assert PART in [column.name for column in data.look(table).columns]
    rows = data.load(table, Columns(("text",), "label", PART), silent)
    assert rows.groups == ("train.csv", "train.csv", "test.jsonl")


def test_a_large_file_is_fetched_in_parts_and_no_further_than_it_is_read(
    hub: LocalHub, data: EvalData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eval_hub, "WHOLE", 1_000)
    monkeypatch.setattr(eval_hub, "PART", 4_000)
    monkeypatch.setattr(eval_data, "MAX_ROWS", 1_500)
    hub.add_dataset(DATA, {"train.csv": rows_csv(20_000)})
    assert len(load(data).texts) == 1_500
    assert 0 < len(hub.asked(f"/{DATA}/resolve/")) < 30  # of about 90 parts


def test_a_large_parquet_file_is_read_by_its_columns(
    hub: LocalHub, data: EvalData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eval_hub, "WHOLE", 1_000)
    columns = {"text": [f"text {at}" for at in range(900)], "label": [1, 0] * 450, "group": ["x"] * 900}
    hub.add_dataset(DATA, {"train.parquet": parquet_of(columns)})
    assert load(data).labels[:3] == ("1", "0", "1")


def test_a_dataset_that_is_no_table_is_read_as_the_hub_converted_it(hub: LocalHub, data: EvalData) -> None:
    hub.add_dataset(DATA, {"images.zip": b"PK"})
    converted = hub.commit(
        DATA,
        {"default/train/0000.parquet": parquet_of({"text": ["a"], "label": [1], "group": ["x"]})},
        ref="refs/convert/parquet",
    )
    table = load(data)
    assert table.source.revision == converted
    assert "refs/convert/parquet" in table.notes[0]


def test_a_dataset_without_tables_says_so(hub: LocalHub, data: EvalData) -> None:
    hub.add_dataset(DATA, {"images.zip": b"PK"})
    with pytest.raises(SourceError, match=f"{DATA} holds no CSV, JSONL or Parquet file"):
        load(data)
    hub.commit(DATA, {"train.csv": rows_csv(1)})


def test_a_table_that_is_not_there_says_which_are(hub: LocalHub, data: EvalData) -> None:
    hub.add_dataset(DATA, {"train.csv": rows_csv(1)})
    with pytest.raises(TableError, match=r"has no table 'x.csv': there are train.csv\."):
        load(data, parts=("x.csv",))


def test_private_and_gated_data_is_for_those_who_may_read_it(hub: LocalHub, data: EvalData) -> None:
    ann, bob = hub.add_token("ann"), hub.add_token("bob")
    hub.add_dataset(DATA, {"train.csv": rows_csv(2)}, private=True)
    assert len(load(data, ann).texts) == 2
    for token in (None, bob):
        with pytest.raises(SourceError, match="If it is private, sign in"):
            load(data, token)
    hub.add_dataset("ann/gated", {"train.csv": rows_csv(2)}, gated="manual")
    with pytest.raises(SourceError, match="ann/gated is gated: ask for access"):
        data.open(Wanted("hub", "ann/gated"), bob, "")


def test_a_second_visit_fetches_no_file_again(hub: LocalHub, data: EvalData) -> None:
    hub.add_dataset(DATA, {"train.csv": rows_csv(2)})
    load(data)
    before = counts(hub, DATA)
    load(data)
    assert counts(hub, DATA) == before


def test_columns_without_rows_say_so() -> None:
    data = EvalData(SAMPLE, None, Uploads())
    upload = data.uploads.add("ann", "rows.csv", b"text,label\n")
    with pytest.raises(TableError, match=r"rows.csv has columns \(text, label\) and no rows."):
        data.look(data.open(Wanted("file", upload.id), None, "ann"))
