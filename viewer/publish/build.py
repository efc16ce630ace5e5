"""Making the files of a publication, and scanning them a second time.

What is sent later is what lies here: every file's hash is written down now and compared when it is sent.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from viewer.comparison_reader import ComparisonError, checked_comparison
from viewer.plural import counted
from viewer.redaction.engine import Engine
from viewer.redaction.kinds import Kind
from viewer.redaction.matcher import Matcher
from viewer.redaction.review import Review, masked
from viewer.redaction.rewrite import Rewriter, ShapeError, Written, write_file
from viewer.redaction.scan import scan
from viewer.sources.contract import Source, SourceError, TraceFile
from viewer.sources.local import LocalFolder
from viewer.trace_check import why_no_trace

TRACES = "traces"
OTHER = "other"
"""Folders of a dataset: files that `load_dataset` reads, and those that only this viewer opens."""

_BLOCK = 2**20
_NAME_ERRORS = (errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
"""Names of files are data until here: one may be too long for a disk, or be a file here and a folder there."""


class PublishError(Exception):
    """A publication that cannot go on, in one sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not published, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Built:
    """The files as they would be published; while the second scan found something (`left`), nothing is sent."""

    folder: Path
    files: tuple[Written, ...]
    refused: tuple[Refused, ...]
    left: dict[str, Kind]

    @property
    def digest(self) -> str:
        """A hash over all files, by which a reader's yes is tied to what was shown."""
        lines = "".join(f"{file.sha256}  {repo_path(file)}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()

    def check(self) -> None:
        """Raise PublishError unless every file still is what was shown."""
        for file in self.files:
            if hash_of(self.folder / file.path) != file.sha256:
                raise PublishError(f"{file.path} is not the file that was shown any more. Make the files again.")


def trace_files(source: Source) -> tuple[list[TraceFile], list[Refused]]:
    """The files of a source that begin as a trace of a known format, and the others. Raises SourceError."""
    traces: list[TraceFile] = []
    refused: list[Refused] = []
    for file in source.files().files:
        reason = why_no_trace(source, file.path)
        if reason is None:
            traces.append(file)
        else:
            refused.append(Refused(file.path, reason))
    return traces, refused


def repo_path(file: Written) -> str:
    """Where a file stands in the dataset."""
    return f"{TRACES if file.table else OTHER}/{file.path}"


def build(
    source: Source,
    review: Review,
    engine: Engine,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Write every file that is not left out into the empty `folder`, and scan them again.

    Raises:
        PublishError: findings have no decision yet, or there is nothing to publish.
    """
    undecided = review.undecided()
    if undecided:
        raise PublishError(f"{counted(len(undecided), 'finding has', 'findings have')} no decision yet.")
    files = [file for file in review.scanned.files if file.path not in review.left_out]
    if not files:
        raise PublishError("Every run is left out, so there is nothing to publish.")
    rewriter = Rewriter(review.matcher(), attachments=review.with_attachments, records=review.touched())
    written, refused = _write(source, files, rewriter, folder, progress)
    left = _second_scan(folder, review, engine, written)
    return Built(folder, tuple(written), tuple(refused), left)


def _write(
    source: Source, files: Sequence[TraceFile], rewriter: Rewriter, folder: Path, progress: Callable[[int, int], None]
) -> tuple[list[Written], list[Refused]]:
    total, done = sum(file.size for file in files), 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress(min(done, total), total)

    written: list[Written] = []
    refused: list[Refused] = []
    for file in files:
        try:
            made = write_file(source, file, rewriter, folder, count)
        except (ShapeError, SourceError) as error:
            refused.append(Refused(file.path, str(error)))
            continue
        except OSError as error:
            if error.errno not in _NAME_ERRORS:
                raise
            refused.append(Refused(file.path, f"Its name cannot be written here ({error.strerror}): rename it."))
            continue
        if made.runs:
            written.append(made)
        else:
            (folder / made.path).unlink()
            refused.append(Refused(file.path, "It holds no run of a known format."))
    return written, refused


def _second_scan(folder: Path, review: Review, engine: Engine, written: Sequence[Written]) -> dict[str, Kind]:
    """What a scan of the written files finds that nobody let stand, and what was to be taken out and is still there."""
    made = LocalFolder("built", "the files to publish", folder)
    again = scan(made, [made.file(file.path) for file in written], engine)
    ignored = review.ignored()
    left = {text: kind for text, kind in again.kinds.items() if not any(text in kept for kept in ignored)}
    matcher = review.matcher()
    kinds = {finding.text: finding.kind for finding in review.findings if not finding.whole}
    for _, data in again.spool.blocks():
        for match in matcher.find(data):
            kind = kinds.get(review.scanned.parts.get(match.text, match.text))
            if kind is not None:
                left.setdefault(match.text, kind)
    again.spool.close()
    return left


def comparison_for(text: str, built: Built, review: Review) -> str:
    """A `comparison.yaml` as it goes along: traces by their paths in the dataset, known texts replaced, no comments.

    Raises:
        PublishError: there is something wrong with it.
    """
    if not text.strip():
        return ""
    try:
        checked_comparison(text)
    except ComparisonError as error:
        raise PublishError(f"The comparison cannot go along as it is. {error.problems[0]}") from error
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    _replace_scalars(document, {file.source: repo_path(file) for file in built.files}, review.matcher())
    made: str = yaml.serialize(document, Dumper=yaml.SafeDumper, allow_unicode=True, width=110)
    return made


def _replace_scalars(node: Any, paths: Mapping[str, str], matcher: Matcher) -> None:
    """Change the words of a document in place; its numbers stay as they were written."""
    if isinstance(node, yaml.ScalarNode):
        made = paths.get(node.value) or matcher.replaced(node.value)
        if made != node.value:
            node.value, node.tag = made, "tag:yaml.org,2002:str"
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            _replace_scalars(inner, paths, matcher)
    elif isinstance(node, yaml.MappingNode):
        for _, inner in node.value:
            _replace_scalars(inner, paths, matcher)


def refuse_secrets(text: str, engine: Engine, review: Review) -> None:
    """Raise PublishError when a text that goes along with the files holds what would be a finding in them."""
    ignored = review.ignored()
    found = [hit.text for hit in engine.find(text.encode(errors="replace")) if hit.text not in ignored]
    if text and found:
        raise PublishError(f"The comparison holds what looks like a secret: {masked(found[0])}. Take it out first.")


def hash_of(path: Path) -> str:
    """SHA-256 of a file. Raises PublishError when it is gone."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise PublishError(f"{path.name} is not there any more. Make the files again.") from error
    return digest.hexdigest()
