"""The routes of Hub datasets: what they answer, to whom, and that no token and no private line reaches anybody else."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.formats.claude_lines import text, user
from tests.hub import Fault, LocalHub
from tests.smallest import ASSETS, lines_of, settled
from tests.visits import LFS_MIN, REPO, App, HeaderVisitors, Served, counts, session, sessions
from viewer.discover import TAGS
from viewer.sources.hub_client import SIGN_IN
from viewer.web.routes import build_routes
from viewer.web.tokens import KEY, LOGIN, TokenVault
from viewer.web.visitors import Visitors

NO_DATASET = f"There is no dataset ann/traces on the Hub that you may see. If it is private, {SIGN_IN}."
SECRET = "the-private-words"
PNG = base64.b64decode("iVBORw0KGgo=")
PICTURE = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()},
}
RUN = lines_of((user([text(SECRET), PICTURE], sessionId="s1"),))
# Every route that tells something of a run, with what it needs besides the run.
DATA_ROUTES: tuple[tuple[str, dict[str, str]], ...] = (
    ("runs.json", {}),
    ("runs.csv", {}),
    ("run.json", {}),
    ("columns", {}),
    ("events.json", {"i": "0"}),
    ("event.json", {"event": "1"}),
    ("search.json", {"q": SECRET}),
    ("record", {"record": "1"}),
    ("image", {"record": "1", "place": "message.content.1"}),
    ("newest.json", {}),
)


@pytest.fixture
def served(hub: LocalHub, tmp_path: Path) -> Iterator[Served]:
    with closing(App(hub, tmp_path)) as app:
        yield Served(app, HeaderVisitors(loopback=False, login=True))


def read_all(served: Served, token: str | None = None) -> dict[str, Any]:
    """The list of runs once every file has been read."""
    served.json("runs.json", token, repo=REPO)
    settled(served.app.library.listing(served.app.open(token=token).id))
    return dict(served.json("runs.json", token, repo=REPO))


def test_a_dataset_lists_its_runs_with_a_pinned_link(hub: LocalHub, served: Served) -> None:
    sha = hub.add_dataset(REPO, sessions(2)).head.sha
    listing = read_all(served)
    assert (listing["kind"], listing["label"], listing["place"]) == ("hub", REPO, "")
    assert (listing["link"], listing["stale"], listing["pending"]) == ({"repo": REPO, "rev": sha}, False, 0)
    assert [row["title"] for row in listing["rows"]] == ["Task 000", "Task 001"]


def test_a_run_gives_its_pinned_link_and_its_events(hub: LocalHub, served: Served) -> None:
    sha = hub.add_dataset(REPO, {"deep/s1.jsonl": RUN}).head.sha
    page = f"{hub.url}/datasets/{REPO}"
    found = served.json("run.json", repo=REPO, run="deep/s1.jsonl", event="1")
    assert found["source"] == {
        "link": {"repo": REPO, "rev": sha},
        "label": REPO,
        "kind": "hub",
        "stale": False,
        "page": page,
    }
    assert (found["index"], found["path"], len(found["rows"])) == (0, "deep/s1.jsonl", 1)


@pytest.mark.parametrize(("route", "more"), DATA_ROUTES, ids=[route for route, _ in DATA_ROUTES])
def test_every_route_shows_a_run_of_a_pinned_dataset_as_it_was(
    hub: LocalHub, served: Served, route: str, more: dict[str, str]
) -> None:
    sha = hub.add_dataset(REPO, {"s1.jsonl": RUN}).head.sha
    before = served.get(route, repo=REPO, rev=sha, run="s1.jsonl", **more)
    hub.commit(REPO, {"s1.jsonl": session("s1", "Another task")})
    read_all(served)
    if route not in ("runs.json", "runs.csv", "newest.json"):
        assert before == served.get(route, repo=REPO, rev=sha, run="s1.jsonl", **more)
    assert before[0] == 200


def test_opening_a_list_and_a_run_of_it_as_the_page_does_asks_for_everything_once(
    hub: LocalHub, served: Served
) -> None:
    sha = hub.add_dataset(REPO, sessions(3)).head.sha
    read_all(served)
    for _ in range(2):
        served.json("runs.json", repo=REPO, rev=sha)
        served.json("newest.json", repo=REPO)
        served.json("run.json", repo=REPO, rev=sha, run="s001.jsonl")
        served.get("columns", repo=REPO, rev=sha, run="s001.jsonl")
    assert counts(hub) == (1, 1, 3)


def test_a_restarted_app_asks_three_questions_at_most(hub: LocalHub, served: Served, tmp_path: Path) -> None:
    sha = hub.add_dataset(REPO, sessions(3)).head.sha
    read_all(served)
    hub.log.clear()
    again = Served(App(hub, tmp_path), HeaderVisitors(loopback=False, login=True))
    assert again.json("runs.json", repo=REPO, rev=sha)["pending"] == 0
    again.json("newest.json", repo=REPO)
    again.json("run.json", repo=REPO, rev=sha, run="s001.jsonl")
    assert counts(hub) == (2, 0, 0)


def test_the_newest_commit_is_told(hub: LocalHub, served: Served) -> None:
    hub.add_dataset(REPO, sessions(1))
    newest = hub.commit(REPO, sessions(2))
    assert served.json("newest.json", repo=REPO) == {"sha": newest}


@pytest.mark.parametrize("user", [None, "bob"])
@pytest.mark.parametrize(("route", "more"), DATA_ROUTES, ids=[route for route, _ in DATA_ROUTES])
def test_a_private_run_that_its_owner_opened_is_shown_to_nobody_else(
    hub: LocalHub, served: Served, route: str, more: dict[str, str], user: str | None
) -> None:
    sha = hub.add_dataset(REPO, {"s1.jsonl": RUN}, private=True).head.sha
    ann, other = hub.add_token("ann"), hub.add_token(user) if user else None
    read_all(served, ann)
    for rev in ("", sha):
        assert served.get(route, ann, repo=REPO, rev=rev, run="s1.jsonl", **more)[0] == 200
        assert served.error(route, other, repo=REPO, rev=rev, run="s1.jsonl", **more) == (404, NO_DATASET)
        assert served.get(route, ann, repo=REPO, rev=rev, run="s1.jsonl", **more)[0] == 200


@pytest.mark.parametrize(("route", "more"), DATA_ROUTES[:-1], ids=[route for route, _ in DATA_ROUTES[:-1]])
def test_the_key_of_a_dataset_opens_nothing(hub: LocalHub, served: Served, route: str, more: dict[str, str]) -> None:
    hub.add_dataset(REPO, {"s1.jsonl": RUN}, private=True)
    hub.add_dataset("ann/public", {"s1.jsonl": RUN})
    ann = hub.add_token("ann")
    read_all(served, ann)
    served.json("runs.json", repo="ann/public")
    for key in (served.app.open(token=ann).id, served.app.open("ann/public").id):
        status, sentence = served.error(route, ann, source=key, run="s1.jsonl", **more)
        assert (status, sentence.startswith("There is no source")) == (404, True)


def test_a_copy_of_a_private_file_in_another_dataset_tells_nothing_of_the_private_one(
    hub: LocalHub, served: Served
) -> None:
    hub.add_dataset(REPO, {"s1.jsonl": RUN}, private=True)
    hub.add_dataset("bob/public", {"copy.jsonl": RUN})
    ann = hub.add_token("ann")
    read_all(served, ann)
    listing = served.json("runs.json", repo="bob/public")
    assert [row["path"] for row in listing["rows"]] == ["copy.jsonl"]
    assert REPO not in str(listing)


def test_a_dataset_that_became_private_is_shown_to_its_owner_alone(hub: LocalHub, tmp_path: Path) -> None:
    repo = hub.add_dataset(REPO, {"s1.jsonl": RUN})
    served = Served(App(hub, tmp_path, good_for=0), HeaderVisitors(loopback=False, login=True))
    ann = hub.add_token("ann")
    read_all(served)
    read_all(served, ann)
    repo.private = True
    for route, more in DATA_ROUTES:
        assert served.error(route, repo=REPO, run="s1.jsonl", **more) == (404, NO_DATASET)
        assert served.get(route, ann, repo=REPO, run="s1.jsonl", **more)[0] == 200


def test_a_token_is_in_no_answer_no_log_no_address_and_no_file(
    hub: LocalHub, served: Served, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.add_dataset(REPO, {"s1.jsonl": RUN, "large.jsonl": session("s2", size=LFS_MIN)}, private=True, tags=TAGS)
    hub.faults.append(Fault("/resolve/", status=500, times=1))
    ann = hub.add_token("ann")
    read_all(served, ann)
    bodies = [served.get(route, ann, repo=REPO, run="s1.jsonl", **more)[1] for route, more in DATA_ROUTES]
    bodies += [served.get(route, ann)[1] for route in ("hub.json", "me.json", "sources.json")]
    bodies += [served.get("run.json", ann, repo=REPO, run="gone.jsonl")[1]]
    # A login that the Hub no longer accepts is in no sentence and no log either.
    hub.tokens.clear()
    bodies += [served.get("runs.json", ann, repo=REPO, rev="main")[1]]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert SECRET.encode() in b"".join(files)  # what is kept was looked at
    assert not [body for body in (*bodies, *files) if ann.encode() in body]
    assert not [path for path in tmp_path.rglob("*") if ann in path.name]
    assert not [entry for entry in hub.log if ann in entry.path + entry.query]
    assert caplog.records
    assert ann not in caplog.text


@pytest.mark.parametrize("route", ["runs.json", "newest.json", "hub.json"])
def test_a_hub_that_is_down_is_said_in_a_sentence(hub: LocalHub, served: Served, route: str) -> None:
    hub.stop()
    try:
        status, sentence = served.error(route, repo=REPO)
    finally:
        hub.start()
    assert status == 404
    assert sentence == "The Hub is out of reach. Check the network; what was kept is still here."


@pytest.mark.parametrize("loopback", [True, False])
def test_with_the_hub_down_its_list_is_what_was_opened_before_on_the_readers_own_machine(
    hub: LocalHub, tmp_path: Path, loopback: bool
) -> None:
    hub.add_dataset(REPO, sessions(1))
    hub.add_dataset("ann/private", sessions(1), private=True)
    app = App(hub, tmp_path)
    app.open()
    app.open("ann/private", token=hub.add_token("ann"))
    hub.faults.append(Fault("", status=503))
    status, body = Served(app, HeaderVisitors(loopback=loopback, login=True)).get("hub.json")
    if loopback:
        answer = orjson.loads(body)
        assert [row["repo"] for row in answer["datasets"]] == [REPO]
        assert answer["failure"].startswith("The Hub has a problem of its own")
    assert status == (200 if loopback else 404)


def test_with_the_hub_down_what_was_kept_is_shown_marked_stale(hub: LocalHub, served: Served, tmp_path: Path) -> None:
    sha = hub.add_dataset(REPO, sessions(2)).head.sha
    titles = [row["title"] for row in read_all(served)["rows"]]
    hub.stop()
    try:
        again = Served(App(hub, tmp_path), HeaderVisitors(loopback=False, login=True))
        listing = again.json("runs.json", repo=REPO)
        assert (listing["stale"], [row["title"] for row in listing["rows"]]) == (True, titles)
        run = again.json("run.json", repo=REPO, rev=sha, run="s001.jsonl")
        assert (run["source"]["stale"], len(run["rows"])) == (True, 2)
    finally:
        hub.start()


def test_a_run_that_is_open_is_marked_stale_only_while_the_hub_is_down(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1))
    served = Served(App(hub, tmp_path, good_for=0), HeaderVisitors(loopback=True, login=False))

    def stale() -> bool:
        return bool(served.json("run.json", repo=REPO, run="s000.jsonl")["source"]["stale"])

    assert not stale()
    hub.faults.append(Fault("", status=503))
    assert stale()
    hub.faults.clear()
    assert not stale()


@pytest.mark.parametrize(
    ("parameters", "status", "sentence"),
    [
        ({}, 400, "The parameter source is missing."),
        ({"repo": ""}, 400, "The parameter repo is missing."),
        ({"repo": "ann"}, 404, "'ann' is not a dataset's name: owner/name."),
        ({"repo": REPO, "rev": "../x"}, 404, "'ann/traces' at '../x' is not a dataset's name and revision."),
        ({"repo": REPO, "rev": "v9"}, 404, f"{REPO} has no revision 'v9'. Leave the revision out to see the newest."),
        ({"repo": "ann/gone"}, 404, NO_DATASET.replace("traces", "gone")),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_sentence(
    hub: LocalHub, served: Served, parameters: dict[str, str], status: int, sentence: str
) -> None:
    hub.add_dataset(REPO, sessions(1))
    assert served.error("runs.json", **parameters) == (status, sentence)


def test_a_run_that_a_commit_does_not_hold_is_said_with_what_it_holds(hub: LocalHub, served: Served) -> None:
    sha = hub.add_dataset(REPO, sessions(2)).head.sha
    status, sentence = served.error("run.json", repo=REPO, run="gone.jsonl")
    assert (status, sentence) == (404, f"gone.jsonl is not in {REPO} at {sha[:7]}, which has 2 runs.")


def test_datasets_are_found_for_the_visitor(hub: LocalHub, served: Served) -> None:
    hub.add_dataset("ann/private", tags=TAGS, private=True).likes = 2
    hub.add_dataset("ann/public", tags=TAGS).likes = 1
    ann = hub.add_token("ann")
    own = served.json("hub.json", ann, sort="likes", author="ann", search="p")["datasets"]
    assert [row["repo"] for row in own] == ["ann/private", "ann/public"]
    assert [row["repo"] for row in served.json("hub.json")["datasets"]] == ["ann/public"]
    assert served.error("hub.json", sort="size") == (
        400,
        "sort must be one of trendingScore, likes, lastModified, downloads.",
    )


def test_a_name_or_address_is_read(hub: LocalHub, served: Served) -> None:
    address = f"{hub.url}/datasets/{REPO}/blob/v1/deep/s1.jsonl"
    assert served.json("reference.json", text=address) == {"repo": REPO, "rev": "v1", "run": "deep/s1.jsonl"}
    assert served.json("reference.json", text=REPO) == {"repo": REPO, "rev": "", "run": ""}
    assert hub.log == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "The parameter text is missing."),
        ("hello", "'hello' names no dataset: write owner/name, or paste its address on the Hub."),
        ("x" * 999, f"'{'x' * 80}' names no dataset: write owner/name, or paste its address on the Hub."),
    ],
)
def test_what_names_no_dataset_is_said(served: Served, words: str, sentence: str) -> None:
    assert served.error("reference.json", text=words) == (400, sentence)


VAULT = TokenVault()


def login(token: str = "", **more: Any) -> dict[str, Any]:
    tomorrow = time.time() + 86_400  # a session made as tests are collected still holds when the last of them runs
    info = {KEY: VAULT.keep(token or "hf_made_up", tomorrow), "expires_at": tomorrow}
    return {LOGIN: info | {"userinfo": {"preferred_username": "ann"}} | more}


@pytest.mark.parametrize(
    ("session", "name"),
    [
        (None, None),
        ({}, None),
        (login(), "ann"),
        (login(expires_at=time.time() - 60), None),
        (login(userinfo=None), None),
        (login(**{KEY: "another"}), None),
        ({LOGIN: "hf_made_up"}, None),
    ],
)
def test_who_is_signed_in_is_told_without_the_token(
    hub: LocalHub, tmp_path: Path, session: dict[str, Any] | None, name: str | None
) -> None:
    served = Served(App(hub, tmp_path), Visitors(loopback=False, login=True, vault=VAULT), session)
    assert served.json("me.json") == {"name": name, "login": True, "machine": False}


def test_the_hub_is_asked_with_the_token_of_the_session_until_that_ends(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1), private=True)
    ann = hub.add_token("ann")
    visitors = Visitors(loopback=False, login=True, vault=VAULT)
    app = App(hub, tmp_path)
    assert Served(app, visitors, login(ann)).get("runs.json", repo=REPO)[0] == 200
    ended = login(ann, expires_at=time.time() - 1)
    assert Served(app, visitors, ended).error("runs.json", repo=REPO) == (404, NO_DATASET)


def test_the_token_of_this_machine_is_used_on_loopback_alone(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_dataset(REPO, sessions(1), private=True)
    monkeypatch.setenv("HF_TOKEN", hub.add_token("ann"))
    app = App(hub, tmp_path)
    assert Served(app, Visitors(loopback=True, login=False)).get("runs.json", repo=REPO)[0] == 200
    assert Served(app, Visitors(loopback=False, login=False)).get("runs.json", repo=REPO)[0] == 404


def test_an_app_without_the_hub_says_so(served: Served) -> None:
    routes = build_routes(served.app.library, ASSETS)
    client = TestClient(Starlette(routes=routes))
    answer = client.get("/api/runs.json", params={"repo": REPO})
    assert (answer.status_code, answer.json()["error"]) == (400, "This app was started without the Hub.")
