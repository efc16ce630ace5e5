"""What holds for every annotator: named once, never raises, sends readers to events, costs about the same per event."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from viewer.annotations import ANNOTATORS, OPTIONAL, annotate
from viewer.annotations.contract import Annotator
from viewer.formats.tools import TOOLS
from viewer.model import KINDS, STATUSES, Event, Run, ToolCall, ToolResult, Usage

ALL = (*ANNOTATORS, *OPTIONAL)

WORDS = (
    "pytest -x",
    "python train.py | tail -3",
    "cat > a.py <<'EOF'\nfrom sklearn import x\ntrain_test_split(x)\nEOF",
    "sed -i 's/tokenizer=/processing_class=/' a.py",
    "hf jobs cancel 12",
    "git commit --no-verify",
    "bash: hf: command not found",
    "Trainer.__init__() got an unexpected keyword argument 'tokenizer'",
    "KeyError: 'label'",
    "error: unknown option '--x'",
    "No module named 'datasets'",
    "F1: 0.947, n = 357",
    "All tests pass.",
    "*** Begin Patch\n*** Update File: a.py\n-x\n+y\n*** End Patch",
    "auto, 156,699 tokens before",
    "529 overloaded",
)
NAMES = (*(name for _, names in TOOLS for name in names.split()), "mcp__docs__read", "unheard_of")
CATEGORIES = tuple(category for category, _ in TOOLS)

texts = st.sampled_from(WORDS) | st.text(max_size=30)
values = texts | st.none() | st.integers() | st.lists(texts | st.dictionaries(texts, texts, max_size=2), max_size=2)
keys = st.sampled_from(("command", "file_path", "content", "old_string", "new_string", "edits", "operation", "script"))
inputs = st.none() | texts | st.dictionaries(keys, values, max_size=4)
times = st.none() | st.integers(0, 10**13)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of any kind, whose words look like something to most annotators."""
    record, time, kind = draw(st.integers(1, 99)), draw(times), draw(st.sampled_from(KINDS))
    if kind != "tool":
        usage = draw(st.none() | st.just(Usage(input=5, output=1)))
        return Event(record, 1, kind, time, draw(texts), label=draw(texts), usage=usage)
    result = None
    if draw(st.integers(0, 9)):
        status, code = draw(st.sampled_from(STATUSES)), draw(st.none() | st.integers(-1, 300))
        result = ToolResult(draw(st.integers(1, 99)), draw(times), status, draw(texts), code)
    call = ToolCall("c", draw(st.sampled_from(NAMES)), draw(st.sampled_from(CATEGORIES)), draw(inputs), result)
    return Event(record, 1, "tool", time, call=call)


@given(st.lists(events(), max_size=20))
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_annotator_raises_and_every_annotation_points_at_events(made: list[Event]) -> None:
    annotated = annotate(Run("s1", "claude-code", "Claude Code", tuple(made)), ALL)
    assert annotated.crashed == ()
    for found in annotated.annotations:
        assert found.events
        assert all(0 <= index < len(made) for index in found.events)
        assert found.message
        assert "\n" not in found.message
        assert not found.message.endswith(".")


def test_every_annotator_is_named_once_and_those_of_confidence_c_are_off() -> None:
    assert len({annotator.name for annotator in ALL}) == len(ALL)
    assert all(annotator.confidence != "C" for annotator in ANNOTATORS)
    assert all(annotator.confidence == "C" for annotator in OPTIONAL)


def test_an_annotator_that_fails_costs_its_own_annotations_alone() -> None:
    def fail(_: object) -> list[object]:
        raise ValueError("no")

    run = Run("s1", "pi", "Pi", (Event(1, 1, "compaction", None),))
    annotated = annotate(run, (Annotator("bad", fail), *ANNOTATORS))  # type: ignore[arg-type]
    assert annotated.crashed == ("bad",)
    assert [found.kind for found in annotated.annotations] == ["compaction"]


def test_an_empty_run_has_no_annotations() -> None:
    annotated = annotate(Run("s1", "pi", "Pi", ()), ALL)
    assert (annotated.annotations, annotated.crashed) == ((), ())
