"""Traces in which every text is an attack, for the tests of what the page does with them: nothing.

`poisoned` puts `PAYLOAD` behind every string of a trace: ids, titles, models, folders, tool names, arguments, outputs.
Only the words by which a format is recognised stay as they are, so that all of it is still read.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.traces import Claude, Codex, Intern, Pi, Session, write

# `ran` is a function of the test's page; `elsewhere.example` is no host.
PAYLOADS = (
    "<script>ran(1)</script>",
    "<img src=x onerror=ran(2)>",
    "<svg onload=ran(3)><image href='https://elsewhere.example/a.svg'/></svg>",
    "<iframe src='javascript:ran(4)'></iframe>",
    "<a href='javascript:ran(5)' target='_top'>text</a>",
    "<style>@import 'https://elsewhere.example/a.css'; * { background: url(https://elsewhere.example/b.png) }</style>",
    "<link rel=stylesheet href='https://elsewhere.example/c.css'>",
    "<base href='https://elsewhere.example/'><meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "\"'`--><b onclick='ran(6)' onmouseover='ran(6)' style='background:url(https://elsewhere.example/d.png)'>",
    "${ran(7)} {{ran(8)}} #{ran(9)} <%= ran(10) %> {{constructor.constructor('ran(11)')()}}",
    "[link](javascript:ran(12)) [link](data:text/html,<script>ran(13)</script>) [link](vbscript:ran(14))",
    "[link]( java\tscript:ran(15)) <javascript:ran(16)> [link](//elsewhere.example/e)",
    "![image](https://elsewhere.example/f.png) [![image](https://elsewhere.example/g.png)](javascript:ran(17))",
    "\u001b]8;;javascript:ran(18)\u0007link\u001b]8;;\u0007 \u001b[31mred\u001b[0m",
    "\u202egnp.exe\u202c \u2028 \u0000 \ud83d",
    "__proto__ constructor toString ../../../../etc/passwd %2e%2e%2f",
)
PAYLOAD = "\n\n".join(PAYLOADS)

# By these a format is recognised, records are told apart, or calls and files are found.
KEPT_KEYS = frozenset(
    ("type", "role", "timestamp", "subtype", "stopReason", "media_type", "mimeType", "data", "version", "parentId")
)
KEPT_TOOLS = frozenset(("Bash", "Edit", "Read", "TodoWrite", "Task", "bash", "exec_command"))

NAMES = (
    "<img src=x onerror=ran(20)>.jsonl",
    "\"'><svg onload=ran(21)>.jsonl",
    "${ran(22)}{{ran(23)}}.jsonl",
    "javascript:ran(24).jsonl",
    "%2e%2e%2f%00.jsonl",
    "a&source=demo&run=b#c?d=e+f g.jsonl",
    "\u202elnosj.jsonl",
    "line\nbreak.jsonl",
    "__proto__.jsonl",
)


class Builder(NamedTuple):
    """A format's builder, and the name of its shell tool."""

    make: Callable[[], Session]
    shell: str


BUILDERS = {
    "claude": Builder(Claude, "Bash"),
    "pi": Builder(Pi, "bash"),
    "codex": Builder(Codex, "exec_command"),
    "intern": Builder(Intern, "bash"),
}


def write_hostile(folder: Path) -> None:
    """Writes a poisoned trace of each format, and ordinary traces with hostile file names."""
    for name, builder in BUILDERS.items():
        write(folder / f"{name}.jsonl", [poisoned(record) for record in _session(builder).records])
    for name in file_names():
        claude = Claude(f"named-{len(name)}")
        claude.user("A file with a hostile name")
        write(folder / name, claude.records)


def file_names() -> tuple[str, ...]:
    """The hostile file names that this system allows."""
    return tuple(name for name in NAMES if sys.platform != "win32" or not set(name) & set('<>:"|?*\n'))


def _session(builder: Builder) -> Session:
    session = builder.make()
    session.user("First prompt")
    session.say("An answer")
    if isinstance(session, Claude | Pi | Codex):
        session.think("A thought")
    session.call(builder.shell, {"command": "ls", "cmd": "ls", "description": "look"}, "some output")
    session.call(builder.shell, {"command": "cat", "cmd": "cat"}, "an error", failed=True)
    session.call("mcp__server__tool", {"text": "words", "list": ["a", {"key": "b"}]}, '{"json": "output"}')
    session.call("unheard_of", {"key": "value"}, "some output")
    if isinstance(session, Claude):
        _more(session)
    return session


def _more(claude: Claude) -> None:
    """What Claude Code's sessions hold besides: edits, plans, images, subagents, records of every other sort."""
    path = {"file_path": "part.py"}
    patch = {"oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 1, "lines": ["-old", "+new"]}
    drawing = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0icmFuKDI1KSIvPg=="
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/svg+xml", "data": drawing}}
    claude.title("A title")
    claude.call("Edit", path | {"old_string": "old", "new_string": "new"}, "done")
    claude.call("Edit", path, "done", extra={"structuredPatch": [patch]})
    claude.call("Read", path, [image, {"type": "text", "text": "beside an image"}])
    claude.call("TodoWrite", {"todos": [{"content": "a step", "status": "a state"}]}, "done")
    call = claude.ask("Task", {"description": "a task", "prompt": "a long prompt"})
    helper = claude.sidechain()
    helper.user("a long prompt")
    helper.say("words of a helper")
    claude.answer(call, "done")
    claude.record("system", subtype="compact_boundary", content="compacted")
    claude.record("system", subtype="api_error", error="an API error")
    claude.record("attachment", attachment={"type": "hook_success", "content": "words of a hook"})
    claude.record("wormhole", note="a record of no known type")
    claude.user("[Request interrupted by user]")
    claude.user("<command-name>/command</command-name><command-args>words</command-args>")
    claude.ask("Bash", {"command": "never answered"})


def poisoned(value: Any, key: str = "") -> Any:
    """The value with the payload behind every string; arguments that are JSON in a string stay JSON."""
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    if not isinstance(value, str) or key in KEPT_KEYS or (key == "name" and value in KEPT_TOOLS):
        return value
    if key == "arguments":
        return json.dumps(poisoned(json.loads(value)))
    return value + PAYLOAD
