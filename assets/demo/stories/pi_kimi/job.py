"""The job that works, the card the Trainer wrote, and the closing message."""

from __future__ import annotations

from stories.logs import Counts, evaluation, step
from stories.pi_kimi.tools import bash
from stories.steps import say, think, turn

JOB = "69f4aed896c41e7d5b8a20f3"
REPO = "davanstrien/jim-crow-laws-pi-kimi"
ROUNDS = (Counts(90, 15, 13), Counts(97, 10, 6), Counts(98, 6, 5))

QUEUE = f"""
JOB ID       IMAGE/SPACE      COMMAND         CREATED             STATUS
------------ ---------------- --------------- ------------------- ---------
{JOB[:9]}... ghcr.io/astra... uv run /data... 2026-05-01 13:47:04 RUNNING
69f4ae240... ghcr.io/astra... uv run /data... 2026-05-01 13:44:04 ERROR
"""

HEAD = """\
Installed 57 packages in 1.39s
Map: 100%|##########| 1428/1428 [00:00<00:00, 2866.90 examples/s]
Map: 100%|##########| 357/357 [00:00<00:00, 2911.37 examples/s]
"""
FIRST = "\n".join(
    (
        step(0.5871, 4.2212, 1.67e-05, 0.5),
        step(0.3604, 8.1093, 1.34e-05, 1.0),
        evaluation(ROUNDS[0], 0.2746, 4.318, 1.0),
    )
)
SECOND = "\n".join(
    (
        step(0.2183, 6.9047, 1.01e-05, 1.5),
        step(0.1976, 2.5541, 6.7e-06, 2.0),
        evaluation(ROUNDS[1], 0.1702, 4.301, 2.0),
    )
)
THIRD = "\n".join(
    (
        step(0.1217, 11.3306, 3.4e-06, 2.5),
        step(0.1094, 0.7318, 7e-08, 3.0),
        evaluation(ROUNDS[2], 0.1391, 4.322, 3.0),
        "{'train_runtime': 221.4063, 'train_samples_per_second': 19.349, 'train_loss': 0.2658, 'epoch': 3.0}",
        evaluation(ROUNDS[2], 0.1391, 4.296, 3.0),
    )
)

CARD = f"""
---
library_name: transformers
license: mit
base_model: FacebookAI/roberta-base
tags:
- generated_from_trainer
metrics:
- accuracy
- precision
- recall
- f1
model-index:
- name: jim-crow-laws-pi-kimi
  results: []
---

# jim-crow-laws-pi-kimi

This model is a fine-tuned version of [FacebookAI/roberta-base](https://huggingface.co/FacebookAI/roberta-base) on an
unknown dataset. It achieves the following results on the evaluation set:
- Loss: 0.1391
- Accuracy: {ROUNDS[2].accuracy:.4f}
- Precision: {ROUNDS[2].precision:.4f}
- Recall: {ROUNDS[2].recall:.4f}
- F1: {ROUNDS[2].f1:.4f}

## Model description

More information needed

## Training procedure

### Training hyperparameters
- learning_rate: 2e-05
- train_batch_size: 16
- eval_batch_size: 32
- num_epochs: 3
"""

TURNS = (
    turn(
        5.8,
        think("Now it trains and evaluates. F1 of 0 after two steps is expected. Submit detached and poll the log."),
        say("The smoke test passes: labels arrive and metrics are computed. Starting the real job in the background."),
        bash(
            "hf jobs uv run --flavor t4-small --timeout 30m --secrets HF_TOKEN -d train.py",
            f"""
Job started with ID: {JOB}
View at: https://huggingface.co/jobs/davanstrien/{JOB}
""",
            2.9,
        ),
    ),
    turn(
        3.4,
        think("It needs to be scheduled first. Check the stage after a while."),
        bash("sleep 30 && hf jobs ps -a | head -4", QUEUE, 31.0),
    ),
    turn(
        2.7,
        think("Running. The first job needed about a minute before training started."),
        bash(f"sleep 120 && hf jobs logs {JOB} 2>&1 | tail -15", HEAD + FIRST, 121.2, timeout=300),
    ),
    turn(
        4.4,
        think("Epoch 1 F1 is 0.865. Still rising, loss goes down. About 70 seconds per epoch on the T4."),
        bash(f"sleep 85 && hf jobs logs {JOB} 2>&1 | tail -4", SECOND, 86.3, timeout=300),
    ),
    turn(
        3.6,
        think("Epoch 2: 0.924. One more epoch, then evaluation and the push."),
        bash(f"sleep 100 && hf jobs logs {JOB} 2>&1 | tail -8", THIRD, 101.2, timeout=300),
    ),
    turn(
        3.9,
        think(
            "F1 goes 0.865, 0.924, 0.947, and the last evaluation is on the best checkpoint. Did the push go through?"
        ),
        say("Training is done with F1 0.947 on the test split. Checking that the job finished and the push worked."),
        bash(
            f"hf jobs inspect {JOB} | jq -r '.[0].status.stage'; "
            f"curl -s https://huggingface.co/api/models/{REPO} | jq -c '[.siblings[].rfilename]'",
            """
COMPLETED
[".gitattributes","README.md","config.json","model.safetensors","tokenizer.json","tokenizer_config.json",
"training_args.bin"]
""",
            1.5,
        ),
    ),
    turn(
        3.3,
        think("All files are there. Look at the model card that the Trainer wrote."),
        bash(f"curl -sL https://huggingface.co/{REPO}/raw/main/README.md | head -42", CARD, 0.5),
    ),
    turn(
        5.4,
        think(
            "The card has the metrics and hyperparameters. Last, load the model from the Hub and classify something."
        ),
        bash(
            f"""
uv run -q --with transformers --with torch python - <<'EOF'
from transformers import pipeline
clf = pipeline("text-classification", model="{REPO}")
print(clf("There shall be separate schools for the white and colored children of the county."))
print(clf("The sheriff shall collect the taxes levied under this act."))
EOF
""",
            """
[{'label': 'LABEL_1', 'score': 0.9962471723556519}]
[{'label': 'LABEL_0', 'score': 0.9978132247924805}]
""",
            24.6,
        ),
    ),
    turn(
        3.1,
        say("The model loads from the Hub and separates the two examples. Making sure nothing is left running."),
        bash("hf jobs ps", "No jobs found.", 0.8),
    ),
    turn(
        7.9,
        think("Works. Summarise for the user."),
        say(
            f"""
Done. The model is at https://huggingface.co/{REPO}

- Base model: RoBERTa-base, trained on `section_text`, 3 epochs on a T4 with HF Jobs (job `{JOB}`)
- Random 80/20 split: 1,428 train, 357 test
- Test **F1 0.947** (precision {ROUNDS[2].precision:.3f}, recall {ROUNDS[2].recall:.3f})
- Labels: `LABEL_1` is a Jim Crow law, `LABEL_0` is not

I fixed four API mismatches on the way: the label column is `jim_crow`, `evaluation_strategy` became `eval_strategy`,
`tokenizer` became `processing_class`, and the label column had to be renamed to `labels` for the loss.
"""
        ),
    ),
)
