"""Outcomes in the model repositories that runs pushed to: `model-index`, `.eval_results`, the numbers in a card's text.

Reading is bounded (files, bytes, repositories), and a failure is a note. What a repository says is kept for a short
while: that of a public one for everybody, that of any other for the visitor alone who may read it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from viewer.card import CARD, read_card
from viewer.model_card import card_outcomes
from viewer.outcomes import Outcome, Source
from viewer.result_files import read_results
from viewer.sources.beside import EVAL_RESULTS, MAX_BYTES
from viewer.sources.contract import SourceError
from viewer.sources.models import ModelReader

MAX_RESULT_FILES = 4
MAX_REPOS = 200
"""Repositories that one comparison asks for."""

AT_ONCE = 8
PUBLIC = "public"
"""The mark of what everybody may read, as in `sources/hub_visits.py`."""


@dataclass(frozen=True, slots=True)
class ModelResults:
    """What a model repository says. `notes` are sentences on what could not be read."""

    repo: str
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
    restricted: bool = True


def read_model_outcomes(reader: ModelReader, repo: str, page: str = "https://huggingface.co") -> ModelResults:
    """What the newest commit of a model repository says. Never raises. `page` is the address of the Hub."""
    try:
        facts = reader.model(repo)
    except SourceError as error:
        return ModelResults(repo, notes=(f"The model repository {repo} is not read. {error}",))
    outcomes: list[Outcome] = []
    notes: list[str] = []
    results = [name for name in facts.files if name.startswith(f"{EVAL_RESULTS}/") and name.endswith((".yaml", ".yml"))]
    for name in [*(name for name in facts.files if name == CARD), *results[:MAX_RESULT_FILES]]:
        label = f"model card of {repo}" if name == CARD else f"{name} of {repo}"
        link = f"{page.rstrip('/')}/{repo}/blob/{facts.sha}/{name}"
        try:
            data = reader.read_model(repo, facts.sha, name, MAX_BYTES)
        except SourceError as error:
            notes.append(f"{name} of the model repository {repo} is not read. {error}")
            continue
        if name == CARD:
            card = read_card(data)
            outcomes += card_outcomes(card, Source("model card text", label, link))
            notes += [f"{repo}: {card.problem}"] if card.problem else []
        else:
            found, wrong = read_results(data, Source("model results", label, link))
            outcomes += found
            notes += wrong
    return ModelResults(repo, tuple(outcomes), tuple(notes), facts.restricted)


@dataclass(frozen=True, slots=True)
class _Kept:
    results: ModelResults
    until: float


class ModelShelf:
    """What model repositories say, kept for a while. Safe to use from several threads.

    Args:
        good_for: seconds for which a public repository's answer is kept.
        brief: seconds for which any other answer is kept, a failure too: by then access may have changed.
        limit: answers that are kept; the longest unused go first.
        patience: seconds after which no further repository is asked for in one reading; those left out say so.
    """

    def __init__(
        self, good_for: float = 600.0, brief: float = 60.0, limit: int = 1_000, patience: float = 20.0
    ) -> None:
        self._good_for, self._brief, self._limit, self._patience = good_for, brief, limit, patience
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, reader: ModelReader, visitor: str, repos: Iterable[str], page: str = "https://huggingface.co"
    ) -> dict[str, ModelResults]:
        """What each repository says to this visitor.

        Args:
            reader: asks the Hub as the visitor.
            visitor: the mark of the visitor (`HubDataset.reader`), `PUBLIC` for a reader without a token.
            repos: those beyond `MAX_REPOS` are not asked, and say so in their notes.
            page: the address of the Hub, for links.
        """
        wanted = list(dict.fromkeys(repos))
        found = {repo: kept for repo in wanted if (kept := self._find(visitor, repo)) is not None}
        missing = [repo for repo in wanted if repo not in found]
        asked, left = missing[:MAX_REPOS], missing[MAX_REPOS:]
        if asked:
            until = time.monotonic() + self._patience

            def ask(repo: str) -> ModelResults | None:
                return read_model_outcomes(reader, repo, page) if time.monotonic() < until else None

            with ThreadPoolExecutor(min(AT_ONCE, len(asked)), "models") as pool:
                for repo, results in zip(asked, pool.map(ask, asked), strict=True):
                    if results is not None:
                        self._keep(visitor, results)
                    late = f"{repo} is not read: the Hub was too slow. Try again in a moment."
                    found[repo] = results or ModelResults(repo, notes=(late,))
        for repo in left:
            note = f"{repo} is not read: one comparison asks for {MAX_REPOS} model repositories at most."
            found[repo] = ModelResults(repo, notes=(note,))
        return {repo: found[repo] for repo in wanted}

    def _find(self, visitor: str, repo: str) -> ModelResults | None:
        now = time.monotonic()
        with self._lock:
            for key in ((visitor, repo), (PUBLIC, repo)):
                kept = self._kept.get(key)
                # What nobody without a token could read may be there for this visitor.
                if kept is None or kept.until < now or (key[0] != visitor and kept.results.restricted):
                    continue
                self._kept.move_to_end(key)
                return kept.results
        return None

    def _keep(self, visitor: str, results: ModelResults) -> None:
        owner = visitor if results.restricted else PUBLIC
        until = time.monotonic() + (self._brief if results.restricted or results.notes else self._good_for)
        with self._lock:
            self._kept[owner, results.repo] = _Kept(results, until)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
