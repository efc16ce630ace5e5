"""Publishing traces as a dataset of the Hub: one commit, of the files that were shown, or a sentence why not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from viewer.blobs import lfs_key, matches
from viewer.plural import counted
from viewer.publish.build import Built, PublishError, repo_path
from viewer.publish.card import Facts, merged_card, new_card
from viewer.redaction.rewrite import Written
from viewer.sources.contract import SourceError
from viewer.sources.hub_client import HubClient, HubFile, HubRefusedError, HubUnreachableError
from viewer.sources.hub_names import is_repo

CARD = "README.md"
COMPARISON = "comparison.yaml"

Said = Callable[[str, int, int], None]
"""Progress: what is done now, how many files of how many. May raise to stop before the commit."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to publish, and as whom."""

    repo: str
    token: str = field(repr=False)
    private: bool = True
    add: bool = False
    """Whether a dataset that is there already is added to."""
    comparison: str = ""
    """The text of a `comparison.yaml`; empty for none."""
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication came to."""

    repo: str
    sha: str
    added: int
    same: int
    """Files that were there already, with the same content."""
    private: bool


def today() -> str:
    """The date for a card."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def publish(built: Built, facts: Facts, target: Target, said: Said = lambda what, done, total: None) -> Published:
    """Publish in one commit. Raises PublishError; then nothing of the files was lost, and another try is possible."""
    if not is_repo(target.repo):
        raise PublishError(f"{target.repo!r} is not a dataset's name: owner/name.")
    if built.left:
        raise PublishError(f"The second scan found {counted(len(built.left), 'text')} more. Decide about them first.")
    said("checking the files", 0, len(built.files))
    built.check()
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    disable_progress_bars()  # progress goes to `said`
    api = HfApi(endpoint=target.endpoint, token=target.token)
    client = HubClient(target.token, target.endpoint)
    try:
        return _publish(api, client, built, facts, target, said)
    except (HfHubHTTPError, HFValidationError) as error:
        raise PublishError(_sentence(error, target)) from error
    except SourceError as error:
        raise PublishError(f"{error} Nothing was published.") from error
    except (httpx2.TransportError, OSError) as error:
        raise PublishError(f"The Hub is out of reach ({type(error).__name__}). {_NOTHING}") from error


_NOTHING = "Nothing was published; your files and decisions are still here. Try again."


def _publish(api: Any, client: HubClient, built: Built, facts: Facts, target: Target, said: Said) -> Published:
    from huggingface_hub import CommitOperationAdd

    said("looking at the Hub", 0, len(built.files))
    there = _existing(client, target)
    if there is None:
        api.create_repo(target.repo, repo_type="dataset", private=target.private)
        there = _existing(client, target)
        if there is None:
            raise PublishError(f"The Hub made {target.repo} and does not show it. {_NOTHING}")
    sha, private, files = there
    traces = [path for path in files if path not in (CARD, COMPARISON, ".gitattributes")]
    if traces and not target.add:
        raise PublishError(
            f"There is already a dataset {target.repo} with {counted(len(traces), 'file')}. "
            "Choose another name, or say that you want to add to it."
        )
    new = [file for file in built.files if not _is_there(files.get(repo_path(file)), built, file)]
    operations = [CommitOperationAdd(repo_path(file), built.folder / file.path) for file in new]
    if target.comparison:
        operations.append(CommitOperationAdd(COMPARISON, target.comparison.encode()))
    if not operations:
        return Published(target.repo, sha, 0, len(built.files), private)
    card = client.read(target.repo, sha, CARD).decode(errors="replace") if CARD in files else ""
    text = merged_card(card, built, facts) if card else new_card(built, facts)
    operations.append(CommitOperationAdd(CARD, text.encode()))
    for done, operation in enumerate(operations):
        said("uploading", done, len(operations))
        # A large file goes to the Hub's storage now, a small one with the commit.
        api.preupload_lfs_files(target.repo, [operation], repo_type="dataset", free_memory=False)
    built.check()
    said("committing", len(operations), len(operations))
    title = f"Add {counted(len(new), 'trace file')}" if new else "Update the comparison"
    info = api.create_commit(
        target.repo, operations, commit_message=title, repo_type="dataset", parent_commit=sha, revision="main"
    )
    return Published(target.repo, info.oid, len(new), len(built.files) - len(new), private)


def _existing(client: HubClient, target: Target) -> tuple[str, bool, dict[str, HubFile]] | None:
    """Commit, visibility and files of the dataset; None when there is none that this token may see."""
    try:
        facts = client.dataset(target.repo)
    except HubUnreachableError:
        raise
    except HubRefusedError:
        return None
    return facts.sha, facts.restricted, {file.path: file for file in client.files(target.repo, facts.sha)}


def _is_there(known: HubFile | None, built: Built, file: Written) -> bool:
    """Whether the dataset holds this very file."""
    if known is None or known.size != file.size:
        return False
    return known.key == lfs_key(file.sha256) or matches(known.key, (built.folder / file.path).read_bytes())


def _sentence(error: Any, target: Target) -> str:
    response = getattr(error, "response", None)
    status = response.status_code if response is not None else 0
    said = str(getattr(error, "server_message", "") or "").strip().rstrip(".")
    because = f" (the Hub says: {said[:200]})" if said else ""
    known = {
        400: f"The Hub does not accept this publication{because}.",
        401: "The Hub does not accept this login. Sign in again.",
        403: f"You may not write to {target.repo}: use a name of your own, or a login that may write{because}.",
        409: f"There is already a repository {target.repo}. Choose another name.",
        412: f"Somebody changed {target.repo} in the meantime. Try again to add to what is there now.",
        413: f"The Hub refused the size of this publication{because}. Leave some runs out.",
        429: "The Hub asks to wait: too many requests.",
    }
    sentence = known.get(status)
    if sentence is None:
        sentence = (
            f"The Hub has a problem of its own (status {status})."
            if status >= 500
            else f"The Hub refused this publication{because or f' ({error})'}."
        )
    return f"{sentence} {_NOTHING}"
