"""A request in the emulated model's own terms: each dialect reads its requests into one of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from conformance.emulator.mind.conversation import Conversation
    from conformance.emulator.mind.tool_calls import Tool

Form: TypeAlias = Literal["text", "json_object", "json_schema"]


@dataclass(frozen=True)
class AnswerRequest:
    """A sound request.

    Attributes:
        model: the asked model.
        talk: the conversation.
        meaning: text that holds everything the answer depends on: the same meaning and seed bring the same answer.
        tools: the functions that may be called.
        tool_mode: auto, none, required, or the name of the function to call after `=`.
        parallel: whether one turn may hold several calls.
        form: of the answer's text.
        schema: that the text meets where the form is json_schema.
        choices: how many answers.
        stop: strings that end an answer.
        limit: output tokens; None: no limit.
        logprobs: whether log probabilities are asked for.
        top_logprobs: how many rivals each token has.
        effort: of the reasoning.
        hot: whether the temperature is above 0: else every choice is the same.
        prompt_tokens: an estimate of the request's tokens.
    """

    model: str
    talk: Conversation
    meaning: str
    tools: tuple[Tool, ...] = ()
    tool_mode: str = "auto"
    parallel: bool = True
    form: Form = "text"
    schema: Any = None
    choices: int = 1
    stop: tuple[str, ...] = ()
    limit: int | None = None
    logprobs: bool = False
    top_logprobs: int = 0
    effort: str = "medium"
    hot: bool = True
    prompt_tokens: int = 0


#: The members of `AnswerRequest` that a refusal may name, as `Refusal.param` holds them until the dialect words it.
FIELDS = ("model", "talk", "tools", "tool_mode", "form", "logprobs", "choices")
