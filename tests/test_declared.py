"""What the files beside traces say of the runs: front matter, comparison.yaml, tables of results and of the card."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.smallest import ASSETS, folder_source
from viewer.declared import read_declared
from viewer.outcomes import outcomes_for
from viewer.sources.beside import MAX_BYTES, read_beside
from viewer.sources.local import LocalFolder

BASE = "https://huggingface.co/datasets/me/race/blob/abc/"
CARD = b"""---
tags: [agent-traces]
runs:
  - file: a.jsonl
    harness: Pi
    metric: f1
    value: 0.947
    model_repo: me/front
    wall_minutes: 13
---
# Race

| File | Harness | Driver model | Trained model pushed to | F1 | n |
|---|---|---|---|---|---|
| `a.jsonl` | Pi | Kimi | [me/table](https://huggingface.co/me/table) | 0.95 | 357 |
| `b.jsonl` | ml-intern | Opus | me/other | **96.2%** | 357 |

| Column | Meaning |
|---|---|
| a.jsonl | 0.5 |
"""


def test_front_matter_is_believed_before_the_table_of_the_card() -> None:
    declared = read_declared({"README.md": CARD}, BASE)
    first, second = declared.outcomes("a.jsonl")
    assert (first.value, first.source.kind, first.source.link) == (0.947, "front matter", f"{BASE}README.md")
    assert first.source.quote == "value: 0.947"
    assert (second.value, second.n, second.source.kind) == (0.95, 357, "card table")
    assert declared.model_repos("a.jsonl") == ("me/front", "me/table")
    assert declared.problems == ()


def test_a_table_of_the_card_tells_outcome_repository_and_quote() -> None:
    declared = read_declared({"README.md": CARD})
    (outcome,) = declared.outcomes("b.jsonl")
    assert (outcome.metric, outcome.value, outcome.digits) == ("f1", 0.962, 3)
    assert outcome.source.quote == "b.jsonl | ml-intern | Opus | me/other | 96.2% | 357"
    assert outcome.source.link == ""
    (entry,) = declared.of("b.jsonl")
    assert (entry.harness, entry.model, entry.model_repo) == ("ml-intern", "Opus", "me/other")


def test_a_run_that_nothing_speaks_of_has_nothing() -> None:
    assert read_declared({"README.md": CARD}).outcomes("c.jsonl") == ()
    assert read_declared({}).of("a.jsonl") == ()


def test_every_file_is_read_in_the_order_in_which_it_is_believed() -> None:
    files = {
        "README.md": CARD,
        "comparison.yaml": b"runs:\n  - {path: a.jsonl, metric: f1, value: 0.91}\nprobes:\n  - {name: p, ran: x}\n",
        "results.csv": b"file,metric,value,n\na.jsonl,F1,0.92,357\na.jsonl,accuracy,97.2%,357\n",
        ".eval_results/a.yaml": b"- dataset: {id: me/data, task_id: f1}\n  value: 0.93\n  source: {url: https://x.org}\n",
    }
    declared = read_declared(files, BASE)
    found = outcomes_for(declared.outcomes("a.jsonl"))
    assert [(one.value, one.source.kind) for one in found.of("f1")] == [
        (0.947, "front matter"),
        (0.91, "comparison file"),
        (0.92, "sidecar"),
        (0.93, "sidecar"),
        (0.95, "card table"),
    ]
    assert [one.value for one in found.of("accuracy")] == [0.972]
    assert found.of("f1")[2].source.quote == "a.jsonl,F1,0.92,357"
    assert found.of("f1")[3].source.link == "https://x.org"
    assert found.of("f1")[3].dataset == "me/data"
    assert declared.comparison is not None
    assert declared.comparison.probes[0].name == "p"


def test_a_wide_table_has_a_column_for_each_metric() -> None:
    declared = read_declared(
        {"results.csv": "\ufefffile;x,harness\n".encode(), "runs.csv": b"Run,F1,Recall\nr1,0.9,0.8\n"}
    )
    assert [(one.metric, one.value) for one in declared.outcomes("r1")] == [("f1", 0.9), ("recall", 0.8)]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"file,f1\n" + b"a" * 200_000, b"file,f1\na,wow\n,0.5\nb\n", b'file,f1\n"a,0.5\n']
)
def test_a_broken_table_gives_nothing_and_stops_nothing(data: bytes) -> None:
    assert read_declared({"results.csv": data}).outcomes("a") == ()


def test_what_cannot_be_read_is_said_with_its_file_and_line() -> None:
    files = {
        "README.md": b"---\na: [\n---\n",
        "comparison.yaml": b"title: x\nruns:\n  - {path: a, f1: wow}\n",
        ".eval_results/a.yaml": b"- value: wow\n- 7\n",
    }
    problems = "\n".join(read_declared(files).problems)
    assert "The front matter of the card cannot be read. Line" in problems
    assert "comparison.yaml: Line 3, runs[1].f1: 'wow' is no value of F1" in problems
    assert ".eval_results/a.yaml, line 1: 'wow' is no value of score." in problems
    assert ".eval_results/a.yaml, line 2: a result is an object" in problems


def test_runs_of_another_schema_in_the_front_matter_are_let_be() -> None:
    declared = read_declared({"README.md": b"---\nruns: [one, two]\n---\n"})
    assert (declared.problems, declared.of("one")) == ((), ())


def test_files_beside_the_traces_of_a_folder_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / ".eval_results").mkdir()
    for name in ("README.md", "comparison.yaml", "notes.md", ".eval_results/a.yaml", ".eval_results/other.yaml"):
        (tmp_path / name).write_text(name)
    (tmp_path / "results.csv").write_bytes(b"x" * (MAX_BYTES + 1))
    found = read_beside(folder_source(tmp_path), ["deep/a.jsonl"])
    assert set(found.files) == {"README.md", "comparison.yaml", ".eval_results/a.yaml"}
    assert found.problems == ("results.csv is not read: it has 262,145 bytes, and 262,144 are allowed.",)


def test_a_source_of_one_file_has_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "a.jsonl").write_text("{}")
    assert read_beside(LocalFolder("one", "a.jsonl", tmp_path, only="a.jsonl"), ["a.jsonl"]).files == {}


def test_the_card_of_the_race_tells_its_outcomes() -> None:
    declared = read_declared(read_beside(folder_source(ASSETS / "demo")).files)
    names = ("claude-code", "pi-kimi", "ml-intern-opus", "ml-intern-kimi")
    assert [declared.outcomes(f"{name}.jsonl")[0].shown for name in names] == ["0.962", "0.947", "0.949", "0.947"]
