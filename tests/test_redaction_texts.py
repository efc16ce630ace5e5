"""The texts of a record: every field, every layer, and what is none."""

from __future__ import annotations

import base64
import json

import pytest

from viewer.redaction.pictures import GREY, attachments_in, is_attachment, without_attachments
from viewer.redaction.texts import ATTACHED, base64_text, coded, nested, regions, texts, unescaped

SECRET = "kT7wq9Lm2Vx!/é"
PICTURE = "iVBORw0KGgo" + "A" * 300


def all_texts(document: object) -> str:
    found = texts(document)
    return "\n".join([*found, *(inner for text in found for _, inner in coded(text.encode()))])


@pytest.mark.parametrize(
    "document",
    [
        SECRET,
        {"a": SECRET},
        [{"b": [{"c": SECRET}]}],
        {SECRET: 1},
        {SECRET: "yes"},
        {SECRET: PICTURE},
        {"arguments": json.dumps({"x": SECRET})},
        {"arguments": json.dumps({"x": json.dumps({"y": SECRET})})},
        {"output": "Exit code: 0\nOutput:\n" + json.dumps({"x": [SECRET]})},
        {"output": f"sh -c {json.dumps(json.dumps(SECRET))}"},
        {"output": "".join(f"\\u{ord(letter):04x}" for letter in SECRET)},
        {"output": f"data: {base64.b64encode(f'PASSWORD={SECRET} and more'.encode()).decode()}"},
        {"output": base64.encodebytes(f"{'A=1;' * 30}PASSWORD={SECRET}\n".encode()).decode()},
        {"output": base64.urlsafe_b64encode(json.dumps({"password": SECRET, "more": "???>>>"}).encode()).decode()},
        {"url": "https://x.io/?p=kT7wq9Lm2Vx%21%2F%C3%A9"},
        {"output": base64.b64encode(base64.b64encode(f"PASSWORD={SECRET} and more".encode())).decode()},
        {"arguments": json.dumps({"x": base64.b64encode(json.dumps({"password": SECRET}).encode()).decode()})},
        ["--password", SECRET[:5], SECRET[5:]],
        [{"type": "text", "text": SECRET[:6]}, {"type": "text", "text": SECRET[6:]}],
    ],
    ids=lambda document: json.dumps(document)[:40],
)
def test_a_secret_is_read_in_every_field_and_encoding(document: object) -> None:
    assert SECRET in all_texts(document)


def test_a_value_stands_beside_its_name_whichever_way_they_are_written() -> None:
    assert 'aws.secret="abcdefgh1"' in texts({"aws": {"secret": "abcdefgh1"}})
    assert 'DB_PASSWORD="abcdefgh1"' in texts({"env": [{"name": "DB_PASSWORD", "value": "abcdefgh1"}]})
    assert "--password abcdefgh1" in texts(["--password", "abcdefgh1"])


def test_ids_and_what_a_provider_encrypted_are_no_texts() -> None:
    assert texts({"uuid": "45a00cf6-3a37-45ab-a508-d9da7f9d514c", "timestamp": "2026-05-01T09:00:00.000Z"}) == []
    assert texts({"signature": "q8Jw2zR7" * 20, "type": "assistant"}) == []


def test_an_id_that_is_none_is_a_text() -> None:
    assert 'uuid="hunter2 is it"' in texts({"uuid": "hunter2 is it"})
    assert "signature" not in texts({"signature": "hunter2 is it, and it is longer than forty letters"})[0][:4]


def test_base64_of_something_else_than_text_is_left_alone() -> None:
    assert base64_text(base64.b64encode(bytes(range(256)))) is None
    assert list(regions(b"/usr/local/lib/python3.11/site-packages/pip/_internal/cli/base_command.py")) == []


@pytest.mark.parametrize("text", ["", "{", "{]", "plain", "[1, 2", '"half', "1234", "NaN}"])
def test_what_is_no_json_has_no_document(text: str) -> None:
    assert nested(text) is None


def test_escapes_are_undone_however_often_they_were_escaped() -> None:
    assert unescaped(r"a\nb\\\"c\\\\u0041\x41\q") == 'a\nb"cAA\\q'


def test_an_attachment_is_told_by_its_first_bytes() -> None:
    assert is_attachment(PICTURE)
    assert is_attachment(f"data:image/webp;base64,{PICTURE}")
    assert not is_attachment("iVBORw0KGgo is how a picture begins " * 9)
    assert not is_attachment(f"data:text/plain;base64,{'QUJD' * 60}")
    assert texts({"data": PICTURE}) == [ATTACHED, "data"]
    assert attachments_in(f"see {PICTURE} there".encode()) == 1


def test_an_attachment_that_is_left_out_keeps_its_form() -> None:
    assert without_attachments(PICTURE) == GREY
    assert without_attachments(f"data:image/png;base64,{PICTURE}") == f"data:image/png;base64,{GREY}"
    assert without_attachments(f"![x](data:image/png;base64,{PICTURE})") == f"![x](data:image/png;base64,{GREY})"
    assert without_attachments("words") == "words"
