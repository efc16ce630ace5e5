"""Tests, checks, builds and evaluations that were run: how often, how they ended, whether the exit code was hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.commands import Command

Ending = Literal["passed", "failed", "stopped", "unknown"]
"""How one of them ended. `unknown`: nothing says that it failed, and neither does anything show that it passed."""

_SORTS = frozenset(("test", "check", "build", "eval"))
_PASSED = re.compile(
    r"\b[1-9]\d* (?:passed|passing|pass\b|examples?, 0 failures)|test result: ok|^ok\s+\S+\s+[\d.(]|All checks passed|"
    r"\bPASS\b|0 fail(?:ed|ures|ing)?\b|Success: no issues|0 errors?\b|eval_\w+'?:|BUILD SUCCESS|✓ built in|"
    r"no issues found|Compiled successfully",
    re.MULTILINE | re.IGNORECASE,
)
_TAIL = 4_000
"""Characters at the end of an output that are looked at for a summary."""
_HOOKED = frozenset(("git commit", "git push"))
_SKIPS_HOOKS = re.compile(r"--no-verify\b|\bHUSKY=0\b|\bSKIP=\S+ git ")


def find(judged: Judged) -> Iterator[Annotation]:
    """One `checks` for each command that tests, checks, builds or evaluates; `hooks_skipped` for `--no-verify`.

    Facts of `checks`: `sort` (`test`, `check`, `build`, `eval`), `signature`, `runs`, `passed`, `failed`, `stopped`,
    `unknown`, `masked` (runs whose exit code the command hid), `endings` (one for each event).
    """
    runs: dict[tuple[str, str], list[int]] = {}
    for index, command in enumerate(judged.commands):
        if command is None:
            continue
        if command.kind in _SORTS and judged.failures[index] is not None:
            runs.setdefault((command.kind, command.signature), []).append(index)
        skips = _SKIPS_HOOKS.search(command.text) if "git" in command.text else None
        if skips is not None and command.signature in _HOOKED:
            quote = one_line(command.text, 200)
            quote = quote if skips[0] in quote else f"{one_line(command.text, 100)} {skips[0]}"
            message = f"`{command.signature}` with the repository's hooks switched off"
            yield Annotation("hooks_skipped", (index,), message, quote, severity="warning")
    for (sort, signature), indices in runs.items():
        yield _told(judged, sort, signature, indices)


def _told(judged: Judged, sort: str, signature: str, indices: list[int]) -> Annotation:
    endings = [_ending(judged, index) for index in indices]
    count = Counter(endings)
    masks = Counter(mask for index in indices if (mask := _mask(judged.commands[index])) is not None)
    masked = masks.total()
    by = (
        f"the exit code hidden{', mostly' if len(masks) > 1 else ''} by `{masks.most_common(1)[0][0]}`"
        if masked
        else ""
    )
    if len(indices) == 1:
        ran = f"{endings[0] if endings[0] != 'unknown' else 'ran with no outcome shown'}{', ' if by else ''}{by}"
    else:
        ends = [f"{count[word]} {word}" for word in ("passed", "failed", "stopped") if count[word]]
        ends += [f"{count['unknown']} with no outcome shown"] if count["unknown"] else []
        ran = f"ran {len(indices)} times: {', '.join(ends)}{f'; {masked} with ' if by else ''}{by}"
    return Annotation(
        "checks",
        tuple(indices),
        f"`{signature}` ({sort}) {ran}",
        judged.quotes(index for index, ending in zip(indices, endings, strict=True) if ending == "failed"),
        judged.evidence(indices),
        facts={
            "sort": sort,
            "signature": signature,
            "runs": len(indices),
            **{word: count[word] for word in ("passed", "failed", "stopped", "unknown")},
            "masked": masked,
            "endings": endings,
        },
    )


def _mask(command: Command | None) -> str | None:
    return command.masked if command is not None else None


def _ending(judged: Judged, index: int) -> Ending:
    """What the error layer says; an exit code that was hidden shows no pass, the summary in the output does."""
    told = judged.ends.get(index, index)
    failure, call = judged.failures[told], judged.run.events[told].call
    if failure is None or call is None or call.result is None:
        return "unknown"
    if failure.verdict == "error":
        return "failed"
    if failure.verdict in ("aborted", "denied"):
        return "stopped"
    if failure.verdict != "unknown" and _mask(judged.commands[index]) is None:
        return "passed"
    return "passed" if _PASSED.search(call.result.text[-_TAIL:]) else "unknown"


ANNOTATOR = Annotator("checks", find)
