"""Everything the local Hub holds, and what a test changes in it."""

import gzip
import itertools
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from tests.hub.cards import CARD
from tests.hub.git import Blob, is_binary, is_lfs, lfs_blob, regular_blob
from tests.hub.repos import MAIN, Access, Gate, Kind, Repo

START = datetime(2026, 1, 1, tzinfo=UTC)
# A shorter text is sent as it is.
PACKED_BYTES = 1000


class Store:
    """Repositories by kind and id, tokens, and the content of LFS files.

    Times are made up and repeatable: the first commit is made at the start of 2026, each further one a minute later.

    Args:
        lfs_min: The size in bytes from which a text file becomes an LFS file; a binary one always does.
        page_size: The most entries on one page of any list.
    """

    def __init__(self, *, lfs_min: int = 10 * 1024 * 1024, page_size: int = 1000) -> None:
        self.lfs_min = lfs_min
        self.page_size = page_size
        self.repos: dict[tuple[Kind, str], Repo] = {}
        self.moved: dict[tuple[Kind, str], str] = {}
        """The new id of a renamed repository, by the old one."""
        self.tokens: dict[str, Access] = {}
        self.large: dict[str, bytes] = {}
        """Content of LFS files by SHA-256, whether or not a commit names it."""
        self.packed: dict[str, bytes] = {}
        """Compressed content of regular files that are worth it, by id; made early, so that no reply waits for it."""
        self.url = ""
        """Where the Hub answers, without a last slash; empty before it does."""
        self.large_host = ""
        """The same under the other name, where the content of LFS files is."""
        self.secret = secrets.token_bytes(16)
        """What the keys in the URLs of LFS files are made with."""
        self._minutes = itertools.count()

    def now(self) -> datetime:
        """The time of the next commit."""
        return START + timedelta(minutes=next(self._minutes))

    def add_token(self, user: str, *, role: str = "write", orgs: Iterable[str] = ()) -> str:
        """Makes a token for a user, who may be in organisations. A `read` token may change nothing."""
        token = f"hf_{user}_{role}_{len(self.tokens)}"
        self.tokens[token] = Access(user, role, tuple(orgs))
        return token

    def add_dataset(
        self,
        name: str,
        files: Mapping[str, bytes] | None = None,
        *,
        private: bool = False,
        gated: Gate = None,
        readers: Iterable[str] = (),
        tags: Iterable[str] = (),
        card: str | None = None,
    ) -> Repo:
        """Adds a dataset with one commit.

        Args:
            name: `owner/name`.
            files: The content of each path.
            private: Whether only the owner and `readers` may see it.
            gated: How others than the owner and `readers` must ask for its files.
            readers: Users who may.
            tags: Tags on top of those in the card.
            card: The text of README.md.
        """
        repo = Repo("datasets", name, private, gated, set(readers), tuple(tags))
        return self._add(repo, files or {}, card)

    def add_model(self, name: str, files: Mapping[str, bytes] | None = None, *, card: str | None = None) -> Repo:
        """Adds a public model with one commit."""
        return self._add(Repo("models", name), files or {}, card)

    def _add(self, repo: Repo, files: Mapping[str, bytes], card: str | None) -> Repo:
        cards = {} if card is None else {CARD: card.encode()}
        changes = {path: self.blob(data) for path, data in (dict(files) | cards).items()}
        repo.commit(changes, title="initial commit", date=self.now())
        self.repos[repo.kind, repo.id] = repo
        return repo

    def repo(self, name: str, kind: Kind = "datasets") -> Repo:
        """The repository with that id; its fields may be set.

        Raises:
            KeyError: There is none.
        """
        return self.repos[kind, name]

    def commit(
        self,
        name: str,
        changes: Mapping[str, bytes | None],
        *,
        title: str = "Update",
        ref: str = MAIN,
        kind: Kind = "datasets",
    ) -> str:
        """Commits to a repository and returns the new commit's id; older ones stay readable.

        Args:
            name: `owner/name`.
            changes: New content of a path, or None to delete it.
            title: The commit's first line.
            ref: Full name; one that is not there, such as `refs/convert/parquet`, starts without files.
            kind: Which sort of repository.

        Raises:
            KeyError: There is no such repository, or no such path to delete.
        """
        blobs = {path: None if data is None else self.blob(data) for path, data in changes.items()}
        return self.repo(name, kind).commit(blobs, title=title, date=self.now(), ref=ref).sha

    def rename(self, old: str, new: str, kind: Kind = "datasets") -> None:
        """Gives a repository a new id; requests for the old one are sent on.

        Raises:
            KeyError: There is no such repository.
        """
        repo = self.repos[kind, old]
        self.repos[kind, new] = repo
        repo.id = new
        self.moved.pop((kind, new), None)
        self.moved[kind, old] = new
        del self.repos[kind, old]

    def blob(self, data: bytes) -> Blob:
        """A file as the Hub stores it: LFS or not, by its size and its first bytes."""
        if is_lfs(data, len(data), self.lfs_min):
            return self.large_blob(data)
        return self.small_blob(data)

    def small_blob(self, data: bytes) -> Blob:
        """A regular file, compressed for those who accept that."""
        blob = regular_blob(data)
        if len(data) >= PACKED_BYTES and not is_binary(data):
            self.packed[blob.oid] = gzip.compress(data, 1)
        return blob

    def large_blob(self, data: bytes) -> Blob:
        """An LFS file, with its content where the second host finds it."""
        blob = lfs_blob(data)
        self.large[blob.etag] = data
        return blob
