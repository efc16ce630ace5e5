"""The routes of the evaluation check: started, watched, cancelled, downloaded; by whom, and what is refused."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from tests.labelled import SAMPLE, csv_of, gap_rows
from tests.visits import HeaderVisitors
from viewer.evalcheck.data import EvalData
from viewer.evalcheck.jobs import EvalJobs
from viewer.evalcheck.service import EvalService
from viewer.evalcheck.uploads import Uploads
from viewer.web import eval_routes as routes
from viewer.web.eval_routes import eval_routes
from viewer.web.guard import ContentSecurityPolicy, Guard
from viewer.web.writing import HEADER

ROWS = csv_of([("text", "label", "source"), *gap_rows()])
LONGEST_WAIT = 60
CROSS_SITE = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


def sent(token: str = "") -> dict[str, str]:
    """The headers of a request of the page."""
    return {HEADER: "page"} | ({"x-token": token} if token else {})


class Checks:
    """The routes behind the guard, and requests of visitors."""

    def __init__(self) -> None:
        self.service = EvalService(EvalData(SAMPLE, None, Uploads()), EvalJobs())
        middleware = [Middleware(ContentSecurityPolicy), Middleware(Guard, loopback=True)]
        app = Starlette(
            routes=eval_routes(self.service, HeaderVisitors(loopback=False, login=False)), middleware=middleware
        )
        self.client = TestClient(app, base_url="http://localhost:7860", raise_server_exceptions=False)

    def post(self, route: str, body: Any = None, token: str = "", **options: Any) -> Response:
        headers = sent(token) | options.pop("headers", {})
        return self.client.post(f"/api/{route}", json=body, headers=headers, **options)

    def get(self, route: str, **parameters: str) -> Response:
        return self.client.get(f"/api/{route}", params=parameters)

    def give(self, data: bytes = ROWS, name: str = "rows.csv", token: str = "") -> dict[str, Any]:
        answer = self.client.post("/api/eval-file.json", params={"name": name}, content=data, headers=sent(token))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def done(self, **wish: Any) -> dict[str, Any]:
        """The answer about a check once it has ended."""
        answer = self.post("eval-start.json", {"repeats": 2, **wish})
        assert answer.status_code == 200, answer.text
        job = self.service.jobs.get(answer.json()["job"])
        assert job.ended.wait(LONGEST_WAIT)
        found: dict[str, Any] = self.get("eval-job.json", job=job.id).json()
        return found


@pytest.fixture(scope="module")
def checks() -> Iterator[Checks]:
    yield Checks()


@pytest.fixture(scope="module")
def finished(checks: Checks) -> dict[str, Any]:
    return checks.done(file=checks.give()["file"])


def test_a_given_file_is_looked_at_and_checked_with_guessed_columns(checks: Checks, finished: dict[str, Any]) -> None:
    look = checks.post("eval-columns.json", {"file": checks.give()["file"]}).json()
    assert look["guess"] == {"text": ["text"], "label": "label", "group": "source"}
    assert look["source"]["name"] == "rows.csv"
    assert (finished["state"], finished["error"]) == ("done", "")
    assert finished["result"]["columns"] == look["guess"]
    assert finished["result"]["source"]["revision"] == checks.give()["sha"]


def test_the_result_is_downloaded_as_json_and_as_csv(checks: Checks, finished: dict[str, Any]) -> None:
    answer = checks.get("eval-result.json", job=finished["job"])
    assert answer.json() == finished["result"]
    assert answer.headers["content-disposition"] == 'attachment; filename="eval-check.json"'
    table = checks.get("eval-result.csv", job=finished["job"])
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["kind"] for row in rows] == [fold["kind"] for fold in finished["result"]["folds"]]
    held = next(row for row in rows if (row["kind"], row["groups"]) == ("held", "old"))
    fold = next(one for one in finished["result"]["folds"] if (one["kind"], one["name"]) == ("held", "old"))
    assert float(held["f1"]) == fold["scores"]["f1"]["value"]
    assert (held["seed"], held["revision"]) == ("42", finished["result"]["source"]["revision"])


def test_a_cell_of_the_csv_is_never_a_formula(checks: Checks) -> None:
    rows = [(one[0], one[1], "=cmd()" if one[2] == "old" else one[2]) for one in gap_rows()]
    found = checks.done(file=checks.give(csv_of([("text", "label", "source"), *rows]))["file"])
    assert ",=cmd()" not in checks.get("eval-result.csv", job=found["job"]).text
    assert ",'=cmd()" in checks.get("eval-result.csv", job=found["job"]).text


def test_the_built_in_sample_needs_no_network(checks: Checks) -> None:
    found = checks.done(dataset="sample")
    assert found["result"]["sentence"].startswith("Random split F1 0.9")
    assert found["facts"]["rows"] == 714


def test_bad_data_gives_a_sentence(checks: Checks) -> None:
    one_class = csv_of([("text", "label"), *[(f"some text {at}", 1) for at in range(9)]])
    found = checks.done(file=checks.give(one_class)["file"])
    assert (found["state"], found["result"]) == ("failed", None)
    assert found["error"] == "There is nothing to tell apart: every row of label is '1'."


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "Choose a dataset first: the built-in sample, one of the Hub, or a file."),
        ({"dataset": "hello"}, "'hello' names no dataset: write owner/name, or paste its address on the Hub."),
        ({"dataset": "ann/rows"}, "This app was started without the Hub."),
        ({"file": "guessed"}, "The file is no longer kept here: give it again. A link holds its name, not its rows."),
        ({"dataset": "sample", "seed": -1}, "seed must be a whole number from 0 to 2,147,483,647."),
        ({"dataset": "sample", "repeats": 99}, "repeats must be a whole number from 1 to 50."),
        ({"dataset": "sample", "text": 5}, "text must be a list of at most 500 texts."),
        ({"dataset": "sample", "label": ["a"]}, "label must be a text of at most 500 characters."),
    ],
)
def test_a_wish_that_makes_no_sense_says_why(checks: Checks, wish: dict[str, Any], sentence: str) -> None:
    answer = checks.post("eval-start.json", wish)
    assert (answer.status_code, answer.json()) == (404, {"error": sentence})


@pytest.mark.parametrize("route", ["eval-job.json", "eval-result.json", "eval-result.csv"])
def test_an_id_that_was_not_given_out_finds_nothing(checks: Checks, route: str) -> None:
    answer = checks.get(route, job="guessed")
    assert (answer.status_code, answer.json()["error"]) == (404, "This check is no longer kept here: run it again.")


@pytest.mark.parametrize("route", ["eval-file.json", "eval-start.json", "eval-columns.json", "eval-cancel.json"])
def test_another_site_may_post_nothing(checks: Checks, route: str) -> None:
    assert checks.post(route, {"dataset": "sample"}, headers=CROSS_SITE).status_code == 403
    assert checks.get(route).status_code == 405


@pytest.mark.parametrize("route", ["eval-file.json", "eval-start.json", "eval-cancel.json"])
def test_only_the_page_itself_changes_something(checks: Checks, route: str) -> None:
    answer = checks.client.post(f"/api/{route}", json={"dataset": "sample"})
    assert answer.status_code == 400
    assert answer.json()["error"] == "A change needs the header x-trace-viewer: page, which only the page sends."


def test_a_file_answers_to_the_browser_that_gave_it_alone(checks: Checks) -> None:
    given = checks.give()
    assert checks.post("eval-columns.json", {"file": given["file"]}).status_code == 200
    kept = dict(checks.client.cookies)
    checks.client.cookies.clear()
    assert checks.post("eval-columns.json", {"file": given["file"]}).status_code == 404
    checks.client.cookies.update(kept)
    assert checks.post("eval-columns.json", {"file": given["file"]}).status_code == 200


def test_a_file_answers_to_who_gave_it_alone(checks: Checks) -> None:
    given = checks.give(token="ann")
    assert checks.post("eval-columns.json", {"file": given["file"]}, token="ann").status_code == 200
    for other in ("", "bob"):
        assert checks.post("eval-columns.json", {"file": given["file"]}, token=other).status_code == 404


def test_a_file_that_is_too_large_is_refused(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MAX_BYTES", 100)
    answer = checks.client.post("/api/eval-file.json", params={"name": "rows.csv"}, content=ROWS, headers=sent())
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("The file is over ")


def test_a_check_is_cancelled_by_who_started_it_alone(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    began, let_go = threading.Event(), threading.Event()

    def load(table: Any, columns: Any, step: Any) -> Any:
        began.set()
        while not let_go.wait(0.01):
            step(1)

    monkeypatch.setattr(checks.service.data, "load", load)
    started = checks.post("eval-start.json", {"dataset": "sample", "seed": 9}, token="ann").json()
    assert began.wait(LONGEST_WAIT)
    checks.post("eval-cancel.json", {"job": started["job"]}, token="bob")
    assert checks.get("eval-job.json", job=started["job"]).json()["state"] == "running"
    checks.post("eval-cancel.json", {"job": started["job"]}, token="ann")
    assert checks.service.jobs.get(started["job"]).ended.wait(LONGEST_WAIT)
    assert checks.get("eval-job.json", job=started["job"]).json()["state"] == "cancelled"
