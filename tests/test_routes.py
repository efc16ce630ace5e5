"""Every route: what it answers, and that each of its errors is one sentence that tells nothing of the machine."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest
from starlette.testclient import TestClient

from tests.formats.claude_lines import back, said, text, use, user
from tests.smallest import ASSETS, client_of, folder_source, lines_of, settled, write
from viewer.detail import SHORT
from viewer.library import Library
from viewer.rows import PAGE
from viewer.sources.demo import DEMO_LINK, DEMO_NOTE, demo_source
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache
from viewer.web.routes import MAX_QUERY
from viewer.wire import encode_columns

PNG = base64.b64decode("iVBORw0KGgo=")
LONG = "output " * SHORT


def picture(kind: str, data: bytes) -> dict[str, Any]:
    source = {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}
    return {"type": "image", "source": source}


DOCUMENTS = (
    user([text("Fix the needle"), picture("image/png", PNG), picture("image/svg+xml", b"<svg/>")], cwd="/w"),
    said(
        text("I look"),
        use("t1", "Bash", command="ls"),
        use("t2", "Edit", file_path="/w/a.py", old_string="a"),
        cwd="/w",
    ),
    back("gone", "t1", flag=True, timestamp="2026-06-12T15:23:01.000Z"),
    back(LONG, "t2", extra={"durationMs": 1_500, "agentId": "a1"}),
    *(user(f"Prompt {number}") for number in range(5, 5 + 2 * PAGE)),
)
LAST = 3 + 2 * PAGE
"""Index of the last event: record 2 has three."""


class Broken(LocalFolder):
    """A folder on a disk whose driver names the disk's files in its errors."""

    def open(self, path: str) -> BinaryIO:
        raise RuntimeError(f"cannot read {self.root / path}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sessions")
    write(folder / "s1.jsonl", *DOCUMENTS)
    write(folder / "foreign.jsonl", {"a": 1})
    (folder / "empty.jsonl").touch()
    write(folder / "two.jsonl", *[{"type": "session", "harness": "x", "id": "a"}, hello()] * 2)
    return folder


def hello() -> dict[str, Any]:
    return {"type": "message", "message": {"role": "user", "content": "Hello"}}


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    sources = (folder_source(folder), Broken("broken", "Broken disk", folder), demo_source(ASSETS))
    return Library(sources, SummaryCache(None))


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[TestClient]:
    with client_of(library) as client:
        yield client


def answered(client: TestClient, path: str, **parameters: Any) -> Any:
    """The JSON of a route for the run s1.jsonl, or for what the parameters name instead."""
    answer = client.get(f"/api/{path}", params={"source": "here", "run": "s1.jsonl"} | parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_sources_say_what_they_are(client: TestClient, folder: Path) -> None:
    here, broken, demo = answered(client, "sources.json")["sources"]
    assert here == {
        "id": "here",
        "label": "Sessions",
        "kind": "local",
        "place": folder_source(folder).place,
        "note": "",
        "link": "",
    }
    assert broken["id"] == "broken"
    assert demo == {
        "id": "demo",
        "label": "Demo race",
        "kind": "demo",
        "place": "",
        "note": DEMO_NOTE,
        "link": DEMO_LINK,
    }


def test_runs_are_listed_with_those_that_cannot_be_read(client: TestClient, library: Library) -> None:
    settled(library.listing("here"))
    found = answered(client, "runs.json")
    rows = {(row["path"], row["part"]): row["state"] for row in found["rows"]}
    assert rows == {
        ("s1.jsonl", ""): "ready",
        ("two.jsonl", ""): "ready",
        ("two.jsonl", "2"): "ready",
        ("foreign.jsonl", ""): "error",
        ("empty.jsonl", ""): "error",
    }
    assert (found["files"], found["pending"], found["leftOut"]) == (4, 0, 0)


def test_a_run_comes_with_its_head_and_its_first_rows(client: TestClient) -> None:
    run = answered(client, "run.json")
    assert (run["id"], run["title"], run["harness"], run["cwd"]) == ("s1", "Fix the needle", "Claude Code", "/w")
    assert run["source"] == {
        "link": {"source": "here"},
        "label": "Sessions",
        "kind": "local",
        "stale": False,
        "page": None,
    }
    counts = run["counts"]
    assert (counts["records"], counts["events"], counts["calls"], counts["flagged"]) == (
        len(DOCUMENTS),
        LAST + 1,
        2,
        1,
    )
    assert [(tool["name"], tool["count"]) for tool in counts["tools"]] == [("Bash", 1), ("Edit", 1)]
    assert (run["usage"], run["duration"], run["parent"], run["children"]) == (None, None, None, [])
    assert [row["i"] for row in run["rows"]] == list(range(PAGE))
    assert run["rows"][3]["brief"].startswith("a.py")
    assert run["index"] is None


def test_a_run_opened_at_an_event_comes_with_the_rows_around_it(client: TestClient) -> None:
    run = answered(client, "run.json", event="300")
    assert run["rows"][0]["i"] == run["index"] - PAGE // 2
    assert {row["i"]: row["address"] for row in run["rows"]}[run["index"]] == "300"


def test_a_run_opened_at_an_event_that_is_not_there_comes_from_its_beginning(client: TestClient) -> None:
    run = answered(client, "run.json", event="9999")
    assert (run["index"], run["rows"][0]["i"]) == (None, 0)


def test_a_part_is_opened_by_its_name(client: TestClient) -> None:
    assert answered(client, "run.json", run="two.jsonl", part="2")["parts"] == ["", "2"]


def test_the_demo_says_what_it_is_and_not_where_it_lies(client: TestClient) -> None:
    run = answered(client, "run.json", source="demo", run="pi-kimi.jsonl")
    assert run["note"] == DEMO_NOTE
    assert str(ASSETS) not in orjson.dumps(run).decode()
    assert answered(client, "runs.json", source="demo")["place"] == ""


def test_columns_come_compressed_and_whole(client: TestClient, library: Library) -> None:
    parameters = {"source": "here", "run": "s1.jsonl"}
    with client.stream("GET", "/api/columns", params=parameters) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers["content-type"], answer.headers["content-encoding"]) == ("application/octet-stream", "gzip")
    assert answer.headers["cache-control"] == "no-store"
    assert gzip.decompress(raw) == encode_columns(library.open("here", "s1.jsonl").annotated)


@pytest.mark.parametrize(
    ("wanted", "indices"),
    [
        ("0", [0]),
        ("2-4", [2, 3, 4]),
        ("5,9,20-22", [5, 9, 20, 21, 22]),
        ("3,1", [3, 1]),
        ("4-2", []),
        (f"{LAST}", [LAST]),
        (f"{LAST + 1}", []),
        (f"{LAST}-{LAST + 9}", [LAST]),
        ("99999999999999999999", []),
        (f"0-{LAST}", list(range(PAGE))),
        (f"0-{PAGE - 1},300", list(range(PAGE))),
        ("0-199," * 2_000 + "0", list(range(PAGE))),
    ],
)
def test_rows_are_those_asked_for_and_a_page_at_most(client: TestClient, wanted: str, indices: list[int]) -> None:
    assert [row["i"] for row in answered(client, "events.json", i=wanted)["rows"]] == indices


def test_an_event_comes_with_its_facts_and_blocks(client: TestClient) -> None:
    event = answered(client, "event.json", event="2.2")
    assert (event["i"], event["record"], event["resultRecord"], event["tool"]) == (2, 2, 3, "Bash")
    assert (event["verdict"], event["callId"], event["resultTime"]) == ("error", "t1", 1781277781000)
    assert [block["type"] for block in event["blocks"]] == ["command", "output"]


def test_an_event_is_found_by_the_record_of_its_result(client: TestClient) -> None:
    event = answered(client, "event.json", event="4")
    assert (event["address"], event["duration"], event["agentId"]) == ("2.3", 1_500, "a1")


def test_a_long_body_is_cut_until_all_is_asked_for(client: TestClient) -> None:
    cut = answered(client, "event.json", event="2.3")["blocks"][-1]
    assert (len(cut["text"]), cut["cut"]) == (SHORT, len(LONG))
    whole = answered(client, "event.json", event="2.3", full="1")["blocks"][-1]
    assert whole["text"] == LONG
    assert "cut" not in whole


def test_search_gives_the_indices_of_what_it_finds(client: TestClient) -> None:
    assert answered(client, "search.json", q="NEEDLE")["indices"] == [0]
    assert answered(client, "search.json", q="x" * MAX_QUERY)["indices"] == []


@pytest.mark.parametrize("number", [1, 4, len(DOCUMENTS)])
def test_a_raw_record_is_the_files_own_line(client: TestClient, number: int) -> None:
    answer = client.get("/api/record", params={"source": "here", "run": "s1.jsonl", "record": number})
    assert answer.content == lines_of(DOCUMENTS[number - 1 : number])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def image(client: TestClient, place: str) -> Any:
    return client.get("/api/image", params={"source": "here", "run": "s1.jsonl", "record": 1, "place": place})


def test_an_image_is_the_bytes_in_the_file(client: TestClient) -> None:
    answer = image(client, "message.content.1")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize("place", ["message.content.2", "message.content.0", "message", "x.y", "." * 99, "9" * 5_000])
def test_an_svg_and_what_is_no_image_are_refused(client: TestClient, place: str) -> None:
    assert image(client, place).status_code == 404


def test_every_place_that_an_event_names_opens(client: TestClient) -> None:
    places = [row["place"] for row in answered(client, "event.json", event="1")["blocks"][-1]["images"]]
    assert [image(client, place).status_code for place in places] == [200, 404]


HERE = "source=here&run=s1.jsonl"
ERRORS = [
    ("runs.json", 400, "The parameter source is missing."),
    ("runs.json?source=x", 404, "There is no source 'x' here; there are: here, broken, demo."),
    ("run.json?run=s1.jsonl", 400, "The parameter source is missing."),
    ("run.json?source=here", 400, "The parameter run is missing."),
    ("run.json?source=x&run=s1.jsonl", 404, "There is no source 'x' here; there are: here, broken, demo."),
    ("run.json?source=here&run=gone.jsonl", 404, "gone.jsonl is not a file in Sessions."),
    ("run.json?source=demo&run=gone.jsonl", 404, "gone.jsonl is not a file in Demo race."),
    ("run.json?source=here&run=../../etc/passwd", 404, "../../etc/passwd is not a file in Sessions."),
    ("run.json?source=here&run=/etc/passwd", 404, "/etc/passwd is not a file in Sessions."),
    ("run.json?source=here&run=a%00b", 404, "A path with a NUL character was refused."),
    (f"run.json?{HERE}&part=x", 404, "s1.jsonl holds no run 'x'."),
    ("run.json?source=here&run=empty.jsonl", 422, "empty: the file is empty."),
    ("columns?source=here&run=foreign.jsonl", 422, "foreign: not a trace of a known format"),
    (f"events.json?{HERE}", 400, "The parameter i is missing."),
    (f"events.json?{HERE}&i=x", 400, "i must list indices such as 5,9,20-29, not 'x'."),
    (f"events.json?{HERE}&i=5-", 400, "i must list indices"),
    (f"events.json?{HERE}&i=-5", 400, "i must list indices"),
    (f"events.json?{HERE}&i=1,,2", 400, "i must list indices"),
    (f"events.json?{HERE}&i={'9' * 5_000}", 400, "i must list indices"),
    (f"event.json?{HERE}", 400, "The parameter event is missing."),
    (f"event.json?{HERE}&event=9999", 404, "Event 9999 is not in this run"),
    (f"event.json?{HERE}&event={'9' * 5_000}", 404, "Event 9999"),
    (f"search.json?{HERE}", 400, "The parameter q is missing."),
    (f"search.json?{HERE}&q={'x' * (MAX_QUERY + 1)}", 400, "The search text is longer than 500 characters."),
    (f"record?{HERE}", 400, "The parameter record is missing."),
    (f"record?{HERE}&record=x", 400, "record must be a whole number from 1, not 'x'."),
    (f"record?{HERE}&record=0", 400, "record must be a whole number from 1, not '0'."),
    (f"record?{HERE}&record=-1", 400, "record must be a whole number from 1, not '-1'."),
    (f"record?{HERE}&record={'9' * 5_000}", 400, "record must be a whole number from 1, not '9999"),
    (f"record?{HERE}&record=9999", 404, "s1.jsonl has no record 9999."),
    (f"image?{HERE}&record=1", 400, "The parameter place is missing."),
    (f"image?{HERE}&record=9999&place=a", 404, "s1.jsonl has no record 9999."),
    (f"image?{HERE}&record=1&place=a", 404, "Record 1 holds no image that can be shown at that place."),
    ("run.json?source=broken&run=s1.jsonl", 500, "This could not be answered (RuntimeError)"),
]


@pytest.mark.parametrize(("request_line", "status", "sentence"), ERRORS)
def test_an_error_is_one_sentence_that_tells_nothing_of_the_machine(
    client: TestClient, folder: Path, request_line: str, status: int, sentence: str
) -> None:
    answer = client.get(f"/api/{request_line}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].startswith(sentence)
    assert "\n" not in answer.json()["error"]
    assert str(folder) not in answer.text
    assert str(ASSETS) not in answer.text
    assert "Traceback" not in answer.text


def test_a_route_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/api/nowhere").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_the_routes_only_read(client: TestClient, method: str) -> None:
    assert client.request(method, "/api/sources.json").status_code == 405


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/viewer-assets/js/main.js", "javascript"),
        ("/viewer-assets/css/app.css", "text/css"),
        ("/viewer-assets/icon.svg", "image/svg+xml"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_static_files_come_with_their_type(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0].endswith(kind)


def test_a_trace_nested_as_deep_as_json_may_be_can_be_listed_read_and_searched(tmp_path: Path) -> None:
    deep = "[" * 1_000 + '"needle"' + "]" * 1_000
    names = ("Bash", "Edit", "TodoWrite", "x")
    call = '{"type":"tool_use","id":"%s","name":"%s","input":{"command":%s,"todos":[{"content":%s}]}}'
    content = ",".join(call % (name, name, deep, deep) for name in names)
    record = '{"sessionId":"s1","version":"1","parentUuid":null,"type":"assistant","message":{"content":[%s]}}\n'
    (tmp_path / "s1.jsonl").write_text(record % content)
    client = client_of(Library((folder_source(tmp_path),), SummaryCache(None)))
    assert [row["tool"] for row in answered(client, "run.json")["rows"]] == list(names)
    assert answered(client, "search.json", q="needle")["indices"] == [0, 1, 2, 3]
    for address in ("1", "1.2", "1.3", "1.4"):
        assert answered(client, "event.json", event=address)["blocks"]
