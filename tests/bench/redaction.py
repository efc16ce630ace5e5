"""How fast a scan is, against a bare pass of the scanner over the same text: `python -m tests.bench.redaction [PATH]`.

Without a path it scans a made-up session of 50 MB. The bare pass is the fastest there can be: the scanner's native code
in one thread over raw lines, which misses what is escaped, and sees no second copy without punctuation. A scan decodes
every text and layer, looks at all of it twice, and for people, and keeps it. Rewriting and looking up are timed too.

On a machine that other programs keep busy the wall says little; what the decoding thread itself uses (or half of all
threads, if that is more) is what two idle cores would take.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import platformdirs

from tests.planted import planted, session_of
from tests.traces import Claude, write
from viewer.publish.build import build, trace_files
from viewer.redaction.engine import Engine
from viewer.redaction.review import Decision, Review
from viewer.redaction.scan import CHUNK, scan
from viewer.sources.local import LocalFolder

SIZE = 50_000_000
REPEATS = 3


def made_up(folder: Path) -> None:
    """A session of `SIZE` bytes: prose, code, logs, and secrets now and then."""
    secrets = planted("bench")
    claude = Claude("bench", cwd="/home/mwhitfield/acme")
    lines = [
        f"{number:6}→    value_{number} = compute(step={number}, rate=0.{number % 97})  # adjust"
        for number in range(60)
    ]
    size = number = 0
    while size < SIZE:
        number += 1
        claude.user(f"Please look at part {number} of the pipeline, and say what you find. " * 4)
        output = "\n".join(f"{line} {number}" for line in lines)
        if number % 200 == 0:
            one = secrets[number // 200 % len(secrets)]
            output += f"\n{one.name}={one.written}"
        claude.call("Bash", {"command": f"sed -n 1,60p src/part_{number}.py"}, output)
        size += 2 * len(output) + 900
    write(folder / "bench.jsonl", claude.records)
    write(folder / "planted.jsonl", session_of("json"))


def bare(engine: Engine, folder: Path) -> float:
    """Seconds of the native scanner alone over the raw bytes."""
    scanner = engine._scanner()
    data = b"".join(path.read_bytes() for path in sorted(folder.rglob("*.json*")) if path.is_file())
    began = time.perf_counter()
    for at in range(0, len(data), CHUNK):
        scanner.scan(data[at : at + CHUNK])
    return time.perf_counter() - began


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Print the table."""
    engine = Engine(Path(platformdirs.user_cache_dir("agent-trace-viewer")) / "scanner")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made)
        if len(sys.argv) == 1:
            made_up(folder)
        source = LocalFolder("bench", "bench", folder)
        files = trace_files(source)[0]
        size = sum(file.size for file in files)
        say(f"{len(files)} files, {size / 1e6:.1f} MB; times in seconds, best of {REPEATS}, and MB/s")
        native = min(bare(engine, folder) for _ in range(REPEATS))
        scans, cpu, serial, lookups = [], [], [], []
        for _ in range(REPEATS):
            began, began_cpu, began_own = time.perf_counter(), time.process_time(), time.thread_time()
            scanned = scan(source, files, engine)
            scans.append(time.perf_counter() - began)
            cpu.append(time.process_time() - began_cpu)
            serial.append(time.thread_time() - began_own)
            began = time.perf_counter()
            review = Review(scanned)
            lookups.append(time.perf_counter() - began)
        review.decide(Decision("redact"), review.findings)
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as out:
            build(source, review, engine, Path(out))
        rows = (
            ("native scanner alone, raw bytes", native),
            ("scan, wall", min(scans)),
            ("scan, processor time of all threads", min(cpu)),
            ("scan, of the decoding thread: the wall on idle cores", max(min(serial), min(cpu) / 2)),
            (f"looking up {len(review.findings)} findings", min(lookups)),
            ("rewriting, parsing twice, scanning again", time.perf_counter() - began),
        )
        for name, seconds in rows:
            say(f"{name:52} {seconds:7.2f} {size / 1e6 / seconds:7.1f}   {seconds / native:5.2f} × native")


if __name__ == "__main__":
    main()
