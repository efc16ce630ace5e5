"""What is asked of model repositories on the Hub. `HubClient` answers it; anything with these two methods can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model repository at its newest commit. `restricted`: not everybody may read its files."""

    repo: str
    sha: str
    restricted: bool
    files: tuple[str, ...]


class ModelReader(Protocol):
    """The Hub as one visitor sees it."""

    def model(self, repo: str) -> ModelFacts:
        """What a repository is. Raises SourceError."""

    def read_model(self, repo: str, sha: str, path: str, limit: int) -> bytes:
        """The first bytes of one of its files, at most `limit`. Raises SourceError."""
