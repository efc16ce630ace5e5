"""A run of 20,000 events: few elements, no blank rows, and the last event as near as the first."""

import re

from playwright.sync_api import Page, expect

from tests.pages import event, events, expect_event, open_run
from tests.shelf import LONG_EVENTS, Shelf

MOST_ELEMENTS = 1_500


def elements(page: Page) -> int:
    return int(page.evaluate("() => document.querySelectorAll('*').length"))


def expect_rows_filled(page: Page) -> None:
    """Every row on screen says what its event is: a row whose text has not come shows a mark of omission."""
    expect(events(page).first).to_be_visible()
    expect(events(page).filter(has_text=re.compile("…$"))).to_have_count(0)
    for text in events(page).all_inner_texts():
        assert re.search(r"event|target|part_", text), text


def scroll_to(page: Page, part: float) -> None:
    page.get_by_role("listbox", name="Events").evaluate(
        "(list, part) => list.scrollTo(0, list.scrollHeight * part)", part
    )


def test_a_long_run_stays_small_in_the_page_and_no_row_stays_blank(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("long.jsonl"))
    expect(tab.get_by_text("events, ").locator("..")).to_contain_text(f"{LONG_EVENTS:,}")
    expect_rows_filled(tab)
    assert elements(tab) < MOST_ELEMENTS
    for part in (0.5, 0.9, 0.1, 1):
        scroll_to(tab, part)
        row = event(tab, re.compile(rf"(event|target|part).{round(part * LONG_EVENTS)}"))
        expect(row).to_have_count(1)
        expect_rows_filled(tab)
        assert elements(tab) < MOST_ELEMENTS


def test_the_wheel_scrolls_rows_in_without_leaving_any_blank(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("long.jsonl"))
    events(tab).first.hover()
    for _ in range(20):
        tab.mouse.wheel(0, 2500)
    expect(event(tab, re.compile(r"\b(event|target|part).1[78]\d\d")).first).to_be_visible()
    expect_rows_filled(tab)


def test_the_last_error_of_a_long_run_is_one_key_away(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("long.jsonl"))
    tab.keyboard.press("Shift+E")
    expect(event(tab, f"target-{LONG_EVENTS}")).to_have_attribute("aria-selected", "true")
    expect(event(tab, f"target-{LONG_EVENTS}")).to_be_in_viewport()


def test_a_search_in_a_long_run_finds_its_one_event(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("long.jsonl", find=f"event {LONG_EVENTS - 2}"))
    expect(tab.get_by_text("1 event", exact=True)).to_be_visible()
    tab.keyboard.press("n")
    row = tab.locator(".list-row.found")
    expect(row).to_contain_text(str(LONG_EVENTS - 2))
    expect_event(tab, row.locator("span").first.inner_text())
