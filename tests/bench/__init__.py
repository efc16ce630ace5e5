"""Benchmarks: scripts that measure the program side by side with plainer ways, and print small tables.

Run from the project's root with the project's environment; each takes a minute or two and needs a quiet machine:

    python -m tests.bench.parse        parse, and parse and summarise, against a bare `orjson.loads` loop
    python -m tests.bench.annotate     parse, judge and annotate, against the same loop
    python -m tests.bench.failures     the error layer against hand labels, beside the harness's own flag
    python -m tests.bench.listing      the list of 2,000 sessions, cold and warm, against reading every line
    python -m tests.bench.page         a 50 MB session and 100,000 events in a browser, against a whole Plotly figure
    python -m tests.bench.check        the evaluation check of 100,000 rows, its fitting against scikit-learn's pipeline
    python -m tests.bench.compare      the compare page's answers for 200 runs, against reading every line
    python -m tests.bench.probes       two probes over 200 runs, against the standard library's `re` over the results
    python -m tests.bench.hub          a Hub dataset of 200 runs at 80 ms per request, against `snapshot_download`
    python -m tests.bench.cold_start   `python app.py` until it answers, against an empty `gr.Blocks`
    python -m tests.bench.build DIR    the inputs alone, to look at or to open with `python app.py DIR`

They assert nothing about time: figures of two machines, or of two hours, do not compare. Ratios of one run do.
"""
