"""Trace text is hostile: wherever the page shows it, nothing of it runs and nothing of it is fetched.

That no request goes to another host is checked for every test, in tests/browser.py.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.hostile import BUILDERS, file_names
from tests.pages import OPEN_MS, detail, event, events, open_list, open_run, runs, search_box, selected
from tests.shelf import Shelf
from tests.traces import Claude, write

# What no trace may bring into the page. The intervals of the comparison are figures of the page's own.
FORBIDDEN = """() => {
  const kinds = 'script, iframe, object, embed, svg:not(.cell-interval), svg image, svg foreignObject, svg use, '
    + 'style, link, base, meta, form[action], video, audio';
  const found = [...document.querySelectorAll(kinds.split(', ').map((kind) => `#view ${kind}`).join(', '))];
  for (const element of document.querySelectorAll('#view *')) {
    for (const { name, value } of element.attributes) {
      const allowed = name === 'href' || name === 'src' ? /^(https?:\\/\\/|\\?|#)/ : /^(?!on|srcdoc)/;
      if (!allowed.test(name === 'href' || name === 'src' ? value : name)) found.push(element);
      if (name === 'style' && /url|import/.test(value)) found.push(element);
    }
  }
  return found.map((element) => element.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def trapped(tab: Page) -> Iterator[Page]:
    """A page that remembers what ran, and at the end fails if anything did."""
    dialogs: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.add_init_script("window.trapped = []; window.ran = (...what) => { window.trapped.push(what.join()); };")
    tab.on("dialog", on_dialog)
    yield tab
    assert tab.evaluate("() => window.trapped") == []
    assert tab.evaluate(FORBIDDEN) == []
    assert tab.evaluate("() => Object.keys(Object.prototype)") == []
    assert dialogs == []


def expect_clean(page: Page) -> None:
    assert page.evaluate(FORBIDDEN) == []
    assert page.evaluate("() => window.trapped") == []


def hostile(shelf: Shelf, run: str = "", **rest: str) -> str:
    return shelf.link(run, source="path-hostile", **rest)


def test_the_list_of_hostile_runs_shows_their_text_as_text(trapped: Page, shelf: Shelf) -> None:
    open_list(trapped, hostile(shelf))
    expect(runs(trapped).filter(has_text="<script>ran(1)</script>")).to_have_count(len(BUILDERS))
    expect_clean(trapped)
    trapped.get_by_role("searchbox", name="Filter runs").fill("<img src=x onerror=ran(2)>")
    expect(trapped.get_by_text("${ran(7)}").first).to_be_visible()
    trapped.get_by_role("searchbox", name="Filter runs").fill("<b>{{nothing}}</b>")
    expect(trapped.get_by_text("No run matches “<b>{{nothing}}</b>”.")).to_be_visible()
    expect_clean(trapped)


@pytest.mark.parametrize("name", BUILDERS)
def test_no_event_of_a_hostile_run_runs_anything(
    trapped: Page, shelf: Shelf, expected_console_errors: list[str], name: str
) -> None:
    # The drawing in a trace is refused by the server: it could hold a script.
    expected_console_errors.append("Failed to load resource: the server responded with a status of 404")
    open_run(trapped, hostile(shelf, f"{name}.jsonl"))
    expect(events(trapped).first).to_be_visible()
    expect_clean(trapped)
    walk(trapped)


def walk(page: Page) -> None:
    """Opens every event, everything that is folded in it, and its raw record."""
    count = int(events(page).first.get_attribute("aria-setsize") or 0)
    assert count > 5
    for number in range(1, count + 1):
        page.keyboard.press("j")
        expect(selected(page)).to_have_attribute("aria-posinset", str(number))
        expect(detail(page)).to_contain_text(f"event {selected(page).locator('span').first.inner_text()} ·")
        for button in detail(page).get_by_role("button", name=re.compile("^(Show all|Show image)")).all():
            button.click()
        page.keyboard.press("r")
        expect(detail(page).locator("pre.raw")).to_contain_text("record")
        expect_clean(page)


def test_a_hostile_subagent_runs_nothing(trapped: Page, shelf: Shelf) -> None:
    open_run(trapped, hostile(shelf, "claude.jsonl"))
    event(trapped, "a task").click()
    detail(trapped).get_by_role("button", name="Open subagent").click()
    expect(event(trapped, "words of a helper")).to_be_visible()
    expect_clean(trapped)
    event(trapped, "words of a helper").click()
    expect(detail(trapped)).to_contain_text("words of a helper")


@pytest.mark.parametrize("text", ["<img src=x onerror=ran(2)>", "${ran(7)} {{ran(8)}}", "\u202egnp.exe"])
def test_a_hostile_search_finds_the_text_and_runs_nothing(trapped: Page, shelf: Shelf, text: str) -> None:
    open_run(trapped, hostile(shelf, "claude.jsonl", find=text))
    expect(search_box(trapped)).to_have_value(text)
    expect(trapped.locator(".list-row.found").first).to_be_visible()
    trapped.keyboard.press("n")
    expect(selected(trapped)).to_have_count(1)


def test_files_with_hostile_names_are_listed_and_opened(trapped: Page, shelf: Shelf) -> None:
    open_list(trapped, hostile(shelf))
    for name in file_names():
        runs(trapped).filter(has=trapped.get_by_title(name, exact=True)).click()
        expect(event(trapped, "A file with a hostile name")).to_be_visible()
        assert f"run={name}" in unquote_plus(trapped.url)
        open_run(trapped, trapped.url)
        expect(event(trapped, "A file with a hostile name")).to_be_visible()
        expect_clean(trapped)
        open_list(trapped, hostile(shelf))


def test_a_file_name_that_is_no_text_does_not_hide_the_other_files(trapped: Page, shelf: Shelf) -> None:
    claude = Claude("named-well")
    claude.user("Beside a strange name")
    well = write(shelf.live / "well.jsonl", claude.records)
    strange = Path(os.fsdecode(os.fsencode(shelf.live) + b"/strange-\xff.jsonl"))
    try:
        write(strange, claude.records)
    except OSError:
        pytest.skip("this file system allows only names that are text")
    try:
        open_list(trapped, shelf.link(source="path-live"))
        expect(runs(trapped).filter(has_text="well.jsonl")).to_be_visible()
    finally:
        strange.unlink()
        well.unlink()


@pytest.mark.parametrize(
    "link",
    [
        "?source=<img src=x onerror=ran(30)>",
        "?source=path-shelf&run=<svg onload=ran(31)>.jsonl",
        "?source=path-shelf&run=sorts.jsonl&event=<script>ran(32)</script>",
        "?source=path-shelf&run=sorts.jsonl&show=__proto__&tool=<b>&axis=<b>&find=<img src=x onerror=ran(33)>",
        "?source=path-shelf&run=sorts.jsonl&part=<img src=x onerror=ran(34)>",
        "?__theme=<script>ran(35)</script>#<img src=x onerror=ran(36)>",
    ],
)
def test_a_hostile_link_runs_nothing(
    trapped: Page, shelf: Shelf, expected_console_errors: list[str], link: str
) -> None:
    expected_console_errors.append("Failed to load resource: the server responded with a status of 4")
    trapped.goto(f"{shelf.url}/{link}")
    expect(trapped.locator("#page").get_by_role("heading", level=1)).to_be_visible(timeout=OPEN_MS)
    expect_clean(trapped)
