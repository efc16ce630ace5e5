"""Copies of texts: word for word and nearly, within groups and across, on both sides of a split."""

from __future__ import annotations

import random

import numpy as np

from tests.labelled import FILLER, coded
from viewer.evalcheck.copies import Clusters, copies_of, find_copies


def words(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"{rng.choice(FILLER)}{rng.randrange(50)}" for _ in range(count)]


def silent(done: int) -> None:
    return None


def clusters(*texts: str) -> Clusters:
    return find_copies(texts, silent)


def test_case_spaces_and_punctuation_do_not_hide_a_copy() -> None:
    found = clusters("That all laws, in conflict.", "that  all LAWS in conflict", "Another law.")
    assert found.exact.tolist() == [0, 0, 2]
    assert found.near.tolist() == [0, 0, 2]


def test_a_long_text_with_a_few_words_changed_is_nearly_the_same() -> None:
    first = words(200, 1)
    second = first.copy()
    second[100] = "changed"
    found = clusters(" ".join(first), " ".join(second), " ".join(words(200, 2)))
    assert found.exact.tolist() == [0, 1, 2]
    assert found.near.tolist() == [0, 0, 2]
    [(one, other, similarity)] = found.links
    assert (one, other) == (0, 1)
    assert similarity >= 0.8


def test_texts_that_share_half_their_words_are_not_the_same() -> None:
    first, second = words(100, 1), words(100, 2)
    assert clusters(" ".join(first), " ".join(first[:50] + second[:50])).near.tolist() == [0, 1]


def test_short_texts_are_copies_only_word_for_word() -> None:
    assert clusters("Done.", "Done it.", "done").near.tolist() == [0, 1, 0]


def test_the_same_texts_give_the_same_answer_in_any_process() -> None:
    texts = [" ".join(words(40, seed)) for seed in range(5)]
    assert find_copies(texts, silent).near.tolist() == [0, 1, 2, 3, 4]


def test_copies_across_groups_of_other_labels_and_across_a_split_are_counted() -> None:
    texts = ["a copy of it", "a copy of it", "one more row", "one more row", "the rest one", "the rest two"]
    labels = ["1", "1", "1", "0", "0", "0"]
    groups = ["x", "y", "x", "x", "x", "y"]
    rows = coded([*zip(texts, labels, groups, strict=True), *[(f"plain {at}", str(at % 2), "x") for at in range(10)]])
    everything = np.arange(len(rows.y))
    train, test = everything[[0, 2, 4, 5]], everything[[1, 6]]
    found = copies_of(rows, find_copies(rows.texts, silent), [(train, test)], everything)
    assert (found.exact, found.near, found.across, found.disagreeing, found.leaked) == (4, 0, 2, 2, 0.5)
    assert [pair.rows for pair in found.pairs] == [(1, 2), (3, 4)]
    assert found.pairs[0].groups == ("x", "y")


def test_the_search_says_how_far_it_is() -> None:
    told: list[int] = []
    find_copies(["text"] * 1200, told.append)
    assert told == [0, 500, 1000]
