"""Bring, review, publish and open, as a person does it, with secrets of forty kinds hidden in five ways."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, RunApp
from tests.hub import LocalHub
from tests.hub.client import environment
from tests.pages import OPEN_MS, run_row, runs
from tests.planted import CONTEXTS, EMAIL, HOST, USER, session_of, values
from tests.redaction import copy_rules
from tests.test_redaction_scan import everything, runs_of
from tests.traces import write
from viewer.redaction.rewrite import shape

SCAN_MS = 120_000
"""How long a scan may take on a busy machine: its rules may have to be compiled."""

PROJECT = f"-home-{USER}-acme"
FAILED_REQUEST = "Failed to load resource: the server responded with a status of 4"


class Place(NamedTuple):
    """A running app, its Hub, and a folder with what a person would bring."""

    url: str
    hub: LocalHub
    folder: Path


@pytest.fixture(scope="module")
def place(running_app: RunApp, engine_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home, folder = tmp_path_factory.mktemp("publish-home"), tmp_path_factory.mktemp("brought") / "projects"
    copy_rules(engine_folder, home)
    for context in CONTEXTS:
        write(folder / PROJECT / f"{context}.jsonl", session_of(context))
    (folder / "settings.json").write_text(json.dumps({"apiKeyHelper": "not to leave the browser"}))
    (folder / "notes.md").write_text("neither is this")
    (folder / "numbers.json").write_text("[1, 2, 3]")
    with LocalHub() as hub:
        variables = environment(hub, home, hub.add_token("ann"))
        kept = {name: value for name, value in variables.items() if name.startswith("HF_")}
        with running_app(home, env={**kept, "HF_HUB_OFFLINE": "0"}) as url:
            yield Place(url, hub, folder)


def open_bring(page: Page, url: str) -> None:
    page.goto(f"{url}/?view=bring")
    expect(page.get_by_text("They stay on this server")).to_be_visible(timeout=OPEN_MS)


def bring(tab: Page, place: Place) -> None:
    """Brings the folder, of which only what may be a trace leaves the browser."""
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.url) if "/api/upload/file" in request.url else None)
    open_bring(tab, place.url)
    tab.get_by_label("Choose a folder").set_input_files(place.folder)
    upload = tab.get_by_role("article", name="projects")
    expect(upload).to_contain_text("5 traces")
    expect(tab.get_by_text("2 files are no traces by their names and were not sent.")).to_be_visible()
    assert len(sent) == 6
    assert not [url for url in sent if "settings.json" in url or "notes.md" in url]
    upload.get_by_text("1 not taken").click()
    expect(upload).to_contain_text("projects/numbers.json It holds no trace of a known format.")
    upload.get_by_role("link", name="Look at the runs").click()
    expect(runs(tab)).to_have_count(5)


def scan(tab: Page) -> None:
    """Scans what is on the list of runs."""
    tab.get_by_role("link", name="review and publish").click()
    tab.get_by_role("button", name="Scan 5 files").click()
    expect(tab.get_by_role("region", name="Findings")).to_be_visible(timeout=SCAN_MS)
    expect(tab.get_by_text("No scan finds everything")).to_be_visible()
    said = tab.locator("#view").inner_text().lower()
    assert not [word for word in ("clean", "no secrets") if word in said]


def decide(tab: Page) -> None:
    """One finding is masked, has its places, and is decided by itself; the others by kind, or all at once."""
    build = tab.get_by_role("button", name="Make the redacted files")
    expect(build).to_be_disabled()
    kind = tab.get_by_role("article", name="GitLab Personal Access Token")
    expect(kind.get_by_role("listitem").first).to_contain_text("glpa…")
    kind.get_by_role("button", name=re.compile("record")).first.click()
    expect(kind.locator(".place").first).to_contain_text("████████")
    kind.get_by_role("button", name="let stand").first.click()
    tab.get_by_label("Why it may stay").fill("revoked")
    tab.get_by_role("button", name="Let it stand").click()
    expect(kind.get_by_text("stays: revoked")).to_be_visible()
    kind.get_by_role("button", name="Take all out").click()
    expect(kind.get_by_text("stays: revoked")).to_have_count(0)
    tab.get_by_role("button", name="Take out all that is undecided").click()
    expect(tab.get_by_text("all decided")).to_be_visible()
    expect(build).to_be_enabled()
    tab.get_by_label("Word to take out").fill("acme")
    tab.get_by_role("button", name="Take this out too").click()
    expect(tab.get_by_role("article", name="Your own words and patterns")).to_be_visible()


def compare_and_leave_out(tab: Page) -> None:
    """A file is looked at before and after, and one is left out."""
    files = tab.get_by_role("region", name="Files", exact=True)
    files.get_by_role("row", name=re.compile("diff.jsonl")).get_by_role("button", name="before and after").click()
    pair = tab.get_by_role("region", name="Before and after").locator(".change").first
    expect(pair.get_by_label("Before")).to_contain_text(f"/home/{USER}/")
    expect(pair.get_by_label("After")).to_contain_text("/home/[USER_1]/")
    files.get_by_label(f"Publish projects/{PROJECT}/address.jsonl").uncheck()
    expect(files).to_contain_text("4 of 5")


def publish(tab: Page) -> None:
    """Under another's name it is refused and nothing is lost; under the own one it is published and opens."""
    tab.get_by_role("button", name="Make the redacted files").click()
    expect(tab.get_by_text("Ready to publish")).to_be_visible(timeout=SCAN_MS)
    tab.get_by_label("Dataset", exact=True).fill("bob/not-mine")
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("You may not write to bob/not-mine")
    expect(tab.get_by_role("alert")).to_be_in_viewport()
    expect(tab.get_by_label("Dataset", exact=True)).to_have_value("bob/not-mine")
    tab.get_by_label("Dataset", exact=True).fill("ann/mine")
    tab.get_by_role("button", name="Publish", exact=True).click()
    tab.get_by_role("link", name="Open the dataset").click()
    expect(runs(tab)).to_have_count(4)


def check_published(place: Place, folder: Path) -> None:
    """On the Hub there is no planted value in any encoding, and the same runs."""
    repo = place.hub.repo("ann/mine")
    for path, blob in repo.head.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(blob.data)
    published = {name.rpartition("/")[2]: name for name in repo.head.files if name.endswith(".jsonl")}
    assert sorted(published) == ["base64.jsonl", "diff.jsonl", "fields.jsonl", "json.jsonl"]
    text = everything(folder)
    left = [value for context in CONTEXTS for value in values(context) if value in text]
    assert left + [name for name in (USER, HOST, EMAIL, "acme") if name in text.lower()] == []
    for name, path in published.items():
        assert shape(runs_of(place.folder / PROJECT / name)) == shape(runs_of(folder / path))


def test_a_folder_is_brought_reviewed_redacted_published_and_opened(
    tab: Page, place: Place, open_page: OpenPage, expected_console_errors: list[str], tmp_path: Path
) -> None:
    expected_console_errors.append(FAILED_REQUEST)  # of the other visitor, who is refused
    bring(tab, place)
    other = open_page()
    other.goto(tab.url)
    expect(other.get_by_role("alert")).to_contain_text("There is no such upload here.", timeout=OPEN_MS)
    scan(tab)
    decide(tab)
    compare_and_leave_out(tab)
    publish(tab)
    expect(tab).to_have_url(re.compile(f"repo=ann/mine&rev={place.hub.repo('ann/mine').head.sha}"))
    run_row(tab, "Deploy it").first.click()
    expect(tab.get_by_role("listbox", name="Events")).to_contain_text("/home/[USER_1]/[TEXT_1]")
    check_published(place, tmp_path)


def test_a_drop_is_taken_a_transfer_is_cancelled_and_an_upload_is_forgotten(tab: Page, place: Place) -> None:
    open_bring(tab, place.url)
    drop = tab.evaluate_handle(
        """(lines) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([lines], 'dropped.jsonl'));
          transfer.items.add(new File(['x'], 'photo.png'));
          return transfer;
        }""",
        (place.folder / PROJECT / "diff.jsonl").read_text(),
    )
    tab.locator(".drop-zone").dispatch_event("drop", {"dataTransfer": drop})
    upload = tab.get_by_role("article", name="Your upload")
    expect(upload).to_contain_text("1 trace,")
    expect(tab.get_by_text("1 file is no trace by its name and was not sent.")).to_be_visible()
    upload.get_by_role("button", name="Forget").click()
    expect(upload).to_have_count(0)

    tab.route("**/api/upload/file*", lambda route: None)  # it never arrives
    tab.get_by_label("Choose files or a zip").set_input_files(place.folder / PROJECT / "diff.jsonl")
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Cancelled: what had been sent is forgotten.")).to_be_visible()
    expect(tab.get_by_role("article", name="Your upload")).to_have_count(0)


def test_on_a_narrow_screen_nothing_is_cut_off(open_page: OpenPage, place: Place) -> None:
    page = open_page(390, 844, scheme="dark", touch=True)
    open_bring(page, place.url)
    page.get_by_label("Choose a folder").set_input_files(place.folder)
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_role("button", name="Scan 5 files").click()
    expect(page.get_by_role("region", name="Findings")).to_be_visible(timeout=SCAN_MS)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
