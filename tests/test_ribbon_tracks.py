"""Tracks of a ribbon: addresses, seconds and tokens of its cells, as differences."""

from __future__ import annotations

from tests.smallest import answer, run_of, used
from viewer.model import Event, Usage
from viewer.ribbon_tracks import tracks

START = 1_777_000_000_000


def at(record: int, seconds: float | None, *, block: int = 1, tokens: int = 0) -> Event:
    usage = Usage(input=tokens) if tokens else None
    time = None if seconds is None else START + round(seconds * 1000)
    return Event(record, block, "assistant", time, "words", usage=usage)


def test_addresses_are_differences_of_records_with_the_block_where_it_is_not_the_first() -> None:
    run = run_of(at(1, 0), at(2, 1), at(2, 2, block=2), at(7, 3))
    assert tracks(run, 1)["at"] == "1,1,0.2,5"
    assert tracks(run, 3)["at"] == "1,6"


def test_seconds_end_with_the_result_of_a_call_and_never_run_backwards() -> None:
    call = used("Bash", {"command": "make"}, answer(record=3, time=START + 65_000), record=2, time=START + 5_000)
    run = run_of(at(1, 0), call, at(4, 20), at(5, None), at(6, 80))
    assert tracks(run, 1)["seconds"] == "0,65,0,0,15"
    assert tracks(run, 2)["seconds"] == "65,0,15"


def test_tokens_are_those_of_the_model_calls_in_a_cell() -> None:
    run = run_of(at(1, 0), at(2, 1, tokens=100), at(3, 2), at(4, 3, tokens=50))
    assert (tracks(run, 1)["tokens"], tracks(run, 2)["tokens"]) == ("0,100,0,50", "100,50")


def test_what_is_not_recorded_is_unknown_and_a_run_without_events_has_no_cells() -> None:
    same = run_of(*(at(record, 0) for record in range(1, 7)))
    assert (tracks(same, 1)["seconds"], tracks(same, 1)["tokens"]) == (None, None)
    assert tracks(run_of(), 1)["at"] == ""
