"""Which files of a Hub dataset are runs, in which order, and what limits keep out: said in a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from viewer.sources.contract import Listing, TraceFile
from viewer.sources.hub_client import HubFile
from viewer.sources.hub_tables import MAX_ROWS, MAX_TABLES, SUFFIX, Row, Tables
from viewer.sources.parquet import Table

CARD = "README.md"
MAX_CARD = 2**18
"""Bytes; a larger card is not read."""

SUFFIXES = (".jsonl", ".json", ".ndjson")
LARGE = 8 * 2**20
"""A larger file gives its row from its head and tail; the rest comes when the run is opened."""

HEAD = 2**18
TAIL = 2**16
_STAGING = frozenset({"_upload_staging", "partials", ".cache", ".git"})
"""Folders in which uploads leave parts and failed runs."""

_NO_TRACES = frozenset({"package.json", "settings.json", "dataset_infos.json", "results.json", "tree.json"})


@dataclass(frozen=True, slots=True)
class HubLimits:
    """How much of one dataset is listed, and how many bytes of it are read for the list."""

    files: int = 5_000
    repo_bytes: int = 2**30


DEFAULT_LIMITS = HubLimits()


@dataclass(frozen=True, slots=True)
class Sorted:
    """The runs of a dataset, and the paths of those that are listed by name alone until they are opened."""

    listing: Listing
    unread: frozenset[str]


def trace_paths(paths: Iterable[str]) -> list[str]:
    """The paths that may be traces, those in staging folders among them."""
    return [path for path in paths if path.endswith(SUFFIXES) and not _is_noise(path)]


def is_staged(path: str) -> bool:
    """Whether a file lies where uploads leave parts and failed runs."""
    return not _STAGING.isdisjoint(PurePosixPath(path).parts)


def parquet_files(listed: Mapping[str, HubFile]) -> list[HubFile]:
    """The Parquet files, where a dataset has no traces as lines: else they are copies of those."""
    if any(path.endswith((".jsonl", ".ndjson")) for path in trace_paths(listed)):
        return []
    return [file for path, file in listed.items() if path.endswith(SUFFIX) and not is_staged(path)]


def sort_out(
    listed: Mapping[str, HubFile], layouts: Mapping[str, Table], tables: Tables, limits: HubLimits, modified: int
) -> Sorted:
    """The runs among the files of a listing."""
    traces = trace_paths(listed)
    kept = [listed[path] for path in traces if not is_staged(path)]
    files = [TraceFile(file.path, file.size, modified, file.key) for file in kept[: limits.files]]
    costs = [
        (file.path, file.size if file.size <= LARGE or file.path.endswith(".json") else HEAD + TAIL) for file in kept
    ]
    room = min(MAX_ROWS, limits.files - len(files))
    rows, more = _rows(listed, layouts, room)
    files += [tables.trace_file(row, table, modified) for row, table in rows]
    costs += _row_costs(rows, tables)
    unread = _beyond(costs, limits.repo_bytes)
    left_out = len(traces) - min(len(kept), limits.files) + more
    notes = _notes(len(traces) - len(kept), len(kept) + len(rows) + more - len(files), len(unread), limits)
    return Sorted(Listing(tuple(files), left_out, (*notes, *_table_notes(listed, layouts))), unread)


def _rows(
    listed: Mapping[str, HubFile], layouts: Mapping[str, Table], room: int
) -> tuple[list[tuple[Row, Table]], int]:
    """The rows that there is room for, and how many more there are."""
    rows: list[tuple[Row, Table]] = []
    for path, table in layouts.items():
        rows += [(Row(listed[path], number), table) for number in range(min(table.rows, room - len(rows)))]
    return rows, sum(table.rows for table in layouts.values()) - len(rows)


def _row_costs(rows: list[tuple[Row, Table]], tables: Tables) -> list[tuple[str, int]]:
    """What the list fetches for each row: the first of a row group pays for the others."""
    costs: list[tuple[str, int]] = []
    paid: set[tuple[str, int]] = set()
    for row, table in rows:
        group = (row.file.key, table.place(row.number)[0])
        costs.append((row.path, 0 if group in paid else min(LARGE, tables.packed(row, table))))
        paid.add(group)
    return costs


def _beyond(costs: Iterable[tuple[str, int]], limit: int) -> frozenset[str]:
    total, beyond = 0, set()
    for path, cost in costs:
        total += cost
        if total > limit:
            beyond.add(path)
    return frozenset(beyond)


def _notes(staged: int, more: int, unread: int, limits: HubLimits) -> tuple[str, ...]:
    notes = []
    if staged:
        notes.append(f"{_counted(staged, 'file')} in folders of unfinished uploads and failed runs left out")
    if more > 0:
        notes.append(f"{_counted(more, 'more run')} than the {limits.files:,} that are listed of one dataset")
    if unread:
        limit = f"{limits.repo_bytes / 2**20:,.0f} MB of one dataset at most (TRACE_VIEWER_HUB_REPO_MB)"
        notes.append(f"{_counted(unread, 'run')} listed by name alone: the list reads {limit}")
    return tuple(notes)


def _table_notes(listed: Mapping[str, HubFile], layouts: Mapping[str, Table]) -> tuple[str, ...]:
    found = [path for path in listed if path.endswith(SUFFIX)]
    if not found or len(layouts) == len(found):
        return ()
    if any(path.endswith((".jsonl", ".ndjson")) for path in trace_paths(listed)):
        return (f"{_counted(len(found), 'Parquet file')} left out: the traces are here as files",)
    if len(found) > MAX_TABLES:
        return (f"{_counted(len(found) - MAX_TABLES, 'Parquet file')} beyond the {MAX_TABLES} that are listed",)
    return (f"{_counted(len(found) - len(layouts), 'Parquet file')} without columns of traces",)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _is_noise(path: str) -> bool:
    name = PurePosixPath(path).name
    return name in _NO_TRACES or name.endswith(".meta.json") or name.startswith(".")
