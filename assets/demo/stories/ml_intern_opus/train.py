"""Two jobs on one A10G, a trial epoch and the full run, then the card and a check of what was pushed."""

from __future__ import annotations

from stories.intern_tools import bash, edit, finished, job, plan, repo, write
from stories.logs import Counts, evaluation, step
from stories.ml_intern_opus.data import PLAN
from stories.ml_intern_opus.script import CARD, HUB_ID, USAGE
from stories.steps import say, turn

DEPENDENCIES = ["datasets", "transformers", "accelerate", "torch", "scikit-learn"]
TRIAL, FULL = "69f9b6d1c05e83a7142fd96b", "69f9b7a94d1fe6308b75c2e0"
ROUNDS = (Counts(85, 12, 14), Counts(90, 9, 9), Counts(92, 7, 7), Counts(93, 4, 6), Counts(92, 4, 7))
RUN = {"script": "/app/train.py", "dependencies": DEPENDENCIES, "hardware_flavor": "a10g-small", "timeout": "30m"}

TRIAL_LOG = "\n".join(
    (
        "[installs truncated]",
        "Installed 58 packages in 1.31s",
        "train=1428 test=357 positives=99",
        step(0.5402, 6.1174, 4e-05, 0.5),
        step(0.3011, 5.0946, 7.9e-07, 1.0),
        evaluation(Counts(83, 15, 16), 0.2607, 3.418, 1.0),
        "{'train_runtime': 46.9022, 'train_samples_per_second': 30.446, 'train_loss': 0.4206, 'epoch': 1.0}",
        "confusion [[243, 15], [16, 83]]",
    )
)
LOSSES = ((0.5377, 0.2904, 0.2419), (0.1783, 0.1569, 0.1702), (0.0846, 0.0917, 0.1498))
LATE = ((0.0402, 0.0311, 0.1533), (0.0118, 0.0097, 0.1647))


def full_log() -> str:
    """The log of the five-epoch run."""
    lines = ["[installs truncated]", "Installed 58 packages in 1.29s", "train=1428 test=357 positives=99"]
    for number, (counts, (half, whole, held)) in enumerate(zip(ROUNDS, LOSSES + LATE, strict=True)):
        rate = round(4e-5 * (1 - (number * 90 + 45 - 40) / 410), 8)
        lines.append(step(half, round(4.2 / (number + 1), 4), rate, number + 0.5))
        later = round(rate * (1 - 0.11 * (number + 1)), 8)
        lines.append(step(whole, round(3.1 / (number + 1), 4), later, number + 1.0))
        lines.append(evaluation(counts, held, 3.402, number + 1.0))
    best = ROUNDS[3]
    lines.append("{'train_runtime': 228.4471, 'train_samples_per_second': 31.254, 'train_loss': 0.1632, 'epoch': 5.0}")
    lines.append(
        f"final {{'test_loss': 0.1533, 'test_accuracy': {best.accuracy:.4f}, 'test_precision': {best.precision:.4f}, "
        f"'test_recall': {best.recall:.4f}, 'test_f1': {best.f1:.4f}}}"
    )
    lines.append(f"confusion [[{best.true_negatives}, 4], [6, 93]]")
    return "\n".join([*lines, f"pushed {HUB_ID}"])


TURNS = (
    turn(
        0,
        say("One epoch on a GPU first: it shows memory use at 2,048 tokens and the time per epoch."),
        job("run", finished(TRIAL, "COMPLETED", TRIAL_LOG), **RUN, script_args=["--epochs", "1", "--no-push"]),
    ),
    turn(
        0,
        say("47 seconds for an epoch, no memory trouble, F1 0.843 already. The learning rate looks right."),
        plan(3, *PLAN),
    ),
    turn(
        0,
        say("Full run: five epochs, best one by F1 kept and pushed. The token goes in as a job secret."),
        job("run", finished(FULL, "COMPLETED", full_log()), **RUN, secrets={"HF_TOKEN": "$HF_TOKEN"}),
    ),
    turn(
        0,
        say("**F1 0.949**, accuracy 0.972, best at epoch 4. Confirming the job's end state."),
        job(
            "inspect",
            f"""
**Job Details** (1 job):

- **{FULL}** COMPLETED, a10g-small, image ghcr.io/astral-sh/uv:python3.12-bookworm
""",
            job_id=FULL,
        ),
    ),
    turn(
        0,
        say("And what arrived on the Hub."),
        repo(
            "list",
            HUB_ID,
            f"""
**{HUB_ID}** (model, main)
- .gitattributes (1.5 KB)
- README.md (1.6 KB)
- config.json (1.4 KB)
- model.safetensors (598.4 MB)
- tokenizer.json (3.6 MB)
- tokenizer_config.json (20.8 KB)
- training_args.bin (5.8 KB)
""",
        ),
    ),
    turn(
        0,
        say("All there. The generated README says little, so I'll write a proper card."),
        write("/app/README.md", CARD),
    ),
    turn(
        0,
        say("Adding a usage example."),
        edit("/app/README.md", "## Limits\n", USAGE),
    ),
    turn(
        0,
        say("Uploading the card."),
        repo("upload", HUB_ID, f"Uploaded README.md to {HUB_ID} (main)", path="README.md", local_path="/app/README.md"),
    ),
    turn(
        0,
        say("Checking that the card's front matter was understood."),
        bash(
            f"curl -s https://huggingface.co/api/models/{HUB_ID} | jq -c '[.pipeline_tag, .cardData.base_model, "
            ".cardData.datasets, .cardData.license]'",
            '["text-classification","answerdotai/ModernBERT-base",["biglam/on_the_books"],"apache-2.0"]',
        ),
    ),
    turn(
        0,
        say("Running the README example and two others against the pushed model."),
        bash(
            f"""
uv run -q --with transformers --with torch python - <<'EOF'
from transformers import pipeline
clf = pipeline("text-classification", model="{HUB_ID}", truncation=True)
for t in ["Separate schools shall be maintained for the white and colored races.",
          "Said corporation may issue bonds in a sum not exceeding fifty thousand dollars.",
          "No white child shall attend a school for the colored race, nor any colored child a white school."]:
    r = clf(t)[0]
    print(f"{{r['label']:12}} {{r['score']:.4f}}  {{t[:50]}}")
EOF
""",
            """
jim_crow     0.9971  Separate schools shall be maintained for the white
no_jim_crow  0.9988  Said corporation may issue bonds in a sum not exce
jim_crow     0.9969  No white child shall attend a school for the color
""",
        ),
    ),
    turn(
        0,
        say("One long text as well, because that was the reason for this encoder: 5,600 tokens, cut at 2,048."),
        bash(
            f"""
uv run -q --with datasets --with transformers --with torch python - <<'EOF'
from datasets import load_dataset
from transformers import pipeline
ds = load_dataset("biglam/on_the_books", split="train")
longest = max(range(len(ds)), key=lambda i: len(ds[i]["section_text"]))
clf = pipeline("text-classification", model="{HUB_ID}", truncation=True, max_length=2048)
print(ds[longest]["id"], "label", ds[longest]["jim_crow"], clf(ds[longest]["section_text"]))
EOF
""",
            "1897_private laws_114_1 label 1 [{'label': 'jim_crow', 'score': 0.9413}]",
        ),
    ),
    turn(0, say("Long input works too. Confirming that nothing is left running."), job("ps", "No running jobs found.")),
    turn(0, say("Free. Closing the plan."), plan(5, *PLAN)),
    turn(0, say("One last look at the uploaded card."), repo("read", HUB_ID, CARD[:420] + "...", path="README.md")),
    turn(
        0,
        say(
            f"""
The classifier is trained and pushed: https://huggingface.co/{HUB_ID}

- **Base model:** ModernBERT-base at 2,048 tokens, chosen from the data: a 512-token encoder would have cut 95 sections,
  37 of them positive; this one cuts 13
- **Test F1: 0.949** (accuracy 0.972, precision 0.959, recall 0.939) on a random 80/20 split, n = 357
- **Training:** five epochs on one A10G with HF Jobs, under four minutes (job `{FULL}`), best epoch by F1
- **Card:** results, training details, limits and a usage example
"""
        ),
    ),
)
