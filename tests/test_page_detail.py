"""The detail of an event: each sort is shown as what it is, whole when asked for, and as text."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from tests.pages import block, detail, open_run
from tests.shelf import FOLDED_LINES, HUGE_LINES, Shelf
from tests.traces import FOLDER, PNG_WIDTH


def show(reader: Page, shelf: Shelf, name: str) -> Locator:
    """Opens the run with every sort of event at the event of that name, and returns its detail."""
    address = shelf.at[name]
    open_run(reader, shelf.link("sorts.jsonl", event=address))
    expect(detail(reader)).to_contain_text(f"event {address} ·")
    return detail(reader)


def heading(place: Locator, text: str) -> Locator:
    return place.get_by_role("heading", level=2).filter(has_text=text)


def copied(reader: Page) -> str:
    """What the clipboard holds."""
    return str(reader.evaluate("() => navigator.clipboard.readText()"))


def test_a_command_is_shown_with_its_output_and_its_exit_code(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "failed")
    expect(heading(shown, "Bash")).to_contain_text("exit 1")
    expect(shown).to_contain_text("Run the tests")
    expect(block(reader, "Command").locator("pre")).to_have_text("pytest -q")
    expect(block(reader, "Output")).to_contain_text("exit 1 · 2 lines")
    expect(block(reader, "Output").locator("pre")).to_contain_text("1 failed, 7 passed")


def test_a_command_that_went_well_says_ok(reader: Page, shelf: Shelf) -> None:
    expect(heading(show(reader, shelf, "shell"), "Bash")).to_contain_text("ok")


def test_an_edit_is_a_diff_from_the_patch_that_the_harness_recorded(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "patch")
    expect(shown).to_contain_text("parser.py")
    expect(shown).to_contain_text("+1 −1")
    lines = shown.locator(".diff-line")
    expect(lines.filter(has_text="go()")).to_have_text(re.compile(r"4\+\s*go\(\)$"))
    expect(lines.filter(has_text="pass")).to_have_text(re.compile(r"^4−?-?\s*-?\s*pass$"))


def test_an_edit_without_a_patch_is_a_diff_of_the_old_and_the_new_text(reader: Page, shelf: Shelf) -> None:
    lines = show(reader, shelf, "edit").locator(".diff-line")
    expect(lines.filter(has_text="a = 1")).to_have_class(re.compile("is-del"))
    expect(lines.filter(has_text="a = 2")).to_have_class(re.compile("is-add"))


def test_a_read_names_its_file_and_keeps_its_other_arguments(reader: Page, shelf: Shelf) -> None:
    show(reader, shelf, "read")
    expect(block(reader, "Read").locator("pre")).to_have_text(f"{FOLDER}/parser.py")
    expect(block(reader, "Other arguments")).to_contain_text('"offset": 10')


def test_json_is_indented_in_arguments_and_output(reader: Page, shelf: Shelf) -> None:
    show(reader, shelf, "json")
    expect(block(reader, "Input").locator("pre")).to_have_text('{ "id": 7, "labels": [ "needle" ] }')
    assert block(reader, "Output").locator("pre").inner_text() == json.dumps(
        {"state": "open", "votes": [1, 2]}, indent=2
    )


def test_a_plan_is_a_list_of_steps_with_their_states(reader: Page, shelf: Shelf) -> None:
    steps = show(reader, shelf, "plan").get_by_role("listitem")
    expect(steps).to_have_text(["✓Read", "▸Repair"])


def test_markdown_of_an_answer_is_rendered_without_its_html(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "markdown")
    expect(shown.get_by_role("heading", name="Findings")).to_be_visible()
    expect(shown.locator("strong")).to_have_text("parser")
    expect(shown.locator("code")).to_have_text("parser.py")
    expect(shown.get_by_role("listitem")).to_have_text(["first point", "second point"])
    expect(shown).to_contain_text('<b onclick="x()">raw HTML</b>')


def test_a_link_in_markdown_opens_elsewhere_and_only_to_the_web(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "markdown")
    links = shown.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.org/report")
    expect(links).to_have_attribute("target", "_blank")
    expect(links).to_have_attribute("rel", re.compile("noopener noreferrer"))
    expect(shown).to_contain_text("a trap")


def test_an_image_in_markdown_is_named_and_not_fetched(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "markdown")
    expect(shown).to_contain_text("[image: a picture]")
    expect(shown.get_by_role("img")).to_have_count(0)


def test_reasoning_is_shown_as_it_was_written(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "reasoning")
    expect(heading(shown, "Reasoning")).to_be_visible()
    expect(shown.locator("pre:visible")).to_have_text("It drops the last line.")


def test_encrypted_reasoning_says_that_it_is(reader: Page, shelf: Shelf) -> None:
    expect(show(reader, shelf, "encrypted")).to_contain_text("recorded this reasoning encrypted or not at all")


def test_an_image_is_fetched_and_decoded_only_when_asked_for(reader: Page, shelf: Shelf) -> None:
    fetched: list[str] = []
    reader.on("request", lambda request: fetched.append(request.url) if "/api/image" in request.url else None)
    shown = show(reader, shelf, "image")
    button = shown.get_by_role("button", name="Show image (png")
    expect(button).to_be_visible()
    assert fetched == []
    button.click()
    picture = shown.get_by_role("img", name="Image in record")
    expect(picture).to_have_js_property("complete", True)
    expect(picture).to_have_js_property("naturalWidth", PNG_WIDTH)
    assert len(fetched) == 1


def test_a_long_output_is_folded_until_all_of_it_is_asked_for(reader: Page, shelf: Shelf) -> None:
    show(reader, shelf, "folded")
    text = block(reader, "Output").locator("pre")
    expect(text).not_to_contain_text(f"line {FOLDED_LINES}")
    block(reader, "Output").get_by_role("button", name="Show all").click()
    expect(text).to_contain_text(f"line {FOLDED_LINES}")
    assert len(text.inner_text().split("\n")) == FOLDED_LINES


def test_show_all_shows_even_what_the_server_had_cut(reader: Page, shelf: Shelf) -> None:
    show(reader, shelf, "huge")
    text = block(reader, "Output").locator("pre")
    expect(text).not_to_contain_text("row 000100")
    block(reader, "Output").get_by_role("button", name="Show all 131,999 characters").click()
    expect(text).to_contain_text(f"row {HUGE_LINES:06}")
    assert len(text.inner_text().split("\n")) == HUGE_LINES


def test_a_refused_call_is_denied_and_not_an_error(reader: Page, shelf: Shelf) -> None:
    expect(heading(show(reader, shelf, "rejected"), "Bash")).to_contain_text("denied")


def test_a_call_without_a_result_says_so(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "unanswered")
    expect(heading(shown, "Bash")).to_contain_text("no result")
    expect(shown).to_contain_text("The file holds no result for this call.")


def test_an_unknown_record_is_shown_and_not_dropped(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "other")
    expect(heading(shown, "Other record")).to_contain_text("wormhole")
    expect(shown).to_contain_text("from a later version")


def test_the_raw_record_holds_the_call_and_its_result(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "shell")
    number = int(shelf.at["shell"])
    shown.get_by_role("button", name="raw record").click()
    raw = shown.locator("pre.raw")
    expect(raw).to_contain_text(f"record {number}\n", use_inner_text=True)
    expect(raw).to_contain_text('"command": "ls -la"')
    expect(raw).to_contain_text(f"record {number + 1}\n", use_inner_text=True)
    expect(raw).to_contain_text('"tool_use_id"')
    shown.get_by_role("button", name="raw record").click()
    expect(raw).to_be_hidden()


def test_a_block_is_copied_whole_with_a_word_of_confirmation(reader: Page, shelf: Shelf) -> None:
    show(reader, shelf, "folded")
    block(reader, "Output").get_by_role("button", name="copy").click()
    expect(block(reader, "Output").get_by_role("button", name="copied")).to_be_visible()
    assert copied(reader).split("\n")[-1] == f"line {FOLDED_LINES}"


def test_the_detail_says_the_turn_the_time_and_the_model(reader: Page, shelf: Shelf) -> None:
    shown = show(reader, shelf, "markdown")
    expect(shown).to_contain_text(re.compile(r"record \d+ · turn \d+ · 1 May 2026 09:00:\d\d"))
    expect(shown).to_contain_text("claude-opus-4-7")
    expect(shown).to_contain_text("This model call: context 900 tokens · new input 900 · output 40")
