"""Light and dark: each has its own colours, text stands out from what it is on, and the reader's choice is kept."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage
from tests.pages import OPEN_MS, drawing, open_run
from tests.shelf import Shelf

# WCAG 2.1, success criterion 1.4.3.
LEAST_CONTRAST = 4.5
TEXTS = ("ink", "ink-2", "ink-3", "accent", "error", "warn")
GROUNDS = ("bg", "panel", "sunken", "accent-soft")
# A match, and the lines of a diff with their numbers.
PAIRS = (
    *(("ink", "mark"), ("ink-3", "mark"), ("error", "mark"), ("on-error", "error")),
    *(("ink", "add"), ("ink-3", "add"), ("ink", "del"), ("ink-3", "del")),
)
CHANNELS = """(names) => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => {
    pen.fillStyle = style.getPropertyValue(`--${name}`);
    pen.fillRect(0, 0, 1, 1);
    return [name, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)];
  }));
}"""


def luminance(channels: list[int]) -> float:
    """Relative luminance of a colour in sRGB, by WCAG's definition."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[int], other: list[int]) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def background(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_stands_out_from_every_ground(
    open_page: OpenPage, shelf: Shelf, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(scheme=scheme)
    open_run(page, shelf.link("sorts.jsonl"))
    pairs = [*PAIRS, *((text, ground) for text in TEXTS for ground in GROUNDS)]
    colours = page.evaluate(CHANNELS, sorted({name for pair in pairs for name in pair}))
    ratios = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}


def test_the_page_follows_the_system_until_the_reader_chooses_and_keeps_the_choice(
    open_page: OpenPage, shelf: Shelf
) -> None:
    page = open_page(scheme="light")
    open_run(page, shelf.link("sorts.jsonl"))
    light, drawn = background(page), drawing(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) != light
    assert drawing(page) != drawn
    for words, theme in (("Auto", "light"), ("Light", "dark")):
        page.get_by_role("button", name=words, exact=True).click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.emulate_media(color_scheme="light")
    page.reload()
    expect(page.get_by_role("button", name="Dark", exact=True)).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) != light
