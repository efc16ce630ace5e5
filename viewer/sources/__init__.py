"""Where trace files come from: local folders, files given on the command line, the demo race. Limits live here too."""

from __future__ import annotations

from viewer.sources.contract import Source, SourceError, TraceFile
from viewer.sources.local import default_sources, path_sources

__all__ = ["Source", "SourceError", "TraceFile", "default_sources", "path_sources"]
