"""Files changed through the shell."""

from __future__ import annotations

from tests.annotations.story import Story
from viewer.annotations.shell_writes import ANNOTATOR


def test_heredocs_and_sed_in_place_are_edits() -> None:
    story = Story()
    first = story.bash("cat > src/a.py <<'EOF'\nx = 1\nEOF")
    second = story.bash("sed -i 's/x/y/' src/a.py b.py")
    (found,) = story.found(ANNOTATOR)
    assert found.events == (first, second)
    assert found.message == "2 files changed through the shell, which no edit tool shows: `a.py`, `b.py`"
    assert found.facts == {"paths": ["src/a.py", "b.py"], "times": 2}


def test_a_pattern_is_not_counted_as_a_file_and_a_name_is_told_once() -> None:
    story = Story()
    story.bash("sed -i 's/x/y/' src/a.py lib/a.py *.ts")
    (found,) = story.found(ANNOTATOR)
    said = "2 files and those of 1 pattern changed through the shell, which no edit tool shows: `a.py`, `*.ts`"
    assert found.message == said


def test_an_edit_tool_is_no_shell() -> None:
    story = Story()
    story.write("a.py", "x = 1")
    assert story.found(ANNOTATOR) == []


def test_scratch_files_output_sent_away_and_failed_writes_are_none() -> None:
    story = Story()
    story.bash("cat > /private/tmp/body.md <<'EOF'\nHi\nEOF")
    story.bash("pytest > /dev/null 2>&1")
    story.bash("sed -n 's/x/y/p' a.py")
    story.fails("cat > a.py <<'EOF'\nx\nEOF", "a.py: Permission denied")
    assert story.found(ANNOTATOR) == []
