"""The four tracebacks, in the order the script meets them."""

from __future__ import annotations

from stories.pi_kimi.tools import CWD, PACKAGES

KEY_ERROR = f"""
Map:   0%|          | 0/32 [00:00<?, ? examples/s]
Traceback (most recent call last):
  File "{CWD}/train.py", line 36, in <module>
    split = split.map(tokenize, batched=True)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{PACKAGES}/datasets/dataset_dict.py", line 958, in map
    dataset_dict[split] = dataset.map(
                          ^^^^^^^^^^^^
  File "{PACKAGES}/datasets/arrow_dataset.py", line 3409, in map
    for rank, done, content in Dataset._map_single(**unprocessed_kwargs):
  File "{CWD}/train.py", line 32, in tokenize
    enc["labels"] = batch["label"]
                    ~~~~~^^^^^^^^^
  File "{PACKAGES}/datasets/formatting/formatting.py", line 285, in __getitem__
    value = self.data[key]
            ~~~~~~~~~^^^^^
KeyError: 'label'
"""

STRATEGY_ERROR = f"""
Map: 100%|##########| 32/32 [00:00<00:00, 1204.31 examples/s]
Map: 100%|##########| 16/16 [00:00<00:00, 1398.10 examples/s]
Some weights of RobertaForSequenceClassification were not initialized from the model checkpoint at
FacebookAI/roberta-base and are newly initialized: ['classifier.dense.bias', 'classifier.dense.weight',
'classifier.out_proj.bias', 'classifier.out_proj.weight']
Traceback (most recent call last):
  File "{CWD}/train.py", line 48, in <module>
    args = TrainingArguments(
           ^^^^^^^^^^^^^^^^^^
TypeError: TrainingArguments.__init__() got an unexpected keyword argument 'evaluation_strategy'
"""

JOB_ERRED = "69f4ae240b7e52a4c83f6619"

TOKENIZER_ERROR = f"""
Job started with ID: {JOB_ERRED}
View at: https://huggingface.co/jobs/davanstrien/{JOB_ERRED}
Installed 57 packages in 1.42s
Map: 100%|##########| 1428/1428 [00:00<00:00, 2871.44 examples/s]
Map: 100%|##########| 357/357 [00:00<00:00, 2904.02 examples/s]
Some weights of RobertaForSequenceClassification were not initialized from the model checkpoint at
FacebookAI/roberta-base and are newly initialized: ['classifier.dense.bias', 'classifier.dense.weight',
'classifier.out_proj.bias', 'classifier.out_proj.weight']
Traceback (most recent call last):
  File "/data/train.py", line 66, in <module>
    trainer = Trainer(
              ^^^^^^^^
TypeError: Trainer.__init__() got an unexpected keyword argument 'tokenizer'
"""

LOSS_ERROR = f"""
  0%|          | 0/2 [00:00<?, ?it/s]
Traceback (most recent call last):
  File "{CWD}/train.py", line 75, in <module>
    trainer.train()
  File "{PACKAGES}/transformers/trainer.py", line 1421, in train
    return inner_training_loop(
           ^^^^^^^^^^^^^^^^^^^^
  File "{PACKAGES}/transformers/trainer.py", line 1787, in _inner_training_loop
    tr_loss_step = self.training_step(model, inputs, num_items_in_batch)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{PACKAGES}/transformers/trainer.py", line 2508, in training_step
    loss = self.compute_loss(model, inputs, num_items_in_batch=num_items_in_batch)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{PACKAGES}/transformers/trainer.py", line 2603, in compute_loss
    raise ValueError(
ValueError: The model did not return a loss from the inputs, only the following keys: logits. """ + (
    "For reference, the inputs it received are input_ids,attention_mask."
)
