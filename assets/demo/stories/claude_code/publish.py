"""Finishing the model card, checking what was pushed, and the closing message."""

from __future__ import annotations

from stories.claude_code.explore import PLAN
from stories.claude_code.script import CARD_LIMITS, CARD_RESULTS
from stories.claude_code.tools import bash, edit, todos
from stories.steps import say, think, turn

HUB_ID = "davanstrien/jim-crow-laws-claude-code"

CUT = "Sections longer than 1,024 tokens (2%) are cut. "
SHORT = "Very short sections that lean on their chapter heading are missed. "

ERRORS = """
uv run -q --with datasets --with transformers --with torch --with jinja2 python - <<'EOF'
from datasets import load_dataset
from transformers import pipeline
ds = load_dataset("biglam/on_the_books", split="train").select_columns(["id", "section_text", "jim_crow"])
test = ds.train_test_split(test_size=0.2, seed=42)["test"]
clf = pipeline("text-classification", model="HUB_ID", truncation=True, max_length=1024, batch_size=16)
for row, out in zip(test, clf(list(test["section_text"]))):
    if (out["label"] == "jim_crow") != bool(row["jim_crow"]):
        print(row["jim_crow"], f"{out['score']:.2f}", f"{len(row['section_text']):>5}", row["section_text"][:72])
EOF
""".replace("HUB_ID", HUB_ID)

WRONG = """
0 0.94   611 That the board of directors of the institution for the colored deaf and
1 0.71    97 That this act shall not apply to the schools of said town.
0 0.88   240 That chapter two hundred and nine, relating to separate coaches, be and
0 0.63   455 That the trustees shall set apart a portion of the cemetery for the use
1 0.97   128 That section one of said chapter be amended by adding the word Indian
0 0.79   733 That the voters of said district may petition for a special tax for the
1 0.58  7204 That the charter of the said city be revised and consolidated so as to
0 0.66   318 That the Croatan normal school shall receive from the state treasury the
"""

TURNS = (
    turn(
        6.9,
        think(
            "Epoch 3 was kept: accuracy 0.978, F1 0.962, 5 false alarms and 3 misses on 357 rows. Epoch 4 overfits "
            "slightly (eval loss 0.119 to 0.134), so loading the best checkpoint mattered. Put exactly these numbers "
            "in the card."
        ),
        say("Training finished: **F1 0.962, accuracy 0.978** on the test split, best at epoch 3. Filling in the card."),
        edit("MODEL_CARD.md", "TODO\n", CARD_RESULTS + CARD_LIMITS),
    ),
    turn(
        3.4,
        bash(
            'uv run -q --with huggingface_hub python -c "from huggingface_hub import ModelCard; '
            "c = ModelCard.load('MODEL_CARD.md'); c.validate(); print(c.data.base_model, c.data.tags)\"",
            "Validate the card's metadata",
            "answerdotai/ModernBERT-base ['glam', 'legal', 'history', 'jim-crow', 'on-the-books', "
            "'digital-humanities', 'text-classification']",
            1.6,
        ),
    ),
    turn(
        3.2,
        say("The metadata is valid. Uploading it as the repo's README."),
        bash(
            f"hf upload {HUB_ID} MODEL_CARD.md README.md --commit-message 'Add model card'",
            "Upload the card as README.md",
            f"https://huggingface.co/{HUB_ID}/blob/main/README.md",
            1.9,
        ),
    ),
    turn(
        2.5,
        todos(4, *PLAN),
    ),
    turn(
        6.4,
        think(
            "Eight wrong rows out of 357. Worth knowing what they look like before I describe limits: rebuild the "
            "same split (seed 42), run the pushed model on CPU and print the wrong ones. About 40 seconds."
        ),
        say("Before the last check I'd like to see the eight mistakes, in case the card should mention a pattern."),
        bash(ERRORS, "List the eight misclassified test sections", WRONG, 58.7),
    ),
    turn(
        6.1,
        think(
            "No single pattern. Two of the misses are very short sections that only make sense with their chapter "
            "heading, one is long and cut. The false alarms mention race or institutions without being segregation "
            "laws, such as a repeal or a cemetery. Add one line to the limits."
        ),
        say("No single pattern, but very short sections are missed more easily. One line in the limits covers it."),
        edit("MODEL_CARD.md", CUT, CUT + SHORT),
    ),
    turn(
        3.0,
        bash(
            f"hf upload {HUB_ID} MODEL_CARD.md README.md --commit-message 'Card: say what the mistakes look like'",
            "Upload the updated card",
            f"https://huggingface.co/{HUB_ID}/blob/main/README.md",
            1.8,
        ),
    ),
    turn(
        4.7,
        say("Now checking the pushed model as a user would load it."),
        bash(
            f"""
uv run -q --with transformers --with torch --with jinja2 python - <<'EOF'
from transformers import pipeline
clf = pipeline("text-classification", model="{HUB_ID}", truncation=True)
for text in [
    "The school board shall maintain separate schools for the white and colored races.",
    "The commissioners may levy a tax not exceeding ten cents on the hundred dollars for bridges.",
    "Railroad companies shall furnish separate waiting rooms for white and colored passengers.",
    "It shall be unlawful to hunt quail in the county of Moore before the first of November.",
]:
    print(clf(text)[0], text[:52])
EOF
""",
            "Run the pushed model on four made-up sentences",
            """
{'label': 'jim_crow', 'score': 0.9981403350830078} The school board shall maintain separate schools for
{'label': 'no_jim_crow', 'score': 0.9993698596954346} The commissioners may levy a tax not exceeding ten c
{'label': 'jim_crow', 'score': 0.9976213574409485} Railroad companies shall furnish separate waiting ro
{'label': 'no_jim_crow', 'score': 0.999182403087616} It shall be unlawful to hunt quail in the county of
""",
            23.8,
        ),
    ),
    turn(
        5.1,
        think(
            "Labels and scores are right and the label names came through. These four are easy, so this only shows "
            "that the files load. Check the repo listing and that the card's metadata parsed."
        ),
        bash(
            f"curl -s https://huggingface.co/api/models/{HUB_ID} | "
            "jq '{id, pipeline_tag, tags, license: .cardData.license, files: [.siblings[].rfilename]}'",
            "Check metadata and files on the Hub",
            f"""
{{
  "id": "{HUB_ID}",
  "pipeline_tag": "text-classification",
  "tags": ["transformers", "safetensors", "modernbert", "text-classification", "glam", "legal", "history",
    "jim-crow", "on-the-books", "digital-humanities", "en", "dataset:biglam/on_the_books",
    "base_model:finetune:answerdotai/ModernBERT-base", "license:apache-2.0"],
  "license": "apache-2.0",
  "files": [".gitattributes", "README.md", "config.json", "model.safetensors", "tokenizer.json",
    "tokenizer_config.json"]
}}
""",
            0.7,
        ),
    ),
    turn(
        3.0,
        say("All files and tags are in place. Last: no job left running."),
        bash(
            "hf jobs ps",
            "Confirm nothing is still running",
            "No jobs found.",
            0.8,
        ),
    ),
    turn(2.2, todos(5, *PLAN)),
    turn(
        8.6,
        say(
            f"""
The model is trained and on the Hub: https://huggingface.co/{HUB_ID}

| | |
|---|---|
| Base model | ModernBERT-base, 1,024 tokens (covers 98% of sections uncut) |
| Data | 1,785 sections, random 80/20 split, test n = 357 |
| Accuracy | 0.978 |
| **F1 (jim_crow)** | **0.962** (precision 0.953, recall 0.971) |
| Job | one A10G through HF Jobs, about 3 minutes, weighted loss for the 29/71 imbalance |

**Input:** `section_text` only. `source` would leak the label (paschal is 100% positive, murray is 92% positive);
the card says so. The card also lists limits: OCR noise, North Carolina only, sections over 1,024 tokens are cut.
"""
        ),
    ),
)
