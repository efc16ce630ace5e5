"""What errors about an interface look like: a name that a library or program does not know (any more).

Each rule's pattern has the groups `old` (the name) and, where the message tells them, `owner` (whose interface it is)
and `new` (what to say instead).
"""

from __future__ import annotations

import re
from collections import deque
from typing import Literal, NamedTuple

Sort = Literal["keyword", "key", "attribute", "import", "option", "deprecated"]
"""What the name is: a keyword argument, a key, an attribute, a name to import, an option of a program; or old."""


class Rule(NamedTuple):
    """One way that a library or program says it does not know a name."""

    sort: Sort
    word: str
    """What a text must hold, so that most need not be searched."""
    pattern: re.Pattern[str]
    example: str


def _rule(sort: Sort, word: str, pattern: str, example: str) -> Rule:
    return Rule(sort, word, re.compile(pattern, re.MULTILINE), example)


RULES: tuple[Rule, ...] = (
    _rule(
        "keyword",
        "() got an unexpected keyword argument",
        r"(?P<owner>[A-Za-z_][\w.]{0,120})\(\) got an unexpected keyword argument '(?P<old>\w+)'"
        r"(?:\. Did you mean '(?P<new>\w+)')?",
        "TypeError: Trainer.__init__() got an unexpected keyword argument 'tokenizer'",
    ),
    _rule(
        "attribute",
        "has no attribute",
        r"module '(?P<owner>[\w.]+)' has no attribute '(?P<old>\w+)'(?:\. Did you mean: '(?P<new>\w+)')?",
        "AttributeError: module 'numpy' has no attribute 'float'",
    ),
    _rule(
        "import",
        "cannot import name",
        r"cannot import name '(?P<old>\w+)' from '(?P<owner>[\w.]+)' \((?:[^)\n]*(?:site|dist)-packages[^)\n]*|"
        r"unknown location)\)",
        "ImportError: cannot import name 'AdamW' from 'transformers' (/x/site-packages/transformers/__init__.py)",
    ),
    _rule("key", "KeyError: ", r"^KeyError: ['\"](?P<old>[\w.-]{1,80})['\"]\s*$", "KeyError: 'label'"),
    *(
        _rule(
            "option",
            noun,
            r"(?i:unknown|unexpected|unrecognized|unrecognised|invalid|no such|illegal) " + noun + r"s?"
            r"(?: --)?:? ?['\"`]?(?P<old>--?[A-Za-z][\w-]*)(?:['\"`]? found)?"
            r"(?:[^\n]{0,40}?(?:[Dd]id you mean|[Pp]ossible options?:?) ?['\"`]?(?P<new>--?[\w-]+))?",
            example,
        )
        for noun, example in (
            ("option", "Error: No such option: --secret (Possible options: --secrets, --secrets-file)"),
            ("flag", "unknown flag: --short"),
            ("argument", "error: unexpected argument '-P' found"),
        )
    ),
    _rule("option", "Unknown JSON field", r"Unknown JSON field: \"(?P<old>\w+)\"", 'Unknown JSON field: "conclusion"'),
    _rule(
        "deprecated",
        "deprecated",
        r"Warning: [`'\"]?(?P<old>[A-Za-z_]\w{2,60})[`'\"]? (?:argument |option |parameter )?(?:is|has been|was) "
        r"(?:now )?deprecated[^\n]{0,160}?(?:[Uu]se|favou?r of|instead) [`'\"]?(?:the )?[`'\"]?(?P<new>[A-Za-z_]\w+)?",
        "FutureWarning: `evaluation_strategy` is deprecated, use `eval_strategy` instead",
    ),
)
"""The rules, in the order of trying; an error is told by its last match."""

OWNERS: dict[str, str] = {
    name: library
    for library, names in (
        ("transformers", "Trainer TrainingArguments Seq2SeqTrainer Seq2SeqTrainingArguments AutoModel AutoTokenizer"),
        ("trl", "SFTTrainer SFTConfig DPOTrainer DPOConfig GRPOTrainer GRPOConfig RewardTrainer PPOTrainer"),
        ("peft", "LoraConfig get_peft_model PeftModel"),
        ("datasets", "load_dataset Dataset DatasetDict"),
    )
    for name in names.split()
}
"""Where names live that the run itself may never import in sight."""

_FRAME = re.compile(r"^\s*File \"([^\"\n]+)\", line \d+", re.MULTILINE)
_INSTALLED = re.compile(r"(?:site|dist)-packages/([A-Za-z_]\w*)")
_IMPORTED = re.compile(r"\bfrom ([A-Za-z_]\w{0,80})(?:\.[\w.]{0,200})? import (\([^)]{0,4000}\)|[^\n;#]{1,400})")


def raised_in(text: str) -> str | None:
    """The installed library whose code raised the last traceback of a text; None where it was other code."""
    last = next(iter(deque(_FRAME.finditer(text), maxlen=1)), None)
    found = _INSTALLED.search(last[1]) if last is not None else None
    return found[1] if found is not None else None


def imports(text: str) -> dict[str, str]:
    """The names that a text's Python code imports, and from which package."""
    if "from " not in text or " import " not in text:
        return {}
    return {
        name.strip().split(" as ")[-1]: package
        for package, names in _IMPORTED.findall(text)
        for name in names.strip("() \n").replace("\n", " ").split(",")
        if name.strip()
    }


def replacement(sort: Sort, name: str, old: str, new: str) -> str | None:
    """The name that an edit puts in place of `name`; None where the edit does not show one.

    `old` is the text taken out. It must hold the name in its role, and the new text must not.
    """
    pattern = _ROLES[sort]
    added = pattern.findall(new)
    if name in added or name not in pattern.findall(old):
        return None
    known = set(_IDENTIFIER.findall(old))
    return next((found for found in added if found not in known), None)


_IDENTIFIER = re.compile(r"[A-Za-z_][\w]*")
_ROLES: dict[Sort, re.Pattern[str]] = {
    "keyword": re.compile(r"\b([A-Za-z_]\w*)\s*=(?!=)"),
    "deprecated": re.compile(r"\b([A-Za-z_]\w+)\b"),
    "key": re.compile(r"[\"']([\w.-]{1,80})[\"']"),
    "attribute": re.compile(r"\.([A-Za-z_]\w*)"),
    "import": re.compile(r"\b([A-Za-z_]\w+)\b"),
    "option": re.compile(r"(?<![\w-])(--?[A-Za-z][\w-]*)"),
}
"""What a name looks like in its role."""
