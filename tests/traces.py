"""Writes made-up traces, record by record, in the words of each harness: small ones for tests, long ones for load.

A builder (`Claude`, `Pi`, `Codex`, `Intern`) collects `records`; each of its methods adds what the harness would write
and returns the address of the event, as the viewer shows it. `write` puts records into a file. Nothing is random.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
"""Time of a session's first record; the following ones are a second apart."""

FOLDER = "/home/someone/project"
# A drawing of 3 by 2 pixels, so that a test can tell that it was decoded.
PNG_WIDTH = 3
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGM4oSEHQQxwFgBDWAZVA/teDQAAAABJRU5ErkJggg=="

Record = dict[str, Any]


def write(path: Path, records: Iterable[Any]) -> Path:
    """Writes one record a line and returns the path; a string or bytes is written as it stands, without a newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(map(_line, records)))
    return path


def append(path: Path, records: Iterable[Any]) -> None:
    """Adds records to the end of a file, as a running session does."""
    with path.open("ab") as file:
        file.writelines(map(_line, records))


def _line(record: Any) -> bytes:
    if isinstance(record, bytes):
        return record
    return (record if isinstance(record, str) else json.dumps(record) + "\n").encode()


class Session(Protocol):
    """What every builder can write."""

    records: list[Any]

    def user(self, text: str) -> str:
        """A prompt."""

    def say(self, text: str) -> str:
        """The model's words."""

    def call(self, name: str, arguments: Record, output: Any, *, failed: bool = False) -> str:
        """A tool call and its result."""


class Clock:
    """Gives the times of a session's records: `step` seconds apart, all the same with a step of 0."""

    def __init__(self, step: float = 1.0) -> None:
        self._step = timedelta(seconds=step)
        self._next = START

    def stamp(self) -> str:
        """The time of the next record, in ISO 8601."""
        now, self._next = self._next, self._next + self._step
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Claude:
    """A Claude Code session: one line for each content block. With `agent` it is a subagent's own file.

    `common` are fields that every line gets, in addition to or instead of the usual ones.
    """

    def __init__(self, session: str = "session-1", *, step: float = 1.0, agent: str = "", **common: Any) -> None:
        self.records: list[Any] = []
        self.session = session
        self._clock = Clock(step)
        self._last: str | None = None
        usual: Record = {"sessionId": session, "version": "2.1.126", "cwd": FOLDER, "gitBranch": "main"}
        own: Record = {"isSidechain": True, "agentId": agent} if agent else {"isSidechain": False}
        self._common = usual | own | common

    def record(self, kind: str, **fields: Any) -> str:
        """A line of any type; returns its address."""
        number = len(self.records) + 1
        line = {"type": kind, "parentUuid": self._last, "uuid": f"u{number}", "timestamp": self._clock.stamp()}
        self.records.append(line | self._common | fields)
        self._last = f"u{number}"
        return str(number)

    def sidechain(self) -> "Claude":
        """A subagent inside this file, as versions up to 2.0 wrote it: what it writes goes into the same file."""
        inner = Claude(self.session, isSidechain=True)
        inner.records, inner._clock = self.records, self._clock
        return inner

    def user(self, text: str) -> str:
        """A prompt."""
        return self.record("user", message={"role": "user", "content": text})

    def block(self, block: Record, usage: Record | None = None) -> str:
        """One content block of the model's answer."""
        message: Record = {"id": f"msg_{len(self.records) + 1}", "role": "assistant", "model": "claude-opus-4-7"}
        if usage is not None:
            message["usage"] = usage
        return self.record("assistant", message=message | {"content": [block]})

    def say(self, text: str) -> str:
        """The model's words."""
        return self.block({"type": "text", "text": text}, {"input_tokens": 900, "output_tokens": 40})

    def think(self, text: str) -> str:
        """Reasoning; without text it is encrypted."""
        return self.block({"type": "thinking", "thinking": text, "signature": "c2lnbmVk"})

    def ask(self, name: str, arguments: Record) -> str:
        """A tool call without a result."""
        call_id = f"toolu_{len(self.records) + 1}"
        return self.block({"type": "tool_use", "id": call_id, "name": name, "input": arguments})

    def call(self, name: str, arguments: Record, output: Any, *, failed: bool = False, extra: Any = None) -> str:
        """A tool call and its result, text or content blocks; `extra` is the `toolUseResult` beside it."""
        address = self.ask(name, arguments)
        self.answer(address, output, failed=failed, extra=extra)
        return address

    def answer(self, address: str, output: Any, *, failed: bool = False, extra: Any = None) -> None:
        """The result of the call at that address."""
        block = {"type": "tool_result", "tool_use_id": f"toolu_{address}", "content": output, "is_error": failed}
        message = {"role": "user", "content": [block]}
        self.record("user", message=message, **({} if extra is None else {"toolUseResult": extra}))

    def title(self, text: str) -> None:
        """The session's name."""
        self.records.append({"type": "custom-title", "customTitle": text, "sessionId": self.session})


class Pi:
    """A Pi session, version 3: a header, then a chain of entries."""

    def __init__(self, session: str = "pi-session-1") -> None:
        self._clock = Clock()
        header = {"type": "session", "version": 3, "id": session, "timestamp": self._clock.stamp(), "cwd": FOLDER}
        self.records: list[Any] = [header]
        self._last: str | None = None

    def message(self, role: str, content: Any, **fields: Any) -> str:
        """A message of any role; returns its address."""
        number = len(self.records) + 1
        entry: Record = {"type": "message", "id": f"e{number}", "parentId": self._last}
        message: Record = {"role": role, "content": content}
        self.records.append(entry | {"timestamp": self._clock.stamp(), "message": message | fields})
        self._last = f"e{number}"
        return str(number)

    def _answer(self, *blocks: Record, stop: str = "stop") -> str:
        usage = {"input": 900, "output": 40, "cacheRead": 0, "cacheWrite": 0, "cost": {"total": 0.01}}
        return self.message("assistant", list(blocks), provider="test", model="kimi-k2.6", usage=usage, stopReason=stop)

    def user(self, text: str) -> str:
        """A prompt."""
        return self.message("user", [{"type": "text", "text": text}])

    def say(self, text: str) -> str:
        """The model's words."""
        return self._answer({"type": "text", "text": text})

    def think(self, text: str) -> str:
        """Reasoning."""
        return self._answer({"type": "thinking", "thinking": text})

    def call(self, name: str, arguments: Record, output: Any, *, failed: bool = False) -> str:
        """A tool call and its result."""
        call_id = f"call_{len(self.records) + 1}"
        block = {"type": "toolCall", "id": call_id, "name": name, "arguments": arguments}
        address = self._answer(block, stop="toolUse")
        content = [{"type": "text", "text": output}]
        self.message("toolResult", content, toolCallId=call_id, toolName=name, isError=failed)
        return address


class Codex:
    """A Codex rollout: what the model was sent and answered, and of the harness's own reports the prompts."""

    def __init__(self, session: str = "019f0000-0000-7000-8000-000000000000") -> None:
        self._clock = Clock()
        self.records: list[Any] = []
        self.record("session_meta", id=session, cwd=FOLDER, cli_version="0.146.0", originator="codex_cli_rs")
        self.record("turn_context", model="gpt-5.5-codex", cwd=FOLDER, turn_id="turn-1")

    def record(self, kind: str, **payload: Any) -> str:
        """A line of any type; returns its address."""
        self.records.append({"timestamp": self._clock.stamp(), "type": kind, "payload": payload})
        return str(len(self.records))

    def user(self, text: str) -> str:
        """A prompt, recorded as it was sent and again as it was typed, where the event stands."""
        content = [{"type": "input_text", "text": text}]
        self.record("response_item", type="message", role="user", content=content)
        return self.record("event_msg", type="user_message", message=text)

    def say(self, text: str) -> str:
        """The model's words."""
        content = [{"type": "output_text", "text": text}]
        return self.record("response_item", type="message", role="assistant", content=content)

    def think(self, text: str) -> str:
        """Reasoning; without text it is encrypted."""
        summary = [{"type": "summary_text", "text": text}] if text else []
        return self.record("response_item", type="reasoning", summary=summary, encrypted_content="Z3B0")

    def call(self, name: str, arguments: Record, output: Any, *, failed: bool = False) -> str:
        """A tool call and its result, with the exit code that Codex writes above a command's output."""
        call_id = f"call_{len(self.records) + 1}"
        text = json.dumps(arguments)
        address = self.record("response_item", type="function_call", name=name, arguments=text, call_id=call_id)
        said = f"Wall time: 0.1 seconds\nProcess exited with code {int(failed)}\nOutput:\n{output}"
        self.record("response_item", type="function_call_output", call_id=call_id, output=said)
        return address


class Intern:
    """An ml-intern upload: six keys a line, one time on all of them, no error flag."""

    def __init__(self, session: str = "intern-1") -> None:
        self.records: list[Any] = []
        self.session = session

    def record(self, kind: str, message: Record) -> str:
        """A line; returns its address."""
        number = len(self.records) + 1
        line = {"type": kind, "message": message, "uuid": f"u{number}", "parentUuid": f"u{number - 1}"}
        self.records.append(line | {"sessionId": self.session, "timestamp": START.isoformat()})
        return str(number)

    def _answer(self, block: Record) -> str:
        return self.record("assistant", {"role": "assistant", "model": "moonshotai/Kimi-K2.6", "content": [block]})

    def user(self, text: str) -> str:
        """A prompt."""
        return self.record("user", {"role": "user", "content": text})

    def say(self, text: str) -> str:
        """The model's words."""
        return self._answer({"type": "text", "text": text})

    def call(self, name: str, arguments: Record, output: Any, *, failed: bool = False) -> str:
        """A tool call and its result; a failure shows in the text alone."""
        call_id = f"call_{len(self.records) + 1}"
        address = self._answer({"type": "tool_use", "id": call_id, "name": name, "input": arguments})
        said = f"Error: {output}" if failed else output
        result = {"type": "tool_result", "tool_use_id": call_id, "content": said}
        self.record("user", {"role": "user", "content": [result]})
        return address


def long_session(events: int, session: str = "long-session") -> Claude:
    """A Claude Code session of that many events: prompts, words, commands, of which each hundredth fails, and reads."""
    claude = Claude(session)
    for number in range(1, events + 1):
        if number % 50 == 1:
            claude.user(f"Prompt for event {number}")
        elif number % 3 == 0:
            claude.say(f"Words of event {number}")
        elif number % 2 == 0:
            output = f"Output of event {number}\n" * 3
            claude.call("Bash", {"command": f"make target-{number}"}, output, failed=number % 100 == 0)
        else:
            claude.call("Read", {"file_path": f"{FOLDER}/part_{number}.py"}, f"1\tvalue = {number}")
    return claude


def write_many(folder: Path, count: int) -> None:
    """That many small sessions, a file each."""
    for number in range(count):
        claude = Claude(f"many-{number:05}")
        claude.user(f"Small task {number:05}")
        claude.call("Bash", {"command": "true"}, "done")
        write(folder / f"many-{number:05}.jsonl", claude.records)
