"""Every format side by side: each file has one owner, and nothing in a file can bring the reader down."""

from __future__ import annotations

import copy
import json
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.lines import TRACES, dump, family, samples
from tests.formats.seeds import SEEDS
from viewer.formats import FORMATS, parse
from viewer.formats.contract import HEAD, Format, TraceError
from viewer.formats.records import Records, unfolded
from viewer.model import Run

READ = {
    "claude-code": "claude-code",
    "claude-code-subagents": "claude-code",
    "claude-web": "claude-code",
    "codex": "codex",
    "ml-intern": "ml-intern",
    "ml-intern-row": "ml-intern-row",
    "openclaw": "pi",
    "pi": "pi",
    "sts": "sts",
}
NOT_READ = {
    "atif": "an ATIF trajectory",
    "copilot": "a Copilot CLI session",
    "cursor": "a Cursor transcript",
    "droid": "a Droid session",
    "gemini": "a Gemini CLI session",
    "hermes": "a Hermes export",
    "opencode": "an OpenCode export",
    "other-qwen": "a Qwen Code session",
}
CUT_BYTES = 4 * 2**20
"""How much of one sample's lines the tests of cut files read, all cuts together: more would take minutes."""

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
many = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def folder_of(path: Path) -> str:
    return path.relative_to(TRACES).parts[0]


def lines_of(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return list(file)


def check(runs: tuple[Run, ...]) -> None:
    """What holds of any runs: each has its own name in the file, and each event its own address in the run."""
    assert runs
    assert len({run.part for run in runs}) == len(runs)
    for run in (found for first in runs for found in family(first)):
        addresses = [event.address for event in run.events]
        assert len(set(addresses)) == len(addresses)
        assert all(event.record >= 1 and event.block >= 1 for event in run.events)


def check_written(runs: tuple[Run, ...]) -> None:
    """The same, and all of it can be written as JSON."""
    check(runs)
    for run in runs:
        orjson.dumps(run, default=list)


def read_or_refuse(lines: list[bytes]) -> tuple[Run, ...]:
    """The runs, or none where the file is refused in words."""
    try:
        runs = parse(lines, "name")
    except TraceError as refusal:
        assert str(refusal).startswith("name: ")
        assert str(refusal).endswith(".")
        return ()
    check_written(runs)
    return runs


def test_names_are_unique() -> None:
    assert len({format.name for format in FORMATS}) == len(FORMATS)


def test_every_format_has_a_seed() -> None:
    assert {format.name for format in FORMATS} <= SEEDS.keys()


def test_every_folder_of_samples_is_in_one_of_the_tables(sample_data: Path) -> None:
    folders = {path.name for path in (sample_data / "traces").iterdir() if path.is_dir()}
    assert folders == READ.keys() | NOT_READ.keys()


@pytest.mark.parametrize("path", samples(*READ))
def test_a_sample_is_claimed_by_its_format_alone(path: Path) -> None:
    with path.open("rb") as file:
        head = [document for _, document in islice(Records(unfolded(file)), HEAD)]
    assert [format.name for format in FORMATS if format.detect(head)] == [READ[folder_of(path)]]


@pytest.mark.parametrize("path", samples(*READ))
def test_a_sample_is_known_whatever_its_file_is_called(path: Path) -> None:
    runs = parse(lines_of(path), "x")
    check(runs)
    assert runs[0].format == READ[folder_of(path)]


@pytest.mark.parametrize("path", samples(*NOT_READ))
def test_a_sample_of_a_format_that_is_not_read_is_named(path: Path) -> None:
    with pytest.raises(TraceError, match=f"^x: looks like {NOT_READ[folder_of(path)]}, which is not read"):
        parse(lines_of(path), "x")


@pytest.mark.parametrize("path", samples(*READ, *NOT_READ))
def test_a_sample_cut_after_any_tenth_record_or_within_one_is_read_or_refused(path: Path) -> None:
    lines = lines_of(path)
    size = sum(map(len, lines))
    places = list(range(10, len(lines), 10)) or [len(lines) - 1]
    most = max(2, CUT_BYTES // size)
    for place in places[:: -(-len(places) // most)]:
        read_or_refuse(lines[:place])
        following = lines[place]
        runs = read_or_refuse([*lines[:place], following[: len(following) // 2]])
        cut = len(following) > 3 and not following.startswith((b" ", b"]", b"}"))
        assert not (runs and cut) or runs[0].truncated


@every_format
def test_a_seed_is_claimed_by_its_format_alone(format: Format) -> None:
    seed = SEEDS[format.name]
    assert [other.name for other in FORMATS if other.detect(seed[:HEAD])] == [format.name]
    check(parse(dump(seed), "name"))


@every_format
def test_detection_and_parsing_take_any_json(format: Format) -> None:
    odd: list[Any] = [None, True, 0, -1.5, "", "text", [], [[]], {}, {"type": []}, {"type": {}}, {"message": None}]
    assert not format.detect(odd)
    assert not format.detect([])
    for run in format.parse(enumerate(odd, 1), Records([])):
        check((run,))


@every_format
@pytest.mark.parametrize("depth", [300, 900])
def test_a_value_nested_deep_does_not_stop_the_reading(format: Format, depth: int) -> None:
    deep: Any = "end"
    for _ in range(depth):
        deep = [deep]
    stray = [{"type": "a sort of tomorrow", "said": deep}, deep]
    changed = [document | {key: deep} for document in SEEDS[format.name] for key in document]
    for run in format.parse(enumerate([*SEEDS[format.name], *stray, *changed], 1), Records([])):
        check((run,))


@every_format
def test_a_record_of_an_unknown_sort_is_shown_or_listed(format: Format) -> None:
    stray = {"type": "a sort of tomorrow", "said": "something"}
    lines = dump([*SEEDS[format.name], stray])
    runs = parse(lines, "name")
    shown = [event for run in runs for found in family(run) for event in found.events if event.record == len(lines)]
    listed = [problem for problem in runs[0].problems if problem.record == len(lines)]
    assert listed or any(event.kind == "other" and "something" in event.text for event in shown)


KEYS = (
    *sorted({key for seed in SEEDS.values() for document in seed for key in document}),
    *("content", "role", "text", "id", "name", "input", "usage", "model", "arguments", "output", "loglines"),
)
TYPES = sorted(
    {str(document["type"]) for seed in SEEDS.values() for document in seed if "type" in document}
    | {"text", "tool_use", "tool_result", "image", "toolCall", "function_call", "message", "init", "result"}
)
leaf = (
    st.none()
    | st.booleans()
    | st.sampled_from((0, -1, 2**63, 10**30, 1e308, -1e308, 1.5, 1_781_277_781_000))
    | st.text(max_size=12)
    | st.sampled_from((*TYPES, "user", "assistant", "tool", "<synthetic>", "[1]", "{", "2026-06-12T15:23:00Z"))
)
anything: st.SearchStrategy[Any] = st.recursive(
    leaf,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=12,
)


def as_lines(documents: list[Any]) -> list[bytes]:
    """Lines by the standard library, which also writes integers of any size."""
    return [json.dumps(document).encode() + b"\n" for document in documents]


@given(documents=st.lists(anything, max_size=8))
@many
def test_lines_of_arbitrary_json_are_read_or_refused(documents: list[Any]) -> None:
    read_or_refuse(as_lines(documents))


@every_format
@given(documents=st.lists(anything, max_size=6))
@many
def test_arbitrary_json_behind_a_real_beginning_is_read(format: Format, documents: list[Any]) -> None:
    seed = SEEDS[format.name]
    found = format.parse(enumerate([*seed, *(orjson.loads(line) for line in as_lines(documents))], 1), Records([]))
    check_written(tuple(found))


@st.composite
def mutated(draw: st.DrawFn, seed: list[Any]) -> list[Any]:
    """The seed with a few values replaced, removed or repeated, at any depth."""
    documents = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, 4))):
        place: Any = documents
        while True:
            keys = list(range(len(place))) if isinstance(place, list) else list(place)
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], list | dict) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            change = draw(st.sampled_from(("replace", "remove", "repeat")))
            if change == "replace":
                place[key] = draw(anything)
            elif change == "remove":
                del place[key]
            elif isinstance(place, list):
                place.append(copy.deepcopy(place[key]))
            break
    return documents


@every_format
@given(data=st.data())
@many
def test_a_real_looking_file_with_any_value_changed_is_read_or_refused(format: Format, data: st.DataObject) -> None:
    documents = data.draw(mutated(SEEDS[format.name]))
    runs = read_or_refuse(as_lines(documents))
    if runs and runs[0].format == format.name:
        check_written(
            tuple(format.parse(enumerate((orjson.loads(line) for line in as_lines(documents)), 1), Records([])))
        )


@given(content=st.binary(max_size=300))
@many
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content.splitlines(keepends=True))


@every_format
@given(data=st.data())
@many
def test_a_file_with_random_bytes_in_it_is_read_or_refused(format: Format, data: st.DataObject) -> None:
    whole = b"".join(dump(SEEDS[format.name]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    broken = whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:]
    read_or_refuse([line + b"\n" for line in broken.split(b"\n")])
