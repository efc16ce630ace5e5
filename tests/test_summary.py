"""What a list says of a run, and that it is stored and read back unchanged."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.smallest import answer, run_of, used
from viewer.annotations import annotate
from viewer.metrics import measure
from viewer.model import Event, Problem, Run, Usage
from viewer.ribbon import encode_ribbon
from viewer.summary import RunSummary, summarise, summary_from_row

NOON = 1_750_000_000_000
FAILED = used("Bash", {}, answer(status="error"), time=NOON)


def prompts(*seconds: int) -> tuple[Event, ...]:
    return tuple(Event(at, 1, "user", NOON + second * 1_000, "Fix it") for at, second in enumerate(seconds, 1))


def of(*events: Event, **facts: Any) -> RunSummary:
    return summarise(run_of(*events, **facts))


def test_the_facts_of_a_run_are_kept() -> None:
    usage = Usage(input=1, output=2, cache_read=4, cache_write=8, cost_usd=0.5)
    run = run_of(
        *prompts(0, 9),
        FAILED,
        part="2",
        harness_version="2.1",
        title="Fix\n it",
        prompt="Please\n fix it",
        models=("m", "n"),
        cwd="/w",
        started=NOON,
        ended=NOON + 9_000,
        usage=usage,
        unreadable=3,
        problems=(Problem(4, "not JSON"),),
        agent_id="a1",
        parent="s0",
        call="7.2",
    )
    assert summarise(run) == RunSummary(
        id="s1",
        part="2",
        format="claude-code",
        harness="Claude Code",
        harness_version="2.1",
        title="Fix it",
        prompt="Please fix it",
        models=("m", "n"),
        cwd="/w",
        started=NOON,
        ended=NOON + 9_000,
        events=3,
        tool_calls=1,
        flagged=1,
        inferred=0,
        output_tokens=2,
        tokens=15,
        cost_usd=0.5,
        problems=3,
        agent_id="a1",
        parent="s0",
        call="7.2",
        subagents=(),
        warmup=False,
        metrics=measure(annotate(run)),
        ribbon=encode_ribbon(annotate(run)),
        claims={"pushed": [], "reported": []},
        cells="oof",
    )


def test_what_a_run_does_not_state_is_unknown_and_never_zero() -> None:
    found = of(*prompts(0, 9))
    assert (found.started, found.ended, found.output_tokens, found.tokens, found.cost_usd) == (None,) * 5
    assert (found.title, found.prompt, found.harness_version, found.cwd) == (None,) * 4


@pytest.mark.parametrize(
    ("flags", "events", "flagged"),
    [(True, (), 0), (True, (FAILED,), 1), (False, (), None), (False, (FAILED,), 1)],
    ids=["none", "one", "no flags", "an exit code without flags"],
)
def test_flagged_errors_are_unknown_only_where_none_could_be_told(
    flags: bool, events: Any, flagged: int | None
) -> None:
    assert of(*events, flags_errors=flags).flagged == flagged


@pytest.mark.parametrize(
    ("seconds", "known"), [((0, 9, 18, 27), True), ((0, 0, 0, 0), False), ((0, 0), True)], ids=["good", "equal", "few"]
)
def test_the_end_of_a_run_whose_times_mean_nothing_is_unknown(seconds: tuple[int, ...], known: bool) -> None:
    assert (of(*prompts(*seconds), started=NOON, ended=NOON + 27_000).ended is not None) is known


def test_inline_subagents_are_counted_with_their_run() -> None:
    child = Run("s1/a1", "claude-code", "Claude Code", (FAILED,), agent_id="a1", usage=Usage(output=4, cost_usd=0.25))
    found = of(FAILED, usage=Usage(output=3, cost_usd=0.5), children=(child,))
    assert (found.events, found.tool_calls, found.flagged, found.subagents) == (2, 2, 2, ("a1",))
    assert (found.output_tokens, found.cost_usd) == (7, 0.75)


def test_a_long_title_and_prompt_are_cut() -> None:
    found = of(title="word " * 1_000, prompt="word " * 1_000)
    assert (len(found.title or ""), len(found.prompt or "")) == (160, 300)


@pytest.mark.parametrize(
    ("agent", "records", "prompt", "warmup"),
    [("a1", 2, "Warmup", True), ("a1", 4, "Warmup", False), ("a1", 2, "Look", False), (None, 2, "Warmup", False)],
)
def test_only_a_short_subagent_that_is_asked_to_warm_up_is_a_warm_up(
    agent: str | None, records: int, prompt: str, warmup: bool
) -> None:
    assert of(*prompts(0), agent_id=agent, records=records, prompt=prompt).warmup is warmup


def test_a_summary_reads_back_as_it_was_written() -> None:
    found = of(*prompts(0, 9), FAILED, models=("m",), usage=Usage(output=4), title="Fix it")
    assert summary_from_row(orjson.loads(orjson.dumps(found.as_row()))) == found


def test_a_row_of_a_later_version_reads_back_without_what_it_adds() -> None:
    found = of(*prompts(0))
    assert summary_from_row(found.as_row() | {"new": 1}) == found


@pytest.mark.parametrize("broken", [{"models": None}, {"subagents": 5}])
def test_a_row_with_a_broken_value_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        summary_from_row(of().as_row() | broken)


def test_a_row_that_lacks_a_field_is_refused() -> None:
    row = of().as_row()
    del row["events"]
    with pytest.raises(KeyError):
        summary_from_row(row)
