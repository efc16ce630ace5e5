"""What the docs, papers and GitHub tools answered in the ml-intern and Kimi run, shortened."""

from __future__ import annotations

EXPLORE_TRANSFORMERS = """\
Documentation structure for: https://huggingface.co/docs/transformers

Query: 'text classification fine-tuning Trainer' -> showing 3 result(s) out of 512 pages

1. **Text classification**
   URL: https://huggingface.co/docs/transformers/tasks/sequence_classification
   Section: transformers
   Relevance score: 21.87
   Glimpse: Give a whole text one of several labels; fine-tune DistilBERT on IMDb with the Trainer...

2. **Trainer**
   URL: https://huggingface.co/docs/transformers/main_classes/trainer
   Section: transformers
   Relevance score: 17.02
   Glimpse: The Trainer class: a training loop for PyTorch models and its many arguments...

3. **Fine-tuning**
   URL: https://huggingface.co/docs/transformers/training
   Section: transformers
   Relevance score: 15.44
   Glimpse: Adapt a pretrained model to your own data..."""

CLASSIFICATION_PAGE = """\
Documentation from: https://huggingface.co/docs/transformers/tasks/sequence_classification.md

# Text classification

Steps on this page: load the data, tokenise it with truncation, pad each batch with DataCollatorWithPadding, define
compute_metrics, create the model with id2label and label2id, train, push.

Arguments used on this page:

| argument | value |
|---|---|
| eval_strategy | "epoch" |
| save_strategy | "epoch" |
| load_best_model_at_end | True |
| push_to_hub | True |
| learning_rate | 2e-5 |

The Trainer gets the tokenizer as `processing_class`. Columns the model does not accept are removed; the label column
must be called `label` or `labels`."""

EXPLORE_JOBS = """\
Documentation structure for: https://huggingface.co/docs/hub

Query: 'jobs run script gpu' -> showing 3 result(s) out of 318 pages

1. **Jobs Overview**
   URL: https://huggingface.co/docs/hub/jobs-overview
   Relevance score: 19.30
   Glimpse: Run compute jobs on Hugging Face infrastructure with the CLI or Python...

2. **Quickstart**
   URL: https://huggingface.co/docs/hub/jobs-quickstart
   Relevance score: 18.76
   Glimpse: Run your first Job in a few minutes...

3. **Manage Jobs**
   URL: https://huggingface.co/docs/hub/jobs-manage
   Relevance score: 14.08
   Glimpse: List, inspect and cancel Jobs..."""

JOBS_PAGE = """\
Documentation from: https://huggingface.co/docs/hub/jobs-quickstart.md

# Quickstart

A Job is a command, a Docker image or UV environment, and a hardware flavor. Without a flavor a Job runs on `cpu-basic`.
Jobs have a timeout of 30 minutes unless told otherwise. Files written in a Job are lost when it ends: push results to
the Hub before the script exits. To write to the Hub the Job needs a token, passed as a secret called `HF_TOKEN`."""

UV_PAGE = """\
Documentation from: https://huggingface.co/docs/huggingface_hub/guides/jobs.md

# Run and manage Jobs

- `run_job(image, command, flavor, env, secrets, timeout)` for Docker
- `run_uv_job(script, dependencies, flavor, env, secrets, timeout)` for a Python script with dependencies
- `fetch_job_logs(job_id)`, `inspect_job(job_id)`, `list_jobs()`, `cancel_job(job_id)`

Dependencies can stand in the script's header or in the call. Secrets are encrypted and not shown in the logs."""

BERT_SEARCH = """\
# Papers matching 'BERT pretrained on legal text'
Showing 3 paper(s)

## 1. LEGAL-BERT: The Muppets straight out of Law School
**arxiv_id:** 2010.02559 | **upvotes:** 9
https://huggingface.co/papers/2010.02559
**Keywords:** BERT, legal NLP, domain adaptation, pre-training

## 2. LexGLUE: A Benchmark Dataset for Legal Language Understanding in English
**arxiv_id:** 2110.00976 | **upvotes:** 6
https://huggingface.co/papers/2110.00976
**Keywords:** legal language understanding, benchmark, classification

## 3. When Does Pretraining Help?
**arxiv_id:** 2104.08671 | **upvotes:** 3
https://huggingface.co/papers/2104.08671
**Keywords:** domain pretraining, case law, CaseHOLD"""

BERT_PAPER = """\
# LEGAL-BERT: The Muppets straight out of Law School
**arxiv_id:** 2010.02559 | **upvotes:** 9 | **citations:** 1,204 (187 influential)
https://huggingface.co/papers/2010.02559
**Keywords:** BERT, legal NLP, domain adaptation, pre-training

## AI Summary
A family of BERT models trained on EU and UK legislation, court cases and US contracts. Training on the domain helps
most where the vocabulary is far from general English. Input length is BERT's: 512 tokens."""

MODELS = """\
# Models linked to paper 2010.02559
Showing 3 model(s), sorted by downloads

**1. [nlpaueb/legal-bert-base-uncased](https://huggingface.co/nlpaueb/legal-bert-base-uncased)**
   Downloads: 412,776 | Likes: 259 | Task: fill-mask | Library: transformers

**2. [nlpaueb/legal-bert-small-uncased](https://huggingface.co/nlpaueb/legal-bert-small-uncased)**
   Downloads: 18,902 | Likes: 24 | Task: fill-mask | Library: transformers

**3. [nlpaueb/bert-base-uncased-contracts](https://huggingface.co/nlpaueb/bert-base-uncased-contracts)**
   Downloads: 9,318 | Likes: 31 | Task: fill-mask | Library: transformers"""

EXAMPLES = """\
Found 4 example file(s) in huggingface/transformers for 'text-classification'

1. examples/pytorch/text-classification/run_classification.py (35.2 KB, score 96)
2. examples/pytorch/text-classification/run_glue.py (29.0 KB, score 91)
3. examples/pytorch/text-classification/run_xnli.py (18.7 KB, score 74)
4. examples/pytorch/text-classification/README.md (11.4 KB, score 70)"""

RUN_CLASSIFICATION = """\
**Reading file: huggingface/transformers/examples/pytorch/text-classification/run_classification.py (690-722)**

The trainer is created with model, args, train_dataset, eval_dataset, compute_metrics, processing_class and
data_collator. The collator is DataCollatorWithPadding(tokenizer, pad_to_multiple_of=8) when fp16 is on. After
trainer.train() the script calls save_model, log_metrics("train", ...) and save_state.
(excerpt shortened: 33 lines of 758)"""

DATASET = """\
# biglam/on_the_books

## Status
Valid (viewer, preview, search, filter, statistics)

## Structure (configs & splits)
| Config | Split |
|--------|-------|
| default | train |

## Schema (default)
| Column | Type |
|--------|------|
| id | string |
| source | string |
| jim_crow | ClassLabel (no_jim_crow=0, jim_crow=1) |
| type | string |
| chapter_num | int32 |
| section_num | int32 |
| chapter_text | string |
| section_text | string |

## Sample Rows (default/train)
**Row 1:**
- id: 1907_public laws_474_2
- jim_crow: 0
- type: public laws
- section_text: That the said trustees shall have power to employ teachers and fix their salaries, and shall...
**Row 2:**
- id: 1891_private laws_133_9
- jim_crow: 1
- type: private laws
- section_text: That the board shall provide separate school-houses for the children of each race, and the funds...

## Files (Parquet)
- default/train: 1 file(s) (1.0 MB)"""
