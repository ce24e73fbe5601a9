"""A legacy completion request, read into one request of the emulated model's own for each prompt, and their answers joined."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mind.answer import answer
from conformance.emulator.mind.completion import Choice, Completion, Refusal, TokenLogprob
from conformance.emulator.mind.conversation import Conversation
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count, tokens
from conformance.wire.dialects.openai_completions import prompts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.providers import Target
    from conformance.wire.dialects.openai_completions.prompts import Prompt

_USUAL_LIMIT = 16  # https://platform.openai.com/docs/api-reference/completions/create#completions-create-max_tokens (read 2026-11-28)
_SAMPLING = ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty")
_PARAMS = {"talk": "prompt", "choices": "n"}


def requests_of(context: AnswerContext) -> list[tuple[Prompt, bool, AnswerRequest]]:
    """Return each prompt of a sound request, whether it is repeated, and what the model is asked for it."""
    body = context.body
    heat, stop = body.get("temperature"), body.get("stop")
    hot = heat is None or heat > 0
    sampling = {name: body[name] for name in _SAMPLING if hot and body.get(name) is not None}
    logprobs, limit = body.get("logprobs"), body.get("max_tokens")
    asked: list[tuple[Prompt, bool, AnswerRequest]] = []
    for prompt in prompts(body.get("prompt")) or ("",):
        meaning = {"model": context.target.model, "prompt": prompt, "suffix": body.get("suffix"), **sampling}
        request = AnswerRequest(
            model=context.target.model,
            talk=Conversation(asked=prompt if isinstance(prompt, str) else ""),
            meaning=json.dumps(meaning, sort_keys=True),
            choices=int(body.get("n") or 1),
            stop=(stop,) if isinstance(stop, str) else tuple(stop or ()),
            limit=_USUAL_LIMIT if limit is None else int(limit),
            logprobs=logprobs is not None,
            top_logprobs=int(logprobs or 0),
            thinks=False,
            hot=hot,
            prompt_tokens=count(prompt) if isinstance(prompt, str) else len(prompt),
        )
        asked.append((prompt, body.get("echo") is True, request))
    return asked


def answered(asked: Sequence[tuple[Prompt, bool, AnswerRequest]], target: Target, seed: int) -> Completion | Refusal:
    """Return the answers to all prompts as one completion, the choices of the first prompt first; or why one is refused."""
    whole = Completion()
    for prompt, echoed, request in asked:
        result = answer(request, target, seed=seed)
        if isinstance(result, Refusal):
            param = _PARAMS.get(result.param or "", result.param)
            return replace(result, param=param, message=result.message or f"'{param}' is not supported by this model.")
        choices = tuple(_echoed(choice, prompt) for choice in result.choices) if echoed else result.choices
        whole = Completion(
            (*whole.choices, *choices),
            whole.prompt_tokens + result.prompt_tokens,
            whole.completion_tokens + result.completion_tokens,
        )
    return whole


def _echoed(choice: Choice, prompt: Prompt) -> Choice:
    """Return a choice with its prompt before it. The first token of a prompt has no probability: nothing is before it."""
    repeated = tokens(prompt) if isinstance(prompt, str) else ()
    scored: Any = choice.logprobs
    if scored is not None:
        scored = (*(TokenLogprob(token, round(-1.5 - at % 7 / 8, 6)) for at, token in enumerate(repeated)), *scored)
    return replace(choice, pieces=(*repeated, *choice.pieces), logprobs=scored)
