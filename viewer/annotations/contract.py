"""What the error layer and the annotators say of a run, and what an annotator is.

`Failure` is the error layer's word on one tool result; an `Annotation` is anything else that is inferred. Both point at
events by index (`run.events[index]`), say where they come from, and quote what they matched: a claim is never stronger
than its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from viewer.attempts import attempt_of
from viewer.commands import Command
from viewer.edits import Change, Code, changes_of, code_of
from viewer.model import Run

Verdict = Literal["ok", "error", "probe", "aborted", "denied", "benign", "unknown"]
"""`probe`: it looked for something that is not there. `aborted`: it was cut off. `denied`: somebody refused it.
`benign`: flagged, but by convention no failure (grep that found nothing). `unknown`: no flag and nothing inferred."""

Evidence = Literal["flagged", "inferred"]
"""`flagged`: the harness says so (a flag, an exit code). `inferred`: the text of the result says so."""

Severity = Literal["error", "warning", "note"]
"""How an annotation is drawn: something failed; something to look at; something to know."""

Confidence = Literal["A", "B", "C"]
"""A: on. B: on, muted. C: off until the reader switches it on. From the measured precision of each detector."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_UNDONE: frozenset[Verdict] = frozenset(("error", "aborted", "denied"))
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)


class Failure(NamedTuple):
    """What the error layer says of one tool result, whether it failed or not.

    `quote` is the text that decided, empty where a flag or an exit code alone did. `error_class` is the normalised
    class in the field's terms (`KeyError: 'label'`, `TS2345`, `CommandNotFound(rg)`), None where nothing failed or no
    class is known. `rule` names the rule that decided.
    """

    verdict: Verdict
    evidence: Evidence
    quote: str = ""
    error_class: str | None = None
    rule: str = ""

    @property
    def is_error(self) -> bool:
        """Whether something that the call attempted failed: a probe, a refusal or an abort is no error."""
        return self.verdict == "error"


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something inferred of a run, pinned to its events.

    `kind` is the annotator's word for it (`blind_retry`); `events` are indices in file order, of which `events[0]` is
    where a reader should go; `message` is one sentence; `quote` the text that was matched; `facts` are the numbers and
    names in the message, for metrics.
    """

    kind: str
    events: tuple[int, ...]
    message: str
    quote: str = ""
    evidence: Evidence = "inferred"
    severity: Severity = "note"
    confidence: Confidence = "A"
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A run with what annotators build on: one entry per event, None where the event is no (answered) tool call."""

    run: Run
    failures: tuple[Failure | None, ...]
    commands: tuple[Command | None, ...]

    @cached_property
    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """What each event changed in files; empty for a call that failed, was refused or changes none."""
        return tuple(
            () if failure is not None and failure.verdict in _UNDONE else changes_of(event, command)
            for event, failure, command in zip(self.run.events, self.failures, self.commands, strict=True)
        )

    @cached_property
    def attempts(self) -> tuple[str | None, ...]:
        """For each event that runs, tests, checks or builds something: what counts as the same tried again."""
        return tuple(attempt_of(event, command) for event, command in zip(self.run.events, self.commands, strict=True))

    @cached_property
    def code(self) -> tuple[Code, ...]:
        """All program text that the agent wrote."""
        return tuple(code_of(self.run.events, self.commands, self.changes))

    @cached_property
    def closings(self) -> tuple[int, ...]:
        """The messages that end a turn: after each the next to speak is the user, or nobody."""
        found: list[int] = []
        last: int | None = None
        for index, event in enumerate(self.run.events):
            if event.kind == "user" and last is not None:
                found.append(last)
            if event.kind in ("user", "assistant", "tool"):
                last = index if event.kind == "assistant" and event.text else None
        return (*found, last) if last is not None else tuple(found)

    def failed(self, index: int) -> bool:
        """Whether the call of this event failed; an abort, a refusal, a look for what is not there do not."""
        failure = self.failures[index]
        return failure is not None and failure.verdict == "error"

    def went_on(self, index: int) -> bool:
        """Whether the call of this event was answered, and nothing says that it failed or was stopped."""
        failure = self.failures[index]
        return failure is not None and failure.verdict in ("ok", "benign", "unknown")


@dataclass(frozen=True, slots=True)
class Annotator:
    """One detector: its name, what it finds (a pure function), how sure it is."""

    name: str
    find: Callable[[Judged], Iterable[Annotation]]
    confidence: Confidence = "A"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A judged run with its annotations; `crashed` names annotators that failed and therefore say nothing."""

    judged: Judged
    annotations: tuple[Annotation, ...]
    crashed: tuple[str, ...] = ()

    @property
    def run(self) -> Run:
        """The run."""
        return self.judged.run

    def of(self, kind: str) -> list[Annotation]:
        """The annotations of a kind."""
        return [found for found in self.annotations if found.kind == kind]
