"""Who ran a compared run: as its comparison file says, else as the card, else as the trace."""

from __future__ import annotations

from pathlib import Path

from tests.smallest import library_of, settled
from tests.visits import session
from viewer.comparison.gather import Gatherer
from viewer.comparison.selection import parse_reference, select
from viewer.published import Published

CARD = "| File | Harness | Model |\n|---|---|---|\n| a.jsonl | Codex | GPT-5.5 |\n| b.jsonl | Codex | GPT-5.5 |\n"
FILE = "runs:\n  - {path: a.jsonl, harness: My Harness, model: My Model, f1: 0.9}\n  - {path: b.jsonl, f1: 0.8}\n"


def named(folder: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    library = library_of(folder)
    settled(library.listing("here"))
    selection = select(library, [parse_reference("here")], lambda place: place)
    known = Gatherer(library, Published({})).known(selection, models=False)
    return sorted((run.file.path, run.summary.harness, run.summary.models) for run in known.runs)


def test_harness_and_model_are_as_the_files_say(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_bytes(session(name))
    shape = named(tmp_path)
    assert {harness for _, harness, _ in shape} == {"Claude Code"}
    (tmp_path / "README.md").write_text(CARD)
    (tmp_path / "comparison.yaml").write_text(FILE)
    first, second, third = named(tmp_path)
    assert first == ("a.jsonl", "My Harness", ("My Model",))
    assert second[:2] == ("b.jsonl", "Codex")
    assert third == shape[2]
