"""Finding trace datasets on the Hub: those that the Hub tagged by itself, and those that their authors tagged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from viewer.harnesses import harness_label, harnesses_of
from viewer.provenance import named_harnesses
from viewer.sources.hub_client import DatasetFacts, HubClient
from viewer.sources.hub_listing import is_staged, trace_paths

TAGS = ("format:agent-traces", "agent-traces")
"""The Hub's own tag comes late and is missing on converted, private and unusual datasets; authors set the other."""

SORTS = ("trendingScore", "likes", "lastModified", "downloads")
LIMIT = 100
LOOKED_AT = 500
"""Files of a dataset whose names are read for harnesses."""


def discover(client: HubClient, *, search: str, author: str, sort: str) -> list[dict[str, Any]]:
    """Datasets with either tag, as JSON rows, the first by `sort` (one of `SORTS`) first. Raises SourceError.

    Words of the search that name a harness are looked for in what is known of a dataset; the Hub itself searches names.
    """
    words = search.split()
    wanted = [word for word in words if harness_label(word) is not None]
    names = " ".join(word for word in words if word not in wanted)

    def ask(tag: str) -> list[DatasetFacts]:
        return client.datasets(tag=tag, search=names, author=author, sort=sort, limit=LIMIT)

    with ThreadPoolExecutor(len(TAGS)) as pool:
        found = {facts.repo: facts for answer in pool.map(ask, TAGS) for facts in answer}
    rows = [row for facts in found.values() if _fits(row := row_of(facts), wanted)]
    key = {"trendingScore": "trending", "lastModified": "modified"}.get(sort, sort)
    return sorted(rows, key=lambda row: row[key] or 0, reverse=True)


def _fits(row: dict[str, Any], wanted: list[str]) -> bool:
    """Whether each harness that is looked for is one of the row's, or in its name."""
    return all(harness_label(word) in row["harnesses"] or word.lower() in row["repo"].lower() for word in wanted)


def row_of(facts: DatasetFacts) -> dict[str, Any]:
    """A dataset as a row; what is not known of it is None."""
    return {
        "repo": facts.repo,
        "likes": facts.likes,
        "downloads": facts.downloads,
        "trending": facts.trending,
        "modified": facts.modified,
        "gated": facts.gated,
        "restricted": facts.restricted,
        "tagged": TAGS[0] in facts.tags,
        "runs": _runs(facts),
        "harnesses": list(dict.fromkeys((*harnesses_of(facts.tags), *_named(facts)))),
    }


def _runs(facts: DatasetFacts) -> int | None:
    """How many runs its files are; None where that is not known, as of Parquet files, whose rows are runs."""
    if facts.paths is None:
        return None
    found = sum(1 for path in trace_paths(facts.paths) if not is_staged(path))
    return found if found or not any(path.endswith(".parquet") for path in facts.paths) else None


def _named(facts: DatasetFacts) -> tuple[str, ...]:
    """The harnesses that names of its first files and folders tell."""
    return named_harnesses(trace_paths((facts.paths or ())[:LOOKED_AT]))
