"""Reading rules that hold for every format: what a line may be, and what becomes of a bad one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.formats.lines import dump, parse_lines
from viewer.formats import parse, raw_documents, raw_record
from viewer.formats import records as records_module
from viewer.formats.contract import TraceError
from viewer.formats.records import PROBLEMS_KEPT, Records, decode_line, read_record, unfolded

PROMPT = {"type": "user", "sessionId": "s", "version": "2", "message": {"role": "user", "content": "Fix it"}}


def read(*lines: bytes) -> tuple[list[tuple[int, Any]], Records]:
    source = Records(lines)
    return list(source), source


def test_each_line_is_a_record_numbered_from_one() -> None:
    assert read(b'{"a": 1}\n', b"2\n")[0] == [(1, {"a": 1}), (2, 2)]


def test_a_file_without_a_last_newline_is_whole() -> None:
    found, source = read(b"1\n", b"2")
    assert found == [(1, 1), (2, 2)]
    assert not source.truncated
    assert not source.problems


def test_two_records_glued_on_one_line_keep_its_number() -> None:
    found, source = read(b'{"a": 1}{"a": 2}\n', b"3\n")
    assert found == [(1, {"a": 1}), (1, {"a": 2}), (2, 3)]
    assert not source.problems
    assert source.count == 2


def test_what_can_be_read_of_a_broken_line_is_kept_and_the_rest_is_a_problem() -> None:
    found, source = read(b'{"a": 1}{"a":\n', b"3\n")
    assert found == [(1, {"a": 1}), (2, 3)]
    assert [problem.record for problem in source.problems] == [1]
    assert source.problems[0].reason.startswith("not JSON at character 14")
    assert not source.truncated


def test_a_cut_last_line_is_a_live_file_not_a_problem() -> None:
    found, source = read(b"1\n", b'{"a": "hal')
    assert found == [(1, 1)]
    assert source.truncated
    assert not source.problems
    assert source.count == 2


def test_a_broken_last_line_that_ends_is_a_problem() -> None:
    _, source = read(b"1\n", b'{"a": "hal\n')
    assert not source.truncated
    assert len(source.problems) == 1


def test_lines_that_are_no_objects_are_records() -> None:
    assert [document for _, document in read(b"null\n", b"[1]\n", b'"text"\n', b"true\n")[0]] == [
        None,
        [1],
        "text",
        True,
    ]


def test_blank_lines_count_in_the_numbers_but_are_no_records() -> None:
    found, source = read(b"1\n", b"\n", b"  \r\n", b"4\n")
    assert found == [(1, 1), (4, 4)]
    assert source.count == 2
    assert not source.problems


def test_a_byte_order_mark_is_no_part_of_the_first_record() -> None:
    assert read(b"\xef\xbb\xbf1\n", b"2\n")[0] == [(1, 1), (2, 2)]


def test_windows_line_ends_are_read() -> None:
    assert read(b'{"a": 1}\r\n', b'{"a": 2}{"a": 3}\r\n')[0] == [(1, {"a": 1}), (2, {"a": 2}), (2, {"a": 3})]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_other_line_ends_inside_a_string_do_not_end_a_record(character: str) -> None:
    document = PROMPT | {"message": {"role": "user", "content": f"one{character}two"}}
    line = orjson.dumps(document) + b"\n"
    assert character.encode() in line
    assert parse([line], "name")[0].events[0].text == f"one{character}two"


def test_lone_surrogates_become_replacement_characters() -> None:
    found, source = read(b'{"a\\ud83d": ["\\ud83d", "\\ud83d\\ude00"]}\n')
    assert found == [(1, {"a\ufffd": ["\ufffd", "\U0001f600"]})]
    assert not source.problems


def test_invalid_utf8_costs_its_characters_only() -> None:
    found, source = read(b'{"a": "x\xff\xfey"}\n')
    assert found == [(1, {"a": "x\ufffd\ufffdy"})]
    assert not source.problems


def test_numbers_that_are_not_json_are_read() -> None:
    found, source = read(b'{"a": NaN, "b": -Infinity}\n')
    assert str(found[0][1]) == "{'a': nan, 'b': -inf}"
    assert not source.problems


@pytest.mark.parametrize("digits", [20, 400, 5000])
def test_huge_integers_are_read_as_floats(digits: int) -> None:
    found, source = read(b'{"a": ' + b"9" * digits + b"}\n")
    assert isinstance(found[0][1]["a"], float)
    assert not source.problems


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
@pytest.mark.parametrize("inside", [b"1", b'"\\ud83d"'])
def test_deep_nesting_is_read_or_a_problem_of_its_line(depth: int, inside: bytes) -> None:
    found, source = read(b"[" * depth + inside + b"]" * depth + b"\n", b"2\n")
    assert found[-1] == (2, 2)
    assert len(found) == 2 or source.problems[0].reason == "nested too deep to read"


def test_problems_past_the_limit_are_counted_and_not_listed() -> None:
    _, source = read(*[b"{\n"] * (PROBLEMS_KEPT + 5))
    assert len(source.problems) == PROBLEMS_KEPT
    assert source.unreadable == PROBLEMS_KEPT + 5


def test_a_line_that_is_read_wholly_has_no_complaint() -> None:
    assert decode_line(b" 1 2 \n") == ([1, 2], None)
    assert decode_line(b"\n") == ([], None)


def test_problems_and_a_cut_end_are_told_on_the_run() -> None:
    run = parse([*dump([PROMPT]), b"{oops\n", b'{"cut'], "name")[0]
    assert [problem.record for problem in run.problems] == [2]
    assert run.truncated
    assert run.records == 3


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n"])
def test_an_empty_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(TraceError, match=r"^name: the file is empty\.$"):
        parse([content] if content else [], "name")


def test_a_file_without_one_readable_record_is_refused_in_words() -> None:
    with pytest.raises(TraceError, match=r"^name: no record could be read; record 1 is not JSON at character 1: "):
        parse([b"hello\n", b"world\n"], "name")


def test_a_file_cut_within_its_first_record_is_refused_in_words() -> None:
    with pytest.raises(TraceError, match=r"^name: the file is cut before the end of its first record\.$"):
        parse([b'{"type": "us'], "name")


def test_json_of_no_known_format_is_refused_in_words() -> None:
    with pytest.raises(TraceError, match=r"^name: not a trace of a known format \(.*Claude Code.*\)\.$"):
        parse([b'{"a": 1}\n'], "name")


def test_one_document_over_several_lines_is_one_record() -> None:
    whole = orjson.dumps({"a": [{"b": 1}, {"b": 2}]}, option=orjson.OPT_INDENT_2)
    for start in (b"", b"\n", b"\xef\xbb\xbf"):
        assert list(Records(unfolded((start + whole).splitlines(keepends=True)))) == [(1, {"a": [{"b": 1}, {"b": 2}]})]


def test_a_document_over_several_lines_that_is_cut_is_refused_in_words() -> None:
    whole = orjson.dumps({"loglines": [PROMPT, PROMPT]}, option=orjson.OPT_INDENT_2).splitlines(keepends=True)
    with pytest.raises(TraceError, match=r"^name: no record could be read; record 1 is not JSON at character \d+: "):
        parse(whole[:9], "name")


def test_a_broken_first_line_does_not_join_the_lines_below_it() -> None:
    lines = [b'{"type": "user", "cut\n', *dump([PROMPT])]
    assert list(unfolded(lines)) == lines
    assert parse(lines, "name")[0].prompt == "Fix it"


def test_lines_are_passed_on_as_they_are() -> None:
    lines = [b"\n", b'{"a": 1}\n', b"{\n", b"}\n"]
    assert list(unfolded(lines)) == lines
    assert list(unfolded([])) == []


def test_a_document_past_the_limit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_module, "WHOLE_LIMIT", 100)
    with pytest.raises(
        TraceError, match=r"^name: one JSON document of more than \d+ MiB, too large to read in one piece"
    ):
        parse([b"{\n", b'"a": 1,\n' * 20, b"}\n"], "name")


def test_a_record_is_found_by_its_number() -> None:
    lines = [b"1\n", b"\n", b"3\n"]
    assert read_record(lines, 3) == b"3\n"
    assert read_record(lines, 4) is None
    assert raw_record("claude-code", lines, 3) == b"3\n"
    assert raw_record("claude-code", lines, 0) is None
    assert raw_record("claude-code", [], 1) is None


def test_raw_documents_are_what_the_parser_saw() -> None:
    assert raw_documents(b'{"a": 1}\n') == [{"a": 1}]
    assert raw_documents(b'{"a": 1}{"a": "\\ud83d"}\n') == [{"a": 1}, {"a": "\ufffd"}]


def test_events_of_glued_records_have_addresses_of_their_own() -> None:
    line = b"".join(line.strip() for line in dump([PROMPT, PROMPT])) + b"\n"
    assert [event.address for event in parse([line], "name")[0].events] == ["1", "1.2"]


def test_a_file_name_is_no_more_than_a_last_resort() -> None:
    assert parse_lines(PROMPT)[0].id == "s"
    assert (
        parse_lines({key: value for key, value in PROMPT.items() if key != "sessionId"} | {"parentUuid": None})[0].id
        == "name"
    )
