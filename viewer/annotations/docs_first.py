"""Documentation or action first: what the agent did before it first changed a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import brief, one_line, path_of
from viewer.commands import Command
from viewer.edits import Change, is_scratch
from viewer.plural import counted

_DOC_TOOLS = frozenset(("explore_hf_docs", "fetch_hf_docs", "hf_papers", "github_find_examples", "github_read_file"))
_DOC_SERVER = re.compile(r"(?:^|[_-])docs?(?:[_-]|$)|context7|deepwiki", re.I)
_DOC_FILE = re.compile(
    r"(?:^|/)(?:readme|contributing|changelog|docs?|documentation|man|skill)\b[^/]*(?:/|$)|/docs?/", re.I
)
_DOC_COMMAND = re.compile(
    r"(?:man|tldr|info|pydoc|pydoc3)\s|(?:pip3?|npm|pnpm|yarn|cargo|go|gem)\s+(?:show|view|info|doc)\b|"
    r"(?:curl|wget)\b[^|;]*(?:/docs?/|readme|\.md\b)",
    re.I,
)
_DOC_ASKED = re.compile(r"(?:^|\s)(?:--help|-h)(?:\s|$)|\bhelp\((?:\w+\.?)+\)|\binspect\.signature", re.I)
_DOC_ASKING = ("-h", "help(", "inspect.")
"""Parts of words, one of which stands in all that `_DOC_ASKED` finds."""
_NAMED = re.compile(r"(?<![\w./~-])[\w./~-]{1,200}\.md\b")
_VIEWERS = frozenset(("cat", "head", "tail", "sed", "less", "bat", "more", "nl"))


def find(judged: Judged) -> Iterator[Annotation]:
    """One `first_edit`, on the first event that changed a file; none in a run that changes no file.

    What the harness itself tells the agent to read (a file that its own text names) counts as no documentation. Scratch
    files are no edit of the project. Facts: `calls` before the first edit, `docs` of those, `share` (None where there
    was no call), `milliseconds` from the start (None where times are unusable), `events` before it.
    """
    events = judged.run.events
    first = next((index for index, changes in enumerate(judged.changes) if any(map(_of_project, changes))), None)
    if first is None:
        return
    told = {
        name
        for event in events[:first]
        if event.kind == "system" and ".md" in event.text
        for line in event.text.splitlines()
        if ".md" in line
        for name in _NAMED.findall(line)
    }
    before = [index for index in range(first) if events[index].call is not None]
    docs = [index for index in before if _documents(judged, index, told)]
    start, end = judged.run.started, events[first].time
    if len(docs) * 2 >= len(before) and docs:
        how = f"Documentation first: {len(docs)} of {counted(len(before), 'call')} before the first edit read it"
    elif docs:
        how = f"The first edit came after {counted(len(before), 'call')}, {len(docs)} of them on documentation"
    elif not before:
        how = "The first call was an edit"
    else:
        how = f"The first edit came after {counted(len(before), 'call')}, none of them on documentation"
    yield Annotation(
        "first_edit",
        (first, *docs),
        how,
        one_line(brief(events[first]), 120),
        confidence="B",
        facts={
            "calls": len(before),
            "docs": len(docs),
            "share": len(docs) / len(before) if before else None,
            "milliseconds": end - start if judged.timed and start is not None and end is not None else None,
            "events": first,
        },
    )


def _of_project(change: Change) -> bool:
    return not is_scratch(change.path)


def _documents(judged: Judged, index: int, told: set[str]) -> bool:
    """Whether this call reads documentation of its own accord."""
    event = judged.run.events[index]
    call = event.call
    if call is None:
        return False
    command = judged.commands[index]
    if command is not None:
        return _by_command(command, told)
    if call.category == "web" or call.name.lower() in _DOC_TOOLS or _DOC_SERVER.search(call.name):
        return True
    path = path_of(call)
    return call.category == "read" and _is_document(path, told)


def _by_command(command: Command, told: set[str]) -> bool:
    for step in command.steps:
        if step.name in _VIEWERS and any(_is_document(word, told) for word in step.words[1:]):
            return True
    return any(_is_documentation(" ".join(step.words)[:400]) for step in command.steps)


def _is_documentation(said: str) -> bool:
    """Whether the words of a step read documentation: a program for it, or a question for help."""
    if _DOC_COMMAND.match(said):
        return True
    folded = said.lower()
    return any(part in folded for part in _DOC_ASKING) and _DOC_ASKED.search(said) is not None


def _is_document(path: str, told: set[str]) -> bool:
    return (
        bool(path)
        and path not in told
        and not path.endswith(("/SKILL.md", "AGENTS.md"))
        and bool(_DOC_FILE.search(path))
    )


ANNOTATOR = Annotator("docs_first", find, "B")
