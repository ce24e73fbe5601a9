"""Placeholders in a body: what an earlier step sent or brought, and text too long to write down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.case import Case
from conformance.dialects.openai_chat import REASONING_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.dialects.reply import Choice, Reply
    from conformance.exchange import Exchange
    from conformance.providers import Target

#: Above it an overflowing prompt is megabytes long: front ends refuse its size, and nothing is learned of the model.
_LONGEST_CONTEXT = 262_144
_OVERFLOW = 1.25


class ConversationEndError(Exception):
    """A step needs something that an earlier one did not bring, or that is not known; the text says what."""


def fill_in(body: Mapping[str, Any], target: Target, previous: Sequence[Exchange]) -> dict[str, Any]:
    """Return the body with every placeholder replaced.

    Raises:
        ConversationEndError: a placeholder cannot be built.
    """
    filled: dict[str, Any] = _Filler(target, previous).value(body)
    return filled


class _Filler:
    def __init__(self, target: Target, previous: Sequence[Exchange]) -> None:
        self.target = target
        self.previous = previous

    def value(self, template: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(template, list):
            return [item for each in template for item in self._items(each)]
        if not isinstance(template, dict):
            return template
        if "$reply" in template:
            return self._reply(template["$reply"])
        if "$repeat" in template:
            text, times = template["$repeat"]
            return text * times
        if "$overflow" in template:
            return self._overflow(template["$overflow"])
        return {key: self.value(item) for key, item in template.items()}

    def _items(self, template: Any) -> list[Any]:  # noqa: ANN401 - any JSON
        if isinstance(template, dict) and "$history" in template:
            messages = self._exchange(template["$history"]).request.json.get("messages")
            return list(messages) if isinstance(messages, list) else []
        if isinstance(template, dict) and "$tool_results" in template:
            return self._tool_results(template["$tool_results"], template.get("content", ""))
        return [self.value(template)]

    def _exchange(self, step: int) -> Exchange:
        if step >= len(self.previous):
            raise ConversationEndError(f"step {step + 1} was not asked")
        return self.previous[step]

    def _completion(self, step: int) -> Reply:
        reply = Case(self._exchange(step)).reply
        if not reply.succeeded or not reply.choices:
            raise ConversationEndError(f"step {step + 1} brought no completion to go on from")
        return reply

    def _reply(self, step: int) -> dict[str, Any]:
        reply = self._completion(step)
        message = None if reply.streamed else reply.chunks[0].value["choices"][0].get("message")
        return message if isinstance(message, dict) else _joined(reply, reply.choices[0])

    def _tool_results(self, step: int, content: str) -> list[dict[str, Any]]:
        choice = self._completion(step).choices[0]
        if not choice.tool_calls:
            raise ConversationEndError(f"step {step + 1} brought no tool call to answer")
        if choice.finish_reason == "length":
            raise ConversationEndError(f"step {step + 1} brought a tool call that the token limit cut")
        return [{"role": "tool", "tool_call_id": call.id, "content": content} for call in choice.tool_calls]

    def _overflow(self, text: str) -> str:
        context = self.target.known.context if self.target.known else None
        reason = obstacle(self.target)
        if reason is not None or context is None:
            raise ConversationEndError(reason)
        return text * int(context * _OVERFLOW)


def overflows(template: object) -> bool:
    """Whether a body holds a prompt longer than the target's context."""
    if isinstance(template, dict):
        return "$overflow" in template or any(overflows(item) for item in template.values())
    return isinstance(template, list) and any(overflows(item) for item in template)


def obstacle(target: Target) -> str | None:
    """Say why a target's context cannot be overflowed; None where it can."""
    context = target.known.context if target.known else None
    if context is None:
        return f"overflows the context of {target.id}, which its provider's TOML does not state"
    if context > _LONGEST_CONTEXT:
        return f"overflows the context of {target.id}: {context} tokens are too many for one request"
    return None


def _joined(reply: Reply, choice: Choice) -> dict[str, Any]:
    """Return a streamed message as a client joins it: what came, under the names that it came under."""
    message: dict[str, Any] = {"role": "assistant", "content": choice.text or None}
    if choice.refusal:
        message["refusal"] = choice.refusal
    if choice.reasoning:
        message[_reasoning_field(reply)] = choice.reasoning
    if choice.tool_calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in choice.tool_calls
        ]
    return message


def _reasoning_field(reply: Reply) -> str:
    listed = (value.get("choices") for _, value in reply.chunks)
    choices = (choice for items in listed if isinstance(items, list) for choice in items if isinstance(choice, dict))
    deltas = (choice.get("delta") for choice in choices)
    names = (name for delta in deltas if isinstance(delta, dict) for name in REASONING_FIELDS if delta.get(name))
    return next(names, REASONING_FIELDS[0])
