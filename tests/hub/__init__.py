"""A small Hugging Face Hub on loopback, for tests that use the real client.

    with LocalHub() as hub:
        repo = hub.add_dataset("ann/traces", {"a.jsonl": b"{}"}, tags=("format:agent-traces",))
        hub.faults.append(Fault("/resolve/", status=429, headers={"Retry-After": "1"}, times=1))
        HfApi(endpoint=hub.url, token=hub.add_token("ann")).dataset_info(repo.id)
        assert len(hub.asked("/api/datasets/ann/traces")) == 1

It speaks what the client of the version in requirements.txt sends to list, read, download, create and commit to
datasets and models, renamed, private and gated ones too. Of uploads it takes regular and LFS files, not Xet ones: where
files may be that large, the client needs `HF_HUB_DISABLE_XET=1`. Left out: pull requests, Spaces, buckets, the dataset
viewer, and the automatic tags (a test names them). A page of a model is at its bare id, as on the Hub.

    git.py       blobs, trees and commits with the ids of git
    cards.py     the front matter of a card
    repos.py     a repository: its refs, its history, who may see it
    store.py     all repositories, tokens and LFS content; what a test changes
    errors.py    the error replies, and who sends a request
    facts.py     what the Hub says of a repository and its files, as JSON
    listing.py   the routes that describe: lists, facts, trees, commits, refs, who am I
    files.py     the routes that send content, with ranges, gzip and the second host of LFS files
    writing.py   the routes that change: create, delete, move, settings, commit
    uploads.py   the routes that come before a commit: which mode, LFS upload
    faults.py    what goes wrong on purpose
    log.py       what was asked
    client.py    what keeps the real client on this machine
    server.py    `LocalHub`: the whole as a running server
"""

from tests.hub.faults import Fault
from tests.hub.log import Asked
from tests.hub.repos import Access, Repo
from tests.hub.server import LocalHub

__all__ = ["Access", "Asked", "Fault", "LocalHub", "Repo"]
