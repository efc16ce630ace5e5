"""The page of the evaluation check: from a link to the sentence and the plot, a file given, a comparison's door."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser import OpenPage, RunApp
from tests.hub import LocalHub
from tests.labelled import csv_of, gap_rows
from tests.pages import OPEN_MS

FAILED_REQUEST = "Failed to load resource: the server responded with a status of 4"
OUTCOMES = "0.962~Claude Code|0.947~Pi"
RUN_MS = 120_000
"""A check takes seconds where nothing else runs."""


def plot(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("^F1 by split"))


def open_check(page: Page, url: str, **state: str) -> None:
    page.goto(f"{url}/?{urlencode({'view': 'eval'} | state)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("The eval that nobody ran", timeout=RUN_MS)


def test_the_sample_is_checked_and_its_link_shows_the_same_with_outcomes_beside(tab: Page, demo_url: str) -> None:
    open_check(tab, demo_url)
    tab.get_by_role("button", name="Use the built-in sample").click()
    expect(tab.get_by_label("Label", exact=True)).to_have_value("fee")
    expect(tab.get_by_label("Group", exact=True)).to_have_value("source")
    tab.get_by_text("Options", exact=True).click()
    tab.get_by_label("Random splits").fill("2")
    tab.get_by_role("button", name="Run the check").click()
    expect(plot(tab)).to_be_visible(timeout=RUN_MS)
    expect(tab.get_by_role("region", name="The check").locator("p").first).to_contain_text(
        "Valley digest held out 0.63"
    )
    expect(tab.get_by_role("table", name="Groups").get_by_role("row").nth(2)).to_contain_text(
        re.compile(r"Harbour list.*74.*100 %.*all ‘1’")
    )
    expect(tab.get_by_role("region", name="Splits", exact=True)).to_contain_text("All 74 rows of Harbour list are '1'")
    expect(tab.get_by_role("region", name="Method")).to_contain_text("A made-up sample that comes with the app")
    with tab.expect_download() as downloading:
        tab.get_by_role("link", name="JSON", exact=True).click()
    result = json.loads(Path(downloading.value.path()).read_bytes())
    assert result["options"]["repeats"] == 2
    # The link is the state: with a comparison and its outcomes it opens the same check, lines drawn beside it.
    tab.goto(f"{tab.url}&{urlencode({'outcomes': OUTCOMES, 'from': 'view=compare&source=demo'})}")
    expect(plot(tab)).to_have_attribute(
        "aria-label", re.compile(r"outcomes of runs: Claude Code 0\.962, Pi 0\.947$"), timeout=RUN_MS
    )
    expect(tab.get_by_text(result["sentence"])).to_be_visible()
    tab.get_by_role("link", name="Attach to the comparison").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Four agents, one prompt", timeout=OPEN_MS)
    tab.get_by_role("link", name="the built-in, made-up sample: text → fee by source").click()
    expect(plot(tab)).to_be_visible(timeout=RUN_MS)


def test_a_check_shows_how_far_it_is_and_can_be_cancelled(tab: Page, demo_url: str) -> None:
    open_check(tab, demo_url, dataset="sample", text="text", label="fee", group="source", repeats="50")
    tab.get_by_role("button", name="Cancel").click(timeout=RUN_MS)
    expect(tab.get_by_role("alert").filter(visible=True)).to_have_text("The check was cancelled.", timeout=RUN_MS)
    expect(tab.get_by_role("button", name="Run the check")).to_be_visible()


def test_a_file_is_checked_and_hostile_cells_stay_text(tab: Page, demo_url: str) -> None:
    bad = "<img src=x onerror=alert(1)>"
    rows = [(f"{one[0]} {bad}", one[1], bad if one[2] == "old" else one[2]) for one in gap_rows()]
    open_check(tab, demo_url)
    given = FilePayload(name=f"{bad}.csv", mimeType="text/csv", buffer=csv_of([("text", bad, "source"), *rows]))
    tab.get_by_label("CSV, JSONL or Parquet file").set_input_files(given)
    expect(tab.get_by_label("Label", exact=True)).to_have_value(bad)
    tab.get_by_role("button", name="Run the check").click()
    expect(plot(tab)).to_be_visible(timeout=RUN_MS)
    expect(tab.get_by_text(f"{bad} held out", exact=True).first).to_be_visible()
    assert tab.locator("#view img").count() == 0
    # A link to a file names it; who opens the link is told to give it.
    tab.reload()
    expect(tab.get_by_text("which is with whoever made it: choose it above")).to_be_visible(timeout=OPEN_MS)


def test_what_cannot_be_checked_says_why_and_can_be_changed(
    tab: Page, demo_url: str, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    open_check(tab, demo_url, dataset="hello")
    alert = tab.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("'hello' names no dataset")
    open_check(tab, demo_url, dataset="sample", text="text", label="id")
    expect(alert).to_have_text("id has 714 different values: choose a label column with at most 50.", timeout=RUN_MS)
    tab.get_by_label("Label", exact=True).select_option("fee")
    tab.get_by_label("Group", exact=True).select_option("source")
    expect(alert).to_be_visible()


def test_a_comparison_whose_outcomes_name_a_dataset_leads_to_its_check(
    tab: Page, demo_url: str, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)  # the tests' server does not ask the Hub
    tab.goto(f"{demo_url}/?view=compare&source=demo")
    tab.get_by_role("link", name="Check the evaluation on biglam/on_the_books").click(timeout=OPEN_MS)
    expect(tab).to_have_url(re.compile(r"view=eval.*dataset=biglam/on_the_books.*outcomes="))
    expect(tab.get_by_role("alert").filter(visible=True)).to_contain_text("Offline mode is on")
    tab.get_by_role("button", name="Use the built-in sample").click()
    expect(tab.get_by_label("Label", exact=True)).to_have_value("fee")


def test_on_a_narrow_screen_nothing_is_clipped(open_page: OpenPage, demo_url: str) -> None:
    page = open_page(390, 844, touch=True)
    open_check(page, demo_url, dataset="sample", text="text", label="fee", group="source", repeats="2")
    expect(plot(page)).to_be_visible(timeout=RUN_MS)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_hub_dataset_is_pinned_in_the_link_which_then_gives_the_same_numbers(
    tab: Page, running_app: RunApp, tmp_path: Path, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    rows = [("text", "label", "source"), *gap_rows()]
    with LocalHub() as hub:
        sha = hub.add_dataset("ann/rows", {"data/train.csv": csv_of(rows)}).head.sha
        hub.add_dataset("ann/secret", {"train.csv": csv_of(rows)}, private=True)
        env = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
        with running_app(tmp_path, env=env) as url:
            open_check(tab, url)
            tab.get_by_label("Dataset on the Hub").fill(f"{hub.url}/datasets/ann/rows")
            tab.get_by_role("button", name="Look").click()
            expect(tab).to_have_url(re.compile(f"rev={sha}.*dataset=ann/rows"), timeout=RUN_MS)
            tab.get_by_role("button", name="Run the check").click()
            expect(plot(tab)).to_be_visible(timeout=RUN_MS)
            facts = tab.get_by_role("region", name="Before any model")
            expect(facts).to_contain_text("160rows")
            hub.commit("ann/rows", {"data/train.csv": csv_of(rows[:100])})
            tab.reload()
            expect(facts).to_contain_text("160rows", timeout=RUN_MS)
            tab.get_by_text("Data and columns").click()
            tab.get_by_label("Dataset on the Hub").fill("ann/secret")
            tab.get_by_label("Revision").fill("")
            tab.get_by_role("button", name="Look").click()
            expect(tab.get_by_role("alert").filter(visible=True)).to_contain_text("If it is private, sign in")
