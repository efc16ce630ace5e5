"""Subagents: from the call that started one to its run, and back to that call."""

import pytest
from playwright.sync_api import Page, expect

from tests.pages import bar_in_timeline, detail, event, expect_event, open_run, timeline
from tests.shelf import Shelf

LAYOUTS = pytest.mark.parametrize(
    ("run", "call", "words"),
    [
        pytest.param("inline.jsonl", "Count the files", "There are twelve files.", id="inside the parent's file"),
        pytest.param("team-1.jsonl", "Review the change", "I see nothing wrong.", id="in a file of its own"),
    ],
)


def go_to_parent(page: Page) -> None:
    page.get_by_role("navigation", name="Where this run is").get_by_role("link", name="parent run").click()


@LAYOUTS
def test_the_call_opens_its_subagent_which_leads_back_to_the_parent(
    reader: Page, shelf: Shelf, run: str, call: str, words: str
) -> None:
    open_run(reader, shelf.link(run))
    event(reader, call).click()
    detail(reader).get_by_role("button", name="Open subagent").click()
    expect(event(reader, words)).to_be_visible()
    go_to_parent(reader)
    expect(event(reader, call)).to_be_visible()


def test_the_way_back_from_a_subagent_leads_to_its_call(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("inline.jsonl"))
    event(reader, "Count the files").click()
    detail(reader).get_by_role("button", name="Open subagent").click()
    go_to_parent(reader)
    expect_event(reader, "2")


@LAYOUTS
def test_a_bar_in_the_lane_of_subagents_opens_it(reader: Page, shelf: Shelf, run: str, call: str, words: str) -> None:
    open_run(reader, shelf.link(run))
    timeline(reader).click(position=bar_in_timeline(reader, "c-agent"))
    expect(event(reader, words)).to_be_visible()


@LAYOUTS
def test_a_reloaded_subagent_is_the_same_run(reader: Page, shelf: Shelf, run: str, call: str, words: str) -> None:
    open_run(reader, shelf.link(run))
    event(reader, call).click()
    detail(reader).get_by_role("button", name="Open subagent").click()
    expect(event(reader, words)).to_be_visible()
    reader.reload()
    expect(event(reader, words)).to_be_visible()
    reader.go_back()
    expect_event(reader, "2")


def test_the_way_back_from_a_subagent_with_its_own_file_leads_to_its_call(reader: Page, shelf: Shelf) -> None:
    open_run(reader, shelf.link("team-1.jsonl"))
    event(reader, "Review the change").click()
    detail(reader).get_by_role("button", name="Open subagent").click()
    expect(event(reader, "I see nothing wrong.")).to_be_visible()
    crumb = reader.get_by_role("navigation", name="Where this run is")
    crumb.get_by_role("link", name="parent run").click()
    expect_event(reader, "2")
