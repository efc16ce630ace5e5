"""Several sources as one, each in a folder of its own name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from viewer.sources.contract import Listing, OnDisk, Source, SourceError, TraceFile


@dataclass(frozen=True, slots=True)
class Several(OnDisk):
    """The files of several sources; a path begins with the folder of its source."""

    parts: tuple[tuple[str, Source], ...]
    id: str = "several"
    label: str = "several places"
    kind: Literal["local"] = "local"

    @property
    def place(self) -> str:
        """All places."""
        return ", ".join(source.place for _, source in self.parts)

    @property
    def link(self) -> dict[str, str]:
        """It is in no link."""
        return {}

    def files(self) -> Listing:
        """The files of all sources. Raises SourceError."""
        listings = [(name, source.files()) for name, source in self.parts]
        files = [
            replace(file, path=f"{name}/{file.path}" if name else file.path)
            for name, listing in listings
            for file in listing.files
        ]
        return Listing(tuple(files), sum(listing.left_out for _, listing in listings))

    def file(self, path: str) -> TraceFile:
        """One file. Raises SourceError."""
        source, rest = self._part(path)
        return replace(source.file(rest), path=path)

    def head(self, path: str) -> BinaryIO | None:
        """As its source gives it."""
        source, rest = self._part(path)
        return source.head(rest)

    def open(self, path: str) -> BinaryIO:
        """The bytes of a file. Raises SourceError."""
        source, rest = self._part(path)
        return source.open(rest)

    def _part(self, path: str) -> tuple[Source, str]:
        for name, source in self.parts:
            if not name:
                return source, path
            if path.startswith(f"{name}/"):
                return source, path.removeprefix(f"{name}/")
        raise SourceError(f"{path} is in none of {self.label}.")


def as_one(sources: tuple[Source, ...]) -> Source:
    """The sources as one; a single one stays as it is."""
    if len(sources) == 1:
        return sources[0]
    return Several(tuple((source.id.removeprefix("path-"), source) for source in sources))
