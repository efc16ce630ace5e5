"""Blind retries: a failed call made again as it was, with nothing done in between that could change its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line
from viewer.model import ToolCall

_NEAR = 15
"""Calls within which the same call counts as a retry."""
_LOOKING = frozenset(("read", "search", "web", "plan"))
_UNCOUNTED = frozenset(("description", "timeout", "timeout_ms", "yield_time_ms", "max_output_tokens", "explanation"))
"""Arguments that change nothing in what a call does."""


def find(judged: Judged) -> Iterator[Annotation]:
    """One `blind_retry` for each chain of equal calls, from the one that failed first.

    Facts: `times`, how often it was tried again; `ended`: `failed` or `went on`, the last try's end.
    """
    chain: list[int] = []
    key: tuple[str, bytes] | None = None
    since = 0
    for index, event in enumerate(judged.run.events):
        if event.kind == "user":
            yield from _told(judged, chain)
            chain = []
        call = event.call
        if call is None or call.result is None:
            continue
        if chain and key is not None and call.name == key[0] and _same(judged, chain[-1], index, key):
            chain.append(index)
            since = 0
            if not judged.failed(index):
                yield from _told(judged, chain)
                chain = []
            continue
        since += 1
        if chain and (since > _NEAR or not _looks(judged, index, call)):
            yield from _told(judged, chain)
            chain = []
        if not chain and judged.failed(index) and not _reads_log(judged, index):
            chain, since = [index], 0
            key = _key(call)
    yield from _told(judged, chain)


def _same(judged: Judged, before: int, index: int, key: tuple[str, bytes]) -> bool:
    """Whether the call is the same, and was made when the failure was known."""
    first, second = judged.run.events[before], judged.run.events[index]
    if first.call is None or first.call.result is None or second.call is None:
        return False
    return second.record > first.call.result.record and _key(second.call) == key


def _key(call: ToolCall) -> tuple[str, bytes] | None:
    values = call.input
    if isinstance(values, Mapping):
        values = {name: value for name, value in values.items() if name not in _UNCOUNTED}
    try:
        return call.name, orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # nested deeper than orjson writes
        return None


def _reads_log(judged: Judged, index: int) -> bool:
    """Whether the call reads a job's log: to read it again is to wait."""
    step = judged.jobs.get(index)
    return step is not None and step.action == "logs"


def _looks(judged: Judged, index: int, call: ToolCall) -> bool:
    command = judged.commands[index]
    return call.category in _LOOKING or (command is not None and command.kind == "view")


def _told(judged: Judged, chain: list[int]) -> Iterator[Annotation]:
    if len(chain) < 2:
        return
    event, last = judged.run.events[chain[0]], chain[-1]
    still = judged.failed(last)
    times = len(chain) - 1
    yield Annotation(
        "blind_retry",
        tuple(chain),
        f"`{one_line(brief(event), 80)}` tried again{f' {times} times' if times > 1 else ''} with nothing changed, "
        f"and {'failed again' if still else 'went through'}",
        judged.quotes(chain),
        judged.evidence(chain),
        "warning" if still else "note",
        facts={"times": times, "ended": "failed" if still else "went on"},
    )


ANNOTATOR = Annotator("retries", find)
