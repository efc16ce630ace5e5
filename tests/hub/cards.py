"""The front matter of a card: the YAML between two lines of dashes at its start."""

import json
import re
from typing import Any

import yaml

CARD = "README.md"
FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
Json = dict[str, Any]


class CardError(ValueError):
    """The front matter is not YAML, or the card is not text."""


def front_matter(card: bytes) -> Json:
    """The front matter as JSON; empty where there is none.

    Raises:
        CardError: It cannot be read.
    """
    try:
        match = FRONT_MATTER.match(card.decode())
        found = yaml.safe_load(match[1]) if match else None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise CardError(str(error)) from error
    # YAML has dates, JSON has not.
    return dict(json.loads(json.dumps(found, default=str))) if isinstance(found, dict) else {}
