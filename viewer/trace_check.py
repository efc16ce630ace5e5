"""Whether a file is a trace, told from its first records, without parsing the rest."""

from __future__ import annotations

from itertools import islice

from viewer import formats
from viewer.formats.contract import HEAD
from viewer.formats.foreign import looks_like
from viewer.formats.records import Records, unfolded
from viewer.sources.contract import Source, SourceError


def why_no_trace(source: Source, path: str) -> str | None:
    """Why a file is no trace of a known format, in one sentence; None when it begins as one."""
    try:
        with source.open(path) as lines:
            documents = [document for _, document in islice(Records(unfolded(lines)), HEAD)]
    except SourceError as error:
        return str(error)
    except OverflowError:
        return "It is one document that is too large to read in one piece."
    if formats.detect(documents) is not None:
        return None
    if not documents:
        return "It holds no record that can be read."
    what = looks_like(documents)
    return f"It looks like {what}, which is not read." if what else "It holds no trace of a known format."
