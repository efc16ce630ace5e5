"""Codex's `response_item` records of tool calls, and of what the model was told of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson

from viewer.formats.builder import Draft
from viewer.formats.codex_results import merged, read_output
from viewer.formats.codex_session import Session, take
from viewer.formats.images import image_at
from viewer.formats.values import EMPTY, items, mapping, pretty, string
from viewer.model import ToolResult

Path: TypeAlias = tuple[str | int, ...]
"""Where in its record an item stands."""

Handler: TypeAlias = Callable[[Session, int, dict[str, Any], int | None, Path], None]
"""Takes the session, the record's number, the item, its time, and where in the record it stands."""


def _add_call(session: Session, number: int, call_id: str, name: str, arguments: Any, time: int | None) -> Draft:
    draft = session.builder.call(call_id, name, arguments, number, time=time, model=session.model)
    session.call(draft)
    return draft


def _id(payload: dict[str, Any]) -> str:
    call_id = payload.get("call_id")
    return call_id if isinstance(call_id, str) and call_id else string(payload.get("id"))


def _function_call(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    name, space = string(payload.get("name")) or "unknown tool", payload.get("namespace")
    if isinstance(space, str) and space.startswith("mcp__") and not name.startswith("mcp__"):
        name = f"{space.rstrip('_')}__{name.lstrip('_')}"
    arguments = payload.get("arguments")
    found = _arguments(arguments) if isinstance(arguments, str) else mapping(arguments)
    _add_call(session, number, _id(payload), name, found, time)


def _arguments(text: str) -> dict[str, Any] | str:
    """The arguments as an object; as they stand when the model wrote no valid one."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return found if isinstance(found, dict) else text


def _custom_call(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    name = string(payload.get("name")) or "unknown tool"
    _add_call(session, number, _id(payload), name, pretty(payload.get("input", "")), time)


def _shell_call(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    _add_call(session, number, _id(payload), "local_shell", mapping(payload.get("action")), time)


def _tool_search(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    arguments = payload.get("arguments")
    _add_call(session, number, _id(payload), "tool_search", arguments if isinstance(arguments, dict) else EMPTY, time)


def _web_search(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    """A search by the model's provider: no call id, no output; a `web_search_end` event may stand before or after."""
    action = payload.get("action")
    call_id = _id(payload)
    if call_id not in session.calls:
        reported = take(session.search_reports, action)
        if not reported:
            call_id = call_id or f"record {number}"
            session.searches.append((action, call_id))
        call_id = reported or call_id
    draft = _add_call(session, number, call_id, "web_search", mapping(action), time)
    if draft.result is not None and payload.get("status") == "completed":  # the end event does not say so
        draft.result = merged(draft.result, ToolResult(number, time, "ok", ""))


def _image_generation(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    """Call and result in one record."""
    call_id = _id(payload)
    draft = _add_call(
        session, number, call_id, "image_generation", {"prompt": string(payload.get("revised_prompt"))}, time
    )
    image = image_at(payload, number, path)
    done = payload.get("status") == "completed"
    if image is not None or done:
        draft.result = ToolResult(
            number, time, "ok" if done else "unknown", "", images=(image,) if image is not None else ()
        )


def _output(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    call_id = _id(payload)
    found = read_output(payload.get("output"), number, time, path)
    draft = session.calls.get(call_id)
    if draft is not None and draft.name == "spawn_agent":
        agent = mapping(_arguments(found.text)).get("agent_id")
        if isinstance(agent, str):
            found = ToolResult(number, time, found.status, found.text, images=found.images, agent_id=agent)
    session.answer(call_id, found)


def _tool_search_output(session: Session, number: int, payload: dict[str, Any], time: int | None, path: Path) -> None:
    names: list[str] = []
    for tool in map(mapping, items(payload.get("tools"))):
        names.append(string(tool.get("name")))
        names += [f"  {string(mapping(inner).get('name'))}" for inner in items(tool.get("tools"))]
    found = ToolResult(number, time, "ok" if payload.get("status") == "completed" else "unknown", "\n".join(names))
    session.answer(_id(payload), found, name="tool_search")


CALLS: dict[str, Handler] = {
    "function_call": _function_call,
    "function_call_output": _output,
    "custom_tool_call": _custom_call,
    "custom_tool_call_output": _output,
    "local_shell_call": _shell_call,
    "local_shell_call_output": _output,
    "web_search_call": _web_search,
    "tool_search_call": _tool_search,
    "tool_search_output": _tool_search_output,
    "image_generation_call": _image_generation,
}
"""By type of item."""
