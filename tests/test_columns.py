"""The typed columns of a run, read back with a decoder that shares nothing with the encoder."""

from __future__ import annotations

import json
import math
import struct
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.smallest import answer, call, run_of, used
from viewer.annotations import annotate
from viewer.annotations.contract import EVIDENCE, VERDICTS, Annotated
from viewer.columns import spans, times_usable, turns
from viewer.model import CATEGORIES, KINDS, Event, Kind, Usage
from viewer.ribbon import PHASES
from viewer.wire import encode_columns

LETTERS = {"u8": "B", "u16": "H", "u32": "I", "f64": "d"}
COLUMNS = [
    "start",
    "end",
    "record",
    "turn",
    "context",
    "block",
    "tool",
    "kind",
    "category",
    "verdict",
    "evidence",
    "phase",
]
NOON = 1_750_000_000_000


def decoded(data: bytes) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """The header, and each column's values."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    columns: dict[str, list[float]] = {}
    for column in header["columns"]:
        assert column["at"] % 8 == 0
        assert column["at"] >= 4 + length
        form = f"<{header['n']}{LETTERS[column['type']]}"
        columns[column["name"]] = list(struct.unpack_from(form, data, column["at"]))
    return header, columns


def judged(*events: Event) -> Annotated:
    return annotate(run_of(*events))


def columns_of(*events: Event) -> dict[str, list[float]]:
    return decoded(encode_columns(judged(*events)))[1]


def event(kind: Kind = "user", record: int = 1, time: int | None = None, **more: Any) -> Event:
    return Event(record, 1, kind, time, **more)


def test_every_column_decodes_to_what_was_encoded() -> None:
    asked = event("user", 1, NOON)
    said = Event(2, 3, "assistant", NOON + 2_000, usage=Usage(input=1, cache_read=2, cache_write=4, output=8))
    ran = used("Bash", {}, answer("", "error", record=4, time=NOON + 9_000), record=3, time=NOON + 5_000)
    header, columns = decoded(encode_columns(judged(asked, said, ran)))
    assert header | {"columns": []} == {
        "n": 3,
        "origin": NOON,
        "timesUsable": True,
        "flags": True,
        "tools": ["Bash"],
        "columns": [],
    }
    assert columns == {
        "start": [0, 0, 5_000],
        "end": [0, 2_000, 9_000],
        "record": [1, 2, 3],
        "turn": [0, 1, 1],
        "context": [0, 7, 0],
        "block": [1, 3, 1],
        "tool": [65535, 65535, 0],
        "kind": [KINDS.index("user"), KINDS.index("assistant"), KINDS.index("tool")],
        "category": [255, 255, CATEGORIES.index("shell")],
        "verdict": [255, 255, VERDICTS.index("error")],
        "evidence": [255, 255, EVIDENCE.index("flagged")],
        "phase": [PHASES.index("other"), PHASES.index("fail"), PHASES.index("fail")],
    }


def test_a_call_without_a_result_has_the_code_after_all_verdicts() -> None:
    assert columns_of(used("Bash"))["verdict"] == [len(VERDICTS)]


def test_a_tool_is_named_once_in_order_of_its_first_call() -> None:
    header, columns = decoded(encode_columns(judged(used("Read"), used("Bash"), used("Read"))))
    assert (header["tools"], columns["tool"]) == (["Read", "Bash"], [0, 1, 0])


def test_tools_past_what_a_code_can_name_have_none() -> None:
    header, columns = decoded(encode_columns(judged(*(used(f"t{number}") for number in range(65537)))))
    assert len(header["tools"]) == 65535
    assert columns["tool"][65534:] == [65534, 65535, 65535]


def test_a_value_past_its_type_is_the_largest() -> None:
    huge = Event(1, 70_000, "assistant", None, usage=Usage(input=2**40))
    assert (columns_of(huge)["block"], columns_of(huge)["context"]) == ([65535], [2**32 - 1])


def test_an_unknown_time_is_nan_and_never_zero() -> None:
    columns = columns_of(event(time=None), event(time=NOON))
    assert math.isnan(columns["start"][0])
    assert math.isnan(columns["end"][0])
    assert (columns["start"][1], columns["end"][1]) == (0, 0)


def test_without_any_time_there_is_no_origin() -> None:
    header, columns = decoded(encode_columns(judged(event(), event(record=2))))
    assert header["origin"] is None
    assert all(map(math.isnan, columns["start"]))


def test_a_run_without_events_has_empty_columns() -> None:
    header, columns = decoded(encode_columns(judged()))
    assert (header["n"], list(columns), list(columns.values())) == (0, COLUMNS, [[]] * len(COLUMNS))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_columns_do_not_overlap_and_fill_the_buffer(count: int) -> None:
    data = encode_columns(judged(*(event(record=number) for number in range(1, count + 1))))
    places = decoded(data)[0]["columns"]
    size = [count * struct.calcsize(LETTERS[place["type"]]) for place in places]
    ends = [place["at"] + length for place, length in zip(places, size, strict=True)]
    assert all(end <= following["at"] for end, (_, following) in zip(ends, pairwise(places), strict=False))
    assert ends[-1] <= len(data) < ends[-1] + 8


TIMES = st.none() | st.integers(NOON - 10_000, NOON + 10_000)


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(KINDS))
    if kind != "tool":
        return event(kind, draw(st.integers(1, 50)), draw(TIMES))
    found = draw(st.none() | st.builds(answer, time=TIMES, duration=st.none() | st.integers(-5_000, 5_000)))
    return used(draw(st.sampled_from(["Bash", "Read", "x"])), {}, found, draw(st.integers(1, 50)), draw(TIMES))


@given(st.lists(any_event(), max_size=12))
def test_for_any_events_codes_name_what_they_are_and_no_event_ends_before_it_starts(events: list[Event]) -> None:
    header, columns = decoded(encode_columns(judged(*events)))
    assert [KINDS[int(code)] for code in columns["kind"]] == [found.kind for found in events]
    assert columns["record"] == [found.record for found in events]
    for found, start, end in zip(events, columns["start"], columns["end"], strict=True):
        assert math.isnan(start) == math.isnan(end) == (found.time is None)
        assert found.time is None or (0 <= start <= end and start <= found.time - header["origin"] <= end)


@pytest.mark.parametrize(
    ("result", "length"),
    [
        (answer(time=NOON + 3_000), 3_000),
        (answer(time=NOON + 3_000, duration=7), 7),
        (answer(duration=7), 7),
        (answer(), 0),
        (answer(time=NOON - 3_000), 0),
        (answer(duration=-7), 0),
        (None, 0),
    ],
    ids=["to its result", "as stated", "stated alone", "no time", "result before call", "negative", "no result"],
)
def test_how_long_a_call_lasts(result: Any, length: int) -> None:
    assert spans([used("Bash", {}, result, time=NOON)]) == [(NOON, NOON + length)]


def test_text_lasts_from_the_end_of_what_came_before() -> None:
    ran = used("Bash", {}, answer(time=NOON + 4_000), time=NOON)
    said = event("assistant", 3, NOON + 6_000)
    assert spans([ran, said])[1] == (NOON + 4_000, NOON + 6_000)


def test_text_from_before_what_came_before_is_a_moment() -> None:
    assert spans([event(time=NOON), event("assistant", 2, NOON - 5)])[1] == (NOON - 5, NOON - 5)


def test_the_first_text_and_every_prompt_are_moments() -> None:
    events = [event("reasoning", 1, NOON), event("user", 2, NOON + 50)]
    assert spans(events) == [(NOON, NOON), (NOON + 50, NOON + 50)]


def test_a_prompt_is_a_turn_and_the_answer_with_its_calls_another() -> None:
    answered = answer(record=4)
    calls = [used("Read", {}, answered, record=2), used("Read", {}, answer(record=5), record=3)]
    events = [event("user", 1), event("reasoning", 2), *calls, event("assistant", 6), event("user", 7)]
    assert turns(events) == [0, 1, 1, 1, 2, 3]


def test_calls_made_before_any_result_came_are_one_turn() -> None:
    events = [used("Read", {}, answer(record=9), record=record) for record in (1, 2, 3)]
    assert turns(events) == [0, 0, 0]


def test_what_the_harness_says_starts_no_turn() -> None:
    events = [event("system", 1), event("user", 2), event("system", 3), event("assistant", 4), event("other", 5)]
    assert turns(events) == [0, 0, 0, 1, 1]


def test_a_call_without_a_result_ends_no_turn() -> None:
    assert turns([used("Read", record=1), event("assistant", 2)]) == [0, 0]


def test_no_events_have_no_turns() -> None:
    assert turns([]) == []


@pytest.mark.parametrize(
    ("times", "usable"),
    [
        ([], False),
        ([NOON], False),
        ([None, None, None], False),
        ([NOON] * 9, False),
        ([NOON, NOON + 1, NOON + 2], False),
        ([NOON] * 8 + [NOON + 5_000], False),
        ([NOON, NOON + 5_000] + [None] * 5, False),
        ([NOON, NOON + 5_000], True),
        ([NOON, NOON, NOON + 1_000, NOON + 2_000], True),
    ],
    ids=["no events", "one", "none known", "all equal", "one second", "few distinct", "few known", "two", "some twice"],
)
def test_whether_times_mean_anything(times: list[int | None], usable: bool) -> None:
    assert times_usable([event(record=at, time=time) for at, time in enumerate(times, 1)]) is usable


def test_blocks_of_one_record_may_share_its_time() -> None:
    events = [Event(record, block, "assistant", NOON + record * 1_000) for record in (1, 2) for block in (1, 2, 3)]
    assert times_usable(events)


def test_columns_of_calls_hold_the_category_of_each_tool() -> None:
    events = [Event(1, 1, "tool", None, call=call(name)) for name in ("Bash", "Edit", "mcp__a__b", "nobody knows")]
    codes = columns_of(*events)["category"]
    assert [CATEGORIES[int(code)] for code in codes] == ["shell", "edit", "mcp", "other"]
