"""Repeated reads: the same part of the same file read again, with the same text coming back."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line, path_of
from viewer.edits import name_of
from viewer.model import Event, ToolCall

_SHORTEST = 200
"""Characters: a shorter answer is no reading worth a word."""


def find(judged: Judged) -> Iterator[Annotation]:
    """One `reread` for each part of a file that was read more than once while the context still held it.

    The text that came back is the same, so nothing was learnt, whoever might have changed the file in between.
    A compaction starts afresh. Facts: `path`, `reads` (how often in all).
    """
    seen: dict[tuple[str, int], list[int]] = {}
    for index, event in enumerate(judged.run.events):
        if event.kind == "compaction":
            yield from _told(judged, seen)
            seen = {}
        elif (key := _key(judged, index, event)) is not None:
            seen.setdefault(key, []).append(index)
    yield from _told(judged, seen)


def _key(judged: Judged, index: int, event: Event) -> tuple[str, int] | None:
    """What was read, and what came back; None for anything else, or what gave nothing."""
    call = event.call
    if call is None or call.result is None or len(call.result.text) < _SHORTEST:
        return None
    failure, command = judged.failures[index], judged.commands[index]
    if failure is not None and failure.verdict not in ("ok", "unknown"):
        return None
    if call.category == "read" and path_of(call):
        return _arguments(call), hash(call.result.text)
    if command is not None and getattr(command, "kind", "") == "view" and len(command.steps) == 1:
        return command.text, hash(call.result.text)
    return None


def _arguments(call: ToolCall) -> str:
    try:
        return orjson.dumps(call.input, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # nested deeper than orjson writes
        return call.id


def _told(judged: Judged, seen: dict[tuple[str, int], list[int]]) -> Iterator[Annotation]:
    for indices in seen.values():
        if len(indices) < 2:
            continue
        event = judged.run.events[indices[0]]
        what = path_of(event.call) if event.call is not None else ""
        name = name_of(what) or one_line(brief(event), 80)
        yield Annotation(
            "reread",
            tuple(indices),
            f"The same part of `{name}` was read {len(indices)} times, with the same text coming back",
            confidence="B",
            facts={"path": what or None, "reads": len(indices)},
        )


ANNOTATOR = Annotator("rereads", find, "B")
