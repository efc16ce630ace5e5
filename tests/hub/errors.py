"""Who sends a request, which repository it is about, and the replies to those who ask for what they cannot have.

The codes, not the words, are what the client acts on. It takes a missing repository for one it may not see, and so
does this Hub: 401 without a token, 404 with one.
"""

from collections.abc import Mapping
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.git import Commit
from tests.hub.repos import KINDS, Access, Kind, Repo
from tests.hub.store import Store

BAD_TOKEN = "Invalid credentials in Authorization header"


class HubError(Exception):
    """An error reply: its status, its words, the code for the client or an empty one, further headers."""

    def __init__(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})


class MovedAwayError(Exception):
    """The repository has a new id; `path` is what to ask for instead, with the query."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


async def reply_error(request: Request, error: Exception) -> Response:
    """The reply for a `HubError`."""
    assert isinstance(error, HubError)
    headers = {"X-Error-Message": error.message} | error.headers
    if error.code:
        headers["X-Error-Code"] = error.code
    return JSONResponse({"error": error.message}, error.status, headers)


async def reply_moved(request: Request, error: Exception) -> Response:
    """The reply for a `MovedAwayError`: the same request again, at the new id."""
    assert isinstance(error, MovedAwayError)
    return Response(status_code=307, headers={"Location": error.path})


def store_of(request: Request) -> Store:
    """The store behind the server."""
    store = request.app.state.store
    assert isinstance(store, Store)
    return store


def visitor(request: Request) -> Access | None:
    """Who sends the request, or None.

    Raises:
        HubError: The token is not one of the store's, or there is something else in its place.
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    access = store_of(request).tokens.get(token)
    if scheme != "Bearer" or access is None:
        raise HubError(401, BAD_TOKEN)
    return access


def writer(request: Request, namespace: str) -> Access:
    """Who sends a request that changes something in a namespace.

    Raises:
        HubError: Nobody in particular, or somebody who may not.
    """
    access = visitor(request)
    if access is None:
        raise HubError(401, "Log in to change anything")
    if access.role != "write":
        raise HubError(403, "This token may only read")
    if not access.owns(namespace):
        raise HubError(403, f"You may not change what belongs to {namespace}")
    return access


def part(request: Request, name: str) -> str:
    """A part of the path as the client meant it; the routes match paths that are still percent-encoded."""
    return unquote(request.path_params[name])


def kind_named(name: str) -> Kind:
    """The kind that a path or a payload names, as `dataset` or `datasets`.

    Raises:
        HubError: It is none that this Hub has.
    """
    for kind in KINDS:
        if name in (kind, kind.removesuffix("s")):
            return kind
    raise HubError(404, f"This Hub has no {name}")


def repository(request: Request) -> Repo:
    """The repository that the path names, if the visitor may see it.

    Raises:
        HubError: There is none, or it is private.
        MovedAwayError: It has a new id.
    """
    # A path without a kind is a model's page.
    kind = kind_named(request.path_params.get("kind", "models"))
    return _known(request, kind, f"{part(request, 'owner')}/{part(request, 'name')}")


def named_repository(request: Request, kind: Kind, name: str) -> Repo:
    """The repository that a payload names, if the visitor may see it.

    Raises:
        HubError: There is none, or it is private.
    """
    return _visible(request, store_of(request).repos.get((kind, name)))


def _known(request: Request, kind: Kind, name: str) -> Repo:
    store = store_of(request)
    newest = name
    # It may have moved more than once, and something new may have its old name.
    while (kind, newest) not in store.repos and (kind, newest) in store.moved:
        newest = store.moved[kind, newest]
    # Only who may see the repository learns its new name.
    repo = _visible(request, store.repos.get((kind, newest)))
    if newest == name:
        return repo
    query = request.url.query
    raise MovedAwayError(request.scope["path"].replace(f"/{name}", f"/{newest}", 1) + (f"?{query}" if query else ""))


def _visible(request: Request, repo: Repo | None) -> Repo:
    access = visitor(request)
    if repo is None or not repo.can_see(access):
        status = 401 if access is None else 404
        message = "Invalid username or password." if access is None else "Repository not found"
        raise HubError(status, message, "RepoNotFound")
    return repo


def readable(request: Request) -> Repo:
    """The repository that the path names, if the visitor may read its files.

    Raises:
        HubError: As for `repository`, or the visitor has not been let through the gate.
        MovedAwayError: It has a new id.
    """
    repo = repository(request)
    access = visitor(request)
    if not repo.can_read(access):
        status = 401 if access is None else 403
        raise HubError(status, f"Access to {repo.kind.removesuffix('s')} {repo.id} is restricted", "GatedRepo")
    return repo


def commit_at(repo: Repo, revision: str) -> Commit:
    """The commit that a revision names.

    Raises:
        HubError: There is none.
    """
    commit = repo.find(revision)
    if commit is None:
        raise HubError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    return commit


def no_entry(path: str, commit: Commit) -> HubError:
    """The error for a path that a commit does not have."""
    # The client remembers for this commit that the file is not there.
    return HubError(404, f"{path} does not exist", "EntryNotFound", {"X-Repo-Commit": commit.sha})
