"""The card, one more missing command, and the closing message."""

from __future__ import annotations

from stories.intern_tools import bash, job, plan, repo, write
from stories.ml_intern_kimi.jobs import GOOD
from stories.ml_intern_kimi.script import CARD, HUB_ID
from stories.ml_intern_kimi.setup import PLAN
from stories.steps import say, turn

TURNS = (
    turn(
        0,
        job(
            "inspect",
            f"""
**Job Details** (1 job):

- **{GOOD}** COMPLETED, t4-small, image ghcr.io/astral-sh/uv:python3.12-bookworm
""",
            job_id=GOOD,
        ),
    ),
    turn(
        0,
        say("The job completed. Listing the pushed files."),
        repo(
            "list",
            HUB_ID,
            f"""
**{HUB_ID}** (model, main)
- .gitattributes (1.5 KB)
- README.md (5.2 KB)
- config.json (0.8 KB)
- model.safetensors (438.0 MB)
- tokenizer.json (711.4 KB)
- tokenizer_config.json (1.2 KB)
""",
        ),
    ),
    turn(0, say("Model and tokenizer are there. Writing the model card."), write("/app/README.md", CARD)),
    turn(
        0,
        say("Uploading the card."),
        bash(
            f"hf upload {HUB_ID} /app/README.md README.md",
            "Exit code 127\nbash: hf: command not found",
        ),
    ),
    turn(
        0,
        say("Full path again."),
        bash(
            f"/opt/tools/share/bin/hf upload {HUB_ID} /app/README.md README.md",
            f"https://huggingface.co/{HUB_ID}/blob/main/README.md",
        ),
    ),
    turn(
        0,
        say("Verifying the card on the Hub."),
        repo("read", HUB_ID, CARD[:520] + "...", path="README.md"),
    ),
    turn(
        0,
        say("Testing inference with the pushed model."),
        bash(
            f"""
python3 - <<'EOF'
from transformers import pipeline
clf = pipeline("text-classification", model="{HUB_ID}")
print(clf("The county board shall maintain separate schools for each race."))
print(clf("The town may issue bonds for the building of a water system."))
EOF
""",
            """
[{'label': 'jim_crow', 'score': 0.9924817085266113}]
[{'label': 'no_jim_crow', 'score': 0.9956032633781433}]
""",
        ),
    ),
    turn(
        0,
        say("Both are right. Checking that no job is left running."),
        job("ps", "No running jobs found."),
    ),
    turn(0, say("All clean. Completing the plan."), plan(5, *PLAN)),
    turn(
        0,
        say(
            f"""
The model is trained and pushed to the Hub: https://huggingface.co/{HUB_ID}

**Results** (random 20% test set, 357 sections)
- F1: **0.947**
- Accuracy: 0.966, precision 0.939, recall 0.955

**Setup**
- Base model: nlpaueb/legal-bert-base-uncased, pre-trained on legal text, `section_text` truncated to 512 tokens
- 4 epochs on a T4 with HF Jobs (job `{GOOD}`), learning rate 3e-5, fp16

The model card has the metrics, training details and a usage example.
"""
        ),
    ),
)
