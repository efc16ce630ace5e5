"""Images in traces: noted while parsing, read from the file when someone looks at one.

Shapes seen: Claude `{type: image, source: {type: base64, media_type, data}}`, Pi `{type: image, data, mimeType}`,
Codex `{type: input_image, image_url: "data:…"}` and `{type: image_generation_call, result}` (bare base64), STS
attachments `{type: IMAGE, base64Url: "data:…"}`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from viewer.formats.values import mapping, string
from viewer.model import ImageRef

SHOWN_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Raster types that a browser shows without running anything; SVG is left out on purpose, it can hold script."""


def image_at(block: Any, record: int, path: tuple[str | int, ...]) -> ImageRef | None:
    """A reference to the image that this content block is; None when it is none."""
    found = _encoded(block)
    if found is None:
        return None
    mime, data = found
    return ImageRef(record, path, mime, len(data) * 3 // 4)


def load_image(document: Any, path: tuple[str | int, ...]) -> tuple[str, bytes] | None:
    """Type and bytes of the image at `path` in a parsed record; None when there is none that may be shown."""
    block = document
    for step in path:
        if isinstance(step, str) and isinstance(block, dict):
            block = block.get(step)
        elif isinstance(step, int) and isinstance(block, list) and 0 <= step < len(block):
            block = block[step]
        else:
            return None
    found = _encoded(block)
    if found is None or found[0] not in SHOWN_TYPES:
        return None
    try:
        return found[0], base64.b64decode(found[1], validate=False)
    except (binascii.Error, ValueError):
        return None


def _encoded(block: Any) -> tuple[str, str] | None:
    """Media type and base64 text of an image block."""
    if not isinstance(block, dict):
        return None
    kind = block.get("type")
    if kind == "image":
        source = mapping(block.get("source"))
        data = string(source.get("data")) or string(block.get("data"))
        mime = string(source.get("media_type")) or string(block.get("mimeType"))
        return (mime.lower() or "image/png", data) if data else None
    if kind in ("image_generation_call", "image_generation_end"):
        data = string(block.get("result"))
        return ("image/png", data) if data else None
    if kind in ("input_image", "image_url", "IMAGE"):
        url = block.get("image_url") or block.get("base64Url")
        if isinstance(url, dict):
            url = url.get("url")
        return _data_url(string(url))
    return None


def _data_url(url: str) -> tuple[str, str] | None:
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        return None
    return head[5:-7].split(";", 1)[0].lower(), data
