"""Docs first: Transformers and Jobs pages, papers, an example script, then the dataset and its numbers."""

from __future__ import annotations

from stories.intern_tools import bash
from stories.ml_intern_kimi.pages import (
    BERT_PAPER,
    BERT_SEARCH,
    CLASSIFICATION_PAGE,
    DATASET,
    EXAMPLES,
    EXPLORE_JOBS,
    EXPLORE_TRANSFORMERS,
    JOBS_PAGE,
    MODELS,
    RUN_CLASSIFICATION,
    UV_PAGE,
)
from stories.steps import Call, say, turn

DOCS = "https://huggingface.co/docs"

NUMBERS = """
python3 - <<'EOF'
import pandas as pd
df = pd.read_parquet("hf://datasets/biglam/on_the_books/data/train-00000-of-00001.parquet")
year = df["id"].str[:4].astype(int)
words = df["section_text"].str.split().str.len()
print("rows", len(df), " years", year.min(), "-", year.max(), " missing", int(df.isna().sum().sum()))
print("label", df["jim_crow"].value_counts().to_dict(), f"{df['jim_crow'].mean():.1%} positive")
print("words median", int(words.median()), " p95", int(words.quantile(.95)), " max", words.max())
for col in ("type", "source"):
    print(f"\\nby {col:14} {'n':>5} {'jim_crow':>9}")
    for key, rows in df.groupby(col)["jim_crow"]:
        print(f"{key:17} {len(rows):5d} {rows.mean():9.1%}")
EOF
"""

PRINTED = """
rows 1785  years 1866 - 1967  missing 0
label {0: 1273, 1: 512} 28.7% positive
words median 87  p95 386  max 4189

by type               n  jim_crow
private laws        527     31.5%
public laws         749     41.4%
public local laws   304      4.3%
session laws        205     11.2%

by source             n  jim_crow
murray               38     92.1%
paschal              74    100.0%
project experts    1673     24.1%
"""

TURNS = (
    turn(
        0,
        say("I'll start with the current documentation so that I use the right APIs. First, text classification."),
        Call(
            "explore_hf_docs",
            {"endpoint": "transformers", "query": "text classification fine-tuning Trainer", "max_results": 3},
            EXPLORE_TRANSFORMERS,
        ),
    ),
    turn(
        0,
        say("The sequence classification guide is what I need. Reading it."),
        Call("fetch_hf_docs", {"url": f"{DOCS}/transformers/tasks/sequence_classification"}, CLASSIFICATION_PAGE),
    ),
    turn(
        0,
        say("Next, HF Jobs: the overview, and which pages describe running a script."),
        Call("explore_hf_docs", {"endpoint": "hub", "query": "jobs run script gpu", "max_results": 3}, EXPLORE_JOBS),
        Call("fetch_hf_docs", {"url": f"{DOCS}/hub/jobs-quickstart"}, JOBS_PAGE),
    ),
    turn(
        0,
        say("The Jobs guide for UV scripts should list the options for secrets and timeouts."),
        Call("fetch_hf_docs", {"url": f"{DOCS}/huggingface_hub/guides/jobs"}, UV_PAGE),
    ),
    turn(
        0,
        say("Now literature: which encoders work best on legal text?"),
        Call("hf_papers", {"operation": "search", "query": "BERT pretrained on legal text", "limit": 3}, BERT_SEARCH),
    ),
    turn(
        0,
        say("LEGAL-BERT looks relevant. Getting its details and the linked models."),
        Call("hf_papers", {"operation": "paper_details", "arxiv_id": "2010.02559"}, BERT_PAPER),
        Call("hf_papers", {"operation": "find_models", "arxiv_id": "2010.02559", "limit": 3}, MODELS),
    ),
    turn(
        0,
        say("Let me find a maintained example script for the Trainer."),
        Call(
            "github_find_examples",
            {"org": "huggingface", "repo": "transformers", "keyword": "text-classification", "max_results": 4},
            EXAMPLES,
        ),
    ),
    turn(
        0,
        say("Reading the relevant part of run_classification.py."),
        Call(
            "github_read_file",
            {
                "repo": "huggingface/transformers",
                "path": "examples/pytorch/text-classification/run_classification.py",
                "line_start": 690,
                "line_end": 722,
            },
            RUN_CLASSIFICATION,
        ),
    ),
    turn(
        0,
        say("Docs are covered. Now the dataset."),
        Call("hf_inspect_dataset", {"dataset": "biglam/on_the_books", "sample_rows": 2}, DATASET),
    ),
    turn(
        0,
        say("The label column is `jim_crow` and the text is `section_text`. Computing statistics over all rows."),
        bash(
            "python -c \"import pandas as pd; print(pd.read_parquet('hf://datasets/biglam/on_the_books/data/"
            "train-00000-of-00001.parquet').describe())\"",
            "Exit code 127\nbash: python: command not found",
        ),
    ),
    turn(
        0,
        say("There is no `python` here. Looking for the interpreter and what it has."),
        bash(
            "which python3 pip; python3 --version; python3 -m pip list 2>/dev/null | grep -iE "
            "'pandas|pyarrow|hub|torch'",
            """
/usr/bin/python3
/opt/tools/bin/pip
Python 3.12.3
huggingface_hub    1.11.0
pandas             2.3.3
pyarrow            21.0.0
""",
        ),
    ),
    turn(0, bash(NUMBERS, PRINTED)),
)
