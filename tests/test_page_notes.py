"""What the head of a run says about its data before a reader trusts it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages import event, events, open_run
from tests.shelf import Shelf


def notes(page: Page) -> Locator:
    return page.get_by_role("list", name="About this data")


def test_a_run_with_one_time_on_every_record_has_no_time_axis(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("same-times.jsonl"))
    expect(notes(reader)).to_contain_text("Times hidden: every record has the same timestamp")
    expect(reader.get_by_role("button", name="Time", exact=True)).to_be_disabled()
    expect(reader.get_by_role("button", name="Event order")).to_have_attribute("aria-pressed", "true")


def test_a_link_to_the_time_axis_of_such_a_run_shows_event_order(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("same-times.jsonl", axis="time"))
    expect(reader.get_by_role("button", name="Event order")).to_have_attribute("aria-pressed", "true")
    reader.keyboard.press("t")
    expect(reader.get_by_role("button", name="Event order")).to_have_attribute("aria-pressed", "true")


def test_unreadable_records_are_counted_and_the_rest_is_shown(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("broken.jsonl"))
    expect(notes(reader)).to_contain_text("2 records unreadable; the first is record 4: not JSON")
    expect(event(reader, "Done.")).to_be_visible()


def test_a_file_that_ends_in_the_middle_of_a_record_says_so(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("cut.jsonl"))
    expect(notes(reader)).to_contain_text("The last record is cut: the session is still being written")
    expect(event(reader, "Done.")).to_be_visible()


def test_a_harness_without_an_error_flag_is_unknown_and_not_ok(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("intern.jsonl"))
    expect(notes(reader)).to_contain_text("ml-intern records no error flag: errors are inferred from the text")
    expect(reader.get_by_text("errors: flagged unknown · inferred 1")).to_be_visible()
    expect(event(reader, "cat gone")).to_contain_text("△ inferred")
    event(reader, "ls").first.click()
    expect(reader.get_by_text("outcome unknown")).to_be_visible()


def test_encrypted_reasoning_and_calls_without_a_result_are_counted(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("sorts.jsonl"))
    expect(notes(reader)).to_contain_text("1 reasoning block is encrypted")
    expect(notes(reader)).to_contain_text("1 tool call without a result")


@pytest.mark.parametrize(("run", "harness"), [("pi.jsonl", "Pi"), ("codex.jsonl", "Codex")])
def test_a_sound_run_has_no_notes(reader: Page, shelf: Shelf, run: str, harness: str) -> None:
    open_run(reader, shelf.link(run))
    expect(events(reader)).to_have_count(5)
    expect(notes(reader)).to_have_count(0)
    expect(reader.get_by_text(re.compile(f"^{harness}( |$)")).first).to_be_visible()
    expect(event(reader, "cat gone")).to_contain_text("▲")
