"""The landing page and the list of runs: from a place to a run and back, sorting, filtering, progress, live files."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import RunApp
from tests.pages import OPEN_MS, event, events, open_list, open_run, run_row, runs, timeline
from tests.shelf import Shelf
from tests.traces import Claude, append, write, write_many

MANY = 2_000


def test_the_landing_page_shows_the_places_and_the_race_with_its_numbers(tab: Page, shelf: Shelf) -> None:
    tab.goto(shelf.url)
    expect(tab.get_by_role("heading", level=1)).to_have_text("See what your agents did", timeout=OPEN_MS)
    expect(tab.get_by_role("link", name=re.compile("^shelf "))).to_contain_text(re.compile(r"\d+ files, newest"))
    race = tab.get_by_role("table").filter(has_text="Tool calls")
    expect(race.get_by_role("row")).to_have_count(5)
    expect(race.get_by_role("row", name="Claude Code claude-opus")).to_contain_text(re.compile(r"78\s*37\s*flagged 2"))
    expect(race.get_by_role("row", name="Kimi-K2.6").filter(has_text="ml-intern")).to_contain_text("—")


def test_back_leads_from_the_run_to_the_filtered_list_and_forward_to_the_run(tab: Page, shelf: Shelf) -> None:
    tab.goto(shelf.url)
    tab.get_by_role("link", name=re.compile("^shelf ")).click(timeout=OPEN_MS)
    tab.get_by_role("searchbox", name="Filter runs").fill("pi task kimi")
    expect(runs(tab)).to_have_count(1)
    expect(tab).to_have_url(re.compile(r"find=pi\+task\+kimi"))
    run_row(tab, "Pi task").click()
    expect(event(tab, "I will look.")).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("searchbox", name="Filter runs")).to_have_value("pi task kimi")
    expect(runs(tab)).to_have_count(1)
    tab.go_forward()
    expect(event(tab, "I will look.")).to_be_visible()
    tab.go_back()
    expect(runs(tab)).to_have_count(1)
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_have_text("See what your agents did")


def test_a_list_filter_that_matches_nothing_offers_all_runs(tab: Page, shelf: Shelf) -> None:
    open_list(tab, shelf.link())
    tab.keyboard.press("/")
    tab.keyboard.type("nothing like it")
    expect(tab.get_by_text("No run matches “nothing like it”.")).to_be_visible()
    tab.get_by_role("button", name="Show all runs").click()
    expect(run_row(tab, "Pi task")).to_be_visible()
    expect(tab).to_have_url(shelf.link())


def test_a_column_head_sorts_and_says_which_way(tab: Page, shelf: Shelf) -> None:
    open_list(tab, shelf.link())
    expect(run_row(tab, "long.jsonl")).to_contain_text("20,000")
    head = tab.get_by_role("columnheader", name="Events")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(runs(tab).first).to_contain_text("long.jsonl")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(runs(tab).first).not_to_contain_text("long.jsonl")


def test_a_subagent_is_listed_only_when_asked_for(tab: Page, shelf: Shelf) -> None:
    open_list(tab, shelf.link())
    expect(run_row(tab, "Ask a helper with a file")).to_contain_text("1 subagent")
    expect(run_row(tab, "agent-a1.jsonl")).to_have_count(0)
    tab.get_by_role("button", name="Subagents and copies").click()
    expect(run_row(tab, "agent-a1.jsonl")).to_be_visible()


def test_a_file_that_is_no_trace_says_why_in_its_row(tab: Page, shelf: Shelf) -> None:
    open_list(tab, shelf.link())
    expect(run_row(tab, "foreign.jsonl")).to_contain_text("looks like an OpenCode export, which is not read.")
    expect(run_row(tab, "empty.jsonl")).to_contain_text("the file is empty.")


def test_an_empty_place_says_how_runs_get_there(tab: Page, shelf: Shelf) -> None:
    tab.goto(shelf.link(source="path-live"))
    expect(tab.get_by_text("No trace files here yet.")).to_be_visible(timeout=OPEN_MS)
    expect(tab.get_by_role("link", name="look at the demo race")).to_be_visible()


def test_records_added_to_a_file_are_there_after_a_reload(tab: Page, shelf: Shelf) -> None:
    claude = Claude("growing-1")
    claude.user("A session that grows")
    claude.say("First words")
    path = write(shelf.live / "growing.jsonl", claude.records)
    try:
        open_run(tab, shelf.link("growing.jsonl", source="path-live"))
        expect(events(tab)).to_have_count(2)
        claude.call("Bash", {"command": "make later"}, "made")
        append(path, claude.records[2:])
        tab.reload()
        expect(timeline(tab)).to_be_visible(timeout=OPEN_MS)
        expect(events(tab)).to_have_count(3)
        expect(event(tab, "make later")).to_be_visible()
    finally:
        path.unlink()


def test_names_of_many_files_are_there_at_once_and_a_second_start_knows_them_all(
    tab: Page, running_app: RunApp, tmp_path: Path
) -> None:
    folder, home = tmp_path / "many", tmp_path / "home"
    write_many(folder, MANY)
    with running_app(home, folder) as url, tab.expect_response("**/api/runs.json*") as first:
        open_list(tab, f"{url}/?source=path-many")
        listing = first.value.json()
        assert len(listing["rows"]) == MANY
        assert listing["pending"] > 0
        expect(tab.get_by_text(f"{MANY:,} runs", exact=True)).to_be_visible(timeout=OPEN_MS)
        expect(tab.get_by_role("progressbar", name="Files read")).to_be_hidden()
        expect(runs(tab).first).to_contain_text("Small task")
    with running_app(home, folder) as url, tab.expect_response("**/api/runs.json*") as warm:
        open_list(tab, f"{url}/?source=path-many")
        assert warm.value.json()["pending"] == 0
        expect(runs(tab).first).to_contain_text("Small task")
        expect(tab.get_by_text(f"{MANY:,} runs", exact=True)).to_be_visible()
