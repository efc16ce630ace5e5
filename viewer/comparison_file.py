r"""`comparison.yaml`: a comparison as a file beside its traces, written and read again without loss.

On the Hub it is safe beside traces: a YAML file is no data file, so the dataset viewer, the automatic
`format:agent-traces` tag and `load_dataset` never see it (a `results.json` at the root breaks all three).

    title: Four agents, one prompt            # what the page is called
    task: Fine-tune a classifier on …         # what every run was asked to do
    metric: f1                                # the one to show first; outcomes.METRICS are understood, others shown
    datasets: [davanstrien/agent-race-traces] # only in a file that is kept elsewhere: the datasets it is about
    eval:                                     # the data of the task, for the evaluation check
      dataset: biglam/on_the_books
      config: default
      split: train
      text: section_text
      label: jim_crow
      group: source
    runs:
      - path: claude-code.jsonl               # the trace, from the root of the dataset or folder
        part: ""                              # the second run of a file is "2"; left out for the first
        harness: Claude Code                  # left out, harness and model are what the trace says
        model: Claude Opus 4.7
        model_repo: davanstrien/jim-crow-laws-claude-code
        outcome:                              # or `outcomes:` with a list of these; or its keys beside `path`
          metric: f1
          value: 0.962                        # 0.962, 96.2 and "96.2%" are the same for a share
          n: 357                              # test cases
          prevalence: 0.29                    # the share of them that is positive
          confusion: {tp: 101, fp: 5, fn: 3, tn: 248}  # where known: n and prevalence follow, and the interval is exact
          split: random 80/20, different in each run
          dataset: biglam/on_the_books
          source: {label: post of 6 May 2026, link: https://…}   # or only a label, or only an address
          quote: "Claude Code F1 0.962"       # the words that say so
          note: ""
    probes:                                   # patterns in RE2 syntax; at least one of the three
      - name: Label rate differs by source
        seen: '(?i)\bpaschal\b.*100'          # in tool results
        said: '(?i)\bpaschal\b'               # in the agent's words and files
        ran: GroupKFold                       # in commands and in code that was run

`comparison_reader.py` reads it and names the line and key of everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import yaml

from viewer.outcomes import Outcome, RunOutcomes, Source
from viewer.probes import Probe

NAMES = ("comparison.yaml", "comparison.yml")
"""What the file is called, at the root of its dataset or folder."""


@dataclass(frozen=True, slots=True)
class EvalData:
    """The data of the task: a dataset on the Hub, and its columns by what they are for. Empty is unknown."""

    dataset: str
    config: str = ""
    split: str = ""
    text: str = ""
    label: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run as somebody's file describes it. What the file does not say is empty, and then the trace's word counts."""

    path: str
    part: str = ""
    harness: str = ""
    model: str = ""
    model_repo: str = ""
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonFile:
    """What a `comparison.yaml` holds."""

    title: str = ""
    task: str = ""
    metric: str = ""
    datasets: tuple[str, ...] = ()
    runs: tuple[ComparedRun, ...] = ()
    probes: tuple[Probe, ...] = ()
    eval_data: EvalData | None = None

    def run(self, path: str, part: str = "") -> ComparedRun | None:
        """What it says of a run."""
        return run_named(self.runs, path, part)


def run_named(runs: Sequence[ComparedRun], path: str, part: str = "") -> ComparedRun | None:
    """The entry for a trace: by its path, else by its file name, else by that without its suffix; by one alone."""
    where = PurePosixPath(path)
    for name in (path, where.name, where.stem):
        named = [run for run in runs if run.path == name and run.part == part]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def with_typed(file: ComparisonFile, typed: Iterable[tuple[str, str, Outcome]]) -> ComparisonFile:
    """The file with outcomes that a reader typed: (path, part, outcome). Each replaces what the run had of its metric.

    A run that the file does not have is added at its end.
    """
    runs = list(file.runs)
    for path, part, outcome in typed:
        before = run_named(runs, path, part)
        kept = tuple(one for one in before.outcomes if one.metric != outcome.metric) if before is not None else ()
        after = replace(before or ComparedRun(path, part), outcomes=(outcome, *kept))
        if before is None:
            runs.append(after)
        else:
            runs[runs.index(before)] = after
    return replace(file, runs=tuple(runs))


def with_runs(before: Sequence[ComparedRun], now: Sequence[ComparedRun]) -> tuple[ComparedRun, ...]:
    """The runs of a file with newer entries in their places; others are kept, and new ones follow."""
    newer = {(run.path, run.part): run for run in now}
    return (*(newer.pop((run.path, run.part), run) for run in before), *newer.values())


def described(run: ComparedRun, outcomes: RunOutcomes) -> ComparedRun:
    """A run with all that is known of it, for a new file: each metric's best outcome, and whoever disagrees."""
    kept = [
        one
        for metric in outcomes.metrics
        if (best := outcomes.best(metric)) is not None
        for one in (best, *outcomes.disagreeing(metric))
    ]
    return replace(run, outcomes=tuple(kept))


def write_comparison(file: ComparisonFile) -> str:
    """The file's text. `read_comparison` of it gives the same again; comments of an earlier text are not kept."""
    top: dict[str, Any] = {
        "title": file.title,
        "task": file.task,
        "metric": file.metric,
        "datasets": list(file.datasets),
        "eval": _eval(file.eval_data) if file.eval_data is not None else None,
        "runs": [_run(run) for run in file.runs],
        "probes": [
            _kept({"name": one.name, "seen": one.seen, "said": one.said, "ran": one.ran}) for one in file.probes
        ],
    }
    text: str = yaml.safe_dump(_kept(top), sort_keys=False, allow_unicode=True, width=110)
    return text


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


def _eval(data: EvalData) -> dict[str, Any]:
    names = ("dataset", "config", "split", "text", "label", "group")
    return _kept({name: getattr(data, name) for name in names})


def _run(run: ComparedRun) -> dict[str, Any]:
    found = {"path": run.path, "part": run.part, "harness": run.harness, "model": run.model}
    written = [_outcome(outcome) for outcome in run.outcomes]
    outcomes = {"outcome": written[0]} if len(written) == 1 else {"outcomes": written}
    return _kept({**found, "model_repo": run.model_repo, **outcomes})


def _label(source: Source) -> str:
    """The name of a source for others than the reader at hand."""
    return "typed by a reader" if source.kind == "typed" else source.label


def _outcome(outcome: Outcome) -> dict[str, Any]:
    fixed = f"{outcome.value:.{outcome.digits}f}"
    exact = float(fixed) == outcome.value
    # 0.950 says more than 0.95: with its last zero it is text.
    value: str | float = fixed if exact and fixed != repr(outcome.value) else outcome.value
    source = outcome.source
    return _kept(
        {
            "metric": outcome.metric,
            "value": value,
            "n": outcome.n,
            "prevalence": outcome.prevalence,
            "confusion": outcome.confusion._asdict() if outcome.confusion is not None else None,
            "split": outcome.split,
            "dataset": outcome.dataset,
            "source": _kept({"label": _label(source), "link": source.link, "event": source.event}),
            "quote": source.quote,
            "note": outcome.note,
        }
    )
