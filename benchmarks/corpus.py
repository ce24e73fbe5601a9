"""A fixed corpus of streamed completions, made by a seeded generator: the same bytes on every machine.

Every kind is written the way some real server writes it (facts: OpenAI, Groq, OpenRouter, vLLM and llama.cpp recordings), and
every stream conforms: what is measured is the price of judging what is right, which is what most traffic is.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20261121
STREAMS = 50
CHUNKS = 400  # in a stream, near enough: its opening, its usage and its finish reason are among them
_ENGLISH = (
    "the a stream of tokens is read one by one and each of them has its own place in time and in order "
    "while servers that buffer send all at once so the first token takes as long as the last does"
)
_MIXED = "東京 は 日本 の 首都 Straße naïve café привет мир 🙂 👩\u200d🔬 — … مرحبا नमस्ते"
_URL = "https://api.example.com/v1/chat/completions"
_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}, "notes": {"type": "string"}},
            "required": ["city"],
        },
    },
}


@dataclass(frozen=True)
class Kind:
    """One way to write a stream: how its deltas look, how JSON is spaced, and what stands beside the standard fields."""

    name: str
    weight: int
    deltas: Callable[[random.Random, int], Iterator[dict[str, Any]]]
    compact: bool = True
    ascii: bool = False
    chunk_extra: dict[str, Any] | None = None
    choice_extra: dict[str, Any] | None = None
    tools: bool = False


def _text(sample: str) -> Callable[[random.Random, int], Iterator[dict[str, Any]]]:
    words = sample.split()

    def deltas(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            yield {"content": " " + chance.choice(words)}

    return deltas


def _tool_call(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    opening = {"id": f"call_{chance.getrandbits(64):016x}", "type": "function"}
    yield {"tool_calls": [{"index": 0, **opening, "function": {"name": "get_weather", "arguments": ""}}]}
    words = _ENGLISH.split()
    opened = ['{"', "city", '":"', "Paris", '","', "notes", '":"']
    for piece in (*opened, *(f" {chance.choice(words)}" for _ in range(count - 9)), '"}'):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


KINDS = (
    Kind("openai", 16, _text(_ENGLISH), chunk_extra={"service_tier": "default", "system_fingerprint": "fp_44709d6fcb"},
         choice_extra={"logprobs": None}),
    Kind("spaced", 10, _text(_ENGLISH), compact=False, ascii=True, choice_extra={"logprobs": None}),
    Kind("tools", 10, _tool_call, chunk_extra={"system_fingerprint": "fp_44709d6fcb"}, choice_extra={"logprobs": None}, tools=True),
    Kind("vendor", 8, _text(_ENGLISH), chunk_extra={"provider": "Example", "x_served_by": {"region": "eu", "shard": 7}},
         choice_extra={"native_finish_reason": None, "logprobs": None}),
    Kind("unicode", 6, _text(_MIXED), compact=False, chunk_extra={"system_fingerprint": "fp_44709d6fcb"}),
)  # fmt: skip


def corpus(streams: int = STREAMS, chunks: int = CHUNKS, seed: int = SEED) -> list[Exchange]:
    """Return exchanges of one stream each, the kinds mixed by weight."""
    chance = random.Random(seed)  # noqa: S311 - a fixed corpus, no secret
    kinds = chance.choices(KINDS, [kind.weight for kind in KINDS], k=streams)
    return [_exchange(number, kind, chance, chunks) for number, kind in enumerate(kinds)]


def payloads(exchange: Exchange) -> list[bytes]:
    """Return the JSON texts of a stream of the corpus, split by hand: what a parser has left to read."""
    events = exchange.response.body.split(b"\n\n") if exchange.response else []
    return [event.removeprefix(b"data: ") for event in events if event not in {b"", b"data: [DONE]"}]


def _exchange(number: int, kind: Kind, chance: random.Random, chunks: int) -> Exchange:
    asked: dict[str, Any] = {
        "model": "example-large",
        "messages": [{"role": "user", "content": "Say something long about streams."}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if kind.tools:
        asked["tools"] = [_TOOL]
    body = b"".join(_framed(kind, value) for value in _chunks(number, kind, chance, chunks)) + b"data: [DONE]\n\n"
    return Exchange(
        id=f"{kind.name}-{number}",
        request=Request("POST", _URL, {"content-type": "application/json"}, json.dumps(asked).encode()),
        response=Response(200, {"content-type": "text/event-stream"}, body, "clean"),
    )


def _framed(kind: Kind, value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=kind.ascii, separators=(",", ":") if kind.compact else (", ", ": "))
    return b"data: " + text.encode() + b"\n\n"


def _chunks(number: int, kind: Kind, chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    head = {
        "id": f"chatcmpl-{chance.getrandbits(96):024x}",
        "object": "chat.completion.chunk",
        "created": 1_780_000_000 + number,
        "model": "example-large-2026-08-01",
        **(kind.chunk_extra or {}),
    }
    extra = kind.choice_extra or {}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, **extra, "finish_reason": finish}], "usage": None}

    yield chunk({"role": "assistant", "content": None if kind.tools else "", "refusal": None})
    for delta in kind.deltas(chance, count - 3):
        yield chunk(delta)
    yield chunk({}, "tool_calls" if kind.tools else "stop")
    tokens = {"prompt_tokens": 14, "completion_tokens": count - 3, "total_tokens": count + 11}
    yield {**head, "choices": [], "usage": tokens}
