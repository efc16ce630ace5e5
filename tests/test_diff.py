"""Diffs as files of lines, from unified diffs and from `apply_patch` texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.diff import diff_files, patch_files


def lines(diff: str) -> list[Any]:
    found = diff_files("a.py", diff, None)
    assert len(found) == 1
    return list(found[0]["lines"])


def test_lines_are_numbered_from_their_hunk() -> None:
    assert lines("@@ -3,2 +5,2 @@ def f\n a\n-b\n+c\n d") == [
        ["@", None, None, "def f"],
        [" ", 3, 5, "a"],
        ["-", 4, None, "b"],
        ["+", None, 6, "c"],
        [" ", 5, 7, "d"],
    ]


def test_each_hunk_begins_its_own_numbers() -> None:
    found = lines("@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-c\n+d")
    assert [line[1:3] for line in found if line[0] != "@"] == [[1, None], [None, 1], [9, None], [None, 9]]


def test_a_hunk_without_places_has_no_numbers() -> None:
    assert lines("@@ -1 +1 @@\n a\n@@\n b")[-1] == [" ", None, None, "b"]


def test_the_head_of_a_diff_is_no_line() -> None:
    diff = "diff --git a/a b/a\nindex 1..2\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+c\n"
    assert [line[0] + line[3] for line in lines(diff)[1:]] == ["-b", "+c"]


@pytest.mark.parametrize("head", ["@@ -1 +1 @@", "@@ @@"])
def test_a_line_that_looks_like_a_head_stays_a_line(head: str) -> None:
    assert [line[0] + line[3] for line in lines(f"{head}\n--- x\n+++ y")[1:]] == ["--- x", "+++ y"]


def test_two_files_of_one_diff_stay_two_files() -> None:
    diff = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ c.py\n@@ -0,0 +1,1 @@\n+d"
    found = diff_files("", diff, None)
    assert [(file["path"], [line[0] + line[3] for line in file["lines"][1:]]) for file in found] == [
        ("a.py", ["-a", "+b"]),
        ("c.py", ["+d"]),
    ]


@pytest.mark.parametrize("diff", ["", "\n\n", "no diff", "--- a\n+++ a"])
def test_a_diff_without_lines_has_no_file(diff: str) -> None:
    assert diff_files("a.py", diff, None) == []


def test_a_line_number_of_many_digits_is_no_number() -> None:
    assert lines(f"@@ -{'9' * 5_000} +1 @@\n+a")[1] == ["+", None, None, "a"]


def test_a_patch_names_what_becomes_of_each_file() -> None:
    patch = (
        "*** Begin Patch\n*** Add File: a\n+x\n*** Delete File: b\n*** Update File: c\n*** Move to: d\n"
        "@@ class E\n same\n-old\n+new\n*** End of File\n*** End Patch\n"
    )
    assert patch_files(patch, None) == [
        {"path": "a", "change": "add", "lines": [["+", None, None, "x"]]},
        {"path": "b", "change": "delete", "lines": []},
        {
            "path": "c → d",
            "change": "update",
            "lines": [
                ["@", None, None, "class E"],
                [" ", None, None, "same"],
                ["-", None, None, "old"],
                ["+", None, None, "new"],
            ],
        },
    ]


def test_a_cut_patch_says_its_length_on_every_file_that_is_left() -> None:
    patch = "*** Add File: a\n+x\n*** Add File: b\n+y\n"
    assert [(file["path"], file["cut"]) for file in patch_files(patch, 20)] == [("a", len(patch))]


PIECES = st.lists(
    st.sampled_from(["@@ -1,2 +3 @@ f", "@@", "@@ -x +y @@", "--- a", "+++ b", "-", "+", " ", "", "\\ No",
                     "*** Move to: x", "*** Update File: a", "*** Add File: ", "*** End Patch"]) | st.text(max_size=5)
).map("\n".join)  # fmt: skip


@given(PIECES, st.none() | st.integers(0, 50))
def test_any_text_gives_files_of_lines(text: str, limit: int | None) -> None:
    for file in diff_files("a", text, limit) + patch_files(text, limit):
        for sign, old, new, _ in file["lines"]:
            assert sign in ("@", " ", "+", "-")
            assert (old is None or sign != "+") and (new is None or sign != "-")
