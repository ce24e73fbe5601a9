"""Requests of legacy completions, composed from what is asked. They have a prompt and no turns, so that nothing is carried on.

Source: https://platform.openai.com/docs/api-reference/completions/create (read 2026-11-28), openai 3.52.0
types/completion_create_params.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Composed, NotSayable, Text
from conformance.wire.dialects.single import single

if TYPE_CHECKING:
    from conformance.wire.dialects.ask import Ask

LIMITS = ("max_tokens",)
_PATH = "completions"
#: Fields whose member holds the value itself.
_PLAIN = {
    "stream": "stream",
    "n": "n",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "temperature": "temperature",
    "seed": "seed",
}
_WORDS = frozenset({*_PLAIN, "turns", "include_usage", "stop", "logprobs", "top_logprobs"})


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. `logprobs` is the number of rivals that each token has.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    request = single(ask, model, _WORDS, "a text")
    if isinstance(request, NotSayable):
        return request
    body: dict[str, Any] = {} if request.model is None else {"model": request.model}
    for field in ask.members():
        if field not in refused:
            body.update(_member(ask, field))
    return Composed("POST", _PATH, body)


def _member(ask: Ask, field: str) -> dict[str, Any]:
    if field == "turns":
        words = [part.text for turn in ask.turns for part in turn.parts if isinstance(part, Text)]
        return {"prompt": words[0]} if words else {}
    if field == "include_usage":
        return {"stream_options": {"include_usage": True}}
    if field == "stop":
        return {"stop": list(ask.stop)}
    if field in {"logprobs", "top_logprobs"}:
        return {"logprobs": 1 if ask.top_logprobs is None else ask.top_logprobs}
    return {_PLAIN[field]: getattr(ask, field)}
