"""The routes that send content: a file at a revision, and the second host with the content of LFS files.

A regular file comes from the Hub itself. An LFS file is redirected to another host name, where the key in the URL is
what lets one in, and where a token would be a leak: it is refused there. A text file is compressed for who accepts
that, and then, as behind the Hub's own cache, a range is not looked at: who wants one asks for no encoding.
"""

import hmac
import re
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.hub.errors import HubError, commit_at, no_entry, part, readable, store_of
from tests.hub.git import Blob, is_binary
from tests.hub.store import Store

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
LARGE = "/large/{sha256}"


async def resolve(request: Request) -> Response:
    """A file at a revision, or where its content is."""
    repo = readable(request)
    commit = commit_at(repo, part(request, "revision"))
    path = unquote(request.path_params["path"])
    blob = commit.files.get(path)
    if blob is None:
        raise no_entry(path, commit)
    headers = {"X-Repo-Commit": commit.sha, "Accept-Ranges": "bytes"}
    if blob.sha256 is None:
        return _regular(request, blob, headers)
    headers |= {
        "X-Linked-Etag": f'"{blob.sha256}"',
        "X-Linked-Size": str(len(blob.data)),
        "Location": large_url(store_of(request), blob.sha256),
    }
    return Response(status_code=302, headers=headers)


def _regular(request: Request, blob: Blob, headers: dict[str, str]) -> Response:
    content_type = "application/octet-stream" if is_binary(blob.data) else "text/plain; charset=utf-8"
    headers |= {"ETag": f'"{blob.etag}"', "Content-Type": content_type, "Vary": "Accept-Encoding"}
    accepted = {name.split(";")[0].strip() for name in request.headers.get("accept-encoding", "").split(",")}
    packed = store_of(request).packed.get(blob.oid)
    if packed is None or "gzip" not in accepted:
        return ranged(request, blob.data, headers)
    headers |= {"ETag": f'W/"{blob.etag}"', "Content-Encoding": "gzip"}
    response = Response(packed, headers=headers)
    # What is compressed on the way has no length before its end.
    del response.headers["content-length"]
    return response


def ranged(request: Request, data: bytes, headers: dict[str, str]) -> Response:
    """The bytes asked for, or all.

    Raises:
        HubError: The range starts after the end.
    """
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or match.group() == "bytes=-":
        return Response(data, headers=headers)
    size = len(data)
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise HubError(416, "Range not satisfiable", headers={"Content-Range": f"bytes */{size}"})
    return Response(data[start:end], 206, headers | {"Content-Range": f"bytes {start}-{end - 1}/{size}"})


def large_url(store: Store, sha256: str) -> str:
    """Where the content of an LFS file is read or written, with the key that lets one in."""
    return f"{store.large_host}{LARGE.format(sha256=sha256)}?Key={_key(store, sha256)}"


def _key(store: Store, sha256: str) -> str:
    return hmac.digest(store.secret, sha256.encode(), "sha256").hex()


def _let_in(request: Request) -> str:
    """The SHA-256 that a request to the second host is about."""
    sha256: str = request.path_params["sha256"]
    if "authorization" in request.headers:
        raise HubError(400, "Only one way to authenticate is allowed")
    if not hmac.compare_digest(request.query_params.get("Key", ""), _key(store_of(request), sha256)):
        raise HubError(403, "Access denied")
    return sha256


async def large(request: Request) -> Response:
    """The content of an LFS file."""
    sha256 = _let_in(request)
    data = store_of(request).large.get(sha256)
    if data is None:
        raise HubError(404, "There is no such content")
    headers = {"ETag": f'"{sha256}"', "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
    return ranged(request, data, headers)


async def put_large(request: Request) -> Response:
    """Takes the content of an LFS file."""
    sha256 = _let_in(request)
    blob = store_of(request).large_blob(await request.body())
    if blob.sha256 != sha256:
        raise HubError(400, "The content has another SHA-256")
    return Response()


ROUTES = (
    Route(LARGE, large),
    Route(LARGE, put_large, methods=["PUT"]),
    Route("/{kind}/{owner}/{name}/resolve/{revision}/{path:path}", resolve),
    # A model's page has no kind in front.
    Route("/{owner}/{name}/resolve/{revision}/{path:path}", resolve),
)
