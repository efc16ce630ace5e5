"""The routes that change a repository: create, delete, move, settings and commit."""

import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.hub.errors import (
    HubError,
    commit_at,
    kind_named,
    named_repository,
    part,
    repository,
    store_of,
    visitor,
    writer,
)
from tests.hub.git import Blob, Commit
from tests.hub.listing import REPO
from tests.hub.repos import Repo
from tests.hub.store import Store

# What a new repository has in it before anybody commits.
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
Changes = dict[str, Blob | None]


async def create(request: Request) -> Response:
    """Makes a repository with one commit; one that is there already is left as it is, and named."""
    store = store_of(request)
    asked = await request.json()
    owner = asked.get("organization") or _name_of(request)
    access = writer(request, owner)
    repo = Repo(kind_named(asked.get("type", "model")), f"{owner}/{asked['name']}")
    url = f"{store.url}/{repo.web_path}"
    if (repo.kind, repo.id) in store.repos:
        return JSONResponse({"error": f"{repo.id} is there already", "url": url}, 409)
    repo.private = asked.get("visibility") == "private"
    changes = {".gitattributes": store.small_blob(ATTRIBUTES)}
    repo.commit(changes, title="initial commit", date=store.now(), author=access.user)
    store.repos[repo.kind, repo.id] = repo
    return JSONResponse({"url": url, "name": repo.id, "id": f"id-{repo.id}"})


def _name_of(request: Request) -> str:
    access = visitor(request)
    return access.user if access else ""


async def delete(request: Request) -> Response:
    """Removes a repository with all its history."""
    asked = await request.json()
    owner = asked.get("organization") or _name_of(request)
    kind = kind_named(asked.get("type", "model"))
    repo = named_repository(request, kind, f"{owner}/{asked['name']}")
    writer(request, repo.namespace)
    del store_of(request).repos[kind, repo.id]
    return JSONResponse({})


async def move(request: Request) -> Response:
    """Gives a repository a new id; requests for the old one are sent on."""
    asked = await request.json()
    kind = kind_named(asked["type"])
    repo = named_repository(request, kind, asked["fromRepo"])
    writer(request, repo.namespace)
    writer(request, asked["toRepo"].partition("/")[0])
    if (kind, asked["toRepo"]) in store_of(request).repos:
        raise HubError(409, f"{asked['toRepo']} is there already")
    store_of(request).rename(repo.id, asked["toRepo"], kind)
    return JSONResponse({})


async def settings(request: Request) -> Response:
    """Changes who may see a repository."""
    repo = repository(request)
    writer(request, repo.namespace)
    asked = await request.json()
    if "visibility" in asked:
        repo.private = asked["visibility"] == "private"
    if "gated" in asked:
        repo.gated = asked["gated"] or None
    return JSONResponse(asked)


async def commit(request: Request) -> Response:
    """Commits to a branch: one JSON value a line, the first with the words, the others each with one change."""
    repo = repository(request)
    access = writer(request, repo.namespace)
    revision = part(request, "revision")
    base = commit_at(repo, revision)
    ref = next((ref for ref in (f"refs/heads/{revision}", revision) if ref in repo.refs), None)
    if ref is None or "create_pr" in request.query_params:
        raise HubError(400, "Only a branch can be committed to")
    lines = [json.loads(line) for line in (await request.body()).splitlines() if line]
    words = next(line["value"] for line in lines if line["key"] == "header")
    if words.get("parentCommit") not in (None, base.sha):
        raise HubError(412, "A commit has happened since. Please refresh and try again.")
    store = store_of(request)
    changes: Changes = {}
    for line in lines:
        changes |= _change(store, base, line["key"], line["value"])
    title, message = words.get("summary", ""), words.get("description", "")
    made = repo.commit(changes, title=title, message=message, date=store.now(), author=access.user, ref=ref)
    url = f"{store.url}/{repo.web_path}/commit/{made.sha}"
    return JSONResponse({"success": True, "commitOid": made.sha, "commitUrl": url, "hookOutput": ""})


def _change(store: Store, base: Commit, key: str, value: dict[str, Any]) -> Changes:
    """What one line of a commit's payload changes."""
    path = value.get("path", "")
    if key == "file":
        return {path: store.small_blob(base64.b64decode(value["content"]))}
    if key == "lfsFile":
        if value["oid"] not in store.large:
            raise HubError(400, f"The content of {path} has not been uploaded")
        return {path: store.large_blob(store.large[value["oid"]])}
    if key == "deletedFile":
        if path not in base.files:
            raise HubError(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
        return {path: None}
    if key == "deletedFolder":
        return {file: None for file in base.files if file.startswith(path.rstrip("/") + "/")}
    return {}


ROUTES = (
    Route("/api/repos/create", create, methods=["POST"]),
    Route("/api/repos/delete", delete, methods=["DELETE"]),
    Route("/api/repos/move", move, methods=["POST"]),
    Route(REPO + "/settings", settings, methods=["PUT"]),
    Route(REPO + "/commit/{revision}", commit, methods=["POST"]),
)
