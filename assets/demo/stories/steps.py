"""The words a story is told in: blocks, turns (one model reply each) and the story of one run.

Times are seconds. A block holds text exactly as the trace shows it. Nothing here knows a trace format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Text the agent wrote to its user."""

    text: str


@dataclass(frozen=True)
class Think:
    """A reasoning block."""

    text: str


@dataclass(frozen=True)
class Call:
    """A tool call with its result.

    `output` is None where the result follows from the call itself (writing, editing or reading a file of the story,
    ticking a list): the writer then makes it. `took` is how long the tool ran, in seconds. `failed` is what the
    harness knows, so a failing command behind a pipe has `failed=False`.
    """

    tool: str
    args: Mapping[str, object]
    output: str | None = None
    took: float = 0.1
    failed: bool = False


Block = Say | Think | Call
Record = dict[str, object]


@dataclass(frozen=True)
class Turn:
    """One model reply: its blocks in order, and the seconds the model took to write them."""

    seconds: float
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Story:
    """One run. `started` is ISO 8601; `false_start` holds turns tried and left before the prompt was sent again."""

    prompt: str
    session: str
    started: str
    model: str
    cwd: str
    turns: tuple[Turn, ...]
    title: str = ""
    false_start: tuple[Turn, ...] = ()


PROMPT = "Fine-tune a classifier on biglam/on_the_books, train it with HF Jobs, and push the model to the Hub."


def say(text: str) -> Say:
    """Agent text, without the line breaks that frame it in the story's source."""
    return Say(text.strip("\n"))


def think(text: str) -> Think:
    """A reasoning block, without the framing line breaks."""
    return Think(text.strip("\n"))


def turn(seconds: float, *blocks: Block) -> Turn:
    """A model reply of `blocks` that took `seconds`."""
    return Turn(seconds, blocks)


def body(text: str) -> str:
    """The content of a file: no framing line breaks, exactly one at the end."""
    return text.strip("\n") + "\n"


def block_text(block: Block) -> str:
    """The text by which a block's tokens are counted."""
    if isinstance(block, Call):
        return block.tool + json.dumps(block.args, ensure_ascii=False)
    return block.text


def text_argument(call: Call, name: str) -> str:
    """A string argument of a call; KeyError if the story forgot it."""
    return str(call.args[name])
