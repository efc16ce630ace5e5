"""What the tests of the trace formats share: documents to lines to runs, and the sample files there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from viewer.formats import parse
from viewer.model import Event, Run, ToolResult

_NAMED = os.environ.get("TRACE_VIEWER_TEST_DATA")
_DATA = Path(_NAMED) if _NAMED else Path(__file__).resolve().parents[3] / "shared" / "data"
TRACES = _DATA / "traces"
"""Real traces in one folder per format; pytest needs their names before any fixture runs."""


def dump(documents: Iterable[Any]) -> list[bytes]:
    """Each document as one line with its newline."""
    return [orjson.dumps(document) + b"\n" for document in documents]


def parse_lines(*documents: Any) -> tuple[Run, ...]:
    """The runs of a file called "name" that holds these documents, one a line."""
    return parse(dump(documents), "name")


def samples(*folders: str) -> list[Any]:
    """One pytest parameter for each sample file of these folders; a single skipped one where there is none."""
    found = sorted(path for folder in folders for path in (TRACES / folder).rglob("*.json*") if path.is_file())
    if not found:
        reason = "no sample data: set TRACE_VIEWER_TEST_DATA to its folder, or put it in ../shared/data"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=path.relative_to(TRACES).as_posix()) for path in found]


def family(run: Run) -> Iterator[Run]:
    """A run and all runs below it."""
    yield run
    for child in run.children:
        yield from family(child)


def only(run: Run) -> Event:
    """The one event of a run."""
    assert len(run.events) == 1, [event.kind for event in run.events]
    return run.events[0]


def result_of(run: Run, place: int = 0) -> ToolResult:
    """The result of the tool call at this place among the run's tool events."""
    event = [event for event in run.events if event.kind == "tool"][place]
    assert event.call is not None
    assert event.call.result is not None
    return event.call.result
