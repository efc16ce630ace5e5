"""What the run page infers: issues, the failure of an event, marks, probes; and metrics as columns of the run list."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages import detail, drawing, event, events, expect_event, open_list, open_run, runs, timeline
from tests.shelf import Shelf
from tests.traces import FOLDER, Claude, write

TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 4, in <module>\n'
RUN = {"command": "python train.py 2>&1 | tail -20"}
EDIT = {"file_path": f"{FOLDER}/train.py", "old_string": "label", "new_string": "jim_crow"}


@pytest.fixture(scope="module")
def trouble(shelf: Shelf) -> Iterator[dict[str, str]]:
    """A run with a loop that a pipe hides, a flagged error, a probe and a claim; the addresses of its events."""
    claude = Claude("trouble-1")
    claude.user("Train it")
    at = {
        "probe": claude.call(
            "Bash", {"command": "ls gone"}, "ls: cannot access 'gone': No such file or directory", failed=True
        )
    }
    at["first"] = claude.call("Bash", RUN, f"{TRACEBACK}KeyError: 'label'")
    at["edit"] = claude.call("Edit", EDIT, "The file has been updated.")
    at["second"] = claude.call("Bash", RUN, f"{TRACEBACK}TypeError: evaluation_strategy")
    claude.call("Edit", EDIT | {"new_string": "eval_strategy"}, "The file has been updated.")
    at["passed"] = claude.call("Bash", RUN, "loss 0.1")
    at["flagged"] = claude.call(
        "Bash", {"command": "make all"}, "make: *** No rule to make target 'all'.  Stop.", failed=True
    )
    claude.call("Edit", EDIT, "The file has been updated.")
    claude.say("Everything is repaired and all tests pass.")
    path = write(shelf.live / "issues" / "trouble.jsonl", claude.records)
    yield at
    path.unlink()


def opened(reader: Page, shelf: Shelf, **rest: str) -> Page:
    open_run(reader, shelf.link("issues/trouble.jsonl", source="path-live", **rest))
    return reader


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Issues")


def test_the_issues_come_first_and_lead_to_the_failure_with_its_line_marked(
    reader: Page, shelf: Shelf, trouble: dict[str, str]
) -> None:
    opened(reader, shelf)
    first = panel(reader).get_by_role("listitem").first
    expect(first).to_contain_text("train.py failed 2 times with 1 edit in between")
    expect(first).to_contain_text("KeyError: 'label'")
    expect(reader.get_by_role("button", name="Issues")).to_have_attribute("aria-pressed", "true")
    first.get_by_role("button", name=f"Event {trouble['second']}").click()
    expect_event(reader, trouble["second"])
    failure = detail(reader).get_by_role("region", name="Failure")
    expect(failure).to_contain_text("TypeError: evaluation_strategy")
    expect(failure).to_contain_text("as | tail hides its exit code")
    expect(detail(reader).locator("mark")).to_have_text("TypeError: evaluation_strategy")
    failure.get_by_role("button", name=f"Event {trouble['passed']}").click()
    expect_event(reader, trouble["passed"])
    reader.keyboard.press("i")
    expect(first).to_be_visible()
    expect(reader).not_to_have_url(re.compile("event="))


def test_errors_are_flagged_and_inferred_wherever_they_are_counted_and_walked(
    reader: Page, shelf: Shelf, trouble: dict[str, str]
) -> None:
    opened(reader, shelf)
    expect(timeline(reader)).to_have_accessible_name("Timeline: 10 events, errors flagged 1 · inferred 2")
    expect(reader.get_by_text("errors: flagged 1 · inferred 2", exact=True)).to_be_visible()
    expect(event(reader, "tail -20").first).to_contain_text("△ inferred")
    expect(event(reader, "make all")).to_contain_text("▲")
    expect(event(reader, "ls gone")).to_contain_text("◇ probe")
    for name in ("first", "second", "flagged"):
        reader.keyboard.press("e")
        expect_event(reader, trouble[name])
    reader.get_by_role("button", name="Errors only").click()
    expect(events(reader)).to_have_count(3)


def test_an_issue_under_the_pointer_lights_up_its_events(reader: Page, shelf: Shelf, trouble: dict[str, str]) -> None:
    opened(reader, shelf)
    before = drawing(reader)
    panel(reader).get_by_role("listitem").first.hover()
    expect(reader.locator(".list-row.lit")).to_have_count(5)
    assert drawing(reader) != before
    reader.mouse.move(0, 0)
    expect(reader.locator(".list-row.lit")).to_have_count(0)


def test_probes_and_unsure_issues_are_shown_on_demand_and_by_the_link(
    reader: Page, shelf: Shelf, trouble: dict[str, str]
) -> None:
    opened(reader, shelf)
    before = drawing(reader)
    expect(panel(reader)).not_to_contain_text("may well be wrong,")
    probes = reader.get_by_role("button", name="probes")
    probes.click()
    expect(probes).to_have_attribute("aria-pressed", "true")
    assert drawing(reader) != before
    panel(reader).get_by_role("checkbox").check()
    expect(panel(reader)).to_contain_text("No passing test run was found after the last edit")
    expect(reader).to_have_url(re.compile("also=probes,unsure"))
    opened(reader, shelf, also="probes,unsure")
    expect(probes).to_have_attribute("aria-pressed", "true")
    expect(panel(reader)).to_contain_text("No passing test run was found after the last edit")


def test_the_list_shows_and_sorts_by_the_metrics_of_its_link_and_can_be_saved(reader: Page, shelf: Shelf) -> None:
    open_list(reader, shelf.link(source="demo"))
    reader.get_by_role("button", name="Columns").click()
    reader.get_by_role("checkbox", name="Environment errors").check()
    expect(reader).to_have_url(re.compile("cols=.*m.env_errors"))
    reader.get_by_role("checkbox", name="Last change").uncheck()
    header = reader.get_by_role("columnheader", name="Environment errors")
    header.get_by_role("button").click()
    expect(reader).to_have_url(re.compile("sort=m.env_errors"))
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(runs(reader).first).to_contain_text("ml-intern-kimi.jsonl")
    header.get_by_role("button").click()
    expect(runs(reader).last).to_contain_text("ml-intern-kimi.jsonl")
    with reader.expect_download() as saved:
        reader.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "runs-of-Demo-race.csv"
    expect(reader.get_by_role("img", name=re.compile("run .* %")).first).to_be_visible()
