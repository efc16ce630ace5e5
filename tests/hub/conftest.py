"""Fixtures of the tests of the local Hub: one Hub for a file, and clients that reach nothing but this machine."""

from collections.abc import Iterator

import pytest
from huggingface_hub import HfApi

from tests.hub import LocalHub
from tests.hub.client import only_loopback


@pytest.fixture(scope="module", autouse=True)
def loopback() -> Iterator[None]:
    """No client of the file reaches another machine."""
    with only_loopback():
        yield


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """A Hub that is shared by the file's tests: each adds what it needs under names of its own."""
    with LocalHub(lfs_min=5_000) as running:
        yield running


@pytest.fixture
def anyone(hub: LocalHub) -> HfApi:
    """A client without a token."""
    return HfApi(endpoint=hub.url, token=False)


@pytest.fixture
def ann(hub: LocalHub) -> HfApi:
    """A client with a token of the user `ann`, who may write."""
    return HfApi(endpoint=hub.url, token=hub.add_token("ann"))


@pytest.fixture
def bob(hub: LocalHub) -> HfApi:
    """The same for `bob`."""
    return HfApi(endpoint=hub.url, token=hub.add_token("bob"))
