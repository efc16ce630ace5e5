"""STS sessions: one fact each; then counts of every sample against its raw lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.lines import dump, only, parse_lines, result_of, samples
from viewer.formats import detect, parse
from viewer.formats.images import load_image
from viewer.model import Run

HEADER = {"type": "session", "harness": "llama.app", "id": "s1"}
TIME = 1_751_900_001_500


def message(role: str, content: Any = "", **fields: Any) -> dict[str, Any]:
    return {"type": "message", "message": {"role": role, "content": content} | fields}


def node(own: str, parent: str | None, text: str) -> dict[str, Any]:
    return message("user", text, id=own, parent=parent, children=[], type="text")


def call(call_id: str, arguments: Any = "{}", name: str = "bash") -> dict[str, Any]:
    return {"id": call_id, "function": {"name": name, "arguments": arguments}}


def run(*messages: Any, **header: Any) -> Run:
    [found] = parse_lines(HEADER | header, *messages)
    return found


def texts(found: Run) -> list[str]:
    return [event.text for event in found.events]


class TestHeader:
    def test_the_header_names_harness_session_and_title(self) -> None:
        found = run(message("user", "Hi"), name="A talk", lastModified=TIME)
        assert (found.format, found.harness, found.id, found.title) == ("sts", "llama.app", "s1", "A talk")
        assert found.prompt == "Hi"
        assert run(message("user", "Hi")).title == "Hi"

    def test_the_format_has_no_error_flag(self) -> None:
        found = run(message("assistant", toolCalls=[call("c")]), message("tool", "ERROR: no", toolCallId="c"))
        assert not found.flags_errors
        assert result_of(found).status == "unknown"

    def test_times_are_milliseconds(self) -> None:
        found = run(message("user", "a", timestamp=TIME), message("assistant", "b", timestamp=TIME + 1))
        assert (found.started, found.ended) == (TIME, TIME + 1)
        assert run(message("user", "a")).started is None

    def test_each_session_of_a_file_is_a_run(self) -> None:
        sessions = (HEADER, message("user", "a"), HEADER | {"id": "s2"}, message("user", "b"), HEADER | {"id": "s3"})
        first, second, third = parse_lines(*sessions)
        assert [(found.id, found.part, found.records) for found in (first, second, third)] == [
            ("s1", "", 2),
            ("s2", "2", 2),
            ("s3", "3", 1),
        ]
        assert (texts(first), texts(second), texts(third)) == (["a"], ["b"], [])

    def test_a_last_line_without_its_newline_is_read(self) -> None:
        lines = dump([HEADER, message("user", "a")])
        [found] = parse([lines[0], lines[1].rstrip()], "name")
        assert texts(found) == ["a"]
        assert not found.truncated


class TestMessages:
    def test_reasoning_text_and_calls_are_blocks_in_this_order(self) -> None:
        calls = [call("c1"), call("c2")]
        found = run(message("assistant", "So", reasoningContent="Hm", toolCalls=calls, model="m"))
        assert [(event.address, event.kind) for event in found.events] == [
            ("2", "reasoning"),
            ("2.2", "assistant"),
            ("2.3", "tool"),
            ("2.4", "tool"),
        ]
        assert {event.model for event in found.events} == {"m"}
        assert found.models == ("m",)

    def test_what_is_empty_is_no_block(self) -> None:
        event = only(run(message("assistant", "", reasoningContent="", toolCalls=[call("c")])))
        assert (event.address, event.kind) == ("2", "tool")
        assert only(run(message("assistant", ""))).kind == "assistant"

    def test_the_system_prompt_is_text_of_the_harness(self) -> None:
        found = run(message("system", "Be kind"), message("user", "Hi"))
        assert (found.events[0].kind, found.events[0].label) == ("system", "system prompt")
        assert found.prompt == "Hi"

    def test_a_result_finds_its_call_by_id(self) -> None:
        found = run(message("assistant", toolCalls=[call("a|b")]), message("tool", "out", toolCallId="a|b"))
        made = only(found).call
        assert made is not None
        assert (made.id, made.name, made.category) == ("a|b", "bash", "shell")
        assert (result_of(found).text, result_of(found).record) == ("out", 3)

    def test_arguments_are_json_text_and_kept_as_they_are_when_they_are_not(self) -> None:
        for written, meant in (
            ('{"a": 1}', {"a": 1}),
            ({"a": 1}, {"a": 1}),
            ('{"a"', '{"a"'),
            ("[1]", "[1]"),
            (None, {}),
        ):
            made = only(run(message("assistant", toolCalls=[call("c", written)]))).call
            assert made is not None
            assert made.input == meant

    def test_calls_may_be_a_list_written_as_text(self) -> None:
        made = only(run(message("assistant", toolCalls=json.dumps([call("c")])))).call
        assert made is not None
        assert made.name == "bash"
        broken = only(run(message("assistant", toolCalls="[{"))).call
        assert broken is not None
        assert (broken.name, broken.input) == ("unknown tool", "[{")
        assert only(run(message("assistant", "a", toolCalls=""))).kind == "assistant"

    def test_an_image_is_an_attachment_and_other_files_are_shown_by_name_and_text(self) -> None:
        extra = [
            {"type": "IMAGE", "name": "a.png", "base64Url": "data:image/png;base64,aGk="},
            {"type": "TEXT", "name": "a.txt", "content": "text"},
            {"type": "AUDIO", "name": "a.mp3", "base64Data": "aGk="},
        ]
        document = message("user", "See", extra=extra)
        found = run(document)
        assert texts(found) == ["See", "a.txt\n\ntext", "a.mp3"]
        assert [event.label for event in found.events] == ["", "attachment", "attachment"]
        assert load_image(document, found.events[0].images[0].path) == ("image/png", b"hi")
        assert found.prompt == "See"

    def test_a_tool_may_answer_with_an_image(self) -> None:
        extra = [{"type": "IMAGE", "name": "a.png", "base64Url": "data:image/png;base64,aGk="}]
        found = run(message("assistant", toolCalls=[call("c")]), message("tool", "a", toolCallId="c", extra=extra))
        assert result_of(found).images[0].path == ("message", "extra", 0)

    def test_an_unknown_role_or_record_is_shown(self) -> None:
        found = run(message("user", "a"), message("oracle", "b"), {"type": "future"}, ["list"], None)
        assert [event.kind for event in found.events] == ["user"] + ["other"] * 4


class TestBranches:
    ROOT = message("system", "", id="r", parent=None, type="root")

    def test_the_path_to_the_node_in_use_is_the_run(self) -> None:
        nodes = (self.ROOT, node("a", "r", "a"), node("b", "a", "b"), node("c", "a", "c"))
        found = run(*nodes, currNode="b")
        assert texts(found) == ["a", "b"]
        assert found.notes == ("1 message on 1 other branch is not shown",)

    def test_without_a_node_in_use_the_last_message_is_the_end(self) -> None:
        nodes = (self.ROOT, node("a", "r", "a"), node("b", "a", "b"), node("c", "a", "c"))
        assert texts(run(*nodes)) == ["a", "c"]
        assert texts(run(*nodes, currNode="gone")) == ["a", "c"]

    def test_messages_without_ids_are_a_line(self) -> None:
        found = run(message("user", "a"), message("user", "b"))
        assert texts(found) == ["a", "b"]
        assert found.notes == ()


class TestDetection:
    @pytest.mark.parametrize(
        ("documents", "name"),
        [
            ([HEADER], "sts"),
            ([HEADER | {"cwd": "/w"}, message("user", "Hi")], "sts"),
            ([HEADER, message("assistant", toolCalls=[])], "sts"),
            ([{"type": "session", "id": "x"}, message("tool", toolCallId="c")], "sts"),
            ([HEADER | {"version": 3, "cwd": "/w"}], "pi"),
            ([HEADER, message("user", [{"type": "text", "text": "Hi"}])], "pi"),
            ([HEADER, message("user", "Hi") | {"id": "a", "parentId": None}], "pi"),
            ([HEADER, message("toolResult", "a") | {"timestamp": "2026-07-09T10:00:00Z"}], "pi"),
            ([{"type": "session", "id": "x"}], None),
            ([message("tool", toolCallId="c")], None),
            ([{"type": "session_start", "id": "x", "harness": "h"}], None),
        ],
    )
    def test_the_messages_tell_sts_from_pi_and_the_header_where_they_do_not(
        self, documents: list[Any], name: str | None
    ) -> None:
        found = detect(documents)
        assert (found.name if found else None) == name


@pytest.mark.parametrize("path", samples("sts"))
def test_counts_of_a_sample_are_those_of_its_raw_lines(path: Path) -> None:
    with path.open(encoding="utf-8", newline="\n") as file:
        said = [record["message"] for record in map(json.loads, file) if record["type"] == "message"]
    with path.open("rb") as lines:
        [found] = parse(lines, path.stem)
    calls = [event.call for event in found.events if event.call]
    assert len(calls) == sum(len(one.get("toolCalls", ())) for one in said)
    assert sum(made.result is not None for made in calls) == sum(one["role"] == "tool" for one in said)
    assert sum(event.kind == "user" for event in found.events) == sum(one["role"] == "user" for one in said)
    assert not any(event.is_error for event in found.events)
    assert found.usage is None
