"""Finding trace datasets on the Hub: those that the Hub tagged by itself, and those that their authors tagged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from viewer.harnesses import harnesses_of
from viewer.sources.hub_client import DatasetFacts, HubClient

TAGS = ("format:agent-traces", "agent-traces")
"""The Hub's own tag comes late and is missing on converted, private and unusual datasets; authors set the other."""

SORTS = ("trendingScore", "likes", "lastModified", "downloads")
LIMIT = 100


def discover(client: HubClient, *, search: str, author: str, sort: str) -> list[dict[str, Any]]:
    """Datasets with either tag, as JSON rows, the first by `sort` (one of `SORTS`) first. Raises SourceError."""

    def ask(tag: str) -> list[DatasetFacts]:
        return client.datasets(tag=tag, search=search, author=author, sort=sort, limit=LIMIT)

    with ThreadPoolExecutor(len(TAGS)) as pool:
        found = {facts.repo: facts for answer in pool.map(ask, TAGS) for facts in answer}
    rows = [_row(facts) for facts in found.values()]
    key = {"trendingScore": "trending", "lastModified": "modified"}.get(sort, sort)
    return sorted(rows, key=lambda row: row[key] or 0, reverse=True)


def _row(facts: DatasetFacts) -> dict[str, Any]:
    return {
        "repo": facts.repo,
        "likes": facts.likes,
        "downloads": facts.downloads,
        "trending": facts.trending,
        "modified": facts.modified,
        "gated": facts.gated,
        "restricted": facts.restricted,
        "tagged": TAGS[0] in facts.tags,
        "harnesses": list(harnesses_of(facts.tags)),
    }
