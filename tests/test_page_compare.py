"""The compare page driven as a person would: from a cell to a run to an event and back, and everything in the link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import OpenPage, RunApp
from tests.hub import LocalHub
from tests.pages import OPEN_MS, expect_event, open_list, timeline
from tests.race import RACE, add_race
from tests.shelf import Shelf

WIDTH = 390
TITLE = "Four agents, one prompt: on_the_books"


def open_comparison(page: Page, link: str) -> None:
    page.goto(link)
    expect(panel(page)).to_be_visible(timeout=OPEN_MS)


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def panel(page: Page) -> Locator:
    return region(page, "Outcome").get_by_role("table")


def cell(page: Page, harness: str, model: str) -> Locator:
    """The button of a cell, by its harness and model."""
    return panel(page).get_by_role("button", name=f"{harness} with {model}:")


def probe(page: Page, name: str) -> Locator:
    """The row of a probe."""
    return page.get_by_role("table", name="Probes").get_by_role("row").filter(has_text=name)


def test_the_landing_page_leads_to_the_race_and_a_cell_to_its_run_an_event_and_back(tab: Page, demo_url: str) -> None:
    tab.goto(demo_url)
    tab.get_by_role("link", name="See what each of them did").click(timeout=OPEN_MS)
    expect(tab.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(region(tab, "Outcome")).to_contain_text(
        "A tie within noise. 0.947–0.962 over 4 runs on different random splits of n=357 (±3 points)."
    )
    expect(probe(tab, "Label rate differs by source")).to_contain_text("seen, never said")
    expect(panel(tab).get_by_role("cell", name="not run")).to_have_count(2)
    cell(tab, "ml-intern", "Kimi K2.6").click()
    details = region(tab, "Outcome").get_by_role("listitem")
    expect(details).to_contain_text("F1 0.9561")
    expect(details.get_by_role("link", name="post of 6 May 2026")).to_have_attribute("href", re.compile("^https://"))
    details.get_by_role("link", name="Fine-tune a classifier").click()
    expect(timeline(tab)).to_be_visible(timeout=OPEN_MS)
    tab.go_back()
    expect(details).to_contain_text("F1 0.9561")
    probe(tab, "Label rate differs by source").get_by_role("link", name="@26").click()
    expect_event(tab, "26")
    tab.go_back()
    expect(details).to_contain_text("F1 0.9561")
    region(tab, "What each run did").get_by_role("link", name="error at event 22.2").click()
    expect_event(tab, "22.2")
    tab.go_back()
    expect(cell(tab, "ml-intern", "Kimi K2.6")).to_have_attribute("aria-expanded", "true")


def test_probes_and_outcomes_are_changed_in_the_page_and_come_back_from_the_link(
    tab: Page, demo_url: str, expected_console_errors: list[str]
) -> None:
    open_comparison(tab, f"{demo_url}/?view=compare&source=demo")
    tab.get_by_role("button", name="Edit probes").click()
    said = tab.get_by_role("textbox", name="Said by the agent: Label rate differs by source")
    said.fill("(?i)legal-bert")
    row = probe(tab, "Label rate differs by source")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("seen & said")
    expect(tab).to_have_url(re.compile("[?&]probes="))
    expected_console_errors.append("the server responded with a status of 400")
    said.fill("(")
    expect(region(tab, "Probes").get_by_role("alert")).to_contain_text("pattern `said` is refused")
    said.fill("(?i)legal-bert")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("seen & said")

    cell(tab, "Pi", "Kimi K2.6").click()
    region(tab, "Outcome").get_by_role("button", name="Correct it").click()
    tab.get_by_role("textbox", name="Value").fill("80%")
    tab.get_by_role("button", name="Use it").click()
    expect(cell(tab, "Pi", "Kimi K2.6")).to_have_text("0.80 ⚠ sources differ typed by you")
    expect(region(tab, "Outcome")).to_contain_text("further apart than noise alone explains")
    expect(tab).to_have_url(re.compile("[?&]typed="))

    tab.reload()
    expect(cell(tab, "Pi", "Kimi K2.6")).to_contain_text("typed by you", timeout=OPEN_MS)
    expect(row.get_by_role("cell").nth(2)).to_contain_text("seen & said")
    expect(region(tab, "Outcome").get_by_role("listitem")).to_contain_text("Source: typed by you")
    with tab.expect_download() as saved:
        tab.get_by_text("Export", exact=True).click()
        tab.get_by_role("button", name="comparison.yaml").click()
    text = Path(saved.value.path()).read_text("utf-8")
    assert saved.value.suggested_filename == "comparison.yaml"
    assert "typed by a reader" in text
    assert "legal-bert" in text


def test_ticked_runs_of_a_list_are_compared_on_every_axis_side_by_side_and_in_a_compact_link(
    tab: Page, demo_url: str
) -> None:
    open_list(tab, f"{demo_url}/?source=demo")
    for name in ("pi-kimi.jsonl", "ml-intern-kimi.jsonl"):
        tab.get_by_role("checkbox", name=f"Compare {name}").check()
    tab.get_by_role("link", name="Compare 2 ticked").click()
    ribbons = region(tab, "What each run did")
    expect(ribbons).to_contain_text("127 events")
    ribbons.get_by_role("button", name="Tokens").click()
    expect(ribbons).to_contain_text("102k tokens")
    expect(ribbons).to_contain_text("tokens not recorded")
    tab.get_by_role("button", name="Every one").click()
    expect(region(tab, "Metrics")).to_contain_text("Compactions")
    pair = region(tab, "Side by side")
    pair.get_by_label("First run").select_option("Pi · Kimi K2.6")
    pair.get_by_label("Second run").select_option("ml-intern · Kimi K2.6")
    expect(pair).to_contain_text("Pi · Kimi K2.6 looks (event 8.2) while ml-intern · Kimi K2.6 browses (event 2.2).")
    tab.get_by_role("button", name="Edit probes").click()
    for field in ("Seen in tool results", "Said by the agent", "Run in commands or code"):
        tab.get_by_role("textbox", name=re.compile(field)).first.fill("legal|" * 75 + "bert")
    expect(tab).to_have_url(re.compile("[?]view=compare&z="))
    tab.reload()
    expect(pair).to_contain_text("browses (event 2.2)", timeout=OPEN_MS)
    expect(ribbons).to_contain_text("102k tokens")
    expect(region(tab, "Metrics")).to_contain_text("Compactions")
    expect(tab).to_have_url(re.compile("[?]view=compare&z="))
    pair.get_by_role("link", name="@8.2").first.click()
    expect_event(tab, "8.2")


def test_the_exported_report_opens_by_itself_and_a_picture_is_a_picture(tab: Page, demo_url: str) -> None:
    open_comparison(tab, f"{demo_url}/?view=compare&source=demo")
    saved = {}
    for name in ("Report (HTML)", "Picture (PNG)"):
        with tab.expect_download() as download:
            tab.get_by_text("Export", exact=True).click()
            tab.get_by_role("button", name=name).click()
        expect(tab.get_by_role("button", name=name)).to_be_hidden()
        saved[name] = Path(download.value.path()).read_bytes()
    assert saved["Picture (PNG)"].startswith(b"\x89PNG")
    tab.goto("about:blank")
    tab.set_content(saved["Report (HTML)"].decode())
    expect(tab.get_by_role("heading", name="What each agent noticed")).to_be_visible()
    expect(tab.get_by_role("cell", name="seen, never said seen @26")).to_be_visible()
    assert tab.evaluate("() => getComputedStyle(document.body).maxWidth") == "1200px"


@pytest.fixture(scope="module")
def race(running_app: RunApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with LocalHub() as hub:
        add_race(hub)
        env = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
        with running_app(tmp_path_factory.mktemp("race-home"), env=env) as url:
            yield url


def test_a_dataset_like_the_agent_race_fills_the_panel_by_itself_on_a_narrow_screen_too(
    open_page: OpenPage, race: str
) -> None:
    page = open_page(WIDTH, 844, touch=True)
    open_list(page, f"{race}/?repo={RACE}")
    page.get_by_role("link", name="Compare all").tap()
    expect(cell(page, "Claude Code", "Claude Opus")).to_contain_text("0.9619")
    expect(cell(page, "ml-intern", "Kimi K2.6")).to_contain_text("0.9561")
    expect(page).to_have_url(re.compile(r"[?&]rev=[0-9a-f]{40}"))
    cell(page, "ml-intern", "Claude Opus").tap()
    expect(region(page, "Outcome").get_by_role("listitem")).to_contain_text("Source: model card of ann/laws-ml-agent")
    expect(page.get_by_role("table", name="Metrics")).to_be_visible()
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= WIDTH


def test_a_link_that_names_nothing_or_is_damaged_says_so_and_leads_on(tab: Page, demo_url: str) -> None:
    tab.goto(f"{demo_url}/?view=compare")
    tab.get_by_role("link", name="Demo race").click(timeout=OPEN_MS)
    expect(tab.get_by_role("heading", level=1)).to_have_text(TITLE)
    tab.goto(f"{demo_url}/?view=compare&z=damaged")
    alert = tab.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("This link is damaged", timeout=OPEN_MS)
    alert.get_by_role("link", name="Compare the demo race").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=OPEN_MS)


def test_hostile_traces_are_compared_as_words(tab: Page, shelf: Shelf) -> None:
    open_comparison(tab, f"{shelf.url}/?view=compare&source=path-hostile&task=all")
    expect(region(tab, "Metrics")).to_contain_text("Tool calls")
    assert tab.evaluate("() => document.querySelectorAll('#view script, #view img, #view iframe').length") == 0
