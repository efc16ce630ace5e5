"""The same part of a file read again."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.rereads import ANNOTATOR

TEXT = "def read():\n    pass\n" * 20


def test_the_same_text_read_twice_is_told() -> None:
    story = Story()
    first = story.read("/w/src/a.py", TEXT)
    story.said("Hm.")
    second = story.read("/w/src/a.py", TEXT)
    (found,) = story.found(ANNOTATOR)
    assert (found.events, found.confidence) == ((first, second), "B")
    assert found.message == "The same part of `a.py` was read 2 times, with the same text coming back"
    assert found.facts == {"path": "/w/src/a.py", "reads": 2}


def test_reading_through_the_shell_counts() -> None:
    story = Story()
    story.bash("sed -n '1,80p' a.py", TEXT)
    story.bash("sed -n '1,80p' a.py", TEXT)
    assert len(story.found(ANNOTATOR)) == 1


def test_another_part_or_another_text_is_no_reread() -> None:
    story = Story()
    story.read("a.py", TEXT, offset=1)
    story.read("a.py", TEXT, offset=90)
    story.read("b.py", TEXT)
    story.edit("b.py")
    story.read("b.py", TEXT + "more")
    assert story.found(ANNOTATOR) == []


def test_a_compaction_in_between_makes_it_a_first_reading() -> None:
    story = Story()
    story.read("a.py", TEXT)
    story.add("compaction")
    story.read("a.py", TEXT)
    assert story.found(ANNOTATOR) == []


def test_the_same_tests_run_again_are_no_reading() -> None:
    story = Story()
    story.bash("pytest", TEXT)
    story.bash("pytest", TEXT)
    assert story.found(ANNOTATOR) == []
