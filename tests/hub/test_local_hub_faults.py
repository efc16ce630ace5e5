"""What goes wrong on purpose on the local Hub, what its log says, and how it starts and stops."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from urllib.parse import urlsplit

import httpx2
import pytest
from huggingface_hub import HfApi, get_session, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError

from tests.hub import Asked, Fault, LocalHub, Repo
from tests.hub.git import regular_blob

LINE = b'{"type":"user"}\n'
TEXT = LINE * 200


@pytest.fixture
def repo(hub: LocalHub) -> Iterator[Repo]:
    """A dataset, and a Hub that forgets what is in its log and what goes wrong with it."""
    hub.log.clear()
    yield hub.add_dataset("ann/traces", {"a.jsonl": TEXT, "big.jsonl": LINE * 400})
    hub.faults.clear()
    hub.latency = 0.0


def get(hub: LocalHub, path: str = "a.jsonl", **headers: str) -> httpx2.Response:
    where = hf_hub_url("ann/traces", path, repo_type="dataset", endpoint=hub.url)
    return get_session().get(where, headers=headers)


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_status_is_sent_with_its_headers_as_often_as_asked(
    hub: LocalHub, repo: Repo, anyone: HfApi, status: int
) -> None:
    headers = {"Retry-After": "7", "RateLimit": '"api";r=0;t=55'}
    hub.faults.append(Fault("/api/datasets/ann/traces", status=status, headers=headers, times=1))
    with pytest.raises(HfHubHTTPError) as caught:
        anyone.dataset_info(repo.id)
    found = caught.value.response
    assert (found.status_code, found.headers["Retry-After"]) == (status, "7")
    assert found.headers["RateLimit"] == '"api";r=0;t=55'
    assert anyone.dataset_info(repo.id).id == repo.id
    assert [entry.status for entry in hub.log] == [status, 200]


def test_the_client_tries_again_by_itself(hub: LocalHub, repo: Repo, anyone: HfApi) -> None:
    hub.faults.append(Fault(r"/api/datasets\?search=", status=429, headers={"Retry-After": "0"}, times=1))
    assert [found.id for found in anyone.list_datasets(search="ann/traces")] == [repo.id]
    assert [entry.status for entry in hub.log] == [429, 200]


def test_a_fault_meets_only_its_method_and_path(hub: LocalHub, repo: Repo) -> None:
    fault = Fault("/resolve/.*a.jsonl", "HEAD", status=500)
    hub.faults.append(fault)
    where = hf_hub_url(repo.id, "a.jsonl", repo_type="dataset", endpoint=hub.url)
    statuses = [get(hub).status_code, get(hub, "big.jsonl").status_code, get_session().head(where).status_code]
    assert (statuses, fault.used) == ([200, 200, 500], 1)


def test_headers_can_be_added_to_a_good_reply(hub: LocalHub, repo: Repo) -> None:
    hub.faults.append(Fault("/resolve/", headers={"RateLimit": '"resolve";r=3;t=9'}))
    found = get(hub)
    assert (found.content, found.headers["RateLimit"]) == (TEXT, '"resolve";r=3;t=9')


def test_a_cut_connection_has_no_reply(hub: LocalHub, repo: Repo, anyone: HfApi) -> None:
    hub.faults.append(Fault("", cut=True, times=1))
    with pytest.raises(httpx2.RemoteProtocolError):
        anyone.dataset_info(repo.id)
    assert [(entry.status, entry.sent) for entry in hub.log] == [(0, 0)]
    assert anyone.dataset_info(repo.id).id == repo.id


@pytest.mark.parametrize(("path", "pattern"), [("a.jsonl", "/resolve/"), ("big.jsonl", "/large/")])
def test_a_truncated_body_is_shorter_than_its_length(hub: LocalHub, repo: Repo, path: str, pattern: str) -> None:
    hub.faults.append(Fault(pattern, cut=True, after=100))
    with pytest.raises(httpx2.RemoteProtocolError, match="received 100 bytes, expected"):
        get(hub, path, **{"Accept-Encoding": "identity"})
    assert [(entry.status, entry.sent) for entry in hub.asked(pattern)][-1] == (200, 100)


def test_a_compressed_body_can_be_truncated_too(hub: LocalHub, repo: Repo) -> None:
    hub.faults.append(Fault("/resolve/", cut=True, after=10))
    with pytest.raises(httpx2.RemoteProtocolError, match="incomplete chunked read"):
        get(hub)


def test_a_corrupt_body_has_the_right_length_and_name(hub: LocalHub, repo: Repo) -> None:
    hub.faults.append(Fault("/resolve/", corrupt=True))
    found = get(hub)
    oid = regular_blob(TEXT).oid
    assert (len(found.content), found.headers["etag"]) == (len(TEXT), f'"{oid}"')
    assert regular_blob(found.content).oid != oid


def test_a_body_can_be_another_one(hub: LocalHub, repo: Repo) -> None:
    hub.faults.append(Fault("/resolve/", content=b"<html>"))
    found = get(hub)
    assert (found.status_code, found.content, found.headers["content-length"]) == (200, b"<html>", "6")


@pytest.mark.parametrize("after", [None, 10])
def test_a_client_stops_waiting_for_a_reply_that_is_held(
    hub: LocalHub, repo: Repo, anyone: HfApi, after: int | None
) -> None:
    hold = threading.Event()
    hub.faults.append(Fault("/api/", hold=hold, after=after))
    with pytest.raises(httpx2.TimeoutException):
        anyone.dataset_info(repo.id, timeout=0.05)
    hold.set()


def test_a_held_reply_comes_when_it_is_let_go(hub: LocalHub, repo: Repo) -> None:
    hold = threading.Event()
    fault = Fault("a.jsonl", hold=hold, times=1)
    hub.faults.append(fault)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(get, hub)
        assert fault.begun.wait(60)
        # The others are answered while it waits.
        assert get(hub, "big.jsonl").status_code == 200
        assert not held.done()
        hold.set()
        assert held.result().content == TEXT


def test_every_reply_waits_for_the_latency(hub: LocalHub, repo: Repo, anyone: HfApi) -> None:
    hub.latency = 0.1
    before = perf_counter()
    anyone.dataset_info(repo.id)
    # A lower bound: the machine may be busy, but it cannot be early.
    assert perf_counter() - before >= 0.1


def test_the_log_tells_what_was_asked_and_sent(hub: LocalHub, repo: Repo, ann: HfApi) -> None:
    token = f"Bearer {ann.token}"
    headers = {"User-Agent": "test/1", "Range": "bytes=0-9", "Accept-Encoding": "identity", "Authorization": token}
    get(hub, "a.jsonl", **headers)
    path = "/datasets/ann/traces/resolve/main/a.jsonl"
    host = urlsplit(hub.url).netloc
    assert hub.log == [Asked("GET", host, path, "", 206, 10, "test/1", "bytes=0-9", True)]
    assert str(ann.token) not in repr(hub.log)


def test_the_log_is_searched_by_path_query_and_method(hub: LocalHub, repo: Repo, anyone: HfApi) -> None:
    list(anyone.list_datasets(filter="format:agent-traces"))
    anyone.dataset_info(repo.id)
    assert len(hub.asked()) == len(hub.asked(method="GET")) == 2
    assert len(hub.asked("filter=format:agent-traces")) == 1
    assert hub.asked(method="HEAD") == []


def test_a_stopped_hub_refuses_and_comes_back_with_the_same_content() -> None:
    with LocalHub() as hub:
        repo = hub.add_dataset("ann/traces", {"a.jsonl": LINE})
        api = HfApi(endpoint=hub.url, token=False)
        api.dataset_info(repo.id)
        hub.stop()
        with pytest.raises(httpx2.ConnectError):
            api.dataset_info(repo.id)
        hub.start()
        assert api.dataset_info(repo.id).sha == repo.head.sha


def test_a_hub_stops_while_a_reply_waits() -> None:
    with LocalHub() as hub, ThreadPoolExecutor(1) as pool:
        fault = Fault("/whoami", delay=3600)
        hub.faults.append(fault)
        waiting = pool.submit(get_session().get, f"{hub.url}/api/whoami-v2")
        assert fault.begun.wait(60)
        hub.stop()
        assert waiting.result().status_code == 401
