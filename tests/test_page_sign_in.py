"""Signing in on a Space, with Gradio's routes and a local OpenID provider: what opens then, and where the token is."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, RunApp
from tests.hub import LocalHub
from tests.oauth import Provider
from tests.pages import OPEN_MS, detail, expect_event, timeline
from tests.visits import session

REPO, RUN = "ann/private", "days/one & two.jsonl"
WORDS = "Words of ann alone"
FAILED_REQUEST = "Failed to load resource: the server responded with a status of 4"


class Space(NamedTuple):
    """A running Space, the provider it sends visitors to, and its home with its log in it."""

    url: str
    hub: LocalHub
    provider: Provider
    home: Path

    def link(self) -> str:
        """The link to one event of a run that only ann may see."""
        query = {"repo": REPO, "rev": self.hub.repo(REPO).head.sha, "run": RUN, "event": "2"}
        return f"{self.url}/?{urlencode(query)}"


@pytest.fixture(scope="module")
def space(running_app: RunApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    home = tmp_path_factory.mktemp("space-home")
    with LocalHub() as hub, Provider(hub.add_token) as provider:
        hub.add_dataset(REPO, {RUN: session("s1", WORDS)}, private=True)
        env = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
        with running_app(home, env=env | provider.environment()) as url:
            yield Space(url, hub, provider, home)


def sign_in(page: Page, user: str) -> None:
    page.get_by_role("link", name="Sign in", exact=True).click(timeout=OPEN_MS)
    page.get_by_role("link", name=f"Sign in as {user}").click(timeout=OPEN_MS)


def test_a_deep_link_survives_the_sign_in_and_the_token_is_nowhere_a_reader_could_find_it(
    space: Space, open_page: OpenPage, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    page = open_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(space.link())
    expect(page.get_by_role("alert")).to_contain_text(f"There is no dataset {REPO}", timeout=OPEN_MS)

    sign_in(page, "ann")
    expect(timeline(page)).to_be_visible(timeout=OPEN_MS)
    expect(page).to_have_url(re.compile(f"^{re.escape(space.url)}/"))
    expect_event(page, "2")
    expect(detail(page)).to_contain_text("Done.")
    expect(page.get_by_role("group", name="Account")).to_contain_text("ann")

    token = space.provider.tokens[-1]
    cookies = page.context.cookies()
    logged_in = next(cookie for cookie in cookies if cookie.get("name") == "session")
    assert logged_in.get("httpOnly") and logged_in.get("secure")
    inside = base64.b64decode(str(logged_in.get("value")).split(".")[0] + "==")
    assert b"preferred_username" in inside
    stored = page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")
    kept = [path.read_bytes() for path in space.home.rglob("*") if path.is_file()]
    places = [*addresses, page.content(), stored, str(cookies), *map(str, (inside, *kept))]
    assert not [place[:200] for place in places if token in place]
    assert any(WORDS in str(data) for data in kept)  # what is kept was looked at


def test_another_who_signs_in_sees_none_of_it_and_who_signs_out_no_longer_does(
    space: Space, open_page: OpenPage, expected_console_errors: list[str]
) -> None:
    expected_console_errors.append(FAILED_REQUEST)
    first = open_page()
    first.goto(space.link())
    sign_in(first, "ann")
    expect(timeline(first)).to_be_visible(timeout=OPEN_MS)

    other = open_page()
    other.goto(space.link())
    sign_in(other, "bob")
    expect(other.get_by_role("group", name="Account")).to_contain_text("bob", timeout=OPEN_MS)
    expect(other.get_by_role("alert")).to_contain_text(f"There is no dataset {REPO}", timeout=OPEN_MS)
    assert WORDS not in other.content()

    cookie = next(cookie for cookie in first.context.cookies() if cookie.get("name") == "session")
    first.get_by_role("link", name="Sign out").click()
    expect(first.get_by_role("link", name="Sign in", exact=True)).to_be_visible(timeout=OPEN_MS)
    first.goto(space.link())
    expect(first.get_by_role("alert")).to_contain_text(f"There is no dataset {REPO}", timeout=OPEN_MS)
    # The key in the old cookie opens nothing either.
    answer = first.request.get(
        f"{space.url}/api/runs.json?{urlencode({'repo': REPO})}", headers={"cookie": f"session={cookie.get('value')}"}
    )
    assert answer.status == 404
