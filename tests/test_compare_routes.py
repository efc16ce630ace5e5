"""The routes of the compare page: what they answer, to whom, and what they refuse in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.hub import LocalHub
from tests.race import FILES, RACE, add_race
from tests.smallest import ASSETS, client_of, settled
from tests.visits import App, HeaderVisitors, Served, session
from viewer.library import Library
from viewer.sources.demo import demo_source
from viewer.summary_cache import SummaryCache
from viewer.web.bodies import MAX_BODY
from viewer.web.compare_routes import PROBED_AT_ONCE

PROBE = {"name": "Rates", "seen": r"(?i)\bpaschal\b[^\n]{0,40}100", "said": "(?i)paschal", "ran": ""}
RACE_F1 = {"Claude Code": "0.9619", "Pi": "0.9474", "ml-intern": "0.9487"}
SECRET = "the-private-task"


@pytest.fixture(scope="module")
def client() -> TestClient:
    library = Library((demo_source(ASSETS),), SummaryCache(None))
    settled(library.listing("demo"))
    return client_of(library)


def ask(client: TestClient, route: str, **body: Any) -> Response:
    return client.post(f"/api/{route}", json={"of": ["demo"]} | body)


def error(answer: Response) -> tuple[int, str]:
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


def test_the_demo_race_has_title_panel_probes_and_the_post_as_its_source(client: TestClient) -> None:
    found = ask(client, "compare.json").json()
    assert (found["title"], found["pending"], found["problems"]) == ("Four agents, one prompt: on_the_books", 0, [])
    f1 = {run["name"]: run["outcomes"]["f1"] for run in found["runs"]}
    assert {name: one["best"]["shown"] for name, one in f1.items()} == {
        "Claude Code · Claude Opus 4.7": "0.962",
        "ml-intern · Claude Opus 4.6": "0.949",
        "ml-intern · Kimi K2.6": "0.947",
        "Pi · Kimi K2.6": "0.947",
    }
    kimi = f1["ml-intern · Kimi K2.6"]
    assert kimi["best"]["source"]["label"] == "post of 6 May 2026"
    assert [other["shown"] for other in kimi["disagreeing"]] == ["0.9561"]
    assert found["panel"]["spread"]["sentence"].endswith("a tie within noise (±3 points)")
    assert [probe["name"] for probe in found["probes"]] == ["Label rate differs by source", "Grouped split by source"]


def test_probes_of_the_demo_race_tell_what_was_on_screen_and_never_said(client: TestClient) -> None:
    probes = ask(client, "compare.json").json()["probes"]
    found = ask(client, "probes.json", probes=probes).json()["runs"]
    rows = {run["key"]: run["rows"] for run in found}
    assert {key.partition("|")[2]: row[0]["verdict"] for key, row in rows.items()} == {
        "claude-code.jsonl": "seen & said",
        "ml-intern-opus.jsonl": "never seen",
        "ml-intern-kimi.jsonl": "seen, never said",
        "pi-kimi.jsonl": "never seen",
    }
    assert rows["demo|ml-intern-kimi.jsonl"][0]["seen"]["event"] == "26"
    assert {row[1]["verdict"] for row in rows.values()} == {"not run"}


def test_what_is_typed_is_shown_first_and_in_the_file_to_download(client: TestClient) -> None:
    typed = [{"run": "demo|pi-kimi.jsonl", "metric": "F1", "value": "96%"}]
    runs = ask(client, "compare.json", typed=typed).json()["runs"]
    best = next(run for run in runs if run["harness"] == "Pi")["outcomes"]["f1"]["best"]
    assert (best["value"], best["source"]["label"], best["n"]) == (0.96, "typed by you", 357)
    text = ask(client, "compare.yaml", typed=typed).text
    assert "typed by a reader" in text
    assert "Label rate differs by source" in text


@pytest.mark.parametrize(
    ("route", "media", "start"),
    [
        ("compare.svg", "image/svg+xml", "<svg "),
        ("compare.csv", "text/csv", "run,harness,model"),
        ("compare.yaml", "text/yaml", "title: "),
        ("compare.report.html", "application/octet-stream", "<!doctype html>"),
    ],
)
def test_exports_are_downloads_that_no_page_is_made_of(client: TestClient, route: str, media: str, start: str) -> None:
    answer = ask(client, route, by="tokens", address="https://example.org/")
    assert answer.status_code == 200
    assert answer.text.startswith(start)
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["content-disposition"].startswith("attachment")


def test_two_runs_part_where_one_looks_and_the_other_reads_the_web(client: TestClient) -> None:
    asked = {"a": "demo|pi-kimi.jsonl", "b": "demo|ml-intern-kimi.jsonl"}
    found = client.get("/api/diverge.json", params=asked).json()
    assert found["sentence"] == (
        "From the first step, Pi · Kimi K2.6 looks (event 8.2) while ml-intern · Kimi K2.6 browses (event 2.2)."
    )
    assert found["first"] == 0


@pytest.mark.parametrize(
    ("route", "body", "status", "sentence"),
    [
        ("compare.json", {"of": []}, 400, "A comparison must name its runs."),
        ("compare.json", {"of": "demo"}, 400, "A comparison must name its runs."),
        ("compare.json", {"of": [1]}, 400, "A comparison must name its runs."),
        ("compare.json", {"of": ["demo|x"] * 501}, 400, "A comparison has 500 runs at most; this link names 501."),
        ("compare.json", {"of": ["|x"]}, 400, "'|x' names no run: write source|path, or owner/name@revision|path."),
        ("compare.json", {"of": ["gone"]}, 404, "There is no source 'gone' here; there are: demo."),
        ("compare.json", {"of": ["ann/x"]}, 400, "This app was started without the Hub."),
        ("compare.json", {"typed": [{"run": "x", "metric": "F1", "value": ""}]}, 400, "F1 must be a number between 0 "),
        ("compare.json", {"typed": "x"}, 400, "Typed outcomes must be a list."),
        ("probes.json", {}, 400, "Probes must be a list of objects."),
        ("probes.json", {"probes": [{"name": 1}]}, 400, "name, seen, said and ran of a probe must be texts."),
        ("probes.json", {"probes": [{**PROBE, "seen": "(a"}]}, 400, "Probe 'Rates', pattern `seen` is refused: "),
        ("probes.json", {"probes": [{**PROBE, "seen": r"(a)\1"}]}, 400, "Probe 'Rates', pattern `seen` is refused: "),
        ("probes.json", {"probes": [PROBE] * 21}, 400, "There are 21 probes, and 20 are allowed."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    client: TestClient, route: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    found, said = error(ask(client, route, **body))
    assert found == status
    assert said.startswith(sentence)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"of": ["demo"]}' + b" " * MAX_BODY])
def test_a_body_that_is_no_object_or_too_long_is_refused(client: TestClient, body: bytes) -> None:
    assert error(client.post("/api/compare.json", content=body))[0] == 400


def test_another_site_may_not_ask(client: TestClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post("/api/compare.json", json={"of": ["demo"]}, headers=headers).status_code == 403


@pytest.fixture
def served(hub: LocalHub, tmp_path: Path) -> Iterator[Served]:
    with closing(App(hub, tmp_path)) as app:
        yield Served(app, HeaderVisitors(loopback=False, login=True))


def read(served: Served, repo: str, token: str | None = None, **body: Any) -> dict[str, Any]:
    """The comparison of a dataset once its files have been read."""
    served.post("compare.json", {"of": [repo]}, token)
    settled(served.app.library.listing(served.app.open(repo, token=token).id))
    return dict(served.post("compare.json", {"of": [repo]} | body, token).json())


def test_a_dataset_like_the_agent_race_fills_the_panel_from_the_model_repositories_that_its_card_names(
    hub: LocalHub, served: Served
) -> None:
    sha = add_race(hub)
    found = read(served, RACE)
    assert (found["pending"], found["more"], found["problems"]) == (0, False, [])
    assert found["pinned"] == {RACE: f"{RACE}@{sha}"}
    assert {run["key"] for run in found["runs"]} == {f"{RACE}@{sha}|{name}" for name in FILES}
    best = {run["name"]: run["outcomes"]["f1"]["best"] for run in found["runs"]}
    assert {name: one["shown"] for name, one in best.items()} == {
        "Claude Code · Claude Opus 4.7": "0.9619",
        "ml-intern · Claude Opus 4.6": "0.9487",
        "ml-intern · Kimi K2.6": "0.9561",
        "Pi · Kimi K2.6": "0.9474",
    }
    kinds = {one["source"]["kind"] for one in best.values()}
    assert kinds == {"model index", "model card text"}
    opus = best["ml-intern · Claude Opus 4.6"]
    assert opus["source"]["label"] == "model card of ann/laws-ml-agent"
    assert opus["source"]["link"].startswith(f"{hub.url}/ann/laws-ml-agent/blob/")
    assert found["panel"]["known"] == 4


def test_the_first_answer_waits_for_no_model_repository(hub: LocalHub, served: Served) -> None:
    add_race(hub)
    found = read(served, RACE, models=False)
    assert found["more"] is True
    assert not [entry for entry in hub.log if entry.path.startswith("/api/models/")] or found["panel"]["known"] == 0


def test_a_private_dataset_is_compared_for_its_owner_and_is_not_there_for_anybody_else(
    hub: LocalHub, served: Served
) -> None:
    owner, stranger = hub.add_token("ann"), hub.add_token("bob")
    sha = hub.add_dataset("ann/traces", {"s1.jsonl": session("s1", SECRET)}, private=True).head.sha
    key = f"ann/traces@{sha}|s1.jsonl"
    assert read(served, "ann/traces", owner)["runs"][0]["key"] == key
    for token in (None, stranger):
        for route, body in (
            ("compare.json", {"of": ["ann/traces"]}),
            ("compare.json", {"of": [key]}),
            ("compare.csv", {"of": [key]}),
            ("compare.report.html", {"of": [key]}),
            ("probes.json", {"of": [key], "probes": [PROBE]}),
        ):
            answer = served.post(route, body, token)
            assert answer.status_code == 404, answer.text
            assert SECRET not in answer.text
        assert served.ask("diverge.json", token, a=key, b=key).status_code == 404
    source = served.app.open("ann/traces", token=owner).id
    assert served.post("compare.json", {"of": [source]}, stranger).status_code in (400, 404)


def test_a_dataset_whose_newest_commit_moved_is_compared_at_the_commit_of_its_link(
    hub: LocalHub, served: Served
) -> None:
    sha = hub.add_dataset("ann/traces", {"s1.jsonl": session("s1", "Old task")}).head.sha
    read(served, "ann/traces")
    hub.commit("ann/traces", {"s1.jsonl": session("s1", "New task")})
    found = served.post("compare.json", {"of": [f"ann/traces@{sha}"]}).json()
    assert [task["prompt"] for task in found["tasks"]] == ["Old task"]


def test_more_runs_than_may_be_probed_at_once_are_refused(hub: LocalHub, served: Served) -> None:
    many = {f"s{number}.jsonl": session(f"s{number}") for number in range(PROBED_AT_ONCE + 1)}
    hub.add_dataset("ann/many", many)
    assert len(read(served, "ann/many")["runs"]) == PROBED_AT_ONCE + 1
    found = served.post("probes.json", {"of": ["ann/many"], "probes": [PROBE]})
    assert error(found) == (400, f"Probes are asked of {PROBED_AT_ONCE} runs at once, not of {PROBED_AT_ONCE + 1}.")
