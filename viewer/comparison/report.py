"""A comparison as one HTML file that opens offline: nothing in it runs, nothing in it asks for anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from viewer.comparison.columns import Measured, spread
from viewer.comparison.drawing import comparison_svg
from viewer.comparison.markup import Child, Markup, safe_link, tag
from viewer.comparison.page import Comparison, compared, facts, names_of, notes
from viewer.comparison.ribbons import Axis
from viewer.comparison.words import spread_words, value_words
from viewer.outcomes import Outcome, known_metric
from viewer.probes import Mark, Probe, ProbeRow
from viewer.uncertainty import interval_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

RUN_COLUMNS = 8
"""Runs up to which each has a column in the table of metrics; above, each cell of the panel has one."""

_STYLE = """
body { margin: 0 auto; max-width: 1200px; padding: 16px; font: 14px/1.45 system-ui, sans-serif; color: #1d1f22; }
h1 { font-size: 20px; } h2 { font-size: 15px; margin: 28px 0 6px; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } .wide { overflow-x: auto; }
th, td { text-align: left; vertical-align: top; border-top: 1px solid #e4e3df; padding: 5px 8px; }
td { overflow-wrap: break-word; } .g td { background: #f4f4f2; color: #656a71; font-size: 12px; }
thead th { border: 0; color: #565b62; } .q { color: #656a71; font-size: 12px; } li { margin: 2px 0; }
"""


def comparison_report(
    found: Comparison,
    axis: Axis,
    probes: Sequence[Probe],
    probe_rows: Sequence[Sequence[ProbeRow]],
    address: str,
    made: datetime | None = None,
) -> str:
    """The file.

    Args:
        found: the comparison.
        axis: of the ribbons.
        probes: what was asked of the runs.
        probe_rows: for each run what each probe found; empty leaves the matrix out.
        address: where the live page is; only an http address becomes a link.
        made: the moment of making it; now, if left out.
    """
    when = (made or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC")
    link = safe_link(address)
    body = tag(
        "body",
        None,
        Markup(comparison_svg(found, axis)),
        tag(
            "p",
            {"class": "q"},
            f"Made {when} by Agent Trace Viewer",
            *((" from ", tag("a", {"href": link}, link[:120])) if link else ()),
            ".",
        ),
        tag("ul", None, [tag("li", None, note) for note in notes(found)]),
        _outcomes(found),
        _probes(found, probes, probe_rows),
        _metrics(found),
    )
    head = tag(
        "head",
        None,
        tag("meta", {"charset": "utf-8"}),
        tag("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        tag("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        tag("meta", {"name": "referrer", "content": "no-referrer"}),
        tag("title", None, f"{found.title} · {facts(found)}"[:200]),
        Markup(f"<style>{_STYLE}</style>"),
    )
    return "<!doctype html>\n" + tag("html", {"lang": "en"}, head, body)


def _table(heads: Sequence[Child], rows: Sequence[Sequence[Child]]) -> Markup:
    return tag(
        "div",
        {"class": "wide"},
        tag(
            "table",
            None,
            tag("thead", None, tag("tr", None, [tag("th", None, head) for head in heads])),
            tag("tbody", None, [tag("tr", None, [tag("td", None, cell) for cell in row]) for row in rows]),
        ),
    )


def _outcomes(found: Comparison) -> Markup | None:
    if not found.metrics:
        return None
    rows: list[Sequence[Child]] = []
    for name, outcomes in zip(names_of(found.runs), found.outcomes, strict=True):
        for metric in outcomes.metrics:
            best = outcomes.best(metric)
            said = (best, *outcomes.disagreeing(metric)) if best is not None else ()
            rows.extend(_outcome_row(name, outcome) for outcome in said)
    heads = ("Run", "Outcome", "95% interval of the test cases", "n", "Split", "Source")
    return tag("section", None, tag("h2", None, "Outcomes and where they come from"), _table(heads, rows))


def _outcome_row(name: str, outcome: Outcome) -> Sequence[Child]:
    number = f"{known_metric(outcome.metric).label} {outcome.shown}"
    size = "unknown" if outcome.n is None else f"{outcome.n:,}"
    return name, number, _around(outcome), size, outcome.split or "unknown", _source(outcome)


def _around(outcome: Outcome) -> str:
    around = interval_of(outcome)
    if around is None:
        return "unknown"
    return f"{around.low:.3f}–{around.high:.3f}{' (approximate)' if around.approximate else ''}"


def _source(outcome: Outcome) -> Markup:
    source, link = outcome.source, safe_link(outcome.source.link)
    label = tag("a", {"href": link}, source.label) if link else source.label
    quote = tag("span", {"class": "q"}, f" “{source.quote[:400]}”") if source.quote else None
    return tag("span", None, label, quote)


def _probes(found: Comparison, probes: Sequence[Probe], rows: Sequence[Sequence[ProbeRow]]) -> Markup | None:
    if not rows or not probes:
        return None
    heads = ("Probe", *names_of(found.runs))
    cells = [(probe.name, *(_probe_cell(of_run[at]) for of_run in rows)) for at, probe in enumerate(probes)]
    return tag("section", None, tag("h2", None, "What each agent noticed"), _table(heads, cells))


def _probe_cell(row: ProbeRow) -> Markup:
    marks: tuple[tuple[str, Mark | None], ...] = (
        ("seen", row.seen),
        ("thought", row.thought),
        ("said", row.said),
        ("written", row.written),
        ("card", row.card),
        ("run", row.ran),
    )
    places = ", ".join(f"{word} @{mark.event}" for word, mark in marks if mark is not None)
    return tag("span", None, row.verdict, tag("span", {"class": "q"}, f" {places}") if places else None)


def _metrics(found: Comparison) -> Markup:
    by_run = len(found.runs) <= RUN_COLUMNS
    grid = found.panel
    cells = [f"{grid.rows[cell.row]} · {grid.columns[cell.column].label} ({len(cell.runs)})" for cell in grid.cells]
    names = names_of(found.runs) if by_run else cells
    rows: list[Markup] = []
    group = ""
    for row in found.measured:
        if all(value is None for value in row.values):
            continue
        if row.metric.group != group:
            group = row.metric.group
            rows.append(tag("tr", {"class": "g"}, tag("td", {"colspan": len(names) + 1}, group)))
        label = tag("td", {"title": row.metric.definition}, row.metric.label)
        rows.append(tag("tr", None, label, [tag("td", None, words) for words in _metric_words(found, row, by_run)]))
    heads = tag("tr", None, [tag("th", None, name) for name in ("Metric", *names)])
    table = tag("table", None, tag("thead", None, heads), tag("tbody", None, rows))
    said = tag("p", {"class": "q"}, compared(found))
    return tag(
        "section", None, tag("h2", None, "Evidence, process and cost"), tag("div", {"class": "wide"}, table), said
    )


def _metric_words(found: Comparison, row: Measured, by_run: bool) -> list[str]:
    """The cells of a row: a value for each run, or what the runs of each cell say together."""
    unit = row.metric.unit
    if by_run:
        return [value_words(value, unit) for value in row.values]
    return [spread_words(spread([row.values[at] for at in cell.runs]), unit) for cell in found.panel.cells]
