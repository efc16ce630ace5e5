"""Tables in files: found by what they hold, read in batches; what cannot be read is counted or said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.labelled import csv_of
from tests.smallest import lines_of
from viewer.evalcheck.columns import checked, describe, guess
from viewer.evalcheck.files import BATCH, Batch, Reader, cell_text, open_table
from viewer.evalcheck.table import Columns, TableError

ROWS = [{"text": "a road", "label": 1, "group": "x"}, {"text": "a river", "label": 0, "group": "y"}]
WANTED = ("text", "label")


def opened(data: bytes, name: str = "rows") -> Reader:
    return open_table(io.BytesIO(data), name)


def cells(reader: Reader, columns: tuple[str, ...] = WANTED) -> Batch:
    """All rows of some columns."""
    found: Batch = {name: [] for name in columns}
    for batch in reader.batches(columns):
        for name, values in batch.items():
            found[name].extend(values)
    return found


def parquet_of(columns: dict[str, Any], metadata: dict[bytes, bytes] | None = None, **options: Any) -> bytes:
    table = pa.table(columns)
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata) if metadata else table, out, **options)
    return out.getvalue()


@pytest.fixture
def small_cells(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cells of a thousand characters at most."""
    monkeypatch.setattr("viewer.evalcheck.files.MAX_CELL", 1000)
    before = csv.field_size_limit()  # one for the whole process, which each reader sets
    yield
    csv.field_size_limit(before)


CSV = b"text,label,group\na road,1,x\na river,0,y\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        b"\xef\xbb\xbf" + CSV,
        CSV.replace(b",", b"\t"),
        CSV.replace(b",", b";"),
        CSV.replace(b"\n", b"\r\n"),
        lines_of(ROWS),
        b"\xef\xbb\xbf" + lines_of(ROWS),
        orjson.dumps(ROWS),
        parquet_of({"text": ["a road", "a river"], "label": [1, 0], "group": ["x", "y"]}),
    ],
    ids=["csv", "csv with a mark", "tabs", "semicolons", "crlf", "jsonl", "jsonl with a mark", "json", "parquet"],
)
def test_every_kind_of_table_gives_the_same_rows_whatever_its_name(data: bytes) -> None:
    reader = opened(data, "rows.bin")
    assert reader.columns == ["text", "label", "group"]
    found = cells(reader)
    assert found["text"] == ["a road", "a river"]
    assert [cell_text(cell) for cell in found["label"]] == ["1", "0"]


def test_a_quoted_cell_may_hold_lines_and_delimiters() -> None:
    assert cells(opened(csv_of([WANTED, ["one,\ntwo", 1]])))["text"] == ["one,\ntwo"]


def test_lines_that_cannot_be_read_are_counted_and_the_others_kept() -> None:
    csv = opened(b"text,label\na,1\nb\nc,0,9\n\nd,0\n")
    assert (cells(csv)["text"], csv.unreadable) == (["a", "d"], 2)
    json = opened(b'{"text":"a","label":1}\n{"text"\n[1]\n\n{"text":"b","label":0}\n')
    assert (cells(json)["text"], json.unreadable) == (["a", "b"], 2)


def test_header_cells_that_are_empty_or_twice_get_names_of_their_own() -> None:
    assert opened(b"text,,text\n").columns == ["text", "column 2", "text (3)"]


def test_a_missing_key_is_a_missing_cell_and_keys_may_come_late() -> None:
    reader = opened(lines_of([{"text": "a"}, {"text": "b", "label": "x"}]))
    assert reader.columns == ["text", "label"]
    assert cells(reader)["label"] == [None, "x"]


def test_rows_come_in_batches() -> None:
    reader = opened(csv_of([WANTED, *[[f"text {at}", 1] for at in range(BATCH + 1)]]))
    assert [len(batch["text"]) for batch in reader.batches(WANTED)] == [BATCH, 1]


def test_a_batch_of_long_texts_has_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.evalcheck.files.BATCH_CHARACTERS", 100)
    for data in (csv_of([WANTED, *[["x" * 60, 1]] * 5]), lines_of([{"text": "x" * 60, "label": 1}] * 5)):
        assert [len(batch["text"]) for batch in opened(data).batches(WANTED)] == [2, 2, 1]


def test_a_text_that_many_rows_share_is_one_object() -> None:
    found = cells(opened(parquet_of({"text": ["x" * 1000] * 500, "label": [1] * 500})))["text"]
    assert len(found) == 500
    assert len({id(text) for text in found}) == 1


@pytest.mark.usefixtures("small_cells")
def test_a_line_without_an_end_is_never_held_whole() -> None:
    reader = opened(b'{"text":"a","label":1}\n{"text":"' + b"x" * 5000 + b'"}\n{"text":"b","label":0}\n')
    assert cells(reader)["text"] == ["a", "b"]
    assert reader.unreadable > 0
    table = opened(b"text,label\na,1\n" + b"x" * 5000 + b"\nb,0\n")
    assert cells(table)["text"] == ["a", "b"]
    assert table.unreadable > 0


def test_label_numbers_of_a_hub_dataset_get_their_names() -> None:
    features = {
        "label": {"names": ["ham", "spam"], "_type": "ClassLabel"},
        "text": {"dtype": "string", "_type": "Value"},
    }
    metadata = {b"huggingface": orjson.dumps({"info": {"features": features}})}
    reader = opened(parquet_of({"text": ["a", "b", "c"], "label": [1, 0, -1]}, metadata))
    assert cells(reader)["label"] == ["spam", "ham", None]


def test_columns_that_are_no_cells_are_not_offered() -> None:
    reader = opened(parquet_of({"text": ["a"], "image": [b"\x89PNG"], "label": pa.array(["x"]).dictionary_encode()}))
    assert reader.columns == ["text", "label"]
    assert cells(reader) == {"text": ["a"], "label": ["x"]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "rows is empty."),
        (b" \n\n", "rows is empty."),
        (b"PK\x03\x04rest", "rows is a ZIP or Excel file: give a CSV, JSONL or Parquet file."),
        (b"\x1f\x8brest", "rows is a gzip file: give a CSV, JSONL or Parquet file."),
        (b"version https://git-lfs.github.com/spec/v1", "rows is a pointer to a file in large file storage"),
        (b"\x00\x01\x02", "rows is no text and no Parquet: give a CSV, JSONL or Parquet file."),
        (b"just a sentence", "rows has one column; a check needs a text and a label."),
        (b"[1, 2]", "rows holds no JSON objects"),
        (b"[1, 2", "rows is no JSON: "),
        (b"{bad}\n", "rows holds no JSON objects"),
        (b"PAR1 and no more", "rows is a damaged Parquet file: "),
    ],
)
def test_what_is_no_table_says_what_it_is(data: bytes, sentence: str) -> None:
    with pytest.raises(TableError) as caught:
        opened(data)
    assert str(caught.value).startswith(sentence)


def test_a_parquet_file_with_a_damaged_column_says_so() -> None:
    data = bytearray(parquet_of({"text": [f"text {at}" * 9 for at in range(2000)], "label": [1, 0] * 1000}))
    data[40:400] = bytes(360)
    with pytest.raises(TableError, match="is a damaged Parquet file"):
        cells(opened(bytes(data)))


@pytest.mark.usefixtures("small_cells")
def test_a_csv_cell_over_the_limit_says_where() -> None:
    with pytest.raises(TableError, match=r"rows breaks off at line \d: field larger than field limit"):
        cells(opened(b'text,label\n"' + b"x" * 2000 + b'",1\n'))


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1, "1"), (1.0, "1"), (1.5, "1.5"), ("1", "1"), (True, "true"), (None, None), (float("nan"), None), ("  ", None)],
)
def test_equal_cells_are_one_label_whatever_their_type(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


def looked(**columns: list[Any]) -> Columns:
    return guess(describe(columns))


LONG = [f"a long enough text number {at}" for at in range(12)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"text": LONG, "label": [0, 1] * 6, "source": list("aabbcc") * 2}, Columns(("text",), "label", "source")),
        (
            {
                "id": [f"row-{at:020}" for at in range(12)],
                "type": list("xyz") * 4,
                "body": LONG,
                "hit": ["0", "1"] * 6,
                "source": list("ab") * 6,
            },
            Columns(("body",), "hit", "source"),
        ),
        ({"review": LONG, "stars": [1, 2, 3, 4] * 3}, Columns(("review",), "stars", "")),
        ({"number": list(range(12)), "label": [0, 1] * 6}, Columns((), "label", "")),
        ({"text": LONG, "length": list(range(60, 72)) * 1}, Columns(("text",), "length", "")),
        ({"text": LONG, "label": [1] * 12}, Columns(("text",), "label", "")),
        ({"text": [None] * 3, "label": [None] * 3}, Columns((), "label", "")),
    ],
)
def test_columns_are_guessed_from_names_and_cells(columns: dict[str, list[Any]], expected: Columns) -> None:
    assert looked(**columns) == expected


def test_the_columns_of_the_real_data_are_guessed(sample_data: Path) -> None:
    path = sample_data / "on_the_books" / "training_set_v2.csv"
    if not path.is_file():
        pytest.skip("the sample data holds no on_the_books")
    with path.open("rb") as file:
        reader = open_table(file, path.name)
        first = next(iter(reader.batches(reader.columns)))
    assert guess(describe(first)) == Columns(("section_text",), "jim_crow", "source")


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (Columns((), "label"), "Choose a text column."),
        (Columns(("text",), ""), "Choose a label column."),
        (Columns(("words",), "label"), "There is no column 'words': the columns are text, label, group."),
        (Columns(("text",), "text"), "text cannot be both the text and the label."),
        (Columns(("text",), "label", "label"), "label cannot be both the group and the label."),
        (Columns(("text",), "label", "text"), "text cannot be both the group and the text."),
    ],
)
def test_columns_that_do_not_go_together_say_why(columns: Columns, sentence: str) -> None:
    with pytest.raises(TableError) as caught:
        checked(columns, ["text", "label", "group"])
    assert str(caught.value) == sentence
