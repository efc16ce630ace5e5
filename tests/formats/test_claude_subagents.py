"""Subagents of Claude Code in all four layouts, and counts of every sample made without the parser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.claude_lines import back, line, said, spent, text, use, user
from tests.formats.lines import family, parse_lines, samples
from viewer.formats import parse
from viewer.model import Run


def test_inline_sidechains_without_an_id_follow_their_chain() -> None:
    run = parse_lines(
        user("Fix it"),
        said(use("t1", "Task", prompt="Look", description="Look around")),
        user("Look", isSidechain=True, uuid="a"),
        user("Search", isSidechain=True, uuid="b"),
        said(text("Found"), isSidechain=True, uuid="c", parentUuid="a"),
        said(text("Nothing"), isSidechain=True, uuid="d", parentUuid="b"),
        back("done"),
    )[0]
    assert [event.record for event in run.events] == [1, 2]
    assert [[event.record for event in child.events] for child in run.children] == [[3, 5], [4, 6]]
    assert [child.part for child in run.children] == ["sidechain-3", "sidechain-4"]
    assert [child.call for child in run.children] == ["2", None]
    assert [child.title for child in run.children] == ["Look around", "Search"]
    assert [child.events[0].label for child in run.children] == ["task", "task"]
    assert run.prompt == "Fix it"


def test_sidechain_lines_without_ids_begin_a_chain_each() -> None:
    run = parse_lines(user("Fix it"), user("Look", isSidechain=True), user("Search", isSidechain=True))[0]
    assert [child.part for child in run.children] == ["sidechain-2", "sidechain-3"]


def test_an_agents_own_file_is_the_agents_run() -> None:
    run = parse_lines(
        user("Look", isSidechain=True, agentId="a1"), said(text("Found"), isSidechain=True, agentId="a1")
    )[0]
    assert (run.id, run.agent_id, run.parent, run.prompt) == ("s1/a1", "a1", "s1", "Look")
    assert run.events[0].label == "task"


def test_the_call_of_an_agents_file_is_known_by_the_agent_id_in_its_result() -> None:
    run = parse_lines(said(text("So"), use("t1", "Task", prompt="Look")), back("done", extra={"agentId": "a1"}))[0]
    result = run.events[1].call.result if run.events[1].call else None
    assert result is not None
    assert result.agent_id == "a1"


def test_inline_sidechains_with_an_id_link_to_their_call() -> None:
    run = parse_lines(
        said(text("So"), use("t1", "Task", prompt="Look")),
        user("Other words", isSidechain=True, agentId="a1"),
        back("done", extra={"agentId": "a1"}),
    )[0]
    assert [(child.id, child.part, child.call) for child in run.children] == [("s1/a1", "a1", "1.2")]


def progress(content: Any, kind: str = "user", agent: str = "a1", **message: Any) -> dict[str, Any]:
    inner = {"type": kind, "message": {"role": kind, "content": content} | message}
    return line("progress", parentToolUseID="t1", data={"type": "agent_progress", "agentId": agent, "message": inner})


def test_an_agent_is_rebuilt_from_the_parents_progress_records() -> None:
    run = parse_lines(
        said(use("t1", "Task", prompt="Look")),
        progress("Look"),
        progress([use("t2")], "assistant", id="m1", model="haiku", usage={"output_tokens": 6}),
        progress([{"type": "tool_result", "tool_use_id": "t2", "content": "a", "is_error": True}]),
    )[0]
    child = run.children[0]
    assert (child.part, child.call, child.prompt, child.models) == ("a1", "1", "Look", ("haiku",))
    assert [event.record for event in child.events] == [2, 3]
    assert child.events[1].is_error
    assert child.usage is not None
    assert child.usage.output == 6
    assert run.usage is None


def test_an_image_in_a_progress_record_is_found_there() -> None:
    pixel = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}
    run = parse_lines(user("Fix it"), progress([text("Look"), pixel]))[0]
    assert run.children[0].events[0].images[0].path == ("data", "message", "message", "content", 1)


@pytest.mark.parametrize(("prompt", "count", "warmup"), [("Warmup", 1, True), ("Warmup", 3, False), ("Look", 1, False)])
def test_a_warm_up_is_told_by_its_prompt_and_length(prompt: str, count: int, warmup: bool) -> None:
    answers = [said(text("Ready"), isSidechain=True, agentId="a1")] * count
    assert parse_lines(user(prompt, isSidechain=True, agentId="a1"), *answers)[0].is_warmup is warmup


def test_tokens_of_a_subagent_are_not_the_parents() -> None:
    run = parse_lines(spent("m1", 4), spent("m2", 9, isSidechain=True, agentId="a1"))[0]
    assert [found.usage.output for found in family(run) if found.usage] == [4, 9]


def records_of(path: Path) -> list[Any]:
    """Every document of the file, read without the project's reader."""
    content = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        return list(json.loads(content)["loglines"])
    found: list[Any] = []
    for row in content.split("\n"):
        rest = row.strip()
        while rest:
            try:
                document, end = json.JSONDecoder().raw_decode(rest)
            except json.JSONDecodeError:
                break
            found.append(document)
            rest = rest[end:].lstrip()
    return found


def conversation(path: Path) -> list[dict[str, Any]]:
    """The lines that hold a message, those inside progress records of subagents too."""
    lines: list[dict[str, Any]] = []
    for document in records_of(path):
        if not isinstance(document, dict):
            continue
        data = document.get("data")
        if document.get("type") == "progress" and isinstance(data, dict) and data.get("type") == "agent_progress":
            document = data.get("message")
        if isinstance(document, dict) and document.get("type") in ("user", "assistant"):
            lines.append(document)
    return lines


def blocks_of(path: Path, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for document in conversation(path):
        message = document.get("message")
        content = message.get("content") if isinstance(message, dict) else None
        blocks = content if isinstance(content, list) else []
        found += [block for block in blocks if isinstance(block, dict) and block.get("type") == kind]
    return found


def runs_of(path: Path) -> list[Run]:
    with path.open("rb") as file:
        return [found for run in parse(file, path.stem) for found in family(run)]


every_sample = pytest.mark.parametrize("path", samples("claude-code", "claude-code-subagents", "claude-web"))


@every_sample
def test_every_tool_call_of_a_sample_is_there(path: Path) -> None:
    wanted = [block.get("id", "") for block in blocks_of(path, "tool_use")]
    calls = [event.call for run in runs_of(path) for event in run.events if event.call and not event.label]
    assert sorted(call.id for call in calls) == sorted(wanted)


@every_sample
def test_every_result_of_a_sample_is_there_and_flagged_as_in_the_file(path: Path) -> None:
    wanted = blocks_of(path, "tool_result")
    calls = [event.call for run in runs_of(path) for event in run.events if event.call]
    results = [call.result for call in calls if call.result]
    assert len(results) == len(wanted)
    flagged = sum(block.get("is_error") is True for block in wanted)
    not_ok = sum(result.status in ("error", "rejected", "interrupted") for result in results)
    assert not_ok >= flagged
    stopped = sum(
        isinstance(extra := document.get("toolUseResult"), dict) and extra.get("interrupted") is True
        for document in conversation(path)
    )
    worded = sum(
        isinstance(extra := document.get("toolUseResult"), str) and extra.startswith("Error:")
        for document in conversation(path)
    )
    assert not_ok <= flagged + stopped + worded


@every_sample
def test_the_tokens_of_a_sample_are_each_messages_largest(path: Path) -> None:
    largest: dict[str, dict[str, Any]] = {}
    for place, document in enumerate(conversation(path)):
        message = document.get("message")
        if document["type"] != "assistant" or not isinstance(message, dict) or message.get("model") == "<synthetic>":
            continue
        usage = message.get("usage")
        if isinstance(usage, dict):
            key = message.get("id") or document.get("requestId") or document.get("uuid") or f"line {place}"
            known = largest.get(key)
            if known is None or usage.get("output_tokens", 0) >= known.get("output_tokens", 0):
                largest[key] = usage
    spent = [run.usage for run in runs_of(path) if run.usage]
    for field, key in (
        ("input", "input_tokens"),
        ("output", "output_tokens"),
        ("cache_read", "cache_read_input_tokens"),
        ("cache_write", "cache_creation_input_tokens"),
    ):
        assert sum(getattr(usage, field) for usage in spent) == sum(usage.get(key) or 0 for usage in largest.values())


@every_sample
def test_every_image_of_a_sample_is_there(path: Path) -> None:
    found = [image for run in runs_of(path) for event in run.events for image in event.images]
    found += [
        image
        for run in runs_of(path)
        for event in run.events
        if event.call and event.call.result
        for image in event.call.result.images
    ]
    inside = [
        part
        for block in blocks_of(path, "tool_result")
        for part in (block["content"] if isinstance(block.get("content"), list) else [])
        if isinstance(part, dict) and part.get("type") == "image"
    ]
    queued = [
        part
        for document in records_of(path)
        if isinstance(document, dict) and document.get("type") == "attachment"
        for part in (
            document["attachment"].get("prompt") if isinstance(document["attachment"].get("prompt"), list) else []
        )
        if part.get("type") == "image"
    ]
    assert len(found) == len(blocks_of(path, "image")) + len(inside) + len(queued)
