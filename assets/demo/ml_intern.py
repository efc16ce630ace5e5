"""The ml-intern upload writer: six keys on every line, one timestamp for all of them, no flags and no usage."""

from __future__ import annotations

from files import Files
from identity import code, uuid
from stories.steps import Block, Call, Record, Story, text_argument


class MlIntern:
    """Writes one uploaded ml-intern session file."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.files = Files()
        self.records: list[Record] = []
        self.calls = 0

    def lines(self) -> list[Record]:
        """The whole file: a linear chain."""
        self._line("user", {"role": "user", "content": self.story.prompt})
        for turn in self.story.turns:
            named = [(self._name(block), block) for block in turn.blocks]
            content = [self._content(name, block) for name, block in named]
            self._line("assistant", {"role": "assistant", "model": self.story.model, "content": content})
            for name, block in named:
                if isinstance(block, Call):
                    result = {"type": "tool_result", "tool_use_id": name, "content": self._outcome(block)}
                    self._line("user", {"role": "user", "content": [result]})
        return self.records

    def _line(self, role: str, message: Record) -> None:
        place = len(self.records)
        self.records.append(
            {
                "type": role,
                "message": message,
                "uuid": uuid(self.story.session, role, place),
                "parentUuid": self.records[-1]["uuid"] if self.records else None,
                "sessionId": self.story.session,
                "timestamp": self.story.started,
            }
        )

    def _name(self, block: Block) -> str:
        """The id the model's provider gives a call; empty for text."""
        if not isinstance(block, Call):
            return ""
        self.calls += 1
        if self.story.model.startswith("bedrock/"):
            return "tooluse_" + code(22, self.story.session, self.calls)
        return f"functions.{block.tool}:{self.calls - 1}"

    def _content(self, name: str, block: Block) -> Record:
        if isinstance(block, Call):
            return {"type": "tool_use", "id": name, "name": block.tool, "input": block.args}
        return {"type": "text", "text": block.text}

    def _outcome(self, call: Call) -> str:
        if call.output is not None:
            return call.output
        path = text_argument(call, "path")
        if call.tool == "write":
            content = text_argument(call, "content")
            self.files.write(path, content)
            return f"Wrote {len(content)} bytes to {path}"
        if call.tool == "edit":
            self.files.edit(path, text_argument(call, "old_str"), text_argument(call, "new_str"))
            return f"Edited {path} (1 replacement)"
        first, limit = int(str(call.args.get("offset", 1))), int(str(call.args.get("limit", 2000)))
        wanted = self.files.read(path).splitlines()[first - 1 : first - 1 + limit]
        return "\n".join(f"{number:>6}\t{line}" for number, line in enumerate(wanted, first))
