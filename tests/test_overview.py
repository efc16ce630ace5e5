"""The head of the run page: counts, times and usage as the file states them, and the way to parent and subagents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.formats.claude_lines import back, said, spent, text, use, user
from tests.formats.lines import dump
from tests.smallest import library_of, write
from viewer.overview import overview


def page(folder: Path, path: str = "s1.jsonl", part: str = "") -> dict[str, Any]:
    library = library_of(folder)
    opened = library.open("here", path, part)
    parent = library.parent_path(opened)
    return overview(opened, opened.source.stale, library.children(opened), parent, library.parent_call(opened, parent))


def at(second: int) -> str:
    return f"2026-06-12T15:23:{second:02}.000Z"


def test_events_calls_and_verdicts_are_counted(tmp_path: Path) -> None:
    calls = said(text("I look"), use("t1", "Bash"), use("t2", "Bash"), use("t3", "Read"), use("t4", "Bash"))
    write(tmp_path / "s1.jsonl", user("Fix it"), calls, back("a"), back("b", "t2", flag=True), back("c", "t3"))
    counts = page(tmp_path)["counts"]
    assert (counts["records"], counts["events"], counts["turns"], counts["calls"]) == (5, 6, 2, 4)
    assert [(tool["name"], tool["count"], tool["category"]) for tool in counts["tools"]] == [
        ("Bash", 3, "shell"),
        ("Read", 1, "read"),
    ]
    assert counts["kinds"] == {"user": 1, "assistant": 1, "tool": 4}
    assert counts["categories"] == {"shell": 3, "read": 1}
    assert counts["verdicts"] == {"ok": 2, "error": 1, "unanswered": 1}
    assert (counts["flagged"], counts["inferred"], counts["flagsErrors"]) == (1, 0, True)


def test_errors_of_a_harness_without_flags_are_unknown(tmp_path: Path) -> None:
    call = {"id": "c1", "function": {"name": "bash", "arguments": "{}"}}
    messages = (
        {"role": "assistant", "content": "", "toolCalls": [call]},
        {"role": "tool", "toolCallId": "c1", "content": "a"},
    )
    lines = ({"type": "message", "message": message} for message in messages)
    write(tmp_path / "s1.jsonl", {"type": "session", "harness": "x", "id": "s1"}, *lines)
    counts = page(tmp_path)["counts"]
    assert (counts["flagged"], counts["inferred"], counts["flagsErrors"]) == (None, 0, False)
    assert counts["verdicts"]["unknown"] == 1


def test_duration_is_known_where_times_mean_something(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it", timestamp=at(1)), said(text("Done"), timestamp=at(9)))
    found = page(tmp_path)
    assert (found["duration"], found["ended"] - found["started"], found["notes"]) == (8_000, 8_000, [])


def test_duration_and_end_are_unknown_where_all_times_are_equal(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", *(user(f"Prompt {number}", timestamp=at(1)) for number in range(3)))
    found = page(tmp_path)
    assert (found["duration"], found["ended"]) == (None, None)
    assert found["started"] is not None
    assert found["notes"] == ["Times hidden: every record has the same timestamp"]


def test_usage_is_unknown_where_the_file_states_none(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"))
    assert page(tmp_path)["usage"] is None


def test_usage_is_the_runs_own(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("Fix it"), spent("m1", 4), spent("m2", 9, isSidechain=True, agentId="a1"))
    assert page(tmp_path)["usage"] == {
        "input": 1,
        "output": 4,
        "cacheRead": 3,
        "cacheWrite": 5,
        "reasoning": 0,
        "context": 9,
        "total": 13,
        "costUsd": None,
    }


def test_a_subagent_and_its_run_lead_to_each_other(tmp_path: Path) -> None:
    task = use("t1", "Task", prompt="Look", description="Look around")
    write(tmp_path / "s1.jsonl", user("Fix it"), said(task), user("Look", isSidechain=True, agentId="a1"), back("done"))
    child = page(tmp_path)["children"][0]
    assert (child["path"], child["part"], child["label"], child["call"]) == ("s1.jsonl", "a1", "Look around", "2")
    assert page(tmp_path, child["path"], child["part"])["parent"] == {"path": "s1.jsonl", "id": "s1", "call": "2"}


def test_of_many_unreadable_records_the_first_are_listed_and_all_counted(tmp_path: Path) -> None:
    (tmp_path / "s1.jsonl").write_bytes(
        b"".join([*dump([user("Fix it")]), *[b"{no\n"] * 60, *dump([user("And this")])])
    )
    found = page(tmp_path)
    assert (found["unreadable"], len(found["problems"])) == (60, 50)
    assert found["problems"][0]["record"] == 2


def test_a_long_title_and_prompt_are_cut(tmp_path: Path) -> None:
    write(tmp_path / "s1.jsonl", user("word " * 1_000))
    found = page(tmp_path)
    assert (len(found["title"]), len(found["prompt"])) == (200, 400)
