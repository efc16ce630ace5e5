"""The routes by which a visitor brings files: start, send one by one, look, forget.

Each file is one request whose body is the file; `path` keeps its folders. It is written to the disk as it comes, and
checked when it is whole: by its name, its size and its first records.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from viewer.library import Library
from viewer.sources.contract import SourceError
from viewer.sources.upload import PREFIX, Receiving, Refusal, RefusedError, Upload, Uploads
from viewer.sources.upload_zip import unpack
from viewer.trace_check import why_no_trace
from viewer.web.answers import BadRequestError, answering, json, parameter
from viewer.web.writing import changing, from_page, keep_key, new_key, visitor_key

_BLOCK = 2**20


class UploadApi:
    """The uploads of all visitors, each seen by its own."""

    def __init__(self, uploads: Uploads, library: Library, forgotten: Callable[[str], None]) -> None:
        """Tell `forgotten` the key of each upload that goes."""
        self._uploads = uploads
        self._library = library
        self._forgotten = forgotten
        uploads.forgotten = self._gone

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        return [
            Route("/api/uploads.json", answering(self._list), methods=["GET"]),
            Route("/api/upload/start", answering(self._start), methods=["POST"]),
            Route("/api/upload/file", self._file, methods=["PUT"]),
            Route("/api/upload/forget", changing(self._forget), methods=["POST"]),
        ]

    def is_upload(self, source: str) -> bool:
        """Whether a link's `source` names an upload."""
        return source.startswith(PREFIX)

    def open(self, request: Request, key: str) -> Upload:
        """An upload of the visitor who asks. Raises SourceError."""
        return self._uploads.open(key, visitor_key(request))

    def _list(self, request: Request) -> Response:
        limits = self._uploads.limits
        mine = self._uploads.of(visitor_key(request)) if visitor_key(request) else []
        return json(
            {
                "uploads": [self._facts(upload) for upload in mine],
                "limits": {
                    "file": limits.file,
                    "total": limits.total,
                    "count": limits.count,
                    "hours": limits.kept / 3600,
                },
            }
        )

    def _start(self, request: Request) -> Response:
        from_page(request)
        key = visitor_key(request) or new_key()
        response = json(self._facts(self._uploads.start(key)))
        keep_key(response, request, key)
        return response

    def _forget(self, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        upload = self.open(request, str(body.get("upload", "")))
        self._uploads.forget(upload)
        return {"forgotten": True}

    def _gone(self, upload: Upload) -> None:
        """What was made from an upload goes with it."""
        self._library.forget(upload.id)
        self._forgotten(upload.id)

    async def _file(self, request: Request) -> Response:
        try:
            from_page(request)
            upload = self.open(request, parameter(request, "upload"))
            name = parameter(request, "path")
        except BadRequestError as error:
            return json({"error": str(error)}, 400)
        except SourceError as error:
            return json({"error": str(error)}, 404)
        try:
            outcome = await self._receive(request, upload, name)
        except ClientDisconnect:
            return Response(status_code=499)
        except RefusedError as error:
            await _drain(request, self._uploads.limits.file)
            outcome = [upload.refuse(name, str(error))]
        refused = [{"name": each.name, "reason": each.reason} for each in outcome if isinstance(each, Refusal)]
        return json({**self._facts(upload), "kept": len(outcome) - len(refused), "refusedNow": refused[:100]})

    async def _receive(self, request: Request, upload: Upload, name: str) -> list[Any]:
        """Take a file in; what became of it, or of each file of a zip."""
        packed = name.lower().endswith(".zip")
        kept_as = name if packed else self._uploads.name_for(upload, name)
        received = self._uploads.receive(upload)
        try:
            await _write(request, received)
        except (RefusedError, ClientDisconnect):
            received.drop()
            raise
        if packed:
            return await run_in_threadpool(self._unpacked, upload, received)
        self._uploads.keep(upload, kept_as, received)
        return [await run_in_threadpool(self._checked, upload, kept_as)]

    def _unpacked(self, upload: Upload, received: Receiving) -> list[Any]:
        received.close()
        try:
            taken = list(unpack(self._uploads, upload, received.path))
        finally:
            received.drop()
        return [each if isinstance(each, Refusal) else self._checked(upload, each.path) for each in taken]

    def _checked(self, upload: Upload, path: str) -> Any:
        reason = why_no_trace(upload, path)
        return upload.file(path) if reason is None else self._uploads.drop(upload, path, reason)

    def _facts(self, upload: Upload) -> dict[str, Any]:
        with upload.lock:
            return {
                "upload": upload.key,
                "label": upload.label,
                "files": len(upload.stored),
                "bytes": upload.counted["bytes"],
                "refused": [{"name": each.name, "reason": each.reason} for each in upload.refused],
                "refusedCount": upload.counted["refused"],
                "expires": round((time.time() + upload.expires - self._uploads.clock()) * 1000),
            }


async def _write(request: Request, received: Receiving) -> None:
    """Write the body as it comes, in pieces worth a thread."""
    waiting = bytearray()
    async for part in request.stream():
        waiting += part
        if len(waiting) >= _BLOCK:
            await run_in_threadpool(received.write, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(received.write, bytes(waiting))


async def _drain(request: Request, most: int) -> None:
    """Read what else comes of a refused file, so that the browser hears the answer; not for ever."""
    left = most
    try:
        async for part in request.stream():
            left -= len(part)
            if left < 0:
                return
    except (ClientDisconnect, RuntimeError):
        return
