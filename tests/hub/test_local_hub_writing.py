"""What the real client changes on the local Hub."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, RemoteEntryNotFoundError

from tests.hub import LocalHub
from tests.hub.client import environment
from tests.hub.git import lfs_blob

LINE = b'{"type":"user"}\n'
LARGE = LINE * 400
CARD = "---\ntags: [agent-traces]\n---\n"
PUBLISH = """
import sys
from huggingface_hub import HfApi, snapshot_download
api = HfApi()
api.create_repo("ann/folder", repo_type="dataset", private=True, exist_ok=True)
for _ in range(2):
    api.upload_folder(repo_id="ann/folder", folder_path=sys.argv[1], repo_type="dataset")
print(snapshot_download("ann/folder", repo_type="dataset"))
"""


def add(path: str, content: bytes) -> CommitOperationAdd:
    return CommitOperationAdd(path, content)


def status_of(error: pytest.ExceptionInfo[HfHubHTTPError]) -> int:
    return error.value.response.status_code


def test_a_repository_is_made_once(hub: LocalHub, ann: HfApi) -> None:
    made = ann.create_repo("ann/made", repo_type="dataset", private=True)
    assert (made.repo_id, made.repo_type, hub.repo("ann/made").private) == ("ann/made", "dataset", True)
    assert ann.create_repo("ann/made", repo_type="dataset", exist_ok=True) == made
    with pytest.raises(HfHubHTTPError) as caught:
        ann.create_repo("ann/made", repo_type="dataset")
    assert status_of(caught) == 409
    assert hub.repo("ann/made").private


def test_who_may_not_write_is_refused(hub: LocalHub, anyone: HfApi, ann: HfApi, bob: HfApi) -> None:
    hub.add_dataset("ann/mine", {"a.jsonl": LINE})
    reader = HfApi(endpoint=hub.url, token=hub.add_token("ann", role="read"))
    ann.auth_check("ann/mine", repo_type="dataset", write=True)
    for api, status in ((anyone, 401), (bob, 403), (reader, 403)):
        with pytest.raises(HfHubHTTPError) as caught:
            api.create_commit("ann/mine", [add("b.jsonl", LINE)], commit_message="Add", repo_type="dataset")
        assert status_of(caught) == status
        with pytest.raises(HfHubHTTPError):
            api.create_repo("ann/other", repo_type="dataset")
        with pytest.raises(HfHubHTTPError):
            api.auth_check("ann/mine", repo_type="dataset", write=True)
    assert list(hub.repo("ann/mine").head.files) == ["a.jsonl"]


def commit(api: HfApi, name: str, *operations: Any, **rest: Any) -> str:
    return str(api.create_commit(name, operations, commit_message="Change", repo_type="dataset", **rest).oid)


def test_a_commit_adds_replaces_and_deletes(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/changed", {"a.jsonl": LINE, "b.jsonl": LINE, "s/1.jsonl": LINE, "s/2.jsonl": LINE})
    old = repo.head
    sha = commit(
        ann,
        repo.id,
        add("a.jsonl", b"{}\n"),
        add("README.md", CARD.encode()),
        CommitOperationDelete("b.jsonl"),
        CommitOperationDelete("s/"),
    )
    assert (repo.head.sha, repo.head.parent, repo.head.title, repo.head.author) == (sha, old, "Change", "ann")
    assert {path: blob.data for path, blob in repo.head.files.items()} == {
        "README.md": CARD.encode(),
        "a.jsonl": b"{}\n",
    }
    assert ann.dataset_info(repo.id).tags == ["agent-traces"]


def test_an_unchanged_file_makes_no_commit(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/unchanged", {"a.jsonl": LINE})
    assert commit(ann, repo.id, add("a.jsonl", LINE)) == repo.head.sha
    assert hub.asked("ann/unchanged/commit/") == []


def test_a_commit_on_a_stale_parent_is_refused(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/stale", {"a.jsonl": LINE})
    old = repo.head.sha
    new = hub.commit(repo.id, {"a.jsonl": b"{}\n"})
    with pytest.raises(HfHubHTTPError) as caught:
        commit(ann, repo.id, add("b.jsonl", LINE), parent_commit=old)
    assert (status_of(caught), repo.head.sha) == (412, new)
    commit(ann, repo.id, add("b.jsonl", LINE), parent_commit=new)
    assert list(repo.head.files) == ["a.jsonl", "b.jsonl"]


def test_a_missing_file_cannot_be_deleted(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/nothing", {"a.jsonl": LINE})
    with pytest.raises(RemoteEntryNotFoundError):
        commit(ann, repo.id, CommitOperationDelete("gone.jsonl"))


def test_a_card_with_broken_front_matter_is_refused_before_anything_is_sent(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/card", {"a.jsonl": LINE})
    with pytest.raises(ValueError, match="Invalid metadata"):
        commit(ann, repo.id, add("README.md", b"---\ntags: [\n---\n"))
    assert list(repo.head.files) == ["a.jsonl"]


# The client hands the open file to its HTTP library in a way that the library advises against.
@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_a_large_file_is_sent_to_the_second_host_without_the_token(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/lfs", {"a.jsonl": LINE})
    content = LARGE + b"lfs"
    # The client sends an open file through LFS, and anything else this large through Xet where that is installed.
    commit(ann, repo.id, CommitOperationAdd("big.jsonl", io.BytesIO(content)))
    assert repo.head.files["big.jsonl"] == lfs_blob(content)
    (put,) = hub.asked("/large/", "PUT")
    assert (put.host.split(":")[0], put.with_token) == ("localhost", False)
    assert len(hub.asked("ann/lfs.git/info/lfs/", "POST")) == 2


def test_a_repository_is_moved_hidden_and_deleted(hub: LocalHub, ann: HfApi, anyone: HfApi) -> None:
    hub.add_dataset("ann/before", {"a.jsonl": LINE})
    ann.move_repo("ann/before", "ann/after", repo_type="dataset")
    assert anyone.dataset_info("ann/before").id == "ann/after"
    ann.update_repo_settings("ann/after", private=True, repo_type="dataset")
    assert not anyone.repo_exists("ann/after", repo_type="dataset")
    ann.delete_repo("ann/after", repo_type="dataset")
    assert not ann.repo_exists("ann/after", repo_type="dataset")


def test_a_client_with_the_hub_as_its_only_one_publishes_and_downloads_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "traces"
    (folder / "sessions").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "sessions" / "a.jsonl").write_bytes(LINE)
    (folder / "big.jsonl").write_bytes(LARGE)
    with LocalHub(lfs_min=5_000) as hub:
        variables = environment(hub, tmp_path / "home", hub.add_token("ann"))
        command = [sys.executable, "-c", PUBLISH, str(folder)]
        done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        got = Path(done.stdout.strip())
        repo = hub.repo("ann/folder")
        assert {path: (got / path).read_bytes() for path in repo.head.files} == {
            path: blob.data for path, blob in repo.head.files.items()
        }
        assert list(repo.head.files) == [".gitattributes", "README.md", "big.jsonl", "sessions/a.jsonl"]
        assert repo.head.files["big.jsonl"].sha256 is not None
        # The second upload found that nothing had changed.
        assert (len(hub.asked("/commit/")), len(hub.asked("/large/", "PUT"))) == (1, 1)
        assert {entry.status for entry in hub.log} <= {200, 302}
