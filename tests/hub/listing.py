"""The routes that describe: lists of repositories, facts, trees, commits, refs, and who sends a token."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.hub.cards import Json
from tests.hub.errors import (
    HubError,
    commit_at,
    kind_named,
    no_entry,
    part,
    readable,
    repository,
    store_of,
    visitor,
    writer,
)
from tests.hub.facts import all_tags, date_text, first_commit, repo_facts, tree_entries
from tests.hub.repos import Repo, history

# With the last commits, which are dear to find, a page of a tree is shorter.
EXPANDED_PAGE = 50
SORTS = ("lastModified", "createdAt", "downloads", "likes", "trendingScore")
# What a list says of each repository when it is not asked for anything in particular.
LISTED = (
    "author",
    "createdAt",
    "disabled",
    "downloads",
    "gated",
    "lastModified",
    "likes",
    "private",
    "sha",
    "tags",
    "trendingScore",
)


async def list_repos(request: Request) -> Response:
    """Repositories that the visitor may see and that have every tag asked for, one page of them."""
    store = store_of(request)
    access = visitor(request)
    kind = kind_named(part(request, "kind"))
    query = request.query_params
    found = [repo for repo in tuple(store.repos.values()) if repo.kind == kind and repo.can_see(access)]
    found = [repo for repo in found if _is_asked_for(request, repo)]
    sort = query.get("sort", "trendingScore")
    if sort not in SORTS:
        raise HubError(400, f"Invalid sort parameter: {sort}")
    found.sort(key=lambda repo: _sort_value(repo, sort), reverse=True)
    size = min(int(query.get("limit", store.page_size)), store.page_size)
    shown, headers = _page(request, found, size)
    fields = _asked_fields(request)
    if fields is None:
        fields = (*LISTED, "cardData", "siblings") if query.get("full") == "true" else LISTED
    return JSONResponse([_chosen(repo_facts(repo, repo.head), fields) for repo in shown], headers=headers)


def _is_asked_for(request: Request, repo: Repo) -> bool:
    query = request.query_params
    author, gated = query.get("author"), query.get("gated")
    return (
        set(query.getlist("filter")) <= set(all_tags(repo))
        and (author is None or author == repo.namespace)
        and (gated is None or (gated == "true") == (repo.gated is not None))
        and all(text.lower() in repo.id.lower() for text in query.getlist("search"))
    )


def _sort_value(repo: Repo, sort: str) -> float:
    counts = {"downloads": repo.downloads, "likes": repo.likes, "trendingScore": repo.trending}
    if sort in counts:
        return counts[sort]
    return (repo.head if sort == "lastModified" else first_commit(repo)).date.timestamp()


def _asked_fields(request: Request) -> tuple[str, ...] | None:
    """The fields asked for by name, or None; the id always comes."""
    return tuple(request.query_params.getlist("expand")) or None


def _chosen(facts: Json, fields: Sequence[str]) -> Json:
    return {name: value for name, value in facts.items() if name == "id" or name in fields}


async def info(request: Request) -> Response:
    """The facts of one repository at a revision, with the names of its files."""
    repo = repository(request)
    revision = part(request, "revision") if "revision" in request.path_params else "main"
    facts = repo_facts(repo, commit_at(repo, revision), request.query_params.get("blobs") == "true")
    fields = _asked_fields(request)
    return JSONResponse(facts if fields is None else _chosen(facts, fields))


async def tree(request: Request) -> Response:
    """The files and folders below a path, one page of them."""
    repo = repository(request)
    commit = commit_at(repo, part(request, "revision"))
    query = request.query_params
    expand = query.get("expand") == "true"
    entries = tree_entries(commit, expand)
    below = part(request, "path") if "path" in request.path_params else ""
    if below and not any(entry["path"] == below and entry["type"] == "directory" for entry in entries):
        raise no_entry(below, commit)
    prefix = f"{below}/" if below else ""
    found = [entry for entry in entries if entry["path"].startswith(prefix)]
    if query.get("recursive") != "true":
        found = [entry for entry in found if "/" not in entry["path"].removeprefix(prefix)]
    size = store_of(request).page_size
    shown, headers = _page(request, found, min(size, EXPANDED_PAGE) if expand else size)
    return JSONResponse(shown, headers=headers)


async def paths_info(request: Request) -> Response:
    """The same for chosen paths; those that are not there are left out."""
    repo = repository(request)
    commit = commit_at(repo, part(request, "revision"))
    form = parse_qsl((await request.body()).decode(), keep_blank_values=True)
    paths = {value.rstrip("/") for name, value in form if name == "paths"}
    expand = dict(form).get("expand") == "true"
    return JSONResponse([entry for entry in tree_entries(commit, expand) if entry["path"] in paths])


async def commits(request: Request) -> Response:
    """The history of a revision, newest first, one page of it."""
    repo = repository(request)
    found = list(history(commit_at(repo, part(request, "revision"))))
    shown, headers = _page(request, found, store_of(request).page_size)
    facts = [
        {
            "id": commit.sha,
            "title": commit.title,
            "message": commit.message,
            "authors": [{"user": commit.author}],
            "date": date_text(commit.date),
        }
        for commit in shown
    ]
    return JSONResponse(facts, headers=headers)


async def refs(request: Request) -> Response:
    """Branches, tags and converted copies with their commits."""
    repo = repository(request)
    groups: dict[str, list[Json]] = {"branches": [], "tags": [], "converts": [], "pullRequests": []}
    starts = {"refs/heads/": "branches", "refs/tags/": "tags", "refs/convert/": "converts"}
    for ref, sha in repo.refs.items():
        for start, group in starts.items():
            if ref.startswith(start):
                groups[group].append({"name": ref.removeprefix(start), "ref": ref, "targetCommit": sha})
    return JSONResponse(groups)


def _page(request: Request, found: Sequence[Any], size: int) -> tuple[Sequence[Any], dict[str, str]]:
    """The entries of the page that the cursor asks for, and the header that names the next page, if there is one."""
    query = request.query_params
    start = int(base64.urlsafe_b64decode(query["cursor"])) if "cursor" in query else 0
    if start + size >= len(found):
        return found[start:], {}
    others = [(name, value) for name, value in query.multi_items() if name != "cursor"]
    cursor = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    url = request.url.replace(query=urlencode([*others, ("cursor", cursor)]))
    return found[start : start + size], {"Link": f'<{url}>; rel="next"'}


async def whoami(request: Request) -> Response:
    """Who the token belongs to."""
    access = visitor(request)
    if access is None:
        raise HubError(401, "Invalid username or password.")
    return JSONResponse(
        {
            "type": "user",
            "id": f"id-{access.user}",
            "name": access.user,
            "fullname": access.user.title(),
            "orgs": [{"type": "org", "id": f"id-{org}", "name": org, "fullname": org} for org in access.orgs],
            "auth": {"type": "access_token", "accessToken": {"displayName": "test", "role": access.role}},
        }
    )


async def auth_check(request: Request) -> Response:
    """Whether the visitor may read the files, or with `/write` may change them; the reply is empty if so."""
    repo = readable(request)
    if request.url.path.endswith("/write"):
        writer(request, repo.namespace)
    return JSONResponse({})


async def harnesses(request: Request) -> Response:
    """The programs that the client may name in its user agent: none."""
    return JSONResponse({"standardEnvVars": [], "harnesses": {}})


REPO = "/api/{kind}/{owner}/{name}"
ROUTES = (
    Route("/api/whoami-v2", whoami),
    Route("/api/agent-harnesses", harnesses),
    Route("/api/{kind}", list_repos),
    Route(REPO, info),
    Route(REPO + "/revision/{revision}", info),
    Route(REPO + "/tree/{revision}", tree),
    Route(REPO + "/tree/{revision}/{path:path}", tree),
    Route(REPO + "/paths-info/{revision}", paths_info, methods=["POST"]),
    Route(REPO + "/commits/{revision}", commits),
    Route(REPO + "/refs", refs),
    Route(REPO + "/auth-check", auth_check),
    Route(REPO + "/auth-check/write", auth_check),
)
