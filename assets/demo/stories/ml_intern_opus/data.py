"""Looking at the data first: lengths, token counts for three encoders, and the model chosen from them."""

from __future__ import annotations

from stories.intern_tools import bash, edit, job, plan, repo, write
from stories.ml_intern_opus.script import TRAIN
from stories.steps import Call, say, turn

PLAN = (
    "Choose the base model from the text lengths",
    "Write and check the training script",
    "One-epoch trial on HF Jobs",
    "Full training run, push to the Hub",
    "Model card and a check of the pushed model",
)

TURNS = (
    turn(
        0,
        say("I'll look at the dataset before choosing a model."),
        Call(
            "hf_inspect_dataset",
            {"dataset": "biglam/on_the_books", "sample_rows": 2},
            """\
# biglam/on_the_books

## Status
Valid (viewer, preview, search, filter, statistics)

## Structure (configs & splits)
| Config | Split |
|--------|-------|
| default | train |

## Schema (default)
| Column | Type |
|--------|------|
| id | string |
| source | string |
| jim_crow | ClassLabel (no_jim_crow=0, jim_crow=1) |
| type | string |
| chapter_num | int32 |
| section_num | int32 |
| chapter_text | string |
| section_text | string |

## Sample Rows (default/train)
**Row 1:**
- id: 1907_public laws_474_2
- jim_crow: 0
- type: public laws
- chapter_text: An act to amend the charter of a graded school district.
- section_text: That the said trustees shall have power to employ teachers and fix their salaries, and shall...
**Row 2:**
- id: 1891_private laws_133_9
- jim_crow: 1
- type: private laws
- chapter_text: An act to establish public schools in the town.
- section_text: That the board shall provide separate school-houses for the children of each race, and the funds...

## Files (Parquet)
- default/train: 1 file(s) (1.0 MB)""",
        ),
    ),
    turn(
        0,
        say("A single split with a binary label. Text length decides the encoder, so that comes first."),
        bash(
            """
uv run -q --with datasets --with pandas python - <<'EOF'
from datasets import load_dataset
df = load_dataset("biglam/on_the_books", split="train").to_pandas()
print(df["jim_crow"].value_counts(normalize=True).round(3).to_dict(), len(df))
chars = df["section_text"].str.len()
print(chars.describe(percentiles=[.5, .9, .95, .99]).round(0).to_string())
print(df.groupby("jim_crow")["section_text"].apply(lambda s: s.str.len().median()).to_string())
EOF
""",
            """
{0: 0.713, 1: 0.287} 1785
count     1785.0
mean       863.0
std       1470.0
min         40.0
50%        508.0
90%       1620.0
95%       2236.0
99%       6829.0
max      23957.0
jim_crow
0    472.0
1    595.0
""",
        ),
    ),
    turn(
        0,
        say("Long tail: the top 1% are over 6,800 characters. Counting tokens with three candidate encoders."),
        bash(
            """
uv run -q --with datasets --with transformers python - <<'EOF'
import numpy as np
from datasets import load_dataset
from transformers import AutoTokenizer
ds = load_dataset("biglam/on_the_books", split="train")
y = np.array(ds["jim_crow"])
for name in ["nlpaueb/legal-bert-base-uncased", "FacebookAI/roberta-base", "answerdotai/ModernBERT-base"]:
    tok = AutoTokenizer.from_pretrained(name)
    n = np.array([len(i) for i in tok(list(ds["section_text"]), verbose=False)["input_ids"]])
    over = {k: (int((n > k).sum()), int(((n > k) & (y == 1)).sum())) for k in (512, 1024, 2048)}
    print(f"{name:34} median {np.median(n):.0f} max {n.max()} over {over}")  # (all, positive)
EOF
""",
            """
nlpaueb/legal-bert-base-uncased    median 116 max 5611 over {512: (93, 36), 1024: (36, 16), 2048: (13, 6)}
FacebookAI/roberta-base            median 121 max 5790 over {512: (98, 38), 1024: (37, 16), 2048: (13, 6)}
answerdotai/ModernBERT-base        median 119 max 5702 over {512: (95, 37), 1024: (36, 16), 2048: (13, 6)}
""",
        ),
    ),
    turn(
        0,
        say(
            "A 512-token encoder would cut about 95 sections, 37 of them positive: 7% of the positive class. "
            "ModernBERT at 2,048 tokens cuts 13. Checking that the checkpoint has what I need."
        ),
        repo(
            "list",
            "answerdotai/ModernBERT-base",
            """
**answerdotai/ModernBERT-base** (model, main)
- .gitattributes (1.5 KB)
- README.md (12.1 KB)
- config.json (1.2 KB)
- model.safetensors (598.4 MB)
- special_tokens_map.json (0.7 KB)
- tokenizer.json (2.1 MB)
- tokenizer_config.json (20.8 KB)
""",
        ),
    ),
    turn(
        0,
        say("And its context length and licence."),
        bash(
            "curl -s https://huggingface.co/answerdotai/ModernBERT-base/raw/main/config.json | "
            "jq -c '{max_position_embeddings, hidden_size, num_hidden_layers}'; "
            "curl -s https://huggingface.co/api/models/answerdotai/ModernBERT-base | jq -r .cardData.license",
            """
{"max_position_embeddings":8192,"hidden_size":768,"num_hidden_layers":22}
apache-2.0
""",
        ),
    ),
    turn(
        0,
        say(
            "**ModernBERT-base it is**: 8,192 positions, Apache 2.0, 149M parameters. Dynamic padding keeps the cost "
            "low because the median section has 119 tokens."
        ),
        plan(1, *PLAN),
    ),
    turn(0, say("Writing the training script, with `section_text` as the only input."), write("/app/train.py", TRAIN)),
    turn(
        0,
        say("`bf16=True` would stop the CPU check in this sandbox. Making it depend on the device."),
        edit("/app/train.py", "        bf16=True,", "        bf16=torch.cuda.is_available(),"),
    ),
    turn(
        0,
        say("Compile and lint."),
        bash("cd /app && python -m py_compile train.py && uvx -q ruff check -q train.py && echo ok", "ok"),
    ),
    turn(
        0,
        say("A tiny run on CPU to see labels, loss and metrics flow."),
        bash(
            "cd /app && uv run -q --with datasets --with transformers --with accelerate --with torch --with "
            "scikit-learn train.py --epochs 1 --limit 24 --no-push 2>&1 | tail -6",
            """
train=24 test=12 positives=4
{'eval_loss': 0.6402, 'eval_accuracy': 0.6667, 'eval_precision': 0.0, 'eval_recall': 0.0, 'eval_f1': 0.0, 'epoch': 1.0}
{'train_runtime': 21.8834, 'train_samples_per_second': 1.097, 'train_loss': 0.7013, 'epoch': 1.0}
final {'test_loss': 0.6402, 'test_accuracy': 0.6667, 'test_precision': 0.0, 'test_recall': 0.0, 'test_f1': 0.0}
confusion [[8, 0], [4, 0]]
""",
        ),
    ),
    turn(
        0,
        say("The script runs from end to end. Making sure no other job is running in the namespace."),
        job("ps", "No running jobs found."),
    ),
    turn(
        0,
        say("And that the target name is free, since a push would add to an existing repo."),
        bash(
            "curl -s -o /dev/null -w '%{http_code}\\n' "
            "https://huggingface.co/api/models/davanstrien/jim-crow-laws-ml-agent",
            "404",
        ),
    ),
)
