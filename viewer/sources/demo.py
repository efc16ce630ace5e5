"""The demo race: four runs of one task that come with the app, so that it shows something with no network."""

from __future__ import annotations

from pathlib import Path

from viewer.sources.contract import Source
from viewer.sources.local import LocalFolder

DEMO_ID = "demo"
DEMO_NOTE = "Reconstructed from the published facts; the real traces are davanstrien/agent-race-traces"
DEMO_LINK = "https://huggingface.co/datasets/davanstrien/agent-race-traces"


def demo_source(assets: Path) -> Source:
    """The source of the runs in `assets/demo`."""
    return LocalFolder(DEMO_ID, "Demo race", assets / "demo", kind="demo")
