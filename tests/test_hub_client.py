"""What is asked of the Hub for each question, and the one sentence for each way in which it can fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import pytest
from huggingface_hub import constants

from tests.hub import Fault, LocalHub
from tests.visits import REPO, emptied, of_dataset, session, until
from viewer.blobs import git_key, lfs_key, matches
from viewer.sources import hub_client
from viewer.sources.contract import SourceError
from viewer.sources.hub_client import SIGN_IN, HubClient, HubUnreachableError, local_token

SMALL = session("a")
LARGE = session("b", size=8_000)
Question = Callable[[HubClient, str], object]
FACTS: Question = lambda client, sha: client.dataset(REPO)  # noqa: E731
TREE: Question = lambda client, sha: client.files(REPO, sha)  # noqa: E731
LIST: Question = lambda client, sha: datasets(client)  # noqa: E731
SMALL_FILE: Question = lambda client, sha: client.read(REPO, sha, "a.jsonl")  # noqa: E731
LARGE_FILE: Question = lambda client, sha: client.read(REPO, sha, "b.jsonl")  # noqa: E731
QUESTIONS = {"facts": FACTS, "tree": TREE, "list": LIST, "small file": SMALL_FILE, "large file": LARGE_FILE}
BODY = dict.fromkeys(QUESTIONS.values(), "/(api|resolve)/") | {LARGE_FILE: "/large/"}
"""Where the answer's body is: a large file's first answer has none."""

every_question = pytest.mark.parametrize("ask", QUESTIONS.values(), ids=list(QUESTIONS))


def datasets(client: HubClient, **query: str) -> list[str]:
    asked = {"tag": "", "search": "", "author": "", "sort": "likes"} | query
    return [facts.repo for facts in client.datasets(**asked, limit=100)]


@pytest.fixture
def hub(running_hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> LocalHub:
    """A Hub with one dataset, of which the client does not wait before it tries again."""
    monkeypatch.setitem(hub_client._BACKOFF, "base_wait_time", 0.0)
    emptied(running_hub).add_dataset(REPO, {"a.jsonl": SMALL, "b.jsonl": LARGE})
    return running_hub


@pytest.fixture
def sha(hub: LocalHub) -> str:
    return hub.repo(REPO).head.sha


def failure(hub: LocalHub, ask: Question, sha: str, token: str | None = None, patience: float = 5.0) -> SourceError:
    """The error of a question, which is one sentence or two, for a reader."""
    with pytest.raises(SourceError) as caught:
        ask(HubClient(token, hub.url, patience), sha)
    said = str(caught.value)
    assert said.endswith((".", "”")) and "\n" not in said and len(said) < 160, said
    assert hub.url not in said and "Error" not in said
    return caught.value


def test_facts_pin_the_commit(hub: LocalHub, sha: str) -> None:
    repo = hub.repo(REPO)
    repo.likes, repo.downloads, repo.tags = 3, 4, ("format:agent-traces",)
    facts = HubClient(None, hub.url).dataset(REPO)
    assert (facts.repo, facts.sha, facts.restricted, facts.gated) == (REPO, sha, False, False)
    assert (facts.likes, facts.downloads, facts.tags) == (3, 4, ("format:agent-traces",))
    assert facts.modified == round(repo.head.date.timestamp() * 1000)
    assert [entry.path for entry in hub.log] == [f"/api/datasets/{REPO}"]


def test_facts_at_a_revision_name_its_commit(hub: LocalHub, sha: str) -> None:
    repo = hub.repo(REPO)
    repo.refs |= {"refs/tags/v1": sha, "refs/heads/with/slash": sha}
    newest = hub.commit(REPO, {"c.jsonl": SMALL})
    client = HubClient(None, hub.url)
    found = [client.dataset(REPO, rev).sha for rev in ("", "main", "v1", "with/slash", sha)]
    assert found == [newest, newest, sha, sha, sha]


def test_private_and_gated_datasets_are_restricted(hub: LocalHub) -> None:
    hub.add_dataset("ann/private", private=True)
    hub.add_dataset("ann/gated", gated="auto")
    client = HubClient(hub.add_token("ann"), hub.url)
    facts = [client.dataset(name) for name in ("ann/private", "ann/gated")]
    assert [(one.restricted, one.gated) for one in facts] == [(True, False), (True, True)]


def test_files_come_with_their_size_and_the_key_of_what_they_hold(hub: LocalHub, sha: str) -> None:
    found = HubClient(None, hub.url).files(REPO, sha)
    blobs = hub.repo(REPO).head.files
    assert [(file.path, file.size) for file in found] == [("a.jsonl", len(SMALL)), ("b.jsonl", len(LARGE))]
    assert [file.key for file in found] == [git_key(blobs["a.jsonl"].oid), lfs_key(str(blobs["b.jsonl"].sha256))]
    assert matches(found[0].key, SMALL)
    assert matches(found[1].key, LARGE)


def test_a_long_tree_comes_page_by_page_without_its_folders(hub: LocalHub) -> None:
    repo = hub.add_dataset("ann/long", {f"day-{number}/a.jsonl": SMALL for number in range(5)})
    hub.page_size = 4
    found = HubClient(None, hub.url).files(repo.id, repo.head.sha)
    assert [file.path for file in found] == [f"day-{number}/a.jsonl" for number in range(5)]
    assert len(hub.asked("/tree/")) == 3


@pytest.mark.parametrize(("path", "data"), [("a.jsonl", SMALL), ("b.jsonl", LARGE)])
def test_a_file_or_a_span_of_it_is_read(hub: LocalHub, sha: str, path: str, data: bytes) -> None:
    client = HubClient(None, hub.url)
    assert client.read(REPO, sha, path) == data
    assert client.read(REPO, sha, path, (10, 19)) == data[10:20]
    assert [entry.range for entry in hub.asked(f"/resolve/.*{path}")] == ["", "bytes=10-19"]


@pytest.mark.parametrize("path", ["two words.jsonl", "a#b?c&d.jsonl", "100%.jsonl", "é/ü.jsonl", "a+b=c;d.jsonl"])
def test_a_file_of_any_name_is_read(hub: LocalHub, path: str) -> None:
    repo = hub.add_dataset("ann/names", {path: SMALL})
    client = HubClient(None, hub.url)
    (file,) = client.files(repo.id, repo.head.sha)
    assert client.read(repo.id, repo.head.sha, file.path) == SMALL


def test_a_renamed_dataset_is_found_under_its_new_name(hub: LocalHub) -> None:
    hub.rename(REPO, "ann/better-name")
    assert HubClient(None, hub.url).dataset(REPO).repo == "ann/better-name"


def test_a_client_without_a_token_sends_none_that_lies_about(
    hub: LocalHub, sha: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.add_token("ann"))
    assert local_token() == "hf_ann_write_0"
    client = HubClient(None, hub.url)
    for ask in QUESTIONS.values():
        ask(client, sha)
    assert not any(entry.with_token for entry in hub.log)


def test_a_token_goes_to_the_hub_alone_and_into_no_log(
    hub: LocalHub, sha: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = hub.add_token("ann")
    client = HubClient(token, hub.url)
    hub.faults.append(Fault("/tree/", status=500, times=1))
    for ask in QUESTIONS.values():
        ask(client, sha)
    assert {entry.path.split("/")[1] for entry in hub.log if not entry.with_token} == {"large"}
    assert not any(token in entry.path + entry.query for entry in hub.log)
    assert caplog.records
    assert token not in caplog.text and token not in repr(client) + str(vars(client).keys())


@every_question
@pytest.mark.parametrize(
    ("status", "tries", "sentence"),
    [
        (400, 1, "The Hub refused to answer about"),
        (403, 1, "You may not read"),
        (404, 1, "has no"),
        (429, 1, "The Hub asks to wait: too many requests."),
        (500, 3, "The Hub has a problem of its own (status 500). Try again in a moment."),
        (503, 3, "The Hub has a problem of its own (status 503). Try again in a moment."),
    ],
)
def test_a_refusal_is_one_sentence(
    hub: LocalHub, sha: str, ask: Question, status: int, tries: int, sentence: str
) -> None:
    hub.faults.append(Fault("", status=status))
    error = failure(hub, ask, sha)
    assert sentence in str(error)
    assert isinstance(error, HubUnreachableError) == (status == 429 or status >= 500)
    # The first question of a visit is asked once.
    assert len(hub.log) == (1 if ask is FACTS else tries)


@every_question
@pytest.mark.parametrize(
    ("headers", "wait"),
    [({"Retry-After": "9"}, " 9 s"), ({"RateLimit": '"api";r=0;t=5'}, " 5 s"), ({"Retry-After": "soon"}, "")],
)
def test_a_hub_that_asks_to_wait_is_not_asked_again(
    hub: LocalHub, sha: str, ask: Question, headers: dict[str, str], wait: str
) -> None:
    hub.faults.append(Fault("", status=429, headers=headers))
    assert str(failure(hub, ask, sha)) == f"The Hub asks to wait{wait}: too many requests."
    assert len(hub.log) == 1


@every_question
def test_silence_ends_after_one_try(hub: LocalHub, sha: str, ask: Question) -> None:
    fault = Fault("", delay=60)
    hub.faults.append(fault)
    error = failure(hub, ask, sha, patience=0.1)
    assert isinstance(error, HubUnreachableError)
    assert str(error) == "The Hub did not answer in time. Try again in a moment."
    until(lambda: fault.used > 0)
    assert fault.used == 1


@every_question
def test_silence_in_the_middle_of_an_answer_ends_too(hub: LocalHub, sha: str, ask: Question) -> None:
    fault = Fault(BODY[ask], delay=60, after=5)
    hub.faults.append(fault)
    assert "did not answer in time" in str(failure(hub, ask, sha, patience=0.1))
    assert fault.used == 1


@every_question
@pytest.mark.parametrize("after", [None, 5])
def test_a_cut_connection_is_tried_again_except_at_first(
    hub: LocalHub, sha: str, ask: Question, after: int | None
) -> None:
    fault = Fault(BODY[ask], cut=True, after=after)
    hub.faults.append(fault)
    error = failure(hub, ask, sha)
    assert isinstance(error, HubUnreachableError)
    assert "The Hub is out of reach." in str(error)
    assert fault.used == (1 if ask is FACTS else 3)


@pytest.mark.parametrize("ask", [TREE, LIST, SMALL_FILE, LARGE_FILE], ids=["tree", "list", "small", "large"])
def test_what_fails_once_is_had_at_the_second_try(hub: LocalHub, sha: str, ask: Question) -> None:
    hub.faults += [Fault("", cut=True, times=1), Fault("", status=503, times=1)]
    assert ask(HubClient(None, hub.url), sha)


@every_question
def test_a_hub_that_is_down_is_out_of_reach(hub: LocalHub, sha: str, ask: Question) -> None:
    hub.stop()
    try:
        error = failure(hub, ask, sha)
    finally:
        hub.start()
    assert isinstance(error, HubUnreachableError)
    assert str(error) == "The Hub is out of reach. Check the network; what was kept is still here."


@every_question
def test_offline_mode_asks_nobody(hub: LocalHub, sha: str, ask: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    error = failure(hub, ask, sha)
    assert isinstance(error, HubUnreachableError)
    assert "Offline mode is on" in str(error)
    assert hub.log == []


@pytest.mark.parametrize("ask", [FACTS, TREE, LIST], ids=["facts", "tree", "list"])
@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"null", b"[]", b"{}", b"[1]", b'[{"type":"file"}]', b'{"id":"ann/traces"}', b"\xff"]
)
def test_an_answer_that_makes_no_sense_gives_a_sentence_or_nothing(
    hub: LocalHub, sha: str, ask: Question, content: bytes
) -> None:
    hub.faults.append(Fault("", content=content))
    try:
        assert ask(HubClient(None, hub.url), sha) == []
    except SourceError as error:
        assert str(error).endswith((" makes no sense.", " states no commit for ann/traces."))


def test_a_list_passes_over_rows_that_make_no_sense(hub: LocalHub) -> None:
    rows = b'[7,{"likes":1},{"id":"ann/one","lastModified":"soon","tags":null},{"id":"ann/two","tags":[3,"x"]}]'
    hub.faults.append(Fault("/api/datasets", content=rows))
    assert datasets(HubClient(None, hub.url)) == ["ann/one", "ann/two"]


@every_question
def test_all_questions_of_a_visit_together_wait_no_longer_than_its_deadline(
    hub: LocalHub, sha: str, ask: Question
) -> None:
    hub.faults.append(Fault("", delay=3600))
    client = HubClient(None, hub.url, patience=3600, deadline=time.monotonic())
    with pytest.raises(HubUnreachableError, match=r"^The Hub did not answer in time\."):
        ask(client, sha)
    hub.faults.clear()


@every_question
def test_a_bad_token_is_to_sign_in_again(hub: LocalHub, sha: str, ask: Question) -> None:
    said = str(failure(hub, ask, sha, token="hf_nobody"))
    assert said == "The Hub does not accept this login. Sign in again."


@pytest.mark.parametrize("user", [None, "bob"])
@pytest.mark.parametrize("name", ["ann/private", "ann/missing"])
def test_a_missing_dataset_and_a_private_one_look_the_same(hub: LocalHub, user: str | None, name: str) -> None:
    hub.add_dataset("ann/private", private=True)
    said = str(failure(hub, lambda client, sha: client.dataset(name), "", hub.add_token(user) if user else None))
    assert said == f"There is no dataset {name} on the Hub that you may see. If it is private, {SIGN_IN}."


@pytest.mark.parametrize("user", [None, "bob"])
def test_a_gated_dataset_gives_facts_and_tree_but_no_file(hub: LocalHub, user: str | None) -> None:
    repo = hub.add_dataset("ann/gated", {"a.jsonl": SMALL}, gated="manual")
    token = hub.add_token(user) if user else None
    client = HubClient(token, hub.url)
    assert client.dataset(repo.id).gated
    assert [file.path for file in client.files(repo.id, repo.head.sha)] == ["a.jsonl"]
    said = str(failure(hub, lambda client, sha: client.may_read(repo.id, sha, "a.jsonl"), repo.head.sha, token))
    first = "" if user else f"{SIGN_IN}, and "
    assert said == f"ann/gated is gated: {first}ask for access on its page on the Hub."
    repo.readers.add("bob")
    HubClient(hub.add_token("bob"), hub.url).may_read(repo.id, repo.head.sha, "a.jsonl")


def test_a_revision_that_is_not_there_is_named(hub: LocalHub) -> None:
    said = str(failure(hub, lambda client, sha: client.dataset(REPO, "v9"), ""))
    assert said == f"{REPO} has no revision 'v9'. Leave the revision out to see the newest."


def test_a_file_that_is_not_there_is_named(hub: LocalHub, sha: str) -> None:
    said = str(failure(hub, lambda client, sha: client.read(REPO, sha, "gone.jsonl"), sha))
    assert said == f"{REPO} has no gone.jsonl."
    assert [entry.status for entry in of_dataset(hub)] == [404]
