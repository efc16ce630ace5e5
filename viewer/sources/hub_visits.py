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
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from viewer.blobs import BlobCache
from viewer.sources.contract import SourceError
from viewer.sources.hub import HubDataset
from viewer.sources.hub_client import DatasetFacts, HubClient, HubFile, HubUnreachableError
from viewer.sources.hub_names import is_commit, is_repo, is_revision

PUBLIC = "public"
KEPT = 128
"""Datasets kept open at once, of all visitors."""

GOOD_FOR = 60.0
"""Seconds after which the Hub is asked again whether a visitor may see a dataset, and which commit is the newest."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visit:
    dataset: HubDataset
    asked: float


class HubVisits:
    """Opens datasets. Safe to use from several threads."""

    def __init__(self, folder: Path, blob_limit: int, endpoint: str | None = None) -> None:
        """Keep files and public listings below `folder`; `endpoint` None is the Hub that the client is set to."""
        self._blobs = BlobCache(folder / "blobs", blob_limit)
        self._listings = folder / "listings"
        self._endpoint = endpoint
        self._salt = secrets.token_bytes(32)
        self._visits: OrderedDict[tuple[str, str, str], _Visit] = OrderedDict()
        self._lock = threading.Lock()

    def client(self, token: str | None) -> HubClient:
        """The Hub as this visitor sees it."""
        return HubClient(token, self._endpoint)

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
            if known is not None and time.monotonic() - known.asked < GOOD_FOR:
                self._visits.move_to_end(key)
                return known.dataset
        dataset = self._ask(repo, rev, token, known.dataset if known is not None else None)
        with self._lock:
            self._visits[key] = _Visit(dataset, time.monotonic())
            while len(self._visits) > KEPT:
                self._visits.popitem(last=False)
        return dataset

    def _ask(self, repo: str, rev: str, token: str | None, before: HubDataset | None) -> HubDataset:
        client = self.client(token)
        try:
            facts = client.dataset(repo, rev)
            reader = self._mark(token) if facts.restricted else PUBLIC
            if before is not None and before.facts.sha == facts.sha and before.reader == reader:
                return replace(before, facts=facts, stale=False)
            listed = self._tree(client, facts, reader)
        except HubUnreachableError as error:
            return self._kept(client, repo, rev, before, error)
        if facts.gated and listed:
            client.may_read(repo, facts.sha, min(listed.values(), key=lambda file: file.size).path)
        return HubDataset(facts, client, self._blobs, listed, reader)

    def _tree(self, client: HubClient, facts: DatasetFacts, reader: str) -> dict[str, HubFile]:
        kept = self._read_listing(facts.repo, facts.sha) if reader == PUBLIC else None
        files = kept if kept is not None else client.files(facts.repo, facts.sha)
        if reader == PUBLIC:
            self._write_listing(facts, files, write_files=kept is None)
        return {file.path: file for file in files}

    def _kept(
        self, client: HubClient, repo: str, rev: str, before: HubDataset | None, error: HubUnreachableError
    ) -> HubDataset:
        """What an earlier visit left, marked stale; without that, the error."""
        if before is not None:
            return replace(before, stale=True)
        sha = rev if is_commit(rev) else self._newest_kept(repo)
        files = self._read_listing(repo, sha) if sha else None
        if sha is None or files is None:
            raise error
        facts = DatasetFacts(repo, sha, restricted=False, gated=False)
        return HubDataset(facts, client, self._blobs, {file.path: file for file in files}, PUBLIC, stale=True)

    def _mark(self, token: str | None) -> str:
        """A name for a visitor from which the token cannot be told, and which means nothing after a restart."""
        return hmac.new(self._salt, token.encode(), hashlib.sha256).hexdigest()[:32] if token else PUBLIC

    def _folder(self, repo: str) -> Path:
        return self._listings / repo.replace("/", "--")

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

    def _write_listing(self, facts: DatasetFacts, files: list[HubFile], *, write_files: bool) -> None:
        folder = self._folder(facts.repo)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if write_files:
                rows = [(file.path, file.size, file.key) for file in files]
                _replace(folder / f"{facts.sha}.json", orjson.dumps(rows))
            _replace(folder / "newest", facts.sha.encode())
        except OSError as error:
            log.warning("the listing of %s is not kept: %s", facts.repo, error)


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(data)
    draft.replace(path)
