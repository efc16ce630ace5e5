"""Five jobs: wrong hardware, no scikit-learn, a rate that learns nothing, no token, and one that is good."""

from __future__ import annotations

from stories.intern_tools import bash, edit, job, read
from stories.logs import Counts, evaluation, step
from stories.ml_intern_kimi.script import HEADER, HUB_ID, MIXED, RATE
from stories.ml_intern_kimi.setup import COMPILE, SMOKE
from stories.steps import Call, say, turn

ON_CPU, NO_SKLEARN, TOO_FAST, NO_TOKEN, GOOD = (
    "69f9c360a1d74e0b92c5f83a",
    "69f9c48c57b0e2f4d613a98c",
    "69f9c5400e9a64c7b18d325f",
    "69f9c7203c8f51ba07e46d92",
    "69f9c978e4d20b6f95a1c873",
)
DEPENDENCIES = ["torch", "transformers", "datasets", "accelerate", "scikit-learn"]
ROUNDS = (Counts(96, 17, 16), Counts(103, 11, 9), Counts(106, 9, 6), Counts(107, 7, 5))
PACKAGES = "/home/user/.cache/uv/environments-v2/train-b41d7f0a2c93e865/lib/python3.12/site-packages"
SETUP = "[installs truncated]\nInstalled 57 packages in 1.36s"


def started(job_id: str) -> str:
    """What the jobs tool answers when it does not wait."""
    url = f"https://huggingface.co/jobs/davanstrien/{job_id}"
    return f"Python job started.\n\n**Job ID:** {job_id}\n**View at:** {url}\n\nUse logs to follow it."


def run(job_id: str, **more: object) -> Call:
    """Submit train.py without waiting for it."""
    return job("run", started(job_id), script="/app/train.py", timeout="30m", detach=True, **more)


def logs(job_id: str, *lines: str) -> Call:
    """The log of a job so far."""
    return job("logs", f"**Logs for {job_id}:**\n\n```\n" + "\n".join(lines) + "\n```", job_id=job_id)


def cancel(job_id: str) -> Call:
    """Stop a job."""
    return job("cancel", f"Job {job_id} has been cancelled.\n\n**Status:** CANCELED", job_id=job_id)


def rounds(first: int, last: int) -> tuple[str, ...]:
    """Training and evaluation lines of the good settings, rounds `first` to `last`, numbered from 1."""
    losses = ((0.5712, 0.3489, 0.2866), (0.2204, 0.2071, 0.1894), (0.1186, 0.1093, 0.1627), (0.0571, 0.0648, 0.1583))
    lines: list[str] = []
    for number in range(first, last + 1):
        half, whole, held = losses[number - 1]
        rate = round(3e-5 * (1 - (number - 0.5) / 4), 9)
        lines.append(step(half, round(5.1 / number, 4), rate, number - 0.5))
        lines.append(step(whole, round(6.3 / number, 4), round(3e-5 * (1 - number / 4), 9), float(number)))
        lines.append(evaluation(ROUNDS[number - 1], held, 3.927, float(number)))
    return tuple(lines)


FINAL = "FINAL " + evaluation(ROUNDS[3], 0.1583, 3.914, 4.0)
NOTHING = (
    "'eval_accuracy': 0.6862745098039216, 'eval_f1': 0.0, 'eval_precision': 0.0, 'eval_recall': 0.0, "
    "'eval_runtime': 3.911"
)

UNAUTHORISED = f"""\
Traceback (most recent call last):
  File "/data/train.py", line 80, in <module>
    model.push_to_hub(HUB_ID)
  File "{PACKAGES}/transformers/utils/hub.py", line 861, in push_to_hub
    repo_id = create_repo(repo_id, exist_ok=True).repo_id
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{PACKAGES}/huggingface_hub/hf_api.py", line 3911, in create_repo
    hf_raise_for_status(r)
  File "{PACKAGES}/huggingface_hub/utils/_http.py", line 743, in hf_raise_for_status
    raise _format(HfHubHTTPError, str(e), response) from e
huggingface_hub.errors.HfHubHTTPError: Client error '401 Unauthorized' for url
'https://huggingface.co/api/repos/create'
Invalid username or password."""

FIRST_JOBS = (
    turn(0, say("The smoke test passes. Submitting the training job."), run(ON_CPU, dependencies=DEPENDENCIES)),
    turn(
        0,
        say("Checking the first log lines."),
        logs(
            ON_CPU,
            SETUP.replace("57", "58"),
            "Using device: cpu",
            "Map: 100%|##########| 1428/1428 [00:01<00:00, 1312.41 examples/s]",
            "  1%|          | 3/360 [01:56<3:48:34, 38.42s/it]",
        ),
    ),
    turn(
        0,
        say("38 seconds per step: I did not set a flavor, so it went to cpu-basic. Almost four hours. Cancelling."),
        cancel(ON_CPU),
    ),
    turn(0, say("Looking at the arguments before I move to a GPU."), read("/app/train.py", 52, 17)),
    turn(0, say("Adding fp16 for the T4."), edit("/app/train.py", *MIXED)),
    turn(0, bash(COMPILE, "(no output)")),
    turn(0, say("Submitting to a T4."), run(NO_SKLEARN, hardware_flavor="t4-small")),
    turn(
        0,
        say("Reading its log."),
        logs(
            NO_SKLEARN,
            SETUP.replace("57", "54"),
            "Traceback (most recent call last):",
            '  File "/data/train.py", line 9, in <module>',
            "    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score",
            "ModuleNotFoundError: No module named 'sklearn'",
        ),
    ),
    turn(
        0,
        say("scikit-learn was in the first job's dependencies, but it is not in the script's header. Adding it there."),
        edit("/app/train.py", *HEADER),
    ),
    turn(
        0,
        say("Checking the header and the syntax."),
        bash(
            COMPILE + " && head -3 train.py",
            """
# /// script
# dependencies = ["torch", "transformers", "datasets", "accelerate", "scikit-learn"]
# ///
""",
        ),
    ),
)

SECOND_JOBS = (
    turn(0, say("Third attempt."), run(TOO_FAST, hardware_flavor="t4-small")),
    turn(
        0,
        say("Waiting for the first epoch."),
        logs(
            TOO_FAST,
            SETUP,
            step(0.6714, 2.8817, 4.38e-04, 0.5),
            step(0.6302, 1.0246, 3.75e-04, 1.0),
            f"{{'eval_loss': 0.6236, {NOTHING}, 'epoch': 1.0}}",
        ),
    ),
    turn(
        0,
        say("F1 is 0.0 after one epoch: it predicts the negative class everywhere. One more epoch before I decide."),
        logs(
            TOO_FAST,
            step(0.6183, 0.7729, 3.13e-04, 1.5),
            step(0.6097, 0.5121, 2.5e-04, 2.0),
            f"{{'eval_loss': 0.6219, {NOTHING}, 'epoch': 2.0}}",
        ),
    ),
    turn(
        0,
        say(
            "The loss sits at the entropy of the class balance. The model collapsed; no point in paying for two more "
            "epochs."
        ),
        cancel(TOO_FAST),
    ),
    turn(
        0,
        say("I suspect the learning rate."),
        bash("cd /app && grep -n learning_rate train.py", "54:    learning_rate=5e-4,"),
    ),
    turn(
        0,
        say("5e-4 is ten times too high for BERT; I meant something like 3e-5."),
        edit("/app/train.py", *RATE),
    ),
    turn(
        0,
        say("Compile and smoke test once more."),
        bash(
            COMPILE + " && " + SMOKE.removeprefix("cd /app && ") + " 2>&1 | tail -1",
            "FINAL {'eval_loss': 0.6874, 'eval_accuracy': 0.625, 'eval_f1': 0.0, 'eval_runtime': 1.2874, 'epoch': 1.0}",
        ),
    ),
    turn(0, say("Fourth attempt, with the corrected rate."), run(NO_TOKEN, hardware_flavor="t4-small")),
    turn(0, say("Checking progress."), logs(NO_TOKEN, SETUP, *rounds(1, 2))),
    turn(
        0,
        say("F1 0.853 and then 0.912, it learns now. Waiting for the end."),
        logs(NO_TOKEN, *rounds(3, 4), FINAL, UNAUTHORISED),
    ),
    turn(
        0,
        say(
            "Training worked (F1 0.947) but the push failed with 401: I forgot to pass the token as a secret, and the "
            "files are gone with the job. Running it again with `HF_TOKEN`; the seed is fixed."
        ),
        run(GOOD, hardware_flavor="t4-small", secrets={"HF_TOKEN": "$HF_TOKEN"}),
    ),
    turn(0, say("Checking progress."), logs(GOOD, SETUP, *rounds(1, 2))),
    turn(0, say("Same numbers as before. Waiting for the push."), logs(GOOD, *rounds(3, 4), FINAL, f"PUSHED {HUB_ID}")),
)

TURNS = FIRST_JOBS + SECOND_JOBS
