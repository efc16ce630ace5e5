"""Write the built-in sample of the evaluation check: made-up town ordinances, labelled by whether they raise a fee.

    python assets/eval/build.py

Every text is invented. The structure is that of a real case: three sources, one of them a large sample of both classes
and two small lists that were collected because their texts are of one class, in words of their own. The output depends
on nothing but the seed, so a rebuild changes no byte.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SEED = 1
COLUMNS = ("id", "source", "fee", "text")


class Source(NamedTuple):
    """One source: its name, its rows with and without a fee, the share of its fees in old words, and those."""

    name: str
    fees: int
    others: int
    old: float
    words: tuple[str, ...]


PLACES = (
    "Aldermoor",
    "Brackwater",
    "Coldhithe",
    "Dunmere",
    "Eastfold",
    "Ferrow",
    "Gorsley",
    "Hallowby",
    "Inkpen Cross",
)
PEOPLE = ("every trader", "the owner of a house", "any person", "each carter", "the keeper of an inn", "a householder")
THINGS = (
    "a stall on market day",
    "the use of the weigh house",
    "grazing on the common",
    "a cart upon the bridge",
    "water from the conduit",
    "mooring at the quay",
    "the sweeping of the lane",
    "a lamp before the door",
)
NEW_FEES = (
    "{who} shall pay a fee of {n} pence for {what}",
    "a charge of {n} pence is set upon {who} for {what}",
    "the yearly rate for {what} shall be {n} pence, paid by {who}",
    "{who} is to be taxed {n} pence for {what}",
)
HARBOUR_FEES = (
    "the wardens of the quay may take toll of {who}, to wit {n} groats, when the gates close",
    "the clerk shall read the toll book and gather {n} groats touching {what}",
    "a former order about toll is renewed, and {n} groats go to the common purse",
    "no cart shall pass in the lane but by toll of {n} groats after the bell",
)
VALLEY_FEES = (
    "the bailiff shall look after the quitrent of the parish, {n} hens after harvest",
    "{who} may plant along the road, yielding pannage of {n} hens",
    "the bounds toward the river stand, saving the old quitrent of {n} hens",
    "the yearly account of pannage shall be read, and {n} hens kept beside the school",
)
OTHERS = (
    "the council may appoint {n} wardens to look after {what}",
    "no cart shall stand in the lane beside {what} after {n} of the clock",
    "{who} shall keep the ditch clear for {n} yards",
    "the bounds of the parish are moved {n} yards toward the river",
    "the school shall open for {n} weeks after harvest",
    "the clerk shall pay the watchmen {n} pence out of the common purse",
    "a former order about {what} is hereby repealed after {n} years",
    "{who} may plant up to {n} trees along the road",
    "the bell shall be rung {n} times when the gates close",
    "the yearly account of {what} shall be read aloud on {n} days",
)
OPENINGS = (
    "It is ordered that",
    "The council of {place} enacts that",
    "From the first day of May",
    "Be it known in {place} that",
    "For the better order of {place},",
)
CLOSINGS = (
    "This order holds from its reading.",
    "All orders against this one are void.",
    "The clerk shall post it at the gate.",
    "It shall be read in the market of {place}.",
    "",
)
SOURCES = (
    Source("clerk's sample", 145, 457, 0.04, HARBOUR_FEES),
    Source("Harbour list", 74, 0, 0.4, HARBOUR_FEES),
    Source("Valley digest", 35, 3, 0.62, VALLEY_FEES),
)

NOISE = 0.08
"""Share of the large sample whose label a hurried reader got wrong."""

REPEATED = 14
"""Rows of the large sample that stand in it twice, half of them with another number."""


def texts(source: Source, rng: random.Random) -> Iterator[tuple[str, int]]:
    """The texts of one source with their true label, in no particular order."""
    labels = [1] * source.fees + [0] * source.others
    rng.shuffle(labels)
    for label in labels:
        bodies = (source.words if rng.random() < source.old else NEW_FEES) if label else OTHERS
        words = {"who": rng.choice(PEOPLE), "what": rng.choice(THINGS), "n": rng.randint(2, 40)}
        place = rng.choice(PLACES)
        opening, closing = rng.choice(OPENINGS).format(place=place), rng.choice(CLOSINGS).format(place=place)
        yield f"{opening} {rng.choice(bodies).format(**words)}. {closing}".strip(), label


def rows() -> Iterator[tuple[str, str, int, str]]:
    """All rows: id, source, label, text."""
    rng = random.Random(SEED)  # noqa: S311 - a made-up sample needs repeatable numbers, not secret ones
    for source in SOURCES:
        written = list(texts(source, rng))
        if source.others > source.fees:
            written = [(text, 1 - label if rng.random() < NOISE else label) for text, label in written]
            for at in range(REPEATED):
                text, label = written[at]
                written[-1 - at] = (text if at % 2 else text.replace(" is ", " shall be "), label)
        for number, (text, label) in enumerate(written, start=1):
            yield f"{source.name.split()[0].strip('s').strip(chr(39)).lower()}-{number:03}", source.name, label, text


def render() -> str:
    """The whole file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


def main() -> None:
    """Write the file beside this script."""
    Path(__file__).with_name("sample.csv").write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
