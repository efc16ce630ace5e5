"""Who somebody is: found where it stands, and not where it only looks alike."""

from __future__ import annotations

import pytest

from viewer.redaction.people import cut_names, find_people


def people(text: str) -> set[tuple[str, str]]:
    return {(kind.name, found) for kind, found in find_people(text.encode(), set())}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cd /home/mwhitfield/acme", "mwhitfield"),
        ("file:///Users/mwhitfield/x.py", "mwhitfield"),
        ("/mnt/c/Users/mwhitfield/x", "mwhitfield"),
        (r"C:\Users\mwhitfield\AppData", "mwhitfield"),
        ("projects/-home-mwhitfield-acme/s.jsonl", "mwhitfield"),
        ("mwhitfield@box:~/acme$ ls", "mwhitfield"),
        ("-rw-r--r-- 1 mwhitfield staff 12 May 1 x", "mwhitfield"),
        ("Author: Mae Whitfield <", "Mae Whitfield"),
    ],
)
def test_a_user_name_is_found(text: str, name: str) -> None:
    assert ("user-name", name) in people(text)


def test_a_name_is_known_as_the_folder_of_a_project_writes_it() -> None:
    assert people("/Users/mae.whitfield/x") == {("user-name", "mae.whitfield"), ("user-name", "mae-whitfield")}


def test_the_beginning_of_a_name_with_a_dash_is_none() -> None:
    for text, cut in (
        ("/home/data-sci/x -home-data-sci-x", {"data"}),
        ("/home/data-sci/x -home-data-sci-x /home/data/y", set()),
        ("-home-data-sci-x", set()),
    ):
        seen: set[bytes] = set()
        names = {name for _, name in find_people(text.encode(), seen)}
        assert cut_names(names, seen) == cut


@pytest.mark.parametrize(
    "text",
    [
        "/home/user/x",
        "/home/runner/work",
        "/".join(("", "root", "x")),
        "src/components/home/page.tsx",
        "/home/[USER_1]/x",
        "--------\n 12 pass 3",
    ],
)
def test_what_every_machine_has_is_no_user_name(text: str) -> None:
    assert "user-name" not in {kind for kind, _ in people(text)}


def test_an_address_is_found_and_a_remote_a_password_or_a_file_is_none() -> None:
    assert people("write to m.whitfield@acme-robotics.io.") == {("email", "m.whitfield@acme-robotics.io")}
    for text in (
        "git@github.com:acme/x.git",
        "noreply@anthropic.com",
        "logo@2x.png",
        "a@example.com",
        "postgres://app:hunter22@db.acme.io/x",
        "+@pytest.mark.skip",
    ):
        assert "email" not in {kind for kind, _ in people(text)}, text


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("mw@mw-thinkpad:~$", "mw-thinkpad"),
        ("Linux mw-thinkpad 6.8.0-31-generic", "mw-thinkpad"),
        ("ssh deploy@build.acme.internal", "build.acme.internal"),
        ("Maes-MacBook-Pro.local", "Maes-MacBook-Pro.local"),
        ("listening on 192.168.1.22", "192.168.1.22"),
    ],
)
def test_a_host_is_found(text: str, host: str) -> None:
    assert ("host-name", host) in people(text)


def test_a_host_of_every_machine_is_none() -> None:
    assert people("http://host.docker.internal:8080 .env.local 127.0.0.1 MacBook") == set()


def test_the_same_path_is_looked_at_once() -> None:
    seen: set[bytes] = set()
    assert len(list(find_people(b" /home/mwhitfield/a /home/mwhitfield/b", seen))) == 1
    assert list(find_people(b" /home/mwhitfield/c", seen)) == []
