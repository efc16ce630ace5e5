"""How a model was evaluated, as far as the agent's own code shows it: the split, repeats, baselines, slices.

Only code that works with data counts (it imports a library for that). That a method is not found is no word that it was
not used: another name may stand for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.edits import Code, name_of

Status = Literal["written", "run", "reported"]
"""How far a method came: it stands in code; that code ran; and a final message or a card speaks of it."""


class Method(NamedTuple):
    """One way of evaluating: how its code looks and how it is spoken of."""

    name: str
    code: re.Pattern[str]
    said: re.Pattern[str]
    unless: re.Pattern[str] | None
    """Arguments of the same call that make it something else."""
    without: re.Pattern[str] | None
    """What must not stand anywhere in the same code."""


def _method(name: str, code: str, said: str, unless: str | None = None, without: str | None = None) -> Method:
    excluded, absent = (re.compile(pattern) if pattern is not None else None for pattern in (unless, without))
    return Method(name, re.compile(code), re.compile(said, re.IGNORECASE), excluded, absent)


METHODS: tuple[Method, ...] = (
    _method(
        "random split",
        r"\btrain_test_split\(|\brandom_split\(|\bShuffleSplit\(",
        r"\brandom(?:ly|ised|ized)?\b[^.\n]{0,40}\b(?:split|test|held)|\b\d0/\d0 split",
        r"\bstratify(?:_by_column)?\s*=(?!\s*None)|\bgroups\s*=|shuffle\s*=\s*False",
    ),
    _method(
        "stratified split",
        r"\bstratify(?:_by_column)?\s*=(?!\s*None)|\bStratified(?:KFold|ShuffleSplit)\(",
        r"\bstratif",
    ),
    _method(
        "grouped split",
        r"\b(?:Stratified)?Group(?:KFold|ShuffleSplit)\(|\bLeave(?:One|P)Group(?:s)?Out\(|\bPredefinedSplit\(|\bgroups\s*=",
        r"\bgroup(?:ed)?[- ](?:\w+ )?(?:split|k-?fold)|leave[- ]one[- ]\w+[- ]out|held[- ]out (?:source|group|site)",
    ),
    _method(
        "temporal split",
        r"\bTimeSeriesSplit\(|\.iloc\[ ?:? ?\w{0,40}split",
        r"\btemporal|\btime[- ](?:based|series) split|chronolog",
    ),
    _method(
        "cross-validation",
        r"\bcross_val(?:_score|idate|_predict)\(|\b(?:Stratified|Group|Repeated\w*)?KFold\(|\bLeaveOne\w*Out\(|"
        r"\b(?:Grid|RandomizedSearch|Halving\w+)SearchCV\(",
        r"cross[- ]?validat|\b\d+[- ]fold\b|\bCV\b",
    ),
    _method(
        "fixed seed",
        r"\b(?:random_state|seed)\s*=\s*(?:\d+|SEED|seed)\b|\bset_seed\(|\bmanual_seed\(|\brandom\.seed\(",
        r"\bseed\b",
    ),
    _method(
        "several seeds",
        r"\bfor\s+(?:seed|random_state|rs)\s+in\b",
        r"\b(?:\d+|two|three|four|five|ten|several|multiple) (?:random )?seeds\b|\bacross seeds\b",
    ),
    _method(
        "uncertainty",
        r"\bbootstrap\w*\(|\bconfint\(|\bproportion_confint\(|np\.percentile\([^)\n]{0,80}(?:2\.5|97\.5)",
        r"\bbootstrap|confidence interval|\b95 ?% ?(?:CI|interval)|±",
    ),
    _method(
        "baseline",
        r"\bDummyClassifier\(|\bDummyRegressor\(|\bbaseline\w*\s*(?:=|\()",
        r"\bbaseline|majority[- ]class",
    ),
    _method(
        "per-class report",
        r"\bclassification_report\(|\bconfusion_matrix\(|\baverage\s*=\s*None",
        r"\bper[- ]class|confusion matrix",
    ),
    _method(
        "per-slice report",
        r"\.groupby\([^\n]{0,160}\b(?:f1|accuracy|precision|recall|auc|score|correct)\w*",
        r"\bper[- ](?:source|group|slice|subset|domain|language)|\bby (?:source|group|slice|subset|domain)\b",
    ),
    _method(
        "best checkpoint chosen on the reported set",
        r"\bload_best_model_at_end\s*=\s*(?!False)",
        r"\bbest (?:checkpoint|epoch|model|of \d)|best \w+ by",
        without=r"[\"'](?:validation|valid|val|dev)[\"']|\b(?:validation|valid|val|dev)_(?:set|ds|data|dataset|df|split)\b",
    ),
)
"""Every method that is looked for."""

_NAMES = (
    "sklearn",
    "datasets",
    "torch",
    "pandas",
    "numpy",
    "transformers",
    "tensorflow",
    "keras",
    "xgboost",
    "lightgbm",
    "trl",
    "setfit",
    "sentence_transformers",
    "polars",
    "catboost",
)
_LIBRARIES = re.compile(rf"\b(?:import|from)\s+(?:{'|'.join(_NAMES)})\b")
_CALL = 400
"""Characters of a call within which its arguments are looked for."""


class _Found(NamedTuple):
    """Where a method stands in code, and where that ran."""

    written: int
    ran: int | None
    quote: str
    path: str | None


def find(judged: Judged) -> Iterator[Annotation]:
    """One `eval_method` for each method found in the agent's code, at the place where it came furthest.

    Facts: `method` (a name of `METHODS`), `status` (see `Status`), `path` of the code (None where it was run at once).
    """
    code = _working_with_data(judged.code)
    if not code:
        return
    runs = _runs(judged)
    texts = _reports(judged)
    for method in METHODS:
        places = [place for piece in code if (place := _place(judged, method, piece, runs)) is not None]
        if not places:
            continue
        # What ran goes before what did not, and a script before a look at the data.
        best = min(places, key=lambda place: (place.ran is None, place.path is None))
        said = None
        if best.ran is not None:
            said = next((index for index, text in texts if index > best.written and method.said.search(text)), None)
        yield _told(method, best, said)


def _working_with_data(code: tuple[Code, ...]) -> list[Code]:
    """The pieces that import a library for data, and edits of the files that do."""
    files: set[str] = set()
    found: list[Code] = []
    for piece in code:
        # Most code names none of them, and looking for a name takes a tenth of matching the pattern.
        named = any(map(piece.text.__contains__, _NAMES))
        imports = named and _LIBRARIES.search(piece.text) is not None
        if imports and piece.path is not None:
            files.add(piece.path)
        if imports or piece.path in files:
            found.append(piece)
    return found


def _runs(judged: Judged) -> dict[str, list[int]]:
    """When each script was run without failing, by its name."""
    runs: dict[str, list[int]] = {}
    for index, name in enumerate(judged.attempts):
        if name is not None and judged.went_on(index):
            runs.setdefault(name.rsplit(" ", 1)[-1], []).append(index)
    return runs


def _place(judged: Judged, method: Method, piece: Code, runs: dict[str, list[int]]) -> _Found | None:
    if method.without is not None and method.without.search(piece.text):
        return None
    hit = next((hit for hit in method.code.finditer(piece.text) if not _excluded(method, piece.text, hit)), None)
    if hit is None:
        return None
    start = piece.text.rfind("\n", 0, hit.start()) + 1
    quote = one_line(piece.text[start : hit.end() + 120].split("\n")[0], 160)
    if piece.path is None:
        ran = piece.event if judged.went_on(piece.event) else None
    else:
        later = runs.get(name_of(piece.path), [])
        ran = later[at] if (at := bisect_right(later, piece.event)) < len(later) else None
    return _Found(piece.event, ran, quote, piece.path)


def _excluded(method: Method, text: str, hit: re.Match[str]) -> bool:
    """Whether the arguments of the call say that it is something else."""
    return method.unless is not None and method.unless.search(_arguments(text, hit.end())) is not None


def _arguments(text: str, start: int) -> str:
    """The text from an opening bracket to the one that closes it."""
    depth = 1
    for at, letter in enumerate(text[start : start + _CALL]):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[start : start + at]
    return text[start : start + _CALL]


def _reports(judged: Judged) -> list[tuple[int, str]]:
    """What the agent told its readers: messages that end a turn, and cards."""
    texts = [(index, judged.run.events[index].text) for index in judged.closings]
    return sorted([*texts, *((card.event, card.text) for card in judged.cards)])


def _told(method: Method, place: _Found, said: int | None) -> Annotation:
    status: Status = "reported" if said is not None else "run" if place.ran is not None else "written"
    words = {
        "written": "in code that was not seen to run",
        "run": "in code that ran; no report says so",
        "reported": "in code that ran, and reported",
    }
    events = [place.written, *(index for index in (place.ran, said) if index is not None)]
    return Annotation(
        "eval_method",
        tuple(dict.fromkeys(events)),
        f"{method.name[0].upper()}{method.name[1:]}: {words[status]}",
        place.quote,
        facts={"method": method.name, "status": status, "path": place.path},
    )


ANNOTATOR = Annotator("eval_method", find)
