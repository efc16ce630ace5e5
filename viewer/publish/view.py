"""A review as JSON for its page: findings by kind, one finding's places, a record before and after, files to publish.

Found texts are masked unless the visitor asks to see them. Everything here is data; the page makes text nodes of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from viewer.publish.build import Built, repo_path
from viewer.publish.jobs import Job
from viewer.redaction.review import Finding, Review, masked
from viewer.redaction.rewrite import Rewriter
from viewer.redaction.scan import documents_of
from viewer.redaction.texts import coded, texts
from viewer.sources.contract import SourceError

PLACES = 40
"""Places of a finding that are shown."""

AROUND = 90
"""Characters shown before and after a found text."""

WINDOW = 20_000
"""Characters around a text in which others are masked."""

LONGEST = 600
"""Characters of a changed line, or of the words around a text."""


def job_json(job: Job, *, show: bool) -> dict[str, Any]:
    """Everything of a review but the details."""
    answer: dict[str, Any] = {
        "review": job.id,
        "stage": job.stage,
        "busy": job.busy,
        "doing": job.doing,
        "done": job.done,
        "total": job.total,
        "error": job.error,
        "source": job.source.link,
        "label": job.source.label,
        "refused": [{"name": file.path, "reason": file.reason} for file in job.refused],
    }
    if job.review is not None:
        answer |= _review_json(job.review, show=show)
    answer["built"] = built_json(job.built) if job.built is not None else None
    if job.published is not None:
        done = job.published
        answer["published"] = {
            "repo": done.repo,
            "rev": done.sha,
            "added": done.added,
            "same": done.same,
            "private": done.private,
        }
    else:
        answer["published"] = None
    return answer


def _review_json(review: Review, *, show: bool) -> dict[str, Any]:
    scanned = review.scanned
    kinds: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in review.findings:
        kinds[finding.kind.name].append(finding)
    counts: defaultdict[int, int] = defaultdict(int)
    for finding in review.findings:
        for file in {place.file for place in finding.places}:
            counts[file] += 1
    return {
        "bytes": scanned.size,
        "kinds": [_kind_json(review, found, show=show) for found in sorted(kinds.values(), key=_order)],
        "undecided": len(review.undecided()),
        "words": [{"text": word.text, "regex": word.regex} for word in review.words],
        "attachments": scanned.attachments.total(),
        "withAttachments": review.with_attachments,
        "unreadable": scanned.unreadable.total(),
        "runs": [
            {
                "path": file.path,
                "size": file.size,
                "findings": counts[index],
                "attachments": scanned.attachments[index],
                "unreadable": scanned.unreadable[index],
                "leftOut": file.path in review.left_out,
            }
            for index, file in enumerate(scanned.files)
        ],
    }


def _order(found: list[Finding]) -> tuple[int, str]:
    kind = found[0].kind
    return ("own", "secret", "person").index(kind.group), kind.label.lower()


def _kind_json(review: Review, found: list[Finding], *, show: bool) -> dict[str, Any]:
    kind = found[0].kind
    return {
        "kind": kind.name,
        "label": kind.label,
        "group": kind.group,
        "findings": [_finding_json(review, finding, show=show) for finding in found],
    }


def _finding_json(review: Review, finding: Finding, *, show: bool) -> dict[str, Any]:
    decision = review.decisions.get(finding.id)
    return {
        "id": finding.id,
        "text": finding.text if show else masked(finding.text),
        "placeholder": finding.placeholder,
        "records": len(finding.places),
        "runs": len({place.file for place in finding.places}),
        "action": decision.action if decision is not None else None,
        "reason": decision.reason if decision is not None else "",
    }


def finding_json(job: Job, finding_id: str, *, show: bool) -> dict[str, Any]:
    """Where a finding stands: the run, the record, the words around it. Raises NotFoundError, SourceError."""
    review = job.ready()
    finding = review.finding(finding_id)
    lines = (part for part, text in review.scanned.parts.items() if text == finding.text)
    wanted, mask, places = (finding.text, *lines), review.mask(), []
    for place in finding.places[:PLACES]:
        path = review.scanned.files[place.file].path
        around = path if place.record == 0 else _around(job, path, place.record, wanted)
        shown = around if show else mask.replaced(around[:WINDOW])
        places.append({"run": path, "record": place.record, "around": shown[:LONGEST]})
    return {"places": places, "records": len(finding.places)}


def _around(job: Job, path: str, record: int, wanted: Sequence[str]) -> str:
    """The words around the first of some texts that stands in a record. Whole lines: a cut text is not recognised."""
    layers = [layer for document in documents_of(_raw(job, path, record))[0] for layer in texts(document)]
    layers += [inner for layer in layers for _, inner in coded(layer.encode(errors="replace"))]
    for text in wanted:
        for layer in layers:
            at = layer.find(text)
            if at >= 0:
                start = max(layer.rfind("\n", 0, at) + 1, layer.rfind(" ", 0, max(0, at - AROUND)) + 1)
                end = at + len(text)
                stop = min(
                    (found for found in (layer.find("\n", end), layer.find(" ", end + AROUND)) if found >= 0),
                    default=len(layer),
                )
                return f"{'…' if start else ''}{layer[start:stop]}{'…' if stop < len(layer) else ''}"
    return "(encoded)"


def _raw(job: Job, path: str, record: int) -> bytes:
    """One record of a run. Raises SourceError."""
    from viewer.formats.records import read_record, unfolded

    with job.source.open(path) as lines:
        found = read_record(unfolded(lines), record)
    if found is None:
        raise SourceError(f"{path} has no record {record}.")
    return found


def diff_json(job: Job, path: str, record: int) -> dict[str, Any]:
    """What changes in a record: each text before and after, as pairs of lines. Raises SourceError."""
    review = job.ready()
    rewriter = Rewriter(review.matcher(), attachments=review.with_attachments)
    touched = sorted(review.touched().get(path, {0}) - {0})
    record = record or (touched[0] if touched else 0)
    pairs: list[dict[str, str]] = []
    if record:
        for document in documents_of(_raw(job, path, record))[0]:
            pairs += _pairs(document, rewriter.document(document), "")
    at = touched.index(record) if record in touched else -1
    return {
        "run": path,
        "record": record,
        "changed": len(touched),
        "at": at + 1,
        "previous": touched[at - 1] if at > 0 else None,
        "next": touched[at + 1] if 0 <= at < len(touched) - 1 else None,
        "pairs": pairs[:200],
    }


def _pairs(before: Any, after: Any, where: str) -> list[dict[str, str]]:
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for (name, old), (new_name, new) in zip(before.items(), after.items(), strict=True):
            place = f"{where}.{name}" if where else name
            if name != new_name:
                found.append({"where": f"{place} (its name)", "before": name, "after": new_name})
            found += _pairs(old, new, place)
        return found
    if isinstance(before, list) and isinstance(after, list):
        return [
            pair
            for index, (old, new) in enumerate(zip(before, after, strict=True))
            for pair in _pairs(old, new, f"{where}[{index}]")
        ]
    return _lines(before, after, where) if before != after else []


def _lines(before: Any, after: Any, where: str) -> list[dict[str, str]]:
    old, new = str(before).split("\n"), str(after).split("\n")
    if len(old) != len(new):
        return [{"where": where, "before": _cut(str(before), 0), "after": _cut(str(after), 0)}]
    found = []
    for one, other in zip(old, new, strict=True):
        if one != other:
            same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
            found.append({"where": where, "before": _cut(one, same), "after": _cut(other, same)})
    return found


def _cut(text: str, at: int) -> str:
    start = max(0, at - LONGEST // 4)
    return f"{'…' if start else ''}{text[start : start + LONGEST]}{'…' if start + LONGEST < len(text) else ''}"


def built_json(built: Built) -> dict[str, Any]:
    """The files as they would be published."""
    return {
        "digest": built.digest,
        "files": [
            {
                "path": repo_path(file),
                "source": file.source,
                "size": file.size,
                "sha256": file.sha256,
                "changed": file.changed,
                "dropped": file.dropped,
                "table": file.table,
                "harness": file.runs[0].harness,
                "models": file.runs[0].models,
                "events": sum(len(run.events) for run in file.runs),
            }
            for file in built.files
        ],
        "refused": [{"name": file.path, "reason": file.reason} for file in built.refused],
    }
