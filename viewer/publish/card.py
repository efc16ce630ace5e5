"""The card of a published dataset: what is in it, how it was redacted, and what makes it a dataset of traces.

`configs` names the files that are rows, so that nothing else in the repository is read as a trace. `dataset_info`
states the columns of agent traces: `datasets` otherwise guesses them from the first file alone, and guesses wrong when
that one holds a single kind of message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from viewer.card import split_front
from viewer.model import Run
from viewer.plural import counted
from viewer.publish.build import OTHER, TRACES, Built

LICENCES = ("cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0", "odc-by", "apache-2.0", "mit", "other")

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("harness", "string"),
    ("session_id", "string"),
    ("prompt", "string"),
    ("messages", "list"),
    ("tools", "list"),
    ("metadata", "json"),
    ("sent_at", "string"),
    ("num_user_messages", "int64"),
    ("num_tool_calls", "int64"),
    ("trace", "json"),
    ("file_path", "string"),
)
"""The columns of `datasets` for agent traces (`AGENT_TRACES_FEATURES`, datasets 5.2)."""

_MARK = "<!-- agent-trace-viewer: what was published -->"
_SCANNER = "kingfisher-secret-scanner 1.5.0"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says of one publication."""

    licence: str
    title: str
    redacted: Mapping[str, int]
    """How many texts of each kind were replaced."""
    ignored: int
    words: int
    """The reader's own words and patterns."""
    attachments: bool
    day: str
    """ISO date of the publication."""


def new_card(built: Built, facts: Facts) -> str:
    """The card of a new dataset."""
    return _assembled(_front_matter({}, built, facts), f"# {facts.title}\n\n{_body(built, facts)}")


def merged_card(card: str, built: Built, facts: Facts) -> str:
    """An existing card with this publication added: its words stay, and settings that it makes itself."""
    front, text = split_card(card)
    return _assembled(_front_matter(front, built, facts), f"{text.rstrip()}\n\n{_body(built, facts)}")


def split_card(card: str) -> tuple[dict[str, Any], str]:
    """Front matter and text of a card; an empty front matter where it has none that can be read."""
    head, text = split_front(card)
    if head is None:
        return {}, card
    try:
        front = yaml.safe_load(head)
    except yaml.YAMLError:
        return {}, card
    return (front if isinstance(front, dict) else {}), text.lstrip("\n")


def _assembled(front: Mapping[str, Any], text: str) -> str:
    head = yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{head}---\n\n{text.rstrip()}\n"


def _front_matter(front: Mapping[str, Any], built: Built, facts: Facts) -> dict[str, Any]:
    made = dict(front)
    made.setdefault("license", facts.licence)
    own = made.get("tags")
    tags = [str(tag) for tag in own] if isinstance(own, list) else []
    harnesses = sorted({run.format for run in _runs(built)})
    made["tags"] = list(dict.fromkeys([*tags, "agent-traces", "coding-agent", *harnesses]))
    if "configs" not in made:
        files = [{"split": "train", "path": f"{TRACES}/**/*.jsonl"}]
        made["configs"] = [{"config_name": "default", "data_files": files}]
        made.setdefault("dataset_info", {"config_name": "default", "features": list(map(_column, _COLUMNS))})
    return made


def _column(column: tuple[str, str]) -> dict[str, str]:
    name, kind = column
    return {"name": name, "list": "json"} if kind == "list" else {"name": name, "dtype": kind}


def _body(built: Built, facts: Facts) -> str:
    runs = list(_runs(built))
    tables = sum(file.table for file in built.files)
    others = len(built.files) - tables
    parts = [
        _MARK,
        f"## {facts.day}: {counted(len(runs), 'run')} of coding agents",
        _table(runs),
        f"{counted(tables, 'file')} in `{TRACES}/`, one session each, as the harness wrote them, line by line. "
        "`datasets.load_dataset` reads one row per file; any file opens in the Agent Trace Viewer.",
    ]
    if others:
        parts.append(f"{counted(others, 'file')} in `{OTHER}/`: traces that `load_dataset` cannot read.")
    parts.append(f"### How it was redacted\n\n{_redaction(built, facts)}")
    return "\n\n".join(parts)


def _table(runs: Sequence[Run]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    events: Counter[tuple[str, str]] = Counter()
    calls: Counter[tuple[str, str]] = Counter()
    for run in runs:
        key = (run.harness, ", ".join(run.models) or "unknown")
        counts[key] += 1
        events[key] += len(run.events)
        calls[key] += sum(1 for event in run.events if event.call is not None)
    rows = [
        f"| {_cell(harness)} | {_cell(models)} | {counts[harness, models]:,} | {events[harness, models]:,} "
        f"| {calls[harness, models]:,} |"
        for harness, models in sorted(counts)
    ]
    return "\n".join(("| harness | model | runs | events | tool calls |", "|---|---|---:|---:|---:|", *rows))


def _cell(text: str) -> str:
    """Text of a trace in a table of the card: no markup, one line."""
    return "".join(letter for letter in text if letter not in "|<>[]`*\n\r")[:120]


def _redaction(built: Built, facts: Facts) -> str:
    found = ", ".join(f"{label} ({count})" for label, count in facts.redacted.items()) or "nothing"
    lines = [
        f"Every text of every record was decoded and scanned with {_SCANNER}, rules of the viewer's own, and patterns "
        "for user names, e-mail addresses and host names. Findings were reviewed one by one or by kind, replaced by "
        f"placeholders such as `[API_KEY_1]` (the same for the same value), and the result was scanned again.",
        f"Replaced: {found}.",
        f"Left as they are after review: {counted(facts.ignored, 'finding')}. Own words and patterns: {facts.words}.",
        "Images were included without review."
        if facts.attachments
        else "Images were left out: a grey square stands there.",
    ]
    dropped = sum(file.dropped for file in built.files)
    if dropped:
        lines.append(f"{counted(dropped, 'record')} that could not be read were left out.")
    lines.append("No scan finds everything. If you see something that should not be here, please tell the owner.")
    return "\n\n".join(lines)


def _runs(built: Built) -> Iterable[Run]:
    return (run for file in built.files for run in file.runs)
