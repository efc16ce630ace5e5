"""Texts that are copies of each other, word for word or nearly, found in one pass over the rows.

Each text becomes the set of its three-word shingles, and the set a MinHash signature of 64 numbers (Broder, 1997). Rows
that agree in all four numbers of one of 16 bands fall into one bucket and are compared with the bucket's first row
alone, so the work grows with the rows and not with their pairs. Nearly the same: signatures that agree in 80 % or more.
Of two texts that share 80 % of their shingles, at least one band agrees with a probability over 99.9 %.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evalcheck.result import Copies, CopyPair
from viewer.evalcheck.rows import Integers, Rows

SHINGLE = 3
SIGNATURE = 64
BANDS = 16
ALIKE = 0.8
LONGEST = 3_000
"""Words of a text that are looked at."""

FEWEST = 8
"""Words from which a text can be nearly another; shorter ones are copies only word for word."""

SHOWN = 5
EXCERPT = 160

_WORD = re.compile(r"\w+")
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Clusters:
    """`exact` and `near` number rows: those with one number are copies, near ones by way of others if need be.

    `links` are the pairs that were found nearly the same, with their similarity.
    """

    exact: Integers
    near: Integers
    links: tuple[tuple[int, int, float], ...]


def find_copies(texts: Sequence[str], step: Callable[[int], None]) -> Clusters:
    """Compare all texts. `step` is told how many are done, and may raise."""
    folded: dict[str, int] = {}
    hashes: dict[str, int] = {}
    exact = np.empty(len(texts), dtype=np.int64)
    signed: list[int] = []
    signatures: list[NDArray[np.uint32]] = []
    for row, text in enumerate(texts):
        if row % 500 == 0:
            step(row)
        words = _WORD.findall(text.casefold())
        exact[row] = folded.setdefault(" ".join(words), row)
        if exact[row] == row and len(words) >= FEWEST:
            signed.append(row)
            signatures.append(_signature(words[:LONGEST], hashes))
    links = tuple(_links(np.array(signed, dtype=np.int64), np.array(signatures))) if signed else ()
    parent = exact.tolist()
    for first, second, _ in links:
        parent[_root(parent, second)] = _root(parent, first)
    near = np.array([_root(parent, row) for row in range(len(texts))], dtype=np.int64)
    return Clusters(exact, near, links)


def _links(rows: Integers, signatures: NDArray[np.uint32]) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows that are nearly the same: of each bucket of each band, its first row with every other."""
    width = SIGNATURE // BANDS
    found: set[tuple[int, int]] = set()
    for band in range(BANDS):
        keys = np.ascontiguousarray(signatures[:, band * width : (band + 1) * width]).view(f"V{4 * width}").ravel()
        _, first, bucket = np.unique(keys, return_index=True, return_inverse=True)
        seconds = np.flatnonzero(first[bucket] != np.arange(len(rows)))
        firsts = first[bucket][seconds]
        alike = (signatures[firsts] == signatures[seconds]).mean(axis=1)
        for one, other, similarity in zip(rows[firsts], rows[seconds], alike, strict=True):
            if similarity >= ALIKE and (one, other) not in found:
                found.add((int(one), int(other)))
                yield int(one), int(other), float(similarity)


def _signature(words: list[str], hashes: dict[str, int]) -> NDArray[np.uint32]:
    """The smallest of each of 64 hashes over a text's shingles."""
    codes = np.array([_code(word, hashes) for word in words], dtype=np.uint64)
    shingles = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for at in range(SHINGLE):
        shingles = _mixed(shingles + codes[at : at + len(shingles)])
    return np.asarray(_mixed(shingles[:, None] ^ _SALTS[None, :]).min(axis=0) >> np.uint64(32)).astype(np.uint32)


def _code(word: str, hashes: dict[str, int]) -> int:
    """A number for a word that is the same in every process, as Python's own hash of a text is not."""
    if word not in hashes:
        hashes[word] = zlib.crc32(word.encode("utf-8", "surrogatepass"))
    return hashes[word]


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number with its bits spread over all 64 (the finaliser of SplitMix64)."""
    values = values + _MIX
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_SALTS = _mixed(np.arange(1, SIGNATURE + 1, dtype=np.uint64))


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def copies_of(rows: Rows, clusters: Clusters, parts: Sequence[tuple[Integers, Integers]], fitted: Integers) -> Copies:
    """Counts of copies, within groups and across; `parts` are the random splits, of the rows `fitted`."""
    exact, near = _sizes(clusters.exact) > 1, _sizes(clusters.near) > 1
    shared = clusters.near[fitted]
    leaked = [float(np.isin(shared[test], shared[train]).mean()) for train, test in parts]
    return Copies(
        exact=int(exact.sum()),
        near=int((near & ~exact).sum()),
        across=int(_mixed_clusters(clusters.near, rows.g).sum()) if rows.groups else 0,
        disagreeing=int(_mixed_clusters(clusters.near, rows.y).sum()),
        leaked=float(np.mean(leaked)) if leaked else None,
        pairs=tuple(_pairs(rows, clusters)),
    )


def _sizes(clusters: Integers) -> Integers:
    """The size of each row's cluster."""
    return np.bincount(clusters)[clusters]


def _mixed_clusters(clusters: Integers, codes: Integers) -> NDArray[np.bool_]:
    """Whether each row's cluster holds more than one code."""
    pairs = np.unique(np.column_stack([clusters, codes]), axis=0)
    return np.asarray(np.bincount(pairs[:, 0], minlength=int(clusters.max()) + 1)[clusters] > 1)


def _pairs(rows: Rows, clusters: Clusters) -> list[CopyPair]:
    """Some copies to look at: across groups and of different labels first."""
    same = np.flatnonzero(clusters.exact != np.arange(len(rows.y)))
    pairs = [(int(clusters.exact[row]), int(row), 1.0) for row in same] + list(clusters.links)

    def telling(pair: tuple[int, int, float]) -> tuple[bool, bool, float, int]:
        first, second, similarity = pair
        return rows.g[first] == rows.g[second], rows.y[first] == rows.y[second], -similarity, first

    return [
        CopyPair(
            rows=(first + 1, second + 1),
            groups=(rows.groups[rows.g[first]], rows.groups[rows.g[second]]) if rows.groups else ("", ""),
            labels=(rows.labels[rows.y[first]], rows.labels[rows.y[second]]),
            similarity=similarity,
            text=rows.texts[second][:EXCERPT],
        )
        for first, second, similarity in sorted(pairs, key=telling)[:SHOWN]
    ]
