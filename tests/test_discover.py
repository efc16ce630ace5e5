"""Finding trace datasets on the Hub, whoever tagged them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub import Fault, LocalHub
from viewer.discover import LIMIT, SORTS, TAGS, discover
from viewer.harnesses import HARNESSES
from viewer.sources.contract import SourceError
from viewer.sources.hub_client import HubClient

OWN, AUTHORS = TAGS


def found(
    hub: LocalHub, search: str = "", author: str = "", sort: str = "likes", token: str = ""
) -> list[dict[str, Any]]:
    return discover(HubClient(token or None, hub.url), search=search, author=author, sort=sort)


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["repo"] for row in rows]


def test_datasets_with_either_tag_are_found_once_and_others_are_not(hub: LocalHub) -> None:
    hub.add_dataset("ann/own", tags=[OWN])
    hub.add_dataset("ann/authors", card=f"---\ntags: [{AUTHORS}]\n---\n")
    hub.add_dataset("ann/both", tags=[OWN], card=f"---\ntags: [{AUTHORS}]\n---\n")
    hub.add_dataset("ann/neither", tags=["format:parquet"])
    hub.add_model("ann/model")
    rows = found(hub)
    assert sorted(names(rows)) == ["ann/authors", "ann/both", "ann/own"]
    assert {row["repo"] for row in rows if row["tagged"]} == {"ann/own", "ann/both"}


def test_one_question_is_asked_for_each_tag(hub: LocalHub) -> None:
    found(hub, search="words", author="ann", sort="downloads")
    asked = sorted(entry.query for entry in hub.asked("/api/datasets"))
    rest = f"&search=words&author=ann&sort=downloads&limit={LIMIT}&full=true"
    assert asked == sorted((f"filter={AUTHORS}{rest}", f"filter={OWN.replace(':', '%3A')}{rest}"))


@pytest.mark.parametrize("sort", SORTS)
def test_the_merged_list_is_sorted(hub: LocalHub, sort: str) -> None:
    for rank, name in enumerate(("ann/b", "ann/c", "ann/a"), start=1):
        repo = hub.add_dataset(name, tags=[TAGS[rank % 2]])
        repo.likes = repo.downloads = repo.trending = rank
    assert names(found(hub, sort=sort)) == ["ann/a", "ann/c", "ann/b"]


def test_words_and_author_narrow_the_list(hub: LocalHub) -> None:
    for name in ("ann/race", "ann/other", "bob/race"):
        hub.add_dataset(name, tags=[AUTHORS])
    assert sorted(names(found(hub, search="race"))) == ["ann/race", "bob/race"]
    assert sorted(names(found(hub, author="ann"))) == ["ann/other", "ann/race"]
    assert names(found(hub, search="race", author="ann")) == ["ann/race"]
    assert found(hub, search="nothing like it") == []


def test_a_row_says_what_the_hub_says(hub: LocalHub) -> None:
    repo = hub.add_dataset("ann/traces", tags=[OWN, "pi", "claude-code", "claude_code", "region:us"], gated="auto")
    repo.likes, repo.downloads, repo.trending = 7, 80, 3
    assert found(hub) == [
        {
            "repo": "ann/traces",
            "likes": 7,
            "downloads": 80,
            "trending": 3,
            "modified": round(repo.head.date.timestamp() * 1000),
            "gated": True,
            "restricted": True,
            "tagged": True,
            "runs": 0,
            "harnesses": ["Claude Code", "Pi"],
        }
    ]


def test_what_the_hub_does_not_say_is_unknown_and_sorted_last(hub: LocalHub) -> None:
    rows = b'[{"id":"ann/silent"},{"id":"ann/known","likes":1,"tags":[]}]'
    hub.faults.append(Fault("/api/datasets", content=rows))
    known, silent = found(hub)
    assert (known["repo"], silent["repo"]) == ("ann/known", "ann/silent")
    assert silent["likes"] is silent["downloads"] is silent["modified"] is None
    assert silent["harnesses"] == []


def test_a_private_dataset_is_found_by_its_owner_alone(hub: LocalHub) -> None:
    hub.add_dataset("ann/private", tags=[AUTHORS], private=True)
    assert names(found(hub, token=hub.add_token("ann"))) == ["ann/private"]
    assert found(hub) == found(hub, token=hub.add_token("bob")) == []


def test_one_failing_question_fails_the_list_with_its_sentence(hub: LocalHub) -> None:
    hub.faults.append(Fault(f"filter={AUTHORS}", status=403))
    with pytest.raises(SourceError, match=r"^You may not read the list of datasets\.$"):
        found(hub)


def test_runs_are_counted_and_harnesses_known_by_the_names_of_files(hub: LocalHub) -> None:
    hub.add_dataset(
        "ann/flat", {"sessions/pi/1.jsonl": b"1", "codex__gpt-5.jsonl": b"2", "partials/3.jsonl": b"3"}, tags=TAGS
    )
    hub.add_dataset("ann/tables", {"data/0.parquet": b"PAR1"}, tags=TAGS)
    hub.add_dataset("ann/empty", {"notes.txt": b"1"}, tags=TAGS)
    rows = {row["repo"]: (row["runs"], row["harnesses"]) for row in found(hub)}
    assert rows == {"ann/flat": (2, ["Codex", "Pi"]), "ann/tables": (None, []), "ann/empty": (0, [])}


@pytest.mark.parametrize(
    ("words", "repos"),
    [
        ("codex", ["ann/by-name-codex", "ann/runs"]),
        ("Claude_Code runs", ["ann/claude-runs"]),
        ("runs", ["ann/claude-runs", "ann/runs"]),
        ("pi", []),
    ],
)
def test_a_harness_is_searched_for_in_what_is_known_and_other_words_in_names(
    hub: LocalHub, words: str, repos: list[str]
) -> None:
    hub.add_dataset("ann/runs", {"a.jsonl": b"1"}, tags=(*TAGS, "codex"))
    hub.add_dataset("ann/claude-runs", {"claude-code/a.jsonl": b"1"}, tags=TAGS)
    hub.add_dataset("ann/by-name-codex", {"a.jsonl": b"1"}, tags=TAGS)
    assert sorted(row["repo"] for row in found(hub, search=words)) == repos


def test_no_name_stands_for_two_harnesses() -> None:
    names = [name for name, _ in HARNESSES]
    assert len(names) == len(set(names))
