"""Annotations: what can be inferred of a run, with the evidence. Pure functions from a run.

To add an annotator: a module here with `ANNOTATOR = Annotator(name, find, confidence)`, a line in `ANNOTATORS`, and
tests with a positive, a negative and a look-alike.
"""

from __future__ import annotations

import logging

from viewer.annotations import (
    api_errors,
    checks,
    compactions,
    docs_first,
    drift,
    environment,
    episodes,
    eval_method,
    gaps,
    loops,
    reported,
    rereads,
    retries,
    shell_writes,
    stops,
    unverified,
)
from viewer.annotations.contract import Annotated, Annotation, Annotator, Judged
from viewer.annotations.failures import judge
from viewer.collector import collector_paused
from viewer.commands import read_commands
from viewer.model import Run

log = logging.getLogger(__name__)

ANNOTATORS: tuple[Annotator, ...] = (
    retries.ANNOTATOR,
    episodes.ANNOTATOR,
    loops.ANNOTATOR,
    drift.ANNOTATOR,
    environment.ANNOTATOR,
    stops.ANNOTATOR,
    api_errors.ANNOTATOR,
    gaps.ANNOTATOR,
    compactions.ANNOTATOR,
    rereads.ANNOTATOR,
    docs_first.ANNOTATOR,
    checks.ANNOTATOR,
    eval_method.ANNOTATOR,
    reported.ANNOTATOR,
    shell_writes.ANNOTATOR,
)
"""Every annotator that is on, the parts of a run's story in the order of telling."""

OPTIONAL: tuple[Annotator, ...] = (unverified.ANNOTATOR,)
"""Those of confidence C, off until switched on: `annotate(run, (*ANNOTATORS, *OPTIONAL))`."""


def annotate(run: Run, annotators: tuple[Annotator, ...] = ANNOTATORS) -> Annotated:
    """The error layer's word on every tool result, then what each annotator finds. Never raises."""
    with collector_paused():
        commands = read_commands(run.events)
        judged = Judged(run, judge(run, commands), commands)
        found: list[Annotation] = []
        crashed: list[str] = []
        for annotator in annotators:
            try:
                found.extend(annotator.find(judged))
            except Exception:  # the boundary of the annotators: one that fails costs its own annotations alone
                log.exception("annotator %s failed on run %s", annotator.name, run.id)
                crashed.append(annotator.name)
    return Annotated(judged, tuple(sorted(found, key=lambda one: one.events[0])), tuple(crashed))
