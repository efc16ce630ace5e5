"""What a metric is: a declared column with a unit, what it counts, how to read it, and the function that counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from viewer.facts import Facts

Value = float | int | str | None
Unit = Literal["", "per 100 calls", "share", "ms", "tokens", "USD", "names"]
"""The empty one is a count. `share` is 0 to 1; `names` is text, as `Read 12, Bash 9`."""
Group = Literal["Outcome", "Evidence", "Process", "Cost"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One column. `definition` says what is counted, `reading` how to read it, `unknown` when it is None."""

    name: str
    label: str
    unit: Unit
    group: Group
    definition: str
    reading: str
    value: Callable[[Facts], Value]
    unknown: str = ""

    def as_row(self) -> dict[str, Any]:
        """All but the function, as JSON."""
        fields = ("name", "label", "unit", "group", "definition", "reading", "unknown")
        return {field: getattr(self, field) for field in fields}


def share(part: int, whole: int) -> float | None:
    """A part of a whole; unknown where there is no whole."""
    return round(part / whole, 4) if whole else None


NO_CALLS = "Unknown where the run has no tool call."
NO_FLAGS = "Unknown where the harness writes neither error flags nor exit codes."
NO_EDIT = "Unknown where the run changes no file."
NO_CLOCK = "Unknown where the file's times say nothing, such as one time on every record."
NO_TOKENS = "Unknown where the file states no tokens."
ONE_TASK = "Compare on the same task only."
NO_GRADE = "Many errors are no bad run: an agent that tries more meets more."
