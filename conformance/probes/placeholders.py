"""Placeholders in a request: the messages of an earlier step, and text too long to write down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects import dialect_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.providers import Target
    from conformance.wire.case import Case
    from conformance.wire.dialects import Dialect
    from conformance.wire.dialects.reply import Reply

#: Above it an overflowing prompt is megabytes long: front ends refuse its size, and nothing is learned of the model.
_LONGEST_CONTEXT = 262_144
_OVERFLOW = 1.25


class ConversationEndError(Exception):
    """A step needs a part of an earlier answer that is missing or unknown; the text names the part."""


def fill_in(template: Mapping[str, Any], target: Target, previous: Sequence[Case]) -> dict[str, Any]:
    """Return a body or an `ask` with every placeholder replaced; what earlier steps sent and brought is the dialect's to write.

    Raises:
        ConversationEndError: a placeholder cannot be built.
    """
    filled: dict[str, Any] = _Filler(target, previous).value(template)
    return filled


def answer_id(case: Case, step: int = 0) -> str:
    """Return the id of a step's answer, as its body has it, or the response that an event of a stream holds.

    Raises:
        ConversationEndError: the answer is a failure, or has none.
    """
    for _, value in case.reply.chunks if case.reply.succeeded else ():
        holder = value["response"] if isinstance(value.get("response"), dict) else value
        if isinstance(holder.get("id"), str):
            return str(holder["id"])
    raise ConversationEndError(f"step {step + 1} has no id to continue from")


class _Filler:
    def __init__(self, target: Target, previous: Sequence[Case]) -> None:
        self.target = target
        self.previous = previous
        #: What stands for one value, by its key.
        self._fillers: dict[str, Callable[[Any], str]] = {
            "$repeat": lambda repeat: repeat[0] * repeat[1],
            "$overflow": self._overflow,
            "$id": self._id,
            "$model": lambda text: f"{text}{target.model}",
        }

    @property
    def dialect(self) -> Dialect:
        return dialect_named(self.target.dialect)

    def value(self, template: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(template, list):
            return [item for part in template for item in self._items(part)]
        if not isinstance(template, dict):
            return template
        for key, fill in self._fillers.items():
            if key in template:
                return fill(template[key])
        return {key: self.value(item) for key, item in template.items()}

    def _items(self, template: Any) -> list[Any]:  # noqa: ANN401 - any JSON
        if isinstance(template, dict) and "$history" in template:
            return self.dialect.history(self._case(template["$history"]).exchange.request)
        if isinstance(template, dict) and "$reply" in template:
            return self.dialect.carry_on([], self._completion(template["$reply"]))
        if isinstance(template, dict) and "$tool_results" in template:
            return self._tool_results(template["$tool_results"], template.get("content", ""))
        return [self.value(template)]

    def _case(self, step: int) -> Case:
        if step >= len(self.previous):
            raise ConversationEndError(f"step {step + 1} was not asked")
        return self.previous[step]

    def _completion(self, step: int) -> Reply:
        reply = self._case(step).reply
        if not reply.succeeded or not reply.choices:
            raise ConversationEndError(f"step {step + 1} has no completion to continue from")
        return reply

    def _id(self, step: int) -> str:
        return answer_id(self._case(step), step)

    def _tool_results(self, step: int, content: str) -> list[Any]:
        choice = self._completion(step).choices[0]
        if not choice.tool_calls:
            raise ConversationEndError(f"step {step + 1} has no tool call to answer")
        if choice.finish_reason == "length":
            raise ConversationEndError(f"step {step + 1} has a tool call that the token limit cut")
        return self.dialect.carry_on([], None, [(call, content) for call in choice.tool_calls])

    def _overflow(self, text: str) -> str:
        context = self.target.known.context if self.target.known else None
        reason = obstacle(self.target)
        if reason is not None or context is None:
            raise ConversationEndError(reason)
        return text * int(context * _OVERFLOW)


def overflows(template: object) -> bool:
    """Return True if a body holds a prompt longer than the target's context."""
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
