"""Known texts are found in every encoding, and what replaces them keeps the encoding."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.redaction.matcher import LOST, Mark, Matcher
from viewer.redaction.texts import coded, texts

SECRET = 'pa/ss"w+rd é1'
MARK = "[PASSWORD_1]"
MATCHER = Matcher({SECRET: Mark(MARK, whole=False), "alice": Mark("[USER_1]", whole=True)})


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_json_stays_json() -> None:
    for text in (json.dumps({"a": SECRET}), json.dumps({"a": SECRET}, ensure_ascii=False)):
        assert json.loads(MATCHER.replaced(text)) == {"a": MARK}
    twice = json.dumps({"a": json.dumps({"b": SECRET})})
    assert json.loads(json.loads(MATCHER.replaced(twice))["a"]) == {"b": MARK}


def test_base64_stays_base64_of_the_same_alphabet_and_line_length() -> None:
    plain = f"A=1\nB={SECRET}\n" * 9
    made = MATCHER.replaced(f"x {b64(plain)} y")
    assert base64.b64decode(made.split()[1]).decode() == plain.replace(SECRET, MARK)
    wrapped = MATCHER.replaced(base64.encodebytes(plain.encode()).decode())
    assert {len(line) for line in wrapped.splitlines()[:-1]} == {76}
    assert base64.b64decode(wrapped).decode() == plain.replace(SECRET, MARK)


def test_an_address_stays_an_address() -> None:
    assert MATCHER.replaced(f"https://x.io/?p={quote(SECRET, safe='')}&q=1") == f"https://x.io/?p={MARK}&q=1"


def test_letters_written_as_escapes_are_recognised() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    assert MATCHER.replaced(f'print("{escaped}")') == f'print("{MARK}")'


def test_a_name_is_replaced_as_a_word_alone() -> None:
    assert MATCHER.replaced("/home/alice/x malice alice_2 -home-alice-x") == (
        "/home/[USER_1]/x malice [USER_1]_2 -home-[USER_1]-x"
    )


def test_of_two_texts_that_overlap_the_longer_counts() -> None:
    matcher = Matcher({"postgres://a:hunter22@h/db": Mark("[A_1]", False), "hunter22": Mark("[B_1]", False)})
    assert matcher.replaced("postgres://a:hunter22@h/db hunter22") == "[A_1] [B_1]"


def test_a_word_is_not_looked_for_in_a_placeholder() -> None:
    matcher = Matcher(
        {"USER": Mark("[TEXT_1]", True), "KEY": Mark("[TEXT_2]", True), SECRET: Mark("[API_KEY_1]", False)}
    )
    text = matcher.replaced(f"USER {SECRET} [USER_1] KEY")
    assert text == "[TEXT_1] [API_KEY_1] [USER_1] [TEXT_2]"
    assert matcher.replaced(text) == text


def test_without_anything_to_find_a_text_stays_the_same_object() -> None:
    text = "nothing to see"
    assert MATCHER.replaced(text) is text
    assert Matcher({}).replaced(SECRET) is SECRET


def test_thousands_of_texts_are_replaced_at_once() -> None:
    marks = {f"secret-number-{number:05}": Mark(f"[N_{number}]", whole=False) for number in range(2500)}
    assert Matcher(marks).replaced("secret-number-00007 secret-number-02499") == "[N_7] [N_2499]"


def test_texts_of_two_patterns_never_overlap(capfd: pytest.CaptureFixture[str]) -> None:
    words = {f"w{number:04}x": Mark(f"[TEXT_{number}]", whole=False) for number in range(1, 1200)}
    matcher = Matcher(
        {**words, "ab w0007x": Mark("[TEXT_1200]", whole=False), "w0007x cd": Mark("[TEXT_0]", whole=False)}
    )
    found = list(matcher.find(b"w0008x ab w0007x cd w1100x w0007x"))
    assert [match.text for match in sorted(found)] == ["w0008x", "ab w0007x", "w1100x", "w0007x"]
    assert capfd.readouterr().err == ""


@settings(max_examples=40)
@given(
    st.text(min_size=4, max_size=30).filter(lambda text: text.strip() == text and "\\" not in text), st.integers(0, 5)
)
def test_whatever_a_text_is_made_of_none_of_its_covered_encodings_is_left(text: str, way: int) -> None:
    if not text.isprintable():
        return
    ways = (
        text,
        json.dumps({"k": text}),
        json.dumps(json.dumps(text)),
        quote(text, safe=""),
        b64(f"KEY_OF_SOMETHING={text}\n"),
        f"+{text}\n-{text}",
    )
    replaced = Matcher({text: Mark("[X_1]", whole=False)}).replaced(ways[way])
    left = [*texts(replaced), *(inner for layer in texts(replaced) for _, inner in coded(layer.encode()))]
    assert replaced == LOST or text in "[X_1]" or not any(text in layer.replace("[X_1]", "\0") for layer in left)


@pytest.mark.parametrize("text", ["\\", "\\u12", "%", "%zz", "{", '{"a":', "=" * 40, "\ud800", "A" * 100])
def test_no_text_breaks_it(text: str) -> None:
    assert MATCHER.replaced(text) == text
