"""Panel and ribbons as one SVG that stands alone: the colours of the light theme, system fonts, no script, no link."""

from __future__ import annotations

import textwrap

from viewer.comparison.markup import Child, Markup, tag
from viewer.comparison.outcomes_json import spread_json
from viewer.comparison.page import Comparison, facts, names_of
from viewer.comparison.panel import Cell
from viewer.comparison.ribbons import Axis, Ribbon, ribbon_along
from viewer.comparison.words import duration, short
from viewer.outcomes import Outcome, known_metric
from viewer.plural import counted
from viewer.uncertainty import interval_of

WIDTH = 1200
MARGIN = 24
NAMES = 190
ROW = 34
CELL = 76
MOST_RIBBONS = 100
"""Runs that are drawn; the rest are counted."""

INK, SOFT, FAINT, LINE, SUNKEN, ACCENT = "#1d1f22", "#565b62", "#656a71", "#cfcdc6", "#f4f4f2", "#2f5bd7"
ERROR, WARN = "#c8281f", "#8f5600"
PHASES: dict[str, str] = {
    "explore": "#3aa394",
    "edit": "#d98a1f",
    "run": "#2f6db3",
    "fail": ERROR,
    "wait": "#cfcdc6",
    "other": "#e9e8e4",
}
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


def comparison_svg(found: Comparison, axis: Axis) -> str:
    """The whole drawing, 1200 wide."""
    parts: list[Child] = [
        _words(MARGIN, 40, found.title[:90], 20, INK, 620),
        _words(MARGIN, 62, facts(found)[:150], 13, SOFT),
    ]
    top = 84
    panel, top = _panel(found, top)
    said, top = _sentence(found, top + 10)
    ribbons, top = _ribbons(found, axis, top + 24)
    height = top + MARGIN
    frame = tag("rect", {"width": WIDTH, "height": height, "fill": "#ffffff"})
    size = {"width": WIDTH, "height": height, "viewBox": f"0 0 {WIDTH} {height}", "font-family": _FONT}
    return tag("svg", {"xmlns": "http://www.w3.org/2000/svg", **size}, frame, parts, panel, said, ribbons)


def _words(x: float, y: float, words: str, size: int, fill: str, weight: int = 400, anchor: str = "start") -> Markup:
    attributes = {"x": round(x, 1), "y": y, "font-size": size, "fill": fill, "font-weight": weight}
    return tag("text", {**attributes, "text-anchor": anchor}, words)


def _panel(found: Comparison, top: int) -> tuple[list[Child], int]:
    grid = found.panel
    drawn: list[Child] = []
    shown = grid.columns[:8]
    width = min(260, (WIDTH - 2 * MARGIN - NAMES) // max(1, len(shown)))
    for at, column in enumerate(shown):
        folded = f" ({len(column.versions)} versions folded)" if column.folded else ""
        drawn.append(
            _words(MARGIN + NAMES + at * width + 10, top, f"{column.label}{folded}"[: width // 7], 12, SOFT, 550)
        )
    axis = (spread_json([best for best in found.best if best is not None]) or {"axis": (0.0, 1.0)})["axis"]
    cells = {(cell.row, cell.column): cell for cell in grid.cells}
    for row, harness in enumerate(grid.rows):
        y = top + 8 + row * CELL
        drawn.append(_words(MARGIN, y + CELL / 2, harness[:26], 13, INK, 550))
        drawn.extend(
            _cell(found, cells.get((row, at)), (MARGIN + NAMES + at * width, y, width - 6, CELL - 6), axis)
            for at in range(len(shown))
        )
    rest = len(grid.columns) - len(shown)
    bottom = top + 8 + len(grid.rows) * CELL
    if rest > 0:
        drawn.append(_words(MARGIN, bottom + 12, f"and {counted(rest, 'more model')}", 12, FAINT))
        bottom += 16
    return drawn, bottom


def _cell(
    found: Comparison, cell: Cell | None, box: tuple[float, float, float, float], axis: tuple[float, float]
) -> Markup:
    x, y, width, height = box
    frame = tag("rect", {"x": x, "y": y, "width": width, "height": height, "rx": 6, "fill": SUNKEN})
    if cell is None:
        return tag("g", None, frame, _words(x + width / 2, y + height / 2 + 4, "not run", 12, FAINT, anchor="middle"))
    known = [best for at in cell.runs if (best := found.best[at]) is not None]
    said = ", ".join(best.shown for best in known[:3]) + (" …" if len(known) > 3 else "")
    sizes = sorted({best.n for best in known if best.n is not None})
    size = f"n={sizes[0]} · " if len(sizes) == 1 else ""
    contradicted = any(found.outcomes[at].disagreeing(found.metric) for at in cell.runs)
    return tag(
        "g",
        None,
        frame,
        _words(x + 10, y + 24, said or "unknown", 17 if said else 13, INK if said else FAINT, 620 if said else 400),
        [_interval(best, (x + 12, x + width - 12), y + 38, axis) for best in known],
        _words(x + width - 10, y + 22, "⚠ sources differ", 11, WARN, anchor="end") if contradicted else None,
        _words(x + 10, y + height - 9, f"{size}{counted(len(cell.runs), 'run')}", 11, FAINT),
    )


def _interval(best: Outcome, ends: tuple[float, float], y: float, axis: tuple[float, float]) -> Markup:
    low, high = axis

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(ends[0] + share * (ends[1] - ends[0]), 1)

    around = interval_of(best)
    line = {"y1": y, "y2": y}
    return tag(
        "g",
        None,
        tag("line", {"x1": ends[0], "x2": ends[1], **line, "stroke": LINE}),
        None
        if around is None
        else tag(
            "line",
            {
                "x1": place(around.low),
                "x2": place(around.high),
                **line,
                "stroke": ACCENT,
                "stroke-width": 3,
                "opacity": 0.45,
            },
        ),
        tag("circle", {"cx": place(best.value), "cy": y, "r": 4, "fill": ACCENT}),
    )


def _sentence(found: Comparison, top: int) -> tuple[list[Child], int]:
    spread = spread_json([best for best in found.best if best is not None])
    if spread is None:
        return [_words(MARGIN, top + 14, "No outcome is known.", 13, SOFT)], top + 18
    label = known_metric(found.metric).label
    lines = textwrap.wrap(f"{label} {spread['sentence']}. {spread['chanceSentence']}".strip(), 150)
    return [_words(MARGIN, top + 14 + 18 * at, line, 13, INK) for at, line in enumerate(lines)], top + 18 * len(lines)


def _ribbons(found: Comparison, axis: Axis, top: int) -> tuple[list[Child], int]:
    drawn: list[Child] = [_legend(top)]
    top += 22
    shown = found.runs[:MOST_RIBBONS]
    ribbons = [ribbon_along(run.summary.ribbon, axis) for run in shown]
    longest = max((ribbon.length for ribbon in ribbons if ribbon is not None), default=1) or 1
    for at, (name, ribbon) in enumerate(zip(names_of(shown), ribbons, strict=True)):
        y = top + at * ROW
        drawn.append(_words(MARGIN, y + 20, name[:30], 12, INK))
        drawn.append(_ribbon(ribbon, axis, y, longest))
    bottom = top + len(shown) * ROW
    if len(found.runs) > len(shown):
        drawn.append(_words(MARGIN, bottom + 12, f"and {counted(len(found.runs) - len(shown), 'more run')}", 12, FAINT))
        bottom += 18
    return drawn, bottom


def _ribbon(ribbon: Ribbon | None, axis: Axis, y: float, longest: float) -> Markup:
    left, right = MARGIN + NAMES, WIDTH - MARGIN - 90
    if ribbon is None:
        return _words(left, y + 20, f"{'events' if axis == 'order' else axis} not recorded", 12, FAINT)

    def x(place: float) -> float:
        return round(left + place / longest * (right - left), 1)

    boxes = [
        tag(
            "rect",
            {
                "x": x(box.start),
                "y": y + 9,
                "width": max(0.5, round(x(box.end) - x(box.start) - 0.6, 1)),
                "height": 16,
                "fill": PHASES[box.phase],
            },
        )
        for box in ribbon.boxes
    ]
    size = {
        "order": f"{ribbon.length:,.0f} events",
        "time": duration(ribbon.whole * 1000),
        "tokens": f"{short(ribbon.length)} tokens",
    }
    return tag(
        "g",
        None,
        boxes,
        [_mark(mark.kind, x(mark.place), y) for mark in ribbon.marks],
        _words(WIDTH - MARGIN, y + 20, size[axis], 12, SOFT, anchor="end"),
    )


def _mark(kind: str, x: float, y: float) -> Markup:
    if kind in ("flagged error", "inferred error"):
        flagged = kind == "flagged error"
        return tag("path", {"d": f"M{x} {y}l4 7h-8z", "fill": ERROR if flagged else "#ffffff", "stroke": ERROR})
    if kind == "first edit":
        return tag("path", {"d": f"M{x} {y + 6}v22", "stroke": INK, "stroke-dasharray": "3 2"})
    if kind == "test":
        return tag("circle", {"cx": x, "cy": y + 29, "r": 2.5, "fill": INK})
    return tag("path", {"d": f"M{x} {y + 26}l3 3l-3 3l-3 -3z", "fill": INK})


def _legend(top: int) -> Markup:
    parts: list[Child] = []
    x = MARGIN + NAMES
    for phase, colour in PHASES.items():
        parts.append(tag("rect", {"x": x, "y": top, "width": 10, "height": 10, "fill": colour}))
        parts.append(_words(x + 15, top + 9, phase, 12, SOFT))
        x += 78
    for sign, word, fill in (
        ("▲", "error", ERROR),
        ("△", "inferred", ERROR),
        ("●", "test", INK),
        ("◆", "evaluation", INK),
        ("┆", "first edit", INK),
    ):
        parts.append(_words(x, top + 9, sign, 11, fill))
        parts.append(_words(x + 14, top + 9, word, 12, SOFT))
        x += 86
    return tag("g", None, parts)
