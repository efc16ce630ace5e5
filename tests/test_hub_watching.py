"""Reading goes on while somebody looks at the list: stopped by one, it goes on for another, and ends with the last."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.hub import Fault, LocalHub
from tests.smallest import settled
from tests.visits import REPO, App, HeaderVisitors, Served, emptied, session, sessions, until
from viewer import scan
from viewer.scan import Scan
from viewer.sources import hub_client
from viewer.sources.hub_listing import HubLimits

MANY = 40


class Held:
    """A list whose first files are on their way, and stay there until they are let go."""

    def __init__(self, hub: LocalHub, app: App, watcher: str) -> None:
        hub.add_dataset(REPO, sessions(MANY))
        self.go_on = threading.Event()
        self.fault = Fault("/resolve/", hold=self.go_on)
        hub.faults.append(self.fault)
        self.app = app
        self.scan = self.look(watcher)
        until(lambda: self.fault.used == 32)

    def look(self, watcher: str) -> Scan:
        return self.app.library.listing(self.app.library.visit(self.app.open()), watcher)

    def let_go(self) -> int:
        """How many files have been asked for, once nothing is being read any more."""
        self.go_on.set()
        settled(self.scan)
        return self.fault.used


@pytest.fixture
def hub(running_hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> LocalHub:
    """A Hub without datasets; who looks once counts as looking, however slow the machine is."""
    monkeypatch.setattr(scan, "UNWATCHED", 3600.0)
    monkeypatch.setattr(hub_client, "PATIENCE", 60.0)
    return emptied(running_hub)


@pytest.fixture
def held(hub: LocalHub, tmp_path: Path) -> Iterator[Held]:
    held = Held(hub, App(hub, tmp_path), "one")
    yield held
    held.let_go()


def test_who_stops_alone_stops_the_reading_and_can_go_on(held: Held) -> None:
    held.scan.unwatch("one")
    assert held.let_go() == 32  # those on their way arrive
    assert held.scan.pending() == MANY - 32
    held.look("one")
    assert settled(held.scan).pending() == 0


def test_one_who_stops_does_not_stop_another(held: Held) -> None:
    held.look("two")
    held.scan.unwatch("one")
    assert held.let_go() == MANY


def test_reading_ends_when_nobody_has_looked_for_a_while(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    held.look("two")
    monkeypatch.setattr(scan, "UNWATCHED", 0.0)
    assert held.let_go() == 32
    assert (held.scan.pending(), held.scan.reading) == (MANY - 32, False)


def test_who_gives_no_name_has_all_read(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    held.look("")
    monkeypatch.setattr(scan, "UNWATCHED", 0.0)
    held.scan.unwatch("one")
    assert held.let_go() == MANY


def test_a_page_stops_and_goes_on_by_the_route(hub: LocalHub, tmp_path: Path) -> None:
    app = App(hub, tmp_path)
    served = Served(app, HeaderVisitors(loopback=False, login=True))
    held = Held(hub, app, "page")
    stopped = served.json("runs.json", repo=REPO, watch="page", stop="1")
    assert (stopped["pending"], stopped["reading"], stopped["settled"]) == (MANY, True, False)
    assert held.let_go() == 32
    assert served.json("runs.json", repo=REPO, watch="page", stop="1")["pending"] == MANY - 32
    served.json("runs.json", repo=REPO, watch="page")
    settled(held.scan)
    assert served.json("runs.json", repo=REPO, watch="page")["settled"]


def test_a_list_reads_no_more_bytes_than_the_limit_and_says_so(hub: LocalHub, tmp_path: Path) -> None:
    files = sessions(3)
    hub.add_dataset(REPO, files)
    app = App(hub, tmp_path, limits=HubLimits(repo_bytes=2 * len(files["s000.jsonl"])))
    listing = app.listing()
    assert [row["state"] for row in listing["rows"]] == ["ready", "ready", "error"]
    assert listing["rows"][2]["error"] == "Not read: a list reads 0 MB of one dataset at most. Open it to read it."
    assert listing["notes"] == [
        "1 run listed by name alone: the list reads 0 MB of one dataset at most (TRACE_VIEWER_HUB_REPO_MB)"
    ]
    assert len(hub.asked("/resolve/")) == 2
    # Opened, it is read, and its row with it at the next look.
    assert app.read("s002.jsonl") == files["s002.jsonl"]
    assert App(hub, tmp_path, limits=HubLimits(repo_bytes=0)).rows()["s002.jsonl"]["state"] == "ready"


def test_a_card_that_cannot_be_had_now_is_asked_for_again_later(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = "| File | Harness |\n|---|---|\n| a.jsonl | Codex |\n"
    hub.add_dataset(REPO, {"a.jsonl": session("a")}, card=card)
    fault = Fault("/resolve/.*README", status=403)
    hub.faults.append(fault)
    app = App(hub, tmp_path)
    assert app.rows()["a.jsonl"]["harness"] == "Claude Code"
    hub.faults.clear()
    assert app.rows()["a.jsonl"]["harness"] == "Claude Code"  # not at each look
    monkeypatch.setattr(scan, "time", SimpleNamespace(monotonic=lambda: float("inf")))
    app.rows()
    assert app.rows()["a.jsonl"]["harness"] == "Codex"


def test_a_run_that_is_opened_first_knows_who_ran_it_by_the_card(hub: LocalHub, tmp_path: Path) -> None:
    card = "---\nharness: codex\nmodel: big-1\n---\n"
    hub.add_dataset(REPO, {"a.jsonl": session("a")}, card=card)
    served = Served(App(hub, tmp_path), HeaderVisitors(loopback=False, login=True))
    run = served.json("run.json", repo=REPO, run="a.jsonl")
    assert (run["harness"], run["models"]) == ("Codex", ["big-1"])
    assert run["harnessFrom"].splitlines() == [
        "Codex: from the dataset's card: front matter",
        "Not Claude Code, from the shape of its records",
    ]
