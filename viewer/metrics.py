"""The declared metrics of a run, in the order of a panel, and their values.

None is unknown, and `Metric.unknown` says when that is. No metric is a grade: many errors are no bad run, and a number
from one run is a gesture, not a measurement. To add one: a row here or in `metrics_process.py`.
"""

from __future__ import annotations

from viewer.annotations.contract import Annotated
from viewer.facts import Facts
from viewer.metric import NO_CALLS, NO_CLOCK, NO_EDIT, NO_TOKENS, ONE_TASK, Metric, Value, share
from viewer.metrics_process import ERRORS, REPAIR

PALETTE_NAMES = 8
"""Tools named in a palette at most."""


def measure(annotated: Annotated) -> dict[str, Value]:
    """The value of every metric, by name."""
    facts = Facts(annotated)
    return {metric.name: metric.value(facts) for metric in METRICS}


def _palette(facts: Facts) -> str | None:
    rest = len(facts.palette) - PALETTE_NAMES
    names = [f"{name} {count}" for name, count in facts.palette[:PALETTE_NAMES]]
    return ", ".join([*names, f"{rest} more"] if rest > 0 else names) or None


def _minutes_to_edit(facts: Facts) -> int | None:
    started = facts.run.started
    edited = facts.run.events[facts.first_edit].time if facts.first_edit is not None else None
    return max(0, edited - started) if facts.timed and started is not None and edited is not None else None


def _new_tokens(facts: Facts) -> int | None:
    usage = facts.run.usage
    return usage.input + usage.cache_write if usage is not None else None


def _methods(facts: Facts) -> str | None:
    found = [one.facts for one in facts.of("eval_method")]
    return ", ".join(f"{fact['method']} ({fact['status']})" for fact in found) or None


def _usage(facts: Facts, name: str) -> Value:
    usage = facts.run.usage
    return getattr(usage, name) if usage is not None else None


def _tokens(facts: Facts) -> int | None:
    usage = facts.run.usage
    return usage.total if usage is not None else None


EVIDENCE = (
    Metric(
        "tests",
        "Tests run",
        "",
        "Evidence",
        "Commands that run a test runner.",
        "None run is worth knowing; more is not better.",
        lambda facts: len(facts.commands_of("test")),
    ),
    Metric(
        "tests_failed",
        "Tests failed",
        "",
        "Evidence",
        "Test commands whose result is an error, flagged or inferred.",
        "Failing on the way is how tests are used; look at how the last one ended.",
        lambda facts: facts.failed(facts.commands_of("test")),
    ),
    Metric(
        "evals",
        "Evaluations run",
        "",
        "Evidence",
        "Commands that evaluate a model: an evaluation script, or code that calls evaluate.",
        "A reported score without one in the trace came from somewhere else.",
        lambda facts: len(facts.commands_of("eval")),
    ),
    Metric(
        "masked_share",
        "Exit code masked",
        "share",
        "Evidence",
        "Of the tests, checks, builds and programs run, those whose exit code a pipe or `|| true` hides.",
        "Where it is high, flags say little and inferred errors matter.",
        lambda facts: share(sum(command.masked is not None for command in facts.runs), len(facts.runs)),
        "Unknown where nothing was run.",
    ),
)

METHODS = (
    Metric(
        "eval_methods",
        "Evaluation method",
        "names",
        "Evidence",
        "Ways of evaluating found in the agent's code, and how far each came: written, run or reported.",
        "A pattern that is not found may still be there; a random split flatters where rows belong together.",
        _methods,
        "Unknown where no code that works with data was found.",
    ),
)

SIZE = (
    Metric(
        "events",
        "Events",
        "",
        "Process",
        "Events as the list shows them: prompts, answers, reasoning, tool calls with result, the harness's own.",
        "Harnesses record more or less; calls compare better.",
        lambda facts: len(facts.run.events),
    ),
    Metric(
        "calls",
        "Tool calls",
        "",
        "Process",
        "Tool calls of the run itself; polls of a running command count with it, subagents count as their own runs.",
        ONE_TASK,
        lambda facts: len(facts.calls),
    ),
    Metric(
        "palette",
        "Tools used",
        "names",
        "Process",
        "Names of the tools and how often each was called.",
        "Shows what a harness offers as much as what the model chose.",
        _palette,
        NO_CALLS,
    ),
    Metric(
        "explored",
        "Looked",
        "",
        "Process",
        "Calls that read, search or fetch, by a tool of their own or through the shell (`cat` is a read).",
        ONE_TASK,
        lambda facts: sum(action == "explore" for action in facts.actions.values()),
    ),
    Metric(
        "edits",
        "Edits",
        "",
        "Process",
        "Calls that change a file, by a tool of their own or through the shell (a heredoc is a write).",
        ONE_TASK,
        lambda facts: sum(map(bool, facts.annotated.judged.changes)),
    ),
    Metric(
        "ran",
        "Ran",
        "",
        "Process",
        "Shell calls that run something.",
        ONE_TASK,
        lambda facts: sum(action == "run" for action in facts.actions.values()),
    ),
)

COST = (
    Metric(
        "time_to_edit",
        "Time to first edit",
        "ms",
        "Cost",
        "From the first record to the first call that changes a file.",
        ONE_TASK,
        _minutes_to_edit,
        f"{NO_CLOCK} {NO_EDIT}",
    ),
    Metric(
        "wall",
        "Wall time",
        "ms",
        "Cost",
        "From the first record to the last.",
        "Holds whoever was waited for.",
        lambda facts: facts.wall,
        NO_CLOCK,
    ),
    Metric(
        "active",
        "Active time",
        "ms",
        "Cost",
        "Time in which the model or a tool worked: no waiting for a prompt, no pause of over ten minutes.",
        "A call that waited for permission counts as working.",
        lambda facts: facts.active,
        NO_CLOCK,
    ),
    Metric(
        "tokens",
        "Tokens",
        "tokens",
        "Cost",
        "Input, cache and output tokens of the run's own model calls, each call once.",
        "Mostly cache reads: the same context again with every call.",
        _tokens,
        NO_TOKENS,
    ),
    Metric(
        "tokens_new",
        "New input tokens",
        "tokens",
        "Cost",
        "Input tokens that were not read from the prompt cache.",
        "What a call adds.",
        _new_tokens,
        NO_TOKENS,
    ),
    Metric(
        "tokens_out",
        "Output tokens",
        "tokens",
        "Cost",
        "Tokens that the model wrote, reasoning included.",
        "Encrypted reasoning counts too.",
        lambda facts: _usage(facts, "output"),
        NO_TOKENS,
    ),
    Metric(
        "cost",
        "Stated cost",
        "USD",
        "Cost",
        "What the file says that the run cost. No price list is applied.",
        "Only some harnesses state it.",
        lambda facts: _usage(facts, "cost_usd"),
        "Unknown where the file states no cost.",
    ),
)

METRICS: tuple[Metric, ...] = (*EVIDENCE, *METHODS, *SIZE, *ERRORS, *REPAIR, *COST)
"""Every metric, in the order of a panel."""

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
