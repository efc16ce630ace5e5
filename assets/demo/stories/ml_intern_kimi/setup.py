"""From the numbers to a script that runs in the sandbox: paths, prefixes, a missing colon, three tracebacks."""

from __future__ import annotations

from stories.intern_tools import bash, edit, plan, repo, write
from stories.ml_intern_kimi.script import COLON, TRAIN
from stories.steps import Call, say, turn

PLAN = (
    "Read docs and inspect the dataset",
    "Write train.py with legal-BERT",
    "Smoke-test in the sandbox",
    "Train on HF Jobs and push",
    "Write the model card and verify",
)
COMPILE = "cd /app && python3 -m py_compile train.py"
SMOKE = "cd /app && python3 train.py --smoke"
NO_DATASETS = """\
Exit code 1
Traceback (most recent call last):
  File "/app/train.py", line 8, in <module>
    from datasets import load_dataset
ModuleNotFoundError: No module named 'datasets'"""

TRAINER_PAGE = """\
Documentation from: https://huggingface.co/docs/transformers/main_classes/trainer.md

# Trainer

| argument | default | meaning |
|---|---|---|
| eval_strategy | "no" | "no", "steps" or "epoch" |
| save_strategy | "steps" | must match eval_strategy when load_best_model_at_end is set |
| metric_for_best_model | None | a key of compute_metrics, with or without "eval_" |
| learning_rate | 5e-5 | initial rate of AdamW |
| report_to | "none" | where to log |"""

TURNS = (
    turn(
        0,
        say(
            "1,785 rows, 28.7% positive, median 87 words. The domain is legislation, so **legal-BERT** "
            "(nlpaueb/legal-bert-base-uncased) is the natural choice: it was pre-trained on legal text."
        ),
        plan(1, *PLAN),
    ),
    turn(
        0,
        say("Checking that I am logged in with write access."),
        bash("hf auth whoami", "Exit code 127\nbash: hf: command not found"),
    ),
    turn(
        0,
        say("The CLI is missing. Installing it."),
        bash(
            "pip install -U huggingface_hub 2>&1 | tail -4",
            """
Installing collected packages: hf-xet, huggingface_hub
  WARNING: The scripts hf and tiny-agents are installed in '/opt/tools/share/bin' which is not on PATH.
  Consider adding this directory to PATH or, if you prefer to suppress this warning, use --no-warn-script-location.
Successfully installed hf-xet-1.4.3 huggingface_hub-1.12.0
""",
        ),
    ),
    turn(0, bash("hf auth whoami", "Exit code 127\nbash: hf: command not found")),
    turn(
        0,
        say("It was installed outside PATH. Calling it by its full path."),
        bash(
            "ls /opt/tools/share/bin; /opt/tools/share/bin/hf auth whoami",
            """
hf
tiny-agents
user:  davanstrien
""",
        ),
    ),
    turn(
        0,
        say("Logged in. Checking the files of the base model."),
        repo(
            "list",
            "nlpaueb/legal-bert-base-uncased",
            """
**nlpaueb/legal-bert-base-uncased** (model, main)
- README.md (9.6 KB)
- config.json (1.0 KB)
- pytorch_model.bin (440.5 MB)
- special_tokens_map.json (0.1 KB)
- tokenizer_config.json (0.1 KB)
- vocab.txt (222.8 KB)
""",
        ),
    ),
    turn(
        0,
        say("And its configuration."),
        bash(
            "curl -s https://huggingface.co/nlpaueb/legal-bert-base-uncased/raw/main/config.json | "
            "grep -E 'max_position|hidden_size|num_hidden|vocab_size'",
            """
  "hidden_size": 768,
  "max_position_embeddings": 512,
  "num_hidden_layers": 12,
  "vocab_size": 30522
""",
        ),
    ),
    turn(
        0,
        say(
            "The context is 512 tokens. I'll truncate. One more look at the Trainer arguments before writing the "
            "script."
        ),
        Call(
            "fetch_hf_docs",
            {"url": "https://huggingface.co/docs/transformers/main_classes/trainer"},
            TRAINER_PAGE,
        ),
    ),
    turn(0, say("Writing the training script."), write("/app/train.py", TRAIN)),
    turn(0, bash("cd /app && python -m py_compile train.py", "Exit code 127\nbash: python: command not found")),
    turn(
        0,
        say("`python3`, not `python`."),
        bash(
            COMPILE,
            """
Exit code 1
  File "train.py", line 39
    def compute_metrics(pred)
                             ^
SyntaxError: expected ':'
""",
        ),
    ),
    turn(0, say("A missing colon in line 39."), edit("/app/train.py", *COLON)),
    turn(0, bash(COMPILE, "(no output)")),
    turn(0, say("It compiles. Smoke test with 16 rows."), bash(SMOKE, NO_DATASETS)),
    turn(
        0,
        say("The packages are not installed in the sandbox. Installing them."),
        bash(
            "pip install datasets transformers torch scikit-learn 2>&1 | tail -2",
            """
Successfully installed datasets-4.5.0 dill-0.4.0 multiprocess-0.70.18 scikit-learn-1.8.0 torch-2.11.0 transformers-5.6.2
WARNING: You are using pip version 24.0; however, version 26.0.1 is available.
""",
        ),
    ),
    turn(0, bash(SMOKE, NO_DATASETS)),
    turn(
        0,
        say("pip reports success but `python3` does not see the package, so they belong to different installations."),
        bash(
            "pip --version; python3 -m pip --version; head -1 /opt/tools/bin/pip",
            """
pip 24.0 from /opt/tools/lib/python3.10/site-packages/pip (python 3.10)
pip 25.0 from /usr/lib/python3/dist-packages/pip (python 3.12)
#!/opt/tools/bin/python3.10
""",
        ),
    ),
    turn(
        0,
        say("`pip` is a Python 3.10 in /opt/tools, `python3` is 3.12. Installing with `python3 -m pip`."),
        bash(
            "python3 -m pip install --user --break-system-packages -q datasets transformers torch scikit-learn "
            "--extra-index-url https://download.pytorch.org/whl/cpu && python3 -c 'import datasets, torch; "
            "print(datasets.__version__, torch.__version__)'",
            "4.5.0 2.11.0+cpu",
        ),
    ),
    turn(
        0,
        say("Now the smoke test again."),
        bash(
            SMOKE + " 2>&1 | tail -15",
            """
Map: 100%|##########| 16/16 [00:00<00:00, 1177.02 examples/s]
Map: 100%|##########| 8/8 [00:00<00:00, 1204.90 examples/s]
Traceback (most recent call last):
  File "/app/train.py", line 52, in <module>
    training_args = TrainingArguments(
                    ^^^^^^^^^^^^^^^^^^
  File "<string>", line 121, in __init__
  File "/home/user/.local/lib/python3.12/site-packages/transformers/training_args.py", line 1544, in __post_init__
    self.device
  File "/home/user/.local/lib/python3.12/site-packages/transformers/training_args.py", line 1802, in _setup_devices
    raise ImportError(
ImportError: Using the `Trainer` with `PyTorch` requires `accelerate>=1.1.0`: Please run `pip install accelerate -U`
""",
        ),
    ),
    turn(
        0,
        say("accelerate is missing in the sandbox (the script's header has it)."),
        bash(
            "python3 -m pip install --user --break-system-packages -q accelerate && "
            "python3 -c 'import accelerate; print(accelerate.__version__)'",
            "1.13.0",
        ),
    ),
    turn(
        0,
        say("Trying again."),
        bash(
            SMOKE + " 2>&1 | tail -3",
            """
{'eval_loss': 0.6912, 'eval_accuracy': 0.625, 'eval_f1': 0.0, 'eval_precision': 0.0, 'eval_recall': 0.0, 'epoch': 1.0}
{'train_runtime': 9.4417, 'train_samples_per_second': 1.695, 'train_loss': 0.7244, 'epoch': 1.0}
FINAL {'eval_loss': 0.6912, 'eval_accuracy': 0.625, 'eval_f1': 0.0, 'eval_runtime': 1.3021, 'epoch': 1.0}
""",
        ),
    ),
)
