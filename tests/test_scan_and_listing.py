"""The list of runs: names at once, summaries as they come, and which rows stand behind others."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest

from tests.formats.claude_lines import said, text, user
from tests.smallest import LONGEST_WAIT, folder_source, lines_of, scan_of, settled, write
from viewer.listing import listing_rows
from viewer.scan import MAX_FILE, Scan
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache


def session(folder: Path, name: str, *more: Any, session_id: str = "", **fields: Any) -> Path:
    """A session of one prompt and what follows, in a file of this name."""
    own = {"sessionId": session_id or Path(name).stem} | fields
    return write(folder / name, user("Fix it", **own), *more)


def agent(folder: Path, name: str, parent: str, prompt: str = "Look", agent_id: str = "a1") -> Path:
    """A subagent's own file."""
    return write(folder / name, user(prompt, isSidechain=True, agentId=agent_id, sessionId=parent))


def rows_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The listing's rows by path, once all is read."""
    rows = listing_rows(scan_of(folder_source(folder)))["rows"]
    assert len({row["path"] for row in rows}) == len(rows)
    return {row["path"]: row for row in rows}


def hidden(folder: Path) -> dict[str, str | None]:
    return {path: row["hidden"] for path, row in rows_of(folder).items()}


class Gated(LocalFolder):
    """A folder whose files open when its gate does."""

    gate = threading.Event()

    def open(self, path: str) -> BinaryIO:
        assert self.gate.wait(LONGEST_WAIT)
        return LocalFolder.open(self, path)


class Failing(LocalFolder):
    """A folder on a disk that reads no file but one."""

    def open(self, path: str) -> BinaryIO:
        if path != "good.jsonl":
            raise OSError(5, "Input/output error")
        return LocalFolder.open(self, path)


def test_names_are_there_at_once_and_summaries_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gated, "gate", threading.Event())
    session(tmp_path, "s1.jsonl")
    session(tmp_path, "agent-a1.jsonl")
    source = Gated("here", "Sessions", tmp_path)
    scan = Scan(source, SummaryCache(None))
    scan.refresh()
    before = listing_rows(scan)
    source.gate.set()
    after = listing_rows(settled(scan))
    assert (before["files"], before["pending"], after["pending"]) == (2, 2, 0)
    assert {row["path"]: (row["state"], row["hidden"]) for row in before["rows"]} == {
        "s1.jsonl": ("pending", None),
        "agent-a1.jsonl": ("pending", "subagent"),
    }
    assert [row["state"] for row in after["rows"]] == ["ready", "ready"]


def test_many_files_are_all_read(tmp_path: Path) -> None:
    for number in range(120):
        session(tmp_path, f"s{number}.jsonl")
    scan = scan_of(folder_source(tmp_path))
    assert (len(scan.rows()), scan.pending()) == (120, 0)


def test_a_warm_start_has_every_summary_without_reading_a_file(tmp_path: Path) -> None:
    folder, cache = tmp_path / "sessions", tmp_path / "summaries.sqlite"
    for number in range(60):
        session(folder, f"s{number}.jsonl")
    with closing(SummaryCache(cache)) as first:
        cold = scan_of(folder_source(folder), first)
    with closing(SummaryCache(cache)) as second:
        warm = Scan(Failing("here", "Sessions", folder), second)
        warm.refresh()
        assert warm.pending() == 0
        assert settled(warm).rows() == cold.rows()


def test_a_warm_start_reads_what_has_changed_meanwhile(tmp_path: Path) -> None:
    folder, cache = tmp_path / "sessions", tmp_path / "summaries.sqlite"
    session(folder, "s1.jsonl")
    with closing(SummaryCache(cache)) as first:
        scan_of(folder_source(folder), first)
    session(folder, "s1.jsonl", said(text("Done"), sessionId="s1"))
    with closing(SummaryCache(cache)) as second:
        assert [row["events"] for row in listing_rows(scan_of(folder_source(folder), second))["rows"]] == [2]


def test_a_file_that_grows_is_read_again(tmp_path: Path) -> None:
    path = session(tmp_path, "s1.jsonl")
    scan = scan_of(folder_source(tmp_path))
    with path.open("ab") as file:
        file.write(lines_of([said(text("Done"), sessionId="s1")]))
    scan.refresh()
    assert [row["events"] for row in listing_rows(settled(scan))["rows"]] == [2]


def test_a_deleted_file_vanishes_and_a_new_one_appears(tmp_path: Path) -> None:
    old = session(tmp_path, "s1.jsonl")
    scan = scan_of(folder_source(tmp_path))
    old.unlink()
    session(tmp_path, "s2.jsonl")
    scan.refresh()
    assert [row["path"] for row in listing_rows(settled(scan))["rows"]] == ["s2.jsonl"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"{", "cut before the end of its first record"),
        (b"no JSON\nat all\n", "no record could be read"),
        (b'{"a": 1}\n', "not a trace of a known format"),
        (b'{"schema_version": "ATIF-v1.0"}\n', "looks like an ATIF trajectory"),
        (b"\xff\xfe\x00\n", "no record could be read"),
    ],
)
def test_a_file_that_is_no_trace_is_a_row_that_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    session(tmp_path, "s1.jsonl")
    (tmp_path / "other.jsonl").write_bytes(content)
    rows = rows_of(tmp_path)
    assert rows["s1.jsonl"]["state"] == "ready"
    assert rows["other.jsonl"]["state"] == "error"
    assert reason in rows["other.jsonl"]["error"]


def test_a_file_that_may_not_be_read_stops_no_other(tmp_path: Path) -> None:
    locked, good = session(tmp_path, "locked.jsonl"), session(tmp_path, "s1.jsonl")
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this user may read every file")
    rows = rows_of(tmp_path)
    assert (rows[locked.name]["state"], rows[good.name]["state"]) == ("error", "ready")


def test_a_file_whose_reading_fails_stops_no_other(tmp_path: Path) -> None:
    for name in ("a", "good", "z"):
        session(tmp_path, f"{name}.jsonl")
    rows = {row["path"]: row for row in listing_rows(scan_of(Failing("here", "Sessions", tmp_path)))["rows"]}
    assert [rows[f"{name}.jsonl"]["state"] for name in ("a", "good", "z")] == ["error", "ready", "error"]
    assert rows["a.jsonl"]["error"] == "a.jsonl: reading failed (OSError); the log has the cause."


def test_a_link_that_leads_out_of_the_folder_is_a_row_that_says_so(tmp_path: Path) -> None:
    outside = session(tmp_path, "outside.jsonl")
    session(tmp_path / "sessions", "s1.jsonl")
    (tmp_path / "sessions" / "link.jsonl").symlink_to(outside)
    rows = rows_of(tmp_path / "sessions")
    assert (rows["link.jsonl"]["state"], rows["s1.jsonl"]["state"]) == ("error", "ready")


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    session(tmp_path, "s1.jsonl")
    assert {path: row["state"] for path, row in rows_of(tmp_path).items()}["s1.jsonl"] == "ready"


def test_a_file_too_large_to_open_is_not_read_for_the_list_either(tmp_path: Path) -> None:
    with (tmp_path / "huge.jsonl").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    session(tmp_path, "s1.jsonl")
    rows = rows_of(tmp_path)
    assert "larger than 2 GB" in rows["huge.jsonl"]["error"]
    assert rows["s1.jsonl"]["state"] == "ready"


def test_a_name_that_no_link_can_hold_stops_no_other(tmp_path: Path) -> None:
    session(tmp_path, "s1.jsonl")
    try:
        (tmp_path / os.fsdecode(b"\xff.jsonl")).write_bytes(lines_of([user("Fix it")]))
    except OSError:
        pytest.skip("this file system takes no such name")
    listing = listing_rows(scan_of(folder_source(tmp_path)))
    assert [row["path"] for row in orjson.loads(orjson.dumps(listing))["rows"]] == ["s1.jsonl"]
    assert listing["leftOut"] == 1


def test_the_newest_file_comes_first(tmp_path: Path) -> None:
    for name, age in (("old", 300), ("new", 100), ("middle", 200)):
        os.utime(session(tmp_path, f"{name}.jsonl"), (1e9 - age, 1e9 - age))
    assert list(rows_of(tmp_path)) == ["new.jsonl", "middle.jsonl", "old.jsonl"]


def test_a_row_says_what_its_run_is(tmp_path: Path) -> None:
    session(tmp_path, "s1.jsonl", version="2.1.1", cwd="/w")
    row = rows_of(tmp_path)["s1.jsonl"]
    assert (row["id"], row["title"], row["harness"], row["version"]) == ("s1", "Fix it", "Claude Code", "2.1.1")
    assert (row["events"], row["calls"], row["cwd"], row["agent"], row["hidden"]) == (1, 0, "/w", None, None)
    assert row["size"] == (tmp_path / "s1.jsonl").stat().st_size


def test_a_subagents_file_stands_behind_its_session(tmp_path: Path) -> None:
    session(tmp_path, "s1.jsonl")
    agent(tmp_path, "agent-a1.jsonl", "s1")
    agent(tmp_path, "s1/subagents/agent-a2.jsonl", "s1", agent_id="a2")
    rows = rows_of(tmp_path)
    assert {path: row["hidden"] for path, row in rows.items()} == {
        "s1.jsonl": None,
        "agent-a1.jsonl": "subagent",
        "s1/subagents/agent-a2.jsonl": "subagent",
    }
    assert rows["s1.jsonl"]["subagents"] == 2


def test_a_subagent_in_its_own_file_and_in_its_sessions_is_counted_once(tmp_path: Path) -> None:
    inline = user("Look", isSidechain=True, agentId="a1", sessionId="s1")
    session(tmp_path, "s1.jsonl", inline)
    agent(tmp_path, "agent-a1.jsonl", "s1")
    assert rows_of(tmp_path)["s1.jsonl"]["subagents"] == 1


def test_a_subagents_file_without_its_session_is_shown(tmp_path: Path) -> None:
    session(tmp_path, "s2.jsonl")
    agent(tmp_path, "agent-a1.jsonl", "s1")
    assert hidden(tmp_path) == {"s2.jsonl": None, "agent-a1.jsonl": None}


def test_a_warm_up_is_hidden_with_or_without_its_session(tmp_path: Path) -> None:
    agent(tmp_path, "agent-a1.jsonl", "s1", prompt="Warmup")
    assert hidden(tmp_path) == {"agent-a1.jsonl": "warm-up"}
    session(tmp_path, "s1.jsonl")
    assert hidden(tmp_path) == {"agent-a1.jsonl": "warm-up", "s1.jsonl": None}


@pytest.mark.parametrize("longest", ["a", "b", "c"])
def test_of_the_copies_of_a_session_the_longest_is_shown(tmp_path: Path, longest: str) -> None:
    for name in "abc":
        more = [said(text("Done"), sessionId="s1")] if name == longest else []
        session(tmp_path, f"{name}/s1.jsonl", *more)
    assert [path for path, why in hidden(tmp_path).items() if why is None] == [f"{longest}/s1.jsonl"]
    assert sorted(map(str, hidden(tmp_path).values())) == ["None", "copy", "copy"]


def test_the_same_id_in_another_format_is_no_copy(tmp_path: Path) -> None:
    session(tmp_path, "s1.jsonl")
    write(
        tmp_path / "pi.jsonl",
        {"type": "session", "version": 3, "id": "s1", "cwd": "/w"},
        {"type": "message", "message": {"role": "user", "content": "Fix it"}},
    )
    assert hidden(tmp_path) == {"s1.jsonl": None, "pi.jsonl": None}


def test_the_runs_of_one_file_are_rows_of_their_own(tmp_path: Path) -> None:
    def part(name: str) -> list[Any]:
        message = {"role": "user", "content": "Fix it"}
        return [{"type": "session", "harness": "x", "id": name}, {"type": "message", "message": message}]

    write(tmp_path / "two.jsonl", *part("s1"), *part("s2"))
    rows = listing_rows(scan_of(folder_source(tmp_path)))["rows"]
    assert [(row["path"], row["part"], row["id"]) for row in rows] == [
        ("two.jsonl", "", "s1"),
        ("two.jsonl", "2", "s2"),
    ]
