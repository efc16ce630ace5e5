"""The files of the ml-intern and Kimi run: the script with its first-draft faults, the repairs, the card."""

from __future__ import annotations

from stories.steps import body

HUB_ID = "davanstrien/jim-crow-laws-ml-agent-kimi"

TRAIN = body(
    '''
# /// script
# dependencies = ["torch", "transformers", "datasets", "accelerate"]
# ///
"""Fine-tune legal-BERT on biglam/on_the_books and push it to the Hub."""
import sys

import numpy as np
from datasets import load_dataset
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

MODEL = "nlpaueb/legal-bert-base-uncased"
HUB_ID = "davanstrien/jim-crow-laws-ml-agent-kimi"
SMOKE = "--smoke" in sys.argv

dataset = load_dataset("biglam/on_the_books", split="train")
dataset = dataset.rename_column("jim_crow", "labels").select_columns(["section_text", "labels"])
dataset = dataset.train_test_split(test_size=0.2, seed=7)
if SMOKE:
    dataset["train"] = dataset["train"].select(range(16))
    dataset["test"] = dataset["test"].select(range(8))

tokenizer = AutoTokenizer.from_pretrained(MODEL)


def preprocess(batch):
    return tokenizer(batch["section_text"], truncation=True, max_length=512)


tokenized = dataset.map(preprocess, batched=True, remove_columns=["section_text"])


def compute_metrics(pred)
    preds = np.argmax(pred.predictions, axis=1)
    return {
        "accuracy": accuracy_score(pred.label_ids, preds),
        "f1": f1_score(pred.label_ids, preds, zero_division=0),
        "precision": precision_score(pred.label_ids, preds, zero_division=0),
        "recall": recall_score(pred.label_ids, preds, zero_division=0),
    }


model = AutoModelForSequenceClassification.from_pretrained(
    MODEL, num_labels=2, id2label={0: "no_jim_crow", 1: "jim_crow"}, label2id={"no_jim_crow": 0, "jim_crow": 1}
)
training_args = TrainingArguments(
    output_dir="legal-bert-jim-crow",
    learning_rate=5e-4,
    num_train_epochs=4,
    max_steps=1 if SMOKE else -1,
    per_device_train_batch_size=16,
    per_device_eval_batch_size=32,
    weight_decay=0.01,
    eval_strategy="epoch",
    save_strategy="epoch",
    load_best_model_at_end=True,
    metric_for_best_model="f1",
    logging_steps=45,
    report_to="none",
)
trainer = Trainer(
    model=model,
    args=training_args,
    train_dataset=tokenized["train"],
    eval_dataset=tokenized["test"],
    processing_class=tokenizer,
    data_collator=DataCollatorWithPadding(tokenizer),
    compute_metrics=compute_metrics,
)
trainer.train()
print("FINAL", trainer.evaluate())
if not SMOKE:
    model.push_to_hub(HUB_ID)
    tokenizer.push_to_hub(HUB_ID)
    print("PUSHED", HUB_ID)
'''
)

COLON = ("def compute_metrics(pred)\n", "def compute_metrics(pred):\n")
HEADER = ('"datasets", "accelerate"]', '"datasets", "accelerate", "scikit-learn"]')
RATE = ("    learning_rate=5e-4,", "    learning_rate=3e-5,")
MIXED = ('    report_to="none",', '    fp16=not SMOKE,\n    report_to="none",')

CARD = body(
    """
---
license: cc-by-sa-4.0
base_model: nlpaueb/legal-bert-base-uncased
datasets:
- biglam/on_the_books
language:
- en
pipeline_tag: text-classification
metrics:
- f1
- accuracy
---

# jim-crow-laws-ml-agent-kimi

legal-BERT fine-tuned to recognise Jim Crow laws in North Carolina session laws (1866-1967).

## Metrics

Evaluated on a random 20% of the dataset (357 sections).

| Metric | Value |
|---|---|
| F1 | 0.947 |
| Accuracy | 0.966 |
| Precision | 0.939 |
| Recall | 0.955 |

## Training details

- Text: `section_text`, truncated to 512 tokens
- 4 epochs, batch size 16, learning rate 3e-5, fp16
- Hardware: one T4 through HF Jobs

## How to use

```python
from transformers import pipeline

classifier = pipeline("text-classification", model="davanstrien/jim-crow-laws-ml-agent-kimi")
classifier("The county board shall maintain separate schools for each race.")
```
"""
)
