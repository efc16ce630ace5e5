"""The keys of the run page, and the list of them."""

import re

from playwright.sync_api import Page, expect

from tests.pages import detail, drawing, expect_event, message, open_run, search_box, selected, timeline
from tests.shelf import Shelf


def test_j_and_k_walk_the_events(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    for key, name in (("j", "user"), ("j", "reasoning"), ("k", "user"), ("k", "user")):
        reader.keyboard.press(key)
        expect_event(reader, shelf.at[name])


def test_j_stays_within_the_filter(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", show="edit"))
    for name in ("patch", "edit", "edit"):
        reader.keyboard.press("j")
        expect_event(reader, shelf.at[name])


def test_e_and_shift_e_walk_the_errors_and_say_when_there_is_no_more(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    reader.keyboard.press("e")
    expect_event(reader, shelf.at["failed"])
    reader.keyboard.press("e")
    expect(message(reader)).to_have_text("No error after this event, flagged or inferred.")
    reader.keyboard.press("E")
    expect(message(reader)).to_have_text("No error before this event, flagged or inferred.")
    expect_event(reader, shelf.at["failed"])


def test_slash_goes_to_the_search(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    reader.keyboard.press("/")
    expect(search_box(reader)).to_be_focused()
    expect(search_box(reader)).to_have_value("")


def test_t_changes_the_axis(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    by_time = drawing(reader)
    reader.keyboard.press("t")
    expect(reader.get_by_role("button", name="Event order")).to_have_attribute("aria-pressed", "true")
    expect(reader).to_have_url(re.compile("axis=order"))
    assert drawing(reader) != by_time
    reader.keyboard.press("t")
    expect(reader.get_by_role("button", name="Time", exact=True)).to_have_attribute("aria-pressed", "true")
    assert drawing(reader) == by_time


def test_zero_shows_the_whole_timeline_again(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    whole = drawing(reader)
    timeline(reader).focus()
    reader.keyboard.press("+")
    assert drawing(reader) != whole
    reader.keyboard.press("0")
    assert drawing(reader) == whole


def test_r_shows_and_hides_the_raw_record(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"]))
    expect(detail(reader)).to_contain_text("total 8")
    reader.keyboard.press("r")
    expect(detail(reader)).to_contain_text('"command": "ls -la"')
    reader.keyboard.press("r")
    expect(detail(reader).locator("pre.raw")).to_be_hidden()


def test_c_copies_the_link_to_the_event(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"]))
    expect(detail(reader)).to_contain_text("total 8")
    reader.keyboard.press("c")
    expect(detail(reader).get_by_role("button", name="copied")).to_be_visible()
    assert reader.evaluate("() => navigator.clipboard.readText()") == reader.url


def test_escape_lets_go_of_the_event(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"]))
    reader.keyboard.press("Escape")
    expect(selected(reader)).to_have_count(0)
    expect(reader).not_to_have_url(re.compile("event="))
    expect(detail(reader)).to_contain_text("Select an event to read it whole")


def test_the_list_of_keys_opens_with_a_question_mark_and_closes_with_escape(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl", event=shelf.at["shell"]))
    reader.keyboard.press("?")
    dialog = reader.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("next and previous error, flagged or inferred")
    reader.keyboard.press("j")
    reader.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect_event(reader, shelf.at["shell"])
    reader.get_by_role("button", name="Keys").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_typing_in_the_search_is_only_typing(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    search_box(reader).click()
    reader.keyboard.type("jkeEnNtrc0?/")
    expect(search_box(reader)).to_have_value("jkeEnNtrc0?/")
    expect(reader.get_by_text("no match", exact=True)).to_be_visible()
    expect(selected(reader)).to_have_count(0)
    expect(reader.get_by_role("dialog")).to_have_count(0)
    expect(reader).not_to_have_url(re.compile("event=|axis="))


def test_a_key_with_control_is_left_to_the_browser(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    reader.keyboard.press("Control+j")
    reader.keyboard.press("k")
    expect_event(reader, shelf.at["user"])
