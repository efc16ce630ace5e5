"""The Claude Code writer: one line per content block, message usage repeated on each with growing output tokens."""

from __future__ import annotations

from collections.abc import Callable

from files import Files, hunks, numbered
from identity import Clock, code, hexcode, tokens, uuid
from stories.steps import Block, Call, Record, Say, Story, Think, Turn, block_text, text_argument

VERSION = "2.1.126"
SYSTEM_TOKENS = 17_412  # system prompt and tool definitions, invented


class ClaudeCode:
    """Writes one Claude Code session file."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.clock = Clock(story.started)
        self.files = Files()
        self.records: list[Record] = []
        self.parent: str | None = None
        self.context = 0
        self.fresh = SYSTEM_TOKENS + tokens(story.prompt)
        self.todos: object = []
        self.backups: Record = {}
        self.prompt_uuid = uuid(story.session, "prompt")

    def lines(self) -> list[Record]:
        """The whole file."""
        story = self.story
        self.records.append({"type": "permission-mode", "permissionMode": "acceptEdits", "sessionId": story.session})
        self._snapshot(self.prompt_uuid, update=False)
        self._chain("user", self.prompt_uuid, {"message": {"role": "user", "content": story.prompt}})
        self.clock.advance(0.4)
        for number, turn in enumerate(story.turns):
            if number == 1:
                self.records.append({"type": "ai-title", "aiTitle": story.title, "sessionId": story.session})
            self._turn(number, turn)
        last: Record = {"type": "last-prompt", "lastPrompt": story.prompt, "leafUuid": self.parent}
        self.records.append(last | {"sessionId": story.session})
        return self.records

    def _chain(self, kind: str, name: str, more: Record) -> None:
        """Append a line of the conversation after the one before."""
        self.records.append(
            {"parentUuid": self.parent, "isSidechain": False, "type": kind}
            | more
            | {"uuid": name, "timestamp": self.clock.iso(), "userType": "external", "entrypoint": "cli"}
            | {"cwd": self.story.cwd, "sessionId": self.story.session, "version": VERSION, "gitBranch": "main"}
        )
        self.parent = name

    def _turn(self, number: int, turn: Turn) -> None:
        """One API message: a line per block, then a line per tool result."""
        weights = [tokens(block_text(block)) for block in turn.blocks]
        written, calls = 0, []
        for index, (block, weight) in enumerate(zip(turn.blocks, weights, strict=True)):
            self.clock.advance(turn.seconds * weight / sum(weights))
            written += weight
            name = uuid(self.story.session, number, index)
            last = index == len(weights) - 1
            self._chain("assistant", name, self._message(number, name, block, written, last and turn))
            if isinstance(block, Call):
                calls.append((name, block))
        self.context += self.fresh
        self.fresh = written
        for name, call in calls:
            self._result(name, call)

    def _message(self, number: int, name: str, block: Block, written: int, closing: Turn | bool) -> Record:
        """The message of one line; only the last line of a message knows why it stopped."""
        stop = None
        if isinstance(closing, Turn):
            stop = "tool_use" if any(isinstance(b, Call) for b in closing.blocks) else "end_turn"
        return {
            "message": {
                "model": self.story.model,
                "id": "msg_01" + code(22, self.story.session, "message", number),
                "type": "message",
                "role": "assistant",
                "content": [self._content(name, block)],
                "stop_reason": stop,
                "stop_sequence": None,
                "usage": {
                    "input_tokens": 3,
                    "cache_creation_input_tokens": self.fresh,
                    "cache_read_input_tokens": self.context,
                    "output_tokens": written,
                    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": self.fresh},
                    "service_tier": "standard",
                },
            },
            "requestId": "req_011C" + code(20, self.story.session, "request", number),
        }

    def _content(self, name: str, block: Block) -> Record:
        if isinstance(block, Think):
            mark = "EpQC" + code(72, self.story.session, block.text) + "GAE="
            return {"type": "thinking", "thinking": block.text, "signature": mark}
        if isinstance(block, Say):
            return {"type": "text", "text": block.text}
        return {"type": "tool_use", "id": "toolu_01" + code(22, name), "name": block.tool, "input": block.args}

    def _result(self, asked: str, call: Call) -> None:
        """The user line that carries a tool result, with the richer copy beside the message."""
        self.clock.advance(call.took)
        shown, rich = self._outcome(call)
        result: Record = {"tool_use_id": "toolu_01" + code(22, asked), "type": "tool_result", "content": shown}
        if call.tool == "Bash" or call.failed:
            result["is_error"] = call.failed
        more: Record = {"message": {"role": "user", "content": [result]}, "toolUseResult": rich}
        self._chain("user", uuid(self.story.session, "result", asked), more | {"sourceToolAssistantUUID": asked})
        if call.tool in ("Write", "Edit") and not call.failed:
            path = text_argument(call, "file_path").removeprefix(self.story.cwd + "/")
            kept = {"backupFileName": hexcode(16, path) + "@v1", "version": 1, "backupTime": self.clock.iso()}
            self.backups = self.backups | {path: kept}
            self._snapshot(asked, update=True)
        self.clock.advance(0.05)
        self.fresh += tokens(shown)

    def _outcome(self, call: Call) -> tuple[str, object]:
        """Result text and its structured twin."""
        if call.output is not None:
            if call.failed:
                return call.output, "Error: " + call.output
            return call.output, {"stdout": call.output, "stderr": "", "interrupted": False, "isImage": False}
        derive: dict[str, Callable[[Call], tuple[str, object]]] = {
            "Write": self._wrote,
            "Edit": self._edited,
            "Read": self._read,
            "TodoWrite": self._listed,
        }
        return derive[call.tool](call)

    def _wrote(self, call: Call) -> tuple[str, object]:
        path, content = text_argument(call, "file_path"), text_argument(call, "content")
        before = self.files.write(path, content)
        kind = "create" if before is None else "update"
        patch = [] if before is None else hunks(before, content)
        shown = f"File created successfully at: {path}" if before is None else f"The file {path} has been updated."
        rich = {"type": kind, "filePath": path, "content": content, "structuredPatch": patch, "originalFile": before}
        return shown, rich

    def _edited(self, call: Call) -> tuple[str, object]:
        path, old, new = (text_argument(call, name) for name in ("file_path", "old_string", "new_string"))
        before, after = self.files.edit(path, old, new)
        rich = {"filePath": path, "oldString": old, "newString": new, "originalFile": None}
        return f"The file {path} has been updated successfully.", rich | {
            "structuredPatch": hunks(before, after),
            "userModified": False,
            "replaceAll": False,
        }

    def _read(self, call: Call) -> tuple[str, object]:
        path = text_argument(call, "file_path")
        content = self.files.read(path)
        first, limit = int(str(call.args.get("offset", 1))), int(str(call.args.get("limit", 2000)))
        wanted = content.splitlines()[first - 1 : first - 1 + limit]
        file: Record = {"filePath": path, "content": "\n".join(wanted), "numLines": len(wanted), "startLine": first}
        return numbered(content, first, limit), {
            "type": "text",
            "file": file | {"totalLines": len(content.splitlines())},
        }

    def _listed(self, call: Call) -> tuple[str, object]:
        old, self.todos = self.todos, call.args["todos"]
        return "Todos have been modified successfully.", {"oldTodos": old, "newTodos": self.todos}

    def _snapshot(self, message: str, *, update: bool) -> None:
        inner: Record = {"messageId": message, "trackedFileBackups": self.backups, "timestamp": self.clock.iso()}
        line: Record = {"type": "file-history-snapshot", "messageId": message, "snapshot": inner}
        self.records.append(line | {"isSnapshotUpdate": update})
