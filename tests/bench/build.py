"""Builds the inputs of the benchmarks: made-up Claude Code sessions with the mix that real ones have.

    python -m tests.bench.build DIR    writes session-50mb.jsonl, session-100k.jsonl, sessions/

The shares of tools and of other records and the lengths of texts were measured on 21 real sessions (9,343 lines, 33.8
MB, 3.6 kB a line without large images). The same call writes the same bytes.
"""

import base64
import math
import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from tests.traces import FOLDER, Claude, Clock, Record

BIG_BYTES = 50_000_000
IMAGES = 10
IMAGE_BYTES = 1_000_000
MANY_EVENTS = 100_000
SESSIONS = 2000
SESSIONS_BYTES = 126_000_000
PROJECTS = 40

LENGTHS = {
    "thinking": (259, 520),
    "signature": (688, 1348),
    "text": (123, 406),
    "prompt": (144, 1729),
    "command": (187, 342),
    "Bash": (336, 921),
    "Read": (2090, 4720),
    "Grep": (1201, 2871),
    "written": (2173, 5044),
    "original": (7732, 10866),
    "edited": (420, 750),
    "attachment": (300, 1838),
}
"""Median and mean of the characters of each sort of text; between them, lengths follow a log-normal distribution."""

TOOLS = (("Bash", 50), ("Edit", 21), ("Read", 18), ("Grep", 6), ("Write", 5))
"""Tools, and how many of a hundred calls are theirs."""

_WORDS = (
    "return self value if not None else for line in records: the parser reads each block once and keeps "
    'name = "trace" raise ValueError(f"{path} is cut") assert count == 3 # why é → import json def read( path: Path ) '
    "-> list[str]: test fails because time steps back; result error ok src/viewer/formats/claude_code.py"
)


class Texts:
    """Texts of the right length, cut from one made-up file of code and prose."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        words = _WORDS.split(" ")
        lines = (" ".join(rng.choices(words, k=rng.randint(3, 14))) for _ in range(8000))
        self._book = "\n".join(" " * rng.choice((0, 4, 8)) + line for line in lines)

    def text(self, sort: str) -> str:
        """A text of one of the sorts of `LENGTHS`."""
        median, mean = LENGTHS[sort]
        wanted = self.rng.lognormvariate(math.log(median), math.sqrt(2 * math.log(mean / median)))
        return self.cut(min(int(wanted), 100_000) + 1)

    def cut(self, length: int) -> str:
        """A text of that many characters."""
        at = self.rng.randrange(len(self._book) - length)
        return self._book[at : at + length]


class Uneven(Clock):
    """Gives times as a session has them: seconds apart, minutes now and then, sometimes an hour or a night."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def stamp(self) -> str:
        """The time of the next record, in ISO 8601."""
        longest = self._rng.choices((4, 120, 6000, 40_000), (9000, 900, 40, 4))[0]
        self._next += timedelta(milliseconds=int(self._rng.random() ** 2 * longest * 1000))
        return super().stamp()


class Real(Claude):
    """A session whose lines carry what real ones carry: model, usage repeated in each line, ids, results twice."""

    def __init__(self, texts: Texts, session: str) -> None:
        super().__init__(session, userType="external", entrypoint="cli", promptId=f"prompt-{session}")
        self.texts = texts
        self._clock = Uneven(texts.rng)
        self._message: Record = {}

    def begin(self, context: int) -> None:
        """The next answer of the model, to which the blocks that follow belong."""
        counts = {"input_tokens": 2, "cache_creation_input_tokens": 914, "cache_read_input_tokens": context}
        tail = {"service_tier": "standard", "inference_geo": "not_available", "speed": "standard"}
        cache = {"cache_creation": {"ephemeral_1h_input_tokens": 914, "ephemeral_5m_input_tokens": 0}}
        usage: Record = counts | {"output_tokens": 126, "server_tool_use": {"web_search_requests": 0}} | tail | cache
        usage["iterations"] = [counts | cache | {"type": "message"}]
        head = {"model": "claude-opus-4-7", "id": f"msg_{len(self.records):024}", "type": "message"}
        self._message = head | {"role": "assistant", "usage": usage}

    def block(self, block: Record, usage: Record | None = None) -> str:
        """One content block of the model's answer, with the usage of the whole answer."""
        message = self._message | {"content": [block], "stop_reason": "tool_use", "stop_sequence": None}
        return self.record("assistant", message=message, requestId=f"req_{len(self.records):024}")

    def think(self, text: str) -> str:
        """Reasoning and its signature."""
        signature = base64.b64encode(self.texts.text("signature").encode()).decode()
        return self.block({"type": "thinking", "thinking": text, "signature": signature})


class Thin(Real):
    """The same with as little beside the text as the format allows, so that many events make a small file."""

    def __init__(self, texts: Texts, session: str) -> None:
        super().__init__(texts, session)
        self._common = {"sessionId": session, "version": "2.1.126", "cwd": "/p"}

    def begin(self, context: int) -> None:
        """The next answer, with a usage of two numbers."""
        usage = {"cache_read_input_tokens": context, "output_tokens": 126}
        self._message = {"model": "claude-opus-4-7", "id": f"msg_{len(self.records)}", "usage": usage}

    def block(self, block: Record, usage: Record | None = None) -> str:
        """One content block, with nothing about the request."""
        return self.record("assistant", message=self._message | {"content": [block]})

    def think(self, text: str) -> str:
        """Reasoning without its signature."""
        return self.block({"type": "thinking", "thinking": text})


def turn(claude: Real, context: int) -> int:
    """One answer of the model with its calls and their results, and what the harness adds; returns its events."""
    texts, rng = claude.texts, claude.texts.rng
    before = len(claude.records)
    claude.begin(context)
    if rng.random() < 0.6:
        claude.think(texts.text("thinking"))
    if rng.random() < 0.4:
        claude.say(texts.text("text"))
    for _ in range(rng.choices((0, 1, 2, 3), (4, 82, 10, 4))[0]):
        _call(claude, texts, rng)
    events = sum(1 for record in claude.records[before:] if record["type"] == "assistant")
    return events + _harness(claude, texts, rng)


def _call(claude: Real, texts: Texts, rng: random.Random) -> None:
    """A call and its result, which Claude Code records twice: as the model got it, and with more facts beside it."""
    name = rng.choices([name for name, _ in TOOLS], [share for _, share in TOOLS])[0]
    path = f"{FOLDER}/src/viewer/part_{rng.randrange(400)}.py"
    failed = rng.random() < 0.065
    output = f"The file {path} has been updated." if name in ("Edit", "Write") else texts.text(name)
    extra: Any = None
    arguments: Record = {"file_path": path}
    if name == "Bash":
        arguments = {"command": texts.text("command"), "description": texts.cut(40)}
        extra = {"stdout": output, "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
    elif name == "Grep":
        arguments = {"pattern": texts.cut(20), "path": FOLDER, "output_mode": "content", "-n": True}
        extra = {"mode": "content", "numFiles": 0, "filenames": [], "content": output, "numLines": 30}
    elif name == "Read":
        extra = {"type": "text", "file": {"filePath": path, "content": output, "numLines": 90, "startLine": 1}}
    elif name == "Write":
        arguments["content"] = texts.text("written")
        extra = {"type": "create", "filePath": path, "content": arguments["content"], "structuredPatch": []}
    else:
        old, new = texts.text("edited"), texts.text("edited")
        arguments |= {"old_string": old, "new_string": new, "replace_all": False}
        extra = _edited(path, old, new, texts.text("original"))
    if failed:
        output, extra = f"Exit code {rng.choice((1, 1, 2, 127))}\n{output}", f"Error: Exit code 1\n{output}"
    claude.call(name, arguments, output, failed=failed, extra=None if isinstance(claude, Thin) else extra)


def _edited(path: str, old: str, new: str, original: str) -> Record:
    lines = [*(f"-{line}" for line in old.split("\n")), *(f"+{line}" for line in new.split("\n"))]
    hunk = {"oldStart": 41, "oldLines": old.count("\n") + 1, "newStart": 41, "newLines": new.count("\n") + 1}
    texts = {"filePath": path, "oldString": old, "newString": new, "originalFile": original}
    return texts | {"structuredPatch": [hunk | {"lines": lines}], "userModified": False, "replaceAll": False}


def _harness(claude: Real, texts: Texts, rng: random.Random) -> int:
    """What the harness writes between answers; returns how many of its lines are events."""
    events = 0
    if rng.random() < 0.11:
        claude.user(texts.text("prompt"))
        snapshot = {"messageId": "u1", "trackedFileBackups": {f"src/{number}.py": None for number in range(9)}}
        claude.records.append({"type": "file-history-snapshot", "messageId": "u1", "snapshot": snapshot})
        claude.records.append({"type": "last-prompt", "lastPrompt": texts.cut(100), "sessionId": claude.session})
        events += 1
    if rng.random() < 0.19:
        kind = rng.choice(("task_reminder", "hook_additional_context", "edited_text_file"))
        claude.record("attachment", attachment={"type": kind, "content": texts.text("attachment")})
        events += 1
    if rng.random() < 0.1:
        claude.record("system", subtype="stop_hook_summary", hookCount=1, content=texts.cut(60), level="suggestion")
        events += 1
    if rng.random() < 0.05:
        claude.record("progress", data={"type": "bash_progress", "output": texts.cut(120), "elapsedTimeSeconds": 3})
    if rng.random() < 0.001:
        facts = {"trigger": "auto", "preTokens": 150_000}
        claude.record("system", subtype="compact_boundary", content="Conversation compacted", compactMetadata=facts)
        events += 1
    return events


def _lines(claude: Real) -> Iterator[tuple[bytes, int]]:
    """The lines of a session without end, an answer at a time, with the events of each; the context grows and falls."""
    claude.user(claude.texts.text("prompt"))
    written, events, number = 0, 1, 0
    while True:
        events += turn(claude, 20_000 + number * 1300 % 150_000)
        number += 1
        fresh = claude.records[written:]
        written = len(claude.records)
        yield b"".join(orjson.dumps(record) + b"\n" for record in fresh), events
        events = 0


def session_50mb(path: Path) -> None:
    """Writes a session of 50 MB in about 11,000 lines, ten of which hold an image of 1 MB."""
    texts = Texts(random.Random(50))
    claude = Real(texts, "00000000-0000-4000-8000-000000000050")
    size, images = 0, 0
    with path.open("wb") as file:
        for lines, _ in _lines(claude):
            size += file.write(lines)
            if size >= BIG_BYTES:
                return
            if images < IMAGES and size > (images + 0.5) * BIG_BYTES / IMAGES:
                claude.begin(40_000)
                claude.call("Read", {"file_path": f"{FOLDER}/plot-{images}.png"}, [_image(texts.rng)])
                images += 1


def _image(rng: random.Random) -> Record:
    data = base64.b64encode(rng.randbytes(IMAGE_BYTES)).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def session_100k(path: Path) -> None:
    """Writes a session of 100,000 events with little text."""
    texts = Short(random.Random(100))
    events = 0
    with path.open("wb") as file:
        for lines, more in _lines(Thin(texts, "long")):
            file.write(lines)
            events += more
            if events >= MANY_EVENTS:
                return


class Short(Texts):
    """Texts of a few words."""

    def text(self, sort: str) -> str:
        """A text of 5 to 40 characters, whatever the sort."""
        return self.cut(self.rng.randint(5, 40))


def folder_2000(path: Path) -> None:
    """Writes 2,000 sessions of 126 MB in all, of log-normal sizes, into `projects/<cwd>/` below `path`."""
    rng = random.Random(2000)
    texts = Texts(rng)
    shares = [rng.lognormvariate(0, 1.4) for _ in range(SESSIONS)]
    wanted = 0.0
    for number, share in enumerate(shares):
        folder = path / "projects" / f"-home-someone-project-{rng.randrange(PROJECTS):02}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{number:08x}-0000-4000-8000-000000000000"
        # What a session is too long by, as it ends with a whole answer, the next ones are shorter by.
        wanted += SESSIONS_BYTES * share / sum(shares)
        file = folder / f"{name}.jsonl"
        wanted -= file.write_bytes(_session(Real(texts, name), wanted))
        # A session every half hour: the order of the list is then the same every time.
        os.utime(file, (1_780_000_000 - number * 1800,) * 2)


def _session(claude: Real, wanted: float) -> bytes:
    """A session of about that many bytes, of one answer at least."""
    parts: list[bytes] = []
    size = 0
    for lines, _ in _lines(claude):
        parts.append(lines)
        size += len(lines)
        if size >= wanted:
            break
    return b"".join(parts)


INPUTS: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("session-50mb.jsonl", session_50mb),
    ("session-100k.jsonl", session_100k),
    ("sessions", folder_2000),
)
"""Every input: its name in the folder, and what writes it."""


def main(arguments: list[str]) -> None:
    """Writes the inputs named, else all, into the folder given."""
    if not arguments:
        sys.exit("usage: python -m tests.bench.build DIR [NAME ...]")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in INPUTS:
        if name in arguments[1:] or len(arguments) == 1:
            write(folder / name)


if __name__ == "__main__":
    main(sys.argv[1:])
