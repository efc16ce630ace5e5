"""The traces that the tests of the page read and never change, each made for one purpose, and their addresses.

`write_shelf` writes them into one folder, which one server shows for all tests (the `shelf` fixture).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.traces import FOLDER, PNG, Claude, Codex, Intern, Pi, Record, long_session, write

LONG_EVENTS = 20_000
FOLDED_LINES = 150
# More characters than the server sends at once.
HUGE_LINES = 12_000
MARKDOWN = """# Findings

The **parser** drops the last line, see [the report](https://example.org/report) and `parser.py`.

- first point
- second point

<b onclick="x()">raw HTML</b> and [a trap](javascript:x()) and ![a picture](https://example.org/p.png)"""
PATCH = {
    "oldStart": 3,
    "oldLines": 2,
    "newStart": 3,
    "newLines": 2,
    "lines": [" def read():", "-    pass", "+    go()"],
}


class Shelf(NamedTuple):
    """A running server and what it shows."""

    url: str
    live: Path
    """A folder that the server shows as the source `path-live`: a test writes files of its own there."""
    at: Mapping[str, str]
    """Addresses of the events of `sorts.jsonl`, by what they are."""

    def link(self, run: str = "", *, source: str = "path-shelf", **rest: str) -> str:
        """The link to a run, or to the list of runs."""
        return f"{self.url}/?{urlencode({'source': source} | ({'run': run} if run else {}) | rest)}"


def write_shelf(folder: Path) -> dict[str, str]:
    """Writes every trace and returns the addresses of the events of `sorts.jsonl`."""
    sorts, at = every_sort()
    write(folder / "sorts.jsonl", sorts.records)
    write(folder / "pi.jsonl", _short(Pi("pi-1"), "Pi task", "bash").records)
    write(folder / "codex.jsonl", _short(Codex(), "Codex task", "exec_command").records)
    write(folder / "intern.jsonl", _short(Intern(), "Intern task", "bash").records)
    write(folder / "inline.jsonl", _inline().records)
    for name, claude in _team():
        write(folder / name, claude.records)
    _write_doubtful(folder)
    write(folder / "long.jsonl", long_session(LONG_EVENTS).records)
    return at


def _short(session: Any, prompt: str, tool: str) -> Any:
    session.user(prompt)
    session.say("I will look.")
    session.call(tool, {"command": "ls", "cmd": "ls"}, "README.md")
    session.call(tool, {"command": "cat gone", "cmd": "cat gone"}, "no such file", failed=True)
    session.say("Done.")
    return session


def every_sort() -> tuple[Claude, dict[str, str]]:
    """A session with one event of every sort. The word "needle" stands in a prompt, an argument and an output."""
    claude = Claude("sorts-1")
    claude.title("Every sort of event")
    at = {"user": claude.user("Fix the parser, find the needle"), "reasoning": claude.think("It drops the last line.")}
    at["encrypted"] = claude.think("")
    at |= _calls(claude)
    at["markdown"] = claude.say(MARKDOWN)
    at["compaction"] = claude.record(
        "system", subtype="compact_boundary", compactMetadata={"trigger": "auto", "preTokens": 150000}
    )
    at["interruption"] = claude.user("[Request interrupted by user]")
    at["other"] = claude.record("wormhole", note="from a later version")
    at["unanswered"] = claude.ask("Bash", {"command": "sleep 1000"})
    return claude, at


def _calls(claude: Claude) -> dict[str, str]:
    image: Record = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
    parser = {"file_path": f"{FOLDER}/parser.py"}
    replaced = {"old_string": "a = 1", "new_string": "a = 2"}
    folded = "\n".join(f"line {number}" for number in range(1, FOLDED_LINES + 1))
    huge = "\n".join(f"row {number:06}" for number in range(1, HUGE_LINES + 1))
    todo = {"todos": [{"content": "Read", "status": "completed"}, {"content": "Repair", "status": "in_progress"}]}
    refusal = "The user doesn't want to proceed with this tool use."
    failing = {"command": "pytest -q", "description": "Run the tests"}
    issue = {"id": 7, "labels": ["needle"]}
    return {
        "failed": claude.call("Bash", failing, "Exit code 1\n1 failed, 7 passed", failed=True),
        "shell": claude.call("Bash", {"command": "ls -la"}, "total 8\nneedle.txt"),
        "patch": claude.call("Edit", parser, "The file has been updated.", extra={"structuredPatch": [PATCH]}),
        "edit": claude.call("Edit", parser | replaced, "The file has been updated."),
        "read": claude.call("Read", parser | {"offset": 10}, "10\tdef read():"),
        "json": claude.call("mcp__tracker__get_issue", issue, '{"state":"open","votes":[1,2]}'),
        "image": claude.call("Read", {"file_path": f"{FOLDER}/plot.png"}, [image]),
        "folded": claude.call("Bash", {"command": "seq 150"}, folded),
        "huge": claude.call("Bash", {"command": "seq 12000"}, huge),
        "plan": claude.call("TodoWrite", todo, "Todos have been modified."),
        "rejected": claude.call("Bash", {"command": "rm -rf build"}, refusal, failed=True),
        "missing": claude.call("Read", {"file_path": f"{FOLDER}/gone.py"}, "File does not exist.", failed=True),
    }


def _inline() -> Claude:
    """A subagent recorded inside its parent's file."""
    claude = Claude("inline-1")
    claude.user("Ask a helper")
    call = claude.ask("Task", {"description": "Count the files", "prompt": "How many files are there?"})
    helper = claude.sidechain()
    helper.user("How many files are there?")
    helper.say("There are twelve files.")
    claude.answer(call, "Twelve.")
    claude.say("The helper found twelve files.")
    return claude


def _team() -> list[tuple[str, Claude]]:
    """A session and its subagent in a file of its own, with their file names."""
    main = Claude("team-1")
    main.user("Ask a helper with a file")
    arguments = {"description": "Review the change", "prompt": "Please review."}
    main.call("Agent", arguments, "Looks fine.", extra={"agentId": "a1", "status": "completed"})
    main.say("The review is done.")
    helper = Claude("team-1", agent="a1")
    helper.user("Please review.")
    helper.say("I see nothing wrong.")
    return [("team-1.jsonl", main), ("team-1/subagents/agent-a1.jsonl", helper)]


def _write_doubtful(folder: Path) -> None:
    """Traces with something wrong or missing."""
    same = _short(Claude("same-1", step=0), "Every time the same", "Bash")
    write(folder / "same-times.jsonl", same.records)
    broken = _short(Claude("broken-1"), "Two bad lines", "Bash").records
    write(folder / "broken.jsonl", [*broken[:3], '{"type":"user",\n', "not JSON\n", *broken[3:]])
    cut = _short(Claude("cut-1"), "Cut off", "Bash").records
    write(folder / "cut.jsonl", [*cut, '{"type":"assistant","mess'])
    write(folder / "foreign.jsonl", ['{"info":{"id":"ses_1"},"messages":[]}\n'])
    write(folder / "empty.jsonl", [])
