"""What calls change in files, whichever tool makes the change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.smallest import used
from viewer.commands import read_commands
from viewer.edits import Change, changes_of, is_card, is_scratch, name_of, with_former_text

PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n keep\n-x = 1\n+x = 2\n*** Add File: b.py\n+y\n*** End Patch"


def changes(tool: str, arguments: Any) -> tuple[Change, ...]:
    event = used(tool, arguments)
    return changes_of(event, read_commands((event,))[0])


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("Edit", {"file_path": "a.py", "old_string": "x", "new_string": "y"}, [("a.py", "x", "y")]),
        ("edit", {"path": "a.py", "edits": [{"oldText": "x", "newText": "y"}] * 2}, [("a.py", "x", "y")] * 2),
        ("Write", {"file_path": "a.py", "content": "x"}, [("a.py", "", "x")]),
        ("Write", {"file_path": "a.py", "content": ""}, [("a.py", "", "")]),
        ("apply_patch", PATCH, [("a.py", "keep\nx = 1", "keep\nx = 2"), ("b.py", "", "y")]),
        (
            "Bash",
            {"command": f"apply_patch <<'EOF'\n{PATCH}\nEOF"},
            [("a.py", "keep\nx = 1", "keep\nx = 2"), ("b.py", "", "y")],
        ),
        ("Bash", {"command": "cat > a.py <<'EOF'\nx\nEOF"}, [("a.py", "", "x\n")]),
        ("Bash", {"command": "sed -i 's/x/y/' a.py"}, [("a.py", "", "s/x/y/")]),
        (
            "hf_jobs",
            {"operation": "run", "script": "import torch\ntrain()"},
            [("job script", "", "import torch\ntrain()")],
        ),
        ("hf_jobs", {"operation": "run", "script": "/app/train.py"}, []),
        ("Read", {"file_path": "a.py"}, []),
        ("Bash", {"command": "cat a.py"}, []),
        ("Edit", {"file_path": "a.py"}, []),
    ],
)
def test_every_tool_says_what_it_changes(tool: str, arguments: Any, expected: list[tuple[str, str, str]]) -> None:
    assert [(one.path, one.old, one.new) for one in changes(tool, arguments)] == expected


def test_a_file_written_again_has_its_former_text_with_the_edits_since() -> None:
    made = [
        (Change("a.py", "", "x = 1\n", whole=True),),
        (Change("a.py", "1", "2"),),
        (Change("a.py", "", "x = 3\n", whole=True),),
    ]
    assert [change.old for (change,) in with_former_text(made)] == ["", "1", "x = 2\n"]


@pytest.mark.parametrize("path", ["README.md", "/w/MODEL_CARD.md", "model-card.md", "docs/dataset_card.md"])
def test_a_file_for_readers_is_a_card(path: str) -> None:
    assert is_card(path)


@pytest.mark.parametrize("path", ["discard.py", "notes.md", "readme.py", "card/train.py"])
def test_other_files_are_no_card(path: str) -> None:
    assert not is_card(path)


def test_scratch_lies_outside_the_project() -> None:
    assert is_scratch("/private/tmp/a.md")
    assert is_scratch("$tmpdir/a.md")
    assert is_scratch(r"C:\Users\me\AppData\Local\Temp\a.py")
    assert not is_scratch("/w/tmp/a.md")


def test_names_of_files_are_known_on_every_system() -> None:
    assert name_of("/w/src/a.py") == name_of(r"D:\src\a.py") == name_of("a.py") == "a.py"
