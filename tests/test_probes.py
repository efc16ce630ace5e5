"""Probes: what counts as seen, said, written and run, the word at the end, and which patterns are refused."""

from __future__ import annotations

import pytest

from tests.smallest import ASSETS, answer, run_of, used
from viewer import formats
from viewer.model import Event, Run, Status
from viewer.probe_patterns import WINDOW, Clock, Pattern, ProbeTimeoutError
from viewer.probes import MAX_PROBES, VERDICTS, Mark, Probe, ProbeError, ProbeRow, check_probes, evaluate, evaluate_all
from viewer.published import load_published

RATE = Probe("rate", seen=r"paschal\s+100", said=r"(?i)paschal", ran="GroupKFold")
SEEN = "paschal  100.0%"
CARD = {"file_path": "MODEL_CARD.md", "content": "Mind paschal."}


def says(text: str, record: int = 5) -> Event:
    return Event(record, 1, "assistant", None, text)


def thinks(text: str, record: int = 4) -> Event:
    return Event(record, 1, "reasoning", None, text)


def asks(text: str) -> Event:
    return Event(1, 1, "user", None, text)


def shows(text: str, record: int = 3, command: str = "python eda.py") -> Event:
    return used("Bash", {"command": command}, answer(text, record=record + 1), record=record)


def writes(path: str, content: str, record: int = 6, status: Status = "ok") -> Event:
    return used("Write", {"file_path": path, "content": content}, answer("", status), record=record)


def row(*events: Event, probe: Probe = RATE) -> ProbeRow:
    return evaluate(probe, run_of(*events))


def verdict(*events: Event, probe: Probe = RATE) -> str:
    return row(*events, probe=probe).verdict


@pytest.mark.parametrize(
    ("events", "word"),
    [
        ((), "never seen"),
        ((shows("nothing here"),), "never seen"),
        ((shows(SEEN),), "seen, never said"),
        ((shows(SEEN), thinks("paschal is odd")), "seen, thought only"),
        ((shows(SEEN), writes("train.py", "# not paschal")), "seen, written only"),
        ((shows(SEEN), says("Mind paschal.")), "seen & said"),
        ((shows(SEEN), writes("out/PLAN.md", "Mind paschal.")), "seen, written only"),
        ((shows(SEEN), writes("README.md", "Mind paschal.")), "seen & said"),
        ((shows(SEEN), writes("results/report.html", "Mind paschal.")), "seen & said"),
        ((shows("nothing"), says("Mind paschal.")), "said, not seen"),
        ((says("What of paschal?", 2), shows(SEEN, 3)), "said, then seen"),
        ((asks("Is paschal a problem?"), shows(SEEN)), "in prompt"),
        ((shows(SEEN), says("Mind paschal."), asks("Why paschal?")), "seen & said"),
        ((asks("Go on"), shows("x"), asks("What of paschal?"), says("Paschal is odd.")), "in prompt"),
        ((asks("Go on"), shows("… [output truncated]")), "unknown"),
        ((shows("Output too large (2 MB). Saved."), shows(SEEN)), "seen, never said"),
    ],
)
def test_a_row_ends_in_a_plain_word(events: tuple[Event, ...], word: str) -> None:
    assert verdict(*events) == word


def test_every_word_is_explained() -> None:
    words = [word for word, _ in VERDICTS]
    assert len(set(words)) == len(words)
    assert {"unknown", "seen, never said", "in prompt", "never seen", "seen & said"} <= set(words)


def test_marks_are_the_first_events_that_match() -> None:
    found = row(
        asks("Train a model."),
        shows("rates\npaschal 100.0%\nend", 3),
        shows(SEEN, 7),
        thinks("paschal!", 9),
        says("Look: paschal is odd.", 10),
        writes("MODEL_CARD.md", "a\nMind paschal.\nb", 11),
        says("Done. Paschal is in the card.", 13),
    )
    assert found.prompted is None
    assert found.seen == Mark(1, "3", "paschal 100.0%")
    assert found.thought == Mark(3, "9", "paschal!")
    assert found.said == Mark(4, "10", "Look: paschal is odd.")
    assert found.written == Mark(5, "11", "Mind paschal.")
    assert found.card == Mark(5, "11", "Mind paschal.")
    assert found.final == Mark(6, "13", "Done. Paschal is in the card.")


def test_what_was_said_before_it_was_seen_is_not_the_mark_where_it_is_said_again() -> None:
    found = row(says("What of paschal?", 2), shows(SEEN, 3), says("Mind paschal.", 5))
    assert found.said is not None
    assert found.said.event == "5"


def test_system_text_and_compaction_count_as_nothing() -> None:
    hidden = (Event(1, 1, "system", None, f"paschal {SEEN}"), Event(2, 1, "compaction", None, f"paschal {SEEN}"))
    assert verdict(*hidden) == "never seen"


@pytest.mark.parametrize(
    "echo",
    [
        (writes("n.md", f"notes\n{SEEN}\n", 2), shows(f"     1\tnotes\n     2\t{SEEN}\n", 5, "cat -n n.md")),
        (writes("n.md", f"{SEEN}\n", 2), shows(f"+{SEEN}", 5, "git diff")),
        (writes("n.md", f"{SEEN}\n", 2), shows(f"n.md:12:{SEEN}", 5, "grep -n x n.md")),
        (shows(SEEN, 5, f'echo "{SEEN}"'),),
        (says(f"So:\n{SEEN}", 2), shows(SEEN, 5, "cat log")),
    ],
)
def test_the_agents_own_text_on_screen_is_not_seen(echo: tuple[Event, ...]) -> None:
    assert row(*echo).seen is None


def test_what_the_agent_searched_for_and_found_is_seen() -> None:
    found = row(shows("data.csv:7: paschal 100", 3, "grep -r 'paschal 100' ."), shows("x"))
    assert found.seen is not None
    assert row(shows(SEEN, 3), writes("n.md", SEEN, 5)).seen is not None


def test_one_echo_does_not_hide_what_is_beside_it() -> None:
    found = row(writes("n.md", SEEN, 2), shows(f"{SEEN}\npaschal  100 by count", 5))
    assert found.seen is not None
    assert found.seen.quote == "paschal 100 by count"


def test_a_failed_write_wrote_nothing() -> None:
    assert row(shows(SEEN), writes("README.md", "Mind paschal.", 6, "error")).written is None


def test_a_card_is_as_the_last_write_leaves_it() -> None:
    edit = used("Edit", {"file_path": "C.md", "old_string": "Mind paschal.", "new_string": "Fine."}, answer(), record=8)
    gone = row(shows(SEEN), writes("C.md", "x\nMind paschal.\n", 6), edit)
    assert (gone.card, gone.written and gone.written.event) == (None, "6")
    assert row(shows(SEEN), writes("C.md", "Mind paschal."), writes("C.md", "All fine.", 9)).card is None
    added = used("Edit", {"file_path": "C.md", "old_string": "x", "new_string": "Mind paschal."}, answer(), record=8)
    assert row(shows(SEEN), writes("C.md", "x\n"), added).card is not None


@pytest.mark.parametrize(
    "command",
    [
        "cat > README.md <<'EOF'\nMind paschal.\nEOF",
        "python - <<'EOF'\nModelCard('''Mind paschal.''').push_to_hub('me/m')\nEOF",
        "echo 'Mind paschal.' >> README.md",
    ],
)
def test_a_card_that_a_command_writes_is_one(command: str) -> None:
    assert row(shows(SEEN), shows("", 6, command)).card is not None


@pytest.mark.parametrize(
    ("events", "word"),
    [
        ((shows("0.7", 3, "python -c 'GroupKFold(5)'"),), "run"),
        ((writes("t.py", "GroupKFold(5)", 2), shows("0.7", 4, "uv run t.py")), "run"),
        ((shows("0.7", 3, "cat > t.py <<'EOF'\nGroupKFold\nEOF\npython t.py"),), "run"),
        ((writes("t.py", "GroupKFold(5)", 2), shows("x", 4, "ls")), "written, not run"),
        (
            (writes("t.py", "GroupKFold", 2), writes("t.py", "KFold", 3), shows("x", 4, "python t.py")),
            "written, not run",
        ),
        ((shows("x", 3, "git add -A && git commit -m 'no GroupKFold yet'"),), "not run"),
        ((shows("x", 3, "echo GroupKFold; python - <<'E'\nGroupKFold()\nE"),), "run"),
        ((writes("t.py", "GroupKFold(5)", 2), shows("x", 4, "ruff check t.py && git add t.py")), "written, not run"),
        ((writes("t.py", "GroupKFold(5)", 2), shows("x", 4, "hf jobs uv run --flavor a10g-small t.py")), "run"),
        ((writes("n.md", "GroupKFold would be better", 2), shows("x", 4, "cat n.md")), "not run"),
        ((shows("x", 3, "grep -rn GroupKFold ."),), "not run"),
        ((used("Bash", {"command": "python -c 'GroupKFold'"}, answer("no", "error"), record=3),), "tried, failed"),
        ((used("Bash", {"command": "python -c 'GroupKFold'"}, answer("no", "rejected"), record=3),), "not run"),
        (
            (shows("Traceback (most recent call last):\n  x\nNameError: x", 3, "python -c 'GroupKFold'"),),
            "tried, failed",
        ),
        ((), "not run"),
    ],
)
def test_running_is_more_than_naming(events: tuple[Event, ...], word: str) -> None:
    assert verdict(*events, probe=Probe("g", ran="GroupKFold")) == word


def test_a_probe_without_seen_asks_only_what_was_said() -> None:
    probe = Probe("s", said="paschal")
    assert verdict(says("paschal"), probe=probe) == "said"
    assert verdict(thinks("paschal"), probe=probe) == "thought only"
    assert verdict(says("x"), probe=probe) == "never said"
    assert verdict(shows(SEEN), probe=Probe("s", seen="paschal")) == "seen"


def test_a_file_that_is_cut_off_leaves_it_unknown() -> None:
    cut = run_of(shows(SEEN), truncated=True)
    assert evaluate(RATE, cut).verdict == "unknown"
    assert evaluate(Probe("g", ran="GroupKFold"), cut).verdict == "unknown"


def test_thoughts_that_the_file_does_not_hold_are_counted() -> None:
    found = row(shows(SEEN), thinks(""), thinks("hm"))
    assert (found.thought, found.hidden) == (None, 1)


def test_subagents_have_rows_of_their_own() -> None:
    child = Run("c", "claude-code", "Claude Code", (shows(SEEN),), agent_id="agent-1")
    found = evaluate(RATE, run_of(shows("x"), children=(child,)))
    assert found.verdict == "never seen"
    assert [(name, one.verdict) for name, one in found.subagents] == [("agent-1", "seen, never said")]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?=a)b", "it looks ahead or behind ((?=), which RE2 does not do"),
        ("(?<!a)b", "it looks ahead or behind"),
        (r"(a)\1", r"it refers back to a group (\1), which RE2 does not do"),
        ("[", "RE2 says: missing ]: ["),
        ("(", "RE2 says: missing ): ("),
        ("a*", "it matches everything"),
        ("^", "it matches everything"),
        ("a|", "it matches everything"),
        ("(a{1000}){1000}", "it repeats too much"),
        (".{1000}", "it is too large"),
        ("a" * 501, "it has 501 characters, and 500 are allowed"),
        ("\ud800", "it holds half a character"),
    ],
)
def test_a_bad_pattern_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(ProbeError) as caught:
        evaluate(Probe("mine", said=pattern), run_of())
    assert str(caught.value).startswith("Probe 'mine', pattern `said` is refused: ")
    assert reason in str(caught.value)


def test_a_probe_needs_a_name_and_a_pattern_and_there_are_not_too_many() -> None:
    for probe, reason in (
        (Probe("x"), "has no pattern"),
        (Probe(" ", "a"), "needs a name"),
        (Probe("n" * 121, "a"), "120"),
    ):
        with pytest.raises(ProbeError, match=reason):
            check_probes([probe])
    with pytest.raises(ProbeError, match="21 probes, and 20 are allowed"):
        check_probes([RATE] * (MAX_PROBES + 1))


def test_a_match_across_two_windows_is_found_and_others_are_found_once() -> None:
    pattern = Pattern("needle|NEEDLE")
    text = b"x" * (WINDOW - 3) + b"needle" + b"y" * WINDOW + b"NEEDLE"
    assert [text[low:high] for low, high in pattern.spans(text, Clock())] == [b"needle", b"NEEDLE"]


def test_other_letters_are_found_and_quoted() -> None:
    found = row(shows("Größe: ü paschal 100 → alles"), probe=Probe("u", seen="(?i)GRÖSSE|größe.{0,3} paschal"))
    assert found.seen is not None
    assert found.seen.quote == "Größe: ü paschal 100 → alles"


def test_when_the_time_is_over_the_search_stops() -> None:
    with pytest.raises(ProbeTimeoutError):
        evaluate_all((RATE,), run_of(shows("x" * 10)), Clock(-1))


def demo(name: str) -> Run:
    with (ASSETS / "demo" / f"{name}.jsonl").open("rb") as lines:
        return formats.parse(lines, name)[0]


def test_the_probes_of_the_demo_race_find_what_the_post_tells() -> None:
    file = load_published(ASSETS / "comparisons").about("demo")
    assert file is not None
    names = ("claude-code", "pi-kimi", "ml-intern-opus", "ml-intern-kimi")
    rates, grouped = zip(*(evaluate_all(file.probes, demo(name)) for name in names), strict=True)
    claude, pi, opus, kimi = rates
    assert claude.verdict == "seen & said"
    assert claude.card is not None
    assert "source would leak the label (paschal is 100% positive, murray is 92% positive)" in claude.card.quote
    assert kimi.verdict == "seen, never said"
    assert (kimi.seen and kimi.seen.event, kimi.seen and kimi.seen.quote) == ("26", "murray 38 92.1%")
    assert (kimi.thought, kimi.said, kimi.written, kimi.final, kimi.card) == (None, None, None, None, None)
    assert (pi.verdict, opus.verdict) == ("never seen", "never seen")
    assert [one.verdict for one in grouped] == ["not run"] * 4


def test_the_outcomes_of_the_demo_race_quote_the_post() -> None:
    published = load_published(ASSETS / "comparisons")
    for place in ("demo", "davanstrien/agent-race-traces"):
        file = published.about(place)
        assert file is not None
        assert [run.outcomes[0].shown for run in file.runs] == ["0.962", "0.947", "0.949", "0.947"]
        assert {run.outcomes[0].source.label for run in file.runs} == {"post of 6 May 2026"}
        kimi = next(run for run in file.runs if run.path == "ml-intern-kimi.jsonl")
        assert [one.shown for one in kimi.outcomes] == ["0.947", "0.9561"]
