"""From the first look at the data to a script that runs: four errors, each fixed when it shows."""

from __future__ import annotations

from stories.pi_kimi.errors import KEY_ERROR, LOSS_ERROR, STRATEGY_ERROR, TOKENIZER_ERROR
from stories.pi_kimi.script import FIX_LABEL, FIX_LOSS, FIX_STRATEGY, FIX_TOKENIZER, TRAIN
from stories.pi_kimi.tools import bash, edit, write
from stories.steps import Call, say, think, turn

FALSE_START = (
    turn(
        5.6,
        think(
            "I need to fine-tune a text classifier. Let me see what is installed and set up the environment with "
            "torch and transformers so that I can train."
        ),
        Call(
            "bash",
            {"command": "nvidia-smi; pip install torch transformers datasets accelerate scikit-learn"},
            """\
/bin/bash: line 1: nvidia-smi: command not found
Collecting torch
  Downloading torch-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl (902.4 MB)

Command aborted""",
            21.4,
            failed=True,
        ),
    ),
)

TURNS = (
    turn(
        6.8,
        think(
            "Training should happen on HF Jobs, not here. Locally I only need the hf CLI and uv. Check both and the "
            "login."
        ),
        bash(
            "hf auth whoami; uv --version; hf jobs --help | head -20",
            """
user:  davanstrien
uv 0.9.28
Usage: hf jobs [OPTIONS] COMMAND [ARGS]...

  Run and manage Jobs on the Hub.

Commands:
  cancel     Cancel a Job
  hardware   List available hardware options for Jobs
  inspect    Display detailed information on one or more Jobs
  logs       Fetch the logs of a Job
  ps         List Jobs
  run        Run a Job
  scheduled  Create and manage scheduled Jobs on the Hub
  uv         Run UV scripts (Python with inline dependencies)
""",
            1.6,
        ),
    ),
    turn(
        5.1,
        think("Good, `hf jobs uv run` takes a uv script. Now the dataset."),
        bash(
            """
uv run -q --with datasets python - <<'EOF'
from datasets import load_dataset
ds = load_dataset("biglam/on_the_books")
print(ds)
print(ds["train"][0]["section_text"][:300])
EOF
""",
            """
DatasetDict({
    train: Dataset({
        features: ['id', 'source', 'jim_crow', 'type', 'chapter_num', 'section_num', 'chapter_text', 'section_text'],
        num_rows: 1785
    })
})
That the board of education of any county may, whenever in its judgment it is best for the schools of the county,
consolidate two or more districts of the same race, and shall in every case provide for the children of each race
in separate buildings, and no child of one race shall be
""",
            9.7,
        ),
    ),
    turn(
        4.8,
        think("One split only. 1,785 rows is small. I need the balance and the lengths to pick max_length and metric."),
        say("One split of 1,785 rows, so I'll have to make a test split. Checking the label balance and text length."),
        bash(
            """
uv run -q --with datasets python - <<'EOF'
from collections import Counter
from datasets import load_dataset
ds = load_dataset("biglam/on_the_books", split="train")
print(Counter(ds["jim_crow"]))
words = sorted(len(t.split()) for t in ds["section_text"])
print("words: median", words[len(words) // 2], "p95", words[int(len(words) * 0.95)], "max", words[-1])
EOF
""",
            """
Counter({0: 1273, 1: 512})
words: median 87 p95 386 max 4189
""",
            5.9,
        ),
    ),
    turn(
        27.0,
        think(
            "Binary, about 29% positive. Median 87 words, p95 386, so 512 tokens covers most of it. RoBERTa-base is "
            "the standard choice. Trainer with F1, random 80/20 split, 3 epochs, push at the end."
        ),
        say(
            "Plan: RoBERTa-base on `section_text`, 80/20 random split, 3 epochs, F1 for model selection, push from "
            "the job."
        ),
        write("train.py", TRAIN),
    ),
    turn(
        3.2,
        think("The script covers everything. Run it on 32 rows first, only the end of the output matters."),
        say("Quick smoke test locally before using a GPU."),
        bash("uv run train.py --smoke 2>&1 | tail -20", KEY_ERROR, 33.8),
    ),
    turn(
        6.3,
        think(
            "KeyError: 'label'. The column is `jim_crow`, I assumed `label`. It already holds 0/1 integers, so I can "
            "drop this line and leave the column in the dataset for the Trainer."
        ),
        say("The label column is called `jim_crow`, not `label`. Removing that line."),
        edit("train.py", FIX_LABEL),
    ),
    turn(
        2.9,
        think("Same run again, this time with the whole output."),
        bash("uv run train.py --smoke", STRATEGY_ERROR, 16.2, failed=True),
    ),
    turn(
        4.7,
        think("The signature changed. Check which version uv resolved and what the argument is called there."),
        bash(
            """
uv run -q --with transformers --with torch --with accelerate python - <<'EOF'
import inspect, transformers
print(transformers.__version__)
names = inspect.signature(transformers.TrainingArguments).parameters
print([n for n in names if "eval" in n])
EOF
""",
            """
5.6.2
['do_eval', 'eval_strategy', 'per_device_eval_batch_size', 'eval_accumulation_steps', 'eval_delay', 'eval_steps',
 'eval_do_concat_batches', 'eval_on_start', 'batch_eval_metrics', 'eval_use_gather_object']
""",
            11.3,
        ),
    ),
    turn(
        5.2,
        think("transformers 5.6.2: `evaluation_strategy` is gone, the name is `eval_strategy`. The value is the same."),
        say("`evaluation_strategy` is now `eval_strategy`."),
        edit("train.py", FIX_STRATEGY),
    ),
    turn(
        4.0,
        think("That was the only unknown argument. Tokenising works. Go straight to the job and watch its output."),
        bash(
            "hf jobs uv run --flavor t4-small --timeout 30m --secrets HF_TOKEN train.py 2>&1 | tail -30",
            TOKENIZER_ERROR,
            84.5,
            timeout=900,
        ),
    ),
    turn(
        5.7,
        think(
            "Another rename: Trainer takes `processing_class` instead of `tokenizer`. I should smoke-test before the "
            "next job, each one costs a minute of setup."
        ),
        say("`tokenizer=` is gone from `Trainer` too; it is `processing_class=` now."),
        edit("train.py", FIX_TOKENIZER),
    ),
    turn(
        3.1,
        think("Smoke test before the next job."),
        bash("uv run train.py --smoke", LOSS_ERROR, 18.9, failed=True),
    ),
    turn(
        8.2,
        think(
            "No loss means that no labels reached the model: it only saw input_ids and attention_mask. `jim_crow` "
            "should be in the dataset. What does the model's forward accept?"
        ),
        bash(
            """
uv run -q --with transformers --with torch python - <<'EOF'
import inspect
from transformers import RobertaForSequenceClassification
print(list(inspect.signature(RobertaForSequenceClassification.forward).parameters))
EOF
""",
            """
['self', 'input_ids', 'attention_mask', 'token_type_ids', 'position_ids', 'inputs_embeds', 'labels', 'kwargs']
""",
            8.8,
        ),
    ),
    turn(
        9.4,
        think(
            "The Trainer removes columns that the model's forward "
            "does not know, and `jim_crow` is not one of its arguments, so the labels were dropped. The column has "
            "to be called `labels` (or `label`). Rename it after the map."
        ),
        say(
            "The Trainer drops columns the model doesn't accept, so `jim_crow` never reached it. Renaming the column "
            "to `labels`."
        ),
        edit("train.py", FIX_LOSS),
    ),
    turn(
        3.0,
        think("Once more."),
        bash(
            "uv run train.py --smoke 2>&1 | tail -5",
            """
{'eval_loss': 0.6718, 'eval_accuracy': 0.6875, 'eval_precision': 0.0, 'eval_recall': 0.0, 'eval_f1': 0.0, 'epoch': 1.0}
{'train_runtime': 12.0714, 'train_samples_per_second': 2.651, 'train_loss': 0.6893, 'epoch': 1.0}
{'eval_loss': 0.6718, 'eval_accuracy': 0.6875, 'eval_precision': 0.0, 'eval_recall': 0.0, 'eval_f1': 0.0, 'epoch': 1.0}
""",
            31.5,
        ),
    ),
)
