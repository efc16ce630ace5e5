"""Comparisons of well-known datasets, kept in `assets/comparisons`: what was published of them, quoted.

Each is a `comparison.yaml` (`comparison_file.py`) whose `datasets` says which datasets it is about; one without is
about the source with the name of the file, as `demo.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from viewer.comparison_file import ComparisonFile
from viewer.comparison_reader import checked_comparison
from viewer.outcomes import Source


@dataclass(frozen=True, slots=True)
class Published:
    """The comparisons that come with the app, by dataset or source."""

    by_name: dict[str, ComparisonFile]

    def about(self, name: str) -> ComparisonFile | None:
        """What is known of a Hub dataset (owner/name) or of a source (`demo`)."""
        return self.by_name.get(name)


def load_published(folder: Path) -> Published:
    """Those in a folder, such as `assets/comparisons`. Raises ComparisonError: they are part of the program."""
    found: dict[str, ComparisonFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = checked_comparison(path.read_text(encoding="utf-8"), Source("published", "published"))
        found.update(dict.fromkeys(file.datasets or (path.stem,), file))
    return Published(found)
