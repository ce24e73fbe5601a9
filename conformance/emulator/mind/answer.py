"""The emulated model's answer: a well-behaved model's, the same every time.

It obeys the request (tools, form, stop, choices, token limits, logprobs) and knows no dialect and no provider's wire. The text depends on
the request's meaning and, above temperature 0, on its seed: never on whether it is streamed, cut or metered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from conformance.emulator.mind.completion import Called, Choice, Completion, Refusal, TokenLogprob
from conformance.emulator.mind.json_answers import json_answer, text_answer
from conformance.emulator.mind.json_instances.generate import NoInstanceError
from conformance.emulator.mind.json_instances.schema_parts import WORDS
from conformance.emulator.mind.reasoning import reason
from conformance.emulator.mind.tokenizer import tokens
from conformance.emulator.mind.tool_calls import calls

if TYPE_CHECKING:
    from conformance.emulator.mind.request import AnswerRequest
    from conformance.emulator.mind.tool_calls import CallTools
    from conformance.providers import Target


_PER_CALL = 3  # tokens that open and close a call


def answer(
    request: AnswerRequest, target: Target, *, seed: int, call_tools: CallTools = "auto"
) -> Completion | Refusal:
    """Return the completion of a sound request, or why it is refused.

    Args:
        request: in the model's own terms. A refusal names a member of it.
        target: whose model answers; another model of the same provider is answered as well.
        seed: of all that is drawn. The same request and seed bring the same answer.
        call_tools: whether the model calls tools that the request leaves to it.
    """
    asked = replace(target, model=request.model)
    request = _without_ignored(request, asked)
    refusal = beyond(request, asked)
    if refusal is not None:
        return refusal
    context = asked.known.context if asked.known else None
    if context is not None and request.prompt_tokens > context:
        message = f"The prompt has {request.prompt_tokens} tokens; the context length of this model is {context}."
        return Refusal("context_too_long", message, "talk")
    try:
        choices = tuple(_choice(request, asked, seed, index, call_tools) for index in range(request.choices))
    except NoInstanceError as error:
        param = "tools" if request.form == "text" else "form"
        return Refusal("bad_parameter", f"No value fits the schema: {error}.", param)
    reasoning = sum(len(choice.reasoning) for choice in choices)
    return Completion(choices, request.prompt_tokens, sum(choice.tokens for choice in choices), reasoning)


def _without_ignored(request: AnswerRequest, target: Target) -> AnswerRequest:
    """Return the request without the parameters that its provider ignores where the model lacks the capability."""
    ignored = target.provider.params.ignored_without - target.capabilities
    if "logprobs" in ignored:
        request = replace(request, logprobs=False)
    if "n" in ignored:
        request = replace(request, choices=1)
    if "tool_choice_required" in ignored and request.tool_mode == "required":
        request = replace(request, tool_mode="auto")
    if "tool_choice_named" in ignored and request.tool_mode.startswith("="):
        request = replace(request, tool_mode="auto")
    return request


def beyond(request: AnswerRequest, target: Target) -> Refusal | None:
    """Refuse what the model is known not to do. What is merely steered by a parameter (seed, stop) is ignored instead."""
    able = target.capabilities
    asked = (
        ("tools", "tools", bool(request.tools)),
        ("tool_choice_required", "tool_mode", request.tool_mode == "required"),
        ("tool_choice_named", "tool_mode", request.tool_mode.startswith("=")),
        (request.form, "form", request.form != "text"),
        ("logprobs", "logprobs", request.logprobs),
        ("n", "choices", request.choices > 1),
    )
    param = next((param for capability, param, is_asked in asked if is_asked and capability not in able), None)
    return Refusal("unsupported_feature", "", param) if param is not None else None


def _choice(request: AnswerRequest, target: Target, seed: int, index: int, call_tools: CallTools) -> Choice:
    draws = _Draws(request, seed, index)
    budget = _Budget(request.limit)
    reasons = "reasoning" in target.capabilities if request.thinks is None else request.thinks
    thought = budget.take(tokens(reason(request.talk, request.effort, draws("reasoning")))) if reasons else ()
    parallel = "parallel_tools" in target.capabilities
    wanted = calls(request, draws("calls"), parallel=parallel, call_tools=call_tools)
    if wanted:
        made = tuple(call for item in wanted if (call := budget.call(item)) is not None)
        return Choice((), thought, made, "length" if budget.cut else "tool_calls", None, budget.spent)
    text = text_answer(request.talk, draws("text")) if request.form == "text" else json_answer(request, draws("text"))
    pieces = budget.take(tokens(text))
    shown, stopped_by = _stopped(pieces, request.stop)
    finish = "length" if budget.cut and shown == pieces else "stop"
    scores = _logprobs(shown, request.top_logprobs, draws("logprobs")) if request.logprobs else None
    spent = budget.spent - (len(pieces) - len(shown))
    return Choice(shown, thought, (), finish, scores, spent, stopped_by=stopped_by)


class _Draws:
    """One generator a purpose, so that what is drawn for one never moves another."""

    def __init__(self, request: AnswerRequest, seed: int, index: int) -> None:
        self.material = f"{seed}/{index if request.hot else 0}/{request.meaning}"

    def __call__(self, purpose: str) -> Random:
        return Random(f"{purpose}/{self.material}")  # noqa: S311 - drawn texts are no secrets


@dataclass
class _Budget:
    """The tokens that a choice may take: `limit` None is as many as it likes. `cut` says that something did not fit."""

    limit: int | None
    spent: int = 0
    cut: bool = False

    def take(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        left = len(wanted) if self.limit is None else max(self.limit - self.spent, 0)
        self.cut |= len(wanted) > left
        self.spent += min(len(wanted), left)
        return wanted[:left]

    def call(self, wanted: Called) -> Called | None:
        """Return a call as far as it fits; None where not even its name does."""
        opening = (*tokens(wanted.name), *[""] * _PER_CALL)
        if len(self.take(opening)) < len(opening):
            return None
        return Called(wanted.name, "".join(self.take(tokens(wanted.arguments))))


def _stopped(pieces: tuple[str, ...], stops: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """Return the pieces before the first stop string, the one that it begins in cut, and the stop string; None where none came."""
    text = "".join(pieces)
    ends = [(at, stop) for stop in stops if stop and (at := text.find(stop)) >= 0]
    if not ends:
        return pieces, None
    left, stopped_by = min(ends)
    kept = []
    for piece in pieces:
        if left <= 0:
            break
        kept.append(piece[:left])
        left -= len(piece)
    return tuple(kept), stopped_by


def _logprobs(pieces: tuple[str, ...], number: int, rng: Random) -> tuple[TokenLogprob, ...]:
    """Return one entry a piece, with the likeliest tokens at its place: itself first, less likely rivals after it."""
    entries = []
    for piece in pieces:
        left = 1.0
        share = rng.uniform(0.55, 0.999)
        ranked = [(piece, round(math.log(share), 6))]
        rivals = [f" {word}" for word in WORDS if f" {word}" != piece]
        for rival in rng.sample(rivals, min(max(number - 1, 0), len(rivals))):
            left -= share
            share = left * rng.uniform(0.3, 0.7)
            ranked.append((rival, round(math.log(share), 6)))
        best = (ranked[0], *sorted(ranked[1:], key=lambda pair: -pair[1]))
        entries.append(TokenLogprob(piece, ranked[0][1], best[:number]))
    return tuple(entries)
