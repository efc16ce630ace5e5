"""What the real client reads from the local Hub."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huggingface_hub import HfApi, RepoFile, get_session, hf_hub_url
from huggingface_hub.errors import RemoteEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

from tests.hub import LocalHub, Repo

LINE = b'{"type":"user"}\n'
LARGE = LINE * 400
CARD = "---\ntags: [agent-traces]\ndate: 2026-05-06\n---\n# Runs\n"


def download(api: HfApi, repo: Repo, path: str, folder: Path, revision: str | None = None) -> bytes:
    found = api.hf_hub_download(repo.id, path, repo_type="dataset", cache_dir=folder, revision=revision)
    return Path(found).read_bytes()


def url(hub: LocalHub, repo: Repo, path: str) -> str:
    return hf_hub_url(repo.id, path, repo_type="dataset", endpoint=hub.url)


def test_a_dataset_is_described_at_a_revision(hub: LocalHub, anyone: HfApi) -> None:
    repo = hub.add_dataset("ann/described", {"a.jsonl": LINE, "big.jsonl": LARGE}, tags=("x",), card=CARD)
    old = repo.head.sha
    new = hub.commit(repo.id, {"b.jsonl": LINE})
    now = anyone.dataset_info(repo.id, timeout=60)
    then = anyone.dataset_info(repo.id, revision=old, files_metadata=True)
    assert (now.sha, then.sha, now.tags, now.author) == (new, old, ["x", "agent-traces"], "ann")
    assert [sibling.rfilename for sibling in now.siblings or ()] == ["README.md", "a.jsonl", "b.jsonl", "big.jsonl"]
    _, small, big = list(then.siblings or ())
    assert (small.size, small.lfs, big.size) == (len(LINE), None, len(LARGE))
    assert big.lfs is not None
    assert big.lfs.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert now.created_at is not None
    assert now.last_modified is not None
    assert now.created_at.tzinfo == UTC
    assert now.created_at < now.last_modified


def test_only_the_facts_asked_for_are_given(hub: LocalHub, anyone: HfApi) -> None:
    repo = hub.add_dataset("ann/expanded", {"a.jsonl": LINE})
    found = anyone.dataset_info(repo.id, expand=["sha"])
    assert (found.sha, found.siblings, found.tags) == (repo.head.sha, None, None)


def test_a_tree_has_folders_sizes_and_ids(hub: LocalHub, anyone: HfApi) -> None:
    repo = hub.add_dataset("ann/tree", {"a.jsonl": b"{}\n", "s/1/b c.jsonl": LINE, "s/big.jsonl": LARGE})

    def paths(folder: str | None = None, recursive: bool = False) -> list[str]:
        found = anyone.list_repo_tree(repo.id, folder, recursive=recursive, repo_type="dataset")
        return [entry.path for entry in found]

    assert paths() == ["a.jsonl", "s"]
    assert paths("s") == ["s/1", "s/big.jsonl"]
    assert paths("s/1", recursive=True) == ["s/1/b c.jsonl"]
    assert paths(recursive=True) == ["a.jsonl", "s", "s/1", "s/1/b c.jsonl", "s/big.jsonl"]
    small, *_, big = anyone.list_repo_tree(repo.id, recursive=True, repo_type="dataset")
    assert isinstance(small, RepoFile)
    assert isinstance(big, RepoFile)
    assert big.lfs is not None
    # What `git hash-object` prints for this content.
    assert small.blob_id == "0967ef424bce6791893e9a57bb952f80fd536e93"
    assert (small.lfs, big.size, big.lfs.sha256) == (None, len(LARGE), hashlib.sha256(LARGE).hexdigest())
    with pytest.raises(RemoteEntryNotFoundError):
        paths("gone")


def test_an_expanded_tree_names_the_last_commit_of_each_path(hub: LocalHub, anyone: HfApi) -> None:
    repo = hub.add_dataset("ann/last", {"a.jsonl": LINE, "s/b.jsonl": LINE})
    hub.commit(repo.id, {"s/b.jsonl": b"{}\n"}, title="Second")
    found = anyone.list_repo_tree(repo.id, recursive=True, expand=True, repo_type="dataset")
    last = {entry.path: entry.last_commit.title for entry in found if entry.last_commit}
    assert last == {"a.jsonl": "initial commit", "s": "Second", "s/b.jsonl": "Second"}


def test_chosen_paths_are_described_and_missing_ones_left_out(hub: LocalHub, anyone: HfApi) -> None:
    repo = hub.add_dataset("ann/chosen", {"a.jsonl": LINE, "s/b.jsonl": LINE})
    found = anyone.get_paths_info(repo.id, ["s/b.jsonl", "gone", "s"], repo_type="dataset")
    assert [entry.path for entry in found] == ["s", "s/b.jsonl"]


def test_refs_name_branches_tags_and_converted_copies(hub: LocalHub, anyone: HfApi, tmp_path: Path) -> None:
    repo = hub.add_dataset("ann/refs", {"a.jsonl": LINE})
    repo.refs["refs/tags/v1"] = repo.head.sha
    parquet = hub.commit(repo.id, {"default/train/0000.parquet": b"PAR1\0"}, ref="refs/convert/parquet")
    found = anyone.list_repo_refs(repo.id, repo_type="dataset")
    assert [(ref.name, ref.target_commit) for ref in found.branches] == [("main", repo.head.sha)]
    assert [(ref.name, ref.ref) for ref in found.tags] == [("v1", "refs/tags/v1")]
    assert [(ref.ref, ref.target_commit) for ref in found.converts] == [("refs/convert/parquet", parquet)]
    assert download(anyone, repo, "a.jsonl", tmp_path, "v1") == LINE
    assert download(anyone, repo, "default/train/0000.parquet", tmp_path, "refs/convert/parquet") == b"PAR1\0"


def test_old_revisions_stay_readable(hub: LocalHub, anyone: HfApi, tmp_path: Path) -> None:
    repo = hub.add_dataset("ann/history", {"a.jsonl": b"old"})
    old = repo.head.sha
    new = hub.commit(repo.id, {"a.jsonl": None, "b.jsonl": b"new"}, title="Second")
    assert download(anyone, repo, "a.jsonl", tmp_path, old) == b"old"
    assert download(anyone, repo, "b.jsonl", tmp_path) == b"new"
    found = anyone.list_repo_commits(repo.id, repo_type="dataset")
    assert [(commit.commit_id, commit.title, commit.authors) for commit in found] == [
        (new, "Second", ["ann"]),
        (old, "initial commit", ["ann"]),
    ]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")
def test_a_commit_has_the_id_that_git_gives_it(hub: LocalHub, tmp_path: Path) -> None:
    files = {"a.b": b"1", "a/c.jsonl": b"2", "a/b/d.jsonl": b"3", "a0": b"4"}
    repo = hub.add_dataset("ann/git", files)
    date = str(int(repo.head.date.timestamp()))
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "ann"), ("EMAIL", "ann@users.invalid"), ("DATE", f"{date} +0000"))
    }
    variables = who | {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    git("add", ".")
    assert git("commit-tree", git("write-tree"), "-m", "initial commit") == repo.head.sha
    assert repo.head.date == datetime.fromtimestamp(int(date), UTC)


def test_a_text_is_compressed_for_who_accepts_that(hub: LocalHub) -> None:
    repo = hub.add_dataset("ann/text", {"a.jsonl": LINE * 200})
    where = url(hub, repo, "a.jsonl")
    packed = get_session().get(where, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    plain = get_session().get(where, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert (packed.status_code, packed.content, plain.content) == (200, LINE * 200, LINE * 200)
    assert "content-length" not in packed.headers
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    assert [entry.sent < 200 for entry in hub.asked("ann/text/resolve")] == [True, False]


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [("bytes=0-9", 206, 0, 10), ("bytes=-4", 206, 76, 80), ("bytes=70-", 206, 70, 80), ("bytes=9-999", 206, 9, 80)],
)
def test_a_range_is_sent_alone(hub: LocalHub, asked: str, status: int, start: int, end: int) -> None:
    repo = hub.add_dataset("ann/range", {"a.jsonl": LINE * 5})
    headers = {"Accept-Encoding": "identity", "Range": asked}
    found = get_session().get(url(hub, repo, "a.jsonl"), headers=headers)
    assert (found.status_code, found.content) == (status, (LINE * 5)[start:end])
    assert found.headers["content-range"] == f"bytes {start}-{end - 1}/80"
    assert hub.asked("ann/range/resolve")[-1].range == asked


def test_a_range_after_the_end_is_refused(hub: LocalHub) -> None:
    repo = hub.add_dataset("ann/beyond", {"a.jsonl": LINE})
    headers = {"Accept-Encoding": "identity", "Range": "bytes=99-"}
    found = get_session().get(url(hub, repo, "a.jsonl"), headers=headers)
    assert (found.status_code, found.headers["content-range"]) == (416, f"bytes */{len(LINE)}")


def test_a_large_file_comes_from_another_host_without_the_token(hub: LocalHub, ann: HfApi, tmp_path: Path) -> None:
    repo = hub.add_dataset("ann/large", {"big.jsonl": LARGE}, private=True)
    assert download(ann, repo, "big.jsonl", tmp_path) == LARGE
    (head,) = hub.asked("ann/large/resolve")
    (content,) = hub.asked(f"/large/{hashlib.sha256(LARGE).hexdigest()}")
    assert (head.status, head.with_token, content.status, content.with_token) == (302, True, 200, False)
    assert (head.host.split(":")[0], content.host.split(":")[0]) == ("127.0.0.1", "localhost")
    assert content.sent == len(LARGE)


def test_a_range_of_a_large_file_follows_the_redirect(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/large-range", {"big.jsonl": LARGE}, private=True)
    headers = {"Authorization": f"Bearer {ann.token}", "Range": "bytes=-16"}
    found = get_session().get(url(hub, repo, "big.jsonl"), headers=headers)
    assert (found.status_code, found.content) == (206, LINE)


def test_the_second_host_lets_in_a_key_and_no_token(hub: LocalHub, ann: HfApi) -> None:
    repo = hub.add_dataset("ann/keys", {"big.jsonl": LARGE})
    where = get_session().get(url(hub, repo, "big.jsonl"), follow_redirects=False).headers["location"]
    with_token = get_session().get(where, headers={"Authorization": f"Bearer {ann.token}"})
    assert with_token.status_code == 400
    assert get_session().get(where.partition("?")[0]).status_code == 403


def test_a_model_is_described_and_read_at_its_bare_name(hub: LocalHub, anyone: HfApi, tmp_path: Path) -> None:
    card = "---\nmodel-index:\n- name: m\n  results:\n  - task: {type: text-classification}\n"
    card += "    dataset: {name: d, type: d}\n    metrics: [{type: f1, value: 0.95}]\n---\n"
    repo = hub.add_model("ann/model", card=card)
    found = anyone.model_info(repo.id)
    assert (found.id, found.sha) == ("ann/model", repo.head.sha)
    assert found.card_data is not None
    assert [result.metric_value for result in found.card_data.eval_results or ()] == [0.95]
    path = anyone.hf_hub_download(repo.id, "README.md", cache_dir=tmp_path)
    assert Path(path).read_text() == card
    assert list(anyone.list_datasets(search="ann/model")) == []


def test_a_renamed_dataset_is_found_by_its_old_name(hub: LocalHub, anyone: HfApi, tmp_path: Path) -> None:
    repo = hub.add_dataset("ann/old-name", {"s/a.jsonl": LINE})
    hub.rename("ann/old-name", "ann/newer-name")
    hub.rename("ann/newer-name", "bob/newest-name")
    assert anyone.dataset_info("ann/old-name").id == "bob/newest-name"
    found = anyone.list_repo_tree("ann/old-name", recursive=True, repo_type="dataset")
    assert [entry.path for entry in found] == ["s", "s/a.jsonl"]
    found_at = anyone.hf_hub_download("ann/old-name", "s/a.jsonl", repo_type="dataset", cache_dir=tmp_path)
    assert Path(found_at).read_bytes() == LINE
    assert [entry.status for entry in hub.asked("ann/old-name/tree")] == [307]
    hub.add_dataset("ann/old-name", {"b.jsonl": LINE})
    assert anyone.dataset_info("ann/old-name").id == "ann/old-name"
    assert repo.id == "bob/newest-name"


def test_what_is_not_there_has_an_error_of_its_own(hub: LocalHub, anyone: HfApi, ann: HfApi, tmp_path: Path) -> None:
    repo = hub.add_dataset("ann/there", {"a.jsonl": LINE})
    with pytest.raises(RepositoryNotFoundError) as without_token:
        anyone.dataset_info("ann/gone")
    with pytest.raises(RepositoryNotFoundError) as with_token:
        ann.dataset_info("ann/gone")
    assert without_token.value.response.status_code == 401
    assert with_token.value.response.status_code == 404
    with pytest.raises(RevisionNotFoundError):
        anyone.dataset_info(repo.id, revision="0" * 40)
    with pytest.raises(RemoteEntryNotFoundError) as no_file:
        download(anyone, repo, "gone.jsonl", tmp_path)
    assert no_file.value.response.headers["X-Repo-Commit"] == repo.head.sha
