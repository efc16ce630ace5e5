"""Starting the app against an empty one: `python -m tests.bench.cold_start [--runs N]`.

Prints the time from starting the process to the first answer with status 200, for `python app.py` and for a program
that launches an empty `gr.Blocks` with the same options, one after the other in turn. Both have a home folder of their
own and no session to list. Target: 1.2 times the empty app.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.bench.measure import machine, ratio, spread, table
from tests.bench.serve import app, free_port, serving

EMPTY = """import sys
import gradio
with gradio.Blocks(analytics_enabled=False) as blocks:
    pass
off = {"ssr_mode": False, "run_history": False, "enable_monitoring": False, "share": False, "footer_links": []}
blocks.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), **off)
"""


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description="Starting the app against an empty gr.Blocks.")
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    machine()
    times: dict[str, list[float]] = {"empty gr.Blocks": [], "python app.py": []}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "empty.py"
        program.write_text(EMPTY, encoding="utf-8")
        # One round that does not count: the files of both are then in the page cache.
        for _ in range(runs + 1):
            port = free_port()
            with serving(program, port, [str(port)]) as server:
                times["empty gr.Blocks"].append(server.started_in)
            with app() as server:
                times["python app.py"].append(server.started_in)
    for taken in times.values():
        del taken[0]
    base = times["empty gr.Blocks"]
    medians = {name: statistics.median(taken) / statistics.median(base) for name, taken in times.items()}
    rows = [(name, *spread(taken), ratio(taken, base), f"{medians[name]:.2f}×") for name, taken in times.items()]
    headings = ("", "best", "median", "× empty, best", "× empty, median")
    table(f"Start to HTTP 200, {runs} runs in turn", headings, rows)
    machine()


if __name__ == "__main__":
    main()
