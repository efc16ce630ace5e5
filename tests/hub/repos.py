"""Repositories with their history, and who may read them.

A change is always one assignment of something new, so the server's thread reads while a test's thread changes.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from tests.hub.cards import CARD, CardError, Json, front_matter
from tests.hub.git import Blob, Commit, Files, make_commit

Kind = Literal["datasets", "models"]
KINDS: tuple[Kind, ...] = ("datasets", "models")
Gate = Literal["auto", "manual"] | None
MAIN = "refs/heads/main"


class Access(NamedTuple):
    """Who sends a token, and what it allows: `role` is `read` or `write`."""

    user: str
    role: str
    orgs: tuple[str, ...]

    def owns(self, namespace: str) -> bool:
        """Whether what is in that namespace is the user's own."""
        return namespace == self.user or namespace in self.orgs


@dataclass(eq=False)
class Repo:
    """A dataset or a model.

    Tests may set any field at any time: `private`, `gated`, `readers`, `tags` and the counts as they are, and `refs`
    by full name, such as `repo.refs["refs/tags/v1"] = repo.head.sha`.
    """

    kind: Kind
    id: str
    private: bool = False
    gated: Gate = None
    """How access to the files is asked for; None where nobody needs to ask."""
    readers: set[str] = field(default_factory=set)
    """Users besides the owner who may see a private repository, or have been let through the gate."""
    tags: tuple[str, ...] = ()
    """Tags on top of those in the card; the Hub's own, such as `format:agent-traces`, are named here."""
    downloads: int = 0
    likes: int = 0
    trending: int = 0
    refs: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    _cards: dict[str, Json] = field(default_factory=dict)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def namespace(self) -> str:
        """The user or organisation it belongs to."""
        return self.id.partition("/")[0]

    @property
    def web_path(self) -> str:
        """Where its page is, relative to the Hub's URL."""
        return self.id if self.kind == "models" else f"{self.kind}/{self.id}"

    @property
    def head(self) -> Commit:
        """The newest commit of the main branch."""
        return self.commits[self.refs[MAIN]]

    def find(self, revision: str) -> Commit | None:
        """The commit that a branch, a tag, a full ref or a full commit id names."""
        for ref in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            if ref in self.refs:
                return self.commits[self.refs[ref]]
        return self.commits.get(revision)

    def card(self, commit: Commit) -> Json:
        """The front matter of a commit's card; empty where there is none that can be read."""
        blob = commit.files.get(CARD)
        if blob is None:
            return {}
        # Every list of repositories looks at it, and reading YAML is slow.
        if blob.oid not in self._cards:
            try:
                self._cards[blob.oid] = front_matter(blob.data)
            except CardError:
                self._cards[blob.oid] = {}
        return self._cards[blob.oid]

    def can_see(self, access: Access | None) -> bool:
        """Whether to answer that the repository exists, with its facts and its list of files."""
        return not self.private or self._is_let_in(access)

    def can_read(self, access: Access | None) -> bool:
        """Whether to give out its files."""
        return self.can_see(access) and (self.gated is None or self._is_let_in(access))

    def _is_let_in(self, access: Access | None) -> bool:
        return access is not None and (access.owns(self.namespace) or access.user in self.readers)

    def commit(
        self,
        changes: Mapping[str, Blob | None],
        *,
        title: str,
        date: datetime,
        message: str = "",
        author: str = "",
        ref: str = MAIN,
    ) -> Commit:
        """Adds a commit to a ref, which is made if it is not there; a path with None is deleted.

        Raises:
            KeyError: A path to delete is not there.
        """
        with self._writing:
            parent = self.commits[self.refs[ref]] if ref in self.refs else None
            files = dict(parent.files) if parent else {}
            for path, blob in changes.items():
                if blob is None:
                    del files[path]
                else:
                    files[path] = blob
            made = make_commit(dict(sorted(files.items())), title, message, author or self.namespace, date, parent)
            self.commits = self.commits | {made.sha: made}
            self.refs = self.refs | {ref: made.sha}
        return made


def history(commit: Commit | None) -> Iterator[Commit]:
    """The commit and those before it, newest first."""
    while commit is not None:
        yield commit
        commit = commit.parent


def last_changes(commit: Commit) -> dict[str, Commit]:
    """The commit that last changed each file, by path."""
    found = dict.fromkeys(commit.files, commit)
    for path, blob in commit.files.items():
        for step in history(commit):
            if step.files.get(path) != blob:
                break
            found[path] = step
    return found


def folders(files: Files) -> list[str]:
    """The paths of the folders that hold the files, sorted, without the root."""
    found: set[str] = set()
    for path in files:
        parent = path.rpartition("/")[0]
        while parent and parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return sorted(found)
