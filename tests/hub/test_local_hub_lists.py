"""The lists that the real client gets from the local Hub."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.hub import LocalHub, Repo

LINE = b"{}\n"
CARD = "---\ntags: [agent-traces]\n---\n"


def names(api: HfApi, **asked: Any) -> list[str]:
    return [found.id for found in api.list_datasets(**asked)]


@pytest.fixture(scope="module")
def shelf(hub: LocalHub) -> list[Repo]:
    """Three datasets to list, the oldest first; the card of the last has a tag."""
    both = ("format:agent-traces", "format:json")
    shelf = [
        hub.add_dataset("shelf/one", tags=both),
        hub.add_dataset("shelf/two", tags=both[:1]),
        hub.add_dataset("shelf/Three", card=CARD, gated="auto"),
    ]
    shelf[1].likes = shelf[2].trending = shelf[0].downloads = 7
    return shelf


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filter": "format:agent-traces"}, ["shelf/two", "shelf/one"]),
        ({"filter": ["format:agent-traces", "format:json"]}, ["shelf/one"]),
        ({"filter": "agent-traces"}, ["shelf/Three"]),
        ({"search": "three"}, ["shelf/Three"]),
        ({"gated": True}, ["shelf/Three"]),
        ({"author": "shel"}, []),
    ],
)
def test_a_list_has_what_meets_every_filter(
    anyone: HfApi, shelf: list[Repo], asked: dict[str, Any], found: list[str]
) -> None:
    assert names(anyone, **{"author": "shelf"} | asked, sort="last_modified") == found


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("last_modified", "shelf/Three"),
        ("created_at", "shelf/Three"),
        ("likes", "shelf/two"),
        ("downloads", "shelf/one"),
        ("trending_score", "shelf/Three"),
    ],
)
def test_a_list_starts_with_the_most(anyone: HfApi, shelf: list[Repo], sort: Any, first: str) -> None:
    assert names(anyone, author="shelf", sort=sort, limit=1) == [first]


def test_a_list_has_the_fields_asked_for_and_no_others(anyone: HfApi, shelf: list[Repo]) -> None:
    (found,) = anyone.list_datasets(search="shelf/Three", expand=["cardData", "gated"])
    assert found.card_data is not None
    assert (found.card_data["tags"], found.gated, found.likes) == (["agent-traces"], "auto", None)


def test_lists_come_in_pages() -> None:
    with LocalHub(page_size=2) as hub:
        repo = hub.add_dataset("ann/a", {f"{number}.jsonl": LINE for number in range(5)})
        for name in "bcde":
            hub.add_dataset(f"ann/{name}", tags=("one", "two"))
        hub.commit(repo.id, {"0.jsonl": None})
        hub.commit(repo.id, {"1.jsonl": None})
        api = HfApi(endpoint=hub.url, token=False)
        assert names(api, filter=["one", "two"], sort="created_at") == ["ann/e", "ann/d", "ann/c", "ann/b"]
        found = api.list_repo_tree(repo.id, repo_type="dataset")
        assert [entry.path for entry in found] == ["2.jsonl", "3.jsonl", "4.jsonl"]
        assert len(api.list_repo_commits(repo.id, repo_type="dataset")) == 3
        pages = [len(hub.asked(pattern)) for pattern in (r"/api/datasets\?", "/tree/", "/commits/")]
        assert pages == [2, 2, 2]
