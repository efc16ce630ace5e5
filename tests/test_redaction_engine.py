"""The scanner: pinned, offline, every own rule finds its example, and names of things are no secrets."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from viewer.redaction import engine as engines
from viewer.redaction.engine import RULES, VERSION, Engine, ScannerMissingError, check_library, without_punctuation
from viewer.redaction.kinds import kind_of

OWN = yaml.safe_load(RULES.read_text("utf-8"))["rules"]


def found(engine: Engine, text: str) -> set[tuple[str, str]]:
    return {(hit.rule, hit.text) for hit in engine.find(text.encode())}


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: str(rule["id"]))
def test_every_own_rule_finds_its_example(engine: Engine, rule: dict[str, Any]) -> None:
    name = rule["id"].removeprefix("viewer.")
    assert all(name in {hit for hit, _ in found(engine, text)} for text in rule["examples"])


def test_the_catalogue_and_the_own_rules_are_all_loaded(engine: Engine) -> None:
    assert engine.count == 488 + len(OWN)


def test_what_only_pairs_a_key_is_no_finding(engine: Engine) -> None:
    text = "AZURE_CLIENT_ID=45a00cf6-3a37-45ab-a508-d9da7f9d514c AUTH0_DOMAIN=acme.eu.auth0.com"
    assert found(engine, text) == set()


def test_a_token_before_punctuation_is_found(engine: Engine) -> None:
    token = "gl" + "pat-Q7xw2ZkV9fLmB3tRyPqa"
    for after in (",", ".", ")", "*", "`"):
        assert token in {text for _, text in found(engine, f"use {token}{after} then go on")}


def test_the_copy_without_punctuation_has_the_same_length() -> None:
    text = b"a, b. (c) ends: `d`*"
    assert without_punctuation(text) == b"a  b  (c  ends  `d *"
    assert without_punctuation(b"") == b""


def test_the_requirements_name_the_version_that_is_checked() -> None:
    requirements = (Path(__file__).parent.parent / "requirements.txt").read_text("utf-8")
    assert f"kingfisher-secret-scanner=={VERSION}\n" in requirements


def test_the_parts_that_ask_providers_are_used_nowhere() -> None:
    sources = (Path(engines.__file__).parent).rglob("*.py")
    assert not [
        path.name for path in sources if any(word in path.read_text("utf-8") for word in ("Validator", "Revoker"))
    ]


def test_without_the_library_nothing_is_scanned_and_the_sentence_says_where_it_exists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    check_library.cache_clear()
    try:
        with pytest.raises(ScannerMissingError, match="not for Alpine or Intel Macs"):
            Engine()
    finally:
        check_library.cache_clear()


def test_another_library_than_the_checked_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_NATIVE", frozenset({"0" * 64}))
    check_library.cache_clear()
    try:
        with pytest.raises(ScannerMissingError, match=f"not the checked version {VERSION}"):
            Engine()
    finally:
        check_library.cache_clear()


def test_looking_for_the_library_does_not_load_it() -> None:
    program = "import sys, viewer.publish.jobs, viewer.web.publish_routes; print('kingfisher_sdk' in sys.modules)"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("rule", "name", "label", "noun"),
    [
        (
            "github-pat",
            "Uncovered a GitHub Personal Access Token, potentially leading to x.",
            "GitHub Personal Access Token",
            "TOKEN",
        ),
        ("private-key", "Identified a Private Key, which may y.", "Private Key", "PRIVATE_KEY"),
        ("url-password", "Password in a URL", "Password in a URL", "PASSWORD"),
        ("1password-secret-key", "Uncovered a possible 1Password secret key, z", "1Password secret key", "SECRET"),
        ("datadog-access-token", "Detected a Datadog Access Token", "Datadog Access Token", "TOKEN"),
        ("finnhub-api-key", "Finnhub", "Finnhub", "API_KEY"),
    ],
)
def test_a_kind_is_named_as_readers_say_it(rule: str, name: str, label: str, noun: str) -> None:
    kind = kind_of(rule, name)
    assert (kind.label, kind.noun) == (label, noun)
