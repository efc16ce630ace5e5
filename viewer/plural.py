"""Numbers with their noun."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 run`, `1,200 runs`; `many` where the plural is no mere s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
