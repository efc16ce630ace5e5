"""The page for someone who does not see it or does not use a mouse: roles, names, focus."""

import re

from playwright.sync_api import Page, expect

from tests.pages import detail, event, events, open_list, open_run, selected, timeline
from tests.shelf import Shelf

NAMELESS = """() => [...document.querySelectorAll('#view button, #view a, #view input, #view select')]
  .filter((element) => element.checkVisibility())
  .filter((element) => !(element.textContent.trim() || element.getAttribute('aria-label') || element.labels?.length))
  .map((element) => element.outerHTML)"""


def test_the_list_is_a_listbox_that_says_which_event_is_selected_and_of_how_many(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"]))
    expect(selected(reader)).to_have_count(1)
    expect(selected(reader)).to_have_attribute("aria-setsize", "20")
    expect(selected(reader)).to_have_attribute("aria-posinset", "5")
    expect(events(reader).first).to_have_attribute("aria-selected", "false")
    active = reader.get_by_role("listbox", name="Events").get_attribute("aria-activedescendant")
    assert active == selected(reader).get_attribute("id")


def test_the_timeline_says_what_it_shows(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    expect(timeline(reader)).to_have_accessible_name("Timeline: 20 events, errors flagged 1 · inferred 0")


def test_every_control_has_a_name(reader: Page, shelf: Shelf) -> None:
    open_list(reader, shelf.link())
    assert reader.evaluate(NAMELESS) == []
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"], find="needle"))
    reader.get_by_role("button", name="Filter").click()
    expect(detail(reader)).to_contain_text("total 8")
    expect(reader.get_by_role("button", name="Next match")).to_be_visible()
    assert reader.evaluate(NAMELESS) == []
    assert reader.locator("html").get_attribute("lang") == "en"


def test_the_arrows_walk_the_list_that_has_the_focus(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    reader.get_by_role("listbox", name="Events").focus()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("ArrowDown")
    expect(selected(reader)).to_contain_text("It drops the last line.")
    reader.keyboard.press("ArrowUp")
    expect(selected(reader)).to_contain_text("find the needle")


def test_tab_reaches_the_controls_the_timeline_and_the_list_with_a_focus_that_is_seen(
    reader: Page, shelf: Shelf
) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    label = "Timeline: 20 events, errors flagged 1 · inferred 0"
    wanted = {"Copy link", "Time", "Event order", label, "Errors only", "Filter", "Events"}
    seen: dict[str, str] = {}
    for _ in range(30):
        reader.keyboard.press("Tab")
        name, outline = reader.evaluate(
            """() => { const element = document.activeElement, style = getComputedStyle(element);
              return [element.getAttribute('aria-label') ?? element.textContent.trim(),
                style.outlineStyle === 'none' ? '' : style.outlineWidth]; }"""
        )
        seen[name] = outline
    assert wanted <= seen.keys()
    assert {name: seen[name] for name in wanted if not re.match("[1-9]", seen[name])} == {}


def test_an_error_is_told_by_more_than_its_colour(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    expect(event(reader, "pytest -q")).to_contain_text("▲ exit 1")
    expect(event(reader, "rm -rf build")).to_contain_text("denied")
