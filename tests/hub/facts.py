"""What the Hub says of a repository and of its files, as JSON."""

from datetime import datetime

from tests.hub.cards import Json
from tests.hub.git import Blob, Commit, tree_ids
from tests.hub.repos import Repo, folders, history, last_changes


def repo_facts(repo: Repo, commit: Commit, blobs: bool = False) -> Json:
    """All that the Hub says of a repository; with `blobs` also the sizes and ids of its files."""
    card = repo.card(commit)
    return {
        "id": repo.id,
        "author": repo.namespace,
        "sha": commit.sha,
        "createdAt": date_text(first_commit(repo).date),
        "lastModified": date_text(repo.head.date),
        "private": repo.private,
        "gated": repo.gated or False,
        "disabled": False,
        "downloads": repo.downloads,
        "likes": repo.likes,
        "trendingScore": repo.trending,
        "tags": all_tags(repo),
        "usedStorage": sum(len(blob.data) for blob in repo.head.files.values()),
        "siblings": [{"rfilename": path} | (_sizes(blob) if blobs else {}) for path, blob in commit.files.items()],
    } | ({"cardData": card} if card else {})


def first_commit(repo: Repo) -> Commit:
    """The oldest commit of the main branch."""
    return list(history(repo.head))[-1]


def _sizes(blob: Blob) -> Json:
    sizes: Json = {"size": len(blob.data), "blobId": blob.oid}
    if blob.sha256 is not None:
        sizes["lfs"] = {"sha256": blob.sha256, "size": len(blob.data), "pointerSize": blob.pointer_size}
    return sizes


def all_tags(repo: Repo) -> list[str]:
    """The tags of the repository and of its card, each once."""
    return list(dict.fromkeys((*repo.tags, *map(str, repo.card(repo.head).get("tags") or ()))))


def date_text(date: datetime) -> str:
    """A time as the Hub writes it, in UTC and to the millisecond."""
    return date.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def tree_entries(commit: Commit, expand: bool) -> list[Json]:
    """Every file and folder of a commit, by path; with `expand` also the commit that last changed it."""
    ids = tree_ids(commit.files)
    entries: list[Json] = [
        {"type": "directory", "oid": ids[path], "size": 0, "path": path} for path in folders(commit.files)
    ]
    for path, blob in commit.files.items():
        entry: Json = {"type": "file", "oid": blob.oid, "size": len(blob.data), "path": path}
        if blob.sha256 is not None:
            entry["lfs"] = {"oid": blob.sha256, "size": len(blob.data), "pointerSize": blob.pointer_size}
        entries.append(entry)
    if expand:
        changes = last_changes(commit)
        for entry in entries:
            last = max(
                (changes[path] for path in changes if f"{path}/".startswith(f"{entry['path']}/")),
                key=lambda change: change.date,
            )
            entry["lastCommit"] = {"id": last.sha, "title": last.title, "date": date_text(last.date)}
    return sorted(entries, key=lambda entry: str(entry["path"]))
