"""Fetching the files of a Hub dataset: side by side, checked, kept by what they hold, large ones only in part."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.hub import Fault, LocalHub
from tests.smallest import LONGEST_WAIT, settled
from tests.visits import LFS_MIN, REPO, App, counts, emptied, session, sessions, until
from viewer import scan
from viewer.listing import listing_rows
from viewer.sources import hub as hub_source
from viewer.sources import hub_client
from viewer.sources.contract import SourceError
from viewer.sources.hub import PIECE
from viewer.sources.hub_listing import HEAD, LARGE, TAIL, HubLimits

SMALL = session("a")
IN_LFS = session("b", size=LFS_MIN)
BOTH = pytest.mark.parametrize(
    ("data", "place"), [(SMALL, "/resolve/"), (IN_LFS, "/large/")], ids=["regular file", "LFS file"]
)
PARTS = 90


@pytest.fixture
def hub(running_hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> LocalHub:
    """A Hub without datasets, of which the client does not wait before it tries again, and long for an answer."""
    monkeypatch.setattr(hub_client, "PATIENCE", 60.0)
    monkeypatch.setitem(hub_client._BACKOFF, "base_wait_time", 0.0)
    return emptied(running_hub)


@pytest.fixture
def app(hub: LocalHub, tmp_path: Path) -> App:
    return App(hub, tmp_path)


def kept(folder: Path) -> int:
    """How many files are kept."""
    return sum(1 for path in (folder / "hub" / "blobs").iterdir())


def test_thirty_two_files_arrive_side_by_side(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(40))
    go_on = threading.Event()
    fault = Fault("/resolve/", hold=go_on)
    hub.faults.append(fault)
    listing = app.library.listing(app.library.visit(app.open()))
    # No reply has been sent, so all of these are under way at once; the others wait for their turn.
    until(lambda: fault.used == 32)
    assert listing.pending() == 40
    go_on.set()
    assert settled(listing).pending() == 0
    assert fault.used == 40


def test_rows_fill_in_as_files_arrive(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(5))
    go_on = threading.Event()
    hub.faults.append(Fault("/resolve/.*s002", hold=go_on))
    listing = app.library.listing(app.library.visit(app.open()))
    until(lambda: listing.pending() == 1)
    waiting = [row["path"] for row in listing_rows(listing)["rows"] if row["state"] == "pending"]
    go_on.set()
    assert waiting == ["s002.jsonl"]
    assert settled(listing).pending() == 0


def test_a_run_opens_while_the_others_are_still_on_their_way(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(3))
    go_on = threading.Event()
    hub.faults.append(Fault("/resolve/.*s00[01]", hold=go_on))
    listing = app.library.listing(app.library.visit(app.open()))
    opened = app.library.open(listing.source.id, "s002.jsonl")
    assert (opened.run.id, listing.pending() >= 2) == ("s002", True)
    go_on.set()
    settled(listing)


def test_a_run_that_is_on_its_way_keeps_nobody_from_another(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, sessions(2))
    fault = Fault("/resolve/.*s000", hold=threading.Event())
    hub.faults.append(fault)
    source = app.library.visit(app.open())
    slow = threading.Thread(target=app.library.open, args=(source, "s000.jsonl"))
    slow.start()
    assert fault.begun.wait(LONGEST_WAIT)
    assert app.library.open(source, "s001.jsonl").run.id == "s001"
    assert fault.hold is not None and slow.is_alive()
    fault.hold.set()
    slow.join()
    assert app.library.open(source, "s000.jsonl").run.id == "s000"


def test_two_readers_of_one_file_fetch_it_once(hub: LocalHub, app: App) -> None:
    hub.add_dataset(REPO, {"a.jsonl": SMALL})
    dataset = app.open()
    fault = Fault("/resolve/", hold=threading.Event())
    hub.faults.append(fault)
    found: list[bytes] = []
    readers = [threading.Thread(target=lambda: found.append(dataset.open("a.jsonl").read())) for _ in range(3)]
    for reader in readers:
        reader.start()
    until(lambda: fault.used == 1)
    assert fault.hold is not None
    fault.hold.set()
    for reader in readers:
        reader.join()
    assert found == [SMALL] * 3
    assert counts(hub) == (1, 1, 1)


def test_the_same_content_under_two_names_is_kept_once(hub: LocalHub, app: App, tmp_path: Path) -> None:
    hub.add_dataset(REPO, {"a.jsonl": SMALL, "copy/a.jsonl": SMALL, "b.jsonl": IN_LFS, "copy/b.jsonl": IN_LFS})
    app.rows()
    assert kept(tmp_path) == 2
    assert app.read("copy/b.jsonl") == IN_LFS


@BOTH
@pytest.mark.parametrize(
    "damage",
    [{"corrupt": True}, {"content": b""}, {"content": SMALL[:-9]}, {"content": b"<html>Please sign in</html>"}],
    ids=["a wrong byte", "nothing", "too short", "another page"],
)
def test_a_damaged_file_is_not_kept_and_is_asked_for_again(
    hub: LocalHub, app: App, tmp_path: Path, data: bytes, place: str, damage: dict[str, object]
) -> None:
    hub.add_dataset(REPO, {"a.jsonl": data})
    hub.faults.append(Fault(f"{place}.*", times=1, **damage))  # type: ignore[arg-type]
    dataset = app.open()
    with pytest.raises(SourceError, match=r"^a\.jsonl arrived damaged \(\d+ of \d+ bytes\)\. Try again\.$"):
        dataset.open("a.jsonl")
    assert kept(tmp_path) == 0
    assert dataset.open("a.jsonl").read() == data
    assert kept(tmp_path) == 1


@BOTH
def test_a_file_that_is_cut_off_is_not_kept(hub: LocalHub, app: App, tmp_path: Path, data: bytes, place: str) -> None:
    hub.add_dataset(REPO, {"a.jsonl": data})
    hub.faults.append(Fault(place, cut=True, after=20, times=3))
    dataset = app.open()
    with pytest.raises(SourceError, match="The Hub is out of reach"):
        dataset.open("a.jsonl")
    assert kept(tmp_path) == 0
    assert dataset.open("a.jsonl").read() == data


def test_a_file_that_could_not_be_had_says_so_in_its_row_until_it_can(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_dataset(REPO, sessions(3))
    fault = Fault("/resolve/.*s001", corrupt=True)
    hub.faults.append(fault)
    app = App(hub, tmp_path)
    row = app.rows()["s001.jsonl"]
    assert (row["state"], row["error"][:27]) == ("error", "s001.jsonl arrived damaged ")
    app.rows()
    assert fault.used == 1  # not at each look
    # In another life, and in this one after a while, it is asked for again.
    hub.faults.clear()
    assert App(hub, tmp_path).rows()["s001.jsonl"]["state"] == "ready"
    monkeypatch.setattr(scan, "time", SimpleNamespace(monotonic=lambda: float("inf")))
    assert app.rows()["s001.jsonl"]["state"] == "ready"


def test_a_hub_that_asks_to_wait_is_asked_for_no_other_file_meanwhile(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_dataset(REPO, sessions(100))
    fault = Fault("/resolve/", status=429, headers={"Retry-After": "300"})
    hub.faults.append(fault)
    app = App(hub, tmp_path)
    errors = {row["error"] for row in app.rows().values()}
    assert fault.used <= 32
    assert all(re.fullmatch(r"The Hub asks to wait \d+ s: too many requests\.", error) for error in errors)
    # A list in which something failed can be asked to try again, and does once the wait is over.
    listing = app.listing()
    assert (listing["failed"], listing["pending"]) == (100, 0)
    hub.faults.clear()
    app.library.again(app.open().id)
    assert app.listing()["failed"] == 100
    monkeypatch.setattr(hub_client, "time", SimpleNamespace(monotonic=lambda: 1e12))
    app.library.again(app.open().id)
    assert app.listing()["failed"] == 0


def test_a_hub_that_goes_down_under_way_leaves_sentences_that_do_not_last(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(40))
    app = App(hub, tmp_path)
    dataset = app.open()
    hub.stop()
    try:
        rows = {
            row["path"]: row for row in listing_rows(settled(app.library.listing(app.library.visit(dataset))))["rows"]
        }
    finally:
        hub.start()
    assert {row["error"] for row in rows.values()} == {
        "The Hub is out of reach. Check the network; what was kept is still here."
    }
    assert {row["state"] for row in App(hub, tmp_path).rows().values()} == {"ready"}


def large_session() -> bytes:
    """A session of more than `LARGE` bytes, with its prompt in the first line and its title in the last."""
    lines = SMALL * 2 + session("a", "More", size=LARGE // PARTS) * PARTS
    return lines + b'{"type":"custom-title","customTitle":"The end","sessionId":"a"}\n'


def test_a_large_file_gives_its_row_from_head_and_tail_and_opens_whole(hub: LocalHub, app: App, tmp_path: Path) -> None:
    data = large_session()
    assert len(data) > LARGE
    hub.add_dataset(REPO, {"large.jsonl": data})
    row = app.rows()["large.jsonl"]
    assert (row["title"], row["harness"], row["partial"]) == ("The end", "Claude Code", True)
    assert {row[count] for count in ("events", "calls", "flagged", "inferred", "tokens", "cost")} == {None}
    fetched = hub.asked("/large/")
    assert [entry.range for entry in fetched] == [f"bytes=0-{HEAD - 1}", f"bytes={len(data) - TAIL}-{len(data) - 1}"]
    assert sum(entry.sent for entry in fetched) == HEAD + TAIL
    assert kept(tmp_path) == 0

    opened = app.library.open(app.open().id, "large.jsonl")
    assert len(opened.run.events) == 2 * (2 + PARTS)
    pieces = {f"bytes=0-{PIECE - 1}", f"bytes={PIECE}-{2 * PIECE - 1}"}
    assert {entry.range for entry in hub.asked("/large/")[2:]} == pieces
    assert kept(tmp_path) == 1


def test_of_a_large_file_on_its_way_it_is_told_how_much_is_here(
    hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "PIECE", 4_000)
    data = session("a", size=10_000)
    hub.add_dataset(REPO, {"a.jsonl": data})
    last = Fault("/large/", hold=threading.Event(), times=1)
    dataset = app.open()
    assert dataset.arriving("a.jsonl") == (0, len(data))
    hub.faults.append(last)
    reader = threading.Thread(target=dataset.open, args=("a.jsonl",))
    reader.start()
    until(lambda: 0 < dataset.arriving("a.jsonl")[0] < len(data))
    assert last.hold is not None
    last.hold.set()
    reader.join()
    assert dataset.arriving("a.jsonl") == (0, len(data))
    assert dataset.open("a.jsonl").read() == data
    with pytest.raises(SourceError, match="is not in"):
        dataset.arriving("gone.jsonl")


def test_a_cut_piece_of_a_large_file_is_asked_for_again_alone(
    hub: LocalHub, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "PIECE", 4_000)
    data = session("a", size=10_000)
    hub.add_dataset(REPO, {"a.jsonl": data})
    hub.faults.append(Fault("/large/", cut=True, after=20, times=1))
    assert app.read("a.jsonl") == data
    assert sum(entry.sent for entry in hub.asked("/large/") if entry.range) < len(data) + 4_000


def test_a_large_file_that_is_kept_is_counted_whole(hub: LocalHub, app: App, tmp_path: Path) -> None:
    hub.add_dataset(REPO, {"large.jsonl": large_session()})
    app.read("large.jsonl")
    row = app.rows()["large.jsonl"]
    assert (row["partial"], row["events"]) == (False, 2 * (2 + PARTS))


def test_a_large_file_whose_parts_are_no_trace_is_read_whole(hub: LocalHub, app: App) -> None:
    line = session("a", size=LARGE).splitlines(keepends=True)[1]
    hub.add_dataset(REPO, {"line.jsonl": line, "page.json": large_session()})
    rows = app.rows()
    assert [(row["state"], row["partial"]) for row in rows.values()] == [("ready", False)] * 2
    assert rows["line.jsonl"]["events"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "_upload_staging/a.jsonl",
        "partials/a.jsonl",
        "run/partials/a.jsonl",
        ".cache/huggingface/a.jsonl",
        "results.json",
    ],
)
def test_staging_and_what_is_no_trace_is_left_out(hub: LocalHub, app: App, path: str) -> None:
    hub.add_dataset(REPO, {"a.jsonl": SMALL, path: session("b"), "data.parquet": b"PAR1"})
    listing = app.listing()
    assert [row["path"] for row in listing["rows"]] == ["a.jsonl"]
    # A file of results is no trace that was left out.
    assert listing["leftOut"] == (0 if path == "results.json" else 1)
    assert counts(hub) == (1, 1, 1)


def test_subagents_stand_behind_their_parent_in_any_folder(hub: LocalHub, app: App) -> None:
    folder = "projects/-home-ann/s1"
    agent = session("s1", "Look").replace(b'"sessionId":"s1"', b'"sessionId":"s1","agentId":"a1","isSidechain":true')
    hub.add_dataset(REPO, {f"{folder}.jsonl": session("s1"), f"{folder}/subagents/agent-a1.jsonl": agent})
    rows = app.rows()
    assert rows[f"{folder}/subagents/agent-a1.jsonl"]["hidden"] == "subagent"
    assert rows[f"{folder}.jsonl"]["subagents"] == 1


def test_more_files_than_the_limit_are_counted_and_said(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(3) | {"partials/a.jsonl": SMALL})
    listing = App(hub, tmp_path, limits=HubLimits(files=2)).listing()
    assert (len(listing["rows"]), listing["leftOut"]) == (2, 2)
    assert listing["notes"] == [
        "1 file in folders of unfinished uploads and failed runs left out",
        "1 more run than the 2 that are listed of one dataset",
    ]


def test_kept_files_stay_below_the_limit_and_those_that_went_are_fetched_again(hub: LocalHub, tmp_path: Path) -> None:
    hub.add_dataset(REPO, sessions(4))
    app = App(hub, tmp_path, limit=2 * len(session("s000", "Task 000")))
    assert {row["state"] for row in app.rows().values()} == {"ready"}
    assert kept(tmp_path) == 2
    for path in sessions(4):
        assert app.read(path) == sessions(4)[path]
    assert kept(tmp_path) == 2


def test_a_disk_that_takes_nothing_costs_the_cache_and_not_the_page(
    hub: LocalHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub.add_dataset(REPO, {"a.jsonl": SMALL})
    app = App(hub, tmp_path)
    (tmp_path / "hub" / "blobs").rmdir()
    assert app.read("a.jsonl") == SMALL
    assert "a.jsonl of ann/traces is not kept" in caplog.text


def test_a_file_that_is_not_there_is_said_with_what_is(hub: LocalHub, app: App) -> None:
    sha = hub.add_dataset(REPO, sessions(3)).head.sha
    with pytest.raises(SourceError, match=f"gone.jsonl is not in {REPO} at {sha[:7]}, which has 3 runs."):
        app.open().file("gone.jsonl")
