"""Probes (D17): was X seen in tool results, said by the agent, run in code? Patterns of readers, in linear time.

A probe has up to three patterns: what it looks like on screen, what saying it looks like, what acting on it looks like.
They are apart because a word such as `source` is on every screen. `evaluate` finds the first place of each in a run and
ends in one plain word (`VERDICTS`). A mark is the event to go to; nothing found is "no pattern found", not "not done".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from viewer.annotations import annotate
from viewer.annotations.contract import Judged
from viewer.model import Event, Run
from viewer.probe_patterns import Clock, Pattern, PatternError, ProbeTimeoutError
from viewer.probe_texts import RunTexts, Text, Written, arguments, file_at, is_echo, is_prose, mentions_file, read_texts

__all__ = ["Clock", "Mark", "Probe", "ProbeError", "ProbeRow", "ProbeTimeoutError", "check_probe", "evaluate"]

MAX_PROBES = 20
LONGEST_NAME = 120
QUOTE = 160
"""Bytes of text around a match that are quoted."""

LONGEST_LINE = 2_000
"""Bytes on either side of a match within which its line is told from the agent's own."""

VERDICTS: tuple[tuple[str, str], ...] = (
    ("in prompt", "the task itself says it, so finding it is no merit"),
    ("seen & said", "on screen, and the agent told about it in a message, a card or a report"),
    ("seen, written only", "on screen, and in code or another file, but in nothing that a reader is told"),
    ("seen, thought only", "on screen and in the agent's reasoning, told to nobody"),
    ("seen, never said", "on screen, and nowhere in what the agent wrote"),
    ("said, then seen", "said before it was on screen, and not again after"),
    ("seen", "on screen; the probe asks no more"),
    ("said, not seen", "the agent said it, and no tool result shows it"),
    ("never seen", "in no tool result, and nowhere in what the agent wrote"),
    ("unknown", "not found, but the file does not hold all that was on screen or said"),
    ("said", "the agent said it"),
    ("thought only", "in the agent's reasoning, told to nobody"),
    ("never said", "nowhere in what the agent wrote"),
    ("run", "in a command, or in a program that was run"),
    ("tried, failed", "only in commands that failed"),
    ("written, not run", "in a program that no later command starts"),
    ("not run", "in no command and no program"),
)
"""The words that a row may end in, and what each says."""


# What tools and harnesses write where they leave text out. "[installs truncated]" says that the rest is whole.
_CUT = Pattern(
    r"(?i)\[(?:\.{3}|…)?\s*(?:output |text |content |result |response )?truncated\b"
    r"|(?:lines?|chars?|characters|tokens|bytes|output|text|content|result|response)"
    r" (?:was |were |is |are |has been |have been )?(?:truncated|omitted|cut off)\b"
    r"|\(truncated\)|<persisted-output>|output too (?:large|long)"
)


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
    """The first place where a pattern matches: `run.events[at]`, its address, and the text around the match."""

    at: int
    event: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """What a probe finds in one run. A mark is None where nothing matches (or the probe has no such pattern).

    `final` is in the last message, `card` in a model card or report as the last write leaves it. `verdict` is one of
    `VERDICTS`. `cut` counts the tool results that the file does not hold whole, `hidden` the thoughts that it does not
    hold at all; `subagents` are the rows of the run's subagents, by their ids.
    """

    probe: str
    prompted: Mark | None
    seen: Mark | None
    thought: Mark | None
    said: Mark | None
    written: Mark | None
    final: Mark | None
    card: Mark | None
    ran: Mark | None
    verdict: str
    cut: int = 0
    hidden: int = 0
    subagents: tuple[tuple[str, ProbeRow], ...] = ()


class CompiledProbe(NamedTuple):
    """A probe with its patterns; None where it has none."""

    probe: Probe
    seen: Pattern | None
    said: Pattern | None
    ran: Pattern | None


def check_probe(probe: Probe) -> None:
    """Raises ProbeError when it cannot be evaluated."""
    _compile(probe)


def check_probes(probes: Sequence[Probe]) -> list[CompiledProbe]:
    """Raises ProbeError for the first that cannot be evaluated, and where there are too many."""
    if len(probes) > MAX_PROBES:
        raise ProbeError(f"There are {len(probes)} probes, and {MAX_PROBES} are allowed.")
    return [_compile(probe) for probe in probes]


def evaluate(probe: Probe, run: Run, clock: Clock | None = None) -> ProbeRow:
    """One probe on one run. Raises ProbeError, ProbeTimeoutError."""
    return evaluate_all((probe,), run, clock)[0]


def evaluate_all(
    probes: Sequence[Probe], run: Run, clock: Clock | None = None, judged: Judged | None = None
) -> tuple[ProbeRow, ...]:
    """Several probes on one run, which is read once.

    Args:
        probes: at most `MAX_PROBES`.
        run: its subagents get rows of their own inside its row.
        clock: how long this may take; one clock may serve many runs.
        judged: the error layer's word on the run, where it is known already.

    Raises:
        ProbeError: a probe is refused.
        ProbeTimeoutError: the clock's time is over.
    """
    compiled = check_probes(probes)
    clock = clock or Clock()
    rows = _rows(compiled, judged or annotate(run, ()).judged, clock)
    children = [
        (child.agent_id or child.part, _rows(compiled, annotate(child, ()).judged, clock)) for child in run.children
    ]
    return tuple(
        replace(row, subagents=tuple((name, found[index]) for name, found in children)) if children else row
        for index, row in enumerate(rows)
    )


def _compile(probe: Probe) -> CompiledProbe:
    name = probe.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ProbeError(f"A probe needs a name of at most {LONGEST_NAME} characters.")
    if not (probe.seen or probe.said or probe.ran):
        raise ProbeError(f"Probe {name!r} has no pattern: give `seen`, `said` or `ran`.")
    return CompiledProbe(probe, *(_pattern(name, key, getattr(probe, key)) for key in ("seen", "said", "ran")))


def _pattern(name: str, key: str, text: str) -> Pattern | None:
    try:
        return Pattern(text) if text else None
    except PatternError as error:
        raise ProbeError(f"Probe {name!r}, pattern `{key}` is refused: {error}.") from error


def _rows(compiled: Sequence[CompiledProbe], judged: Judged, clock: Clock) -> list[ProbeRow]:
    search = _Search(judged.run, read_texts(judged), clock)
    return [search.row(one) for one in compiled]


class _Search:
    """Probes on the texts of one run."""

    def __init__(self, run: Run, texts: RunTexts, clock: Clock) -> None:
        self._events: Sequence[Event] = run.events
        self._texts = texts
        self._clock = clock
        self._asked: dict[int, str] = {}
        self._cut = sum(any(_CUT.spans(text.data, clock)) for text in texts.results)

    def row(self, one: CompiledProbe) -> ProbeRow:
        """What one probe finds."""
        texts = self._texts
        seen = self._first(one.seen, texts.results, self._from_elsewhere)
        after = seen.at if seen is not None else 0
        thought = self._after(one.said, texts.thoughts, after)
        said = self._after(one.said, texts.said, after)
        written = self._after(one.said, [*map(_of, texts.written)], after)
        final, card = self._first(one.said, texts.final), self._first(one.said, texts.cards)
        prompted = self._first(one.said, texts.prompts) or self._first(one.seen, texts.prompts)
        ran, acted = self._ran(one.ran)
        marks = (prompted, seen, thought, said, written, final, card, ran)
        row = ProbeRow(one.probe.name, *marks, verdict="", cut=self._cut, hidden=texts.hidden)
        if one.seen is None and one.said is None:
            return replace(row, verdict="unknown" if acted == "not run" and texts.ends_early else acted)
        return replace(row, verdict=_verdict(row, asks_seen=bool(one.seen), asks_said=bool(one.said), texts=texts))

    def _first(
        self, pattern: Pattern | None, texts: Iterable[Text], counts: Callable[[Text, int, int], bool] | None = None
    ) -> Mark | None:
        if pattern is None:
            return None
        for text in texts:
            for low, high in pattern.spans(text.data, self._clock):
                if counts is None or counts(text, low, high):
                    return Mark(text.at, self._events[text.at].address, _quote(text.data, low, high))
        return None

    def _after(self, pattern: Pattern | None, texts: Sequence[Text], start: int) -> Mark | None:
        """The first at or after an event; before it, where there is none after."""
        late = self._first(pattern, (text for text in texts if text.at >= start))
        return late or self._first(pattern, (text for text in texts if text.at < start))

    def _from_elsewhere(self, text: Text, low: int, high: int) -> bool:
        """Whether what matches in a result is not the agent's own text come back."""
        if text.at not in self._asked:
            self._asked[text.at] = arguments(self._events[text.at].call)
        start, end = _line(text.data, low, high, LONGEST_LINE)
        lines = text.data[start:end].decode("utf-8", "replace").splitlines()
        return not all(is_echo(line, text.at, self._texts, self._asked[text.at]) for line in lines)

    def _ran(self, pattern: Pattern | None) -> tuple[Mark | None, str]:
        """Where the pattern was run, and the word for it."""
        direct = self._first(pattern, self._texts.commands)
        if direct is not None:
            return direct, "run"
        programs = [one for one in self._texts.written if not is_prose(one.path)]
        written = {one.path: found for one in reversed(programs) if (found := self._first(pattern, (_of(one),)))}
        for start in self._texts.started if written else ():
            for path, found in written.items():
                if start.at >= found.at and mentions_file(start.data, path):
                    then = Text(start.at, file_at(self._texts.judged, path, start.at))
                    if (running := self._first(pattern, (then,))) is not None:
                        return running, "run"
        if written:
            return min(written.values()), "written, not run"
        failed = self._first(pattern, self._texts.attempted)
        return failed, "tried, failed" if failed is not None else "not run"


def _of(written: Written) -> Text:
    return Text(written.at, written.data)


def _verdict(row: ProbeRow, *, asks_seen: bool, asks_said: bool, texts: RunTexts) -> str:
    told = [mark for mark in (row.said, row.card) if mark is not None]
    written = row.written is not None or bool(told)
    first = min((mark.at for mark in (*told, row.seen) if mark is not None), default=None)
    if row.prompted is not None and (first is None or row.prompted.at < first):
        return "in prompt"
    if not asks_seen:
        unsaid = "unknown" if texts.ends_early else "never said"
        return "said" if written else "thought only" if row.thought is not None else unsaid
    if row.seen is None:
        unseen = "unknown" if row.cut or texts.ends_early else "never seen"
        return "said, not seen" if written else unseen
    if not asks_said:
        return "seen"
    if any(mark.at >= row.seen.at for mark in told):
        return "seen & said"
    if row.written is not None and row.written.at >= row.seen.at:
        return "seen, written only"
    if row.thought is not None and row.thought.at >= row.seen.at:
        return "seen, thought only"
    if written:
        return "said, then seen"
    return "unknown" if texts.ends_early else "seen, never said"


def _line(data: bytes, low: int, high: int, around: int) -> tuple[int, int]:
    """Where the line (or lines) of a match start and end, at most so far from it."""
    end = data.find(b"\n", high, high + around)
    return max(data.rfind(b"\n", 0, low) + 1, low - around), end if end >= 0 else min(len(data), high + around)


def _quote(data: bytes, low: int, high: int) -> str:
    """The match with a little of its line around it, in one line."""
    start, end = _line(data, low, high, QUOTE // 2)
    return " ".join(data[start : min(end, start + 2 * QUOTE)].decode("utf-8", "ignore").split())
