"""Compactions of the context."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.compactions import ANNOTATOR


def test_a_compaction_is_told_with_its_trigger_and_size() -> None:
    story = Story()
    at = story.add("compaction", "auto, 156,699 tokens before")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events) == ("compaction", (at,))
    assert found.message == "Context compacted by the harness at 156,699 tokens"
    assert found.facts == {"tokens_before": 156_699, "trigger": "auto", "partial": False}


def test_a_size_that_is_not_told_is_unknown() -> None:
    story = Story()
    story.add("compaction")
    (found,) = story.found(ANNOTATOR)
    assert (found.message, found.facts["tokens_before"]) == ("Context compacted", None)


def test_two_records_of_one_compaction_are_one() -> None:
    story = Story()
    story.add("compaction")
    story.add("system", "Summary: …", "compaction summary")
    story.add("compaction", "manual, 9,000 tokens before")
    (found,) = story.found(ANNOTATOR)
    assert found.message == "Context compacted on the user's command at 9,000 tokens"


def test_old_results_that_were_dropped_are_called_so() -> None:
    story = Story()
    story.add("compaction", "auto, 60,364 tokens before", "microcompaction")
    assert story.found(ANNOTATOR)[0].message.startswith("Old tool results dropped from the context")


def test_talk_about_compacting_is_none() -> None:
    story = Story()
    story.user("/compact is what I typed last time")
    story.said("auto, 156,699 tokens before")
    assert story.found(ANNOTATOR) == []
