"""What the tests of redaction and publishing share: one scanner for a worker, and reviews that are decided."""

from __future__ import annotations

import shutil
from pathlib import Path

from viewer.publish.build import Built, build, trace_files
from viewer.redaction.engine import Engine
from viewer.redaction.review import Decision, Review
from viewer.redaction.scan import scan
from viewer.sources.local import LocalFolder


def copy_rules(compiled: Path, home: Path) -> None:
    """Spares an app with this home folder the compiling of the scanner's rules, as far as they are compiled by now."""
    target = home / ".cache" / "agent-trace-viewer" / "scanner"
    target.mkdir(parents=True, mode=0o700)
    for path in compiled.glob("*.vscdb"):
        shutil.copy(path, target)


def review_of(folder: Path, engine: Engine, *, decided: bool = True) -> tuple[LocalFolder, Review]:
    """A review of every trace in a folder; decided, all findings are taken out."""
    source = LocalFolder("x", "x", folder)
    review = Review(scan(source, trace_files(source)[0], engine))
    if decided:
        review.decide(Decision("redact"), review.findings)
    return source, review


def built_of(folder: Path, engine: Engine, into: Path) -> Built:
    """The files of a folder with everything taken out."""
    source, review = review_of(folder, engine)
    into.mkdir(parents=True)
    return build(source, review, engine, into)
