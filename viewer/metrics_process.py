"""The metrics of what went wrong in a run, and of what it took to get right again."""

from __future__ import annotations

from collections.abc import Callable

from viewer.facts import Facts
from viewer.metric import NO_CALLS, NO_EDIT, NO_FLAGS, NO_GRADE, ONE_TASK, Metric, Value


def _per_100(part: int | None, facts: Facts) -> float | None:
    calls = len(facts.calls)
    return round(100 * part / calls, 2) if calls and part is not None else None


def _count(kind: str) -> Callable[[Facts], Value]:
    return lambda facts: len(facts.of(kind))


def _loops(shape: str) -> Callable[[Facts], Value]:
    return lambda facts: sum(found == shape for found in facts.facts_of("loop", "kind"))


ERRORS = (
    Metric(
        "flagged",
        "Errors flagged",
        "",
        "Process",
        "Failed calls with the harness's flag or exit code; a search without a find, a probe and a refusal are none.",
        "Not comparable between harnesses without the inferred ones. " + NO_GRADE,
        lambda facts: facts.flagged,
        NO_FLAGS,
    ),
    Metric(
        "inferred",
        "Errors inferred",
        "",
        "Process",
        "Failed calls without a flag, by a text in their output, which each of them quotes.",
        "What `| head`, `|| true` and wrappers hide. " + NO_GRADE,
        lambda facts: facts.inferred,
    ),
    Metric(
        "errors_per_100",
        "Errors per 100 calls",
        "per 100 calls",
        "Process",
        "Flagged and inferred errors per 100 tool calls.",
        NO_GRADE,
        lambda facts: _per_100(len(facts.errors), facts),
        NO_CALLS,
    ),
    Metric(
        "error_classes",
        "Error classes",
        "",
        "Process",
        "Different normalised error classes; the same error again is one.",
        "Many errors of one class are one problem.",
        lambda facts: len({failure.error_class for _, failure in facts.errors if failure.error_class}),
    ),
    Metric(
        "blind_retries",
        "Blind retries",
        "",
        "Process",
        "The same call again after it failed, with nothing but looking in between.",
        "Each one could not have ended otherwise, unless the world changed.",
        _count("blind_retry"),
    ),
    Metric(
        "env_errors",
        "Environment errors",
        "",
        "Process",
        "Missing programs, modules and folders, shell quoting, rights, credentials.",
        "Says more about the machine than about the agent.",
        lambda facts: sum(facts.facts_of("environment", "times")),
    ),
    Metric(
        "drift_pairs",
        "Interface drift",
        "",
        "Process",
        "Old names of an interface that failed and that the fix replaced by a new one.",
        "The model knew an older version.",
        lambda facts: sum(map(len, facts.facts_of("drift", "pairs"))),
    ),
    Metric(
        "wrong_guesses",
        "Wrong guesses",
        "",
        "Process",
        "Names of options, arguments and fields of somebody else's interface that do not exist.",
        "The model guessed instead of looking.",
        _count("wrong_guess"),
    ),
)

REPAIR = (
    Metric(
        "loops",
        "Edit–run–fail loops",
        "",
        "Process",
        "The same command failing at least twice with an edit in between.",
        "Progressive ones get somewhere, stuck ones do not.",
        _count("loop"),
    ),
    Metric(
        "loop_longest",
        "Longest loop",
        "",
        "Process",
        "Failing runs of the longest edit–run–fail loop.",
        "Compare with how it ended.",
        lambda facts: max(facts.facts_of("loop", "length"), default=None),
        "Unknown where there is no loop.",
    ),
    Metric(
        "loops_progressive",
        "Progressive loops",
        "",
        "Process",
        "Loops of which every error was a new one.",
        "One thing fixed after another.",
        _loops("progressive"),
    ),
    Metric(
        "loops_stuck",
        "Stuck loops",
        "",
        "Process",
        "Loops of which every error was the same.",
        "The edits did not touch the cause.",
        _loops("stuck"),
    ),
    Metric(
        "recovery_calls",
        "Recovery, calls",
        "",
        "Process",
        "Median number of calls from the first failure of a script, check or edit until it went through.",
        "What was not seen to go through again is not counted.",
        lambda facts: facts.recovery,
        "Unknown where nothing failed and then went through.",
    ),
    Metric(
        "rereads",
        "Repeated reads",
        "",
        "Process",
        "Reads of the same part of a file that brought the same text again, while the context still held it.",
        "Long contexts and small reads make more of them.",
        lambda facts: sum(reads - 1 for reads in facts.facts_of("reread", "reads")),
    ),
    Metric(
        "denied",
        "Denied",
        "",
        "Process",
        "Calls that a person, a rule or a hook refused.",
        "Depends on who watched.",
        lambda facts: facts.verdicts("denied"),
    ),
    Metric(
        "interrupted",
        "Interrupted",
        "",
        "Process",
        "Interruptions by the user, and calls that were cut off.",
        "Depends on who watched.",
        lambda facts: max(facts.events_of("interruption"), facts.verdicts("aborted")),
    ),
    Metric(
        "cancelled_jobs",
        "Cancelled jobs",
        "",
        "Process",
        "Jobs that the agent cancelled or killed.",
        "Often a job that was started wrong.",
        _count("job_cancelled"),
    ),
    Metric(
        "api_errors",
        "API errors",
        "",
        "Process",
        "Incidents between harness and model: rate limits, overload, a broken stream; retries of one are one.",
        "Says nothing of the agent.",
        _count("api_error"),
    ),
    Metric(
        "compactions",
        "Compactions",
        "",
        "Process",
        "How often the context was summarised to make room.",
        "What was read before may be forgotten after.",
        lambda facts: facts.events_of("compaction"),
    ),
    Metric(
        "events_to_edit",
        "Events to first edit",
        "",
        "Process",
        "Events before the first call that changes a file.",
        ONE_TASK,
        lambda facts: facts.first_edit,
        NO_EDIT,
    ),
    Metric(
        "calls_to_edit",
        "Calls to first edit",
        "",
        "Process",
        "Tool calls before the first one that changes a file.",
        ONE_TASK,
        lambda facts: sum(at < facts.first_edit for at in facts.calls) if facts.first_edit is not None else None,
        NO_EDIT,
    ),
    Metric(
        "docs_share",
        "Docs before first edit",
        "share",
        "Process",
        "Of the calls before the first edit, those that read documentation: web pages, help, READMEs, package pages.",
        ONE_TASK,
        lambda facts: next(iter(facts.facts_of("first_edit", "share")), None),
        NO_EDIT,
    ),
)
