"""Codex's `event_msg` records: what the harness told its own screen.

Most of them repeat what `response_item` records say. Of use are what the user typed, token counts, reports of calls
that ran, and what has no other record: interruptions, errors, roll-backs, reviews.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viewer.formats.codex_results import read_command_end, read_mcp_end, read_patch_end, read_tool_end
from viewer.formats.codex_session import Session, take
from viewer.formats.codex_text import block_text, sort_text
from viewer.formats.images import image_at
from viewer.formats.values import count, iso_time, items, mapping, maybe_string, pretty, string
from viewer.model import ToolResult

_BOOKKEEPING = frozenset(
    (
        "task_complete", "turn_complete", "session_configured", "thread_goal_updated", "sub_agent_activity",
        "plan_update", "turn_diff", "token_usage_record", "exec_command_output_delta", "exec_approval_request",
        "apply_patch_approval_request", "request_user_input", "request_permissions", "elicitation_request",
        "terminal_interaction", "view_image_tool_call", "dynamic_tool_call_request", "guardian_assessment",
        "item_started", "raw_response_item", "mcp_startup_update", "mcp_startup_complete", "mcp_list_tools_response",
        "list_custom_prompts_response", "list_skills_response", "skills_update_available",
        "get_history_entry_response", "shutdown_complete", "hook_started", "hook_completed",
        "collab_agent_interaction_end", "collab_waiting_end", "collab_close_end", "collab_resume_end", "undo_started",
        "agent_reasoning_section_break", "model_verification",
    )
)  # fmt: skip
"""Events that say nothing a reader looks for, or nothing that another record does not say."""

_BOOKKEEPING_ENDINGS = ("_begin", "_delta")

_SHELL_OF_THE_USER = ("user_shell", "userShell")

Report = Callable[[dict[str, Any], int, int | None], ToolResult]


def read_event(session: Session, payload: dict[str, Any], number: int, timestamp: Any) -> None:
    """One `event_msg` record."""
    kind = payload.get("type")
    kind = kind if isinstance(kind, str) else ""
    if kind == "agent_message" and "assistant" in session.stated:
        return  # a third of all events, and all of them copies
    time = iso_time(timestamp)
    handler = _HANDLERS.get(kind)
    if handler is not None:
        handler(session, payload, number, time)
    elif kind not in _BOOKKEEPING and not kind.endswith(_BOOKKEEPING_ENDINGS):
        session.builder.add("other", number, time=time, text=pretty(payload), label=kind or "event without a type")


def _user_message(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    text = string(payload.get("message"))
    kind, label = sort_text(text)
    if label:
        session.copy(text, session.builder.add(kind, number, time=time, text=text, label=label))
    else:
        session.prompt(session.told, text, (), number, 1, time)


def _agent_message(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    _repeated(session, "assistant", string(payload.get("message")), number, time)


def _agent_reasoning(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    _repeated(session, "reasoning", string(payload.get("text")), number, time)


def _repeated(session: Session, what: str, text: str, number: int, time: int | None) -> None:
    """The model's text as an event: a copy, unless the file holds no record of this sort."""
    if what in session.stated:
        return
    kind: Any = what
    draft = session.builder.add(kind, number, time=time, text=text, model=session.model)
    session.steps.echoed(draft)
    session.echo(what, draft)


def _token_count(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.steps.count(payload, number, time)


def _turn_started(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.begin_turn(payload, number, time)


def _turn_complete(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    """A turn that ended in an error states it once more; alone it counts."""
    error = mapping(payload.get("error"))
    said = string(error.get("message"))
    if said and said != session.last_error:
        session.builder.add("api_error", number, time=time, text=said, label=_sort_of_error(error))
    session.builder.seen(time)


def _error(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    said = string(payload.get("message"))
    details = string(payload.get("additional_details"))
    text = said if not details or details in said else f"{said}\n{details}"
    if payload.get("type") == "stream_error":
        session.builder.add("api_error", number, time=time, text=text, label="retried")
    else:
        session.last_error = said
        session.builder.add("api_error", number, time=time, text=text, label=_sort_of_error(payload))


def _sort_of_error(payload: dict[str, Any]) -> str:
    """Codex's own name of the error: a text, or an object with the name as its key."""
    info = payload.get("codex_error_info")
    name = next(iter(info), "") if isinstance(info, dict) else string(info)
    return name.replace("_", " ")


def _turn_aborted(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.aborts += 1
    session.builder.add("interruption", number, time=time, text=string(payload.get("reason")).replace("_", " "))


def _compacted(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.echo("compaction", session.builder.add("compaction", number, time=time))


def _rolled_back(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    turns = count(payload.get("num_turns"))
    text = "The last user turn was undone." if turns == 1 else f"The last {turns} user turns were undone."
    session.builder.add("system", number, time=time, text=text, label="rolled back")


def _review(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    label = "review began" if payload.get("type") == "entered_review_mode" else "review ended"
    output = mapping(payload.get("review_output"))
    parts = [string(payload.get("user_facing_hint")), string(output.get("overall_explanation"))]
    findings = map(mapping, items(output.get("findings")))
    parts.extend(f"{string(finding.get('title'))}\n{string(finding.get('body'))}".strip() for finding in findings)
    text = "\n\n".join(part for part in parts if part)
    session.builder.add("system", number, time=time, text=text, label=label)


def _notice(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    text = string(payload.get("message")) or string(payload.get("summary")) or pretty(payload)
    session.builder.add("system", number, time=time, text=text, label=string(payload.get("type")).replace("_", " "))


def _title(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.title = maybe_string(payload.get("thread_name")) or session.title


def _settings(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    session.model = maybe_string(mapping(payload.get("thread_settings")).get("model")) or session.model


def _command_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    if payload.get("source") not in _SHELL_OF_THE_USER:  # the user's own command comes as a message
        _report(session, payload, read_command_end(payload, number, time), "exec_command", ("command", "cwd"))


def _patch_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    _report(session, payload, read_patch_end(payload, number, time), "apply_patch", ())


def _mcp_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    invocation = mapping(payload.get("invocation")) or payload
    name = f"mcp__{string(invocation.get('server'))}__{string(invocation.get('tool'))}"
    found = read_mcp_end(payload, number, time)
    session.report(_id(payload), found, name, mapping(invocation.get("arguments")) or None)


def _tool_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    name = string(payload.get("tool")) or "unknown tool"
    _report(session, payload, read_tool_end(payload, number, time), name, ("arguments",))


def _spawn_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    _report(session, payload, read_tool_end(payload, number, time), "spawn_agent", ("prompt", "model"))


def _report(session: Session, payload: dict[str, Any], found: ToolResult, name: str, keys: tuple[str, ...]) -> None:
    session.report(_id(payload), found, name, {key: payload[key] for key in keys if key in payload} or None)


def _id(payload: dict[str, Any]) -> str:
    return string(payload.get("call_id")) or string(payload.get("id"))


def _web_search_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    """A search has no call id of its own in older files: its action is then what the two records share."""
    call_id, action = string(payload.get("call_id")), payload.get("action")
    found = read_tool_end(payload, number, time)
    if call_id not in session.calls:
        waiting = take(session.searches, action)
        if not waiting:
            session.search_reports.append((action, call_id))
        call_id = waiting or call_id
    session.report(call_id, found, "web_search", mapping(action) or None)


def _image_end(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    found = read_tool_end(payload, number, time)
    image = image_at(payload, number, ("payload",))
    if image is not None:
        found = ToolResult(number, time, found.status, found.text, images=(image,))
    session.report(_id(payload), found, "image_generation", {"prompt": string(payload.get("revised_prompt"))})


def _item_completed(session: Session, payload: dict[str, Any], number: int, time: int | None) -> None:
    """The newer form of the same events: `item` has a type of its own, and its call's id as `id`."""
    item = mapping(payload.get("item"))
    kind = string(item.get("type"))
    if kind == "UserMessage":
        text = "\n".join(filter(None, map(block_text, items(item.get("content")))))
        if not sort_text(text)[1]:
            session.prompt(session.item_prompts, text, (), number, 1, time)
        return
    handler = _ITEMS.get(kind)
    if handler is not None:
        handler(session, item, number, time)


_Handler = Callable[[Session, dict[str, Any], int, int | None], None]
_ITEMS: dict[str, _Handler] = {
    "CommandExecution": _command_end,
    "FileChange": _patch_end,
    "McpToolCall": _mcp_end,
}
_HANDLERS: dict[str, _Handler] = {
    "user_message": _user_message,
    "agent_message": _agent_message,
    "agent_reasoning": _agent_reasoning,
    "agent_reasoning_raw_content": _agent_reasoning,
    "token_count": _token_count,
    "task_started": _turn_started,
    "turn_started": _turn_started,
    "task_complete": _turn_complete,
    "turn_complete": _turn_complete,
    "error": _error,
    "stream_error": _error,
    "turn_aborted": _turn_aborted,
    "context_compacted": _compacted,
    "thread_rolled_back": _rolled_back,
    "entered_review_mode": _review,
    "exited_review_mode": _review,
    "warning": _notice,
    "deprecation_notice": _notice,
    "background_event": _notice,
    "undo_completed": _notice,
    "thread_name_updated": _title,
    "thread_settings_applied": _settings,
    "exec_command_end": _command_end,
    "patch_apply_end": _patch_end,
    "mcp_tool_call_end": _mcp_end,
    "dynamic_tool_call_response": _tool_end,
    "collab_agent_spawn_end": _spawn_end,
    "web_search_end": _web_search_end,
    "image_generation_end": _image_end,
    "item_completed": _item_completed,
}
