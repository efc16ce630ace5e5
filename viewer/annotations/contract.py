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

from viewer.attempts import attempts_of
from viewer.brief import one_line
from viewer.columns import times_usable
from viewer.commands import Command, polls
from viewer.edits import CARD_IN_CODE, Change, Code, changes_of, code_of, is_card, pushes_card, with_former_text
from viewer.jobs import JobStep, job_steps, reread_logs
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
    def timed(self) -> bool:
        """Whether the run's times mean anything."""
        return times_usable(self.run.events)

    @cached_property
    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """What each event changed in files; empty for a call that failed, was refused or changes none."""
        made = (
            () if failure is not None and failure.verdict in _UNDONE else changes_of(event, command)
            for event, failure, command in zip(self.run.events, self.failures, self.commands, strict=True)
        )
        return tuple(with_former_text(made))

    @cached_property
    def ends(self) -> Mapping[int, int]:
        """For each call that only started what it runs: the last call that waited for it, and tells how it ended."""
        return {started: waiting for waiting, started in polls(self.run.events).items()}

    @cached_property
    def jobs(self) -> Mapping[int, JobStep]:
        """What calls do with jobs on another machine: those of them that do."""
        return job_steps(self.run.events, self.commands)

    @cached_property
    def reread_logs(self) -> frozenset[int]:
        """Calls that read a job's log which a later call read again: what they show counts there."""
        return reread_logs(self.jobs)

    @cached_property
    def attempts(self) -> tuple[str | None, ...]:
        """For each event that runs, tests, checks or builds something: what counts as the same tried again.

        It stands where the outcome is told: at the last call that waited for it or read its job's log, where one did.
        """
        return attempts_of(self.run.events, self.commands, self.ends, self.jobs)

    @cached_property
    def code(self) -> tuple[Code, ...]:
        """All program text that the agent wrote."""
        return tuple(code_of(self.run.events, self.commands, self.changes))

    @cached_property
    def cards(self) -> tuple[Code, ...]:
        """What the agent wrote for readers of its work: READMEs and model cards, also those that its code pushes."""
        written = [
            Code(index, change.path, change.new)
            for index, changes in enumerate(self.changes)
            for change in changes
            if is_card(change.path)
        ]
        pushed = [Code(piece.event, CARD_IN_CODE, piece.text) for piece in self.code if pushes_card(piece.text)]
        return tuple(sorted([*written, *pushed]))

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

    def evidence(self, indices: Iterable[int]) -> Evidence:
        """What an annotation about these calls rests on: `flagged` only where the harness says all of it."""
        failures = (self.failures[index] for index in indices)
        return "flagged" if all(one is not None and one.evidence == "flagged" for one in failures) else "inferred"

    def quotes(self, indices: Iterable[int]) -> str:
        """The words that decided about these calls, each once, the first few."""
        failures = (self.failures[index] for index in indices)
        words = dict.fromkeys(one_line(one.quote, 160) for one in failures if one is not None and one.quote)
        return " · ".join(list(words)[:4])

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
