"""What counts as the name of a Hub dataset, and what a pasted address means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.sources.hub_names import HubReference, is_commit, is_repo, is_revision, parse_reference

SHA = "0123456789abcdef0123456789abcdef01234567"
HUB = "https://huggingface.co/datasets/ann/traces"


@pytest.mark.parametrize(
    ("text", "repo", "rev", "path"),
    [
        ("ann/traces", "ann/traces", "", ""),
        ("  ann/traces\n", "ann/traces", "", ""),
        ("ann/traces/", "ann/traces", "", ""),
        ("datasets/ann/traces", "ann/traces", "", ""),
        ("/datasets/ann/traces", "ann/traces", "", ""),
        ("ann/traces@v1", "ann/traces", "v1", ""),
        (f"ann/traces@{SHA}", "ann/traces", SHA, ""),
        ("ann/traces/sessions/a.jsonl", "ann/traces", "", "sessions/a.jsonl"),
        ("ann/A.b_c-9", "ann/A.b_c-9", "", ""),
        ("ann/datasets", "ann/datasets", "", ""),
        (HUB, "ann/traces", "", ""),
        (f"{HUB}/", "ann/traces", "", ""),
        (f"{HUB}?library=true#top", "ann/traces", "", ""),
        (f"{HUB}/tree/main", "ann/traces", "main", ""),
        (f"{HUB}/tree/main/sessions", "ann/traces", "main", ""),
        (f"{HUB}/blob/{SHA}/sessions/a.jsonl", "ann/traces", SHA, "sessions/a.jsonl"),
        (f"{HUB}/resolve/v1.0/a.jsonl?download=true", "ann/traces", "v1.0", "a.jsonl"),
        (f"{HUB}/raw/main/a.jsonl", "ann/traces", "main", "a.jsonl"),
        (f"{HUB}/blob/main/two%20words%23.jsonl#L26", "ann/traces", "main", "two words#.jsonl"),
        (f"{HUB}/blob/refs%2Fpr%2F1/a.jsonl", "ann/traces", "refs/pr/1", "a.jsonl"),
        (f"{HUB}/tree", "ann/traces", "", ""),
        (f"{HUB}/viewer/default/train", "ann/traces", "", ""),
        (f"{HUB}/discussions/3", "ann/traces", "", ""),
        (f"{HUB}/commit/{SHA}", "ann/traces", SHA, ""),
        ("http://127.0.0.1:8123/datasets/ann/traces/blob/main/a.jsonl", "ann/traces", "main", "a.jsonl"),
        ("huggingface.co/datasets/ann/traces", "ann/traces", "", ""),
        ("hf.co/datasets/ann/traces/blob/main/a.jsonl", "ann/traces", "main", "a.jsonl"),
        ("hf://datasets/ann/traces", "ann/traces", "", ""),
        ("hf://datasets/ann/traces@v1/sessions/a.jsonl", "ann/traces", "v1", "sessions/a.jsonl"),
        ("hf://datasets/ann/traces@refs%2Fpr%2F1/a.jsonl", "ann/traces", "refs/pr/1", "a.jsonl"),
    ],
)
def test_a_name_or_address_gives_dataset_revision_and_path(text: str, repo: str, rev: str, path: str) -> None:
    assert parse_reference(text) == HubReference(repo, rev, path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "/",
        "ann",
        "datasets/ann",
        "two words",
        "ann/two words",
        "ann/../etc",
        "../ann/traces",
        "ann/-traces",
        "ann/traces.git",
        "ann/a--b",
        "ann/" + "x" * 97,
        "ann/traces@",
        "ann/traces@../main",
        "https://huggingface.co/ann/model",
        "https://huggingface.co/spaces/ann/space",
        "https://huggingface.co/datasets/ann",
        "https://huggingface.co/",
        "https://[/datasets/ann/traces",
        f"{HUB}/tree/..%2F..",
        "file:///datasets/ann/traces",
        "javascript://x/datasets/ann/traces",
        "ann/<script>",
        "ann/traces\x00",
    ],
)
def test_what_names_no_dataset_is_refused(text: str) -> None:
    assert parse_reference(text) is None


@given(st.text(max_size=60))
def test_any_text_gives_a_valid_name_or_none(text: str) -> None:
    found = parse_reference(text)
    assert found is None or (is_repo(found.repo) and (not found.rev or is_revision(found.rev)))


@given(st.from_regex(r"[a-z]{1,9}/[a-z0-9]{1,9}", fullmatch=True), st.sampled_from(["main", "v1", SHA]))
def test_the_address_of_a_file_leads_back_to_it(repo: str, rev: str) -> None:
    address = f"https://huggingface.co/datasets/{repo}/blob/{rev}/sessions/a.jsonl"
    assert parse_reference(address) == HubReference(repo, rev, "sessions/a.jsonl")


def test_only_a_commit_in_full_is_one() -> None:
    assert is_commit(SHA)
    assert not any(map(is_commit, (SHA[:39], SHA + "0", SHA.upper(), "main", "")))
