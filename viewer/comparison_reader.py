"""Reads `comparison.yaml` (its keys: `comparison_file.py`), and the `runs:` of a card's front matter: the same.

Whatever is wrong is named with its line and key; the rest is kept. `read_comparison` gives both, `checked_comparison`
refuses a file with anything wrong in it, as for one that is about to be published.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from viewer.comparison_file import ComparedRun, ComparisonFile, EvalData
from viewer.outcomes import Confusion, Outcome, Source, known_metric, metric_named, read_value
from viewer.probes import MAX_PROBES, Probe, ProbeError, check_probe
from viewer.safe_yaml import Document, KeyPath, YamlError, read_yaml

MAX_RUNS = 1_000
LONGEST = 2_000
"""Characters of any text in the file."""

_TOP = ("title", "task", "metric", "datasets", "eval", "runs", "probes")
_EVAL = ("dataset", "config", "split", "text", "label", "group")
_RUN = ("path", "file", "part", "harness", "model", "model_repo", "outcome", "outcomes")
_OUTCOME = ("metric", "value", "n", "prevalence", "confusion", "split", "dataset", "source", "quote", "note")
_FLAT = (*_OUTCOME, "link")
"""Keys of an outcome that may stand beside `path`, where a run has one outcome."""
_CONFUSION = ("tp", "fp", "fn", "tn")
_PROBE = ("name", "seen", "said", "ran")
_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


class ComparisonError(ValueError):
    """A file that is refused; `problems` are sentences, each with its line and key."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_comparison(text: str, origin: Source | None = None) -> tuple[ComparisonFile, tuple[str, ...]]:
    """What the file says, and what is wrong with it. Never raises.

    `origin` is where an outcome comes from that names no source of its own; its kind is that of all of them.
    """
    try:
        document = read_yaml(text)
    except YamlError as error:
        return ComparisonFile(), (f"comparison.yaml is not read. {error}",)
    reader = _Reader(document, origin or Source("comparison file", "comparison.yaml"))
    return reader.file(), tuple(reader.problems)


def checked_comparison(text: str, origin: Source | None = None) -> ComparisonFile:
    """What the file says. Raises ComparisonError when anything is wrong with it."""
    file, problems = read_comparison(text, origin)
    if problems:
        raise ComparisonError(problems)
    return file


def front_matter_runs(front: Document, origin: Source) -> tuple[tuple[ComparedRun, ...], tuple[str, ...]]:
    """The `runs:` of a card's front matter, where it has such a list; keys of somebody else's schema are let be."""
    value = front.value
    listed = value.get("runs") if isinstance(value, Mapping) else None
    if not isinstance(listed, list) or not any(isinstance(one, Mapping) for one in listed):
        return (), ()
    reader = _Reader(front, origin, strict=False)
    return reader.runs(listed, ("runs",)), tuple(reader.problems)


@dataclass
class _Reader:
    """One reading; `problems` grows."""

    document: Document
    origin: Source
    strict: bool = True
    """Whether a key that no schema has is a problem."""
    problems: list[str] = field(default_factory=list)

    def file(self) -> ComparisonFile:
        top = self.document.value
        if not isinstance(top, Mapping):
            self.wrong((), "The file is no object; it starts with a line such as `title: …`.")
            return ComparisonFile()
        self.known(top, _TOP, ())
        metric = self.text(top, (), "metric")
        return ComparisonFile(
            title=self.text(top, (), "title"),
            task=self.text(top, (), "task"),
            metric=_metric_name(metric),
            datasets=tuple(self.listed(top, (), "datasets", self.repo)),
            runs=self.runs(top.get("runs"), ("runs",)),
            probes=self.probes(top.get("probes")),
            eval_data=self.eval_data(top.get("eval")),
        )

    def runs(self, value: Any, path: KeyPath) -> tuple[ComparedRun, ...]:
        found: dict[tuple[str, str], ComparedRun] = {}
        for index, item in enumerate(self.items(value, path, MAX_RUNS)):
            run = self.run(item, (*path, index))
            if run is None:
                continue
            if (run.path, run.part) in found:
                self.wrong((*path, index), f"{run.path!r} is there twice.")
            else:
                found[run.path, run.part] = run
        return tuple(found.values())

    def run(self, item: Any, path: KeyPath) -> ComparedRun | None:
        if not isinstance(item, Mapping):
            self.wrong(path, "A run is an object with `path`.")
            return None
        extra = tuple(key for key in item if metric_named(key) is not None and key not in (*_RUN, *_FLAT))
        self.known(item, (*_RUN, *_FLAT, *extra), path)
        named = self.text(item, path, "path") or self.text(item, path, "file")
        if not named or named.startswith("/") or "\\" in named or ".." in named.split("/"):
            self.wrong((*path, "path"), "A run needs `path`: its trace, from the root of the dataset or folder.")
            return None
        part = item.get("part")
        return ComparedRun(
            path=named.removeprefix("./"),
            part=str(part) if isinstance(part, int | str) else "",
            harness=self.text(item, path, "harness"),
            model=self.text(item, path, "model"),
            model_repo=self.repo(item.get("model_repo"), (*path, "model_repo")) or "",
            outcomes=tuple(self.outcomes(item, extra, path)),
        )

    def outcomes(self, item: Mapping[str, Any], extra: tuple[str, ...], path: KeyPath) -> Iterable[Outcome]:
        nested: list[tuple[KeyPath, Any]] = [(("outcome",), item["outcome"])] if item.get("outcome") is not None else []
        nested += [(("outcomes", i), one) for i, one in enumerate(self.items(item.get("outcomes"), path, 50))]
        found = []
        for inner, one in nested:
            if isinstance(one, Mapping):
                self.known(one, (*_OUTCOME, "link"), (*path, *inner))
                found.append(self.outcome(one, (*path, *inner)))
            else:
                self.wrong((*path, *inner), "An outcome is an object with `metric` and `value`.")
        if "value" in item:
            found.append(self.outcome(item, path))
        found += [self.outcome({**item, "metric": key, "value": item[key]}, path, key) for key in extra]
        return [outcome for outcome in found if outcome is not None]

    def outcome(self, item: Mapping[str, Any], path: KeyPath, key: str = "value") -> Outcome | None:
        name = self.text(item, path, "metric")
        metric = metric_named(name) or (known_metric(name) if name else None)
        if metric is None:
            self.wrong((*path, "metric"), "An outcome needs `metric`, such as f1.")
            return None
        counts = self.confusion(item.get("confusion"), (*path, "confusion"))
        value = read_value(item.get("value"), metric)
        if value is None:
            limits = " between 0 and 1 (or in %)" if metric.share else ""
            self.wrong((*path, key), f"{_shown(item.get('value'))} is no value of {metric.label}: a number{limits}.")
            return None
        if counts is not None and metric.name == "f1" and abs((counts.f1 or 0.0) - value[0]) > 0.6 * 10 ** -value[1]:
            self.wrong((*path, "confusion"), f"These counts give F1 {counts.f1 or 0:.4f}, not {value[0]:g}.")
            counts = None
        n, prevalence = self.count(item, path), self.share(item, path)
        if counts is not None:
            n, prevalence = counts.n, (counts.tp + counts.fn) / counts.n
        return Outcome(
            metric=metric.name,
            value=value[0],
            source=self.source(item, path),
            digits=value[1],
            n=n,
            prevalence=prevalence,
            split=self.text(item, path, "split"),
            dataset=self.text(item, path, "dataset"),
            confusion=counts,
            note=self.text(item, path, "note"),
        )

    def source(self, item: Mapping[str, Any], path: KeyPath) -> Source:
        value, quote = item.get("source"), self.text(item, path, "quote")
        label, link, event = "", self.text(item, path, "link"), ""
        if isinstance(value, Mapping):
            inner = (*path, "source")
            self.known(value, ("label", "link", "event"), inner)
            label, event = self.text(value, inner, "label"), self.text(value, inner, "event")
            link = self.text(value, inner, "link")
        elif value is not None:
            written = self.text(item, path, "source")
            label, link = ("", written) if written.startswith(("https://", "http://")) else (written, link)
        if link and not is_web_link(link):
            self.wrong((*path, "source"), f"{_shown(link)} is no address that is linked to: https://…")
            link = ""
        if not quote and not self.strict:
            quote = self.document.source_line((*path, "value"))
        return Source(self.origin.kind, label or link or self.origin.label, link or self.origin.link, quote, event)

    def count(self, item: Mapping[str, Any], path: KeyPath) -> int | None:
        found = read_count(item.get("n"))
        if item.get("n") is not None and found is None:
            self.wrong((*path, "n"), f"{_shown(item['n'])} is no number of test cases.")
        return found

    def share(self, item: Mapping[str, Any], path: KeyPath) -> float | None:
        written = item.get("prevalence")
        if written is None:
            return None
        value = read_value(written, known_metric("accuracy"))
        if value is None or not 0 < value[0] < 1:
            self.wrong((*path, "prevalence"), f"{_shown(written)} is no share of positives between 0 and 1.")
            return None
        return value[0]

    def confusion(self, value: Any, path: KeyPath) -> Confusion | None:
        if value is None:
            return None
        counts = [value.get(key) for key in _CONFUSION] if isinstance(value, Mapping) else []
        whole = [n for n in counts if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 10**9]
        if len(whole) != len(_CONFUSION) or not sum(whole):
            self.wrong(path, "A confusion matrix is four counts: {tp: …, fp: …, fn: …, tn: …}.")
            return None
        return Confusion(*whole)

    def probes(self, value: Any) -> tuple[Probe, ...]:
        found = []
        for index, item in enumerate(self.items(value, ("probes",), MAX_PROBES)):
            path: KeyPath = ("probes", index)
            if not isinstance(item, Mapping):
                self.wrong(path, "A probe is an object with `name` and one of `seen`, `said`, `ran`.")
                continue
            self.known(item, _PROBE, path)
            probe = Probe(*(self.text(item, path, key) for key in _PROBE))
            try:
                check_probe(probe)
            except ProbeError as error:
                self.wrong(path, str(error))
            else:
                found.append(probe)
        return tuple(found)

    def eval_data(self, value: Any) -> EvalData | None:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong(("eval",), "`eval` is an object with `dataset`.")
            return None
        self.known(value, _EVAL, ("eval",))
        dataset = self.repo(value.get("dataset"), ("eval", "dataset"))
        if dataset is None:
            return None
        return EvalData(dataset, *(self.text(value, ("eval",), key) for key in _EVAL[1:]))

    def text(self, values: Mapping[str, Any], path: KeyPath, key: str) -> str:
        """A text; numbers are taken as they are written. Empty where there is none."""
        value = values.get(key)
        if value is None:
            return ""
        if isinstance(value, list | Mapping):
            self.wrong((*path, key), "This is text, no list or object.")
            return ""
        text = str(value).strip()
        if len(text) > LONGEST:
            self.wrong((*path, key), f"It is longer than {LONGEST:,} characters, and cut.")
        return text[:LONGEST]

    def repo(self, value: Any, path: KeyPath) -> str | None:
        """A name on the Hub, owner/name; also where it is given as an address."""
        if value is None:
            return None
        found = hub_name(str(value))
        if found is None:
            self.wrong(path, f"{_shown(value)} is no name on the Hub: owner/name.")
            return None
        return found

    def listed(
        self, values: Mapping[str, Any], path: KeyPath, key: str, read: Callable[[Any, KeyPath], str | None]
    ) -> list[str]:
        items = self.items(values.get(key), (*path, key), 50)
        return [found for index, one in enumerate(items) if (found := read(one, (*path, key, index))) is not None]

    def items(self, value: Any, path: KeyPath, most: int) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(path, "This is a list: its lines start with a dash.")
            return []
        if len(value) > most:
            self.wrong(path, f"There are {len(value):,}; only the first {most:,} are read.")
        return value[:most]

    def known(self, values: Mapping[str, Any], keys: tuple[str, ...], path: KeyPath) -> None:
        if not self.strict:
            return
        for key in values:
            if key not in keys:
                near = difflib.get_close_matches(key[:40], keys, 1)
                meant = f"Did you mean `{near[0]}`?" if near else f"There may be: {', '.join(keys)}."
                self.wrong((*path, key), f"This key is not known. {meant}")

    def wrong(self, path: KeyPath, problem: str) -> None:
        place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part[:60]}" for part in path).strip(".")
        where = f"Line {self.document.line(path)}"
        self.problems.append(f"{where}, {place}: {problem}" if place else f"{where}: {problem}")


def hub_name(written: str) -> str | None:
    """The owner/name that a text is, also where it is given as an address on the Hub; None for anything else."""
    found = written.strip().removeprefix("https://huggingface.co/").removeprefix("datasets/").strip("/ ")
    return found if _REPO.fullmatch(found) else None


def is_web_link(link: str) -> bool:
    """Whether an address may become a link."""
    return re.fullmatch(r"https?://[^\s\"'<>\\]{1,1000}", link) is not None


def read_count(written: object) -> int | None:
    """A number of cases: 357, "1,785", 357.0; None for anything else."""
    if isinstance(written, bool) or written is None:
        return None
    text = str(written).strip().lstrip("≈~").replace(",", "").removesuffix(".0")
    return int(text) if text.isdecimal() and len(text) < 12 and int(text) > 0 else None


def _metric_name(written: str) -> str:
    metric = metric_named(written)
    return metric.name if metric is not None else written


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 60 else text[:59] + "…")
