"""Opening Hub datasets for visitors: who was given which listing, and what to show when the Hub is out of reach.

A listing is kept for the visitor who was given it, for a while; one of a public dataset is kept for everybody, also on
disk, so that it can be shown (marked stale) when the Hub cannot be asked. Tokens are kept nowhere: a visitor is known
by a mark that is made anew with every process.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from viewer.blobs import BlobCache
from viewer.sources import hub_client
from viewer.sources.contract import SourceError
from viewer.sources.hub import HubDataset
from viewer.sources.hub_client import DatasetFacts, HubClient, HubFile, HubRefusedError, HubUnreachableError
from viewer.sources.hub_listing import DEFAULT_LIMITS, HubLimits
from viewer.sources.hub_names import is_commit, is_repo, is_revision
from viewer.sources.hub_tables import Tables

PUBLIC = "public"
KEPT = 128
"""Datasets kept open at once, of all visitors."""

GOOD_FOR = 60.0
"""Seconds after which the Hub is asked again whether a visitor may see a dataset, and which commit is the newest."""

STALE_FOR = 10.0
"""The same after it could not be asked: it may soon be back, and a Hub that hangs must not hold up every click."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visit:
    dataset: HubDataset
    asked: float


class HubVisits:
    """Opens datasets. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        blob_limit: int,
        endpoint: str | None = None,
        *,
        good_for: float = GOOD_FOR,
        stale_for: float = STALE_FOR,
        limits: HubLimits = DEFAULT_LIMITS,
    ) -> None:
        """Keep files and public listings below `folder`; `endpoint` None is the Hub that the client is set to."""
        self._good_for, self._stale_for = good_for, min(good_for, stale_for)
        self._limits = limits
        self._blobs = BlobCache(folder / "blobs", blob_limit)
        self._tables = Tables(self._blobs)
        self._listings = folder / "listings"
        self._endpoint = endpoint
        self._salt = secrets.token_bytes(32)
        self._visits: OrderedDict[tuple[str, str, str], _Visit] = OrderedDict()
        self._asking: dict[tuple[str, str, str], Future[HubDataset]] = {}
        self._lock = threading.Lock()

    def client(self, token: str | None) -> HubClient:
        """The Hub as this visitor sees it."""
        return HubClient(token, self._endpoint)

    def kept(self) -> list[DatasetFacts]:
        """The public datasets of which a listing is kept from earlier visits, by name."""
        try:
            names = sorted(folder.name.replace("--", "/") for folder in self._listings.iterdir())
        except OSError:
            return []
        found = ((repo, self._newest_kept(repo)) for repo in names if is_repo(repo))
        return [DatasetFacts(repo, sha, restricted=False, gated=False) for repo, sha in found if sha is not None]

    def open(self, repo: str, rev: str, token: str | None) -> HubDataset:
        """A dataset at a revision ('' is the newest). Raises SourceError."""
        if not is_repo(repo) or (rev and not is_revision(rev)):
            raise SourceError(
                f"{repo!r} at {rev!r} is not a dataset's name and revision."
                if rev
                else f"{repo!r} is not a dataset's name: owner/name."
            )
        key = (repo, rev, self._mark(token))
        with self._lock:
            known = self._visits.get(key)
            if known is not None and time.monotonic() - known.asked < self._lasts(known.dataset):
                self._visits.move_to_end(key)
                return known.dataset
            answer = self._asking.get(key)
            mine = answer is None
            if answer is None:
                answer = self._asking[key] = Future()
        if mine:  # a page asks for several things at once: the Hub is asked once, and all get the answer, or its error
            self._answer(key, answer, token, known.dataset if known is not None else None)
        return answer.result()

    def _lasts(self, dataset: HubDataset) -> float:
        return self._stale_for if dataset.stale else self._good_for

    def _answer(
        self, key: tuple[str, str, str], answer: Future[HubDataset], token: str | None, before: HubDataset | None
    ) -> None:
        repo, rev, mark = key
        try:
            dataset = self._ask(repo, rev, token, before)
            self._keep(key, dataset)
            answer.set_result(dataset)
        except SourceError as error:
            if isinstance(error, HubRefusedError):
                self._forget(repo, mark)
            answer.set_exception(error)
        finally:
            with self._lock:
                del self._asking[key]
            if not answer.done():  # who asked first gets the cause, for the log
                answer.set_exception(SourceError(f"{repo} could not be opened; the server's log has the cause."))

    def _keep(self, key: tuple[str, str, str], dataset: HubDataset) -> None:
        """Keep a visit, also under the commit that the page was told and goes on to ask for."""
        repo, rev, mark = key
        visit = _Visit(dataset, time.monotonic())
        with self._lock:
            for named in (rev, dataset.facts.sha):
                self._visits[(repo, named, mark)] = visit
            while len(self._visits) > KEPT:
                self._visits.popitem(last=False)

    def _ask(self, repo: str, rev: str, token: str | None, before: HubDataset | None) -> HubDataset:
        client = HubClient(token, self._endpoint, deadline=time.monotonic() + hub_client.PATIENCE)
        try:
            facts = client.dataset(repo, rev)
            reader = self._mark(token) if facts.restricted else PUBLIC
            same = before is not None and before.facts.sha == facts.sha and before.reader == reader
            listed = before.listed if before is not None and same else self._tree(client, facts, reader, newest=not rev)
            if facts.gated:
                _check_gate(client, facts, listed)
            # The object of a public dataset serves everybody: it must not hold one visitor's token.
            fetching = self.client(None if reader == PUBLIC else token)
            dataset = self._dataset(facts, fetching, listed, reader)
            if before is not None and same:
                return replace(dataset, layouts=before.layouts)
            return dataset.with_layouts()
        except HubUnreachableError as error:
            return self._kept(repo, rev, before, error)

    def _dataset(
        self, facts: DatasetFacts, client: HubClient, listed: Mapping[str, HubFile], reader: str
    ) -> HubDataset:
        return HubDataset(facts, client, self._blobs, self._tables, listed, reader, limits=self._limits)

    def _tree(self, client: HubClient, facts: DatasetFacts, reader: str, *, newest: bool) -> Mapping[str, HubFile]:
        if reader != PUBLIC:
            self._forget(facts.repo)
            return {file.path: file for file in client.files(facts.repo, facts.sha)}
        kept = self._read_listing(facts.repo, facts.sha)
        files = kept if kept is not None else client.files(facts.repo, facts.sha)
        self._write_listing(facts, files if kept is None else None, newest=newest)
        return {file.path: file for file in files}

    def _kept(self, repo: str, rev: str, before: HubDataset | None, error: HubUnreachableError) -> HubDataset:
        """What an earlier visit left, marked stale; without that, the error."""
        if before is not None:
            return replace(before, stale=True)
        sha = rev or self._newest_kept(repo)
        files = self._read_listing(repo, sha) if sha is not None and is_commit(sha) else None
        if sha is None or files is None:
            raise error
        facts = DatasetFacts(repo, sha, restricted=False, gated=False)
        public = {file.path: file for file in files}
        return replace(self._dataset(facts, self.client(None), public, PUBLIC), stale=True).with_layouts()

    def _mark(self, token: str | None) -> str:
        """A name for a visitor from which the token cannot be told, and which means nothing after a restart."""
        return hmac.new(self._salt, token.encode(), hashlib.sha256).hexdigest()[:32] if token else PUBLIC

    def _folder(self, repo: str) -> Path:
        return self._listings / repo.replace("/", "--")

    def _forget(self, repo: str, mark: str = PUBLIC) -> None:
        """Drop what was kept of a dataset for everybody, and for one visitor: it is no longer theirs.

        Else they would be shown it, as stale, when the Hub is down.
        """
        shutil.rmtree(self._folder(repo), ignore_errors=True)
        with self._lock:
            for key, visit in list(self._visits.items()):
                if key[0] == repo and (visit.dataset.reader == PUBLIC or key[2] == mark):
                    del self._visits[key]

    def _read_listing(self, repo: str, sha: str) -> list[HubFile] | None:
        try:
            rows = orjson.loads((self._folder(repo) / f"{sha}.json").read_bytes())
            return [HubFile(path, size, key) for path, size, key in rows]
        except (OSError, ValueError, TypeError):
            return None

    def _newest_kept(self, repo: str) -> str | None:
        try:
            sha = (self._folder(repo) / "newest").read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return sha if is_commit(sha) else None

    def _write_listing(self, facts: DatasetFacts, files: list[HubFile] | None, *, newest: bool) -> None:
        folder = self._folder(facts.repo)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if files is not None:
                rows = [(file.path, file.size, file.key) for file in files]
                _replace(folder / f"{facts.sha}.json", orjson.dumps(rows))
            if newest:
                _replace(folder / "newest", facts.sha.encode())
        except OSError as error:
            log.warning("the listing of %s is not kept: %s", facts.repo, error)


def _check_gate(client: HubClient, facts: DatasetFacts, listed: Mapping[str, HubFile]) -> None:
    """Raise SourceError where this visitor was not let in: the facts and the tree of a gated dataset are for all."""
    full = [file for file in listed.values() if file.size > 0]  # of an empty file there is no byte to ask for
    if full:
        client.may_read(facts.repo, facts.sha, min(full, key=lambda file: file.size).path)


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(data)
    draft.replace(path)
