"""The evaluation check as an API function, called as a program would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.labelled import csv_of, gap_rows

ROWS = csv_of([("text", "label", "source"), *gap_rows()]).decode()


@pytest.fixture(scope="module")
def client(demo_url: str) -> Iterator[Client]:
    found = Client(demo_url, verbose=False)
    yield found
    found.close()


def test_the_check_is_called_by_name_and_its_columns_are_guessed(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert "/check_eval" in named
    found = client.predict(table=ROWS, repeats=2, api_name="/check_eval")
    assert found["columns"] == {"text": ["text"], "label": "label", "group": "source"}
    assert found["sentence"].startswith("Random split F1 ")
    again = client.predict(table=ROWS, text=["text"], label="label", group="source", repeats=2, api_name="/check_eval")
    assert [fold["scores"] for fold in again["folds"]] == [fold["scores"] for fold in found["folds"]]


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"dataset": "hello"}, "'hello' names no dataset: write owner/name, or paste its address on the Hub."),
        ({"table": ROWS, "text": ["text"], "label": "words"}, "There is no column 'words'"),
        ({"table": "a,b\n1,2\n"}, "Which column is the text? There are a, b."),
    ],
)
def test_what_cannot_be_checked_is_an_error_with_its_sentence(
    client: Client, wish: dict[str, object], sentence: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**wish, api_name="/check_eval")
    assert sentence in str(caught.value)
