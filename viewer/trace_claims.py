"""What a trace itself says of the outcome: the model repository that it pushed to, and the numbers the agent reported.

Small and storable, so that a list or a comparison needs no second reading of the trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from viewer.annotations.contract import Annotated, Annotation
from viewer.brief import one_line
from viewer.commands import Command, Step
from viewer.model import Event, Run, ToolCall
from viewer.outcomes import Outcome, Source, known_metric, metric_named, read_value
from viewer.probe_texts import last_messages, strings_in

REPORTED = "reported_metrics"
"""The kind of the annotations that say what the agent reported."""

MAX_REPOS = 4
MAX_REPORTED = 20

How = Literal["pushed", "named as pushed", "in code"]
"""An upload that was run; a result or the last message that says so; code that would push."""

_NAME = r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}"
_QUOTED = rf"[\"']({_NAME})[\"']"
_CODE = re.compile(
    rf"(?:push_to_hub\(\s*(?:repo_id\s*=\s*)?|hub_model_id\s*=\s*|create_repo\(\s*(?:repo_id\s*=\s*)?)(?:{_QUOTED}|([A-Za-z_]\w*)\b)"
    rf"|upload_(?:file|folder|large_folder)\([^)]{{0,300}}?repo_id\s*=\s*(?:{_QUOTED}|([A-Za-z_]\w*)\b)"
)
_ASSIGNED = re.compile(rf"^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[ \t]*str[ \t]*)?=[ \t]*{_QUOTED}", re.MULTILINE)
_NO_MODEL = re.compile(r"repo_type\s*=\s*[\"'](?:dataset|space)[\"']")
_SAID = re.compile(rf"(?i)\b(?:push|upload)(?:ed|ing)?\b[^\n]{{0,120}}?https://huggingface\.co/({_NAME})")
_LINK = re.compile(rf"https://huggingface\.co/({_NAME})")
_UPLOADS = frozenset(("upload", "upload-large-folder", "create", "push"))
_PUSHING = ("push_to_hub", "hub_model_id", "create_repo", "upload_f", "upload_large")
_NO_OWNERS = frozenset(
    (
        *("api", "blog", "chat", "collections", "datasets", "docs", "huggingface.co", "jobs", "join", "learn"),
        *("models", "new", "organizations", "papers", "posts", "pricing", "settings", "spaces", "tasks"),
        *("your-username", "your-name", "username", "your-org", "my-org"),
    )
)
"""First parts of addresses on the Hub that are no owner, and words that stand for one."""


class Pushed(NamedTuple):
    """A model repository that the run pushed to: where that is said, in which words, and how sure it is."""

    repo: str
    event: str
    quote: str
    how: How


@dataclass(frozen=True, slots=True)
class TraceClaims:
    """What a trace says of its outcome; the repository that is surest in front."""

    pushed: tuple[Pushed, ...] = ()
    reported: tuple[Outcome, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """For JSON; `claims_from_row` reads it back."""
        reported = [
            [one.metric, one.value, one.digits, one.n, one.split, one.source.quote, one.source.event]
            for one in self.reported
        ]
        return {"pushed": [list(one) for one in self.pushed], "reported": reported}


def claims_from_row(row: Mapping[str, Any]) -> TraceClaims:
    """What `as_row` wrote. A row of another version raises TypeError, ValueError or KeyError: it is then made anew."""
    reported = (
        Outcome(metric, value, _agent(event, quote), digits, n=n, split=split)
        for metric, value, digits, n, split, quote, event in row["reported"]
    )
    return TraceClaims(tuple(Pushed(*one) for one in row["pushed"]), tuple(reported))


def claims_of(annotated: Annotated) -> TraceClaims:
    """What an annotated run says of its outcome."""
    run, commands = annotated.run, annotated.judged.commands
    reported = (one for found in annotated.of(REPORTED) for one in _reported(run, found))
    return TraceClaims(pushed_by(run, commands), tuple(reported)[:MAX_REPORTED])


def pushed_by(run: Run, commands: Sequence[Command | None]) -> tuple[Pushed, ...]:
    """The model repositories that a run pushed to, the surest first."""
    best: dict[str, Pushed] = {}
    order: tuple[How, ...] = ("pushed", "named as pushed", "in code")
    found = [one for event, command in zip(run.events, commands, strict=True) for one in _by_call(event, command)]
    for one in (*found, *_in_last_message(run)):
        known = best.get(one.repo)
        if known is None or order.index(one.how) < order.index(known.how):
            best[one.repo] = one
    return tuple(sorted(best.values(), key=lambda one: order.index(one.how))[:MAX_REPOS])


def _by_call(event: Event, command: Command | None) -> Iterator[Pushed]:
    call = event.call
    if call is None or _failed(call):
        return
    if command is not None and "upload" in command.text:
        for step in command.steps:
            if (repo := _uploaded(step)) is not None:
                yield Pushed(repo, event.address, one_line(" ".join(step.words)), "pushed")
    if isinstance(call.input, Mapping) and str(call.input.get("operation")) in _UPLOADS:
        repo = _repo(call.input.get("repo_id"))
        if repo is not None and call.input.get("repo_type", "model") == "model":
            yield Pushed(repo, event.address, one_line(f"{call.name} {call.input['operation']} {repo}"), "pushed")
    for text in strings_in(call.input):
        yield from _in_code(event, text)
    result = call.result.text if call.result is not None else ""
    for match in _SAID.finditer(result) if "huggingface.co/" in result else ():
        if (repo := _repo(match[1])) is not None:
            yield Pushed(repo, event.address, one_line(match[0]), "named as pushed")


def _uploaded(step: Step) -> str | None:
    """The repository of `hf upload owner/name …`, unless it is a dataset or a space."""
    words = step.words
    if step.name not in ("hf", "huggingface-cli") or len(words) < 3 or words[1] not in _UPLOADS:
        return None
    kinds = [after for word, after in pairwise(words) if word in ("--repo-type", "--type")]
    kinds += [word.partition("=")[2] for word in words if word.startswith(("--repo-type=", "--type="))]
    if any(kind != "model" for kind in kinds):
        return None
    return next((repo for word in words[2:] if (repo := _repo(word)) is not None), None)


def _in_code(event: Event, code: str) -> Iterator[Pushed]:
    if not any(map(code.__contains__, _PUSHING)):
        return
    names = dict(_ASSIGNED.findall(code))
    for match in _CODE.finditer(code):
        if _NO_MODEL.search(code, match.start(), match.end() + 200):
            continue
        repo = _repo(match[1] or match[3] or names.get(match[2] or match[4] or ""))
        if repo is not None:
            yield Pushed(repo, event.address, one_line(match[0]), "in code")


def _in_last_message(run: Run) -> Iterator[Pushed]:
    """Addresses of models in what the agent said last."""
    for event in (run.events[index] for index in last_messages(run)):
        for line in event.text.splitlines() if "huggingface.co/" in event.text else ():
            for match in _LINK.finditer(line):
                if (repo := _repo(match[1])) is not None:
                    yield Pushed(repo, event.address, one_line(line), "named as pushed")


def _repo(written: object) -> str | None:
    if not isinstance(written, str) or not re.fullmatch(_NAME, written):
        return None
    name = written.rstrip(".")
    return name if name.partition("/")[0].lower() not in _NO_OWNERS else None


def _failed(call: ToolCall) -> bool:
    return call.result is not None and call.result.status in ("error", "rejected", "interrupted")


def _reported(run: Run, found: Annotation) -> Iterator[Outcome]:
    """The numbers of one annotation: its `metrics`, each with `metric` and `written`; `n` and `split` are of all."""
    event = run.events[found.events[0]].address
    n, split = found.facts.get("n"), found.facts.get("split")
    words = split if isinstance(split, list | tuple) else [split or ""]
    for stated in found.facts.get("metrics") or ():
        name = str(stated["metric"])
        metric = metric_named(name) or known_metric(name)
        value = read_value(stated.get("written") or stated["value"], metric)
        if value is not None:
            source = _agent(event, found.quote)
            n = n if isinstance(n, int) else None
            yield Outcome(metric.name, value[0], source, value[1], n=n, split=", ".join(map(str, words)))


def _agent(event: str, quote: str) -> Source:
    return Source("reported", "the agent's own report", quote=quote, event=event)
