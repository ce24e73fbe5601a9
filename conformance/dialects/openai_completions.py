"""Legacy text completions: OpenAI's /completions, and llama.cpp's own /completion.

Source: https://platform.openai.com/docs/api-reference/completions and llama.cpp tools/server/README.md (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.dialects.ask import Vocabulary
from conformance.dialects.reading import is_event_stream, objects, read_body, read_events, strings, text_of, typed
from conformance.dialects.reply import Asked, Choice, ErrorBody, Operation, Reply, UsageReport

if TYPE_CHECKING:
    from conformance.exchange import Exchange, Request

NAME = "openai-completions"
_STOP_TYPES = {"eos": "stop", "word": "stop", "limit": "length"}
LIMITS = ("max_tokens",)
VOCABULARY = Vocabulary({"stop": "stop", "length": "length", "content_filter": "content_filter"}, frozenset())


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path = request.path
    other = path.endswith(("/chat/completions", "/fim/completions")) or request.method != "POST"
    return "chat" if path.endswith(("/completions", "/completion")) and not other else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request. Several prompts bring several choices; `echo` repeats the prompt, stop strings included."""
    body = request.json
    prompts = len(strings(body.get("prompt"))) or 1
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True,
        max_tokens=typed(body, "max_tokens", int) or typed(body, "n_predict", int),
        stop=() if body.get("echo") is True else strings(body.get("stop")),
        n=(typed(body, "n", int) or 1) * prompts,
        temperature=typed(body, "temperature", (int, float)),
        seed=typed(body, "seed", int),
        prompt=text_of(body.get("prompt"), body.get("suffix")),
    )


def decode(exchange: Exchange) -> Reply:
    """Decode a response. Never raises: what cannot be read stands in the reply."""
    operation, response = operation_of(exchange.request), exchange.response
    if response is None:
        return Reply(operation, streamed=False)
    if is_event_stream(response):
        reply = read_events(exchange, response, operation)
        errors = (chunk for chunk in reply.chunks if chunk.value.get("error") is not None)
        reply.errors.extend(ErrorBody(event, value, "") for event, value in errors)
    else:
        reply = read_body(response, operation)
    if not reply.errors:
        _assemble(reply)
    return reply


def _assemble(reply: Reply) -> None:
    choices: dict[int, Choice] = {}
    for event, value in reply.chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            index = typed(item, "index", int)
            choice = choices.setdefault(
                position if index is None else index, Choice(index or position, f"/choices/{position}")
            )
            _take(choice, event, item.get("text"), item.get("finish_reason"))
        if "choices" not in value and isinstance(value.get("content"), str):  # llama.cpp's own shape: one answer, flat
            choice = choices.setdefault(0, Choice(0, ""))
            _take(choice, event, value["content"], _stop_reason(value))
        if value.get("usage") is not None:
            with_choices = bool(value.get("choices"))
            reply.usages.append(UsageReport(event, "/usage", value["usage"], with_choices=with_choices))
    for choice in choices.values():
        choice.text = "".join(text for _, text in choice.texts)
    reply.choices = [choices[index] for index in sorted(choices)]
    reply.complete = bool(reply.done) or all(choice.finishes for choice in reply.choices)


def _take(choice: Choice, event: int | None, text: object, reason: object) -> None:
    if isinstance(text, str) and text:
        choice.texts.append((event, text))
        choice.last_output = event
    if reason is not None:
        choice.finishes.append((event, reason))


def _stop_reason(value: dict[str, Any]) -> str | None:
    if value.get("stop") is not True:
        return None
    if value.get("stopped_limit") is True:  # before stop_type (2024-12)
        return "length"
    return _STOP_TYPES.get(str(value.get("stop_type")), "stop")
