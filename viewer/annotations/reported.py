"""Reported metrics: numbers like F1 0.947 in the messages that end a turn and in the cards that a run writes.

Only of runs whose own code computes a metric; elsewhere such a number is an example, a threshold or somebody else's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.edits import name_of

_NAMES = (
    ("macro F1", r"macro[- _]?(?:averaged )?f1(?:[- _]score)?"),
    ("weighted F1", r"weighted[- _]?f1(?:[- _]score)?"),
    ("micro F1", r"micro[- _]?f1(?:[- _]score)?"),
    ("F1", r"f1(?:[- _]score)?"),
    ("balanced accuracy", r"balanced[- _]accuracy"),
    ("accuracy", r"accuracy|acc"),
    ("precision", r"precision"),
    ("recall", r"recall"),
    ("ROC AUC", r"(?:roc[- _]?)?auc(?:[- _]?roc)?|auroc"),
    ("MCC", r"mcc"),
    ("WER", r"wer|word error rate"),
    ("BLEU", r"bleu"),
    ("perplexity", r"perplexity"),
    ("loss", r"(?:eval|test|validation|val)[- _]loss"),
    ("pass@k", r"pass@\d+"),
)
"""Metrics, and how they are written, the more particular first."""

_OPEN = frozenset(("loss", "perplexity", "BLEU", "WER"))
"""Metrics whose number may be above 1."""
_ANY = "|".join(f"(?P<m{at}>{pattern})" for at, (_, pattern) in enumerate(_NAMES))
_NUMBER = r"(?P<value>\d{1,3}(?:\.\d+)?)(?P<percent>\s?%)?(?![\d.]*\d|[/×x-]\d)"
_STATED = re.compile(
    rf"(?<![\w@-])(?:{_ANY})(?!\w)[*_`]*(?:\s?\([^()\n]{{1,30}}\))?"
    rf"[\s*_`]{{0,20}}(?:[|:=≈~]|\bof\b|\bis\b|\bwas\b|\breached\b|\bat\b)?[\s*_`|:=≈~]{{0,20}}{_NUMBER}",
    re.IGNORECASE,
)
_HEADING = re.compile(rf"^[*_`\s]*(?:{_ANY})(?!\w)", re.IGNORECASE)
_ALONE = re.compile(rf"^[*_`\s]*{_NUMBER}[*_`\s]*$")
_COMPUTES = re.compile(
    r"\b(?:f1_score|accuracy_score|precision_score|recall_score|roc_auc_score|matthews_corrcoef|classification_report|"
    r"compute_metrics|cross_val_score|precision_recall_fscore_support|mean_squared_error|log_loss|evaluate\.load|"
    r"load_metric|trainer\.evaluate|model\.evaluate|\.score\(|BinaryF1Score|MulticlassAccuracy|corpus_bleu|jiwer)"
)
_COMPUTING = (
    "score",
    "corrcoef",
    "report",
    "metric",
    "squared_error",
    "log_loss",
    "evaluate",
    "Accuracy",
    "bleu",
    "jiwer",
)
"""Parts of words, one of which stands in all that `_COMPUTES` finds."""
_GOAL = re.compile(
    r"(?:at least|minimum|target|goal|threshold|aim(?:ing)? for|should (?:be|reach)|≥|>=|>|above|below|under|e\.g\.|"
    r"for example|would)\s*(?:an? |of )?[*_`]*$",
    re.IGNORECASE,
)
_SIZES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bn\s*=\s*(\d[\d,]*)",
        r"(\d[\d,]*) (?:held[- ]out|test|evaluation|eval)\b",
        r"\b(?:test|held[- ]out|evaluation)\b[^.\n|]{0,24}?(\d[\d,]*) (?:sections|examples|rows|samples|items)",
        r"\((\d[\d,]*) (?:sections|examples|rows|samples|items)\)",
    )
)
"""How a text tells the size of its test set, the plainest first."""
_SPLIT = re.compile(
    r"\b(random|stratified|grouped?|temporal|held[- ]out|test|validation|dev|cross[- ]validat\w*|"
    r"leave[- ]one[- ]\w+[- ]out)\b",
    re.IGNORECASE,
)
_AROUND = 60
"""Characters kept on either side of the numbers."""
_FAR = 300
"""Characters on either side within which a split or a size belongs to a number."""


class Stated(NamedTuple):
    """A metric as a text states it. `value` is as written, a percentage divided by 100; `place` its place there."""

    metric: str
    value: float
    place: int
    written: str


def find(judged: Judged) -> Iterator[Annotation]:
    """One `reported_metrics` for each message and each writing of a card that states some.

    Facts: `metrics`, each with `metric`, `value` (0.947; a percentage divided by 100), `written` (as it stands there)
    and `shown_at` (the last event before it whose output shows the number; None if none does); `n` and `split` where
    the same text tells them; `where` (`final message` or `card`); `path` of the card.
    """
    if not any(_computes(piece.text) for piece in judged.code):
        return
    texts: list[tuple[int, str | None, str]] = [
        (index, None, judged.run.events[index].text) for index in judged.closings
    ]
    texts += judged.cards
    shown = _Shown(judged)
    for index, path, text in sorted(texts, key=lambda one: one[0]):
        stated = stated_in(text)
        if stated:
            yield _told(index, path, text, [(one, shown.before(one.written, index)) for one in stated])


def _computes(code: str) -> bool:
    """Whether code computes a metric. Most code names none, which is known sooner than by the pattern."""
    return any(part in code for part in _COMPUTING) and _COMPUTES.search(code) is not None


def stated_in(text: str) -> list[Stated]:
    """Every metric that a text states: `F1: **0.947**`, `accuracy of 96.6%`, rows and columns of Markdown tables."""
    found: dict[tuple[str, float], Stated] = {}
    for stated in (*_in_columns(text), *_in_sentences(text)):
        found.setdefault((stated.metric, stated.value), stated)
    return sorted(found.values(), key=lambda one: one.place)


def _in_sentences(text: str) -> Iterator[Stated]:
    for hit in _STATED.finditer(text):
        if not _GOAL.search(text[max(0, hit.start() - 40) : hit.start()]) and not _GOAL.search(
            text[hit.start() : hit.start("value")]
        ):
            yield from _stated(hit, hit.start())


def _in_columns(text: str) -> Iterator[Stated]:
    """Tables whose head names metrics and whose first row holds their numbers."""
    lines = text.split("\n")
    place = 0
    for at, line in enumerate(lines):
        if (
            line.count("|") >= 2
            and at + 2 < len(lines)
            and set(lines[at + 1].strip()) <= set("|-: ")
            and lines[at + 1].strip()
        ):
            heads, cells = line.strip().strip("|").split("|"), lines[at + 2].strip().strip("|").split("|")
            for head, cell in zip(heads, cells, strict=False):
                metric, number = _HEADING.match(head), _ALONE.match(cell)
                if metric is not None and number is not None:
                    yield from _stated(number, place + len(line) + len(lines[at + 1]) + 2, metric)
        place += len(line) + 1


def _stated(number: re.Match[str], place: int, name: re.Match[str] | None = None) -> Iterator[Stated]:
    groups = (name or number).groupdict()
    metric = next(label for at, (label, _) in enumerate(_NAMES) if groups[f"m{at}"] is not None)
    written, percent = number["value"], number["percent"] is not None
    value = float(written) / 100 if percent else float(written)
    # A bare 96 may be a count; a metric above 1 is one only where it can be.
    if percent or metric in _OPEN or ("." in written and value <= 1):
        yield Stated(metric, value, place, written + ("%" if percent else ""))


class _Shown:
    """Where tool results show numbers between 0 and 1, rounded as a report rounds them."""

    def __init__(self, judged: Judged) -> None:
        self._at: dict[str, list[int]] = {}
        for index, event in enumerate(judged.run.events):
            if event.call is None or event.call.result is None or event.call.category == "edit":
                continue
            numbers = {number[:_DIGITS] for number in _DECIMAL.findall(event.call.result.text)}
            rounded = {f"{float(number):.{digits}f}" for number in numbers for digits in (2, 3, 4)}
            for number in rounded | numbers:
                self._at.setdefault(number, []).append(index)

    def before(self, written: str, index: int) -> int | None:
        """The last event before this one that shows the number."""
        number = written.rstrip("% ")
        if written.endswith("%"):
            digits = len(number.partition(".")[2]) + 2
            number = f"{float(number) / 100:.{digits}f}"
        places = self._at.get(number, [])
        at = bisect_left(places, index)
        return places[at - 1] if at else None


_DECIMAL = re.compile(r"(?<![\d.])[01]\.\d{2,}")
_DIGITS = 20
"""Characters kept of a number."""


def _told(index: int, path: str | None, text: str, stated: list[tuple[Stated, int | None]]) -> Annotation:
    first, last = stated[0][0].place, stated[-1][0].place
    size = _size(text, first, last)
    place = f"in the card `{name_of(path)}`" if path is not None else "in a final message"
    numbers = ", ".join(f"{one.metric} {one.written}" for one, _ in stated[:5]) + (" …" if len(stated) > 5 else "")
    unseen = [one.written for one, shown in stated if shown is None]
    doubt = f"; no output before it shows {', '.join(unseen[:3])}" if unseen else ""
    shown = sorted({shown for _, shown in stated if shown is not None})
    return Annotation(
        "reported_metrics",
        (index, *shown),
        f"{numbers} reported {place}{f', n = {size:,}' if size is not None else ''}{doubt}",
        one_line(text[max(0, first - _AROUND) : last + _AROUND + 20], 240),
        confidence="B",
        facts={
            "metrics": [
                {"metric": one.metric, "value": one.value, "written": one.written, "shown_at": at} for one, at in stated
            ],
            "n": size,
            "split": sorted({word.lower() for word in _SPLIT.findall(text[max(0, first - _FAR) : last + _FAR])}),
            "where": "card" if path is not None else "final message",
            "path": path,
        },
    )


def _size(text: str, first: int, last: int) -> int | None:
    """The size of the test set that is told nearest to the numbers; one that is called so goes before any other."""
    start = max(0, first - _FAR)
    near = text[start : last + _FAR]
    for pattern in _SIZES:
        hits = [(abs(hit.start() + start - first), hit[1]) for hit in pattern.finditer(near)]
        if hits:
            return int(min(hits)[1].replace(",", ""))
    return None


ANNOTATOR = Annotator("reported", find, "B")
