"""Pi sessions as a whole: header, branches, reading; then counts of every sample against its raw lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.lines import dump, only, parse_lines, samples
from tests.formats.pi_lines import HEADER, USAGE, entry, message, node, run, texts
from viewer.formats import detect, parse
from viewer.model import Event, Usage


class TestHeader:
    def test_the_header_gives_id_and_folder(self) -> None:
        found = run(message("user", "Hi"))
        assert (found.id, found.cwd, found.format, found.harness) == ("s1", "/w", "pi", "Pi")
        assert found.flags_errors

    def test_a_folder_of_openclaw_makes_it_openclaw(self) -> None:
        assert run(message("user", "Hi"), cwd="/home/x/.openclaw/workspace").harness == "OpenClaw"

    def test_an_entry_of_openclaw_makes_it_openclaw(self) -> None:
        assert run(entry("custom", customType="openclaw.cache-ttl")).harness == "OpenClaw"
        assert run(entry("custom_message", customType="openclaw.x", display=False)).harness == "OpenClaw"

    def test_a_harness_in_the_header_is_the_label(self) -> None:
        assert run(message("user", [{"type": "text", "text": "Hi"}]), harness="my-agent").harness == "my-agent"

    def test_the_parent_is_the_id_in_the_name_of_its_file(self) -> None:
        path = "/home/x/.pi/agent/sessions/--w--/2026-07-09T10-00-00-000Z_019d-aa.jsonl"
        assert run(parentSession=path).parent == "019d-aa"
        assert run(branchedFrom=path).parent == "019d-aa"
        assert run().parent is None

    def test_the_last_name_of_the_session_is_its_title(self) -> None:
        names = (entry("session_info", name="One"), entry("session_info", name="Two"))
        assert run(message("user", "Hi"), *names).title == "Two"
        assert run(message("user", "Hi"), entry("session_info", name=" ")).title == "Hi"

    def test_start_and_end_are_those_of_the_entries_even_when_the_header_is_younger(self) -> None:
        late, early = ({"timestamp": f"2026-07-08T0{hour}:00:00.000Z"} for hour in (9, 7))
        found = run(message("user", "a") | late, message("user", "b") | early)
        assert (found.started, found.ended) == (1783494000000, 1783501200000)

    def test_a_header_alone_is_a_run_without_events(self) -> None:
        found = run()
        assert found.events == ()
        assert found.started == found.ended == 1783591200000

    def test_an_entry_without_a_time_takes_that_of_its_message(self) -> None:
        plain = {"type": "message", "parentId": None, "message": {"role": "user", "content": "a", "timestamp": 1.7e12}}
        assert only(run(plain)).time == 1_700_000_000_000

    def test_a_second_session_in_the_file_is_a_run_of_its_own(self) -> None:
        first, second = parse_lines(HEADER, message("user", "a"), HEADER | {"id": "s2"}, message("user", "b"))
        assert (first.id, first.part, texts(first), first.records) == ("s1", "", ["a"], 2)
        assert (second.id, second.part, texts(second), second.records) == ("s2", "2", ["b"], 2)

    def test_the_same_header_again_says_nothing(self) -> None:
        assert texts(run(message("user", "a"), HEADER, message("user", "b"))) == ["a", "b"]


class TestTree:
    def test_version_1_is_a_line(self) -> None:
        del_version = {key: value for key, value in HEADER.items() if key != "version"}
        [found] = parse_lines(del_version, message("user", "a"), message("user", "b"))
        assert texts(found) == ["a", "b"]
        assert found.notes == ()

    def test_the_path_from_the_last_entry_to_the_root_is_the_run(self) -> None:
        found = run(node("a", None, "a"), node("b", "a", "b"), node("c", "b", "c"), node("d", "a", "d"))
        assert texts(found) == ["a", "d"]
        assert found.notes == ("2 entries on 1 other branch are not shown",)

    def test_each_end_of_another_branch_is_counted(self) -> None:
        found = run(node("a", None, "a"), node("b", "a", "b"), node("c", "a", "c"), node("d", "a", "d"))
        assert found.notes == ("2 entries on 2 other branches are not shown",)

    def test_going_back_to_before_the_first_entry_begins_another_tree(self) -> None:
        found = run(node("a", None, "a"), node("b", None, "b"), node("c", "b", "c"))
        assert texts(found) == ["b", "c"]
        assert found.notes == ("1 entry on 1 other branch is not shown",)

    def test_model_calls_of_other_branches_are_not_counted_and_said_so(self) -> None:
        reply = message("assistant", "x", usage=USAGE)
        found = run(node("a", None, "a"), reply | {"id": "b", "parentId": "a"}, reply | {"id": "c", "parentId": "a"})
        assert found.usage == Usage(1, 2, 3, 4, 1, 0.5)
        assert found.notes[1] == "1 model call on other branches not counted in tokens and cost"

    def test_a_parent_that_is_not_in_the_file_loses_nothing(self) -> None:
        found = run(node("a", "gone", "a"), node("b", "a", "b"), node("c", "gone", "c"))
        assert texts(found) == ["a", "b", "c"]
        assert found.notes == ("1 entry names a parent not in the file before; shown after what stands before",)

    def test_ids_that_point_at_each_other_end(self) -> None:
        assert texts(run(node("a", "b", "a"), node("b", "a", "b"), node("c", "c", "c"))) == ["a", "b", "c"]

    def test_a_file_in_which_no_entry_has_a_parent_is_a_line(self) -> None:
        assert texts(run(node("a", None, "a"), node("b", None, "b"))) == ["a", "b"]

    def test_a_name_given_on_another_branch_counts(self) -> None:
        named = entry("session_info", name="Named", id="b", parentId="a")
        assert run(node("a", None, "a"), named, node("c", "a", "c")).title == "Named"


class TestReading:
    def test_two_records_on_one_line_are_both_read(self) -> None:
        lines = [*dump([HEADER]), b"".join(dump([message("user", "a")])).strip() + dump([message("user", "b")])[0]]
        [found] = parse(lines, "name")
        assert [(event.address, event.text) for event in found.events] == [("2", "a"), ("2.2", "b")]

    def test_a_line_separator_in_a_text_is_no_end_of_line(self) -> None:
        assert only(run(message("user", "a\u2028b"))).text == "a\u2028b"

    def test_times_that_go_backwards_do_not_change_the_order(self) -> None:
        back = message("user", "b") | {"timestamp": "2020-01-01T00:00:00Z"}
        assert texts(run(message("user", "a"), back)) == ["a", "b"]

    @pytest.mark.parametrize(
        "documents",
        [
            [{"type": "session_start", "id": "x", "version": 2, "cwd": "/w"}],
            [{"type": "session.start", "data": {"sessionId": "x"}}],
            [{"type": "session", "harness": "h", "id": "x"}, {"type": "message", "message": {"role": "user"}}],
            [{"type": "message", "id": "a", "parentId": None, "message": {"role": "user"}}],
        ],
    )
    def test_other_formats_are_not_claimed(self, documents: list[Any]) -> None:
        found = detect(documents)
        assert found is None or found.name != "pi"


def path_of(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries from the last to the root; an entry whose parent is not known follows the one before it."""
    chosen, at = [], len(entries) - 1
    while at >= 0:
        chosen.append(entries[at])
        if entries[at].get("parentId", "") is None:
            break
        wanted = entries[at].get("parentId")
        known = [place for place in range(at) if wanted is not None and entries[place].get("id") == wanted]
        at = known[-1] if known else at - 1
    return chosen


def count_raw(path: Path) -> dict[str, int]:
    """Tool calls, results that Pi flags and that it does not say were stopped, and tokens, from the raw lines."""
    with path.open(encoding="utf-8", newline="\n") as file:
        _, *entries = [json.loads(line) for line in file if line.strip()]
    total = dict.fromkeys(("calls", "errors", "input", "output", "cacheRead", "cacheWrite"), 0)
    for found in (raw.get("message", raw) for raw in path_of(entries)):
        content = found.get("content") if isinstance(found.get("content"), list) else []
        total["calls"] += sum(block["type"] == "toolCall" for block in content) + (found.get("role") == "bashExecution")
        said = "".join(block.get("text", "") for block in content)
        stopped = said.endswith(("Command aborted", "Operation aborted"))
        total["errors"] += found.get("isError") is True and not stopped
        for key in ("input", "output", "cacheRead", "cacheWrite"):
            total[key] += found.get("usage", {}).get(key, 0)
    return total


def is_call(event: Event) -> bool:
    return event.call is not None and event.label != "result without a call"


@pytest.mark.parametrize("path", samples("pi", "openclaw"))
def test_counts_of_a_sample_are_those_of_its_raw_lines(path: Path) -> None:
    with path.open("rb") as file:
        [found] = parse(file, path.stem)
    usage = found.usage or Usage()
    assert count_raw(path) == {
        "calls": sum(map(is_call, found.events)),
        "errors": sum(event.is_error for event in found.events),
        "input": usage.input,
        "output": usage.output,
        "cacheRead": usage.cache_read,
        "cacheWrite": usage.cache_write,
    }
