"""When something is not there: one clear sentence, and a page that can still be used."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import RunApp
from tests.pages import OPEN_MS, detail, event, events, open_run, runs
from tests.shelf import Shelf


@pytest.mark.parametrize(
    ("source", "run", "sentence"),
    [
        ("path-nowhere", "", "There is no source 'path-nowhere' here"),
        ("path-nowhere", "a.jsonl", "There is no source 'path-nowhere' here"),
        ("path-shelf", "gone.jsonl", "gone.jsonl is not a file in"),
        ("path-shelf", "../shelf/sorts.jsonl.secret", "is not a file in"),
        ("path-shelf", "foreign.jsonl", "looks like an OpenCode export, which is not read."),
        ("path-shelf", "empty.jsonl", "the file is empty."),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence_with_a_way_on(
    tab: Page, shelf: Shelf, expected_console_errors: list[str], source: str, run: str, sentence: str
) -> None:
    expected_console_errors.append("Failed to load resource: the server responded with a status of 4")
    tab.goto(shelf.link(run, source=source))
    alert = tab.get_by_role("alert")
    expect(alert).to_contain_text(sentence, timeout=OPEN_MS)
    expect(alert).not_to_contain_text("Traceback")
    alert.get_by_role("link", name="start page").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("See what your agents did", timeout=OPEN_MS)


def test_a_part_that_the_file_does_not_hold_is_said(
    tab: Page, shelf: Shelf, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append("Failed to load resource: the server responded with a status of 404")
    tab.goto(shelf.link("sorts.jsonl", part="9"))
    expect(tab.get_by_role("alert")).to_contain_text("sorts.jsonl holds no run '9'.", timeout=OPEN_MS)


def test_a_server_that_has_gone_is_said_and_what_was_read_stays(
    tab: Page, running_app: RunApp, tmp_path: Path, expected_console_errors: list[str]
) -> None:
    expected_console_errors.extend(("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"))
    with running_app(tmp_path / "home") as url:
        open_run(tab, f"{url}/?source=demo&run=claude-code.jsonl")
        expect(event(tab, "hf auth whoami")).to_be_visible()
    event(tab, "hf auth whoami").click()
    expect(detail(tab).get_by_role("alert")).to_have_text(
        "The server does not answer. Is it still running? Reload the page to try again."
    )
    expect(events(tab).first).to_be_visible()
    tab.get_by_role("navigation", name="Where this run is").get_by_role("link", name="Demo race").click()
    expect(tab.get_by_role("alert")).to_contain_text("The server does not answer.")
    expect(runs(tab)).to_have_count(0)
