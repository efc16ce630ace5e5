"""The plain way to draw a run: plotly.js with every event as a point of one WebGL trace, served by this process."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page
from plotly.offline import get_plotlyjs

from viewer.columns import spans
from viewer.model import CATEGORIES, KINDS, Run

PAGE = """<!doctype html><meta charset="utf-8"><script src="plotly.js"></script>
<div id="plot" style="width:1360px;height:420px"></div>"""

DRAW = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const data = await (await fetch('data.json')).json();
  const started = performance.now();
  const trace = { type: 'scattergl', mode: 'markers', x: data.x, y: data.y, marker: { size: 6, color: data.y } };
  await Plotly.newPlot('plot', [trace], { dragmode: 'pan' }, { scrollZoom: true });
  await frame(); await frame();
  return performance.now() - started;
}"""

# The windows of as many wheel notches of the timeline, each to the second frame after it.
ZOOM = """async (notches) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const plot = document.getElementById('plot');
  const [from, to] = plot.layout.xaxis.range.map(Number);
  const around = from + (to - from) * 0.6;
  const taken = [];
  for (let at = 1; at <= notches; at += 1) {
    const part = Math.exp(-0.24 * at);
    await frame();
    const started = performance.now();
    const range = [around - (around - from) * part, around + (to - around) * part];
    await Plotly.relayout(plot, { 'xaxis.range': range });
    await frame(); await frame();
    taken.push(performance.now() - started);
  }
  return taken;
}"""


def zooms(page: Page, run: Run, notches: int) -> tuple[float, list[float]]:
    """Milliseconds until the figure of a run is first drawn, and of each zoom by one notch."""
    with _served(run) as url:
        page.goto(url)
        drawn: float = page.evaluate(DRAW)
        taken: list[float] = page.evaluate(ZOOM, notches)
    return drawn, taken


def _points(run: Run) -> dict[str, Sequence[float]]:
    """Where each event stands: its start in ms, and its lane."""
    origin = run.started or 0
    starts = [(start or origin) - origin for start, _ in spans(run.events)]
    lanes = [
        len(KINDS) + CATEGORIES.index(event.call.category) if event.call else KINDS.index(event.kind)
        for event in run.events
    ]
    return {"x": starts, "y": lanes}


@contextmanager
def _served(run: Run) -> Iterator[str]:
    """The page, plotly.js and the points on a free port of loopback."""
    bodies = {
        "/": ("text/html", PAGE.encode()),
        "/plotly.js": ("text/javascript", get_plotlyjs().encode()),
        "/data.json": ("application/json", json.dumps(_points(run)).encode()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mime, body = bodies.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("content-type", mime)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the report is a table."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
