"""Bringing, reviewing and publishing by the routes: two visitors, each in a browser of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from tests.formats.claude_lines import said, text, user
from tests.hub import LocalHub
from tests.hub.client import only_loopback
from tests.smallest import ASSETS, lines_of
from tests.visits import HeaderVisitors, until
from viewer.library import Library
from viewer.publish.jobs import Jobs
from viewer.sources.upload import Limits, Uploads
from viewer.summary_cache import SummaryCache
from viewer.web.guard import Guard
from viewer.web.publish_routes import PublishApi
from viewer.web.routes import build_routes
from viewer.web.upload_routes import UploadApi
from viewer.web.writing import COOKIE

PAGE = {"x-trace-viewer": "page"}
TOKEN = "gl" + "pat-Q7xw2ZkV9fLmB3tRyPqa"
TRACE = lines_of([user(f"Use {TOKEN} as it is"), said(text("Done."))])


class Visitor:
    """One browser."""

    def __init__(self, app: Starlette, token: str = "") -> None:
        headers = {"x-token": token} if token else {}
        self.client = TestClient(app, base_url="http://localhost:7860", headers=headers, raise_server_exceptions=False)

    def get(self, path: str, **parameters: str) -> Response:
        return self.client.get(f"/api/{path}", params=parameters)

    def post(self, path: str, **body: Any) -> Response:
        return self.client.post(f"/api/{path}", json=body, headers=PAGE)

    def json(self, path: str, **body: Any) -> Any:
        answer = self.post(path, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def bring(self, **files: bytes) -> str:
        """Bring files by their name without suffix; returns the upload's key."""
        upload = str(self.json("upload/start")["upload"])
        for name, data in files.items():
            assert self.put(upload, f"p/{name}.jsonl", data).status_code == 200
        return upload

    def put(self, upload: str, path: str, data: bytes, **headers: str) -> Response:
        where = {"upload": upload, "path": path}
        return self.client.put("/api/upload/file", params=where, content=data, headers={**PAGE, **headers})

    def settled(self, review: str) -> Any:
        """A review when nothing works on it."""
        until(lambda: not self.get("review.json", review=review).json()["busy"])
        return self.get("review.json", review=review).json()

    def reviewed(self, source: str) -> Any:
        """A review of a source, scanned."""
        return self.settled(self.json("review/start", source=source)["review"])


class Served:
    """The routes with a library, uploads and reviews of their own."""

    def __init__(self, folder: Path, endpoint: str | None = None, limits: Limits | None = None) -> None:
        self.library = Library((), SummaryCache(None))
        jobs = Jobs(folder, endpoint=endpoint)
        self.uploads = Uploads(limits)
        api = UploadApi(self.uploads, self.library, jobs.forget_source)
        publishing = PublishApi(jobs, api, self.library, HeaderVisitors(loopback=False, login=True))
        routes = [*build_routes(self.library, ASSETS, None, api), *api.routes(), *publishing.routes()]
        self.app = Starlette(routes=routes, middleware=[Middleware(Guard, loopback=True)])

    def visitor(self, token: str = "") -> Visitor:
        return Visitor(self.app, token)


@pytest.fixture(scope="module")
def served(engine_folder: Path) -> Served:
    return Served(engine_folder)


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    with only_loopback(), LocalHub() as running:
        yield running


def test_what_one_visitor_brings_another_never_sees(served: Served) -> None:
    ann, bob = served.visitor(), served.visitor()
    upload = ann.bring(s1=TRACE)
    review = ann.reviewed(upload)
    bob.bring(other=TRACE)
    assert [row["path"] for row in ann.get("runs.json", source=upload).json()["rows"]] == ["p/s1.jsonl"]
    assert upload not in bob.get("uploads.json").text
    finding = review["kinds"][0]["findings"][0]["id"]
    run = {"source": upload, "run": "p/s1.jsonl"}
    asked = [
        bob.get("runs.json", source=upload),
        bob.get("run.json", **run),
        bob.get("record", **run, record="1"),
        bob.get("event.json", **run, event="1"),
        bob.get("review.json", source=upload),
        bob.get("review.json", review=review["review"]),
        bob.client.get(
            f"/api/review.json?review={review['review']}", headers={b"cookie": f"{COOKIE}={'é' * 30}".encode()}
        ),
        bob.get("finding.json", review=review["review"], finding=finding),
        bob.get("redacted.json", review=review["review"], run="p/s1.jsonl"),
        bob.put(upload, "p/x.jsonl", TRACE),
        bob.post("upload/forget", upload=upload),
        bob.post("review/start", source=upload),
        bob.post("review/decide", review=review["review"], findings=[finding], action="redact"),
        bob.post("review/forget", review=review["review"]),
        bob.post("compare.json", of=[upload]),
    ]
    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert not any("s1" in answer.text or TOKEN in answer.text for answer in asked)
    assert ann.get("run.json", **run).status_code == 200


def test_the_cookie_is_for_this_server_s_requests_alone(served: Served) -> None:
    visitor = served.visitor()
    plain = visitor.post("upload/start").headers["set-cookie"]
    assert plain.endswith("; Path=/; HttpOnly; SameSite=Strict")
    other = served.visitor()
    answer = other.client.post("/api/upload/start", headers={**PAGE, "x-forwarded-proto": "https"})
    assert answer.headers["set-cookie"].endswith("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")


def test_a_change_needs_the_page_and_its_own_site(served: Served) -> None:
    visitor = served.visitor()
    assert visitor.client.post("/api/upload/start").status_code == 400
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert visitor.client.post("/api/upload/start", headers={**PAGE, **headers}).status_code == 403
        assert visitor.put("upload-x", "a.jsonl", TRACE, **headers).status_code == 403
    upload = visitor.bring()
    where = {"upload": upload, "path": "a.jsonl"}
    assert visitor.client.put("/api/upload/file", params=where, content=TRACE).status_code == 400
    assert visitor.client.get("/api/upload/start").status_code == 405


def test_each_file_that_is_refused_has_its_reason_and_the_rest_is_kept(served: Served) -> None:
    visitor = served.visitor()
    upload = visitor.bring(s1=TRACE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("z/s2.jsonl", TRACE)
        archive.writestr("z/foreign.json", b'{"name": "x", "version": 1}')
    for path, data in (
        ("../up.jsonl", TRACE),
        ("p/s1.jsonl", TRACE),
        ("p/words.jsonl", b"no json at all\n"),
        ("p/empty.jsonl", b""),
        ("all.zip", packed.getvalue()),
    ):
        answer = visitor.put(upload, path, data)
        assert answer.status_code == 200
    facts = answer.json()
    assert facts["files"] == 2
    assert {each["name"]: each["reason"] for each in facts["refused"]} == {
        "../up.jsonl": "its name leads out of its folder",
        "p/s1.jsonl": "there is already a file with this name",
        "p/words.jsonl": "It holds no record that can be read.",
        "p/empty.jsonl": "It holds no record that can be read.",
        "z/foreign.json": "It holds no trace of a known format.",
    }


def test_a_file_past_a_limit_is_refused_while_it_comes(engine_folder: Path) -> None:
    served = Served(engine_folder, limits=Limits(file=2**20, total=2**21))
    visitor = served.visitor()
    upload = visitor.bring()
    answer = visitor.put(upload, "big.jsonl", bytes(3 * 2**20)).json()
    assert answer["refusedNow"] == [{"name": "big.jsonl", "reason": "it is larger than 1 MB"}]
    assert (answer["files"], answer["bytes"]) == (0, 0)


def test_a_forgotten_upload_is_gone_with_its_runs_and_its_review(served: Served) -> None:
    visitor = served.visitor()
    upload = visitor.bring(s1=TRACE)
    review = visitor.reviewed(upload)["review"]
    visitor.json("upload/forget", upload=upload)
    assert visitor.get("runs.json", source=upload).status_code == 404
    assert visitor.get("review.json", review=review).status_code == 404
    assert visitor.get("uploads.json").json()["uploads"] == []


def test_an_upload_that_expires_takes_its_runs_and_its_review_along(engine_folder: Path) -> None:
    now = [0.0]
    served = Served(engine_folder)
    served.uploads.clock = lambda: now[0]
    visitor = served.visitor()
    upload = visitor.bring(s1=TRACE)
    review = visitor.reviewed(upload)["review"]
    now[0] = served.uploads.limits.kept + 1
    assert visitor.get("runs.json", source=upload).status_code == 404
    assert visitor.get("review.json", review=review).status_code == 404


def test_a_comparison_with_a_secret_is_not_sent_along(engine_folder: Path, hub: LocalHub) -> None:
    visitor = Served(engine_folder, hub.url).visitor(hub.add_token("ann"))
    review = visitor.reviewed(visitor.bring(s1=TRACE))
    name = review["review"]
    visitor.json("review/decide", review=name, undecided=True, action="redact")
    visitor.json("review/build", review=name)
    digest = visitor.settled(name)["built"]["digest"]
    other = "title: gl" + "pat-A1xw2ZkV9fLmB3tRyPqb"
    form = {"review": name, "repo": "ann/noted", "licence": "mit", "digest": digest}
    answer = visitor.post("review/publish", **form, comparison=other)
    assert (answer.status_code, "looks like a secret" in answer.text) == (400, True)
    visitor.json("review/publish", **form, comparison=f"title: {TOKEN}")
    assert visitor.settled(name)["stage"] == "published"
    assert hub.repo("ann/noted").head.files["comparison.yaml"].data == b"title: '[TOKEN_1]'\n"


def test_an_upload_can_be_compared(served: Served) -> None:
    visitor = served.visitor()
    upload = visitor.bring(s1=TRACE, s2=TRACE.replace(b"Done", b"Gone"))
    until(lambda: visitor.get("runs.json", source=upload).json()["pending"] == 0)
    answer = visitor.post("compare.json", of=[upload])
    assert answer.status_code == 200
    assert "upload:" not in answer.text  # the key of what is in memory stays there


def test_found_texts_are_masked_until_they_are_asked_for(served: Served) -> None:
    visitor = served.visitor()
    review = visitor.reviewed(visitor.bring(s1=TRACE))
    assert TOKEN not in str(review)
    finding = review["kinds"][0]["findings"][0]
    assert (finding["text"], finding["action"]) == ("glpa…qa (26 characters)", None)
    place = {"review": review["review"], "finding": finding["id"]}
    assert TOKEN not in visitor.get("finding.json", **place).text
    shown = visitor.get("finding.json", **place, show="1").json()
    assert shown["places"] == [{"run": "p/s1.jsonl", "record": 1, "around": f'message.content="Use {TOKEN} as it is"'}]
    assert TOKEN in visitor.get("review.json", review=review["review"], show="1").text


def test_a_review_is_decided_built_and_published_as_it_was_shown(engine_folder: Path, hub: LocalHub) -> None:
    served = Served(engine_folder, hub.url)
    visitor = served.visitor(hub.add_token("ann"))
    review = visitor.reviewed(visitor.bring(s1=TRACE, s2=TRACE))
    name, kind = review["review"], review["kinds"][0]["kind"]
    early = visitor.post("review/build", review=name)
    assert (early.status_code, early.json()["error"]) == (400, "1 finding has no decision yet.")
    assert visitor.post("review/decide", review=name, kind=kind, action="ignore").status_code == 400
    visitor.json("review/decide", review=name, kind=kind, action="redact")
    visitor.json("review/runs", review=name, leftOut=["p/s2.jsonl"])
    changed = visitor.get("redacted.json", review=name, run="p/s1.jsonl").json()
    assert changed["pairs"] == [
        {"where": "message.content", "before": f"Use {TOKEN} as it is", "after": "Use [TOKEN_1] as it is"}
    ]
    visitor.json("review/build", review=name)
    built = visitor.settled(name)["built"]
    assert [file["path"] for file in built["files"]] == ["traces/p/s1.jsonl"]
    form = {"review": name, "repo": "ann/shown", "licence": "mit"}
    assert "not the files that were shown" in visitor.post("review/publish", **form, digest="x").text
    visitor.json("review/publish", **form, digest=built["digest"])
    done = visitor.settled(name)
    assert (done["stage"], done["error"]) == ("published", "")
    repo = hub.repo("ann/shown")
    assert done["published"]["rev"] == repo.head.sha
    assert sorted(repo.head.files) == [".gitattributes", "README.md", "traces/p/s1.jsonl"]
    assert TOKEN.encode() not in repo.head.files["traces/p/s1.jsonl"].data


def test_a_refused_publication_keeps_the_files_and_says_why(engine_folder: Path, hub: LocalHub) -> None:
    served = Served(engine_folder, hub.url)
    visitor = served.visitor(hub.add_token("bob"))
    review = visitor.reviewed(visitor.bring(s1=TRACE))
    name = review["review"]
    visitor.json("review/decide", review=name, kind=review["kinds"][0]["kind"], action="redact")
    visitor.json("review/build", review=name)
    built = visitor.settled(name)["built"]
    visitor.json("review/publish", review=name, repo="ann/not-bobs", licence="mit", digest=built["digest"])
    after = visitor.settled(name)
    assert after["error"].startswith("You may not write to ann/not-bobs")
    assert (after["stage"], after["built"]) == ("built", built)
    nobody = Visitor(served.app)
    nobody.client.cookies = visitor.client.cookies
    answer = nobody.post("review/publish", review=name, repo="ann/x", licence="mit", digest=built["digest"])
    assert answer.json()["error"].startswith("Sign in first")


def test_a_word_is_added_and_one_that_is_nowhere_is_said(served: Served) -> None:
    visitor = served.visitor()
    name = visitor.reviewed(visitor.bring(s1=TRACE))["review"]
    after = visitor.json("review/word", review=name, text="done", regex=False)
    assert [finding["action"] for finding in after["kinds"][0]["findings"]] == ["redact"]
    assert "stands in none of these runs" in visitor.post("review/word", review=name, text="zanzibar").text
    assert visitor.get("review.json", review=name).json()["words"] == [{"text": "done", "regex": False}]
    assert "is not a pattern of RE2" in visitor.post("review/word", review=name, text="(abc", regex=True).text


def test_what_is_neither_brought_nor_of_this_machine_is_not_reviewed(served: Served) -> None:
    assert served.visitor().get("review.json", source="demo").status_code == 404
