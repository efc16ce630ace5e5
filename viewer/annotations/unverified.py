"""Claims without evidence: a message that ends a turn says that tests (a build, a linter) pass, and no run shows it.

Off until switched on: too few cases were ever labelled to know how often it is right. It says what was not found, never
that a claim is false: a subagent or the user may have run them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line


class Claim(NamedTuple):
    """What is claimed: its name, the words, and the kinds of command that would show it."""

    name: str
    pattern: re.Pattern[str]
    kinds: frozenset[str]


_GOOD = r"(?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|(?:are|is) (?:all )?(?:green|clean)|green)"
CLAIMS: tuple[Claim, ...] = (
    Claim("test", re.compile(rf"\btests?\b[^.\n;]{{0,30}}\b{_GOOD}\b", re.IGNORECASE), frozenset(("test",))),
    Claim("build", re.compile(rf"\bbuilds?\b[^.\n;]{{0,20}}\b{_GOOD}\b", re.IGNORECASE), frozenset(("build",))),
    Claim(
        "check",
        re.compile(rf"\b(?:lint(?:er|ing)?|type ?checks?|typecheck)\b[^.\n;]{{0,20}}\b{_GOOD}\b", re.IGNORECASE),
        frozenset(("check", "build")),
    ),
)
"""Every sort of claim."""
_DOUBT = re.compile(
    r"\b(?:not|n't|no|never|if|once|until|should|would|will|can|could|might|unless|make sure|ensure|before|after|when|"
    r"without|fail\w*|expect\w*|to be run|please)\b|\?",
    re.IGNORECASE,
)
_CODE = re.compile(r"\.(?:py|[cm]?[jt]sx?|go|rs|rb|java|kt|ex|exs|c|cc|cpp|h|cs|swift|php|sh|vue|svelte)$")


def find(judged: Judged) -> Iterator[Annotation]:
    """One `unverified_claim` for each claim. Facts: `claim` (a name of `CLAIMS`), `edited` (the last edit of code)."""
    closings = frozenset(judged.closings)
    edited: int | None = None
    shown: dict[str, int] = {}
    delegated = -1
    for index, event in enumerate(judged.run.events):
        command = judged.commands[index]
        if any(_CODE.search(change.path) for change in judged.changes[index]):
            edited = index
        if command is not None and judged.went_on(index):
            shown.update(dict.fromkeys(command.kinds, index))
        if event.call is not None and event.call.category == "agent":
            delegated = index
        if index in closings and edited is not None and delegated < edited:
            yield from _claims(event.text, index, edited, shown)


def _claims(text: str, index: int, edited: int, shown: dict[str, int]) -> Iterator[Annotation]:
    for claim in CLAIMS:
        if any(shown.get(kind, -1) > edited for kind in claim.kinds):
            continue
        hit = next((hit for hit in claim.pattern.finditer(text) if not _DOUBT.search(_sentence(text, hit))), None)
        if hit is not None:
            yield Annotation(
                "unverified_claim",
                (index, edited),
                f"No passing {claim.name} run was found after the last edit, and the message says that it passes",
                one_line(_sentence(text, hit), 200),
                severity="note",
                confidence="C",
                facts={"claim": claim.name, "edited": edited},
            )


def _sentence(text: str, hit: re.Match[str]) -> str:
    start = max(text.rfind(mark, 0, hit.start()) for mark in (". ", "\n", "; "))
    end = min((at for mark in (". ", "\n", "; ") if (at := text.find(mark, hit.end())) >= 0), default=len(text))
    return text[start + 1 : end][-500:]


ANNOTATOR = Annotator("unverified", find, "C")
