"""Opening a Hub dataset: what it costs, which commit it shows, who may see it, and what is left without the Hub."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.hub import Fault, LocalHub
from tests.smallest import LONGEST_WAIT
from tests.visits import LFS_MIN, REPO, App, counts, session, sessions
from viewer.sources.contract import SourceError
from viewer.sources.hub_client import SIGN_IN, HubUnreachableError

NO_DATASET = f"There is no dataset ann/traces on the Hub that you may see. If it is private, {SIGN_IN}."
NOT_LET_IN = "ann/traces is gated: ask for access on its page on the Hub."
GATED = f"ann/traces is gated: {SIGN_IN}, and ask for access on its page on the Hub."


@pytest.fixture
def app(hub: LocalHub, tmp_path: Path) -> App:
    """The app, which asks the Hub at each opening."""
    return App(hub, tmp_path, good_for=0)


def refusal(app: App, rev: str = "", token: str | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        app.open(rev=rev, token=token)
    return str(caught.value)


def forget(hub: LocalHub) -> None:
    hub.log.clear()


def test_a_first_visit_asks_for_the_facts_the_tree_and_each_file_and_the_card_once(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(5) | {"large.jsonl": session("large", size=LFS_MIN)}, card="# Traces")
    rows = app.rows()
    assert {row["state"] for row in rows.values()} == {"ready"}
    assert len(rows) == 6
    # The card is one of the files.
    assert counts(hub) == (1, 1, 7)


def test_a_tree_of_several_pages_is_asked_for_page_by_page(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(5))
    hub.page_size = 2
    assert len(app.rows()) == 5
    assert counts(hub) == (1, 3, 5)


def test_an_unchanged_second_visit_asks_for_the_facts_alone(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(5))
    before = App(hub, tmp_path).rows()
    forget(hub)
    again = App(hub, tmp_path)
    assert again.rows() == before
    assert again.read("s000.jsonl") == session("s000", "Task 000")
    assert counts(hub) == (1, 0, 0)


def test_a_second_visit_after_a_commit_of_one_file_asks_for_that_file(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(5))
    App(hub, tmp_path).rows()
    hub.commit(REPO, {"s003.jsonl": session("s003", "Another task")})
    forget(hub)
    assert App(hub, tmp_path).rows()["s003.jsonl"]["title"] == "Another task"
    assert counts(hub) == (1, 1, 1)


def test_a_file_that_only_moved_is_not_fetched_again(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(2))
    App(hub, tmp_path).rows()
    hub.commit(REPO, {"s001.jsonl": None, "moved/s001.jsonl": sessions(2)["s001.jsonl"]})
    forget(hub)
    assert App(hub, tmp_path).rows()["moved/s001.jsonl"]["title"] == "Task 001"
    assert counts(hub) == (1, 1, 0)


def test_the_commit_that_was_told_can_be_asked_for_without_another_question(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1))
    app = App(hub, tmp_path)
    sha = app.open().facts.sha
    assert app.open(rev=sha) is app.open() is app.open(rev=sha)
    assert counts(hub) == (1, 1, 0)


def test_a_page_that_asks_for_several_things_at_once_has_the_hub_asked_once(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1))
    fault = Fault("/api/datasets/", hold=threading.Event())
    hub.faults.append(fault)
    app = App(hub, tmp_path)
    opened: list[object] = []
    askers = [threading.Thread(target=lambda: opened.append(app.open())) for _ in range(3)]
    for asker in askers:
        asker.start()
    assert fault.begun.wait(LONGEST_WAIT) and fault.hold is not None
    fault.hold.set()
    for asker in askers:
        asker.join()
    assert len(set(map(id, opened))) == 1
    assert counts(hub) == (1, 1, 0)


def test_those_who_ask_at_once_get_one_error(hub: LocalHub, app: App) -> None:
    fault = Fault("/api/datasets/", hold=threading.Event())
    hub.faults.append(fault)
    said: list[str] = []
    askers = [threading.Thread(target=lambda: said.append(refusal(app))) for _ in range(3)]
    askers[0].start()
    assert fault.begun.wait(LONGEST_WAIT) and fault.hold is not None
    for asker in askers[1:]:
        asker.start()
    # Whoever has come by now waits for the same answer; who comes later asks anew, and is refused as well.
    fault.hold.set()
    for asker in askers:
        asker.join()
    assert said == [NO_DATASET] * 3


def test_a_private_dataset_is_kept_in_memory_alone(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(2), private=True)
    ann = hub.add_token("ann")
    app = App(hub, tmp_path)
    assert len(app.rows(token=ann)) == len(app.rows(token=ann)) == 2
    assert counts(hub) == (1, 1, 2)
    assert not any((tmp_path / "hub" / "listings").rglob("*"))


def test_an_open_dataset_keeps_its_commit_while_the_newest_moves(hub: LocalHub, app: App) -> None:
    repo = hub.add_dataset(REPO, {"a.jsonl": session("a", "Old")})
    old = repo.head.sha
    first = app.open()
    new = hub.commit(REPO, {"a.jsonl": session("a", "New"), "b.jsonl": session("b")})
    assert (first.facts.sha, first.link) == (old, {"repo": REPO, "rev": old})
    assert app.rows(rev=old)["a.jsonl"]["title"] == "Old"
    assert app.rows()["a.jsonl"]["title"] == "New"
    assert app.open().facts.sha == new
    with first.open("a.jsonl") as file:
        assert file.read() == session("a", "Old")
    assert list(app.rows(rev=old)) == ["a.jsonl"]


def test_branches_and_tags_lead_to_their_commit(hub: LocalHub, app: App) -> None:
    repo = hub.add_dataset(REPO, sessions(1))
    sha = repo.head.sha
    hub.commit(REPO, sessions(2))
    repo.refs |= {"refs/tags/v1": sha, "refs/pr/1": sha}
    assert [app.open(rev=rev).facts.sha for rev in ("v1", "refs/pr/1")] == [sha, sha]
    assert refusal(app, "v2") == f"{REPO} has no revision 'v2'. Leave the revision out to see the newest."


def test_a_renamed_dataset_opens_under_its_old_name_and_gives_its_new_one(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(2))
    hub.rename(REPO, "ann/better")
    dataset = app.open()
    assert (dataset.label, dataset.link["repo"]) == ("ann/better", "ann/better")
    assert len(app.rows()) == 2


@pytest.mark.parametrize(
    ("repo", "rev"), [("", ""), ("ann", ""), ("../etc/passwd", ""), ("ann/a--b", ""), (REPO, "../x"), (REPO, "a b")]
)
def test_what_is_no_name_is_not_asked_for(hub: LocalHub, app: App, repo: str, rev: str) -> None:
    with pytest.raises(SourceError, match="is not a dataset's name"):
        app.open(repo, rev)
    assert hub.log == []


def test_a_private_dataset_is_its_owners_alone(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(2), private=True)
    ann, bob = hub.add_token("ann"), hub.add_token("bob")
    assert len(app.rows(token=ann)) == 2
    assert refusal(app) == refusal(app, token=bob) == NO_DATASET
    hub.repo(REPO).readers.add("bob")
    assert len(app.rows(token=bob)) == 2
    assert app.open(token=ann).id != app.open(token=bob).id


def test_neither_token_nor_owner_can_be_told_from_the_key_of_a_source(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1), private=True)
    ann = hub.add_token("ann")
    keys = {App(hub, tmp_path).open(token=ann).id for _ in range(2)}
    assert len(keys) == 2
    assert not any(ann in key or ":public:" in key for key in keys)


@pytest.mark.parametrize("gate", ["auto", "manual"])
def test_a_gated_dataset_opens_for_those_who_were_let_in(hub: LocalHub, app: App, gate: str) -> None:
    # An empty file is the smallest, and has no byte that could be asked for.
    repo = hub.add_dataset(REPO, sessions(2) | {"empty.txt": b""}, gated="auto" if gate == "auto" else "manual")
    bob = hub.add_token("bob")
    assert (refusal(app), refusal(app, token=bob)) == (GATED, NOT_LET_IN)
    assert sum(entry.sent for entry in hub.asked("/resolve/") if entry.status < 400) == 0
    repo.readers.add("bob")
    assert len(app.rows(token=bob)) == 2
    assert refusal(app) == GATED


@pytest.mark.parametrize("gated", [False, True])
def test_access_that_was_taken_back_is_noticed(hub: LocalHub, app: App, gated: bool) -> None:
    repo = hub.add_dataset(REPO, sessions(1), private=not gated, gated="manual" if gated else None, readers=["bob"])
    bob = hub.add_token("bob")
    sha = app.open(token=bob).facts.sha
    repo.readers.clear()
    sentence = NOT_LET_IN if gated else NO_DATASET
    assert refusal(app, token=bob) == refusal(app, sha, bob) == sentence


def test_access_that_was_taken_back_is_noticed_after_a_while(hub: LocalHub, tmp_path: Path) -> None:
    repo = hub.add_dataset(REPO, sessions(1), private=True, readers=["bob"])
    bob = hub.add_token("bob")
    app = App(hub, tmp_path, good_for=3600)
    first = app.open(token=bob)
    repo.readers.clear()
    assert app.open(token=bob) is first
    assert counts(hub) == (1, 1, 0)


def test_a_token_that_was_taken_back_is_to_sign_in_again(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(1))
    bob = hub.add_token("bob")
    app.open(token=bob)
    hub.tokens.clear()
    assert refusal(app, token=bob) == "The Hub does not accept this login. Sign in again."


def test_with_the_hub_down_an_open_dataset_stays_marked_stale(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(3))
    before = app.rows()
    hub.stop()
    try:
        listing = app.listing()
        assert (listing["stale"], {row["path"]: row for row in listing["rows"]}) == (True, before)
        assert app.read("s001.jsonl") == session("s001", "Task 001")
    finally:
        hub.start()
    assert app.listing()["stale"] is False


@pytest.mark.parametrize(
    "fault", [Fault("", status=500), Fault("", status=429), Fault("", cut=True)], ids=["error", "asks to wait", "cut"]
)
def test_with_the_hub_in_trouble_a_new_process_shows_what_was_kept(hub: LocalHub, tmp_path: Path, fault: Fault) -> None:
    sha = hub.add_dataset(REPO, sessions(3)).head.sha
    before = App(hub, tmp_path).rows()
    hub.faults.append(fault)
    forget(hub)
    app = App(hub, tmp_path)
    listing = app.listing()
    assert (listing["stale"], listing["link"]) == (True, {"repo": REPO, "rev": sha})
    # When the dataset changed is not kept.
    assert {row["path"]: row["title"] for row in listing["rows"]} == {path: before[path]["title"] for path in before}
    assert app.read("s001.jsonl", rev=sha) == session("s001", "Task 001")
    assert len(hub.log) == 1


def test_a_hub_that_is_back_is_asked_again_soon(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1))
    App(hub, tmp_path).open()
    app = App(hub, tmp_path, good_for=3600, stale_for=0)
    hub.faults.append(Fault("", status=503))
    assert app.open().stale
    hub.faults.clear()
    assert not app.open().stale
    asked = len(hub.log)
    app.open()
    assert len(hub.log) == asked


def test_what_was_not_fetched_before_is_said_to_be_out_of_reach(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1))
    App(hub, tmp_path).open()
    hub.stop()
    try:
        app = App(hub, tmp_path)
        row = app.rows()["s000.jsonl"]
        assert row["error"] == "The Hub is out of reach. Check the network; what was kept is still here."
        with pytest.raises(HubUnreachableError):
            app.open("ann/never-seen")
        with pytest.raises(HubUnreachableError):
            app.open(rev="a-branch")
    finally:
        hub.start()


def test_without_the_hub_the_newest_that_was_seen_is_shown_not_the_last_opened(hub: LocalHub, tmp_path: Path) -> None:
    old = hub.add_dataset(REPO, sessions(1)).head.sha
    new = hub.commit(REPO, sessions(2))
    app = App(hub, tmp_path)
    assert (app.open().facts.sha, app.open(rev=old).facts.sha) == (new, old)
    hub.faults.append(Fault("", status=503))
    again = App(hub, tmp_path)
    assert (again.open().facts.sha, again.open(rev=old).facts.sha) == (new, old)


def test_without_the_hub_a_private_dataset_stays_with_who_opened_it(hub: LocalHub, app: App, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(1), private=True)
    ann, bob = hub.add_token("ann"), hub.add_token("bob")
    app.rows(token=ann)
    hub.faults.append(Fault("", status=503))
    assert app.listing(token=ann)["stale"]
    trouble = "The Hub has a problem of its own (status 503). Try again in a moment."
    assert refusal(app) == refusal(app, token=bob) == trouble
    # Who had access is in memory alone.
    again = App(hub, tmp_path)
    assert refusal(again) == refusal(again, token=bob) == refusal(again, token=ann) == trouble


@pytest.mark.parametrize("who", ["ann", "bob", None])
def test_a_dataset_that_became_private_is_shown_to_nobody_else_without_the_hub(
    hub: LocalHub, tmp_path: Path, who: str | None
) -> None:
    repo = hub.add_dataset(REPO, sessions(1))
    app = App(hub, tmp_path, good_for=0)
    bob = hub.add_token("bob")
    app.rows(token=bob)
    app.rows()
    repo.private = True
    # Whoever asks first tells that it is no longer public.
    if who == "ann":
        app.open(token=hub.add_token("ann"))
    else:
        refusal(app, token=bob if who else None)
    hub.faults.append(Fault("", status=503))
    for later in (app, App(hub, tmp_path)):
        assert "The Hub has a problem of its own" in refusal(later) == refusal(later, token=bob)
