"""A completion as a message of Converse: its content blocks, its stop reason, its usage and its metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects.bedrock_converse.guardrail import trace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Choice, Completion

_STOP_REASONS: Final[Mapping[str, str]] = {
    "stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "guardrail_intervened",
}  # fmt: skip


class MessageWriter:
    """Writes one message. `known` are the placeholders of the TOML's additions, `blocks` the whole content blocks."""

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        self.context = context
        self.completion = completion
        self.choice = completion.choices[0]
        self.waits = waits
        self.contents = _contents_of(self.choice)
        self.known: dict[str, Any] = {
            "prompt_tokens": completion.prompt_tokens,
            "completion_tokens": completion.completion_tokens,
            "total_tokens": completion.prompt_tokens + completion.completion_tokens,
            "reasoning_tokens": completion.reasoning_tokens,
            "cached_tokens": completion.cached_tokens,
            "answer_tokens": completion.completion_tokens - completion.reasoning_tokens,
            "text": self.choice.text,
            "finish_reason": self.stop_reason,
            **waits.stated(completion.completion_tokens),
        }
        self.blocks = self._blocks()

    @property
    def stop_reason(self) -> str:
        """The reason that the message stops."""
        return "stop_sequence" if self.choice.stopped_by is not None else _STOP_REASONS[self.choice.finish_reason]

    def body(self) -> dict[str, Any]:
        """Return the answer in one piece."""
        whole = {
            "metrics": self._metrics(),
            "output": {"message": {"content": list(self.blocks), "role": "assistant"}},
            "stopReason": self.stop_reason,
            "usage": self._usage(),
            **trace_of(self.context.body),
        }
        return self.context.with_additions(whole, {"body"}, self.contents, **self.known)

    def metadata(self) -> dict[str, Any]:
        """Return what a stream reports at its end."""
        whole = {"metrics": self._metrics(), "usage": self._usage(), **trace_of(self.context.body)}
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
            blocks.append({"toolUse": {"input": _input(call.arguments), "name": call.name, "toolUseId": called}})
        return tuple(
            context.with_additions(block, {"block", f"block.{next(iter(block))}"}, self.contents, **self.known)
            for block in blocks
        )


def _input(arguments: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a call's input. One that the limit cut is no JSON: nothing of it is sent."""
    try:
        return json.loads(arguments)
    except ValueError:
        return {}


def _contents_of(choice: Choice) -> Collection[str]:
    """Return the contents of a choice, in the words of `has` and `lacks`."""
    parts = {"reasoning": choice.reasoning, "content": choice.pieces, "tool_calls": choice.tool_calls}
    return {name for name, stored in parts.items() if stored}
