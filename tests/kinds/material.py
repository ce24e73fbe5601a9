"""Building blocks of the kinds' conversations, in every dialect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests import native
from tests.mutation.answers import TOOLS
from tests.mutation.wire import BASE, Json, answered, ask, counted, plain, said, spoken, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def talk(text: str, prompt: str = "What is the weather in Nantes?", **body: Any) -> Conversation:
    """Return a plain answer with a text to a request that offers tools."""
    return (plain(ask(prompt, **(TOOLS | body)), said(text)),)


def streamed_talk(*pieces: str, prompt: str = "What is the weather in Nantes?", **body: Any) -> Conversation:
    """Return the same as a stream."""
    return (stream(ask(prompt, **(TOOLS | body)), spoken(*pieces)),)


def answer(text: str, prompt: str = "Name a river in France.", **body: Any) -> Conversation:
    """Return a plain answer without tools."""
    return (plain(ask(prompt, **body), said(text)),)


def tokens(
    text: str, prompt: str = "Name a river in France.", *, finish: str = "stop", used: int = 9, **body: Any
) -> Conversation:
    """Return a plain answer that took `used` tokens."""
    return (plain(ask(prompt, **body), said(text, finish), usage=counted(completion=used)),)


def numbered(*exchanges: Exchange) -> Conversation:
    """Return exchanges of one session, with ids of their own."""
    return tuple(replace(exchange, id=f"x{number}") for number, exchange in enumerate(exchanges, 1))


def get(path: str) -> Request:
    """Return a GET below the base address."""
    return Request("GET", f"{BASE}{path}")


def error(body: Any, status: int = 400, request: Request | None = None, **headers: str) -> Conversation:
    """Return an error answer with any body."""
    return (answered(request or ask(), body, status, **headers),)


def envelope(message: str, status: int = 400, request: Request | None = None, **fields: Any) -> Conversation:
    """Return an error in OpenAI's envelope."""
    value = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **fields}
    return error({"error": value}, status, request)


def other(url: str, request: Json, answer: object, **options: Any) -> Conversation:
    """Return one exchange of another dialect."""
    return (native.case(url, request, answer, **options).exchange,)


def anthropic(content: list[Json] | None = None, request: Json | None = None, **message: Any) -> Conversation:
    """Return a plain Anthropic message."""
    body = {**native.copied(native.ANTHROPIC_MESSAGE), **message}
    if content is not None:
        body["content"] = content
    return other(native.ANTHROPIC, {**native.ANTHROPIC_REQUEST, **(request or {})}, body)


def gemini(
    parts: list[Json] | None = None, request: Json | None = None, *, candidate: Json | None = None, **top: Any
) -> Conversation:
    """Return a plain Gemini answer."""
    body = {**native.copied(native.GEMINI_ANSWER), **top}
    if parts is not None:
        body["candidates"][0]["content"]["parts"] = parts
    body["candidates"][0].update(candidate or {})
    return other(native.GEMINI, {**native.GEMINI_REQUEST, **(request or {})}, body)


def responses(items: list[Json] | None = None, request: Json | None = None, **top: Any) -> Conversation:
    """Return a plain Responses answer."""
    body = {**native.copied(native.RESPONSE), **top}
    if items is not None:
        body["output"] = items
    return other(native.RESPONSES, {**native.RESPONSES_REQUEST, **(request or {})}, body)


def responses_text(text: str, **more: Any) -> Conversation:
    """Return a Responses answer with one message."""
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    return responses([item], **more)


def ollama(message: Json, request: Json | None = None, **last: Any) -> Conversation:
    """Return a plain Ollama answer."""
    body = {**native.copied(native.OLLAMA_LINES[-1]), "message": {"role": "assistant", **message}, **last}
    return other(native.OLLAMA, {**native.OLLAMA_REQUEST, "stream": False, **(request or {})}, body)


def completion(text: str, request: Json | None = None, **choice: Any) -> Conversation:
    """Return a plain legacy completion."""
    body = native.copied(native.COMPLETION)
    body["choices"][0].update({"text": text, "logprobs": None, **choice})
    asked = {key: value for key, value in native.COMPLETIONS_REQUEST.items() if key != "logprobs"}
    return other(native.COMPLETIONS, {**asked, **(request or {})}, body)


def typed(url: str, request: Json, events: list[Json]) -> Conversation:
    """Return a stream of typed events."""
    return other(url, {**request, "stream": True}, native.sse(events))


def body_of(exchange: Exchange, change: Any) -> Exchange:
    """Return an exchange whose JSON body went through a change in place."""
    assert exchange.response is not None
    value = json.loads(exchange.response.body)
    change(value)
    return replace(exchange, response=replace(exchange.response, body=as_body(value)))


def headed(conversation: Conversation, **headers: str) -> Conversation:
    """Return a conversation whose last response has other headers; None-like '' removes one."""
    last = conversation[-1]
    assert last.response is not None
    fields = {**last.response.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    kept = {name: value for name, value in fields.items() if value}
    return (
        *conversation[:-1],
        replace(last, response=Response(last.response.status, kept, last.response.body, "clean")),
    )
