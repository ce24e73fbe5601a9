"""logprobs: returned where asked for, in the chat shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import with_logprobs
from conformance.rules.views.parameters import logprobs_request
from conformance.rules.views.tokens import (
    BYTE_PAIR_SPACES,
    decoded_bytes,
    ended_with_logprobs,
    is_content,
    joined_tokens,
    likelier_than_listed,
    rivals,
)
from conformance.wire.dialects.families import CHAT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.rules.views.chat import Answer

_PLACE = "/choices/0/logprobs/content/0"
_TOP = "/choices/0/logprobs/content/0/top_logprobs"
#: OpenAI writes -9999.0 for a token outside the top 20, and nobody a probability below it: lower numbers are a type's lowest.
_LOWEST = -10_000
#: How far above 0 rounding brings a certain token: OpenAI wrote 2 ** -15 (gpt-5.4, recorded by posit-dev/chatlas, read 2026-11-30).
_NOISE = 1e-4
_SOURCE = "https://platform.openai.com/docs/api-reference/chat/object#chat/object-choices-logprobs (read 2026-11-21)"


@rule(
    "logprobs.shape",
    over=with_logprobs,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=_SOURCE,
    breaks="openai-python 3.52.0: choice.logprobs.content is None, iterating it a TypeError",
    example='{"logprobs": {"tokens": ["Hi"], "token_logprobs": [-0.1]}}',
    conforming='{"logprobs": {"content": [{"token": "Hi", "logprob": -0.1, "bytes": [72, 105], "top_logprobs": []}]}}',
    by_schema=True,
)
def shape(answer: Answer) -> None:
    """Logprobs has content, a list of token, logprob, bytes and top_logprobs; not the legacy completions shape."""


@rule(
    "logprobs.honoured",
    over=logprobs_request,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=_SOURCE,
    breaks="classifiers that read token probabilities get None",
    example='"logprobs": true, answered with "logprobs": null',
)
def honoured(answer: Answer) -> Iterator[Finding]:
    """Logprobs that were asked for are returned with every choice that has text, with as many top_logprobs as were asked for."""
    given = {index for index, _, _ in _tokens(answer)}
    for choice in answer.choices:
        if choice.text and choice.index not in given:
            yield Finding(f"{choice.pointer}/logprobs", "is missing or null", "logprobs.content, or a 400")
    wanted = answer.asked.top_logprobs
    for _, event, token in _tokens(answer):
        listed = token.get("top_logprobs")
        if wanted is not None and isinstance(listed, list) and (len(listed) > wanted or (wanted and not listed)):
            yield Finding(_TOP, f"lists {len(listed)} tokens", f"up to {wanted}, as top_logprobs asks for", event)
            return


@rule(
    "logprobs.not_positive",
    over=with_logprobs,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="exp(logprob) above 1: confidences and perplexities are wrong",
    example='{"token": "Hi", "logprob": 0.7}',
    conforming='{"token": "Hi", "logprob": -0.7}',
)
def not_positive(answer: Answer) -> Iterator[Finding]:
    """A logprob, a token's or one of its top_logprobs', is a finite number of at most 0, and no type's lowest number.

    OpenAI writes -9999.0 for a token outside the top 20: legal. A lower number stands for a probability of 0: it is not of the model's
    distribution, but of one that sampling has masked.
    """
    for _, event, token in _tokens(answer):
        for at, value in _values(token):
            if value > _NOISE or not math.isfinite(value):
                yield Finding(at, shown(value), "at most 0", event)
                return
            if value < _LOWEST:
                yield Finding(at, shown(value), "the logprob of a probability", event)
                return


@rule(
    "logprobs.bytes_are_token",
    over=with_logprobs,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="clients that join `bytes` (the documented way for characters of several tokens) get another text",
    example='{"token": "\u0120river", "bytes": [196, 160, 114, 105, 118, 101, 114]} for the text " river"',
    conforming='{"token": " river", "bytes": [32, 114, 105, 118, 101, 114]}',
)
def bytes_are_token(answer: Answer) -> Iterator[Finding]:
    """`bytes` are the token's UTF-8, and no token is written in the letters of a byte-pair vocabulary; top_logprobs are tokens too.

    Bytes that are a part of a character have no text: their token is written as its escape, which is legal.
    """
    for _, event, token in _tokens(answer):
        for at, item in [(_PLACE, token), *((f"{_TOP}/{number}", rival) for number, rival in rivals(token))]:
            text = item.get("token")
            if not isinstance(text, str):
                continue
            decoded = decoded_bytes(item.get("bytes"))
            if decoded is not None and decoded != text:
                received = f"spell {decoded[:30]!r} for the token {text[:30]!r}"
                yield Finding(f"{at}/bytes", received, "the token's UTF-8", event)
                return
            if text[:1] in BYTE_PAIR_SPACES and not any(text[0] in choice.text for choice in answer.choices):
                yield Finding(f"{at}/token", shown(text), "the token's text, a space as a space", event)
                return


@rule(
    "logprobs.top_holds_token",
    over=with_logprobs,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_SOURCE}: top_logprobs are the most likely tokens at this token's position",
    breaks="classifiers and confidences that weigh a token against its rivals read those of another position",
    example='" Loire" at -0.1 beside top_logprobs of "The" at -0.2 and "A" at -3.1',
    conforming='" Loire" at -0.1 beside top_logprobs of " Loire" at -0.1 and " Seine" at -3.1',
)
def top_holds_token(answer: Answer) -> Iterator[Finding]:
    """A token that is more likely than one of its top_logprobs stands among them.

    Where it does not, they are those of another position, or leave likely tokens out. A token that sampling took from below them is
    less likely than all of them, and need not stand there.
    """
    for _, event, token in _tokens(answer):
        listed = [(item.get("token"), item.get("bytes"), item.get("logprob")) for _, item in rivals(token)]
        lower = likelier_than_listed((token.get("token"), token.get("bytes"), token.get("logprob")), listed)
        if lower is not None:
            received = f"lack {token.get('token')!r} at {token.get('logprob')}, but hold {lower[0]!r} at {lower[2]}"
            yield Finding(_TOP, received, "the token among them", event)
            return


@rule(
    "logprobs.tokens_are_content",
    over=ended_with_logprobs,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="confidence per word: tokens cannot be aligned with the text",
    example='content "alpha beta gamma", logprobs of " gamma" alone',
)
def tokens_are_content(answer: Answer) -> Iterator[Finding]:
    """The tokens of logprobs.content, joined, are the choice's content.

    White space at both ends, an end-of-turn token and a stop string may differ: servers strip them from the content alone.
    """
    for choice in answer.choices:
        tokens = [token for index, _, token in _tokens(answer) if index == choice.index]
        joined = joined_tokens(tokens)
        if joined is None or choice.tool_calls or not choice.text or is_content(joined, choice.text, answer.asked.stop):
            continue
        reason = "the reasoning's tokens too: " if choice.reasoning and choice.reasoning.strip() in joined else ""
        received = f"spells {reason}{joined[:60]!r}"
        yield Finding(f"{choice.pointer}/logprobs/content", received, f"the content, {choice.text[:60]!r}")


def _values(token: dict[str, Any]) -> Iterator[tuple[str, float]]:
    listed = [(f"{_TOP}/{number}", item) for number, item in rivals(token)]
    for at, item in [(_PLACE, token), *listed]:
        value = item.get("logprob")
        if isinstance(value, int | float):
            yield f"{at}/logprob", value


def _tokens(answer: Answer) -> Iterator[tuple[int, int | None, dict[str, Any]]]:
    for event, value in answer.reply.chunks:
        listed = value.get("choices")
        for position, item in enumerate(listed if isinstance(listed, list) else ()):
            logprobs = item.get("logprobs") if isinstance(item, dict) else None
            content = logprobs.get("content") if isinstance(logprobs, dict) else None
            for token in content if isinstance(content, list) else ():
                if isinstance(token, dict):
                    index = item.get("index")
                    yield index if index.__class__ is int else position, event, token
