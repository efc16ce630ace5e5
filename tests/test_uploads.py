"""What visitors bring: every harmful name and zip is refused by itself, limits hold, and nothing outlives its time."""

from __future__ import annotations

import io
import stat
import threading
import zipfile
from pathlib import Path

import pytest

from tests.formats.claude_lines import user
from tests.smallest import lines_of
from viewer.sources.contract import SourceError, TraceFile
from viewer.sources.upload import Limits, Refusal, RefusedError, Upload, Uploads
from viewer.sources.upload_names import NameRefusedError, checked_name, is_trace_name
from viewer.sources.upload_zip import unpack

TRACE = lines_of([user("Fix it")])
ANN, BOB = "a" * 30, "b" * 30


def bring(uploads: Uploads, upload: Upload, name: str, data: bytes = TRACE) -> None:
    name = uploads.name_for(upload, name)
    received = uploads.receive(upload)
    try:
        received.write(data)
    except RefusedError:
        received.drop()
        raise
    uploads.keep(upload, name, received)


def zipped(tmp_path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def reasons(found: list[TraceFile | Refusal]) -> dict[str, str]:
    return {one.name: one.reason for one in found if isinstance(one, Refusal)}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a.jsonl", "a.jsonl"),
        ("-home-x-y/s.jsonl", "-home-x-y/s.jsonl"),
        ("./a//b.jsonl", "a/b.jsonl"),
        (r"a\b\c.jsonl", "a/b/c.jsonl"),
        ("Ünïcode 名前.jsonl", "Ünïcode 名前.jsonl"),
    ],
)
def test_folders_of_a_name_are_kept(raw: str, name: str) -> None:
    assert checked_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("../a.jsonl", "leads out"),
        ("a/../../b.jsonl", "leads out"),
        (r"..\a.jsonl", "leads out"),
        ("/etc/a.jsonl", "absolute"),
        (r"C:\a.jsonl", "absolute"),
        ("c:a.jsonl", "absolute"),
        (r"\\server\a.jsonl", "absolute"),
        ("a\0.jsonl", "control"),
        ("a\n.jsonl", "control"),
        ("a\u202elnosj.jsonl", "control"),
        ("NUL.jsonl", "device"),
        ("x/com1.jsonl", "device"),
        ("con", "device"),
        ("a./b.jsonl", "dot or a blank"),
        ("/".join("d" * 17) + "/a.jsonl", "folders deep"),
        ("", "empty"),
        ("a" * 401, "longer"),
        (f"{'a' * 201}.jsonl", "too long"),
    ],
)
def test_a_harmful_name_is_refused_with_the_reason(raw: str, reason: str) -> None:
    with pytest.raises(NameRefusedError, match=reason):
        checked_name(raw)


@pytest.mark.parametrize(
    "name", ["x/settings.json", "a.meta.json", "package.json", "auth.json", ".x.jsonl", "a.txt", "a"]
)
def test_what_is_no_trace_by_its_name_is_refused(name: str) -> None:
    assert not is_trace_name(name)
    uploads = Uploads()
    with pytest.raises(RefusedError, match="no trace"):
        uploads.name_for(uploads.start(ANN), name)


def test_an_upload_is_a_source_whose_names_are_no_paths() -> None:
    uploads = Uploads()
    upload = uploads.start(ANN)
    bring(uploads, upload, "projects/-home-x/s.jsonl")
    assert [file.path for file in upload.files().files] == ["projects/-home-x/s.jsonl"]
    assert (upload.label, upload.kind, upload.link) == ("projects", "upload", {"source": upload.key})
    with upload.open("projects/-home-x/s.jsonl") as file:
        assert file.read() == TRACE
    assert [path.name for path in upload.folder.iterdir()] == ["000001"]
    for path in ("000001", "../000001", "projects"):
        with pytest.raises(SourceError, match="is not in this upload"):
            upload.open(path)


def test_only_its_own_visitor_opens_an_upload_and_the_answer_tells_others_nothing() -> None:
    uploads = Uploads()
    upload = uploads.start(ANN)
    assert uploads.open(upload.key, ANN) is upload
    said = set()
    for key, owner in ((upload.key, BOB), (upload.key, ""), ("upload-none", BOB)):
        with pytest.raises(SourceError) as caught:
            uploads.open(key, owner)
        said.add(str(caught.value))
    assert len(said) == 1
    assert (uploads.of(ANN), uploads.of(BOB)) == ([upload], [])


def test_the_visitor_s_key_is_not_kept() -> None:
    uploads = Uploads()
    upload = uploads.start(ANN)
    assert ANN not in repr(vars(upload))
    assert ANN not in upload.id + upload.key


def test_limits_on_size_number_and_name() -> None:
    uploads = Uploads(Limits(file=500, total=900, everybody=1200, count=4, uploads=2))
    upload = uploads.start(ANN)
    with pytest.raises(RefusedError, match="larger than"):
        bring(uploads, upload, "big.jsonl", b"x" * 501)
    bring(uploads, upload, "a.jsonl", b"x" * 400)
    with pytest.raises(RefusedError, match="already a file with this name"):
        bring(uploads, upload, "a.jsonl")
    bring(uploads, upload, "b.jsonl", b"x" * 400)
    with pytest.raises(RefusedError, match="upload would be larger"):
        bring(uploads, upload, "c.jsonl", b"x" * 400)
    other = uploads.start(BOB)
    with pytest.raises(RefusedError, match="the server holds"):
        bring(uploads, other, "a.jsonl", b"x" * 450)
    for name in ("c", "d"):
        bring(uploads, upload, f"{name}.jsonl", b"x")
    with pytest.raises(RefusedError, match="at most 4 files"):
        bring(uploads, upload, "e.jsonl", b"x")
    assert (uploads.size(), upload.counted["bytes"], len(list(upload.folder.iterdir()))) == (802, 802, 4)
    uploads.start(ANN)
    with pytest.raises(RefusedError, match="forget one first"):
        uploads.start(ANN)


def test_an_upload_is_forgotten_in_time_and_when_told() -> None:
    now = [0.0]
    uploads = Uploads(Limits(kept=100.0), clock=lambda: now[0])
    first, second = uploads.start(ANN), uploads.start(ANN)
    bring(uploads, first, "a.jsonl")
    bring(uploads, second, "a.jsonl")
    uploads.forget(second)
    assert not second.folder.exists()
    with pytest.raises(SourceError):
        second.open("a.jsonl")
    now[0] = 99.0
    assert uploads.of(ANN) == [first]
    now[0] = 100.0
    assert uploads.of(ANN) == []
    assert not first.folder.exists()
    with pytest.raises(RefusedError, match="was forgotten"):
        uploads.receive(first)


def test_many_uploads_share_one_timer_and_an_empty_one_makes_room() -> None:
    uploads = Uploads(Limits(uploads_in_all=3))
    before = threading.active_count()
    kept = uploads.start(ANN)
    bring(uploads, kept, "a.jsonl")
    empty = uploads.start(BOB)
    last = [uploads.start(letter * 30) for letter in "cd"]
    assert threading.active_count() <= before + 1
    assert uploads.open(kept.key, ANN) is kept
    with pytest.raises(SourceError):
        uploads.open(empty.key, BOB)
    for upload in last:
        bring(uploads, upload, "a.jsonl")
    with pytest.raises(RefusedError, match="as many uploads as it can"):
        uploads.start(BOB)


def test_a_zip_gives_its_traces_and_a_reason_for_each_other_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.jsonl")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    inner = io.BytesIO()
    zipfile.ZipFile(inner, "w").close()
    path = zipped(
        tmp_path,
        ("projects/a.jsonl", TRACE),
        ("projects/sub/", b""),
        ("projects/sub/b.jsonl", TRACE),
        ("../out.jsonl", TRACE),
        ("/etc/passwd.jsonl", TRACE),
        (link, b"/etc/passwd"),
        ("NUL.jsonl", TRACE),
        ("inner.zip", inner.getvalue()),
        ("readme.md", b"hello"),
        ("bomb.jsonl", bytes(20_000_000)),
    )
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("projects/a.jsonl", TRACE)
    uploads = Uploads()
    upload = uploads.start(ANN)
    found = list(unpack(uploads, upload, path))
    assert sorted(upload.stored) == ["projects/a.jsonl", "projects/sub/b.jsonl"]
    said = reasons(found)
    for name, reason in {
        "../out.jsonl": "leads out",
        "/etc/passwd.jsonl": "absolute",
        "link.jsonl": "a link or a device",
        "NUL.jsonl": "device",
        "inner.zip": "archives inside",
        "readme.md": "no trace",
        "bomb.jsonl": "times larger than in the zip",
        "projects/a.jsonl": "already a file",
    }.items():
        assert reason in said[name], name
    assert upload.counted["refused"] == len(said) == 8
    assert len(list(upload.folder.iterdir())) == 2


def test_a_zip_that_lies_about_a_size_is_cut_off(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("a.jsonl", bytes(300_000)))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    uploads = Uploads()
    upload = uploads.start(ANN)
    found = list(unpack(uploads, upload, path))
    assert all(isinstance(one, Refusal) or one.size <= 10 for one in found)


def test_a_damaged_or_encrypted_file_costs_itself_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("a.jsonl", TRACE * 50), ("b.jsonl", TRACE))
    data = bytearray(path.read_bytes())
    data[50:60] = bytes(10)
    path.write_bytes(bytes(data))
    uploads = Uploads()
    upload = uploads.start(ANN)
    assert "damaged" in reasons(list(unpack(uploads, upload, path)))["a.jsonl"]
    assert list(upload.stored) == ["b.jsonl"]
    locked = zipped(tmp_path, ("c.jsonl", TRACE))
    data = bytearray(locked.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(mark) + offset] |= 1
    locked.write_bytes(bytes(data))
    assert reasons(list(unpack(uploads, upload, locked))) == {"c.jsonl": "it is encrypted"}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    uploads = Uploads()
    with pytest.raises(RefusedError, match="not a zip"):
        list(unpack(uploads, uploads.start(ANN), tmp_path / "x.zip"))
