"""Python's garbage collector, held off where thousands of objects are made that no cycle holds."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: for work that makes no cycles, as every pass walks the whole growing heap.

    Pausing is process-wide and safe with other threads: whoever found the collector running sets it running again.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
