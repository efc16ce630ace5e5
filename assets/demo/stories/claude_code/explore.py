"""Looking at the data: what the label is, how long the sections are, and what `source` gives away."""

from __future__ import annotations

from stories.claude_code.script import CARD_DRAFT
from stories.claude_code.tools import bash, todos, write
from stories.steps import say, think, turn

PLAN = (
    "Explore the dataset",
    "Write the training script",
    "Smoke-test it locally",
    "Train on HF Jobs",
    "Check the pushed model and finish the card",
)

TURNS = (
    turn(
        5.2,
        think(
            "The user wants a classifier fine-tuned on biglam/on_the_books, trained with HF Jobs and pushed. First: "
            "am I logged in, which tools are here, and what does the dataset look like? I should not assume the "
            "label column."
        ),
        say("I'll check the environment first, then look at the dataset before choosing a model."),
        bash(
            "hf auth whoami && hf version && uv --version && ls -la",
            "Check HF login, CLI versions and working directory",
            """
user:  davanstrien
huggingface_hub version: 1.12.0
uv 0.9.28
total 8
drwxr-xr-x 2 dev dev 4096 May  1 13:20 .
drwxr-xr-x 9 dev dev 4096 May  1 13:20 ..
""",
            1.4,
        ),
    ),
    turn(
        3.4,
        bash(
            "python3 -c \"from datasets import load_dataset; print(load_dataset('biglam/on_the_books'))\"",
            "Load the dataset and print its structure",
            """
Exit code 1
Traceback (most recent call last):
  File "<string>", line 1, in <module>
ModuleNotFoundError: No module named 'datasets'
""",
            0.2,
            failed=True,
        ),
    ),
    turn(
        4.6,
        say("No `datasets` in the system Python. I'll use a throwaway uv environment instead of installing anything."),
        bash(
            """
uv run -q --with datasets --with pandas python - <<'EOF'
from datasets import load_dataset
ds = load_dataset("biglam/on_the_books")
print(ds)
print(ds["train"].features)
df = ds["train"].to_pandas()
print(df["jim_crow"].value_counts())
print(df["section_text"].str.len().describe().round(1))
EOF
""",
            "Inspect splits, features, label balance and text lengths",
            """
DatasetDict({
    train: Dataset({
        features: ['id', 'source', 'jim_crow', 'type', 'chapter_num', 'section_num', 'chapter_text', 'section_text'],
        num_rows: 1785
    })
})
{'id': Value('string'), 'source': Value('string'), 'jim_crow': ClassLabel(names=['no_jim_crow', 'jim_crow']),
 'type': Value('string'), 'chapter_num': Value('int32'), 'section_num': Value('int32'),
 'chapter_text': Value('string'), 'section_text': Value('string')}
jim_crow
0    1273
1     512
Name: count, dtype: int64
count     1785.0
mean       863.2
std       1470.0
min         40.0
25%        297.0
50%        508.0
75%        917.0
max      23957.0
Name: section_text, dtype: float64
""",
            11.8,
        ),
    ),
    turn(
        4.4,
        think(
            "Label is `jim_crow`, 512 of 1,785 positive. Read the dataset card before going on: how the labels were "
            "made decides what a split means and what belongs in my card."
        ),
        bash(
            "curl -sL https://huggingface.co/datasets/biglam/on_the_books/raw/main/README.md | head -48",
            "Read the dataset card",
            """
---
language: [en]
license: cc-by-3.0
size_categories: [1K<n<10K]
task_categories: [text-classification]
pretty_name: On the Books training set
tags: [lam, legal]
---
# On the Books training set

Sections of North Carolina session laws, 1866 to 1967, each marked as a Jim Crow law or not. Made by the On the Books
project at the University of North Carolina at Chapel Hill Libraries to train a text classifier.

## Fields
- id: volume, chapter and section
- source: where the label comes from: `project experts`, `murray` or `paschal`
- jim_crow: 0 or 1
- type: public, private, public local or session laws
- chapter_num, section_num, chapter_text, section_text: numbers, heading and OCR text
""",
            0.7,
        ),
    ),
    turn(
        3.9,
        bash(
            """
uv run -q --with datasets python - <<'EOF'
from datasets import load_dataset
ds = load_dataset("biglam/on_the_books", split="train").shuffle(seed=7)
for row in ds.select(range(5)):
    print(row["jim_crow"], row["id"], "|", " ".join(row["section_text"].split())[:80])
EOF
""",
            "Look at five random rows",
            """
0 1911_public laws_88_4 | That the county treasurer shall keep a separate account of all moneys paid under
1 1897_private laws_56_3 | That the school committee may divide the district, one for the white and one for
0 1929_public local laws_210_1 | That it shall be un- lawful for any person to take or catch fish with seines in t
1 1909_public laws_832_2 | That all passenger stations shall have separate wait- ing rooms, properly marked
0 1951_session laws_664_2 | This Act shall apply to the City of Raleigh and shall be in full force and effec
""",
            5.2,
        ),
    ),
    turn(
        7.3,
        think(
            "1,785 rows, a single train split, label `jim_crow`, 28.7% positive. The other columns are metadata. "
            "`source` and `type` are categorical, and the years are in the id. Before deciding on inputs I want to "
            "know how each of them relates to the label: this looks like a merge of several compilations."
        ),
        bash(
            """
uv run -q --with datasets --with pandas python - <<'EOF'
from datasets import load_dataset
df = load_dataset("biglam/on_the_books", split="train").to_pandas()
df["decade"] = df["id"].str[:4].astype(int) // 10 * 10
for col in ["source", "type", "decade"]:
    g = df.groupby(col)["jim_crow"].agg(n="count", positive_rate="mean")
    g["positive_rate"] = (g["positive_rate"] * 100).round(1)
    print(g, end="\\n\\n")
EOF
""",
            "Positive rate by source, type and decade",
            """
                    n  positive_rate
source
murray             38           92.1
paschal            74          100.0
project experts  1673           24.1

                      n  positive_rate
type
private laws        527           31.5
public laws         749           41.4
public local laws   304            4.3
session laws        205           11.2

          n  positive_rate
decade
1860     13           30.8
1870     28           32.1
1880    196           54.1
1890    240           43.3
1900    373           37.0
1910    343           21.9
1920    209           14.4
1930    154           11.0
1940     70           35.7
1950     86            2.3
1960     73            2.7
""",
            6.1,
        ),
    ),
    turn(
        9.8,
        think(
            "`source` is nearly the label for two of the three values: paschal 74/74, murray 35/38. Those are "
            "curated lists of segregation laws, so it is a property of how the dataset was put together. A model "
            "given `source` would learn the list and not the law. Train on section_text only, and say so in the card "
            "now, while I have the numbers in front of me."
        ),
        say(
            "One thing to settle before any training: `source` would leak the label. `paschal` is 100% positive and "
            "`murray` 92%, against 24% for `project experts`. I'll train on `section_text` only and record that in the "
            "model card straight away."
        ),
        write("MODEL_CARD.md", CARD_DRAFT),
    ),
    turn(
        3.8,
        think("Card started. Keep a list: what remains is lengths, script, smoke test, job, check."),
        todos(1, *PLAN),
    ),
    turn(
        6.2,
        think(
            "Next: token lengths decide the encoder. The character tail goes to 24k, so a 512-token model would cut "
            "some sections. Measure with the ModernBERT and RoBERTa tokenisers."
        ),
        bash(
            """
uv run -q --with datasets --with transformers --with jinja2 python - <<'EOF'
import numpy as np
from datasets import load_dataset
from transformers import AutoTokenizer
texts = load_dataset("biglam/on_the_books", split="train")["section_text"]
for name in ["answerdotai/ModernBERT-base", "FacebookAI/roberta-base"]:
    tok = AutoTokenizer.from_pretrained(name)
    n = np.array([len(x) for x in tok(list(texts), truncation=False, verbose=False)["input_ids"]])
    print(f"{name:30} p50={np.percentile(n, 50):.0f} p90={np.percentile(n, 90):.0f} p95={np.percentile(n, 95):.0f} "
          f"p99={np.percentile(n, 99):.0f} max={n.max()}  >512: {(n > 512).sum()}  >1024: {(n > 1024).sum()}")
EOF
""",
            "Token length distribution for two tokenisers",
            """
answerdotai/ModernBERT-base    p50=119 p90=383 p95=524 p99=1462 max=5702  >512: 95  >1024: 36
FacebookAI/roberta-base        p50=121 p90=389 p95=533 p99=1488 max=5790  >512: 98  >1024: 37
""",
            14.6,
        ),
    ),
    turn(
        7.7,
        think(
            "95 sections (5.3%) are over 512 tokens, 36 (2%) over 1024. ModernBERT-base handles 8192, so 1024 costs "
            "little and covers 98%. 149M parameters on 1,428 training rows: fine on one A10G in a couple of minutes. "
            "Imbalance is mild (29/71), a class-weighted cross entropy is enough. Metric for model selection: F1 of "
            "the positive class."
        ),
        say(
            "**Plan:** ModernBERT-base at 1,024 tokens (covers 98% of sections; a 512-token encoder would cut 95 of "
            "them), class-weighted loss for the 29/71 imbalance, random 80/20 split, best epoch by F1."
        ),
        bash(
            "curl -s https://huggingface.co/api/models/answerdotai/ModernBERT-base | "
            "jq '{id, pipeline_tag, library_name, license: .cardData.license, downloads, lastModified}'",
            "Check the base model's licence and status",
            """
{
  "id": "answerdotai/ModernBERT-base",
  "pipeline_tag": "fill-mask",
  "library_name": "transformers",
  "license": "apache-2.0",
  "downloads": 871204,
  "lastModified": "2025-01-15T08:41:02.000Z"
}
""",
            0.6,
        ),
    ),
)
