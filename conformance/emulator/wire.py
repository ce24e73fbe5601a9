"""A completion in one body, as the provider's TOML says; and the parts that a stream has too: usage, calls, logprobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.headers import headers_of
from conformance.emulator.outgoing import Plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.emulator.completion import Called, Choice, Completion, TokenLogprob
    from conformance.emulator.occasion import Occasion
    from conformance.emulator.pace import Times

_OK = 200


def plain(occasion: Occasion, completion: Completion, times: Times) -> Plain:
    """Return a completion in one body."""
    held = {each for choice in completion.choices for each in held_by(choice)}
    known = scope_of(completion, times)
    usage = usage_object(occasion, held, "usage", **known)
    known |= {"usage": usage, **(_choice_scope(completion.choices[0], 0) if completion.choices else {})}
    body = {
        "id": occasion.scope["id"],
        "object": "chat.completion",
        "created": occasion.scope["created"],
        "model": occasion.target.model,
        "choices": [_choice(occasion, choice, index, known) for index, choice in enumerate(completion.choices)],
        "usage": usage,
    }
    return Plain(
        _OK,
        headers_of(occasion, occasion.wire.content_type, _OK, tokens=usage_total(completion)),
        occasion.extended(body, {"completion"}, held, **known),
        spaced=occasion.wire.json == "spaced",
        wait=times.queue + times.prompt + completion.completion_tokens * times.token,
    )


def _choice(occasion: Occasion, choice: Choice, index: int, known: dict[str, Any]) -> dict[str, Any]:
    held = held_by(choice)
    known = {**known, **_choice_scope(choice, index)}
    message: dict[str, Any] = {"role": "assistant", "content": choice.text or (None if choice.tool_calls else "")}
    if choice.reasoning:
        reasoned(occasion, message, "".join(choice.reasoning), choice.text)
    if choice.tool_calls:
        message["tool_calls"] = [
            tool_call(occasion, call, number, held, known) for number, call in enumerate(choice.tool_calls)
        ]
    body: dict[str, Any] = {"index": index, "message": occasion.extended(message, {"message"}, held, **known)}
    if choice.logprobs is not None:
        body["logprobs"] = logprobs_object(occasion, choice.logprobs, held, known)
    body["finish_reason"] = finish_word(occasion, choice)
    return occasion.extended(body, {"choice"}, held, **{**known, "finish_reason": body["finish_reason"]})


def reasoned(
    occasion: Occasion, message: dict[str, Any], reasoning: str, text: str | None, *, closed: bool = True
) -> None:
    """Put reasoning into a message or a delta, where the provider puts it; `closed` marks a thinking part as no longer the first."""
    how = occasion.wire.reasoning
    if how == "thinking-parts":
        thinking = {"type": "thinking", "thinking": [{"type": "text", "text": reasoning}]}
        parts: list[dict[str, Any]] = [{**thinking, "closed": True} if closed else thinking]
        message["content"] = parts + ([{"type": "text", "text": text}] if text else [])
    elif how != "none":
        message[how] = reasoning


def tool_call(
    occasion: Occasion, call: Called, number: int, held: Iterable[str], known: dict[str, Any]
) -> dict[str, Any]:
    """Return a whole tool call as a message holds it."""
    local = {**known, "name": call.name, "arguments": call.arguments, "index": number}
    body = {
        "id": occasion.fill(occasion.wire.tool_call_id, **local),
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }
    return occasion.extended(body, {"tool_call"}, set(held), **local)


def logprobs_object(
    occasion: Occasion, tokens: Sequence[TokenLogprob], held: Iterable[str], known: dict[str, Any]
) -> dict[str, Any]:
    """Return the logprobs of a choice, or of the part of it that a chunk holds."""
    held = set(held)
    content = []
    for each in tokens:
        entry: dict[str, Any] = _logprob(each.token, each.logprob)
        entry["top_logprobs"] = [_logprob(token, logprob) for token, logprob in each.top]
        local = {**known, "token": each.token, "logprob": each.logprob, "bytes": entry["bytes"]}
        content.append(occasion.extended(entry, {"logprobs.token"}, held, **local))
    return occasion.extended({"content": content}, {"logprobs"}, held, **known)


def _logprob(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": [*token.encode("utf-8", "surrogatepass")]}


def usage_object(
    occasion: Occasion,
    held: Iterable[str],
    *places: str,
    **known: Any,  # noqa: ANN401 - any JSON
) -> dict[str, Any]:
    """Return the usage of a completion."""
    counts = {key: known[key] for key in ("prompt_tokens", "completion_tokens", "total_tokens")}
    return occasion.extended(counts, places, set(held), **known)


def scope_of(completion: Completion, times: Times) -> dict[str, Any]:
    """Return the placeholders of a completion: its counts and its times."""
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "total_tokens": usage_total(completion),
        "reasoning_tokens": completion.reasoning_tokens,
        "cached_tokens": completion.cached_tokens,
        "answer_tokens": completion.completion_tokens - completion.reasoning_tokens,
        **times.stated(completion.completion_tokens),
    }


def _choice_scope(choice: Choice, index: int) -> dict[str, Any]:
    return {
        "index": index,
        "text": choice.text,
        "reasoning": "".join(choice.reasoning),
        "finish_reason": choice.finish_reason,
    }


def usage_total(completion: Completion) -> int:
    """Return all tokens of a completion."""
    return completion.prompt_tokens + completion.completion_tokens


def finish_word(occasion: Occasion, choice: Choice) -> str:
    """Return a choice's finish reason in the provider's word."""
    return occasion.wire.finish_reasons.get(choice.finish_reason, choice.finish_reason)


def held_by(choice: Choice) -> frozenset[str]:
    """Return what a choice holds, in the words of `has` and `lacks`."""
    return frozenset(
        name
        for name, there in (
            ("content", choice.text),
            ("reasoning", choice.reasoning),
            ("tool_calls", choice.tool_calls),
            ("logprobs", choice.logprobs is not None),
        )
        if there
    )
