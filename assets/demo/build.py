"""Write the demo race: four reconstructed runs of one prompt, each in its harness's own format.

    python assets/demo/build.py

The output depends on nothing but the stories, so a rebuild changes no byte. The facts of the race are checked before
anything is written; a story that breaks one stops the build with an AssertionError.
"""

from __future__ import annotations

import json
from pathlib import Path

import writers
from checks import check_all
from stories import claude_code, ml_intern_kimi, ml_intern_opus, pi_kimi

RUNS = (
    ("claude-code.jsonl", writers.claude_code, claude_code.STORY),
    ("pi-kimi.jsonl", writers.pi, pi_kimi.STORY),
    ("ml-intern-opus.jsonl", writers.ml_intern, ml_intern_opus.STORY),
    ("ml-intern-kimi.jsonl", writers.ml_intern, ml_intern_kimi.STORY),
)


def render() -> dict[str, str]:
    """File name to content, for all four runs, checked."""
    traces = {}
    for name, write, story in RUNS:
        lines = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in write(story))
        traces[name] = "".join(line + "\n" for line in lines)
    check_all(traces)
    return traces


def main() -> None:
    """Write the files beside this script."""
    for name, text in render().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
