"""From the landing page to an event, and a link that opens the same event for someone else."""

import re

from playwright.sync_api import Page, expect

from tests.browser import OpenPage
from tests.pages import (
    OPEN_MS,
    bar_in_timeline,
    detail,
    drawing,
    event,
    events,
    expect_event,
    message,
    open_run,
    search_box,
    selected,
    timeline,
)
from tests.shelf import LONG_EVENTS, Shelf


def test_a_copied_link_opens_the_event_that_was_picked_in_the_timeline(
    tab: Page, shelf: Shelf, open_page: OpenPage
) -> None:
    tab.goto(shelf.url)
    tab.get_by_role("table").get_by_role("link", name="Claude Code", exact=True).click(timeout=OPEN_MS)
    expect(events(tab).first).to_be_visible()
    before = drawing(tab)
    timeline(tab).click(position=bar_in_timeline(tab, "c-shell"))
    expect(detail(tab).get_by_role("heading", name="Bash")).to_be_visible()
    address = selected(tab).locator("span").first.inner_text()
    expect_event(tab, address)
    detail(tab).get_by_role("button", name="copy link").click()
    expect(detail(tab).get_by_role("button", name="copied")).to_be_visible()
    link = tab.evaluate("() => navigator.clipboard.readText()")
    tab.mouse.move(0, 0)

    other = open_page()
    open_run(other, link)
    expect_event(other, address)
    assert detail(other).locator("section").all_inner_texts() == detail(tab).locator("section").all_inner_texts()
    assert before != drawing(tab) == drawing(other)


def test_back_returns_to_the_event_picked_before(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("sorts.jsonl"))
    event(tab, "pytest -q").click()
    expect_event(tab, shelf.at["failed"])
    event(tab, "ls -la").click()
    expect_event(tab, shelf.at["shell"])
    tab.go_back()
    expect_event(tab, shelf.at["failed"])
    tab.go_back()
    expect(selected(tab)).to_have_count(0)


def test_reload_keeps_event_filter_axis_and_search(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("sorts.jsonl"))
    tab.get_by_role("button", name="Filter").click()
    tab.get_by_role("checkbox", name=re.compile("^shell")).check()
    tab.get_by_role("button", name="Event order").click()
    search_box(tab).fill("needle")
    expect(tab.get_by_text("1 event", exact=True)).to_be_visible()
    event(tab, "ls -la").click()
    link = tab.url
    tab.reload()
    expect(timeline(tab)).to_be_visible(timeout=OPEN_MS)
    expect_event(tab, shelf.at["shell"])
    expect(events(tab)).to_have_count(6)
    expect(tab.get_by_role("button", name="Event order")).to_have_attribute("aria-pressed", "true")
    expect(search_box(tab)).to_have_value("needle")
    expect(tab.get_by_text("1 of 1", exact=True)).to_be_visible()
    assert tab.url == link


def test_a_link_to_a_result_opens_the_call_that_it_answers(tab: Page, shelf: Shelf) -> None:
    result = str(int(shelf.at["shell"]) + 1)
    open_run(tab, shelf.link("sorts.jsonl", event=result))
    expect(selected(tab)).to_contain_text("ls -la")
    expect(detail(tab)).to_contain_text(f"event {shelf.at['shell']} ·")


def test_a_link_to_an_event_that_is_not_there_says_so_and_shows_the_run(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("sorts.jsonl", event="999"))
    expect(message(tab)).to_have_text(
        "Event 999 is not in this run, which has 33 records. The run is shown from its beginning."
    )
    expect(selected(tab)).to_have_count(0)
    event(tab, "pytest -q").click()
    expect_event(tab, shelf.at["failed"])


def test_a_link_to_the_last_event_of_a_long_run_opens_there(tab: Page, shelf: Shelf) -> None:
    last = f"Output of event {LONG_EVENTS}"
    open_run(tab, shelf.link("long.jsonl"))
    tab.get_by_role("listbox", name="Events").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    row = event(tab, f"target-{LONG_EVENTS}")
    expect(row).to_be_visible()
    address = row.locator("span").first.inner_text()
    tab.goto("about:blank")
    open_run(tab, shelf.link("long.jsonl", event=address))
    expect_event(tab, address)
    expect(selected(tab)).to_be_in_viewport()
    expect(detail(tab)).to_contain_text(last)


def test_the_link_of_the_head_keeps_the_filter(tab: Page, shelf: Shelf) -> None:
    open_run(tab, shelf.link("sorts.jsonl", errors="1"))
    tab.get_by_role("button", name="Copy link", exact=True).first.click()
    expect(tab.get_by_role("button", name="copied")).to_be_visible()
    assert tab.evaluate("() => navigator.clipboard.readText()") == tab.url
