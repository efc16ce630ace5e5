"""The files the Claude Code run writes: the training script and the model card, first draft and finished parts."""

from __future__ import annotations

from stories.steps import body

TRAIN = body(
    '''
# /// script
# requires-python = ">=3.11"
# dependencies = ["datasets>=4.4", "transformers>=5.2", "accelerate", "torch", "scikit-learn"]
# ///
"""Fine-tune ModernBERT on biglam/on_the_books: is this section of law a Jim Crow law?"""
import argparse

import numpy as np
import torch
from datasets import load_dataset
from sklearn.metrics import accuracy_score, classification_report, precision_recall_fscore_support
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

BASE = "answerdotai/ModernBERT-base"
HUB_ID = "davanstrien/jim-crow-laws-claude-code"
LABELS = ["no_jim_crow", "jim_crow"]
SEED = 42


class WeightedTrainer(Trainer):
    def __init__(self, *args, class_weights, **kwargs):
        super().__init__(*args, **kwargs)
        self.class_weights = class_weights

    def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        weight = self.class_weights.to(outputs.logits.device, outputs.logits.dtype)
        loss = torch.nn.functional.cross_entropy(outputs.logits, labels, weight=weight)
        return (loss, outputs) if return_outputs else loss


def metrics(pred):
    guess = pred.predictions.argmax(-1)
    p, r, f1, _ = precision_recall_fscore_support(pred.label_ids, guess, average="binary", zero_division=0)
    return {"accuracy": accuracy_score(pred.label_ids, guess), "precision": p, "recall": r, "f1": f1}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="64 rows, 2 steps, no push")
    parser.add_argument("--max-length", type=int, default=1024)
    args = parser.parse_args()

    ds = load_dataset("biglam/on_the_books", split="train").select_columns(["section_text", "jim_crow"])
    ds = ds.rename_column("jim_crow", "labels")
    split = ds.train_test_split(test_size=0.2, seed=SEED)
    if args.smoke:
        split["train"], split["test"] = split["train"].select(range(64)), split["test"].select(range(32))

    tokenizer = AutoTokenizer.from_pretrained(BASE)
    split = split.map(
        lambda batch: tokenizer(batch["section_text"], truncation=True, max_length=args.max_length),
        batched=True,
        remove_columns=["section_text"],
    )
    counts = np.bincount(split["train"]["labels"], minlength=2)
    weights = torch.tensor(counts.sum() / (2 * counts), dtype=torch.float32)
    print(f"train {len(split['train'])} rows {counts.tolist()}, test {len(split['test'])}, weights {weights.tolist()}")

    model = AutoModelForSequenceClassification.from_pretrained(
        BASE, num_labels=2, id2label=dict(enumerate(LABELS)), label2id={n: i for i, n in enumerate(LABELS)}
    )
    trainer = WeightedTrainer(
        model=model,
        args=TrainingArguments(
            output_dir="out",
            num_train_epochs=4,
            max_steps=2 if args.smoke else -1,
            per_device_train_batch_size=16,
            per_device_eval_batch_size=32,
            learning_rate=5e-5,
            warmup_ratio=0.1,
            weight_decay=0.01,
            bf16=torch.cuda.is_available(),
            eval_strategy="no" if args.smoke else "epoch",
            save_strategy="no" if args.smoke else "epoch",
            load_best_model_at_end=not args.smoke,
            metric_for_best_model="f1",
            logging_steps=30,
            report_to="none",
            seed=SEED,
        ),
        train_dataset=split["train"],
        eval_dataset=split["test"],
        processing_class=tokenizer,
        data_collator=DataCollatorWithPadding(tokenizer),
        compute_metrics=metrics,
        class_weights=weights,
    )
    trainer.train()
    pred = trainer.predict(split["test"])
    print(classification_report(pred.label_ids, pred.predictions.argmax(-1), target_names=LABELS, digits=4))
    print({k: round(v, 4) for k, v in pred.metrics.items() if k.startswith("test_")})
    if not args.smoke:
        trainer.model.push_to_hub(HUB_ID)
        tokenizer.push_to_hub(HUB_ID)
        print(f"pushed to https://huggingface.co/{HUB_ID}")


if __name__ == "__main__":
    main()
'''
)

CARD_INPUTS = """\
## Inputs

Trained on section_text only: source would leak the label (paschal is 100% positive, murray is 92% positive).
It records which compilation a section came from, so it is not an input and must not be added as one.
"""

CARD_DRAFT = (
    body(
        """
---
license: apache-2.0
base_model: answerdotai/ModernBERT-base
datasets: [biglam/on_the_books]
language: en
pipeline_tag: text-classification
library_name: transformers
tags: [glam, legal, history, jim-crow, on-the-books, digital-humanities, text-classification]
---

# Jim Crow law classifier (North Carolina session laws, 1866-1967)

Says whether a section of a North Carolina session law is a Jim Crow law. Fine-tuned on
[biglam/on_the_books](https://huggingface.co/datasets/biglam/on_the_books), 1,785 sections, 29% positive.
"""
    )
    + "\n"
    + CARD_INPUTS
    + "\n## Results\n\nTODO\n"
)

CARD_RESULTS = """\
Random 80/20 split (seed 42), test n = 357, best of 4 epochs by F1.

| accuracy | precision | recall | F1 (jim_crow) |
|---|---|---|---|
| 0.978 | 0.953 | 0.971 | **0.962** |

Five false alarms and three misses among 104 positives and 253 negatives.
"""

CARD_LIMITS = """\

## Intended use and limits

Finding candidate sections for a historian to read, not deciding what a law was. The texts are OCR of printed volumes.
Sections longer than 1,024 tokens (2%) are cut. The labels are the judgement of the On the Books project and of the
compilations it drew on; only North Carolina is covered.

## Training

ModernBERT-base, 4 epochs, batch 16, learning rate 5e-5, cross entropy weighted by inverse class frequency
(0.70 / 1.75), bf16, one A10G through HF Jobs.
"""
