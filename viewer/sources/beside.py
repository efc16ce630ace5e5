"""The small files beside traces that describe them: the card, `comparison.yaml`, tables of results.

They are asked for by name, so that no listing is needed, and each is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from viewer.sources.contract import Source, SourceError

NAMES: Final = (
    "README.md",
    "comparison.yaml",
    "comparison.yml",
    "results.csv",
    "outcomes.csv",
    "runs.csv",
    "results.tsv",
)
"""At the root of a dataset or folder."""

EVAL_RESULTS: Final = ".eval_results"
"""Folder with one file for each run, named as its trace."""

MAX_BYTES = 2**18
MAX_FILES = 256


@dataclass(frozen=True, slots=True)
class Beside:
    """What is beside the traces: the bytes of each file by its path, and what could not be read, in sentences."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_beside(source: Source, paths: Iterable[str] = ()) -> Beside:
    """The files beside the traces of a source. `paths` are its traces, for the results named after them.

    Never raises: a file that is not there is left out, one that cannot be read is said.
    """
    found: dict[str, bytes] = {}
    problems: list[str] = []
    for name in islice(_names(paths), MAX_FILES):
        try:
            size = source.file(name).size
        except SourceError:
            continue
        if size > MAX_BYTES:
            problems.append(f"{name} is not read: it has {size:,} bytes, and {MAX_BYTES:,} are allowed.")
            continue
        try:
            with source.open(name) as file:
                found[name] = file.read(MAX_BYTES)
        except SourceError as error:
            problems.append(f"{name} is not read. {error}")
    return Beside(found, tuple(problems))


def _names(paths: Iterable[str]) -> Iterator[str]:
    yield from NAMES
    for stem in dict.fromkeys(PurePosixPath(path).stem for path in paths):
        yield f"{EVAL_RESULTS}/{stem}.yaml"
