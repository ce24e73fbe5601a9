"""The emulated model's answer to a chat request: what a well-behaved model would say, the same every time.

It obeys the request (tools, response_format, stop, n, token limits, logprobs) and knows nothing of any provider's wire. The text depends
on what gives the request its meaning and, above temperature 0, on its seed: never on whether it is streamed, cut or metered.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_chat.checks import refuse
from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Called, Choice, Completion, Refusal, TokenLogprob
from conformance.emulator.mind.conversation import Conversation, read_conversation, text_of
from conformance.emulator.mind.json_answers import structured
from conformance.emulator.mind.json_instances.generate import NoInstanceError
from conformance.emulator.mind.json_instances.schema_parts import WORDS
from conformance.emulator.mind.prose import say
from conformance.emulator.mind.reasoning import reason
from conformance.emulator.mind.tokenizer import count, tokens
from conformance.emulator.mind.tool_calls import calls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers import Target

__all__ = ["Called", "Choice", "Completion", "Refusal", "TokenLogprob", "answer"]

_MEANING = ("model", "messages", "tools", "tool_choice", "parallel_tool_calls", "response_format")
_SAMPLING = ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty")
_PER_MESSAGE = 4  # tokens that a chat template spends on each turn
_PER_CALL = 3  # tokens that open and close a call
_PER_IMAGE = 85  # OpenAI's figure for an image in low detail (read 2026-11-21)


def answer(body: Mapping[str, Any], target: Target, *, seed: int) -> Completion | Refusal:
    """Return the completion of a chat request, or why it is refused.

    Args:
        body: the request's JSON object, sound or not.
        target: whose model answers; another model of the same provider is answered as well.
        seed: of all that is drawn. The same body and seed bring the same answer.
    """
    refusal = refuse(body, target)
    if refusal is not None:
        return refusal
    asked = replace(target, model=body["model"])
    prompt = prompt_tokens(body)
    context = asked.known.context if asked.known else None
    if context is not None and prompt > context:
        message = f"The prompt has {prompt} tokens; the context length of this model is {context}."
        return Refusal("context_too_long", message, "messages")
    talk = read_conversation(body["messages"])
    try:
        choices = tuple(_choice(body, talk, asked, seed, index) for index in range(int(body.get("n") or 1)))
    except NoInstanceError as error:
        param = "response_format" if body.get("response_format") else "tools"
        return Refusal("bad_parameter", f"No value fits the schema: {error}.", param)
    reasoning = sum(len(choice.reasoning) for choice in choices)
    return Completion(choices, prompt, sum(choice.tokens for choice in choices), reasoning)


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Return an estimate of a request's tokens: its texts, its tools, its schema, and a little for each turn."""
    total = 3
    for turn in body["messages"]:
        parts = turn["content"] if isinstance(turn.get("content"), list) else ()
        images = sum(isinstance(part, dict) and part.get("type") == "image_url" for part in parts)
        total += _PER_MESSAGE + count(text_of(turn)) + _PER_IMAGE * images
        total += sum(count(json.dumps(call.get("function"))) for call in tables(turn.get("tool_calls")))
    shapes = [body[name] for name in ("tools", "response_format") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def _choice(body: Mapping[str, Any], talk: Conversation, target: Target, seed: int, index: int) -> Choice:
    draws = _Draws(body, seed, index)
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    budget = _Budget(None if limit is None else int(limit))
    reasons = "reasoning" in target.capabilities
    thought = budget.take(tokens(reason(talk, body, draws("reasoning")))) if reasons else ()
    wanted = calls(body, talk, draws("calls"), parallel="parallel_tools" in target.capabilities)
    if wanted:
        made = tuple(call for each in wanted if (call := budget.call(each)) is not None)
        return Choice((), thought, made, "length" if budget.cut else "tool_calls", None, budget.spent)
    wanted_form = table(body.get("response_format")).get("type", "text")
    text = say(talk, draws("text")) if wanted_form == "text" else structured(body, talk, draws("text"))
    pieces = budget.take(tokens(text))
    shown = _stopped(pieces, body.get("stop"))
    finish = "length" if budget.cut and shown == pieces else "stop"
    scores = _logprobs(shown, int(body.get("top_logprobs") or 0), draws("logprobs")) if body.get("logprobs") else None
    return Choice(shown, thought, (), finish, scores, budget.spent - (len(pieces) - len(shown)))


class _Draws:
    """One generator a purpose, so that what is drawn for one never moves another."""

    def __init__(self, body: Mapping[str, Any], seed: int, index: int) -> None:
        heat = body.get("temperature")
        hot = heat is None or heat > 0
        names = (*_MEANING, *_SAMPLING) if hot else _MEANING
        meaning = {name: body[name] for name in names if body.get(name) is not None}
        self.material = f"{seed}/{index if hot else 0}/{json.dumps(meaning, sort_keys=True)}"

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


def _stopped(pieces: tuple[str, ...], stop: str | list[str] | None) -> tuple[str, ...]:
    """Return the pieces before the first stop string, the one that it begins in cut."""
    text = "".join(pieces)
    stops = [stop] if isinstance(stop, str) else stop or ()
    ends = [at for each in stops if each and (at := text.find(each)) >= 0]
    if not ends:
        return pieces
    left, kept = min(ends), []
    for piece in pieces:
        if left <= 0:
            break
        kept.append(piece[:left])
        left -= len(piece)
    return tuple(kept)


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
