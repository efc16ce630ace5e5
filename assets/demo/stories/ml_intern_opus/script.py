"""The files of the ml-intern and Opus run: training script and model card."""

from __future__ import annotations

from stories.steps import body

HUB_ID = "davanstrien/jim-crow-laws-ml-agent"

TRAIN = body(
    """
import argparse

import numpy as np
import torch
from datasets import load_dataset
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)

BASE = "answerdotai/ModernBERT-base"
HUB_ID = "davanstrien/jim-crow-laws-ml-agent"

p = argparse.ArgumentParser()
p.add_argument("--epochs", type=float, default=5)
p.add_argument("--limit", type=int, default=0)
p.add_argument("--no-push", action="store_true")
args = p.parse_args()
set_seed(2026)

ds = load_dataset("biglam/on_the_books", split="train")
ds = ds.select_columns(["section_text", "jim_crow"]).rename_column("jim_crow", "labels")
ds = ds.train_test_split(test_size=0.2, seed=2026)
if args.limit:
    ds["train"], ds["test"] = ds["train"].select(range(args.limit)), ds["test"].select(range(args.limit // 2))

tok = AutoTokenizer.from_pretrained(BASE)
ds = ds.map(lambda b: tok(b["section_text"], truncation=True, max_length=2048), batched=True,
            remove_columns=["section_text"])
print(f"train={len(ds['train'])} test={len(ds['test'])} positives={sum(ds['test']['labels'])}")


def metrics(pred):
    guess = np.argmax(pred.predictions, axis=-1)
    pr, rc, f1, _ = precision_recall_fscore_support(pred.label_ids, guess, average="binary", zero_division=0)
    return {"accuracy": accuracy_score(pred.label_ids, guess), "precision": pr, "recall": rc, "f1": f1}


model = AutoModelForSequenceClassification.from_pretrained(
    BASE, num_labels=2, id2label={0: "no_jim_crow", 1: "jim_crow"}, label2id={"no_jim_crow": 0, "jim_crow": 1}
)
trainer = Trainer(
    model=model,
    args=TrainingArguments(
        output_dir="out",
        num_train_epochs=args.epochs,
        learning_rate=4e-5,
        warmup_steps=40,
        weight_decay=0.01,
        per_device_train_batch_size=16,
        per_device_eval_batch_size=16,
        bf16=True,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        metric_for_best_model="f1",
        logging_steps=45,
        disable_tqdm=True,
        report_to="none",
        hub_model_id=HUB_ID,
    ),
    train_dataset=ds["train"],
    eval_dataset=ds["test"],
    processing_class=tok,
    data_collator=DataCollatorWithPadding(tok),
    compute_metrics=metrics,
)
trainer.train()
pred = trainer.predict(ds["test"])
print("final", {k: round(v, 4) for k, v in pred.metrics.items() if k.startswith("test_")})
print("confusion", confusion_matrix(pred.label_ids, np.argmax(pred.predictions, axis=-1)).tolist())
if not args.no_push:
    trainer.push_to_hub()
    print("pushed", HUB_ID)
"""
)

CARD = body(
    """
---
license: apache-2.0
base_model: answerdotai/ModernBERT-base
datasets: [biglam/on_the_books]
language: en
pipeline_tag: text-classification
metrics: [f1, accuracy]
---

# Jim Crow law classifier

Classifies sections of North Carolina session laws (1866-1967) as Jim Crow laws or not.

## Results

Random 80/20 split (seed 2026), n = 357 test sections.

| F1 | accuracy | precision | recall |
|---|---|---|---|
| 0.949 | 0.972 | 0.959 | 0.939 |

## Training

ModernBERT-base on `section_text`, up to 2,048 tokens so that only 13 of 1,785 sections are cut; 5 epochs, batch 16,
learning rate 4e-5, bf16, best epoch by F1. Trained with HF Jobs on one A10G.

## Limits

The texts are OCR of printed law volumes. The model has seen North Carolina law only.
"""
)

USAGE = body(
    """
## Use

```python
from transformers import pipeline

classify = pipeline("text-classification", model="davanstrien/jim-crow-laws-ml-agent", truncation=True)
classify("Separate schools shall be maintained for the white and colored races.")
```

## Limits
"""
)
