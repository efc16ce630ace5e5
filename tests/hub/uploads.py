"""The routes that come before a commit: is the card in order, how to send each file, and sending the LFS ones."""

import base64
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.hub.cards import CardError, front_matter
from tests.hub.errors import HubError, commit_at, part, repository, store_of, writer
from tests.hub.files import large_url
from tests.hub.git import is_lfs
from tests.hub.listing import REPO
from tests.hub.store import Store

LFS = ".git/info/lfs"


async def validate_card(request: Request) -> Response:
    """What is wrong with the front matter of a card."""
    asked = await request.json()
    try:
        found = front_matter(asked["content"].encode())
    except CardError as error:
        return JSONResponse({"errors": [{"message": str(error)}], "warnings": []}, 400)
    warnings = [] if found else [{"message": "empty or missing yaml metadata in repo card"}]
    return JSONResponse({"errors": [], "warnings": warnings})


async def preupload(request: Request) -> Response:
    """For each file: whether to send it with the commit or through LFS, and what is at its path now.

    No file is ever ignored: a `.gitignore` is not read.
    """
    repo = repository(request)
    writer(request, repo.namespace)
    files = commit_at(repo, part(request, "revision")).files
    lfs_min = store_of(request).lfs_min
    replies: list[dict[str, Any]] = []
    for file in (await request.json())["files"]:
        lfs = is_lfs(base64.b64decode(file["sample"]), file["size"], lfs_min)
        reply = {"path": file["path"], "uploadMode": "lfs" if lfs else "regular", "shouldIgnore": False}
        if file["path"] in files:
            reply["oid"] = files[file["path"]].etag
        replies.append(reply)
    return JSONResponse({"files": replies})


async def lfs_batch(request: Request) -> Response:
    """Where to send the content of each LFS file that is not here yet."""
    repo = repository(request)
    writer(request, repo.namespace)
    store = store_of(request)
    verify = f"{store.url}/{repo.web_path}{LFS}/verify"
    asked = (await request.json())["objects"]
    return JSONResponse({"transfer": "basic", "objects": [_instruction(store, entry, verify) for entry in asked]})


def _instruction(store: Store, asked: dict[str, Any], verify: str) -> dict[str, Any]:
    reply: dict[str, Any] = {"oid": asked["oid"], "size": asked["size"]}
    if asked["oid"] not in store.large:
        upload = {"href": large_url(store, asked["oid"]), "header": {}}
        reply["actions"] = {"upload": upload, "verify": {"href": verify, "header": {}}}
    return reply


async def lfs_verify(request: Request) -> Response:
    """Whether the content of an LFS file has arrived."""
    repo = repository(request)
    writer(request, repo.namespace)
    asked = await request.json()
    content = store_of(request).large.get(asked["oid"])
    if content is None or len(content) != asked["size"]:
        raise HubError(404, "The content has not arrived")
    return JSONResponse({})


ROUTES = (
    Route("/api/validate-yaml", validate_card, methods=["POST"]),
    Route(REPO + "/preupload/{revision}", preupload, methods=["POST"]),
    *(
        Route(start + LFS + end, endpoint, methods=["POST"])
        # A model's page has no kind in front.
        for start in ("/{kind}/{owner}/{name}", "/{owner}/{name}")
        for end, endpoint in (("/objects/batch", lfs_batch), ("/verify", lfs_verify))
    ),
)
