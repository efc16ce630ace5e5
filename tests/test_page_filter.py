"""The filter over the event list: what it lets through, what the link says of it, and the words for an empty list."""

import re

from playwright.sync_api import Page, expect

from tests.pages import event, events, open_run
from tests.shelf import Shelf


def box(page: Page, word: str) -> None:
    """Ticks a box of the filter."""
    page.get_by_role("checkbox", name=re.compile(f"^{word}")).check()


def open_filter(page: Page, shelf: Shelf) -> None:
    open_run(page, shelf.link("sorts.jsonl"))
    page.get_by_role("button", name="Filter").click()


def test_errors_only_lists_the_errors_and_no_refused_call(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    reader.get_by_role("button", name="Errors only").click()
    expect(events(reader)).to_have_count(1)
    expect(events(reader)).to_contain_text(["pytest -q"])
    expect(reader.get_by_text("1 of 20", exact=True)).to_be_visible()
    expect(reader).to_have_url(re.compile("errors=1"))


def test_a_kind_lists_the_events_of_that_kind(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    box(reader, "reasoning")
    expect(events(reader)).to_have_count(2)
    expect(reader).to_have_url(re.compile(r"show=reasoning(&|$)"))


def test_kinds_and_categories_add_up(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    box(reader, "user")
    box(reader, "edit")
    expect(events(reader)).to_have_count(3)
    expect(reader.get_by_role("checkbox", name=re.compile("^user"))).to_be_checked()
    expect(reader).to_have_url(re.compile(r"show=user,edit(&|$)"))


def test_a_box_that_is_cleared_shows_the_rest_again(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    box(reader, "edit")
    expect(events(reader)).to_have_count(2)
    reader.get_by_role("checkbox", name=re.compile("^edit")).uncheck()
    expect(event(reader, "find the needle")).to_be_visible()
    expect(reader).not_to_have_url(re.compile("show="))


def test_a_tool_lists_its_calls_alone(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    reader.get_by_role("combobox", name="Tool").select_option("Read")
    expect(events(reader)).to_have_count(3)
    expect(reader).to_have_url(re.compile(r"tool=Read(&|$)"))


def test_errors_narrow_what_else_is_chosen(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    box(reader, "shell")
    expect(events(reader)).to_have_count(6)
    reader.get_by_role("button", name="Errors only").click()
    expect(events(reader)).to_have_count(1)
    expect(event(reader, "pytest -q")).to_be_visible()


def test_clear_shows_every_event_and_leaves_the_link_clean(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", errors="1", show="shell", tool="Bash"))
    expect(events(reader)).to_have_count(1)
    reader.get_by_role("button", name="clear", exact=True).click()
    expect(event(reader, "find the needle")).to_be_visible()
    expect(reader).to_have_url(shelf.link("sorts.jsonl"))
    expect(reader.get_by_role("button", name="clear", exact=True)).to_be_hidden()


def test_a_link_with_a_filter_opens_filtered_and_says_so(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", show="plan,mcp"))
    expect(events(reader)).to_contain_text(["get_issue", "TodoWrite"])
    expect(events(reader)).to_have_count(2)
    reader.get_by_role("button", name="Filter").click()
    expect(reader.get_by_role("checkbox", name=re.compile("^plan"))).to_be_checked()
    expect(reader.get_by_role("checkbox", name=re.compile("^shell"))).not_to_be_checked()


def test_a_filter_that_nothing_passes_says_what_to_do(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", errors="1", show="reasoning"))
    expect(reader.get_by_text("No event passes this filter. Clear it to see every event.")).to_be_visible()
    expect(reader.get_by_text("0 of 20", exact=True)).to_be_visible()


def test_errors_only_says_when_the_harness_records_none(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("ml-intern-opus.jsonl", source="demo"))
    reader.get_by_role("button", name="Errors only").click()
    expect(reader.get_by_text("ml-intern flags no errors, and none was inferred")).to_be_visible()


def test_the_keyboard_stays_on_the_box_that_it_ticked(reader: Page, shelf: Shelf) -> None:
    open_filter(reader, shelf)
    shell = reader.get_by_role("checkbox", name=re.compile("^shell"))
    shell.focus()
    reader.keyboard.press("Space")
    expect(shell).to_be_checked()
    expect(shell).to_be_focused()
