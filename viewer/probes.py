"""Probes (D17): was X seen in tool results, said by the agent, run in code? Patterns of readers, in linear time.

(Signatures; the evaluation follows.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from viewer.model import Run


class ProbeError(ValueError):
    """A probe that is refused, in one sentence for the reader: which, and why."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to every run of a comparison. Each pattern may be empty, but not all; RE2 syntax.

    `seen` is looked for in tool results, `said` in what the agent writes, `ran` in commands and in code that was run.
    """

    name: str
    seen: str = ""
    said: str = ""
    ran: str = ""


class Mark(NamedTuple):
    """The first place where a pattern matches: `run.events[index]`, its address, and the text around the match."""

    index: int
    event: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """What a probe finds in one run. A mark is None where nothing matches (or the probe has no such pattern).

    `verdict` is the plain word at the end. `cut` counts tool results that the file does not hold whole; `subagents`
    are the same for the run's subagents, apart from it.
    """

    probe: str
    prompted: Mark | None
    seen: Mark | None
    thought: Mark | None
    said: Mark | None
    written: Mark | None
    final: Mark | None
    ran: Mark | None
    verdict: str
    cut: int = 0
    subagents: tuple[tuple[str, ProbeRow], ...] = ()


def check_probe(probe: Probe) -> None:
    """Raises ProbeError when it cannot be evaluated."""
    raise NotImplementedError


def evaluate(probe: Probe, run: Run) -> ProbeRow:
    """One probe on one run. Raises ProbeError."""
    raise NotImplementedError


def evaluate_all(probes: tuple[Probe, ...], run: Run) -> tuple[ProbeRow, ...]:
    """Several probes on one run, which is read once. Raises ProbeError."""
    raise NotImplementedError
