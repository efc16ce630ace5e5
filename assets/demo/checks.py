"""What the four written traces must show, counted from their lines and not from the stories.

An event is a user prompt, a text block, a reasoning block, or a tool call with its result; bookkeeping is none.
A record is a line, numbered from 1.
"""

from __future__ import annotations

import json
import re
from typing import Any

Lines = list[dict[str, Any]]

TRACEBACK = "Traceback (most recent call last)"
LEAK = "source would leak the label (paschal is 100% positive, murray is 92% positive)"
SOURCE_WORDS = re.compile(r"\bsources?\b|paschal|murray|project experts", re.IGNORECASE)
GROUPED = re.compile(r"GroupKFold|GroupShuffleSplit|LeaveOneGroupOut|PredefinedSplit|groups=|held[- ]out source", re.I)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|tmp)\b")
PI_ERRORS = ("KeyError: 'label'", "'evaluation_strategy'", "argument 'tokenizer'", "The model did not return a loss")


def expect(what: str, found: object, wanted: object) -> None:
    """Stop the build when a fact of the race is not what the trace shows."""
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def parse(text: str) -> Lines:
    """The records of a trace."""
    return [json.loads(line) for line in text.splitlines()]


def blocks(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Content blocks of a message line; empty for bookkeeping and for a prompt that is a plain string."""
    content = line.get("message", {}).get("content", [])
    return content if isinstance(content, list) else []


def results(lines: Lines) -> list[str]:
    """The text of every tool result of a Claude-style trace."""
    return [block["content"] for line in lines for block in blocks(line) if block["type"] == "tool_result"]


def said(line: dict[str, Any]) -> str:
    """Everything an agent's own line holds: text, reasoning and the arguments of its calls."""
    return json.dumps([block for block in blocks(line) if block["type"] not in ("tool_result",)])


def claude_events(lines: Lines) -> int:
    """Events of a Claude-style trace."""
    prompts: int = sum(line["type"] == "user" and isinstance(line["message"]["content"], str) for line in lines)
    return prompts + sum(len(blocks(line)) for line in lines if line["type"] == "assistant")


def active_path(lines: Lines) -> Lines:
    """The entries of a Pi trace from the root to its last entry."""
    entries = {line["id"]: line for line in lines[1:]}
    path, step = [], lines[-1]["id"]
    while step is not None:
        path.append(entries[step])
        step = entries[step]["parentId"]
    return path[::-1]


def check_claude(lines: Lines) -> None:
    """Claude Code: the leak sentence goes into the card at once; two flagged errors; usage grows within a message."""
    expect("claude events", claude_events(lines), 78)
    expect("claude flagged errors", sum('"is_error": true' in json.dumps(line) for line in lines), 2)
    calls = [(block["name"], said(line)) for line in lines for block in blocks(line) if block["type"] == "tool_use"]
    seen = next(i for i, (_, text) in enumerate(calls) if "positive_rate" in text)
    expect("card follows the breakdown", (calls[seen + 1][0], LEAK in calls[seen + 1][1]), ("Write", True))
    last: dict[str, int] = {}
    for line in lines:
        if line["type"] == "assistant":
            name, written = line["message"]["id"], line["message"]["usage"]["output_tokens"]
            expect("output tokens grow", written > last.get(name, 0), True)
            last[name] = written
    expect("final numbers", [n in said(lines[-2]) for n in ("0.962", "0.978")], [True, True])


def check_pi(lines: Lines) -> None:
    """Pi: sixty events on the active path, three entries beside it, four errors in order, half of them flagged."""
    path = active_path(lines)
    replies = [line for line in path if line.get("message", {}).get("role") == "assistant"]
    prompts = [line for line in path if line.get("message", {}).get("role") == "user"]
    expect("pi events", len(prompts) + sum(len(blocks(line)) for line in replies), 60)
    expect("pi entries off the path", len(lines) - 1 - len(path), 3)
    tools = {block["name"] for line in replies for block in blocks(line) if block["type"] == "toolCall"}
    expect("pi tools", tools, {"bash", "edit", "write"})
    failures = []
    for line in path:
        if line.get("message", {}).get("role") == "toolResult":
            text = blocks(line)[0]["text"]
            if TRACEBACK in text:
                failures.append((next(e for e in PI_ERRORS if e in text), line["message"]["isError"]))
    expect("pi errors", failures, list(zip(PI_ERRORS, (False, True, False, True), strict=True)))
    expect("pi never mentions source", any(SOURCE_WORDS.search(said(line)) for line in replies), False)
    expect("final number", "F1 0.947" in said(lines[-1]), True)


def check_ml_intern(name: str, lines: Lines, events: int, final: str) -> None:
    """Both ml-intern runs: six keys, one timestamp, the exact number of events."""
    keys = {"type", "message", "uuid", "parentUuid", "sessionId", "timestamp"}
    expect(f"{name} keys", all(set(line) == keys for line in lines), True)
    expect(f"{name} timestamps", len({line["timestamp"] for line in lines}), 1)
    expect(f"{name} events", claude_events(lines), events)
    expect(f"{name} final number", final in said(lines[-1]), True)


def check_kimi(lines: Lines) -> None:
    """ml-intern and Kimi: calls, tracebacks, cancelled jobs, and record 26 with what comes after it."""
    calls = [block for line in lines for block in blocks(line) if block["type"] == "tool_use"]
    expect("kimi tool calls", len(calls), 67)
    expect("kimi tracebacks", sum(TRACEBACK in text for text in results(lines)), 5)
    expect("kimi cancelled jobs", sum("has been cancelled" in text for text in results(lines)), 2)
    expect("kimi cancelling calls", sum(call["input"].get("operation") == "cancel" for call in calls), 2)
    asked, answer = blocks(lines[25]), blocks(lines[26])
    expect("record 26", [block["type"] for block in asked], ["tool_use"])
    expect("record 26 is event 26", claude_events(lines[:26]), 26)
    expect("record 27 answers it", answer[0]["tool_use_id"], asked[0]["id"])
    rates = (r"paschal +74 +100\.0%", r"murray +38 +92\.1%", r"project experts +1673 +24\.1%")
    expect("per-source rates", [bool(re.search(rate, answer[0]["content"])) for rate in rates], [True] * 3)
    expect("source later", [i for i, line in enumerate(lines[27:], 28) if SOURCE_WORDS.search(json.dumps(line))], [])


def check_all(traces: dict[str, str]) -> None:
    """Every fact of the race, over the four files together and one by one."""
    parsed = {name: parse(text) for name, text in traces.items()}
    expect("total size under 400 kB", sum(len(text.encode()) for text in traces.values()) < 400_000, True)
    for name, text in traces.items():
        expect(f"{name} grouped evaluation", GROUPED.findall(text), [])
        expect(f"{name} machine paths", MACHINE_PATHS.findall(text), [])
        stamps = [line["timestamp"] for line in parsed[name] if "timestamp" in line]
        expect(f"{name} time runs forward", stamps == sorted(stamps), True)
    check_claude(parsed["claude-code.jsonl"])
    check_pi(parsed["pi-kimi.jsonl"])
    check_ml_intern("opus", parsed["ml-intern-opus.jsonl"], 54, "F1: 0.949")
    check_ml_intern("kimi", parsed["ml-intern-kimi.jsonl"], 127, "F1: **0.947**")
    expect("opus and source", [i for i, t in enumerate(results(parsed["ml-intern-opus.jsonl"])) if "paschal" in t], [])
    check_kimi(parsed["ml-intern-kimi.jsonl"])
