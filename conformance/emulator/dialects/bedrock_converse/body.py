"""A completion as a message of Converse: its content blocks, its stop reason, its usage and its metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects.bedrock_converse.guardrail import trace_of
from conformance.emulator.dress.writer import STOPPED, ChoiceWriter, arguments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion

_STOP_REASONS: Final[Mapping[str, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "guardrail_intervened",
    STOPPED: "stop_sequence",
}


class MessageWriter(ChoiceWriter):
    """Writes one message. `blocks` are the whole content blocks."""

    words = _STOP_REASONS

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        super().__init__(context, completion, waits)
        self.blocks = self._blocks()

    def body(self) -> dict[str, Any]:
        """Return the answer in one piece."""
        whole = {
            "metrics": self._metrics(),
            "output": {"message": {"content": list(self.blocks), "role": "assistant"}},
            "stopReason": self.finish_word,
            **trace_of(self.context.body),
            "usage": self._usage(),
        }
        return self.context.with_additions(whole, {"body"}, self.contents, **self.known)

    def metadata(self) -> dict[str, Any]:
        """Return what a stream reports at its end."""
        whole = {"metrics": self._metrics(), **trace_of(self.context.body), "usage": self._usage()}
        return self.context.with_additions(whole, {"metadata"}, self.contents, **self.known)

    def _metrics(self) -> dict[str, int]:
        return {"latencyMs": max(1, round(1000 * self.known["total_time"]))}

    def _usage(self) -> dict[str, Any]:
        """Return the usage. Cached tokens are none of the input tokens; thinking is output."""
        completion = self.completion
        given = completion.prompt_tokens - completion.cached_tokens
        total = given + completion.completion_tokens
        counts = {"inputTokens": given, "outputTokens": completion.completion_tokens, "totalTokens": total}
        return self.context.with_additions(counts, {"usage"}, self.contents, **self.known)

    def _blocks(self) -> tuple[dict[str, Any], ...]:
        choice, context = self.choice, self.context
        blocks: list[dict[str, Any]] = []
        if choice.reasoning:
            thought = {"signature": context.fill("Er{alnum:120}"), "text": "".join(choice.reasoning)}
            blocks.append({"reasoningContent": {"reasoningText": thought}})
        if choice.pieces:
            blocks.append({"text": choice.text})
        for call in choice.tool_calls:
            called = context.fill(context.wire.tool_call_id)
            blocks.append({"toolUse": {"input": arguments_of(call.arguments), "name": call.name, "toolUseId": called}})
        return tuple(
            context.with_additions(block, {"block", f"block.{next(iter(block))}"}, self.contents, **self.known)
            for block in blocks
        )
