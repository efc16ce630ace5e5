"""A dataset shaped like the agent race's, and model repositories shaped like those that it names, for the local Hub.

The traces are those of the demo. As in the real one, the card has a table of files, harnesses, models and
repositories, and no number: those stand in the cards of the models, each in another way.
"""

from tests.hub import LocalHub
from tests.smallest import ASSETS

RACE = "ann/race-traces"
FILES = ("claude-code.jsonl", "pi-kimi.jsonl", "ml-intern-opus.jsonl", "ml-intern-kimi.jsonl")
CARD = """---
tags: [agent-traces]
---
# Four agents, one prompt

| File | Harness | Driver model | Trained model pushed to |
|---|---|---|---|
| `claude-code.jsonl` | Claude Code | Claude Opus 4.7 | [model](https://huggingface.co/ann/laws-claude-code) |
| `pi-kimi.jsonl` | Pi | Kimi K2.6 | [model](https://huggingface.co/ann/laws-pi-kimi) |
| `ml-intern-opus.jsonl` | ml-intern | Claude Opus 4.6 | [model](https://huggingface.co/ann/laws-ml-agent) |
| `ml-intern-kimi.jsonl` | ml-intern | Kimi K2.6 | [model](https://huggingface.co/ann/laws-kimi) |
"""
MODELS = {
    "ann/laws-claude-code": """---
model-index:
- name: laws-claude-code
  results:
  - task: {type: text-classification}
    dataset: {name: on_the_books, type: biglam/on_the_books, split: test}
    metrics:
    - {type: f1, value: 0.9619, name: F1}
---
# Model
""",
    "ann/laws-pi-kimi": """---
model-index:
- name: laws-pi-kimi
  results: []
---
It achieves the following results on the evaluation set:
- Loss: 0.1
- F1: 0.9474
""",
    "ann/laws-ml-agent": """# Classifier
Evaluated on a stratified 15% held-out test set (268 samples):

| Metric | Score |
|---|---|
| F1 | 0.9487 |
""",
    "ann/laws-kimi": """It achieves the following results on the evaluation set:
- Loss: 0.1414
- Accuracy: 0.9748
- F1: 0.9561
""",
}


def add_race(hub: LocalHub) -> str:
    """Adds the dataset and the models; returns the dataset's commit."""
    for name, card in MODELS.items():
        hub.add_model(name, card=card)
    traces = {name: (ASSETS / "demo" / name).read_bytes() for name in FILES}
    return hub.add_dataset(RACE, traces, tags=["format:agent-traces"], card=CARD).head.sha
