"""Writing the script, the smoke test, one wrong flag, and the job on the A10G."""

from __future__ import annotations

from stories.claude_code.explore import PLAN
from stories.claude_code.script import TRAIN
from stories.claude_code.tools import bash, edit, read, todos, write
from stories.logs import Counts, evaluation, report, step
from stories.steps import say, think, turn

JOB = "69f4aa078f3b2c71d04e9a15"
LABELS = ("no_jim_crow", "jim_crow")
BEST = Counts(101, 5, 3)

HEAD = """\
Installed 58 packages in 1.34s
train 1428 rows [1020, 408], test 357, weights [0.699999988079071, 1.75]
Some weights of ModernBertForSequenceClassification were not initialized from the model checkpoint at
answerdotai/ModernBERT-base and are newly initialized: ['classifier.bias', 'classifier.weight']
"""

EPOCHS = (
    "\n".join(
        (
            step(0.6391, 5.2188, 4.0e-05, 0.3333),
            step(0.4127, 7.8043, 4.81e-05, 0.6667),
            step(0.3052, 6.1127, 4.35e-05, 1.0),
            evaluation(Counts(95, 14, 9), 0.2318, 2.114, 1.0),
        )
    ),
    "\n".join(
        (
            step(0.1843, 4.4409, 3.89e-05, 1.3333),
            step(0.1519, 9.0731, 3.43e-05, 1.6667),
            step(0.1602, 3.1176, 2.96e-05, 2.0),
            evaluation(Counts(99, 9, 5), 0.1527, 2.097, 2.0),
        )
    ),
    "\n".join(
        (
            step(0.0714, 0.8842, 2.5e-05, 2.3333),
            step(0.0488, 2.2951, 2.04e-05, 2.6667),
            step(0.0631, 0.4127, 1.57e-05, 3.0),
            evaluation(BEST, 0.1186, 2.102, 3.0),
        )
    ),
    "\n".join(
        (
            step(0.0219, 0.1893, 1.11e-05, 3.3333),
            step(0.0157, 0.0746, 6.5e-06, 3.6667),
            step(0.0204, 0.1308, 1.9e-06, 4.0),
            evaluation(Counts(100, 5, 4), 0.1341, 2.109, 4.0),
        )
    ),
)

STATUS = f"sleep 25; hf jobs inspect {JOB} | jq '.[0] | {{status: .status.stage, flavor, created_at}}'"


def stage(name: str) -> str:
    """What the status command prints for a stage."""
    lines = (f'"status": "{name}"', '"flavor": "a10g-small"', '"created_at": "2026-05-01T13:26:31.518Z"')
    return "{\n  " + ",\n  ".join(lines) + "\n}"


TURNS = (
    turn(
        24.5,
        think(
            "Script: select only section_text and jim_crow right after loading, so no other column can slip in. "
            "Weighted loss needs a Trainer subclass; move the weights to the logits' device and dtype because of "
            "bf16. A --smoke flag lets me run the same file on CPU before paying for a GPU. Push only at the very "
            "end, from the best checkpoint."
        ),
        say("Now the training script, as a single uv script so the same file runs here and in the job."),
        write("train.py", TRAIN),
    ),
    turn(
        2.9,
        say("Checking that it compiles and lints:"),
        bash(
            "python3 -m py_compile train.py && uvx -q ruff check -q train.py && wc -l train.py",
            "Compile and lint the script",
            "108 train.py",
            1.8,
        ),
    ),
    turn(
        3.3,
        say("It compiles. Two training steps on CPU before I pay for a GPU:"),
        bash(
            "uv run -q train.py --smoke --max-length 128 2>&1 | tail -20",
            "Two training steps on CPU",
            """
train 64 rows [44, 20], test 32, weights [0.7272727489471436, 1.600000023841858]
warmup_ratio is deprecated and will be removed in a later version. Use `warmup_steps` instead.
{'train_runtime': 14.2203, 'train_samples_per_second': 2.25, 'train_loss': 0.7204, 'epoch': 0.5}
              precision    recall  f1-score   support

 no_jim_crow     0.7188    1.0000    0.8364        23
    jim_crow     0.0000    0.0000    0.0000         9

    accuracy                         0.7188        32
{'test_loss': 0.6613, 'test_accuracy': 0.7188, 'test_precision': 0.0, 'test_recall': 0.0, 'test_f1': 0.0}
""",
            41.7,
        ),
    ),
    turn(
        4.9,
        think(
            "The path works end to end: labels arrive, loss is finite, metrics compute. An F1 of 0 after two steps "
            "means nothing. The deprecation is worth fixing: 90 steps per epoch, 4 epochs, so 10% is 36 steps. Look "
            "at the arguments as they stand."
        ),
        read("train.py", 74, 18),
    ),
    turn(
        3.6,
        say("Replacing `warmup_ratio` with the equivalent 36 steps (10% of 4 x 90)."),
        edit("train.py", "            warmup_ratio=0.1,\n", "            warmup_steps=36,\n"),
    ),
    turn(
        4.1,
        bash(
            "uv run -q train.py --smoke --max-length 128 2>&1 | grep -iE 'deprecat|warn|error|train_loss'",
            "Smoke test again, warnings only",
            "{'train_runtime': 13.9418, 'train_samples_per_second': 2.295, 'train_loss': 0.7198, 'epoch': 0.5}",
            36.2,
        ),
    ),
    turn(
        3.0,
        think("No warnings left, the loss is the same to three digits. Ready for the job."),
        todos(3, *PLAN),
    ),
    turn(
        3.5,
        say("The smoke test is clean. Picking hardware for the job."),
        bash(
            "hf jobs hardware | head -12",
            "List job flavours and prices",
            """
NAME          PRETTY NAME            CPU      RAM     ACCELERATOR      COST/MIN COST/HOUR
------------  ---------------------- -------- ------- ---------------- -------- ---------
cpu-basic     CPU Basic              2 vCPU   16 GB   N/A              $0.0002  $0.01
cpu-upgrade   CPU Upgrade            8 vCPU   32 GB   N/A              $0.0005  $0.03
t4-small      Nvidia T4 - small      4 vCPU   15 GB   1x T4 (16 GB)    $0.0067  $0.40
t4-medium     Nvidia T4 - medium     8 vCPU   30 GB   1x T4 (16 GB)    $0.0100  $0.60
l4x1          1x Nvidia L4           8 vCPU   30 GB   1x L4 (24 GB)    $0.0133  $0.80
a10g-small    Nvidia A10G - small    4 vCPU   15 GB   1x A10G (24 GB)  $0.0167  $1.00
a10g-large    Nvidia A10G - large    12 vCPU  46 GB   1x A10G (24 GB)  $0.0250  $1.50
""",
            0.7,
        ),
    ),
    turn(
        3.3,
        think("Before spending anything: the target name must be free, push_to_hub would add to an existing repo."),
        bash(
            "curl -s -o /dev/null -w '%{http_code}\\n' "
            "https://huggingface.co/api/models/davanstrien/jim-crow-laws-claude-code",
            "Check that the target repo does not exist yet",
            "404",
            0.4,
        ),
    ),
    turn(
        4.4,
        think(
            "A10G small: bf16, 24 GB, $1 an hour; at 1,024 tokens and batch 16 that is enough. 30 minutes is a safe "
            "cap."
        ),
        bash(
            "hf jobs uv run --flavor a10g-small --timeout 30m --secret HF_TOKEN -d train.py",
            "Submit the training job",
            """
Exit code 2
Usage: hf jobs uv run [OPTIONS] SCRIPT [SCRIPT_ARGS]...
Try 'hf jobs uv run --help' for help.

Error: No such option: --secret (Possible options: --secrets, --secrets-file)
""",
            0.5,
            failed=True,
        ),
    ),
    turn(
        3.0,
        say("The flag is `--secrets`."),
        bash(
            "hf jobs uv run --flavor a10g-small --timeout 30m --secrets HF_TOKEN -d train.py",
            "Submit the training job",
            f"""
Job started with ID: {JOB}
View at: https://huggingface.co/jobs/davanstrien/{JOB}
""",
            2.6,
        ),
    ),
    turn(
        3.2,
        say(f"Job `{JOB}` is submitted. Waiting for it to pick up a GPU."),
        bash(STATUS, "Check the job's status", stage("SCHEDULING"), 26.1),
    ),
    turn(
        2.8,
        think("Still scheduling. Nothing to do but wait."),
        bash(STATUS, "Check the job's status", stage("RUNNING"), 25.9),
    ),
    turn(
        4.0,
        think(
            "Running. Installing torch takes about 40 seconds, then one epoch is about 50. First look in two minutes."
        ),
        bash(f"sleep 120; hf jobs logs {JOB} | tail -20", "Read the job log", HEAD + EPOCHS[0], 121.4),
    ),
    turn(
        5.8,
        think(
            "Epoch 1: F1 0.892, loss falling, recall 0.913. The weights printed match 1428/(2*1020) and "
            "1428/(2*408). The gradient norms are fine. Nothing to change; let it run."
        ),
        say("After one epoch: F1 0.892 on the held-out 20%, loss still falling. Letting it run."),
        bash(f"sleep 90; hf jobs logs {JOB} | tail -8", "Read the job log", EPOCHS[1] + "\n" + EPOCHS[2], 91.3),
    ),
    turn(
        5.0,
        think(
            "Epoch 2 gives 0.934, epoch 3 0.962: five false alarms and three misses. Train loss is at 0.06, so the "
            "fourth epoch may start to overfit; load_best_model_at_end covers that."
        ),
        say("Epoch 3: F1 0.962. One epoch to go, the best checkpoint is kept either way."),
        bash(
            f"sleep 85; hf jobs logs {JOB} | tail -24; hf jobs inspect {JOB} | jq -r '.[0].status.stage'",
            "Read the end of the job log and the final status",
            EPOCHS[3]
            + "\n{'train_runtime': 203.4118, 'train_samples_per_second': 28.081, 'train_loss': 0.1746, 'epoch': 4.0}\n"
            + report(BEST, LABELS)
            + "\n{'test_loss': 0.1186, 'test_accuracy': 0.9776, 'test_precision': 0.9528, 'test_recall': 0.9712, "
            + "'test_f1': 0.9619}\npushed to https://huggingface.co/davanstrien/jim-crow-laws-claude-code\nCOMPLETED",
            87.0,
        ),
    ),
)
