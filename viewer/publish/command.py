"""`python app.py publish PATH… --repo owner/name`: scan, review by kind, redact and publish without a browser.

Exit codes: 0 done; 1 the Hub, the network or a file failed; 2 wrong arguments; 3 findings have no decision, nothing was
sent; 4 the scanner is missing; 5 the second scan found something more, nothing was sent.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import platformdirs

from viewer.plural import counted
from viewer.publish.build import Built, PublishError, build, comparison_for, refuse_secrets, repo_path, trace_files
from viewer.publish.card import LICENCES, Facts
from viewer.publish.commit import Target, publish, today
from viewer.redaction.engine import Engine, ScannerMissingError
from viewer.redaction.kinds import Kind
from viewer.redaction.review import Decision, Finding, Review, masked
from viewer.redaction.scan import scan
from viewer.redaction.words import PatternError, Word
from viewer.sources import SourceError, path_sources
from viewer.sources.contract import Source
from viewer.sources.hub_client import local_token
from viewer.sources.several import as_one

DONE, FAILED, UNDECIDED, NO_SCANNER, LEFT_OVER = 0, 1, 3, 4, 5
SHOWN = 5
"""Findings of a kind, and places of a finding, that are printed."""


def parser() -> argparse.ArgumentParser:
    """The command line of `publish`."""
    made = argparse.ArgumentParser(
        prog="app.py publish",
        description="Scan traces for secrets and personal data, take out what you say, and publish one dataset.",
        epilog="Exit codes: 0 done, 1 the Hub, the network or a file failed, 2 wrong arguments, 3 findings have no "
        "decision (nothing was sent), 4 the scanner is missing, 5 the second scan found more (nothing was sent).",
    )
    made.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folders or files of traces")
    made.add_argument("--repo", metavar="OWNER/NAME", help="the dataset to publish to")
    made.add_argument("--dry-run", action="store_true", help="scan, redact and print; send nothing")
    made.add_argument(
        "--accept", action="append", default=[], metavar="KIND", help="take out all findings of this kind; repeat it"
    )
    made.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="KIND=REASON",
        help="let all findings of this kind stand, for a reason; repeat it",
    )
    made.add_argument("--word", action="append", default=[], help="take out this word too, in any case; repeat it")
    made.add_argument(
        "--pattern", action="append", default=[], help="take out what this RE2 pattern matches; repeat it"
    )
    made.add_argument(
        "--leave-out", action="append", default=[], metavar="RUN", help="a file not to publish; repeat it"
    )
    made.add_argument("--images", action="store_true", help="publish images too, which nobody scanned")
    made.add_argument("--public", action="store_true", help="make the new dataset public (default: private)")
    made.add_argument("--licence", default="other", choices=LICENCES, help="default: other")
    made.add_argument("--add", action="store_true", help="add to a dataset that is there already")
    made.add_argument("--comparison", type=Path, metavar="FILE", help="a comparison.yaml to publish with the traces")
    made.add_argument("--show", action="store_true", help="print findings in full, not masked")
    return made


def run(arguments: Sequence[str], out: TextIO = sys.stdout, cache: Path | None = None) -> int:
    """Do what the arguments say; returns the exit code."""
    options = parser().parse_args(arguments)
    if options.repo is None and not options.dry_run:
        parser().error("--repo is missing (or use --dry-run)")
    command = _Command(options, out, cache or Path(platformdirs.user_cache_dir("agent-trace-viewer")))
    try:
        return command.run()
    except ScannerMissingError as error:
        command.say(str(error))
        return NO_SCANNER
    except (SourceError, PublishError, PatternError, OSError) as error:
        command.say(str(error))
        return FAILED


class _Command:
    def __init__(self, options: argparse.Namespace, out: TextIO, cache: Path) -> None:
        self.options = options
        self._out = out
        self._cache = cache

    def say(self, line: str = "") -> None:
        """Print a line."""
        self._out.write(line + "\n")

    def run(self) -> int:
        """Scan, decide, build, publish."""
        source = as_one(path_sources(self.options.paths))
        engine = self._engine = Engine(self._cache / "scanner")
        review = self._scanned(source, engine)
        if not review.scanned.files:
            raise PublishError("There is no trace at these paths.")
        problem = self._decide(review)
        self._print(review)
        if problem:
            parser().error(problem)
        undecided = review.undecided()
        if undecided:
            kinds = ", ".join(sorted({finding.kind.name for finding in undecided}))
            self.say(f"{counted(len(undecided), 'finding')} without a decision, so nothing is sent. Kinds: {kinds}.")
            self.say("Say --accept KIND to take them out, or --ignore KIND=REASON to let them stand.")
            return UNDECIDED
        with tempfile.TemporaryDirectory(prefix="traces-") as folder:
            return self._publish(review, build(source, review, engine, Path(folder) / "built"))

    def _scanned(self, source: Source, engine: Engine) -> Review:
        files, refused = trace_files(source)
        for file in refused:
            self.say(f"not a trace: {file.path}: {file.reason}")
        left_out = [file for file in files if file.path in self.options.leave_out]
        for path in set(self.options.leave_out) - {file.path for file in left_out}:
            self.say(f"--leave-out {path}: there is no such file among the traces.")
        return Review(scan(source, [file for file in files if file not in left_out], engine))

    def _decide(self, review: Review) -> str:
        """Decide as the options say; returns what is wrong with them."""
        for word in self.options.word:
            review.add_word(Word(word))
        for pattern in self.options.pattern:
            review.add_word(Word(pattern, regex=True))
        review.with_attachments = self.options.images
        known = _by_kind(review.findings)
        for name in self.options.accept:
            review.decide(Decision("redact"), known.get(name, ()))
        for text in self.options.ignore:
            name, _, reason = text.partition("=")
            if not reason.strip():
                return f"--ignore {name} needs a reason: --ignore '{name}=these are test values'"
            review.decide(Decision("ignore", reason.strip()), known.get(name, ()))
        return ""

    def _print(self, review: Review) -> None:
        scanned = review.scanned
        self.say(
            f"Scanned {counted(len(scanned.files), 'trace file')}, {scanned.size / 1e6:,.1f} MB, for secrets, user "
            "names, e-mail addresses and host names. No scan finds everything: look at the runs, add words with --word."
        )
        attached = scanned.attachments.total()
        if attached:
            fate = "published without review" if review.with_attachments else "left out"
            self.say(f"{counted(attached, 'image or other attachment', 'images and other attachments')}: {fate}.")
        for name, findings in _by_kind(review.findings).items():
            self.say(f"\n{findings[0].kind.label} [{name}]: {counted(len(findings), 'value')}")
            for finding in findings[:SHOWN]:
                self._print_finding(review, finding)
            if len(findings) > SHOWN:
                self.say(f"  … and {len(findings) - SHOWN} more")
        self.say()

    def _print_finding(self, review: Review, finding: Finding) -> None:
        decision = review.decisions.get(finding.id)
        fate = "undecided" if decision is None else finding.placeholder if decision.action == "redact" else "stays"
        self.say(f"  {finding.text if self.options.show else masked(finding.text)}  →  {fate}")
        for place in finding.places[:SHOWN]:
            where = f"record {place.record}" if place.record else "its name"
            self.say(f"    {review.scanned.files[place.file].path}: {where}")
        if len(finding.places) > SHOWN:
            self.say(f"    … and {len(finding.places) - SHOWN} more records")

    def _publish(self, review: Review, built: Built) -> int:
        for refused in built.refused:
            self.say(f"not published: {refused.path}: {refused.reason}")
        if built.left:
            self.say(f"The second scan found {counted(len(built.left), 'text')} more, so nothing is sent:")
            for text, kind in built.left.items():
                self.say(f"  {kind.label} [{kind.name}]: {text if self.options.show else masked(text)}")
            return LEFT_OVER
        for file in built.files:
            self.say(f"{repo_path(file)}  {file.size:,} bytes, {counted(file.changed, 'record')} changed")
        if not built.files:
            raise PublishError("No file is left to publish.")
        if self.options.dry_run:
            self.say("Dry run: nothing was sent.")
            return DONE
        token = local_token()
        if token is None:
            raise PublishError("There is no token on this machine: run `hf auth login` first.")
        comparison = self.options.comparison.read_text("utf-8") if self.options.comparison else ""
        comparison = comparison_for(comparison, built, review)
        refuse_secrets(comparison, self._engine, review)
        target = Target(
            self.options.repo,
            token,
            private=not self.options.public,
            add=self.options.add,
            comparison=comparison,
        )
        done = publish(built, facts_of(review, self.options.repo, self.options.licence), target)
        where = "private" if done.private else "public"
        self.say(f"Published {counted(done.added, 'new file')} ({done.same} were there) to {done.repo} ({where}).")
        self.say(f"?repo={done.repo}&rev={done.sha}")
        return DONE


def facts_of(review: Review, repo: str, licence: str) -> Facts:
    """What the card says of a review."""
    ignored = review.ignored()
    return Facts(
        licence=licence,
        title=repo.rpartition("/")[2],
        redacted=review.redacted_counts(),
        ignored=sum(1 for finding in review.present() if finding.text in ignored),
        words=len(review.words),
        attachments=review.with_attachments,
        day=today(),
    )


def _by_kind(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    kinds: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[finding.kind.name].append(finding)
    order: list[tuple[str, Kind]] = [(name, found[0].kind) for name, found in kinds.items()]
    order.sort(key=lambda pair: (pair[1].group != "secret", pair[1].label))
    return {name: kinds[name] for name, _ in order}
