"""The training script as the Pi run first writes it, and the four repairs in the order the errors come."""

from __future__ import annotations

from stories.steps import body

TRAIN = body(
    """
# /// script
# dependencies = ["datasets", "transformers", "accelerate", "torch", "scikit-learn"]
# ///
import sys

import numpy as np
from datasets import load_dataset
from sklearn.metrics import f1_score, precision_score, recall_score
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

MODEL = "FacebookAI/roberta-base"
REPO = "davanstrien/jim-crow-laws-pi-kimi"
SMOKE = "--smoke" in sys.argv

ds = load_dataset("biglam/on_the_books", split="train")
split = ds.train_test_split(test_size=0.2, seed=123)
if SMOKE:
    split["train"] = split["train"].select(range(32))
    split["test"] = split["test"].select(range(16))

tokenizer = AutoTokenizer.from_pretrained(MODEL)


def tokenize(batch):
    enc = tokenizer(batch["section_text"], truncation=True, max_length=512)
    enc["labels"] = batch["label"]
    return enc


split = split.map(tokenize, batched=True)


def compute_metrics(p):
    preds = np.argmax(p.predictions, axis=1)
    return {
        "accuracy": float((preds == p.label_ids).mean()),
        "precision": precision_score(p.label_ids, preds, zero_division=0),
        "recall": recall_score(p.label_ids, preds, zero_division=0),
        "f1": f1_score(p.label_ids, preds, zero_division=0),
    }


model = AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=2)
args = TrainingArguments(
    output_dir="jim-crow-laws-pi-kimi",
    hub_model_id=REPO,
    push_to_hub=not SMOKE,
    evaluation_strategy="epoch",
    save_strategy="epoch",
    num_train_epochs=3,
    max_steps=2 if SMOKE else -1,
    learning_rate=2e-5,
    per_device_train_batch_size=16,
    per_device_eval_batch_size=32,
    weight_decay=0.01,
    logging_steps=45,
    load_best_model_at_end=True,
    metric_for_best_model="f1",
    fp16=not SMOKE,
    report_to="none",
)
trainer = Trainer(
    model=model,
    args=args,
    train_dataset=split["train"],
    eval_dataset=split["test"],
    tokenizer=tokenizer,
    data_collator=DataCollatorWithPadding(tokenizer),
    compute_metrics=compute_metrics,
)
trainer.train()
print(trainer.evaluate())
if not SMOKE:
    trainer.push_to_hub()
"""
)

FIX_LABEL = (
    """\
    enc = tokenizer(batch["section_text"], truncation=True, max_length=512)
    enc["labels"] = batch["label"]
    return enc
""",
    """\
    return tokenizer(batch["section_text"], truncation=True, max_length=512)
""",
)
FIX_STRATEGY = ('    evaluation_strategy="epoch",', '    eval_strategy="epoch",')
FIX_TOKENIZER = ("    tokenizer=tokenizer,\n    data_coll", "    processing_class=tokenizer,\n    data_coll")
FIX_LOSS = (
    "split = split.map(tokenize, batched=True)\n",
    'split = split.map(tokenize, batched=True).rename_column("jim_crow", "labels")\n',
)
