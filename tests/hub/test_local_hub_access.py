"""Who may see and read what on the local Hub, as the real client finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.hub import LocalHub, Repo

LINE = b"{}\n"


def download(api: HfApi, repo: Repo, folder: Path) -> bytes:
    return Path(api.hf_hub_download(repo.id, "a.jsonl", repo_type="dataset", cache_dir=folder)).read_bytes()


def refused(api: HfApi, repo: Repo, folder: Path, error: type[HfHubHTTPError]) -> int:
    """The status with which a download is refused."""
    with pytest.raises(error) as caught:
        download(api, repo, folder)
    return caught.value.response.status_code


def test_a_private_dataset_is_there_for_its_owner_and_readers_only(
    hub: LocalHub, anyone: HfApi, ann: HfApi, bob: HfApi, tmp_path: Path
) -> None:
    repo = hub.add_dataset("ann/private", {"a.jsonl": LINE}, private=True)
    carl = HfApi(endpoint=hub.url, token=hub.add_token("carl", orgs=("ann",)))
    lists = [[found.id for found in api.list_datasets(search="ann/private")] for api in (anyone, bob, ann, carl)]
    assert lists == [[], [], [repo.id], [repo.id]]
    assert ann.dataset_info(repo.id).private
    assert refused(anyone, repo, tmp_path / "anyone", RepositoryNotFoundError) == 401
    assert refused(bob, repo, tmp_path / "bob", RepositoryNotFoundError) == 404
    repo.readers.add("bob")
    assert download(bob, repo, tmp_path / "bob") == LINE


def test_a_renamed_private_dataset_does_not_give_its_new_name_away(hub: LocalHub, anyone: HfApi) -> None:
    hub.add_dataset("ann/secret", private=True)
    hub.rename("ann/secret", "ann/secret-name")
    with pytest.raises(RepositoryNotFoundError):
        anyone.dataset_info("ann/secret")
    assert hub.asked("ann/secret-name") == []


def test_a_gated_dataset_shows_its_facts_and_keeps_its_files(
    hub: LocalHub, anyone: HfApi, ann: HfApi, bob: HfApi, tmp_path: Path
) -> None:
    repo = hub.add_dataset("ann/gated", {"a.jsonl": LINE}, gated="manual")
    assert anyone.dataset_info(repo.id).gated == "manual"
    assert [entry.path for entry in anyone.list_repo_tree(repo.id, repo_type="dataset")] == ["a.jsonl"]
    assert refused(anyone, repo, tmp_path / "anyone", GatedRepoError) == 401
    assert refused(bob, repo, tmp_path / "bob", GatedRepoError) == 403
    with pytest.raises(GatedRepoError):
        bob.auth_check(repo.id, repo_type="dataset")
    assert download(ann, repo, tmp_path / "ann") == LINE
    repo.readers.add("bob")
    bob.auth_check(repo.id, repo_type="dataset")
    assert download(bob, repo, tmp_path / "bob") == LINE


@pytest.mark.parametrize(
    "ask",
    [lambda api: api.dataset_info("ann/public"), lambda api: list(api.list_datasets()), lambda api: api.whoami()],
    ids=["info", "list", "whoami"],
)
def test_a_bad_token_is_refused_for_public_data_too(hub: LocalHub, ask: Callable[[HfApi], object]) -> None:
    hub.add_dataset("ann/public")
    with pytest.raises(HfHubHTTPError) as caught:
        ask(HfApi(endpoint=hub.url, token="hf_nobody"))
    assert caught.value.response.status_code == 401
    assert not isinstance(caught.value, RepositoryNotFoundError)


def test_a_token_that_is_taken_back_is_bad(hub: LocalHub, bob: HfApi) -> None:
    hub.add_dataset("ann/open")
    bob.dataset_info("ann/open")
    del hub.tokens[str(bob.token)]
    with pytest.raises(HfHubHTTPError):
        bob.dataset_info("ann/open")


def test_a_token_says_whose_it_is_and_what_it_allows(hub: LocalHub) -> None:
    found = HfApi(endpoint=hub.url).whoami(hub.add_token("ann", role="read", orgs=("lab",)))
    assert (found["name"], found["auth"]["accessToken"]["role"]) == ("ann", "read")
    assert [org["name"] for org in found["orgs"]] == ["lab"]
