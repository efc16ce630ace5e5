"""Names of models: what a harness wrote (`bedrock/us.anthropic.claude-opus-4-6-v1`) as family, version and label.

Versions of one family share a column of a comparison only when a reader folds them. A name that no rule knows is its
own family: two names are never joined by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NOISE: tuple[re.Pattern[str], ...] = tuple(
    map(
        re.compile,
        (
            r"^.*/",  # a router or an owner: bedrock/, moonshotai/, accounts/fireworks/routers/
            r"^(?:[a-z]{2,6}\.)?(?:anthropic|meta|mistral|amazon|deepseek|openai)\.",  # a Bedrock region and vendor
            r":[a-z0-9.-]*$",  # a router's choice: :cheapest
            r"(?<=\d)[-@]v\d+$",  # Bedrock's version of its wrapper, after the model's own
            r"[-@](?:19|20)\d{6}$",
            r"[-@](?:19|20)\d\d-\d\d-\d\d$",
            r"-(?:gguf|latest)$",
        ),
    )
)
"""What stands around a model's name, taken off in this order."""

_SPELLING = {
    "gpt": "GPT",
    "glm": "GLM",
    "oss": "OSS",
    "deepseek": "DeepSeek",
    "minimax": "MiniMax",
    "codex": "Codex",
    "ai": "AI",
}
_LOWER_CASE = frozenset({"mini", "nano", "fast", "preview", "turbo", "pro", "flash"})
_VERSION = re.compile(r"(?P<letter>[a-z]?)(?P<number>\d{1,2}(?:[.p]\d{1,2})?[a-z]?)")
_SIZE = re.compile(r"[ae]?\d+(?:\.\d+)?[bm]")
_GLUED = re.compile(r"([a-z]{2,})(\d{1,2}(?:\.\d{1,2})?)")


@dataclass(frozen=True, slots=True)
class Model:
    """A model as a column head says it. `label` is `family` with `version` in its place; `version` may be empty."""

    name: str
    family: str
    version: str
    label: str


def model(name: str) -> Model:
    """What a harness's name for a model says."""
    words = _words(_bare(name))
    found = next(((at, known) for at, word in enumerate(words) if (known := _version(word)) is not None), None)
    if found is None or len(words) == 1:
        plain = " ".join(map(_spelled, words)) or name
        return Model(name, plain, "", plain)
    at, spelled = found
    version, letter = spelled
    before, after = list(map(_spelled, words[:at])), list(map(_spelled, words[at + 1 :]))
    # R1 and V3 are two lines of models, not two versions of one.
    family = " ".join((*before, *((letter.upper(),) if letter else ()), *after))
    return Model(name, family, version, " ".join((*before, version, *after)))


def models_of(names: Iterable[str]) -> tuple[Model, ...]:
    """The models of a run, each once; what is no model (`<synthetic>`) is left out."""
    found = {known.label: known for known in map(model, filter(_is_model, names))}
    return tuple(found.values())


def column(names: Iterable[str], *, fold: bool) -> str:
    """Which column a run belongs in: its model, or its model's family; a run of several models has a column of its own.

    `unknown model` where the file names none.
    """
    known = models_of(names)
    parts = dict.fromkeys(one.family if fold else one.label for one in known)
    return " + ".join(parts) or "unknown model"


def _is_model(name: str) -> bool:
    return bool(name.strip()) and not name.startswith("<")


def _bare(name: str) -> str:
    bare = name.strip().lower()
    for noise in _NOISE:
        bare = noise.sub("", bare)
    return bare


def _words(bare: str) -> list[str]:
    """`claude-3-5-haiku` as claude, 3.5, haiku; `qwen3-coder` as qwen, 3, coder."""
    words: list[str] = []
    for word in re.split(r"[-_\s]+", bare):
        glued = _GLUED.fullmatch(word)
        small = word.isdecimal() and len(word) <= 2
        if glued is not None:
            words.extend(glued.groups())
        elif small and words and words[-1].isdecimal() and len(words[-1]) <= 2:
            words[-1] = f"{words[-1]}.{word}"
        elif word:
            words.append(word)
    return words


def _version(word: str) -> tuple[str, str] | None:
    """A version and its letter (`k2p6` is K2.6); None for a word that is none, such as a size (`20b`)."""
    found = _VERSION.fullmatch(word)
    if found is None or _SIZE.fullmatch(word) is not None:
        return None
    letter, number = found["letter"], found["number"].replace("p", ".")
    return letter.upper() + number, letter


def _spelled(word: str) -> str:
    if word in _LOWER_CASE:
        return word
    return _SPELLING.get(word) or (word.upper() if _SIZE.fullmatch(word) else word.capitalize())
