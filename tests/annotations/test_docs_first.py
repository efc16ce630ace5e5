"""What came before the first edit."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.docs_first import ANNOTATOR


def test_reading_documentation_first_is_told_with_its_share() -> None:
    story = Story()
    docs = (
        story.call("WebFetch", {"url": "https://example.com/docs"}, "How to"),
        story.bash("hf jobs --help", "Usage"),
        story.read("/w/README.md"),
    )
    story.bash("ls")
    edit = story.edit("a.py")
    (found,) = story.found(ANNOTATOR)
    assert (found.kind, found.events) == ("first_edit", (edit, *docs))
    assert found.message == "Documentation first: 3 of 4 calls before the first edit read it"
    assert (found.facts["calls"], found.facts["docs"], found.facts["share"]) == (4, 3, 0.75)


def test_acting_first_is_told_as_a_fact() -> None:
    story = Story()
    story.bash("ls")
    story.write("a.py", "x")
    (found,) = story.found(ANNOTATOR)
    assert found.message == "The first edit came after 1 call, none of them on documentation"


def test_an_edit_at_once_is_told_as_one() -> None:
    story = Story()
    story.edit("a.py")
    assert story.found(ANNOTATOR)[0].message == "The first call was an edit"


def test_a_heredoc_is_an_edit() -> None:
    story = Story()
    at = story.bash("cat > a.py <<'EOF'\nx\nEOF")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (at,)
    assert found.facts["share"] is None


def test_what_the_harness_told_it_to_read_is_not_its_choice() -> None:
    story = Story()
    story.add("system", "Read docs/guide.md and /w/skills/x/SKILL.md first", "instructions")
    story.read("docs/guide.md")
    story.read("/w/skills/x/SKILL.md")
    story.edit("a.py")
    assert story.found(ANNOTATOR)[0].facts["docs"] == 0


def test_source_files_and_scratch_are_neither_documentation_nor_an_edit() -> None:
    story = Story()
    story.read("src/docker.py")
    story.write("/private/tmp/notes.md", "x")
    story.edit("a.py")
    assert (story.found(ANNOTATOR)[0].facts["calls"], story.found(ANNOTATOR)[0].facts["docs"]) == (2, 0)


def test_a_run_without_an_edit_says_nothing() -> None:
    story = Story()
    story.read("README.md")
    assert story.found(ANNOTATOR) == []
