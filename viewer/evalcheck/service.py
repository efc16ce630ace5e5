"""Checks as the web and the API ask for them: what to open, which columns, run now or beside the requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from viewer.evalcheck.check import MAX_REPEATS, Watcher, check
from viewer.evalcheck.columns import checked
from viewer.evalcheck.data import PART, EvalData, OpenTable, Wanted
from viewer.evalcheck.jobs import EvalJobs, Job
from viewer.evalcheck.result import CheckResult, Options
from viewer.evalcheck.table import Columns, TableError
from viewer.sources.hub_names import parse_reference

SAMPLE = "sample"
UNKNOWN = Columns((), "")
USUAL = Options()
MAX_SEED = 2**31 - 1
MAX_CHOICE = 500
"""Characters of a name in a request, and names in a list."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a name for limits and files, and the token that the Hub is asked with."""

    name: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish for a check. Columns that are not given are guessed."""

    wanted: Wanted
    columns: Columns = UNKNOWN
    options: Options = USUAL


def ask_of(values: Mapping[str, Any]) -> Ask:
    """A wish from the JSON of a request. Raises TableError for what makes no sense.

    `dataset` ("sample", or a Hub dataset's name or address) with `rev` and `parts`, or `file` (the id of an upload);
    `text`, `label`, `group`; `positive`, `together`, `seed`, `repeats`.
    """
    columns = Columns(_texts(values, "text"), _text(values, "label"), _text(values, "group"))
    options = Options(
        _text(values, "positive"),
        _texts(values, "together"),
        _number(values, "seed", USUAL.seed, 0, MAX_SEED),
        _number(values, "repeats", USUAL.repeats, 1, MAX_REPEATS),
    )
    return Ask(_wanted(values), columns, options)


def _wanted(values: Mapping[str, Any]) -> Wanted:
    file, dataset, parts = _text(values, "file"), _text(values, "dataset"), _texts(values, "parts")
    if file:
        return Wanted("file", file)
    if dataset == SAMPLE:
        return Wanted("sample")
    found = parse_reference(dataset)
    if found is None:
        raise TableError(
            f"{dataset[:80]!r} names no dataset: write owner/name, or paste its address on the Hub."
            if dataset
            else "Choose a dataset first: the built-in sample, one of the Hub, or a file."
        )
    return Wanted("hub", found.repo, _text(values, "rev") or found.rev, parts)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_CHOICE:
        raise TableError(f"{name} must be a text of at most {MAX_CHOICE} characters.")
    return value.strip()


def _texts(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = values.get(name, [])
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or len(found) > MAX_CHOICE:
        raise TableError(f"{name} must be a list of at most {MAX_CHOICE} texts.")
    return tuple(dict.fromkeys(text for value in found if (text := _text({name: value}, name))))


def _number(values: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = values.get(name, default)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise TableError(f"{name} must be a whole number from {low} to {high:,}.")
    return value


class EvalService:
    """Looks at tables and checks them. Safe to use from several threads."""

    def __init__(self, data: EvalData, jobs: EvalJobs) -> None:
        self.data = data
        self.jobs = jobs

    def look(self, ask: Ask, visitor: Visitor) -> dict[str, Any]:
        """What a reader chooses columns from. Raises SourceError."""
        table = self.data.open(ask.wanted, visitor.token, visitor.name)
        look = self.data.look(table)
        return {
            "source": asdict(table.source),
            "parts": table.parts,
            "note": table.note,
            "columns": [asdict(column) for column in look.columns],
            "guess": asdict(look.guess),
        }

    def start(self, ask: Ask, visitor: Visitor) -> Job:
        """A check beside the requests. Raises SourceError when it cannot begin."""
        table = self.data.open(ask.wanted, visitor.token, visitor.name)
        key = repr((table.key, table.source, ask.columns, ask.options))
        return self.jobs.start(visitor.name, key, lambda job: self._run(table, ask, job))

    def _run(self, table: OpenTable, ask: Ask, watcher: Watcher) -> CheckResult:
        watcher.step("Reading the rows", 0, 0)
        columns = self._columns(table, ask.columns)
        rows = self.data.load(table, columns, lambda done: watcher.step("Reading the rows", done, 0))
        return check(rows, ask.options, watcher)

    def _columns(self, table: OpenTable, given: Columns) -> Columns:
        """The columns with the guesses where none is given; a group only where no column was chosen at all."""
        if given.text and given.label:
            return given
        look = self.data.look(table)
        text = given.text or look.guess.text
        group = given.group or (look.guess.group if look.guess.group not in (*text, given.label) else "")
        there = [column.name for column in look.columns]
        columns = Columns(text, given.label or look.guess.label, group)
        if not columns.text or not columns.label:
            what = "text" if not columns.text else "label"
            raise TableError(f"Which column is the {what}? There are {', '.join(there)[:300]}.")
        return checked(columns, [*there, PART])
