"""Collects what is known of compared runs: from files beside the traces, from model repositories, from the traces.

Files beside traces are small and read anew, but those of a Hub dataset are pinned with its commit and kept. Model
repositories are asked for runs of Hub datasets alone: opening a folder of one's own asks nobody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from viewer.comparison.known import Known, known_of
from viewer.comparison.selection import ComparedRun, Selection
from viewer.declared import Declared, read_declared
from viewer.library import Library
from viewer.model_repos import ModelShelf
from viewer.outcomes import Outcome
from viewer.published import Published
from viewer.sources.beside import read_beside
from viewer.sources.contract import Source
from viewer.sources.hub import HubDataset
from viewer.trace_claims import TraceClaims, claims_from_row

KEPT = 64
"""Datasets of which the files beside the traces are kept."""


class Gatherer:
    """Finds what is known of runs. Safe to use from several threads."""

    def __init__(self, library: Library, published: Published) -> None:
        """With the comparisons that come with the app."""
        self._library = library
        self._published = published
        self._models = ModelShelf()
        self._declared: OrderedDict[tuple[str, ...], Declared] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, selection: Selection, *, models: bool) -> Known:
        """What is known of a selection's runs; with `models`, also what the model repositories say. Never raises."""
        of_source: dict[str, list[ComparedRun]] = {}
        for run in selection.runs:
            of_source.setdefault(run.source, []).append(run)
        declared: dict[str, Declared] = {}
        further: dict[str, tuple[Outcome, ...]] = {}
        notes: list[str] = []
        for key, runs in of_source.items():
            source = self._library.source(key)
            declared[key] = self._read(source, [run.file.path for run in runs])
            repos = {run.key: self._repos(run, declared[key]) for run in runs}
            found, said = self._ask(source, repos) if models else ({}, [])
            notes += said
            for run in runs:
                pushed = (outcome for repo in repos[run.key] for outcome in found.get(repo, ()))
                further[run.key] = (*pushed, *_claims(run).reported)
        unasked = not models and any(isinstance(self._library.source(key), HubDataset) for key in of_source)
        return known_of(selection, self._published, declared, further, notes, more=unasked)

    def _read(self, source: Source, paths: list[str]) -> Declared:
        if source.kind == "demo":  # what is known of it comes with the app
            return Declared()
        key = (source.id, *sorted(set(paths)))  # results are files named after the traces asked about
        with self._lock:
            kept = self._declared.get(key)
        if kept is not None:
            return kept
        base, pinned = "", isinstance(source, HubDataset)
        if isinstance(source, HubDataset):
            base = f"{source.client.endpoint}/datasets/{source.facts.repo}/blob/{source.facts.sha}/"
        beside = read_beside(source, paths)
        found = read_declared(beside.files, base)
        if pinned and not beside.problems:
            with self._lock:
                self._declared[key] = found
                while len(self._declared) > KEPT:
                    self._declared.popitem(last=False)
        return Declared(found.comparison, found.entries, (*beside.problems, *found.problems))

    def _repos(self, run: ComparedRun, declared: Declared) -> tuple[str, ...]:
        """The model repositories of a run: those that a file names, else those that the trace shows it pushed to."""
        named = declared.model_repos(run.file.path, run.summary.part)
        pushed = _claims(run).pushed
        sure = [one.repo for one in pushed if one.how != "in code"] or [one.repo for one in pushed]
        return named or tuple(dict.fromkeys(sure))

    def _ask(
        self, source: Source, repos: Mapping[str, Iterable[str]]
    ) -> tuple[dict[str, tuple[Outcome, ...]], list[str]]:
        """What model repositories say, by name, and notes. For runs that are not on the Hub nobody is asked."""
        wanted = list(dict.fromkeys(repo for of_run in repos.values() for repo in of_run))
        if not isinstance(source, HubDataset) or not wanted:
            return {}, []
        found = self._models.read(source.client, source.reader, wanted, source.client.endpoint)
        notes = [note for results in found.values() for note in results.notes]
        return {repo: results.outcomes for repo, results in found.items()}, notes


def _claims(run: ComparedRun) -> TraceClaims:
    """What the trace says; nothing where an older summary holds it in another form, or only its head was read."""
    try:
        return claims_from_row(run.summary.claims)
    except (KeyError, TypeError, ValueError):
        return TraceClaims()
