"""Legacy completions as they are read: choices with a text, or llama.cpp's own flat answer.

Source: https://platform.openai.com/docs/api-reference/completions and llama.cpp tools/server/README.md (read 2026-11-21); the types of
@sap-ai-sdk/orchestration 1.17.0 and 2.4.0 (read 2026-11-29) for what ends in the same path and is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.openai_completions.prompts import prompts
from conformance.wire.dialects.reading import limit, mapping, objects, strings, text_of, typed, usage
from conformance.wire.dialects.reply import Asked, Choice, ErrorBody, NeutralForm, Operation, Reply, UsageReport
from conformance.wire.dialects.tape import envelope
from conformance.wire.dialects.turns import conversation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.tape import Envelope
    from conformance.wire.exchange import Exchange, Request

NAME = "openai-completions"
_STOP_TYPES = {"eos": "stop", "word": "stop", "limit": "length"}
_ENVELOPE = {"kind": "object", "id": "id", "model": "model", "created": "created"}
_FLAT_NAMES = {"prompt_tokens": "tokens_evaluated", "completion_tokens": "tokens_predicted"}
VOCABULARY = Vocabulary(
    {"stop": "stop", "length": "length", "content_filter": "content_filter"}, frozenset(), coded_errors=True
)


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path = request.path
    other = path.endswith(("/chat/completions", "/fim/completions")) or request.method != "POST"
    return "chat" if path.endswith(("/completions", "/completion")) and not other else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown" and not _asks_orchestration(exchange.request)


def _asks_orchestration(request: Request) -> bool:
    """Whether a request to a path like ours configures a pipeline around a model, and brings no prompt (SAP AI Core's orchestration)."""
    body = request.json
    pipeline = body.get("orchestration_config", body.get("config"))
    return isinstance(pipeline, dict) and "prompt" not in body


def asked(request: Request) -> Asked:
    """Read a request. Several prompts bring several choices; `echo` repeats the prompt, stop strings included."""
    body = request.json
    asked_for = len(prompts(body.get("prompt"))) or 1
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True,
        include_usage=typed(mapping(body, "stream_options"), "include_usage", bool),
        max_tokens=limit(body, "max_tokens", "n_predict"),
        stop=() if body.get("echo") is True else strings(body.get("stop")),
        n=(typed(body, "n", int) or 1) * asked_for,
        candidates=(typed(body, "best_of", int) or 0) * asked_for,
        temperature=typed(body, "temperature", (int, float)),
        seed=typed(body, "seed", int),
        prompt=text_of(body.get("prompt"), body.get("suffix")),
        read_turns=lambda: conversation(body.get("prompt")),
    )


def _assemble(reply: Reply) -> None:
    if reply.streamed:
        errors = (chunk for chunk in reply.chunks if chunk.value.get("error") is not None)
        reply.errors.extend(ErrorBody(event, value, "") for event, value in errors)
    if reply.errors:
        return
    choices: dict[int, Choice] = {}
    for event, value in reply.chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            index = typed(item, "index", int)
            choice = choices.setdefault(
                position if index is None else index,
                Choice(index or position, f"/choices/{position}", pieces_at="", said_at=f"/choices/{position}/text"),
            )
            _take(choice, event, item.get("text"), item.get("finish_reason"), item.get("finish_reason"))
        if "choices" not in value and isinstance(value.get("content"), str):  # llama.cpp's own shape: one answer, flat
            choice = choices.setdefault(0, Choice(0, "", finish_at="stop_type", pieces_at="", said_at="/content"))
            _take(choice, event, value["content"], value.get("stop_type"), _stop_reason(value))
            if value.get("stop") is True:
                tokens = usage(typed(value, "tokens_evaluated", int), typed(value, "tokens_predicted", int))
                reply.usages.append(UsageReport(event, "", tokens, with_choices=True, names=_FLAT_NAMES))
        if value.get("usage") is not None:
            with_choices = bool(value.get("choices"))
            reply.usages.append(UsageReport(event, "/usage", value["usage"], with_choices=with_choices))
    for choice in choices.values():
        choice.close()
    reply.choices = [choices[index] for index in sorted(choices)]
    reply.complete = bool(reply.done) or all(choice.finishes for choice in reply.choices)


def _take(choice: Choice, event: int | None, text: object, raw: object, reason: object) -> None:
    choice.say(event, text)
    if reason is not None:
        choice.finish(event, raw, reason)


def _stop_reason(value: dict[str, Any]) -> str | None:
    if value.get("stop") is not True:
        return None
    if value.get("stopped_limit") is True:  # before stop_type (2024-12)
        return "length"
    return _STOP_TYPES.get(str(value.get("stop_type")), "stop")


def _envelopes(reply: Reply) -> Iterator[Envelope]:
    for event, value in reply.chunks:
        if value.get("error") is None:
            yield envelope(event, "", value, _ENVELOPE)


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, choices_tape))
