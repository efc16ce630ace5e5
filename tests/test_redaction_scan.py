"""A whole scan: what is found, where, and what becomes of it; the published files parse to the same runs."""

from __future__ import annotations

import base64
import json
import re
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.formats.claude_lines import user
from tests.planted import CONTEXTS, EMAIL, HOST, KINDS, USER, session_of, values
from tests.redaction import built_of, review_of
from tests.smallest import lines_of
from tests.traces import PNG, Claude, write
from viewer import formats
from viewer.comparison_reader import checked_comparison
from viewer.formats.images import load_image
from viewer.publish.build import Built, PublishError, build, comparison_for, repo_path, trace_files
from viewer.redaction.engine import Engine
from viewer.redaction.matcher import Matcher
from viewer.redaction.pictures import GREY
from viewer.redaction.review import Decision, NotFoundError, Review, masked
from viewer.redaction.rewrite import Rewriter, differences, shape
from viewer.redaction.scan import scan
from viewer.redaction.texts import coded, texts
from viewer.redaction.words import PatternError, Word
from viewer.sources.local import LocalFolder
from viewer.sources.upload import Uploads

TOKEN = "gl" + "pat-Q7xw2ZkV9fLmB3tRyPqa"
PICTURE = base64.b64encode(base64.b64decode(PNG) + bytes(300)).decode()


def everything(folder: Path) -> str:
    """Every text of every file of a folder, in every encoding that is covered, and the names of the files."""
    found = [path.as_posix() for path in folder.rglob("*")]
    for path in folder.rglob("*.jsonl"):
        for line in path.read_bytes().splitlines():
            layers = texts(orjson.loads(line)) if line else []
            found += layers
            found += [inner for layer in layers for _, inner in coded(layer.encode())]
    return "\n".join(found)


def runs_of(path: Path) -> Any:
    with path.open("rb") as lines:
        return formats.parse(lines, path.stem)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> tuple[Path, Built]:
    """Sessions of three harnesses with secrets of every kind in every encoding, and what would be published of them."""
    folder = tmp_path_factory.mktemp("hidden")
    for number, context in enumerate(CONTEXTS):
        builder = ("claude", "codex", "pi")[number % 3]
        write(folder / f"-home-{USER}-acme" / f"{context}.jsonl", session_of(context, builder))
    return folder, built_of(folder, engine, tmp_path_factory.mktemp("built") / "files")


def test_forty_kinds_are_planted() -> None:
    assert len(set(KINDS)) >= 40


def test_no_planted_value_is_left_in_any_encoding(hidden: tuple[Path, Built]) -> None:
    folder, built = hidden
    before, after = everything(folder), everything(built.folder)
    for context in CONTEXTS:
        assert [value for value in values(context) if value not in before] == []
        assert [value for value in values(context) if value in after] == []
    assert [name for name in (USER, HOST, EMAIL) if name in after] == []


def test_the_second_scan_finds_nothing(hidden: tuple[Path, Built], engine: Engine) -> None:
    built = hidden[1]
    assert (built.left, built.refused) == ({}, ())
    made = LocalFolder("x", "x", built.folder)
    assert scan(made, made.files().files, engine).kinds == {}


def test_every_file_parses_to_the_same_events_and_calls(hidden: tuple[Path, Built]) -> None:
    folder, built = hidden
    assert len(built.files) == len(CONTEXTS)
    for file in built.files:
        before, after = runs_of(folder / file.source), runs_of(built.folder / file.path)
        assert shape(before) == shape(after)
        calls = [[event.call.name for event in runs[0].events if event.call] for runs in (before, after)]
        assert calls[0] == calls[1] != []


def test_the_same_secret_has_the_same_placeholder_in_every_file(tmp_path: Path, engine: Engine) -> None:
    for name in "ab":
        claude = Claude(name)
        claude.user(f"GITLAB_TOKEN={TOKEN}")
        claude.call("Bash", {"command": json.dumps({"t": TOKEN})}, TOKEN)
        write(tmp_path / "in" / f"{name}.jsonl", claude.records)
    built = built_of(tmp_path / "in", engine, tmp_path / "out")
    text = everything(built.folder)
    assert TOKEN not in text
    assert set(re.findall(r"\[TOKEN_\d+\]", text)) == {"[TOKEN_1]"}


def test_a_key_of_several_lines_is_one_finding_however_it_is_printed(tmp_path: Path, engine: Engine) -> None:
    from tests.planted import planted

    key = next(one for one in planted("x") if one.kind == "RSA private key").value
    claude = Claude("s1")
    claude.call("Read", {"file_path": "k"}, "\n".join(f"{at:6}→{line}" for at, line in enumerate(key.split("\n"), 1)))
    claude.call("Bash", {"command": "git diff"}, "\n".join(f"+{line}" for line in key.split("\n")))
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    _, review = review_of(tmp_path / "in", engine)
    assert {finding.kind.noun for finding in review.findings} == {"PRIVATE_KEY"}
    text = everything(built_of(tmp_path / "in", engine, tmp_path / "out").folder)
    assert not any(line in text for line in key.split("\n")[1:-2])


def test_a_key_that_a_parser_skips_is_not_sent(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.user("Hello")
    line = json.dumps(claude.records[0])[:-1] + f', "note": "{TOKEN}", "note": "plain"}}\n'
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s1.jsonl").write_text(line)
    built = built_of(tmp_path / "in", engine, tmp_path / "out")
    assert TOKEN not in (built.folder / "s1.jsonl").read_text()


def test_what_is_no_json_is_not_sent_and_addresses_stay(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.user("Hello")
    claude.records.append(f'{{"broken": "{TOKEN}\n')
    claude.user("Again")
    claude.records.append(f'{{"type": "user", "cut": "{TOKEN}')
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    built = built_of(tmp_path / "in", engine, tmp_path / "out")
    lines = (built.folder / "s1.jsonl").read_bytes().split(b"\n")
    assert (lines[1], lines[3:]) == (b"", [b""])
    assert [event.record for event in runs_of(built.folder / "s1.jsonl")[0].events] == [1, 3]
    assert (built.files[0].dropped, built.files[0].table) == (2, False)
    assert repo_path(built.files[0]) == "other/s1.jsonl"


def test_images_are_left_out_unless_they_are_asked_for(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PICTURE}}
    claude.call("Read", {"file_path": "x.png"}, [picture])
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    assert review.scanned.attachments.total() == 1
    for wanted, data in ((False, GREY), (True, PICTURE)):
        review.with_attachments = wanted
        (tmp_path / str(wanted)).mkdir()
        build(source, review, engine, tmp_path / str(wanted))
        made = tmp_path / str(wanted) / "s1.jsonl"
        assert data in made.read_text()
        image = runs_of(made)[0].events[0].call.result.images[0]
        assert load_image(orjson.loads(made.read_bytes().splitlines()[image.record - 1]), image.path) is not None


def test_an_own_word_is_found_in_any_case_and_replaced_in_names_of_files_too(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1", cwd="/srv/x")
    claude.user("Meet Zanzibar Holdings at zanzibar HQ")
    write(tmp_path / "in" / "zanzibar.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    assert review.add_word(Word("zanzibar")) == 2
    assert {finding.kind.name for finding in review.findings} == {"own"}
    (tmp_path / "out").mkdir()
    built = build(source, review, engine, tmp_path / "out")
    assert "zanzibar" not in everything(built.folder).lower()
    assert built.files[0].path.startswith("TEXT_")


def test_an_own_word_goes_out_of_keys_too_and_a_name_stays_one(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1", cwd="/home/mae/x")
    claude.call("mcp__x__y", {"acme": {"ACME_total": 1}, "mae": 2, "acme_x": "a"}, "ok")
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    assert review.add_word(Word("acme")) == 2
    (tmp_path / "out").mkdir()
    call = build(source, review, engine, tmp_path / "out").files[0].runs[0].events[0].call
    assert call is not None
    assert call.input == {"[TEXT_2]": {"[TEXT_1]_total": 1}, "mae": 2, "[TEXT_2]_x": "a"}


@pytest.mark.parametrize("word", [Word(""), Word("ab"), Word("(", regex=True), Word("x*", regex=True), Word("a" * 600)])
def test_a_word_that_cannot_be_used_says_why(word: Word) -> None:
    with pytest.raises(PatternError):
        word.compiled()


def test_a_pattern_that_matches_everything_is_refused_and_changes_nothing(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.user(" ".join(f"word{number}" for number in range(1_200)))
    write(tmp_path / "s1.jsonl", claude.records)
    _, review = review_of(tmp_path, engine)
    for pattern, reason in ((r"word\d+", "different texts"), ("(?s).+", "characters at once")):
        with pytest.raises(PatternError, match=reason):
            review.add_word(Word(pattern, regex=True))
    assert review.words == []
    assert review.findings == ()


def test_a_word_of_the_format_itself_leaves_the_run_as_it_is(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.user("the user is here")
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    review.add_word(Word("user"))
    (tmp_path / "out").mkdir()
    built = build(source, review, engine, tmp_path / "out")
    assert built.files[0].runs[0].events[0].text == "the [TEXT_1] is here"


def test_a_word_that_would_change_the_run_refuses_the_file_and_says_so(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.call("Bash", {"command": "ls"}, "x")
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    review.add_word(Word("Bash"))
    (tmp_path / "out").mkdir()
    built = build(source, review, engine, tmp_path / "out")
    assert built.files == ()
    assert "no longer the same run" in built.refused[0].reason


def test_nothing_is_built_while_a_finding_has_no_decision(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "in" / "s1.jsonl", session_of("json"))
    source, review = review_of(tmp_path / "in", engine, decided=False)
    with pytest.raises(PublishError, match="no decision yet"):
        build(source, review, engine, tmp_path / "out")
    review.left_out = {"s1.jsonl"}
    assert review.undecided() == []
    with pytest.raises(PublishError, match="Every run is left out"):
        build(source, review, engine, tmp_path / "out")


def test_what_is_ignored_stays_and_the_second_scan_lets_it_stand(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1")
    claude.user(f"GITLAB_TOKEN={TOKEN}")
    write(tmp_path / "in" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    review.decide(Decision("ignore", "a made-up one"), review.findings)
    (tmp_path / "out").mkdir()
    built = build(source, review, engine, tmp_path / "out")
    assert built.left == {}
    assert TOKEN in everything(built.folder)


def test_a_file_that_changes_after_it_was_shown_is_not_sent(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "in" / "s1.jsonl", session_of("diff"))
    built = built_of(tmp_path / "in", engine, tmp_path / "out")
    built.check()
    (built.folder / "s1.jsonl").write_bytes(b"{}\n")
    with pytest.raises(PublishError, match="is not the file that was shown"):
        built.check()
    shutil.rmtree(built.folder)
    with pytest.raises(PublishError, match="is not there any more"):
        built.check()


def test_a_record_is_shown_before_and_after() -> None:
    from viewer.redaction.matcher import Mark

    rewriter = Rewriter(Matcher({TOKEN: Mark("[TOKEN_1]", whole=False)}), attachments=True)
    before, after = next(differences(json.dumps({"a": f"x {TOKEN}"}).encode(), rewriter))
    assert (TOKEN in before, TOKEN in after, "[TOKEN_1]" in after) == (True, False, True)


def test_a_value_cut_over_neighbouring_strings_goes_out_of_all_of_them() -> None:
    from viewer.redaction.matcher import Mark

    rewriter = Rewriter(Matcher({TOKEN: Mark("[TOKEN_1]", whole=False)}), attachments=True)
    assert rewriter.document(["a " + TOKEN[:9], TOKEN[9:] + " b"]) == ["a [TOKEN_1]", " b"]
    blocks = [{"type": "text", "text": TOKEN[:9]}, {"type": "text", "text": TOKEN[9:]}]
    assert rewriter.document(blocks) == [{"type": "text", "text": "[TOKEN_1]"}, {"type": "text", "text": ""}]


def test_a_name_that_no_disk_takes_costs_its_file_alone(tmp_path: Path, engine: Engine) -> None:
    uploads = Uploads()
    upload = uploads.start("a" * 30)
    for name in ("a.jsonl", "a.jsonl/b.jsonl", "名" * 150 + ".jsonl"):
        received = uploads.receive(upload)
        received.write(lines_of([user("Fix it")]))
        uploads.keep(upload, name, received)
    files, _ = trace_files(upload)
    built = build(upload, Review(scan(upload, files, engine)), engine, tmp_path)
    assert len(built.files) == 1
    assert all("Its name cannot be written" in one.reason for one in built.refused)
    assert len(built.refused) == 2


def test_an_unknown_finding_is_said(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "s1.jsonl", session_of("diff"))
    _, review = review_of(tmp_path, engine)
    with pytest.raises(NotFoundError):
        review.finding("f999")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", "…"),
        ("hunter22", "hu… (8 characters)"),
        (TOKEN, "glpa…qa (26 characters)"),
        ("a\nb" * 8, "a… (24 characters)"),
    ],
)
def test_a_masked_text_shows_its_ends_alone(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_real_traces_stay_the_runs_they_are(sample_data: Path, engine: Engine, tmp_path: Path) -> None:
    for path in sorted((sample_data / "traces" / "pi").rglob("*.jsonl"))[:3]:
        (tmp_path / "in").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "in")
    built = built_of(tmp_path / "in", engine, tmp_path / "out")
    assert (len(built.files), built.refused, built.left) == (3, (), {})


def test_a_comparison_names_its_traces_as_the_dataset_does_and_is_valid(tmp_path: Path, engine: Engine) -> None:
    claude = Claude("s1", cwd="/home/mwhitfield/x")
    claude.user("Fix it")
    write(tmp_path / "in" / "-home-mwhitfield-x" / "s1.jsonl", claude.records)
    source, review = review_of(tmp_path / "in", engine)
    (tmp_path / "out").mkdir()
    built = build(source, review, engine, tmp_path / "out")
    text = (
        "title: mwhitfield runs it  # mwhitfield\nruns:\n  - path: -home-mwhitfield-x/s1.jsonl\n    metric: f1\n"
        "    value: 0.950\n"
    )
    made = comparison_for(text, built, review)
    assert "mwhitfield" not in made
    assert "value: 0.950" in made
    file = checked_comparison(made)
    assert (file.title, file.runs[0].path) == ("[USER_1] runs it", repo_path(built.files[0]))
    assert comparison_for("", built, review) == ""
    with pytest.raises(PublishError, match="cannot go along"):
        comparison_for("runs: [", built, review)
