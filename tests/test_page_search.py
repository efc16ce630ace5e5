"""Search within a run: what it finds, how matches are walked and marked."""

import re

from playwright.sync_api import Page, expect

from tests.pages import event, events, expect_event, open_run, search_box, selected
from tests.shelf import Shelf


def search(page: Page, shelf: Shelf, text: str, count: str) -> None:
    """Opens the run with every sort of event and searches it."""
    open_run(page, shelf.link("sorts.jsonl"))
    search_box(page).fill(text)
    expect(page.get_by_text(count, exact=True)).to_be_visible()


def test_a_search_finds_prompts_nested_arguments_and_outputs(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "NEEDLE", "3 events")
    found = reader.locator(".list-row.found")
    expect(found).to_contain_text(["find the needle", "ls -la", "get_issue"])
    plain, marked = (
        row.locator(".list-brief").evaluate("brief => getComputedStyle(brief).backgroundColor")
        for row in (event(reader, "pytest -q"), event(reader, "ls -la"))
    )
    assert plain != marked
    expect(reader).to_have_url(re.compile("find=NEEDLE"))


def test_enter_goes_to_the_next_match_and_shift_enter_back(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "needle", "3 events")
    search_box(reader).press("Enter")
    expect_event(reader, shelf.at["user"])
    expect(reader.get_by_text("1 of 3", exact=True)).to_be_visible()
    search_box(reader).press("Enter")
    expect_event(reader, shelf.at["shell"])
    search_box(reader).press("Shift+Enter")
    expect_event(reader, shelf.at["user"])


def test_enter_right_after_typing_goes_to_the_first_match(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    search_box(reader).fill("get_issue")
    search_box(reader).press("Enter")
    expect_event(reader, shelf.at["json"])


def test_the_keys_n_and_shift_n_walk_the_matches_round(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "needle", "3 events")
    search_box(reader).press("Escape")  # clears
    search_box(reader).fill("needle")
    expect(reader.get_by_text("3 events", exact=True)).to_be_visible()
    event(reader, "ls -la").click()
    expect_event(reader, shelf.at["shell"])
    for key, name in (("n", "json"), ("n", "user"), ("N", "json"), ("N", "shell")):
        reader.keyboard.press(key)
        expect_event(reader, shelf.at[name])


def test_the_buttons_beside_the_field_walk_the_matches(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "needle", "3 events")
    reader.get_by_role("button", name="Next match").click()
    expect_event(reader, shelf.at["user"])
    reader.get_by_role("button", name="Previous match").click()
    expect_event(reader, shelf.at["json"])


def test_a_search_without_a_match_says_so(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "nowhere to be found", "no match")
    expect(reader.get_by_role("button", name="Next match")).to_be_hidden()
    expect(events(reader).first).to_be_visible()


def test_escape_ends_the_search(reader: Page, shelf: Shelf) -> None:
    search(reader, shelf, "needle", "3 events")
    search_box(reader).press("Escape")
    expect(search_box(reader)).to_have_value("")
    expect(reader.locator(".list-row.found")).to_have_count(0)
    expect(reader).not_to_have_url(re.compile("find="))


def test_matches_that_the_filter_hides_are_not_visited(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", find="needle", show="shell,mcp"))
    expect(reader.locator(".list-row.found")).to_have_count(2)
    reader.keyboard.press("n")
    expect_event(reader, shelf.at["shell"])
    reader.keyboard.press("N")
    expect_event(reader, shelf.at["json"])
    expect(selected(reader)).to_be_visible()
