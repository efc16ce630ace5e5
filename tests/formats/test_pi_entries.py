"""The entries of a Pi session: messages, tools, and what else stands between them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.lines import only, result_of
from tests.formats.pi_lines import IMAGE, USAGE, ZEROS, answer, call, entry, message, node, run, texts
from viewer.formats.images import load_image
from viewer.model import Usage


class TestMessages:
    def test_a_user_message_is_text_or_blocks(self) -> None:
        found = run(message("user", "plain"), message("user", [{"type": "text", "text": "block"}]))
        assert texts(found) == ["plain", "block"]
        assert (found.prompt, found.title) == ("plain", "plain")

    def test_an_image_belongs_to_the_text_beside_it(self) -> None:
        document = message("user", [{"type": "text", "text": "See"}, IMAGE])
        event = only(run(document))
        [image] = event.images
        assert load_image(document, image.path) == ("image/png", b"hi")

    def test_a_skill_is_the_command_that_was_typed_and_text_of_the_harness(self) -> None:
        text = '<skill name="deploy" location="/s/SKILL.md">\nDo it.\n\nAll of it.\n</skill>\n\nto prod'
        found = run(message("user", text))
        user, skill = found.events
        assert (user.kind, user.label, user.text) == ("user", "slash command", "/skill:deploy to prod")
        assert (skill.kind, skill.label, skill.address) == ("system", "skill", "2.2")
        assert found.prompt == "/skill:deploy to prod"
        assert run(message("user", text), message("user", "Hello")).prompt == "Hello"

    def test_blocks_of_a_reply_keep_their_places(self) -> None:
        blocks = [
            {"type": "text", "text": "\n"},
            {"type": "thinking", "thinking": "Hm"},
            {"type": "text", "text": "Yes"},
        ]
        found = run(message("assistant", blocks, model="m"))
        assert [(event.address, event.kind) for event in found.events] == [("2.2", "reasoning"), ("2.3", "assistant")]
        assert {event.model for event in found.events} == {"m"}
        assert found.models == ("m",)

    def test_reasoning_without_text_is_encrypted(self) -> None:
        event = only(run(message("assistant", [{"type": "thinking", "thinking": "", "thinkingSignature": "x"}])))
        assert (event.kind, event.label) == ("reasoning", "encrypted")

    def test_usage_and_cost_are_those_of_each_message(self) -> None:
        found = run(message("assistant", "a", usage=USAGE), message("assistant", "b", usage=USAGE))
        assert found.events[0].usage == Usage(input=1, output=2, cache_read=3, cache_write=4, reasoning=1, cost_usd=0.5)
        assert found.usage == Usage(2, 4, 6, 8, 2, 1.0)

    def test_a_cost_of_zero_for_tokens_that_were_used_is_unknown(self) -> None:
        assert run(message("assistant", "a", usage=USAGE | {"cost": {"total": 0}})).usage == Usage(1, 2, 3, 4, 1, None)

    def test_usage_of_zeros_says_nothing(self) -> None:
        assert run(message("assistant", "a", usage=ZEROS)).usage is None

    def test_an_error_is_an_api_error_with_its_message(self) -> None:
        event = only(run(message("assistant", [], stopReason="error", errorMessage="overloaded", usage=ZEROS)))
        assert (event.kind, event.text, event.address) == ("api_error", "overloaded", "2")

    def test_an_aborted_reply_is_an_interruption_after_what_was_said(self) -> None:
        found = run(message("assistant", "Well", stopReason="aborted", errorMessage="Operation aborted"))
        assert [(event.kind, event.address) for event in found.events] == [("assistant", "2"), ("interruption", "2.2")]

    def test_a_reply_cut_at_the_output_limit_says_so(self) -> None:
        assert only(run(message("assistant", "We", stopReason="length"))).label == "stopped at the output limit"

    def test_a_reply_without_content_is_kept(self) -> None:
        event = only(run(message("assistant", None, usage=USAGE)))
        assert (event.kind, event.text) == ("assistant", "")
        assert event.usage is not None

    def test_copies_that_openclaw_adds_are_not_the_models_words(self) -> None:
        found = run(message("assistant", "Sent", provider="openclaw", model="delivery-mirror", usage=ZEROS))
        event = only(found)
        assert (event.kind, event.label) == ("system", "delivery-mirror")
        assert found.models == ()
        assert found.harness == "OpenClaw"

    def test_an_unknown_role_an_unknown_block_and_an_unknown_entry_are_shown(self) -> None:
        found = run(message("oracle", "a"), message("assistant", [{"type": "new"}]), entry("future"), ["list"], None)
        assert [event.kind for event in found.events] == ["other"] * 5


class TestTools:
    def test_a_result_finds_its_call_by_the_whole_id(self) -> None:
        found = run(call("call_1|fc_1", command="ls"), answer("call_1|fc_1", "a", isError=False))
        made = only(found).call
        assert made is not None
        assert (made.id, made.category, made.input) == ("call_1|fc_1", "shell", {"command": "ls"})
        assert (result_of(found).status, result_of(found).text, result_of(found).record) == ("ok", "a", 3)

    def test_is_error_is_the_flag_and_its_absence_unknown(self) -> None:
        for flag, status in ((True, "error"), (False, "ok"), (None, "unknown")):
            assert result_of(run(call("c"), answer("c", isError=flag))).status == status
        assert result_of(run(call("c"), answer("c"))).status == "unknown"

    def test_the_exit_code_is_the_last_line_of_an_error_or_a_detail(self) -> None:
        failed = answer("c", "oops\n\nCommand exited with code 127", isError=True)
        assert result_of(run(call("c"), failed)).exit_code == 127
        assert result_of(run(call("c"), answer("c", "Command exited with code 1", isError=False))).exit_code is None
        assert result_of(run(call("c"), answer("c", isError=False, details={"exitCode": 0}))).exit_code == 0

    @pytest.mark.parametrize(
        "text", ["a\n\nCommand aborted", "Operation aborted", "Skipped due to queued user message."]
    )
    def test_a_call_that_was_stopped_or_skipped_did_not_fail_itself(self, text: str) -> None:
        assert result_of(run(call("c"), answer("c", text, isError=True))).status == "interrupted"

    def test_the_patch_is_the_unified_one_where_there_are_two(self) -> None:
        assert result_of(run(call("c"), answer("c", details={"diff": "+1 a"}))).patch == "+1 a"
        assert result_of(run(call("c"), answer("c", details={"diff": "+1 a", "patch": "@@"}))).patch == "@@"

    def test_a_result_may_hold_images_or_be_plain_text(self) -> None:
        document = message("toolResult", [{"type": "text", "text": "a"}, IMAGE], toolCallId="c")
        found = result_of(run(call("c"), document))
        assert load_image(document, found.images[0].path) == ("image/png", b"hi")
        assert found.text == "a"
        assert result_of(run(call("c"), message("toolResult", "plain", toolCallId="c"))).text == "plain"

    def test_a_call_without_a_result_and_a_result_without_a_call_are_both_shown(self) -> None:
        found = run(call("c"), answer("other", "a", isError=False))
        assert [event.label for event in found.events] == ["", "result without a call"]
        assert [event.call.name for event in found.events if event.call] == ["bash", "bash"]

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"exitCode": 0}, "ok"),
            ({"exitCode": 2}, "error"),
            ({"cancelled": True}, "interrupted"),
            ({"exitCode": None}, "unknown"),
        ],
    )
    def test_a_command_of_the_users_own_is_a_shell_call(self, fields: dict[str, Any], status: str) -> None:
        found = run(entry("message", message={"role": "bashExecution", "command": "ls", "output": "a"} | fields))
        event = only(found)
        assert event.call is not None
        assert (event.kind, event.label, event.call.category) == ("tool", "own shell command", "shell")
        assert (event.call.input, result_of(found).text) == ({"command": "ls"}, "a")
        assert (result_of(found).status, result_of(found).exit_code) == (status, fields.get("exitCode"))


class TestOtherEntries:
    def settings(self, *entries: dict[str, Any], **header: Any) -> list[tuple[str, str]]:
        return [(event.label, event.text) for event in run(*entries, **header).events if event.kind == "system"]

    def test_a_change_of_model_or_thinking_is_a_small_event_before_what_it_holds_for(self) -> None:
        entries = (
            entry("model_change", provider="p", modelId="m"),
            entry("thinking_level_change", thinkingLevel="low"),
        )
        assert self.settings(*entries, message("user", "a")) == [("model", "p/m"), ("thinking level", "low")]

    def test_a_change_that_is_changed_again_before_it_is_used_says_nothing(self) -> None:
        levels = [entry("thinking_level_change", thinkingLevel=level) for level in ("low", "high", "off")]
        assert self.settings(*levels, message("user", "a")) == [("thinking level", "off")]
        assert self.settings(message("user", "a"), *levels) == []

    def test_a_change_to_what_the_header_says_already_is_none(self) -> None:
        change = entry("model_change", provider="p", modelId="m")
        assert self.settings(change, message("user", "a"), provider="p", modelId="m") == []

    def test_a_compaction_has_its_summary_and_its_own_usage(self) -> None:
        event = only(run(entry("compaction", summary="So far", tokensBefore=1234, usage=USAGE)))
        assert (event.kind, event.text) == ("compaction", "1,234 tokens before\n\nSo far")
        assert event.usage is not None

    def test_summaries_of_branches_are_text_of_the_harness(self) -> None:
        summaries = (entry("branch_summary", summary="a"), message("branchSummary", summary="b"))
        assert self.settings(*summaries) == [("branch summary", "a"), ("branch summary", "b")]
        assert self.settings(message("compactionSummary", summary="c")) == [("compaction summary", "c")]

    def test_what_extensions_inject_is_never_the_users_words(self) -> None:
        custom = entry("custom_message", customType="x", content="a", display=True)
        found = run(custom, message("custom", "b", customType="y"), message("hookMessage", "c", customType="z"))
        assert [(event.kind, event.label, event.text) for event in found.events] == [
            ("system", "x", "a"),
            ("system", "y", "b"),
            ("system", "z", "c"),
        ]
        assert found.prompt is None

    def test_an_image_that_an_extension_injects_is_found_in_its_entry(self) -> None:
        document = entry("custom_message", customType="x", content=[IMAGE])
        assert load_image(document, only(run(document)).images[0].path) == ("image/png", b"hi")

    def test_hidden_messages_and_state_are_hidden(self) -> None:
        hidden = entry("custom_message", customType="x", content="a", display=False)
        assert run(hidden, message("custom", "b", display=False), entry("custom", customType="x")).events == ()

    def test_a_label_names_the_record_it_marks(self) -> None:
        label = entry("label", id="b", parentId="a", targetId="a", label="checkpoint")
        event = run(node("a", None, "a"), label).events[1]
        assert (event.kind, event.label, event.text) == ("system", "label", "checkpoint (on 2)")
        assert texts(run(node("a", None, "a"), label | {"label": None})) == ["a"]
