"""A telephone's screen: nothing is wider than it, and an event opens as a sheet that closes again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage
from tests.pages import (
    OPEN_MS,
    bar_in_timeline,
    detail,
    event,
    events,
    expect_event,
    open_list,
    open_run,
    search_box,
    selected,
    timeline,
)
from tests.shelf import Shelf

WIDTH = 390


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """A page of 390 by 844 pixels with a touch screen."""
    return open_page(WIDTH, 844, touch=True)


def expect_nothing_wider(page: Page) -> None:
    """The page does not scroll sideways, and nothing that is shown stands out of it on the right."""
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= WIDTH
    outside = page.evaluate(
        """(width) => [...document.querySelectorAll('#view *')].filter((element) => {
          const scrolls = element.closest('.table-scroll, .diff, pre, table') ;
          return !scrolls && element.checkVisibility() && element.getBoundingClientRect().right > width + 1;
        }).map((element) => element.outerHTML.slice(0, 120))""",
        WIDTH,
    )
    assert outside == []


def test_the_landing_page_the_list_and_a_run_are_no_wider_than_the_screen(narrow: Page, shelf: Shelf) -> None:
    narrow.goto(shelf.url)
    race = narrow.get_by_role("table").get_by_role("link", name="Claude Code", exact=True)
    expect(race).to_be_visible(timeout=OPEN_MS)
    expect_nothing_wider(narrow)
    open_list(narrow, shelf.link())
    expect(narrow.get_by_text("OpenCode export")).to_be_visible()
    expect_nothing_wider(narrow)
    open_run(narrow, shelf.link("sorts.jsonl"))
    expect(events(narrow).first).to_be_visible()
    expect_nothing_wider(narrow)
    narrow.get_by_role("button", name="Filter").tap()
    search_box(narrow).fill("needle")
    expect(narrow.get_by_text("3 events", exact=True)).to_be_visible()
    expect_nothing_wider(narrow)


def test_an_event_opens_as_a_sheet_over_the_list_and_closes(narrow: Page, shelf: Shelf) -> None:
    open_run(narrow, shelf.link("sorts.jsonl"))
    expect(detail(narrow)).to_be_hidden()
    event(narrow, "pytest -q").tap()
    expect(detail(narrow)).to_contain_text("1 failed, 7 passed")
    expect(detail(narrow)).to_be_in_viewport()
    assert detail(narrow).evaluate("sheet => getComputedStyle(sheet).position") == "fixed"
    expect_nothing_wider(narrow)
    detail(narrow).get_by_role("button", name="Next event").tap()
    expect_event(narrow, shelf.at["shell"])
    detail(narrow).get_by_role("button", name="Close").tap()
    expect(detail(narrow)).to_be_hidden()
    expect(selected(narrow)).to_have_count(0)


@pytest.mark.parametrize("name", ["patch", "json", "huge", "markdown", "image"])
def test_no_sort_of_event_is_wider_than_the_screen(narrow: Page, shelf: Shelf, name: str) -> None:
    open_run(narrow, shelf.link("sorts.jsonl", event=shelf.at[name]))
    expect(detail(narrow)).to_contain_text(f"event {shelf.at[name]} ·")
    expect_nothing_wider(narrow)


def test_a_finger_on_the_timeline_opens_an_event(narrow: Page, shelf: Shelf) -> None:
    open_run(narrow, f"{shelf.url}/?source=demo&run=claude-code.jsonl")
    timeline(narrow).tap(position=bar_in_timeline(narrow, "c-shell"))
    expect(detail(narrow).get_by_role("heading", name="Bash")).to_be_visible()
