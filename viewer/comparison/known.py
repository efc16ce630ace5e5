"""What is known of compared runs besides their traces: outcomes, a title, probes; sources as in `outcomes.SOURCES`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from viewer.comparison.selection import ComparedRun, Selection
from viewer.comparison_file import ComparisonFile, EvalData, run_named
from viewer.declared import Declared
from viewer.outcomes import Outcome, RunOutcomes, outcomes_for
from viewer.probes import MAX_PROBES, Probe
from viewer.published import Published


@dataclass(frozen=True, slots=True)
class Known:
    """One entry of `outcomes` per run; `files` are the comparison files about these runs, the first counts.

    `runs` are the runs with harness and model as their files name them.
    """

    runs: tuple[ComparedRun, ...]
    outcomes: tuple[RunOutcomes, ...]
    files: tuple[ComparisonFile, ...]
    problems: tuple[str, ...] = ()
    """What could not be read, in sentences."""
    more: bool = False
    """Whether model repositories, which were not asked, may say more."""

    @property
    def title(self) -> str:
        """What the comparison is called; empty where no file says it, or several places do."""
        return self.files[0].title if len(self.files) == 1 else ""

    @property
    def metric(self) -> str:
        """The metric to show first."""
        return next((file.metric for file in self.files if file.metric), "")

    @property
    def eval_data(self) -> EvalData | None:
        """The data of the task, for the evaluation check."""
        return next((file.eval_data for file in self.files if file.eval_data is not None), None)

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The probes that the files ask, each once."""
        found = {probe: None for file in self.files for probe in file.probes}
        return tuple(found)[:MAX_PROBES]


def known_of(
    selection: Selection,
    published: Published,
    declared: Mapping[str, Declared],
    further: Mapping[str, tuple[Outcome, ...]],
    notes: Sequence[str] = (),
    *,
    more: bool = False,
) -> Known:
    """All that is known of the runs of a selection.

    Args:
        selection: the runs.
        published: the comparisons that come with the app.
        declared: what the files beside the traces say, by the key of their source in the library.
        further: outcomes by the key of a run: of model repositories, and what the agent reported.
        notes: what could not be read of model repositories.
        more: whether there is more to ask.
    """
    files: dict[str, ComparisonFile] = {}
    runs: list[ComparedRun] = []
    outcomes: list[RunOutcomes] = []
    for run in selection.runs:
        name = run.link.get("repo") or run.link["source"]
        beside, about = declared.get(run.source), published.about(name)
        file = (beside.comparison if beside is not None else None) or about
        if file is not None:
            files.setdefault(name, file)
        runs.append(_named(run, file))
        outcomes.append(
            outcomes_for(
                [
                    *(beside.outcomes(run.file.path, run.summary.part) if beside is not None else ()),
                    *_published(about, run),
                    *further.get(run.key, ()),
                ]
            )
        )
    problems = [problem for found in declared.values() for problem in found.problems]
    return Known(tuple(runs), tuple(outcomes), tuple(files.values()), (*problems, *notes), more)


def _named(run: ComparedRun, file: ComparisonFile | None) -> ComparedRun:
    """The run with the harness and model that its file gives it; what the file leaves out is as it was."""
    entry = file.run(run.file.path, run.summary.part) if file is not None else None
    if entry is None or not (entry.harness or entry.model):
        return run
    models = (entry.model,) if entry.model else run.summary.models
    summary = replace(run.summary, harness=entry.harness or run.summary.harness, models=models)
    said = ", ".join(name for name in (entry.harness, entry.model) if name)
    return replace(run, summary=summary, known_from=f"{said}: named by the comparison's file\n{run.known_from}".strip())


def _published(about: ComparisonFile | None, run: ComparedRun) -> tuple[Outcome, ...]:
    entry = run_named(about.runs, run.file.path, run.summary.part) if about is not None else None
    return entry.outcomes if entry is not None else ()
