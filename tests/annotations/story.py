"""Tells a run in a few lines, for the tests of annotators: who said what, which tool was called, what came back."""

from __future__ import annotations

from typing import Any

from viewer.annotations import annotate
from viewer.annotations.contract import Annotation, Annotator
from viewer.formats.tools import category_of
from viewer.model import Event, Kind, Run, Status, ToolCall, ToolResult, Usage


class Story:
    """A run under construction. Every event takes a second, and stands in a record of its own.

    Methods that add an event give its index, so that a test can say where something stands.
    """

    def __init__(self, prompt: str = "Do it", **facts: Any) -> None:
        self.events: list[Event] = []
        self.now = 1_000_000_000_000
        self.record = 0
        self.facts = facts
        self.user(prompt)

    def add(self, kind: Kind, text: str = "", label: str = "", usage: Usage | None = None) -> int:
        self.events.append(Event(self._next(), 1, kind, self._tick(), text, label=label, usage=usage))
        return len(self.events) - 1

    def user(self, text: str) -> int:
        return self.add("user", text)

    def said(self, text: str) -> int:
        return self.add("assistant", text)

    def call(
        self,
        name: str,
        arguments: Any,
        output: str | None = "",
        status: Status = "ok",
        code: int | None = None,
        seconds: int = 1,
    ) -> int:
        """A call with its result, after so many seconds; an output of None is a call without a result."""
        record, began = self._next(), self._tick()
        result = None
        if output is not None:
            self.wait(seconds - 1)
            result = ToolResult(self._next(), self._tick(), status, output, code)
        call = ToolCall(f"c{record}", name, category_of(name), arguments, result)
        self.events.append(Event(record, 1, "tool", began, call=call))
        return len(self.events) - 1

    def bash(self, command: str, output: str = "", status: Status = "ok", code: int | None = None) -> int:
        return self.call("Bash", {"command": command}, output, status, code)

    def fails(self, command: str, output: str, code: int = 1) -> int:
        """A shell command that the harness flags."""
        return self.bash(command, output, "error", code)

    def read(self, path: str, output: str = "text", **more: Any) -> int:
        return self.call("Read", {"file_path": path, **more}, output)

    def write(self, path: str, content: str) -> int:
        return self.call("Write", {"file_path": path, "content": content}, "File created successfully")

    def edit(self, path: str, old: str = "a", new: str = "b") -> int:
        return self.call("Edit", {"file_path": path, "old_string": old, "new_string": new}, "The file has been updated")

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * 1000)

    def run(self) -> Run:
        return Run("s1", "claude-code", "Claude Code", tuple(self.events), **self.facts)

    def found(self, annotator: Annotator, kind: str | None = None) -> list[Annotation]:
        """What this annotator alone says, of one kind or all."""
        annotated = annotate(self.run(), (annotator,))
        assert not annotated.crashed
        return [one for one in annotated.annotations if kind is None or one.kind == kind]

    def _next(self) -> int:
        self.record += 1
        return self.record

    def _tick(self) -> int:
        self.now += 1000
        return self.now
