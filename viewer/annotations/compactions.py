"""Compactions: where the harness replaced the conversation by a summary. Only what the harness records counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from viewer.annotations.contract import Annotation, Annotator, Judged

_TOKENS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+) tokens before")
_TRIGGERS = ("auto", "manual")


def find(judged: Judged) -> Iterator[Annotation]:
    """One `compaction` for each; records that follow one another without a word or a call between are one.

    Facts: `tokens_before` (None where not told), `trigger` (`auto`, `manual` or None), `partial`: only old tool results
    were dropped.
    """
    together: list[int] = []
    for index, event in enumerate(judged.run.events):
        if event.kind == "compaction":
            together.append(index)
        elif together and event.kind in ("assistant", "reasoning", "tool", "user"):
            yield _told(judged, together)
            together = []
    if together:
        yield _told(judged, together)


def _told(judged: Judged, indices: list[int]) -> Annotation:
    events = [judged.run.events[index] for index in indices]
    heads = [event.text[:200] for event in events]
    tokens = next((found[1] for head in heads if (found := _TOKENS.search(head))), None)
    trigger = next((word for word in _TRIGGERS if any(head.startswith(word) for head in heads)), None)
    partial = all(event.label == "microcompaction" for event in events)
    what = "Old tool results dropped from the context" if partial else "Context compacted"
    by = {"auto": " by the harness", "manual": " on the user's command"}.get(trigger or "", "")
    size = f" at {tokens} tokens" if tokens else ""
    return Annotation(
        "compaction",
        tuple(indices),
        f"{what}{by}{size}",
        evidence="flagged",
        facts={
            "tokens_before": int(tokens.replace(",", "")) if tokens else None,
            "trigger": trigger,
            "partial": partial,
        },
    )


ANNOTATOR = Annotator("compactions", find)
