"""API errors and rate limits: only what the harness records as one; an output that speaks of 429 is none.

Attempts of one request are one incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.model import Event

_STATUS = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_LIMIT = re.compile(
    r"rate.?limit|too many requests|(?:session|usage|spend|weekly|monthly) limit|overloaded", re.IGNORECASE
)
_ABORTED = re.compile(r"request was aborted|aborted by user", re.IGNORECASE)
_WORK = ("assistant", "reasoning", "tool", "user")


def find(judged: Judged) -> Iterator[Annotation]:
    """One `api_error` for each incident.

    Facts: `attempts`; `status`, the HTTP status where told; `limit`, whether it is a rate or usage limit;
    `recovered`, whether the model went on without a new prompt.
    """
    events = judged.run.events
    incident: list[int] = []
    for index, event in enumerate(events):
        if event.kind == "api_error" and not _ABORTED.search(event.text[:500]):  # an abort is the user's doing
            incident.append(index)
        elif incident and event.kind in _WORK:
            yield _told(events, incident, recovered=event.kind != "user")
            incident = []
    if incident:
        yield _told(events, incident, recovered=False)


def _told(events: tuple[Event, ...], indices: list[int], *, recovered: bool) -> Annotation:
    texts = [f"{events[index].label} {events[index].text[:1000]}" for index in indices]
    quote = one_line(events[indices[-1]].text, 200)
    status = next((found[1] for text in texts if (found := _STATUS.search(text))), None)
    limit = status in ("429", "529") or any(_LIMIT.search(text) for text in texts)
    what = "limit reached" if limit else "error"
    code = f" ({status})" if status else ""
    times = f", {len(indices)} attempts" if len(indices) > 1 else ""
    end = "the run went on" if recovered else "the turn ended there"
    return Annotation(
        "api_error",
        tuple(indices),
        f"API {what}{code}{times}; {end}",
        quote,
        "flagged",
        "warning" if recovered else "error",
        facts={
            "attempts": len(indices),
            "status": int(status) if status else None,
            "limit": limit,
            "recovered": recovered,
        },
    )


ANNOTATOR = Annotator("api_errors", find)
