"""The Pi writer (session version 3): a tree of entries, one message per reply, usage and cost in USD per message."""

from __future__ import annotations

from files import Files, margin_diff
from identity import Clock, hexcode, tokens
from stories.steps import Call, Record, Story, Think, Turn, block_text, text_argument

PROVIDER = "huggingface"
PRICES = (0.95, 4.0, 0.16)  # USD per million tokens of input, output and cache read; invented
SYSTEM_TOKENS = 1_184  # system prompt and three tool definitions, invented


class Pi:
    """Writes one Pi session file, version 3."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.clock = Clock(story.started)
        self.files = Files()
        self.records: list[Record] = []
        self.parent: str | None = None
        self.cached = 0
        self.fresh = SYSTEM_TOKENS + tokens(story.prompt)
        self.calls = 0

    def lines(self) -> list[Record]:
        """The whole file, with the false start as a branch nobody returned to."""
        story = self.story
        header: Record = {"type": "session", "version": 3, "id": story.session, "timestamp": self.clock.iso()}
        self.records.append(header | {"cwd": story.cwd})
        self._entry("model_change", {"provider": PROVIDER, "modelId": story.model})
        self._entry("thinking_level_change", {"thinkingLevel": "medium"})
        if story.false_start:
            fork, fresh = self.parent, self.fresh
            self._prompt(4.0)
            for turn in story.false_start:
                self._turn(turn)
            self.parent, self.cached, self.fresh = fork, 0, fresh
        self._prompt(6.0)
        for turn in story.turns:
            self._turn(turn)
        return self.records

    def _entry(self, kind: str, more: Record) -> None:
        name = hexcode(8, self.story.session, len(self.records))
        line: Record = {"type": kind, "id": name, "parentId": self.parent, "timestamp": self.clock.iso()}
        self.records.append(line | more)
        self.parent = name

    def _prompt(self, pause: float) -> None:
        self.clock.advance(pause)
        content = [{"type": "text", "text": self.story.prompt}]
        stamp = self.clock.milliseconds() - 12
        self._entry("message", {"message": {"role": "user", "content": content, "timestamp": stamp}})

    def _turn(self, turn: Turn) -> None:
        """One reply entry, then one entry per tool result."""
        asked = self.clock.milliseconds()
        self.clock.advance(turn.seconds)
        content, calls = [], []
        for block in turn.blocks:
            if isinstance(block, Call):
                name = f"functions.{block.tool}:{self.calls}"
                self.calls += 1
                calls.append((name, block))
                content.append({"type": "toolCall", "id": name, "name": block.tool, "arguments": block.args})
            elif isinstance(block, Think):
                content.append({"type": "thinking", "thinking": block.text, "thinkingSignature": "reasoning_content"})
            else:
                content.append({"type": "text", "text": block.text})
        message: Record = {"role": "assistant", "content": content, "api": "openai-completions"}
        message |= {"provider": PROVIDER, "model": self.story.model, "usage": self._usage(turn)}
        message |= {"stopReason": "toolUse" if calls else "stop", "timestamp": asked}
        self._entry("message", {"message": message})
        for name, call in calls:
            self._result(name, call)

    def _usage(self, turn: Turn) -> Record:
        """Tokens and cost of one reply; what was sent before is read from the cache."""
        sent, read, written = self.fresh, self.cached, sum(tokens(block_text(b)) for b in turn.blocks)
        self.cached, self.fresh = read + sent, written
        paid = [round(count * price / 1e6, 8) for count, price in zip((sent, written, read), PRICES, strict=True)]
        cost = {"input": paid[0], "output": paid[1], "cacheRead": paid[2], "cacheWrite": 0}
        usage: Record = {"input": sent, "output": written, "cacheRead": read, "cacheWrite": 0}
        return usage | {"totalTokens": sent + written + read, "cost": cost | {"total": round(sum(paid), 8)}}

    def _result(self, name: str, call: Call) -> None:
        self.clock.advance(call.took)
        shown, details = self._outcome(call)
        message: Record = {"role": "toolResult", "toolCallId": name, "toolName": call.tool}
        message["content"] = [{"type": "text", "text": shown}]
        if details is not None:
            message["details"] = details
        message |= {"isError": call.failed, "timestamp": self.clock.milliseconds()}
        self.clock.advance(0.01)
        self._entry("message", {"message": message})
        self.fresh += tokens(shown)

    def _outcome(self, call: Call) -> tuple[str, Record | None]:
        if call.output is not None:
            return call.output, None
        path = text_argument(call, "path")
        if call.tool == "write":
            content = text_argument(call, "content")
            self.files.write(path, content)
            return f"Successfully wrote {len(content.encode())} bytes to {path}", None
        edits = call.args["edits"]
        assert isinstance(edits, list)
        start = self.files.read(path)
        for edit in edits:
            self.files.edit(path, edit["oldText"], edit["newText"])
        diff, line = margin_diff(start, self.files.read(path))
        return f"Successfully replaced {len(edits)} block(s) in {path}.", {"diff": diff, "firstChangedLine": line}
