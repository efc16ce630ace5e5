"""A comparison of 200 runs, once their summaries exist: `python -m tests.bench.compare [--runs N]`.

The runs are the demo's four, fifty times each with another name, of one prompt. Measured, each in turn:

    panel              `POST /api/compare.json` of the whole folder: panel, ribbons and every metric of 200 runs
    panel, 4 runs      the same of the demo race
    probes             both of the demo's probes over 20 runs, which are parsed for it the first time
    probes, again      the same when the runs are open
    report             the HTML report without the probes
    json, every line   `json.loads` of each line of the 200 files: what one without summaries reads at least

Target: the panel within 1 s.
"""

import argparse
import json
import tempfile
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.bench.measure import in_turn, machine, ratio, spread, table
from tests.smallest import ASSETS, settled
from viewer.library import Library
from viewer.sources.demo import demo_source
from viewer.sources.local import LocalFolder
from viewer.summary_cache import SummaryCache
from viewer.web.routes import build_routes

COPIES = 50
PROBED = 20
SOURCE = "many"


def write_runs(folder: Path) -> list[Path]:
    """The demo's runs, `COPIES` times each; another session id makes each a run of its own."""
    written = []
    for path in sorted((ASSETS / "demo").glob("*.jsonl")):
        text = path.read_text(encoding="utf-8")
        first = json.loads(text.splitlines()[0])
        session = first.get("sessionId") or first.get("id") or next(iter(_ids(text)))
        for number in range(COPIES):
            target = folder / f"{path.stem}-{number:03}.jsonl"
            target.write_text(text.replace(session, f"{session[:-3]}{number:03}"), encoding="utf-8")
            written.append(target)
    return written


def _ids(text: str) -> list[str]:
    return [line["sessionId"] for line in map(json.loads, text.splitlines()) if "sessionId" in line]


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description="A comparison of 200 runs whose summaries exist.")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    machine()
    with tempfile.TemporaryDirectory() as place:
        files = write_runs(Path(place))
        sources = (LocalFolder(SOURCE, "Many", Path(place)), demo_source(ASSETS))
        library = Library(sources, SummaryCache(None))
        for source in sources:
            settled(library.listing(source.id))
        client = TestClient(Starlette(routes=build_routes(library, ASSETS)))
        size = {"": 0}

        def ask(route: str, **body: object) -> None:
            answer = client.post(f"/api/{route}", json=body)
            answer.raise_for_status()
            size[route] = len(answer.content)

        def read() -> None:
            for file in files:
                for line in file.read_bytes().splitlines():
                    json.loads(line)

        probes = client.post("/api/compare.json", json={"of": ["demo"]}).json()["probes"]
        some = [f"{SOURCE}|{file.name}" for file in files[:PROBED]]
        first = in_turn({"probes": lambda: ask("probes.json", of=some, probes=probes)}, 1)
        ways = {
            "panel": lambda: ask("compare.json", of=[SOURCE]),
            "panel, 4 runs": lambda: ask("compare.json", of=["demo"]),
            "probes, again": lambda: ask("probes.json", of=some, probes=probes),
            "report": lambda: ask("compare.report.html", of=[SOURCE], probes=[]),
            "json, every line": read,
        }
        times = first | in_turn(ways, runs)
        ask("compare.json", of=[SOURCE])
    base = times["json, every line"]
    rows = [(name, *spread(taken), ratio(taken, base)) for name, taken in times.items()]
    title = f"{len(files)} runs, {runs} times in turn; the answer of the panel has {size['compare.json'] / 1e6:.1f} MB"
    table(title, ("", "best", "median", "× json"), rows)
    machine()


if __name__ == "__main__":
    main()
