"""A completion in one body, as the provider's TOML says; and the parts that a stream has too: usage, calls, logprobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.plain import plain as answered
from conformance.emulator.dress.writer import contents_of, known_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Called, Choice, Completion, TokenLogprob
    from conformance.emulator.response import Plain


def plain(context: AnswerContext, completion: Completion, waits: Waits) -> Plain:
    """Return a completion in one body."""
    contents = {item for choice in completion.choices for item in contents_of(choice)}
    known = known_of(completion, waits)
    usage = usage_object(context, contents, "usage", **known)
    known |= {"usage": usage, **(_choice_scope(completion.choices[0], 0) if completion.choices else {})}
    body = {
        "id": context.scope["id"],
        "object": "chat.completion",
        "created": context.scope["created"],
        "model": context.target.model,
        "choices": [_choice(context, choice, index, known) for index, choice in enumerate(completion.choices)],
        "usage": usage,
    }
    wait = waits.queue + waits.prompt + completion.completion_tokens * waits.token
    return answered(
        context,
        lambda: context.with_additions(body, {"completion"}, contents, **known),
        tokens=known["total_tokens"],
        wait=wait,
    )


def _choice(context: AnswerContext, choice: Choice, index: int, known: dict[str, Any]) -> dict[str, Any]:
    contents = contents_of(choice)
    known = {**known, **_choice_scope(choice, index)}
    message: dict[str, Any] = {"role": "assistant", "content": choice.text or (None if choice.tool_calls else "")}
    if choice.reasoning:
        reasoned(context, message, "".join(choice.reasoning), choice.text)
    if choice.tool_calls:
        message["tool_calls"] = [
            tool_call(context, call, number, contents, known) for number, call in enumerate(choice.tool_calls)
        ]
    body: dict[str, Any] = {"index": index, "message": context.with_additions(message, {"message"}, contents, **known)}
    if choice.logprobs is not None:
        body["logprobs"] = logprobs_object(context, choice.logprobs, contents, known)
    body["finish_reason"] = finish_word(context, choice)
    return context.with_additions(body, {"choice"}, contents, **{**known, "finish_reason": body["finish_reason"]})


def reasoned(
    context: AnswerContext, message: dict[str, Any], reasoning: str, text: str | None, *, closed: bool = True
) -> None:
    """Put reasoning into a message or a delta, where the provider puts it; `closed` marks a thinking part as no longer the first."""
    how = context.wire.reasoning
    if how == "thinking-parts":
        thinking = {"type": "thinking", "thinking": [{"type": "text", "text": reasoning}]}
        parts: list[dict[str, Any]] = [{**thinking, "closed": True} if closed else thinking]
        message["content"] = parts + ([{"type": "text", "text": text}] if text else [])
    elif how != "none":
        message[how] = reasoning


def tool_call(
    context: AnswerContext, call: Called, number: int, contents: Iterable[str], known: dict[str, Any]
) -> dict[str, Any]:
    """Return a whole tool call as a message holds it."""
    local = {**known, "name": call.name, "arguments": call.arguments, "index": number}
    body = {
        "id": context.fill(context.wire.tool_call_id, **local),
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }
    return context.with_additions(body, {"tool_call"}, set(contents), **local)


def logprobs_object(
    context: AnswerContext, tokens: Sequence[TokenLogprob], contents: Iterable[str], known: dict[str, Any]
) -> dict[str, Any]:
    """Return the logprobs of a choice, or of the part of it that a chunk holds."""
    contents = set(contents)
    content = []
    for item in tokens:
        entry: dict[str, Any] = _logprob(item.token, item.logprob)
        entry["top_logprobs"] = [_logprob(token, logprob) for token, logprob in item.top]
        local = {**known, "token": item.token, "logprob": item.logprob, "bytes": entry["bytes"]}
        content.append(context.with_additions(entry, {"logprobs.token"}, contents, **local))
    return context.with_additions({"content": content}, {"logprobs"}, contents, **known)


def _logprob(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": [*token.encode("utf-8", "surrogatepass")]}


def usage_object(
    context: AnswerContext,
    contents: Iterable[str],
    *places: str,
    **known: Any,  # noqa: ANN401 - any JSON
) -> dict[str, Any]:
    """Return the usage of a completion."""
    counts = {key: known[key] for key in ("prompt_tokens", "completion_tokens", "total_tokens")}
    return context.with_additions(counts, places, set(contents), **known)


def _choice_scope(choice: Choice, index: int) -> dict[str, Any]:
    return {
        "index": index,
        "text": choice.text,
        "reasoning": "".join(choice.reasoning),
        "finish_reason": choice.finish_reason,
    }


def finish_word(context: AnswerContext, choice: Choice) -> str:
    """Return a choice's finish reason in the provider's word."""
    return context.wire.finish_reasons.get(choice.finish_reason, choice.finish_reason)
