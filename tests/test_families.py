"""Names of models: what a harness writes as family, version and label, and which names share a column."""

import pytest

from viewer.families import column, model, models_of


@pytest.mark.parametrize(
    ("name", "family", "version", "label"),
    [
        ("claude-opus-4-7", "Claude Opus", "4.7", "Claude Opus 4.7"),
        ("claude-opus-4-5-20251101", "Claude Opus", "4.5", "Claude Opus 4.5"),
        ("claude-opus-4-20250514", "Claude Opus", "4", "Claude Opus 4"),
        ("claude-sonnet-4.6", "Claude Sonnet", "4.6", "Claude Sonnet 4.6"),
        ("claude-3-5-haiku-20241022", "Claude Haiku", "3.5", "Claude 3.5 Haiku"),
        ("bedrock/us.anthropic.claude-opus-4-6-v1", "Claude Opus", "4.6", "Claude Opus 4.6"),
        ("anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet", "4", "Claude Sonnet 4"),
        ("moonshotai/Kimi-K2.6:cheapest", "Kimi K", "K2.6", "Kimi K2.6"),
        ("accounts/fireworks/routers/kimi-k2p6-fast", "Kimi K fast", "K2.6", "Kimi K2.6 fast"),
        ("gpt-5.2-codex", "GPT Codex", "5.2", "GPT 5.2 Codex"),
        ("gpt-4o-2024-08-06", "GPT", "4o", "GPT 4o"),
        ("gpt-oss-20b-GGUF", "GPT OSS 20B", "", "GPT OSS 20B"),
        ("deepseek-v3", "DeepSeek V", "V3", "DeepSeek V3"),
        ("deepseek-r1", "DeepSeek R", "R1", "DeepSeek R1"),
        ("qwen3-coder-30b-a3b", "Qwen Coder 30B A3B", "3", "Qwen 3 Coder 30B A3B"),
        ("sonnet", "Sonnet", "", "Sonnet"),
        ("house-model", "House Model", "", "House Model"),
    ],
)
def test_a_name_has_a_family_a_version_and_a_label(name: str, family: str, version: str, label: str) -> None:
    found = model(name)
    assert (found.family, found.version, found.label) == (family, version, label)


def test_versions_share_a_column_only_when_folded() -> None:
    names = ("claude-opus-4-6", "claude-opus-4-7")
    assert {column([name], fold=True) for name in names} == {"Claude Opus"}
    assert {column([name], fold=False) for name in names} == {"Claude Opus 4.6", "Claude Opus 4.7"}


@pytest.mark.parametrize(
    ("one", "other"), [("gpt-5.4", "gpt-5.4-mini"), ("deepseek-v3", "deepseek-r1"), ("qwen3-8b", "qwen3-32b")]
)
def test_lines_and_sizes_are_no_versions(one: str, other: str) -> None:
    assert column([one], fold=True) != column([other], fold=True)


def test_a_run_of_two_models_has_a_column_of_its_own_and_of_none_the_unknown_one() -> None:
    assert column(["claude-opus-4-5", "claude-haiku-4-5"], fold=True) == "Claude Opus + Claude Haiku"
    assert column(["claude-opus-4-5", "<synthetic>"], fold=False) == "Claude Opus 4.5"
    assert column([], fold=True) == column(["<synthetic>"], fold=True) == "unknown model"


def test_two_spellings_of_one_model_are_one() -> None:
    assert len(models_of(["claude-opus-4-5", "claude-opus-4-5-20251101"])) == 1


@pytest.mark.parametrize("name", ["", "-", "///", "4", "v", "🤖", "a" * 5_000, "gpt-" * 500])
def test_no_name_breaks(name: str) -> None:
    assert model(name).label == model(name).label.strip() or name == "-"
