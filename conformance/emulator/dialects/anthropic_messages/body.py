"""A completion as a message: its content blocks, its stop reason and its usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    STOPPED: "stop_sequence",
}


class MessageWriter(ChoiceWriter):
    """Writes one message. `blocks` are the whole content blocks."""

    words = _STOP_REASONS

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        super().__init__(context, completion, waits)
        self.blocks = self._blocks()

    def message(self, *, begun: bool = False) -> dict[str, Any]:
        """Return the message; as it begins, it has no content, no stop reason, and the first output token."""
        whole = {
            "model": self.context.target.model,
            "id": self.context.scope["id"],
            "type": "message",
            "role": "assistant",
            "content": [] if begun else list(self.blocks),
            "stop_reason": None if begun else self.finish_word,
            "stop_sequence": None if begun else self.choice.stopped_by,
            "usage": self.usage(begun=begun),
        }
        return self.context.with_additions(whole, {"message"}, self.contents, **self.known)

    def ending(self) -> dict[str, Any]:
        """Return the counts of the whole stream, cumulative as message_delta has them."""
        counts = self.usage()
        details = {"output_tokens_details"} if self.completion.reasoning_tokens else set[str]()
        return {name: value for name, value in counts.items() if name.endswith("_tokens") or name in details}

    def usage(self, *, begun: bool = False) -> dict[str, Any]:
        """Return the usage. Cached tokens are none of the input tokens; thinking is output."""
        completion = self.completion
        counts = {
            "input_tokens": completion.prompt_tokens - completion.cached_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": completion.cached_tokens,
            "output_tokens": min(1, completion.completion_tokens) if begun else completion.completion_tokens,
        }
        if completion.reasoning_tokens and not begun:
            counts |= {"output_tokens_details": {"thinking_tokens": completion.reasoning_tokens}}  # type: ignore[dict-item]
        return self.context.with_additions(counts, {"usage"}, self.contents, **self.known)

    def _blocks(self) -> tuple[dict[str, Any], ...]:
        choice, context = self.choice, self.context
        blocks: list[dict[str, Any]] = []
        if choice.reasoning:
            signature = context.fill("Er{alnum:120}")
            blocks.append({"type": "thinking", "thinking": "".join(choice.reasoning), "signature": signature})
        if choice.pieces:
            blocks.append({"type": "text", "text": choice.text})
        for call in choice.tool_calls:
            called = context.fill(context.wire.tool_call_id)
            blocks.append({"type": "tool_use", "id": called, "name": call.name, "input": arguments_of(call.arguments)})
        return tuple(
            context.with_additions(block, {"block", f"block.{block['type']}"}, self.contents, **self.known)
            for block in blocks
        )
