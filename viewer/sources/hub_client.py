"""The Hub through `huggingface_hub`: what a dataset is, which files it holds, their bytes. Every failure is a sentence.

One `HubClient` asks as one visitor: with a token, which lives in this object alone, or as anybody. Waiting is bounded:
no question waits longer than five seconds for an answer, and the first of a visit has no second try, so that a Hub that
is down is said at once (the library's own default is 23 s). Later ones are tried again by the library's backoff,
briefly, after a cut connection or an error of the Hub; never after silence, nor when nobody takes the connection, nor
when the Hub asks to wait, for the library would wait as long as it is told to.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from huggingface_hub import HfApi, constants, get_token, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (  # type: ignore[attr-defined]
    build_hf_headers,
    hf_raise_for_status,
    http_backoff,
    parse_ratelimit_headers,
)

from viewer.blobs import git_key, lfs_key
from viewer.sources.contract import Help, SourceError
from viewer.sources.models import ModelFacts

PATIENCE = 4.5
"""Seconds that the Hub may be silent, in all questions of one visit together: a reader is answered within 5 s."""

_LONGEST_WAIT = 600
"""Seconds that a Hub which asks to wait is left alone at most."""

_LEAST = 0.5
"""Seconds that the last question of a visit waits at least."""

SIGN_IN = "sign in (on your own machine: hf auth login)"
"""What a reader can do who may not see something, on a Space and at home."""

_BACKOFF: dict[str, Any] = {
    "max_retries": 2,
    "base_wait_time": 0.5,
    "max_wait_time": 2.0,
    "retry_on_status_codes": (500, 502, 503, 504),
    # Not ConnectError: at that the library closes the session under the hands of all other threads.
    "retry_on_exceptions": (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError),
}


class HubUnreachableError(SourceError):
    """The Hub does not answer, or asks to wait; what is kept from earlier visits may still be shown."""


class HubRefusedError(SourceError):
    """The dataset is not there, or not for this visitor: what was kept of it for others is no longer theirs to see."""


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What the Hub says of a dataset at a revision. `restricted`: not everybody may read its files."""

    repo: str
    sha: str
    restricted: bool
    gated: bool
    tags: tuple[str, ...] = ()
    likes: int | None = None
    downloads: int | None = None
    trending: float | None = None
    modified: int | None = None
    """Epoch ms of its last change."""
    paths: tuple[str, ...] | None = None
    """Its files, where a list of datasets names them."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a listing; `key` is what it holds (`viewer/blobs.py`)."""

    path: str
    size: int
    key: str


class HubClient:
    """The Hub as one visitor sees it."""

    def __init__(
        self,
        token: str | None = None,
        endpoint: str | None = None,
        patience: float | None = None,
        deadline: float = math.inf,
    ) -> None:
        """Ask with a token, or as anybody (never with a token that lies about on the machine).

        `patience` is in seconds for each question (None is `PATIENCE`); the `deadline` (of `time.monotonic`) is for all
        of them.
        """
        self._most, self._deadline = PATIENCE if patience is None else patience, deadline
        self._token: str | bool = token or False
        self._asked_to_wait = 0.0
        self.endpoint = (endpoint or constants.ENDPOINT).rstrip("/")
        self._api = HfApi(endpoint=self.endpoint, token=self._token)

    @property
    def _patience(self) -> float:
        return max(_LEAST, min(self._most, self._deadline - time.monotonic()))

    def dataset(self, repo: str, rev: str = "") -> DatasetFacts:
        """The dataset with its revision pinned to a commit. Raises SourceError."""
        try:
            facts = _facts(self._api.dataset_info(repo, revision=rev or None, timeout=self._patience))
        except _FAILURES as error:
            raise self._explained(error, repo, rev) from error
        if not facts.sha:
            raise SourceError(f"The Hub states no commit for {repo}.")
        return facts

    def files(self, repo: str, sha: str) -> list[HubFile]:
        """Every file at a commit. Raises SourceError."""
        try:
            return [file for page in self._tree_pages(repo, sha) for file in page]
        except _FAILURES as error:
            raise self._explained(error, repo, sha) from error

    def datasets(self, *, tag: str, search: str, author: str, sort: str, limit: int) -> list[DatasetFacts]:
        """Datasets with a tag. Raises SourceError."""
        query = {"filter": tag, "search": search, "author": author, "sort": sort, "limit": str(limit), "full": "true"}
        try:
            response = self._get(f"{self.endpoint}/api/datasets", {key: value for key, value in query.items() if value})
            rows = [row for row in response.json() if isinstance(row, dict)]
        except _FAILURES as error:
            raise self._explained(error, "the list of datasets", "") from error
        return [facts for row in rows if (facts := _row_facts(row)) is not None]

    def read(self, repo: str, sha: str, path: str, span: tuple[int, int] | None = None) -> bytes:
        """The bytes of a file, or of `span` (first and last byte, counted from 0). Raises SourceError."""
        url = hf_hub_url(repo, path, repo_type="dataset", revision=sha, endpoint=self.endpoint)
        headers = {} if span is None else {"Range": f"bytes={span[0]}-{span[1]}", "Accept-Encoding": "identity"}
        try:
            return self._get(url, {}, headers).content
        except _FAILURES as error:
            raise self._explained(error, repo, path) from error

    def _explained(self, error: Exception, repo: str, what: str) -> SourceError:
        """The sentence for a failure, with the page where access can be asked for."""
        if isinstance(error, GatedRepoError):
            page = Help(f"{self.endpoint}/datasets/{repo}", "Ask for access on the Hub")
            first = "" if self._token else f"{SIGN_IN}, and "
            return HubRefusedError(f"{repo} is gated: {first}ask for access on its page on the Hub.", page)
        if isinstance(error, HfHubHTTPError) and error.response.status_code == 429:
            seconds = _seconds_to_wait(error.response.headers)
            self._asked_to_wait = time.monotonic() + min(int(seconds or 0), _LONGEST_WAIT)
        return explained(error, repo, what)

    def _wait_is_over(self) -> None:
        """Raise SourceError while the Hub has asked to wait: of thousands of files one is refused, not each."""
        left = math.ceil(self._asked_to_wait - time.monotonic())
        if left > 0:
            raise _asks_to_wait(str(left))

    def model(self, repo: str) -> ModelFacts:
        """A model repository at its newest commit. Raises SourceError."""
        try:
            info = self._api.model_info(repo, timeout=self._patience)
            names = tuple(file.rfilename for file in info.siblings or ())
            return ModelFacts(info.id, str(info.sha or "main"), bool(info.private or info.gated), names)
        except _FAILURES as error:
            raise explained(error, repo, "", thing="model") from error

    def read_model(self, repo: str, sha: str, path: str, limit: int) -> bytes:
        """The first bytes of a file of a model repository, at most `limit`. Raises SourceError."""
        url = hf_hub_url(repo, path, revision=sha, endpoint=self.endpoint)
        headers = {"Range": f"bytes=0-{limit - 1}", "Accept-Encoding": "identity"}
        try:
            return self._get(url, {}, headers).content[:limit]
        except _FAILURES as error:
            raise explained(error, repo, path, thing="model") from error

    def may_read(self, repo: str, sha: str, path: str) -> None:
        """Ask whether this visitor may read files of a gated dataset. Raises SourceError when not."""
        self.read(repo, sha, path, (0, 0))

    def _tree_pages(self, repo: str, sha: str) -> Iterator[list[HubFile]]:
        url: str | None = f"{self.endpoint}/api/datasets/{repo}/tree/{sha}"
        query = {"recursive": "true"}
        while url is not None:
            response = self._get(url, query)
            yield [_file(row) for row in response.json() if row.get("type") == "file"]
            url, query = response.links.get("next", {}).get("url"), {}

    def _get(self, url: str, query: dict[str, str], headers: dict[str, str] | None = None) -> httpx2.Response:
        self._wait_is_over()
        sent = {**build_hf_headers(token=self._token), **(headers or {})}
        options: dict[str, Any] = {"params": query} if query else {}
        response = http_backoff(
            "GET", url, headers=sent, timeout=self._patience, follow_redirects=True, **options, **_BACKOFF
        )
        hf_raise_for_status(response)
        return response


def local_token() -> str | None:
    """The token that `hf auth login` (or HF_TOKEN) left on this machine."""
    return get_token()


_NONSENSE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading an answer raises that has not the shape it should have."""

_FAILURES = (HfHubHTTPError, HFValidationError, httpx2.TransportError, OfflineModeIsEnabled, *_NONSENSE)
"""What the library raises when the Hub refuses, cannot be reached or answers nonsense."""


def explained(error: Exception, repo: str, what: str, thing: str = "dataset") -> SourceError:
    """The sentence for a failure: what happened, to what, and what the reader can do."""
    if isinstance(error, OfflineModeIsEnabled):
        return HubUnreachableError("Offline mode is on (HF_HUB_OFFLINE), so the Hub is not asked.")
    if isinstance(error, httpx2.TimeoutException):
        return HubUnreachableError("The Hub did not answer in time. Try again in a moment.")
    if isinstance(error, httpx2.TransportError):
        return HubUnreachableError("The Hub is out of reach. Check the network; what was kept is still here.")
    if isinstance(error, RevisionNotFoundError):
        return SourceError(f"{repo} has no revision {what!r}. Leave the revision out to see the newest.")
    if isinstance(error, RepositoryNotFoundError):
        return HubRefusedError(f"There is no {thing} {repo} on the Hub that you may see. If it is private, {SIGN_IN}.")
    if isinstance(error, HfHubHTTPError):
        return _by_status(error, repo, what)
    return SourceError(f"The Hub's answer about {repo} makes no sense.")


def _by_status(error: HfHubHTTPError, repo: str, what: str) -> SourceError:
    status = error.response.status_code
    if status == 401:
        return SourceError("The Hub does not accept this login. Sign in again.")
    if status == 403:
        return HubRefusedError(f"You may not read {repo}.")
    if status == 404:
        return SourceError(f"{repo} has no {what}.")
    if status == 429:
        return _asks_to_wait(_seconds_to_wait(error.response.headers))
    if status >= 500:
        return HubUnreachableError(f"The Hub has a problem of its own (status {status}). Try again in a moment.")
    return SourceError(f"The Hub refused to answer about {repo} (status {status}).")


def _asks_to_wait(seconds: str) -> HubUnreachableError:
    return HubUnreachableError(f"The Hub asks to wait{f' {seconds} s' if seconds else ''}: too many requests.")


def _seconds_to_wait(headers: Mapping[str, str]) -> str:
    limit = parse_ratelimit_headers(headers)
    said = str(limit.reset_in_seconds) if limit is not None else headers.get("retry-after", "")
    return said if said.isdecimal() and len(said) < 9 else ""


def _facts(info: Any) -> DatasetFacts:
    moment: datetime | None = info.last_modified
    return DatasetFacts(
        repo=info.id,
        sha=info.sha,
        restricted=bool(info.private or info.gated),
        gated=bool(info.gated),
        tags=tuple(info.tags or ()),
        likes=info.likes,
        downloads=info.downloads,
        modified=round(moment.timestamp() * 1000) if moment is not None else None,
    )


def _row_facts(row: dict[str, Any]) -> DatasetFacts | None:
    """A row of the list of datasets; None for one without an id."""
    if not isinstance(row.get("id"), str):
        return None
    return DatasetFacts(
        repo=row["id"],
        sha=str(row.get("sha") or ""),
        restricted=bool(row.get("private") or row.get("gated")),
        gated=bool(row.get("gated")),
        tags=tuple(tag for tag in row.get("tags") or () if isinstance(tag, str)),
        likes=row.get("likes"),
        downloads=row.get("downloads"),
        trending=row.get("trendingScore"),
        modified=_epoch_ms(row.get("lastModified")),
        paths=_paths(row.get("siblings")),
    )


def _paths(siblings: object) -> tuple[str, ...] | None:
    if not isinstance(siblings, list):
        return None
    names = (found.get("rfilename") for found in siblings if isinstance(found, dict))
    return tuple(name for name in names if isinstance(name, str))


def _epoch_ms(text: object) -> int | None:
    """A date of the Hub; None where there is none that can be read."""
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000) if isinstance(text, str) else None
    except ValueError:
        return None


def _file(row: dict[str, Any]) -> HubFile:
    large = row.get("lfs")
    key = lfs_key(large["oid"]) if isinstance(large, dict) else git_key(row["oid"])
    return HubFile(row["path"], int(row["size"]), key)
