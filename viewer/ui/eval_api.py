"""The evaluation check as an API function: for `gradio_client`, plain HTTP and MCP."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import api

from viewer.evalcheck.export import as_json
from viewer.evalcheck.jobs import LONGEST
from viewer.evalcheck.service import EvalService, Visitor, ask_of
from viewer.sources.contract import SourceError
from viewer.web.eval_routes import visitor_of
from viewer.web.visitors import Visitors

MAX_TABLE = 4 * 2**20
"""Characters of a table that is given in the call itself."""

AT_ONCE = 4
"""Calls that may wait for their check at the same time."""


def add_eval_api(service: EvalService, visitors: Visitors) -> None:
    """Add `check_eval` to the app that is being built."""

    def check_eval(  # noqa: PLR0917 - callers of the API name its arguments
        request: gr.Request,
        dataset: str = "sample",
        revision: str = "",
        table: str = "",
        text: list[str] | None = None,
        label: str = "",
        group: str = "",
        positive: str = "",
        together: list[str] | None = None,
        seed: int = 42,
        repeats: int = 10,
    ) -> dict[str, Any]:
        """Check what a score on a labelled dataset can mean: a random split beside held-out groups.

        Before any model it gives the rows, the share of the label by group, what the group alone predicts, and copies
        of texts. Then TF-IDF with logistic regression: repeated random splits, splits within one group, each group held
        out, each with F1, precision, recall, balanced accuracy, average precision, ROC AUC, n, prevalence, intervals,
        trivial baselines, and what the scores cannot say.

        Args:
            request: who asks; Gradio fills it in
            dataset: "sample" for the built-in made-up sample, or a Hub dataset as owner/name
            revision: branch, tag or commit of the dataset; the newest when empty
            table: a table as CSV (with a header line) or JSON lines, checked instead of a dataset
            text: names of the text columns; guessed when empty
            label: name of the label column; guessed when empty
            group: name of the column to hold groups out by; guessed when no column is given
            positive: of two labels the one that counts as positive; guessed when empty
            together: groups to hold out together as well
            seed: of every random choice
            repeats: number of random splits
        """
        starlette = request.request
        visitor = visitor_of(starlette, visitors) if starlette is not None else Visitor("api")
        wish: dict[str, Any] = {
            "dataset": dataset, "rev": revision, "text": text or [], "label": label, "group": group,
            "positive": positive, "together": together or [], "seed": seed, "repeats": repeats,
        }  # fmt: skip
        try:
            if table:
                if len(table) > MAX_TABLE:
                    raise gr.Error(f"The table is over {MAX_TABLE >> 20} MB: put it on the Hub.", print_exception=False)
                wish["file"] = service.data.uploads.add(visitor.name, "table", table.encode()).id
            job = service.start(ask_of(wish), visitor)
        except SourceError as error:
            raise gr.Error(str(error), print_exception=False) from error
        job.ended.wait(LONGEST)
        if job.result is None:
            raise gr.Error(job.error or "The check was cancelled.", print_exception=False)
        return as_json(job.result)

    api(check_eval, api_name="check_eval", concurrency_limit=AT_ONCE)
