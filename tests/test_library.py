"""Opening runs: addresses, parts, subagents in every layout and the way back, and what is kept in memory."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.formats.claude_lines import back, line, said, text, use, user
from tests.smallest import folder_source, library_of, lines_of, write
from viewer.formats.contract import TraceError
from viewer.library import Library, NotFoundError, OpenRun
from viewer.scan import MAX_FILE
from viewer.sources.contract import SourceError
from viewer.summary_cache import SummaryCache

TASK = use("t1", "Task", prompt="Look", description="Look around")
ANSWER = back("done", extra={"agentId": "a1"})
PIXEL = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}


def side(content: Any, agent: str | None = "a1", **fields: Any) -> dict[str, Any]:
    """A line of a subagent."""
    return user(content, isSidechain=True, **({"agentId": agent} if agent else {}), **fields)


def opened(folder: Path, path: str = "s1.jsonl", part: str = "") -> OpenRun:
    return library_of(folder).open("here", path, part)


def children(folder: Path, path: str = "s1.jsonl", part: str = "") -> list[tuple[str, str, str | None]]:
    """File, part and call of each subagent of a run."""
    library = library_of(folder)
    found = library.children(library.open("here", path, part))
    return [(child.path, child.part, child.call) for child in found]


def parent(folder: Path, path: str, part: str = "") -> str | None:
    library = library_of(folder)
    return library.parent_path(library.open("here", path, part))


@pytest.fixture
def run(tmp_path: Path) -> OpenRun:
    """A prompt, an answer of a text and two calls, a bookkeeping line, the results."""
    calls = said(text("I look"), use("t1", "Read", file_path="a"), use("t2", "Bash", command="ls"))
    documents = (user("Fix it"), calls, line("mode", mode="plan"), back("a", "t1"), back("b", "t2"), said(text("Done")))
    write(tmp_path / "s1.jsonl", *documents)
    return opened(tmp_path)


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("1", 0),
        ("2", 1),
        ("2.2", 2),
        ("2.3", 3),
        ("6", 4),
        ("4", 2),
        ("5", 3),
        ("5.1", 3),
        ("2.9", 1),
        ("3", None),
        ("7", None),
        ("0", None),
        ("-1", None),
        ("", None),
        ("x", None),
        (".2", None),
        ("9" * 5_000, None),
    ],
)
def test_an_address_leads_to_its_event_or_to_the_call_that_its_record_answers(
    run: OpenRun, address: str, index: int | None
) -> None:
    assert run.index_of(address) == index


def test_every_event_is_found_at_its_own_address(run: OpenRun) -> None:
    assert [run.index_of(event.address) for event in run.run.events] == list(range(len(run.run.events)))


def test_an_address_that_is_not_there_is_answered_with_the_last_one(run: OpenRun) -> None:
    with pytest.raises(NotFoundError, match=r"^Event 7 is not in this run; its last event is at record 6\.$"):
        run.event("7")


def test_what_is_computed_from_a_run_is_computed_once(run: OpenRun) -> None:
    assert run.columns is run.columns


def test_a_source_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no source 'x' here; there are: here\.$"):
        library_of(tmp_path).open("x", "s1.jsonl")
    with pytest.raises(NotFoundError):
        library_of(tmp_path).listing("x")


def test_a_file_that_is_not_there_is_an_error_of_the_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        opened(tmp_path, "nowhere.jsonl")


def test_a_file_that_is_no_trace_is_an_error_of_the_trace(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"a": 1})
    with pytest.raises(TraceError):
        opened(tmp_path, "a.jsonl")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.jsonl").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(TraceError, match=r"^huge\.jsonl is larger than 2 GB, the largest file that is opened\.$"):
        opened(tmp_path, "huge.jsonl")


def test_each_session_of_a_file_is_a_part(tmp_path: Path) -> None:
    def part(name: str) -> list[Any]:
        message = {"role": "user", "content": name}
        return [{"type": "session", "harness": "x", "id": name}, {"type": "message", "message": message}]

    write(tmp_path / "two.jsonl", *part("one"), *part("two"))
    first, second = opened(tmp_path, "two.jsonl"), opened(tmp_path, "two.jsonl", "2")
    assert [run.run.events[0].text for run in (first, second)] == ["one", "two"]
    assert [member.part for member in second.siblings] == ["", "2"]
    with pytest.raises(NotFoundError, match=r"^two\.jsonl holds no run '3'\.$"):
        opened(tmp_path, "two.jsonl", "3")


def test_a_subagent_inside_the_file_is_a_part_with_the_call_that_started_it(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"), said(TASK), side("Look"), ANSWER)
    assert children(tmp_path) == [("s1.jsonl", "a1", "2")]
    assert parent(tmp_path, "s1.jsonl", "a1") == "s1.jsonl"
    assert children(tmp_path, part="a1") == []


def test_a_sidechain_without_an_agent_id_is_a_part_too(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"), said(TASK), side("Look", agent=None), back("done"))
    assert children(tmp_path) == [("s1.jsonl", "sidechain-3", "2")]
    assert parent(tmp_path, "s1.jsonl", "sidechain-3") == "s1.jsonl"


PROGRESS = line(
    "progress",
    parentToolUseID="t1",
    data={"type": "agent_progress", "agentId": "a1", "message": {"type": "user", "message": {"content": "Look"}}},
)


def test_a_subagent_that_only_progress_records_tell_of_is_a_part(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"), said(TASK), PROGRESS, back("done"))
    assert children(tmp_path) == [("s1.jsonl", "a1", "2")]


@pytest.mark.parametrize(
    "place", ["agent-a1.jsonl", "s1/subagents/agent-a1.jsonl", "s1/subagents/workflows/wf_1/agent-a1.jsonl"]
)
@pytest.mark.parametrize("folder", ["", "-w-project/"])
def test_a_subagents_own_file_belongs_to_the_session_that_it_names(tmp_path: Path, folder: str, place: str) -> None:
    write(tmp_path / folder / "s1.jsonl", user("Fix it"), said(TASK), ANSWER)
    write(tmp_path / folder / place, side("Look"))
    assert children(tmp_path, f"{folder}s1.jsonl") == [(f"{folder}{place}", "a1", "2")]
    assert parent(tmp_path, f"{folder}{place}", "a1") == f"{folder}s1.jsonl"


def test_a_subagents_own_file_opens_without_naming_its_part(tmp_path: Path) -> None:
    write(tmp_path / "agent-a1.jsonl", side("Look"))
    assert opened(tmp_path, "agent-a1.jsonl", "a1").run.agent_id == "a1"


@pytest.mark.parametrize("repeated", [PROGRESS, side("Look")], ids=["progress", "inline"])
def test_a_subagents_own_file_counts_before_what_the_session_repeats(tmp_path: Path, repeated: Any) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"), said(TASK), repeated, back("done"))
    write(tmp_path / "s1/subagents/agent-a1.jsonl", side("Look"), side([text("Found")]))
    library = library_of(tmp_path)
    found = library.children(library.open("here", "s1.jsonl"))
    assert [(child.path, child.call, child.summary.events) for child in found] == [
        ("s1/subagents/agent-a1.jsonl", "2", 2)
    ]


@pytest.mark.parametrize(
    "document",
    [side("Look", sessionId="s2"), user("Fix it"), side("Warmup"), {"a": 1}],
    ids=["of another session", "no subagent", "warm-up", "no trace"],
)
def test_other_files_beside_a_session_are_no_subagents_of_it(tmp_path: Path, document: Any) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    write(tmp_path / "agent-a1.jsonl", document)
    assert children(tmp_path) == []


def test_subagents_come_in_the_order_in_which_they_started(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    for agent, minute in (("a1", 5), ("a2", 3), ("a3", 4)):
        write(tmp_path / f"agent-{agent}.jsonl", side("Look", agent=agent, timestamp=f"2026-06-12T15:0{minute}:00Z"))
    assert [path for path, _, _ in children(tmp_path)] == ["agent-a2.jsonl", "agent-a3.jsonl", "agent-a1.jsonl"]


def test_a_subagent_that_appears_later_is_seen(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    library = library_of(tmp_path)
    run = library.open("here", "s1.jsonl")
    assert library.children(run) == []
    write(tmp_path / "agent-a1.jsonl", side("Look"))
    assert len(library.children(run)) == 1


def test_a_main_run_has_no_parent(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    assert parent(tmp_path, "s1.jsonl") is None


@pytest.mark.parametrize("session_id", ["gone", "../outside", "/outside", "a\0b", "x" * 5_000, "..", ""])
def test_a_subagent_whose_session_is_not_in_the_source_has_no_parent_file(tmp_path: Path, session_id: str) -> None:
    write(tmp_path / "outside.jsonl", user("Fix it", sessionId="outside"))
    write(tmp_path / "here" / "agent-a1.jsonl", side("Look", sessionId=session_id))
    library = Library((folder_source(tmp_path / "here"),), SummaryCache(None))
    assert library.parent_path(library.open("here", "agent-a1.jsonl", "a1")) is None


def test_a_run_in_memory_is_not_parsed_again(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    library = library_of(tmp_path)
    assert library.open("here", "s1.jsonl") is library.open("here", "s1.jsonl")


def test_a_file_that_has_grown_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "s1.jsonl", user("Fix it"))
    library = library_of(tmp_path)
    before = library.open("here", "s1.jsonl")
    with path.open("ab") as file:
        file.write(lines_of([said(text("Done"))]))
    assert [len(run.run.events) for run in (before, library.open("here", "s1.jsonl"))] == [1, 2]


def test_a_file_that_is_replaced_by_one_of_the_same_size_and_time_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "s1.jsonl", user("Fix it"))
    library = library_of(tmp_path)
    before, times = library.open("here", "s1.jsonl"), path.stat()
    other = write(tmp_path / "new", user("Fix me"))
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)
    assert [run.run.prompt for run in (before, library.open("here", "s1.jsonl"))] == ["Fix it", "Fix me"]


def test_memory_keeps_the_runs_that_were_used_last(tmp_path: Path) -> None:
    sizes = [write(tmp_path / f"{name}.jsonl", user("Fix it")).stat().st_size for name in "abc"]
    library = library_of(tmp_path, memory_limit=sizes[0] * 2)
    first, second = (library.open("here", f"{name}.jsonl") for name in "ab")
    assert library.open("here", "a.jsonl") is first
    library.open("here", "c.jsonl")
    assert library.open("here", "a.jsonl") is first
    assert library.open("here", "b.jsonl") is not second


def test_memory_keeps_the_newest_run_however_large(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", user("Fix it"))
    write(tmp_path / "b.jsonl", user("Fix it"))
    library = library_of(tmp_path, memory_limit=1)
    library.open("here", "a.jsonl")
    newest = library.open("here", "b.jsonl")
    assert library.open("here", "b.jsonl") is newest


def test_several_readers_of_a_new_file_get_the_same_run(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", *([user("Fix it")] * 500))
    library = library_of(tmp_path)
    found: list[OpenRun] = []
    readers = [threading.Thread(target=lambda: found.append(library.open("here", "s1.jsonl"))) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 6
    assert len({id(run) for run in found}) == 1


def test_a_raw_record_is_the_files_own_line(tmp_path: Path) -> None:
    content = (
        b"\xef\xbb\xbf" + lines_of([user("Fix \u2028 it")]) + b'{"type" : "mode"}\r\n' + lines_of([user("Again")])[:-1]
    )
    (tmp_path / "s1.jsonl").write_bytes(content)
    library = library_of(tmp_path)
    run = library.open("here", "s1.jsonl")
    assert b"".join(library.raw_record(run, number) for number in (1, 2, 3)) == content
    with pytest.raises(NotFoundError, match=r"^s1\.jsonl has no record 4\.$"):
        library.raw_record(run, 4)


def test_an_image_is_read_from_its_record(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user([text("See"), PIXEL]))
    library = library_of(tmp_path)
    run = library.open("here", "s1.jsonl")
    reference = run.run.events[0].images[0]
    assert library.image(run, reference.record, reference.path) == ("image/png", b"hello")


@pytest.mark.parametrize("place", [(), ("message",), ("message", "content", 0), ("message", "content", 9), ("x", 0)])
def test_a_place_without_an_image_is_said_to_hold_none(tmp_path: Path, place: tuple[str | int, ...]) -> None:
    write(tmp_path / "s1.jsonl", user([text("See"), PIXEL]))
    library = library_of(tmp_path)
    run = library.open("here", "s1.jsonl")
    with pytest.raises(NotFoundError, match=r"^Record 1 holds no image"):
        library.image(run, 1, place)
