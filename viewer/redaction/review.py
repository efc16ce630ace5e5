"""What was found, and what the reader decided about it.

Nothing is published while one finding has no decision. The same text has the same placeholder everywhere, numbered in
the order in which the texts first stand in the files, whatever is decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from viewer.redaction.kinds import OWN, Kind, placeholder
from viewer.redaction.matcher import WHOLE, Mark, Matcher
from viewer.redaction.scan import Scanned
from viewer.redaction.spool import Place
from viewer.redaction.words import MOST, PatternError, Word, find_words

BAR = "████████"
"""Stands for a found text that is not shown."""

Action = Literal["redact", "ignore"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a finding; why, when it is ignored."""

    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One text that was found. `places` are the records that hold it, in the order of the files."""

    id: str
    kind: Kind
    text: str = field(repr=False)
    placeholder: str
    places: tuple[Place, ...] = field(repr=False)

    @property
    def whole(self) -> bool:
        """Whether it is replaced only as a word of its own."""
        return self.kind.group == "person" or len(self.text) < WHOLE


class NotFoundError(LookupError):
    """A finding that is not in the review."""


class Review:
    """The findings of a scan with decisions, the reader's own words, and the runs that are left out."""

    def __init__(self, scanned: Scanned) -> None:
        """Every finding is undecided."""
        self.scanned = scanned
        self.words: list[Word] = []
        self.decisions: dict[str, Decision] = {}
        self.left_out: set[str] = set()
        """Paths of files that are not published."""
        self.with_attachments = False
        """Whether images, which nobody scanned, are published."""
        self.findings: tuple[Finding, ...] = ()
        self._ids: dict[str, str] = {}
        self._own: dict[str, Kind] = {}
        self._look_up()

    def add_word(self, word: Word) -> int:
        """Look for a word or pattern too, and redact what it finds: so many texts. Raises PatternError."""
        pattern = word.compiled()
        names = "\n".join(file.path for file in self.scanned.files).encode(errors="replace")
        found = find_words(pattern, chain([names], (data for _, data in self.scanned.spool.blocks())))
        if len(found | self._own.keys()) > MOST:
            raise PatternError(f"All words together find at most {MOST:,} different texts.")
        if not found:
            return 0
        self.words.append(word)
        for text in found:
            self._own.setdefault(text, OWN)
        self._look_up()
        for finding in self.findings:
            if finding.text in found:
                self.decisions[finding.id] = Decision("redact")
        return len(found)

    def finding(self, finding_id: str) -> Finding:
        """A finding by its id. Raises NotFoundError."""
        found = next((finding for finding in self.findings if finding.id == finding_id), None)
        if found is None:
            raise NotFoundError(f"There is no finding {finding_id!r} in this review.")
        return found

    def decide(self, decision: Decision | None, findings: Iterable[Finding]) -> None:
        """Decide about findings; None takes a decision back."""
        for finding in findings:
            if decision is None:
                self.decisions.pop(finding.id, None)
            else:
                self.decisions[finding.id] = decision

    def undecided(self) -> list[Finding]:
        """Findings in the files to be published that have no decision yet."""
        return [finding for finding in self.present() if finding.id not in self.decisions]

    def present(self) -> list[Finding]:
        """The findings in files that are not left out. Those in a file's name count with the file."""
        gone = {index for index, file in enumerate(self.scanned.files) if file.path in self.left_out}
        return [finding for finding in self.findings if any(place.file not in gone for place in finding.places)]

    def matcher(self) -> Matcher:
        """Replaces what is to be redacted."""
        marks = {
            finding.text: Mark(finding.placeholder, finding.whole, own=finding.kind is OWN)
            for finding in self.findings
            if (decision := self.decisions.get(finding.id)) is not None and decision.action == "redact"
        }
        return Matcher(self._with_parts(marks))

    def mask(self) -> Matcher:
        """Replaces every finding by a bar, whatever is decided: for the words around another one."""
        return Matcher(self._with_parts({finding.text: Mark(BAR, finding.whole) for finding in self.findings}))

    def _with_parts(self, marks: Mapping[str, Mark]) -> dict[str, Mark]:
        """The marks, and for each line of a text in several lines the mark of that text."""
        parts = {part: marks[text] for part, text in self.scanned.parts.items() if text in marks}
        return {**parts, **marks}

    def touched(self) -> dict[str, set[int]]:
        """The records of each file in which something is to be replaced."""
        records: defaultdict[str, set[int]] = defaultdict(set)
        for finding in self.findings:
            if (decision := self.decisions.get(finding.id)) is not None and decision.action == "redact":
                for place in finding.places:
                    records[self.scanned.files[place.file].path].add(place.record)
        return records

    def ignored(self) -> set[str]:
        """The texts that the reader let stand."""
        stay = {
            finding.text
            for finding in self.findings
            if (decision := self.decisions.get(finding.id)) is not None and decision.action == "ignore"
        }
        return stay | {part for part, text in self.scanned.parts.items() if text in stay}

    def redacted_counts(self) -> dict[str, int]:
        """How many texts of each kind are redacted, by the kind's label, in the files to be published."""
        counts = Counter(
            finding.kind.label
            for finding in self.present()
            if (decision := self.decisions.get(finding.id)) is not None and decision.action == "redact"
        )
        return dict(counts.most_common())

    def take(self, kinds: Mapping[str, Kind]) -> int:
        """Add what a second scan found; returns how many of it stand in the files as new findings."""
        new = {text: kind for text, kind in kinds.items() if text not in self._ids}
        self._own.update(new)
        self._look_up()
        return sum(finding.text in new for finding in self.findings)

    def _look_up(self) -> None:
        """Find every text in the kept texts, and number them."""
        kinds = {**self._own, **self.scanned.kinds}
        parts = self.scanned.parts
        marks = {text: Mark("", kind.group == "person" or len(text) < WHOLE) for text, kind in kinds.items()}
        matcher = Matcher(self._with_parts(marks))
        places: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        for index, file in enumerate(self.scanned.files):
            for match in matcher.find(file.path.encode(errors="replace")):
                places[parts.get(match.text, match.text)][Place(index, 0)] = None
        for block, data in self.scanned.spool.blocks():
            for match in matcher.find(data):
                for record in block.owners(match.start):
                    places[parts.get(match.text, match.text)][Place(block.file, record)] = None
        found = sorted(places, key=lambda text: (min(places[text]), text))
        numbers: Counter[str] = Counter()
        findings: list[Finding] = []
        for text in found:
            kind = kinds[text]
            numbers[kind.noun] += 1
            finding_id = self._ids.setdefault(text, f"f{len(self._ids) + 1}")
            mark = placeholder(kind, numbers[kind.noun])
            findings.append(Finding(finding_id, kind, text, mark, tuple(sorted(places[text]))))
        self.findings = tuple(findings)


def masked(text: str) -> str:
    """A text as it may be shown to whoever looks over the reader's shoulder: its ends and its length."""
    line = text.splitlines()[0] if "\n" in text else text
    if len(text) < 6:
        return "…"
    shown = 4 if len(text) >= 16 else 2
    tail = line[-2:] if len(text) >= 16 and line == text else ""
    return f"{line[:shown]}…{tail} ({len(text)} characters)"
