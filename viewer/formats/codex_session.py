"""All that one Codex rollout says, while it is read: prompts told from their copies, calls joined with reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from viewer.formats.builder import Draft, RunBuilder
from viewer.formats.codex_results import merged
from viewer.formats.codex_text import sort_text, split_request
from viewer.formats.codex_usage import Fork, Steps
from viewer.formats.values import iso_time, mapping, maybe_string, string
from viewer.model import ImageRef, ToolResult


@dataclass(slots=True)
class Prompt:
    """A text that may be the user's own, and the events that show it."""

    raw: str
    draft: Draft
    context: Draft | None
    own: bool
    """Whether it is not part of the history that a fork repeats."""

    def hide(self) -> None:
        """Show it no more: it is a copy."""
        self.draft.dropped = True
        if self.context is not None:
            self.context.dropped = True


class Session:
    """The state that the record handlers of `codex.py` and `codex_events.py` share."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self.builder = RunBuilder()
        self.fork = Fork()
        self.steps = Steps(self.builder, self.fork)
        self.meta: dict[str, Any] | None = None
        self.model: str | None = None
        self.title: str | None = None
        self.task: str | None = None
        """What another agent sent to this one."""
        self.turns = 0
        self.own_from: int | None = None
        """Record at which a fork's own part begins."""
        self.injected: set[str] = set()
        self.typed: list[Prompt] = []
        """Texts sent to the model in the user's role that the harness is not known to have written."""
        self.told: list[Prompt] = []
        """What `user_message` events say was typed."""
        self.item_prompts: list[Prompt] = []
        """The same from `item_completed` events, the newer form; a file may hold both."""
        self.calls: dict[str, Draft] = {}
        self.stated: set[str] = set()
        """Sorts of record found in the model's own words (`response_item`), so that reports of them are copies."""
        self.searches: list[tuple[Any, str]] = []
        """Action and call id of web searches without a report, and next of reports without a search."""
        self.search_reports: list[tuple[Any, str]] = []
        self.aborts = 0
        self.abort_texts: list[Draft] = []
        self.last_error = ""
        self._echoes: list[tuple[str, Draft]] = []
        self._copies: list[tuple[str, Draft]] = []
        self._reports: dict[str, ToolResult] = {}

    def identify(self, meta: dict[str, Any], number: int, time: int | None) -> None:
        """A session header. The first one names the file; later ones are a resume's, or in a fork the parent's."""
        if self.meta is not None:
            if not self.turns and meta.get("id") != self.meta.get("id"):
                self.fork.arm(string(self.meta.get("id")), time)
            return
        self.meta = meta
        if meta.get("forked_from_id") or self.parent_thread():
            self.fork.arm(string(meta.get("id")), time if time is not None else iso_time(meta.get("timestamp")))
        instructions = mapping(meta.get("base_instructions")).get("text") or meta.get("instructions")
        if isinstance(instructions, str) and instructions:
            self.builder.add("system", number, time=time, text=instructions, label="instructions")
        self.builder.seen(time if time is not None else iso_time(meta.get("timestamp")))

    def spawn(self) -> dict[str, Any]:
        """What the header says of a subagent's birth; empty for a session of its own."""
        subagent = mapping(mapping(self.meta).get("source")).get("subagent")
        return mapping(mapping(subagent).get("thread_spawn"))

    def is_subagent(self) -> bool:
        """Whether another session started this one."""
        meta = mapping(self.meta)
        return "subagent" in mapping(meta.get("source")) or meta.get("thread_source") == "subagent"

    def parent_thread(self) -> str | None:
        """Id of the session that started this one as a subagent."""
        return maybe_string(mapping(self.meta).get("parent_thread_id")) or maybe_string(
            self.spawn().get("parent_thread_id")
        )

    def begin_turn(self, payload: dict[str, Any], number: int, time: int | None) -> None:
        """A turn begins, as `task_started` and `turn_context` both say."""
        self.turns += 1
        if self.fork.replaying and self.fork.turn(payload.get("turn_id"), time):
            self.own_from = number
            self.steps.begin_own()

    def prompt(
        self, prompts: list[Prompt], raw: str, images: tuple[ImageRef, ...], number: int, block: int, time: int | None
    ) -> None:
        """A text that may be the user's own, kept in `prompts` until `settle_prompts` knows."""
        context, request = split_request(raw)
        before = None
        if context:
            before = self.builder.add("system", number, block, time=time, text=context, label="editor context")
        draft = self.builder.add("user", number, block, time=time, text=request, images=images)
        prompts.append(Prompt(raw.strip(), draft, before, not self.fork.replaying))

    def inject(self, text: str, number: int, block: int, time: int | None, role: str) -> None:
        """A text that the harness sent to the model, in whatever role."""
        kind, label = sort_text(text)
        if role != "user" and kind == "user":
            kind, label = "system", label or role
        draft = self.builder.add(kind, number, block, time=time, text=text, label=label)
        self.injected.add(text.strip())
        if label == "turn aborted":
            self.abort_texts.append(draft)

    def copy(self, text: str, draft: Draft) -> None:
        """An event that shows an injected text; dropped when the text was sent in a message too."""
        self._copies.append((text.strip(), draft))

    def echo(self, what: str, draft: Draft) -> None:
        """An event that repeats a record of sort `what`, should the file have any: it is then dropped."""
        self._echoes.append((what, draft))

    def call(self, draft: Draft) -> None:
        """Remember a tool call that the model made."""
        self.steps.made(draft)
        if draft.call_id:
            self.calls[draft.call_id] = draft

    def answer(self, call_id: str, found: ToolResult, block: int = 1, name: str = "") -> None:
        """What the model was told of a call."""
        report = self._reports.pop(call_id, None)
        if report is not None:
            found = merged(found, report)
        self.builder.answer(call_id, found, block, name)

    def report(self, call_id: str, found: ToolResult, name: str, arguments: Any) -> None:
        """What the harness reports of a call, before or after the model is told; or of one that no record holds."""
        draft = self.calls.get(call_id)
        if draft is None:
            draft = self.builder.answer(call_id, found, 1, name)
            draft.input = arguments
            if call_id:
                self.calls[call_id] = draft
        elif draft.result is None:
            self._reports[call_id] = found
        else:
            draft.result = merged(draft.result, found)

    def settle(self) -> None:
        """The whole file is read: drop copies, and give reports to calls whose answer never came."""
        for call_id, found in self._reports.items():
            self.builder.answer(call_id, found)
        for what, draft in self._echoes:
            # one that got the usage of its step stands alone: the step has no record of the model's own
            draft.dropped = what in self.stated and draft.usage is None
        for text, draft in self._copies:
            draft.dropped = text in self.injected
        if not self.aborts:
            for draft in self.abort_texts:
                draft.kind, draft.label = "interruption", ""
        self._settle_prompts()

    def _settle_prompts(self) -> None:
        """Every prompt is recorded twice: as the user typed it, and as it was sent to the model.

        Where any is recorded as typed, what was only sent is the harness's.
        """
        if self.told:
            for prompt in self.item_prompts:
                prompt.hide()
        else:
            self.told = self.item_prompts
        if not self.told:
            return
        waiting: dict[str, list[Prompt]] = {}
        for prompt in reversed(self.told):
            waiting.setdefault(prompt.raw, []).append(prompt)
        for sent in self.typed:
            twins = waiting.get(sent.raw)
            if twins:
                twin = twins.pop()
                twin.draft.images = twin.draft.images or sent.draft.images
                sent.hide()
            else:
                sent.draft.kind, sent.draft.label = "system", "in the user's role"

    def first_prompt(self) -> str | None:
        """The user's first words; for a subagent its task."""
        prompts = [prompt for prompt in self.told or self.typed if prompt.draft.text.strip()]
        if self.parent_thread():
            prompts = [prompt for prompt in prompts if prompt.own]
            if not prompts:
                return self.task
        return prompts[0].draft.text if prompts else self.task


def take(pairs: list[tuple[Any, str]], action: Any) -> str:
    """The call id that goes with this action, taken out of `pairs`; empty when none does."""
    for at, (known, call_id) in enumerate(pairs):
        if known == action:
            del pairs[at]
            return call_id
    return ""
