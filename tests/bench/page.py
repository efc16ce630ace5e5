"""The page in a real browser: `python -m tests.bench.page [--runs N] [--only open|zoom|link|list]`.

Prints what a reader waits for, with servers and browser contexts that have seen nothing before:

    open    a 50 MB session, from the click in the list of runs and from a link, to the first event on screen; the
            answer that this waits for; elements in the page, before and after the list is thrown about
    zoom    100,000 events: frames while the wheel zooms and the pointer drags on the timeline, in both axes; and single
            zooms, from the notch to its drawing on screen, against the same zooms of the same events drawn whole by
            plotly.js (scattergl) in the same browser
    link    a link to event 90,000 until it is selected and its detail shown
    list    frames of the list while it is scrolled and thrown about; rows still without words; the JavaScript heap

A frame takes 16.7 ms at least. Targets: first event within 0.5 s of a click and 2 s of a link, 1,500 elements, 95 of a
hundred frames within 33 ms, event 90,000 within 2 s.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import peer
from tests.bench.measure import build, machine, table
from tests.bench.serve import app
from tests.browser import launch
from viewer.formats import parse
from viewer.model import Run

PROBE = Path(__file__).with_name("probe.js")
TIMEOUT_MS = 60_000
DEEP = 90_000
NOTCHES = 12
DRAG_STEPS = 25
JUMPS = 30


class Input:
    """One session on a server: its file, and the links to it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.source = f"path-{file.name.replace('.', '-')}"

    def link(self, url: str, **rest: str) -> str:
        """To the run, at an event or in an axis."""
        return f"{url}/?{urlencode({'source': self.source, 'run': self.file.name} | rest)}"

    def runs(self, url: str) -> str:
        """To the list that it is in."""
        return f"{url}/?source={self.source}"


@contextmanager
def page_of(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own, with the probe in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB", timezone_id="UTC")
    context.add_init_script(path=PROBE)
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


def elements(page: Page) -> tuple[int, int]:
    """Elements of the page, now and at most while the list is thrown about."""
    page.evaluate("bench.when(bench.timeline)")
    before: int = page.evaluate("bench.elements()")
    page.evaluate(f"bench.jumps({JUMPS})")
    after: int = page.evaluate("bench.elements()")
    return before, after


ROW = "a.runs-row"
READY = f"{ROW}.is-ready"


def openings(browser: Browser, big: Input, runs: int) -> list[tuple[str, ...]]:
    """Rows of the first table: each way of opening the 50 MB session, with a server that has not seen it."""
    found: dict[str, list[tuple[float, float, int, int]]] = {}
    for _ in range(runs):
        for name, selector in (("click in the list", READY), ("click, as soon as the row is there", ROW)):
            with app(big.file) as server, page_of(browser) as page:
                page.goto(big.runs(server.url))
                page.wait_for_selector(selector)
                first = page.evaluate("(selector) => bench.click(selector)", selector)
                answered = page.evaluate("bench.answer('api/run.json')")
                found.setdefault(name, []).append((first, answered, *elements(page)))
        with app(big.file) as server, page_of(browser) as page:
            page.goto(big.link(server.url), wait_until="commit")
            first = page.evaluate("bench.when(bench.event)")
            answered = page.evaluate("bench.answer('api/run.json')")
            found.setdefault("cold link", []).append((first, answered, *elements(page)))
    rows: list[tuple[str, ...]] = []
    for name, figures in found.items():
        firsts, answers, before, after = zip(*figures, strict=True)
        counts = (f"{max(before):,}", f"{max(after):,}")
        rows.append((name, _ms(min(firsts)), _ms(statistics.median(firsts)), _ms(min(answers)), *counts))
    return rows


def frames(page: Page) -> list[float]:
    """Milliseconds of each frame while the wheel zooms in and out and the pointer drags, in four places."""
    box = page.get_by_role("img", name="Timeline").bounding_box()
    if box is None:
        raise RuntimeError("The page has no timeline.")
    middle = box["y"] + box["height"] / 2
    page.evaluate("bench.record()")
    for part in (0.3, 0.6, 0.85, 0.5):
        x = box["x"] + box["width"] * part
        page.mouse.move(x, middle)
        for _ in range(NOTCHES):
            page.mouse.wheel(0, -120)
        page.mouse.down()
        for shift in (-300, 250, -80):
            page.mouse.move(x + shift, middle, steps=DRAG_STEPS)
        page.mouse.up()
        page.mouse.move(x, middle)
        for _ in range(NOTCHES + 2):
            page.mouse.wheel(0, 120)
    found: list[float] = page.evaluate("bench.stop()")
    return found


def timelines(browser: Browser, url: str, many: Input) -> tuple[list[tuple[str, ...]], dict[str, list[float]]]:
    """Rows of the second table, and the milliseconds of single zooms, by axis."""
    rows: list[tuple[str, ...]] = []
    single: dict[str, list[float]] = {}
    for axis in ("time", "order"):
        with page_of(browser) as page:
            page.goto(many.link(url, axis=axis))
            page.evaluate("bench.when(bench.timeline)")
            rows.append((f"timeline, {axis}", *_quantiles(frames(page))))
            page.evaluate("bench.zooms(30)")
            single[f"this page, {axis} axis"] = page.evaluate(f"bench.zooms({-NOTCHES})")
    return rows, single


def deep_link(browser: Browser, url: str, many: Input, address: str) -> float:
    """Milliseconds from opening a link until its event is selected and its detail shown."""
    with page_of(browser) as page:
        page.goto(many.link(url, event=address), wait_until="commit")
        found: float = page.evaluate("(address) => bench.when(() => bench.selected(address))", address)
    return found


def scrolling(browser: Browser, url: str, many: Input) -> tuple[tuple[str, ...], int, float]:
    """The row of the list's frames, the rows that stay blank, and the heap in MB."""
    with page_of(browser) as page:
        page.goto(many.link(url))
        page.evaluate("bench.when(bench.timeline)")
        page.locator("[role=listbox]").hover()
        page.evaluate("bench.record()")
        for _ in range(60):
            page.mouse.wheel(0, 240)
        page.evaluate(f"bench.jumps({JUMPS})")
        row = ("list, wheel and jumps", *_quantiles(page.evaluate("bench.stop()")))
        page.wait_for_load_state("networkidle")
        blank: int = page.evaluate("bench.blank()")
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    return row, blank, heap


def parsed(file: Path) -> Run:
    """The run of a file."""
    with file.open("rb") as lines:
        return parse(lines, file.stem)[0]


def open_table(browser: Browser, folder: Path, runs: int) -> None:
    """Opening the 50 MB session."""
    rows = openings(browser, Input(build(folder, "session-50mb.jsonl")), runs)
    headings = ("", "first event", "median", "run.json", "elements", "scrolled")
    table(f"50 MB session, best of {runs}", headings, rows)


def zoom_table(browser: Browser, folder: Path, runs: int) -> None:
    """Frames of the timeline, and single zooms beside plotly.js."""
    many = Input(build(folder, "session-100k.jsonl"))
    run = parsed(many.file)
    with app(many.file) as server:
        rows, single = timelines(browser, server.url, many)
    table(f"Timeline, {len(run.events):,} events", ("", "frames", "p50", "p95", "longest"), rows)
    with page_of(browser) as page:
        drawn, single["plotly.js, scattergl"] = peer.zooms(page, run, NOTCHES)
    best = statistics.median(single["this page, time axis"])
    zoomed = [(name, *_quantiles(taken), f"{statistics.median(taken) / best:.1f}×") for name, taken in single.items()]
    table(f"One zoom (plotly.js first drew in {_ms(drawn)})", ("", "zooms", "p50", "p95", "longest", "p50, ×"), zoomed)


def link_table(browser: Browser, folder: Path, runs: int) -> None:
    """A link to an event far down."""
    many = Input(build(folder, "session-100k.jsonl"))
    run = parsed(many.file)
    links: dict[str, list[float]] = {"with a new server": [], "opened before": []}
    for _ in range(runs):
        with app(many.file) as server:
            for taken in links.values():
                taken.append(deep_link(browser, server.url, many, run.events[DEEP - 1].address))
    rows = [(name, _ms(min(taken)), _ms(statistics.median(taken))) for name, taken in links.items()]
    table(f"Link to event {DEEP:,} of {len(run.events):,}", ("", "best", "median"), rows)


def list_table(browser: Browser, folder: Path, runs: int) -> None:
    """The list of 100,000 events, scrolled and thrown about."""
    many = Input(build(folder, "session-100k.jsonl"))
    with app(many.file) as server:
        for _ in range(runs):
            row, blank, heap = scrolling(browser, server.url, many)
            table("List of 100,000 events", ("", "frames", "p50", "p95", "longest"), [row])
            table("When settled", ("", ""), [("rows without words", str(blank)), ("JavaScript heap", f"{heap:.1f} MB")])


def _quantiles(times: Sequence[float]) -> tuple[str, str, str, str]:
    """How many, the median, the 95th percentile and the greatest."""
    ordered = sorted(times)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return str(len(ordered)), _ms(statistics.median(ordered)), _ms(high), _ms(ordered[-1])


def _ms(value: float) -> str:
    return f"{value:,.0f} ms"


TABLES = {"open": open_table, "zoom": zoom_table, "link": link_table, "list": list_table}


def main() -> None:
    """All tables, or one."""
    parser = argparse.ArgumentParser(description="A 50 MB session and 100,000 events in a browser.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=tuple(TABLES), help="one of the tables")
    given = parser.parse_args()
    machine()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, measure in TABLES.items():
            if given.only in (None, name):
                measure(browser, Path(folder), given.runs)
        browser.close()
    machine()


if __name__ == "__main__":
    main()
