"""What a reader takes away of a comparison: each file is whole, opens without a network, and holds no script."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.formats.claude_lines import said, text, use, user
from tests.smallest import ASSETS, settled, write
from viewer.comparison.drawing import comparison_svg
from viewer.comparison.markup import Markup, joined, tag
from viewer.comparison.page import Comparison, View, compare
from viewer.comparison.report import POLICY, comparison_report
from viewer.comparison.ribbons import AXES, ribbon_along
from viewer.comparison.selection import parse_reference, select
from viewer.comparison.text import comparison_csv, comparison_yaml
from viewer.comparison.words import duration, short, value_words
from viewer.comparison_reader import checked_comparison
from viewer.library import Library
from viewer.outcomes import Outcome, Source, outcomes_for
from viewer.probes import Probe, evaluate_all
from viewer.sources.demo import demo_source
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&\x00<svg onload=alert(2)>"
PROBES = (Probe("Rates " + HOSTILE, seen="(?i)paschal"),)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("hostile")
    call = said(use("t1", "Bash " + HOSTILE, command=HOSTILE))
    call["message"]["model"] = "=HYPERLINK(1)" + HOSTILE
    write(folder / "<b>&'\".jsonl", user(HOSTILE, sessionId="h"), call, said(text(HOSTILE)))
    library = Library((LocalFolder("bad", HOSTILE, folder), demo_source(ASSETS)), SummaryCache(None))
    for source in library.sources:
        settled(library.listing(source.id))
    return library


def compared(library: Library, source: str, link: str = "javascript:alert(1)") -> Comparison:
    selection = select(library, [parse_reference(source)], library.named)
    origin = Source("typed", HOSTILE, link, HOSTILE)
    outcome = Outcome("f1", 0.95, origin, n=357, prevalence=0.29, split=HOSTILE)
    other = Outcome("f1", 0.9, Source("published", "=1+1"), n=357, prevalence=0.29)
    return compare(selection, [outcomes_for([outcome, other]) for _ in selection.runs], View(), HOSTILE)


@pytest.fixture(params=["bad", "demo"])
def found(library: Library, request: pytest.FixtureRequest) -> Comparison:
    return compared(library, request.param)


def report_of(library: Library, found: Comparison, address: str = "https://example.org/?a=1&b=2") -> str:
    rows = [evaluate_all(PROBES, library.open(run.source, run.file.path).run) for run in found.runs]
    return comparison_report(found, "order", PROBES, rows, address)


class Tags(HTMLParser):
    """Collects elements, their attributes and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_report_of_hostile_traces_has_their_words_and_nothing_that_runs_or_loads(
    library: Library, found: Comparison
) -> None:
    report = report_of(library, found)
    parsed = Tags()
    parsed.feed(report)
    assert not {"script", "img", "iframe", "object", "link", "base", "form"}.intersection(parsed.tags)
    assert not [
        name for name, _ in parsed.attributes if name.startswith("on") or name in ("src", "style", "xlink:href")
    ]
    links = [value for name, value in parsed.attributes if name == "href"]
    assert links == ["https://example.org/?a=1&b=2"]
    assert f'content="{POLICY}"'.replace("'", "&#x27;") in report
    assert "</script><img src=x onerror=alert(1)>" in parsed.words
    assert "url(" not in report


def test_a_report_names_outcomes_sources_probes_and_metrics(library: Library) -> None:
    parsed = Tags()
    parsed.feed(report_of(library, compared(library, "demo")))
    for words in (
        "0.950",
        "approximate",
        "never seen",
        "seen",
        "@26",
        "Tool calls",
        "127",
        "4 runs",
        "columns compared over 4 runs",
    ):
        assert words in parsed.words


@pytest.mark.parametrize("axis", AXES)
def test_a_drawing_is_whole_xml_without_script_or_link(found: Comparison, axis: str) -> None:
    drawing = comparison_svg(found, next(known for known in AXES if known == axis))
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing; an entity in it would fail the next line
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "rect", "line", "circle", "path", "text"}
    assert not re.search(r"href|<!|url\(", drawing)
    assert int(root.attrib["width"]) == 1200


def test_a_drawing_shows_where_nothing_was_recorded(library: Library) -> None:
    drawing = comparison_svg(compared(library, "demo"), "tokens")
    assert drawing.count("tokens not recorded") == 2
    assert "not run" in drawing
    assert "⚠ sources differ" in drawing


def test_a_table_has_a_row_per_run_and_no_cell_that_a_spreadsheet_would_run(found: Comparison) -> None:
    rows = list(csv.reader(io.StringIO(comparison_csv(found))))
    assert len(rows) == 1 + len(found.runs)
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["f1"], cells["f1_n"], cells["f1_disagreeing"]) == ("0.95", "357", "0.900 (=1+1)")
    texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.e-]+", cell)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_the_file_of_a_comparison_is_read_back_with_what_was_typed(library: Library) -> None:
    text = comparison_yaml(compared(library, "demo", ""), (), (Probe("Rates", seen="paschal"),))
    file = checked_comparison(text)
    assert {run.path for run in file.runs} == {
        "claude-code.jsonl",
        "ml-intern-opus.jsonl",
        "ml-intern-kimi.jsonl",
        "pi-kimi.jsonl",
    }
    assert [(one.value, one.n) for one in file.runs[0].outcomes] == [(0.95, 357), (0.9, 357)]
    assert (file.metric, file.probes) == ("f1", (Probe("Rates", seen="paschal"),))


def test_text_is_escaped_once_and_markup_never() -> None:
    inner = tag("b", None, "<&\"'")
    assert inner == "<b>&lt;&amp;&quot;&#x27;</b>"
    assert tag("p", {"title": '"><x', "id": None}, inner, None, 3) == f'<p title="&quot;&gt;&lt;x">{inner}3</p>'
    assert joined([["a", Markup("<br>")], "\ud800\x01"]) == "a<br>��"


def test_a_ribbon_is_as_long_as_its_axis_says() -> None:
    encoded = {
        "n": 5, "cells": 2, "phases": "x2r1", "flagged": [1], "inferred": [], "edits": [], "tests": [], "evals": [4],
        "firstEdit": None, "end": "answered", "seconds": "3,0,7", "tokens": None,
    }  # fmt: skip
    order, time = ribbon_along(encoded, "order"), ribbon_along(encoded, "time")
    assert order is not None
    assert time is not None
    assert [(box.phase, box.start, box.end) for box in order.boxes] == [("explore", 0, 4), ("run", 4, 5)]
    assert ([mark.kind for mark in order.marks], order.length, time.length) == (["evaluation", "flagged error"], 5, 10)
    night = ribbon_along({**encoded, "seconds": "3,0,90000"}, "time")
    assert night is not None
    assert (night.length, night.whole) == (603, 90_003)
    assert ribbon_along(encoded, "tokens") is ribbon_along(None, "order") is None


def test_values_are_written_as_the_page_writes_them() -> None:
    values = ((None, ""), (0.182, "share"), (12, ""), (5.41, "per 100 calls"), ("Bash 3", "names"))
    assert [value_words(*one) for one in values] == ["unknown", "18%", "12", "5.4", "Bash 3"]
    times = [duration(ms) for ms in (400, 12_000, 59_600, 200_000, 7_800_000)]
    assert times == ["0.4 s", "12 s", "1 min", "3 min 20 s", "2 h 10 min"]
    assert [short(count) for count in (855_723, 1_200_000, 999, 13_000)] == ["856k", "1.2M", "999", "13k"]


def test_the_report_is_not_made_to_look_for_anything_beside_it(tmp_path: Path, library: Library) -> None:
    report = report_of(library, compared(library, "demo"), "javascript:alert(1)")
    assert "javascript:" not in report
    assert "href" not in report
