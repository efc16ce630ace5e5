"""Values of metrics as the exports write them, in the words of the page (assets/js/format.js)."""

from __future__ import annotations

from viewer.comparison.columns import Spread
from viewer.metric import Value

_STEPS = ((3_600_000, "h", 60_000, "min"), (60_000, "min", 1_000, "s"))


def value_words(value: Value, unit: str) -> str:
    """A value with its unit; unknown is a word."""
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return value
    if unit == "ms":
        return duration(value)
    if unit == "share":
        return f"{value:.0%}"
    if unit == "USD":
        return f"${value:,.2f}" if value >= 0.01 or value == 0 else f"${value:.2g}"
    if unit == "tokens":
        return short(value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def spread_words(found: Spread, unit: str) -> str:
    """What a cell of several runs says: its range below three, the median above."""
    if found.low is None or found.high is None:
        return "unknown"
    ends = f"{value_words(found.low, unit)}–{value_words(found.high, unit)}"
    if found.low == found.high:
        return value_words(found.low, unit)
    if found.middle is None:
        return ends
    if found.interval is not None:
        ends = "–".join(value_words(end, unit) for end in found.interval)
    return f"{value_words(found.middle, unit)} ({ends})"


def duration(milliseconds: float) -> str:
    """`3 min 20 s`, `12 s`."""
    for big, name, small, rest in _STEPS:
        if milliseconds >= big - small / 2:
            smalls = round(milliseconds / small)
            whole, left = divmod(smalls, big // small)
            return f"{whole} {name} {left} {rest}" if left else f"{whole} {name}"
    return f"{milliseconds / 1000:.0f} s" if milliseconds >= 9_950 else f"{milliseconds / 1000:.1f} s"


def short(count: float) -> str:
    """`856k`, `1.2M`."""
    for size, name in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if count >= size * 0.9995:
            scaled = count / size
            return f"{scaled:.1f}{name}".replace(f".0{name}", name) if scaled < 99.95 else f"{scaled:.0f}{name}"
    return f"{count:,.0f}"
