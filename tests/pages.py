"""Where things are on the page, by role and name as a reader finds them, and how to get there."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Position, expect

OPEN_MS = 60_000
"""How long a page may take to open on a machine that is busy with other tests; everything else is soon there."""


def open_run(page: Page, link: str) -> None:
    """Opens a link to a run and waits until its columns have come: from then on every key works."""
    _go(page, link)
    expect(timeline(page)).to_be_visible(timeout=OPEN_MS)


def open_list(page: Page, link: str) -> None:
    """Opens a link to a list of runs and waits for its first row."""
    _go(page, link)
    expect(runs(page).first).to_be_visible(timeout=OPEN_MS)


def _go(page: Page, link: str) -> None:
    """Loads a link; a page that shows this server already goes there as it goes back and forward, over the start."""
    if urlsplit(page.url)[:2] != urlsplit(link)[:2]:
        page.goto(link)
        return
    page.evaluate(
        """(link) => {
          for (const place of [location.pathname, link]) {
            history.pushState(null, '', place);
            dispatchEvent(new PopStateEvent('popstate'));
          }
        }""",
        link,
    )


def runs(page: Page) -> Locator:
    """The runs of the list that are on screen."""
    return page.get_by_role("table", name="Runs").locator("a")


def run_row(page: Page, text: str) -> Locator:
    """The run with that text."""
    return runs(page).filter(has_text=text)


def timeline(page: Page) -> Locator:
    """The timeline."""
    return page.get_by_role("img", name="Timeline")


def events(page: Page) -> Locator:
    """The events of the list that are on screen."""
    return page.get_by_role("listbox", name="Events").get_by_role("option")


def event(page: Page, text: str | re.Pattern[str]) -> Locator:
    """The event with that text."""
    return events(page).filter(has_text=text)


def selected(page: Page) -> Locator:
    """The event that is selected in the list."""
    return page.get_by_role("listbox", name="Events").get_by_role("option", selected=True)


def detail(page: Page) -> Locator:
    """The detail of the selected event."""
    return page.get_by_role("complementary")


def block(page: Page, title: str) -> Locator:
    """One block of the detail, by its title."""
    return detail(page).locator("section").filter(has=page.get_by_text(title, exact=True))


def expect_event(page: Page, address: str) -> None:
    """The event at that address is selected in the link and the list, and its detail is shown."""
    expect(page).to_have_url(re.compile(rf"[?&]event={re.escape(address)}(&|$)"))
    expect(selected(page)).to_have_count(1)
    expect(selected(page).locator("span").first).to_have_text(address)
    expect(detail(page)).to_contain_text(f"event {address} ·")


def message(page: Page) -> Locator:
    """What the page says of itself for a while."""
    return page.locator("#view").get_by_role("status")


def search_box(page: Page) -> Locator:
    """The field for a search within the run."""
    return page.get_by_role("searchbox", name="Search this run")


def drawing(page: Page) -> str:
    """The timeline as drawn now, to compare with another time or another page."""
    return str(
        timeline(page)
        .locator("canvas")
        .evaluate(
            """canvas => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
              () => done(canvas.toDataURL()))))"""
        )
    )


def bar_in_timeline(page: Page, token: str) -> Position:
    """The middle of a bar in the colour of that token (`c-shell`), in pixels from the timeline's corner.

    Of several bars it is the longest one of the lowest lane: a subagent's bar stands below the call that started it.
    The ribbon and the axis below the lanes do not count.
    """
    place = (
        timeline(page)
        .locator("canvas")
        .evaluate(
            """(canvas, token) => {
              const pen = document.createElement('canvas').getContext('2d');
              pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`);
              pen.fillRect(0, 0, 1, 1);
              const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
              const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              let best = { length: 0, x: 0, y: 0 };
              const below = Math.ceil(36 * height / canvas.clientHeight);
              for (let y = height - 1 - below; y >= 0 && (best.length === 0 || y > best.y); y--) {
                for (let x = 0, length = 0; x < width; x++) {
                  const at = 4 * (y * width + x);
                  const same = data[at] === red && data[at + 1] === green && data[at + 2] === blue;
                  length = same ? length + 1 : 0;
                  if (length > best.length) best = { length, x: x - length / 2, y: y - 5 };
                }
              }
              return [best.x * canvas.clientWidth / width, best.y * canvas.clientHeight / height];
            }""",
            token,
        )
    )
    return {"x": place[0], "y": place[1]}
