"""Datasets of the Hub on the page: found, opened by name, pinned, and what is left when the Hub is out of reach."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, RunApp
from tests.hub import Fault, LocalHub
from tests.pages import OPEN_MS, detail, event, expect_event, open_list, open_run, run_row, runs
from tests.smallest import lines_of
from tests.traces import Claude, write

RACE = "ann/race"
MOVED = "ann/moved-on"
RUN = "sessions/day 1/s&1.jsonl"
FAILED_REQUEST = "Failed to load resource: the server responded with a status of 4"


def trace(task: str) -> bytes:
    """A session of a task, an answer, a command, and another answer."""
    claude = Claude(task)
    claude.user(f"{task} task")
    claude.say(f"{task} words.")
    claude.call("Bash", {"command": f"make {task}"}, f"{task} output")
    claude.say("Done.")
    return lines_of(claude.records)


class Datasets(NamedTuple):
    """A running app and the Hub that it asks."""

    url: str
    hub: LocalHub
    env: dict[str, str]
    home: Path
    old: str
    """The first of two commits of `MOVED`."""

    def link(self, repo: str, **rest: str) -> str:
        return f"{self.url}/?{urlencode({'repo': repo} | rest)}"

    def sha(self, repo: str) -> str:
        return self.hub.repo(repo).head.sha


@pytest.fixture(scope="module")
def datasets(running_app: RunApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasets]:
    home = tmp_path_factory.mktemp("hub-home")
    with LocalHub() as hub:
        hub.add_dataset(RACE, {RUN: trace("Race"), "s2.jsonl": trace("Second")}, tags=["format:agent-traces"])
        hub.add_dataset("bob/other", {"s1.jsonl": trace("Other")}, card="---\ntags: [agent-traces]\n---\n")
        old = hub.add_dataset(MOVED, {"s1.jsonl": trace("Old")}).head.sha
        hub.commit(MOVED, {"s1.jsonl": trace("New")})
        env = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
        with running_app(home, env=env) as url:
            yield Datasets(url, hub, env, home, old)


def expect_pinned(page: Page, sha: str) -> None:
    expect(page).to_have_url(re.compile(f"[?&]rev={sha}(&|$)"), timeout=OPEN_MS)


def test_a_dataset_is_found_opened_and_a_copied_link_shows_the_same_event_to_others(
    tab: Page, datasets: Datasets, open_page: OpenPage
) -> None:
    tab.goto(datasets.url)
    tab.get_by_role("navigation").get_by_role("link", name="Hub", exact=True).click(timeout=OPEN_MS)
    expect(tab.get_by_role("link", name="bob/other")).to_contain_text(
        "1 run · changed 1 Jan 2026 · tagged by its author"
    )
    tab.get_by_role("combobox", name="Sort by").select_option("last change")
    expect(tab).to_have_url(re.compile(r"sort=lastModified"))
    expect(tab.locator(".hub-row b").first).to_have_text("bob/other")
    tab.get_by_role("searchbox", name="Search datasets").fill("race")
    expect(tab.get_by_role("link", name="bob/other")).to_have_count(0)
    expect(tab.get_by_text("1 dataset", exact=True)).to_be_visible()
    tab.get_by_role("link", name=RACE).click()
    expect(runs(tab)).to_have_count(2)
    expect_pinned(tab, datasets.sha(RACE))
    run_row(tab, "Race task").click()
    event(tab, "make Race").click()
    expect_event(tab, "3")
    detail(tab).get_by_role("button", name="copy link").click()
    expect(detail(tab).get_by_role("button", name="copied")).to_be_visible()
    link = tab.evaluate("() => navigator.clipboard.readText()")
    sha = datasets.sha(RACE)

    # A commit in between moves the newest, and not the link.
    datasets.hub.commit(RACE, {RUN: trace("Moved")})
    other = open_page()
    open_run(other, link)
    expect_event(other, "3")
    expect(detail(other)).to_contain_text("Race output")
    assert detail(other).locator("section").all_inner_texts() == detail(tab).locator("section").all_inner_texts()

    # The same as Markdown, and as the line of the file on the Hub.
    detail(tab).get_by_role("button", name="as Markdown").click()
    expect(detail(tab).get_by_role("button", name="copied")).to_be_visible()
    address = link.replace("(", "%28").replace(")", "%29")
    assert tab.evaluate("() => navigator.clipboard.readText()") == f"[Bash, event 3 of Race task]({address})"
    there = f"{datasets.hub.url}/datasets/{RACE}/blob/{sha}/sessions/day%201/s%261.jsonl"
    expect(detail(tab).get_by_role("link", name="on the Hub")).to_have_attribute("href", f"{there}#L3")
    crumb = tab.get_by_role("navigation", name="Where this run is")
    expect(crumb.get_by_role("link", name="on the Hub")).to_have_attribute("href", there)


def test_a_link_without_a_revision_is_rewritten_to_the_newest_commit(reader: Page, datasets: Datasets) -> None:
    open_run(reader, datasets.link(MOVED, run="s1.jsonl", event="2"))
    expect(detail(reader)).to_contain_text("New words.")
    expect_pinned(reader, datasets.sha(MOVED))
    expect_event(reader, "2")


def test_a_link_to_an_old_commit_shows_what_it_held_and_offers_the_newer_one(reader: Page, datasets: Datasets) -> None:
    open_run(reader, datasets.link(MOVED, rev=datasets.old, run="s1.jsonl", event="2"))
    expect(detail(reader)).to_contain_text("Old words.")
    crumb = reader.get_by_role("navigation", name="Where this run is")
    newer = re.compile(rf"rev={datasets.sha(MOVED)}&run=s1\.jsonl&event=2")
    expect(crumb.get_by_role("link", name="newer revision")).to_have_attribute("href", newer)
    crumb.get_by_role("link", name=MOVED).click()
    expect(run_row(reader, "Old task")).to_be_visible()
    expect_pinned(reader, datasets.old)
    reader.get_by_role("link", name="newer revision").click()
    expect(run_row(reader, "New task")).to_be_visible(timeout=OPEN_MS)
    expect_pinned(reader, datasets.sha(MOVED))
    expect(reader.get_by_role("link", name="newer revision")).to_have_count(0)


def open_by_name(page: Page, datasets: Datasets, text: str) -> None:
    """Goes to the landing page and writes into the field there."""
    open_list(page, f"{datasets.url}/?source=demo")
    page.get_by_role("link", name="Agent Trace Viewer").click()
    page.get_by_role("textbox", name="Dataset to open").fill(text)
    page.get_by_role("button", name="Open", exact=True).click()


def test_the_pasted_address_of_a_file_at_a_revision_opens_that_run(reader: Page, datasets: Datasets) -> None:
    open_by_name(reader, datasets, f" {datasets.hub.url}/datasets/{MOVED}/blob/{datasets.old}/s1.jsonl ")
    expect(event(reader, "Old words.")).to_be_visible()
    expect_pinned(reader, datasets.old)
    reader.go_back()
    expect(reader.get_by_role("heading", level=1)).to_have_text("See what your agents did")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write the name of a dataset first."),
        ("hello", "'hello' names no dataset: write owner/name, or paste its address on the Hub."),
        ("ann/missing", "There is no dataset ann/missing on the Hub that you may see. If it is private, sign in"),
        (f"{MOVED}@v9", f"{MOVED} has no revision 'v9'. Leave the revision out to see the newest."),
    ],
)
def test_what_cannot_be_opened_by_its_name_says_why(
    reader: Page, datasets: Datasets, expected_console_errors: list[str], text: str, sentence: str
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    open_by_name(reader, datasets, text)
    expect(reader.get_by_role("alert")).to_contain_text(sentence)


def test_a_run_that_a_commit_does_not_hold_leads_to_those_it_holds(
    reader: Page, datasets: Datasets, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    open_by_name(reader, datasets, f"{datasets.hub.url}/datasets/{MOVED}/blob/{datasets.old}/gone.jsonl")
    alert = reader.get_by_role("alert")
    expect(alert).to_contain_text(f"gone.jsonl is not in {MOVED} at {datasets.old[:7]}, which has 1 run.")
    expect(reader.get_by_role("heading", name=f"Still there: 1 run in {MOVED} @ {datasets.old[:7]}")).to_be_visible()
    reader.get_by_role("listitem").get_by_role("link").click()
    expect(event(reader, "Old words.")).to_be_visible(timeout=OPEN_MS)
    expect_pinned(reader, datasets.old)


def test_a_revision_that_is_gone_leads_to_the_runs_of_the_newest(
    reader: Page, datasets: Datasets, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    open_by_name(reader, datasets, f"{datasets.hub.url}/datasets/{MOVED}/blob/v9/s1.jsonl")
    expect(reader.get_by_role("alert")).to_contain_text(f"{MOVED} has no revision 'v9'.")
    expect(reader.get_by_role("heading", name=f"Still there: 1 run in {MOVED}")).to_be_visible()
    reader.get_by_role("listitem").get_by_role("link").click()
    expect(event(reader, "New words.")).to_be_visible(timeout=OPEN_MS)
    expect_pinned(reader, datasets.sha(MOVED))


def test_a_renamed_dataset_opens_under_its_new_name_and_says_so(reader: Page, datasets: Datasets) -> None:
    datasets.hub.add_dataset("ann/before", {"s1.jsonl": trace("Renamed")})
    datasets.hub.rename("ann/before", "ann/after")
    open_by_name(reader, datasets, "ann/before")
    expect(reader.get_by_text("ann/before is now called ann/after")).to_be_visible(timeout=OPEN_MS)
    expect(reader).to_have_url(re.compile(r"[?&]repo=ann/after&rev="))
    open_run(reader, datasets.link("ann/before", run="s1.jsonl"))
    expect(reader.get_by_text("ann/before is now called ann/after")).to_be_visible()


def test_a_gated_dataset_leads_to_the_page_where_access_is_asked_for(
    reader: Page, datasets: Datasets, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    datasets.hub.add_dataset("ann/gated", {"s1.jsonl": trace("Gated")}, gated="manual")
    open_by_name(reader, datasets, "ann/gated")
    expect(reader.get_by_role("alert")).to_contain_text("ann/gated is gated: sign in", timeout=OPEN_MS)
    help_link = reader.get_by_role("link", name="Ask for access on the Hub")
    expect(help_link).to_have_attribute("href", f"{datasets.hub.url}/datasets/ann/gated")


def test_reading_a_long_list_can_be_stopped_and_taken_up_again(reader: Page, datasets: Datasets) -> None:
    # So many that it takes long until the last has waited in vain, however slow this test is.
    datasets.hub.add_dataset("ann/long", {f"s{number:03}.jsonl": trace(f"Long {number:03}") for number in range(300)})
    go_on = threading.Event()
    fault = Fault("/ann/long/resolve/", hold=go_on)
    datasets.hub.faults.append(fault)
    try:
        open_by_name(reader, datasets, "ann/long")
        expect(reader.get_by_text(re.compile(r"^300 runs, \d+ of 300 files read"))).to_be_visible(timeout=OPEN_MS)
        reader.get_by_role("button", name="Stop").click()
        expect(reader.get_by_text(re.compile(r"^300 runs, stopped at \d+ of 300 files read"))).to_be_visible()
        go_on.set()
        reader.get_by_role("button", name="Continue").click()
        expect(reader.get_by_text("300 runs", exact=True)).to_be_visible()
        expect(reader.get_by_role("button", name="Stop")).to_be_hidden()
    finally:
        go_on.set()
        datasets.hub.faults.remove(fault)


def test_who_ran_a_run_is_told_with_where_it_is_known_from(reader: Page, datasets: Datasets) -> None:
    card = "---\nharness: codex\n---\n| File | Model |\n|---|---|\n| s1.jsonl | big-1 |\n"
    datasets.hub.add_dataset("ann/carded", {"s1.jsonl": trace("Carded")}, card=card)
    open_by_name(reader, datasets, "ann/carded")
    row = run_row(reader, "Carded task")
    expect(row).to_contain_text("Codex", timeout=OPEN_MS)
    expect(row.get_by_title("Codex: from the dataset's card: front matter")).to_be_visible()
    row.click()
    expect(reader.get_by_title("Codex: from the dataset's card: front matter")).to_have_text("Codex", timeout=OPEN_MS)
    expect(reader.get_by_title("Not big-1, from the dataset's card: | s1.jsonl | big-1 |")).to_be_visible()


def test_without_the_hub_the_app_starts_and_everything_local_and_kept_works(
    reader: Page, datasets: Datasets, running_app: RunApp, tmp_path: Path, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    open_list(reader, datasets.link(MOVED, rev=datasets.old))
    expect(run_row(reader, "Old task")).to_be_visible()
    folder = tmp_path / "mine"
    claude = Claude("mine-1")
    claude.user("Local task")
    write(folder / "mine.jsonl", claude.records)
    datasets.hub.stop()
    try:
        with running_app(datasets.home, folder, env=datasets.env) as url:
            reader.goto(url)
            expect(reader.get_by_role("row", name="Claude Code claude-opus")).to_be_visible(timeout=OPEN_MS)
            reader.get_by_role("link", name="Find trace datasets").click()
            expect(reader.get_by_role("alert").filter(visible=True)).to_have_text(
                "The Hub is out of reach. Check the network; what was kept is still here."
            )
            expect(reader.get_by_role("heading", name="Kept from earlier visits")).to_be_visible()
            expect(reader.get_by_role("link", name=MOVED)).to_be_visible()
            open_list(reader, f"{url}/?source=path-mine")
            expect(run_row(reader, "Local task")).to_be_visible()
            open_run(reader, f"{url}/?source=demo&run=claude-code.jsonl")
            open_list(reader, f"{url}/?repo={MOVED}&rev={datasets.old}")
            expect(reader.get_by_text("the Hub gives no answer now: kept from an earlier visit")).to_be_visible()
            run_row(reader, "Old task").click()
            expect(event(reader, "Old words.")).to_be_visible()
    finally:
        datasets.hub.start()
