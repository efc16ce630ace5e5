"""Git objects in memory, with the ids that git itself would give them.

The ids matter: a client that checks what it downloaded compares it with the id in the listing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# A file with one of these among its first bytes is binary; this many bytes are looked at, as many as a client samples.
NUL = b"\0"
SAMPLE_BYTES = 512

Files = Mapping[str, "Blob"]
"""The content of a commit: path to blob, in the order of the paths."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One version of one file.

    `oid` is the git id of what git stores: the content, or for an LFS file its pointer. `sha256` and `pointer_size`,
    in bytes, are those of an LFS file, else None and 0.
    """

    data: bytes
    oid: str
    sha256: str | None = None
    pointer_size: int = 0

    @property
    def etag(self) -> str:
        """What the server names this content: the SHA-256 of an LFS file, else the git id."""
        return self.sha256 or self.oid


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with all its files; `parent` is the one before it, or None."""

    sha: str
    files: Files
    title: str
    message: str
    author: str
    date: datetime
    parent: "Commit | None"


def regular_blob(data: bytes) -> Blob:
    """A file that git stores itself."""
    return Blob(data, object_id("blob", data))


def lfs_blob(data: bytes) -> Blob:
    """A file of which git stores a pointer, and another host the content."""
    sha256 = hashlib.sha256(data).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {len(data)}\n".encode()
    return Blob(data, object_id("blob", pointer), sha256, len(pointer))


def is_lfs(sample: bytes, size: int, lfs_min: int) -> bool:
    """Whether a file of `size` bytes that starts with `sample` goes to LFS: from `lfs_min` bytes on, or if binary."""
    return size > 0 and (size >= lfs_min or is_binary(sample))


def is_binary(sample: bytes) -> bool:
    """Whether a file that starts with `sample` is no text."""
    return NUL in sample[:SAMPLE_BYTES]


def make_commit(files: Files, title: str, message: str, author: str, date: datetime, parent: Commit | None) -> Commit:
    """A commit with the id that git gives to one with these facts."""
    who = f"{author} <{author}@users.invalid> {int(date.timestamp())} +0000"
    lines = [f"tree {tree_ids(files)['']}"]
    if parent is not None:
        lines.append(f"parent {parent.sha}")
    lines += [f"author {who}", f"committer {who}", "", f"{title}\n\n{message}" if message else title, ""]
    return Commit(object_id("commit", "\n".join(lines).encode()), files, title, message, author, date, parent)


def tree_ids(files: Files) -> dict[str, str]:
    """The id of every folder, by its path; the root's path is empty."""
    folders: dict[str, list[tuple[str, str, str]]] = {"": []}
    for path in files:
        parent = path.rpartition("/")[0]
        while parent not in folders:
            folders[parent] = []
            parent = parent.rpartition("/")[0]
    for path, blob in files.items():
        parent, _, name = path.rpartition("/")
        folders[parent].append((name, "100644", blob.oid))
    found: dict[str, str] = {}
    # Deepest first: a folder's id is made from those of the folders in it.
    for path in sorted(folders, key=_depth, reverse=True):
        found[path] = _tree_id(folders[path])
        if path:
            parent, _, name = path.rpartition("/")
            folders[parent].append((name, "40000", found[path]))
    return found


def _depth(path: str) -> int:
    return path.count("/") + 1 if path else 0


def _tree_id(entries: list[tuple[str, str, str]]) -> str:
    # Git sorts a folder as if its name ended in a slash.
    entries.sort(key=lambda entry: entry[0] + "/" * (entry[1] == "40000"))
    return object_id("tree", b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for name, mode, oid in entries))


def object_id(kind: str, data: bytes) -> str:
    """The id that git gives to an object."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()
