"""Values in the cells of a CSV that a spreadsheet may open: no text is run as a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters by which a spreadsheet takes a text for a formula."""


def plain_cell(value: object) -> object:
    """The value; text that begins like a formula gets an apostrophe, which spreadsheets do not show. None is empty."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
