"""Sessions of Codex's first, TypeScript CLI (`~/.codex/sessions/rollout-<date>-<uuid>.json`, early 2025).

One JSON object `{session: {id, timestamp, instructions}, items: [...]}`; the items are those of `codex.py` without an
envelope. A record is an item here, numbered from 1, since the whole session is one document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from viewer.formats import codex
from viewer.formats.codex_session import Session
from viewer.formats.contract import Format, Numbered
from viewer.formats.records import Records, unfolded
from viewer.formats.values import iso_time, mapping
from viewer.model import Run


def detect(head: Sequence[Any]) -> bool:
    """A single object that holds the session's header and its items."""
    return bool(head) and _is_session(head[0])


def _is_session(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("session"), dict)
        and isinstance(document.get("items"), list)
    )


def parse(records: Iterable[Numbered], source: Records) -> list[Run]:
    """One run; what else the file holds is listed as a problem."""
    session = Session()
    count = 0
    for number, document in records:
        if count == 0 and _is_session(document):
            session.meta = mapping(document["session"])
            session.builder.seen(iso_time(session.meta.get("timestamp")))
            for count, item in enumerate(document["items"], 1):
                codex.read(session, count, item)
        else:
            source.problem(number, "not a session of the TypeScript CLI")
    return [codex.run_of(session, FORMAT.name, source.name, records=count)]


def element(lines: Iterable[bytes], number: int) -> Any | None:
    """The item with this number."""
    for _, document in islice(Records(unfolded(lines)), 1):
        if _is_session(document) and 0 < number <= len(document["items"]):
            return document["items"][number - 1]
    return None


FORMAT = Format("codex-object", "Codex", detect, parse, element)
