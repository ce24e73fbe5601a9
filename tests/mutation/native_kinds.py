"""Conforming exchanges of every dialect but chat: a body and a stream of each, as plain data with their framing around them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body
from conformance.wire.form import File, write_form
from conformance.wire.sound import wav
from tests import native
from tests.native import case, copied, framed, lines, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.native import Event

NUMBERS = [[0.6, 0.8], [0.8, -0.6]]
TEXTS = ["Rain in Paris.", "Snow in Oslo."]
INVOKED = "https://provider.example/model/anthropic.claude-example-v1%3A0/invoke"
INVOKED_REQUEST = {name: value for name, value in native.ANTHROPIC_REQUEST.items() if name != "model"} | {
    "anthropic_version": "bedrock-2023-05-31"
}


def _completion_chunk(text: str, finish: str | None, usage: Any = None) -> Event:
    choice = {"index": 0, "text": text, "finish_reason": finish, "logprobs": None}
    return {**native.COMPLETION, "choices": [choice], "usage": usage}


COMPLETION_CHUNKS = [
    _completion_chunk(" Par", None),
    _completion_chunk("is.", None),
    _completion_chunk("", "stop"),
    {**native.COMPLETION, "choices": [], "usage": native.COMPLETION["usage"]},
]
OLLAMA_BODY = {
    **native.OLLAMA_LINES[-1],
    "message": {
        "role": "assistant",
        "content": "Let me look.",
        "thinking": "I need the weather.",
        "tool_calls": native.OLLAMA_LINES[2]["message"]["tool_calls"],
    },
}
COHERE_BODY = {
    "id": "c1",
    "finish_reason": "COMPLETE",
    "message": {"role": "assistant", "content": [{"type": "text", "text": "Let me look."}]},
    "usage": native.COHERE_EVENTS[-1]["delta"]["usage"],
}
TRANSCRIPT = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.0,
    "text": "Hello there. Good day.",
    "words": [{"word": "Hello", "start": 0.0, "end": 0.4}, {"word": "there", "start": 0.4, "end": 0.9}],
    "segments": [
        {"id": 0, "start": 0.0, "end": 0.9, "text": " Hello there."},
        {"id": 1, "start": 0.9, "end": 2.0, "text": " Good day."},
    ],
}
TRANSCRIPT_EVENTS = [
    {"type": "transcript.text.delta", "delta": "Hello"},
    {"type": "transcript.text.delta", "delta": " there."},
    {
        "type": "transcript.text.done",
        "text": "Hello there.",
        "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 4, "total_tokens": 18},
    },
]
EMBEDDED = {
    "object": "list",
    "data": [{"object": "embedding", "index": at, "embedding": numbers} for at, numbers in enumerate(NUMBERS)],
    "model": "m",
    "usage": {"prompt_tokens": 8, "total_tokens": 8},
}
COHERE_EMBEDDED = {
    "id": "e1",
    "texts": TEXTS,
    "embeddings": {"float": NUMBERS},
    "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 8}},
    "response_type": "embeddings_by_type",
}
GEMINI_EMBEDDED = {
    "embeddings": [{"values": numbers} for numbers in NUMBERS],
    "usageMetadata": {"promptTokenCount": 8, "promptTokenDetails": [{"modality": "TEXT", "tokenCount": 8}]},
}
OLLAMA_EMBEDDED = {
    "model": "m",
    "embeddings": NUMBERS,
    "total_duration": 14,
    "load_duration": 7,
    "prompt_eval_count": 8,
}
TITAN_EMBEDDED = {"embedding": NUMBERS[0], "embeddingsByType": {"float": NUMBERS[0]}, "inputTextTokenCount": 4}
_EMBED = "https://provider.example"


@dataclass(frozen=True)
class NativeKind:
    """A conforming answer in a dialect: an object, or the events of a stream, and the case that it makes."""

    dialect: str
    conforming: Any
    cased: Callable[[Any], Case]

    def fired(self, answer: Any) -> frozenset[str]:
        """Return the ids of all rules that fire on an answer, of any severity."""
        return frozenset(finding.rule for finding in judge(self.cased(answer)).findings)


def _chunks(events: list[Event]) -> bytes:
    held = [base64.b64encode(json.dumps(event).encode()).decode() for event in events]
    return framed([{"chunk": {"bytes": text, "p": "abc"}} for text in held])


def _posted(
    dialect: str, url: str, request: dict[str, Any], answer: Any, frame: Callable[[Any], Any] = copied, **how: Any
) -> NativeKind:
    return NativeKind(dialect, answer, lambda spoilt: case(url, request, frame(spoilt), **how))


def _heard(answer: Any, frame: Callable[[Any], Any], label: str, **asked: Any) -> NativeKind:
    content_type, body = write_form({"file": File("a.wav", "audio/wav", wav()), "model": "m", **asked})
    request = Request("POST", f"{_EMBED}/v1/audio/transcriptions", {"content-type": content_type}, body)

    def cased(spoilt: Any) -> Case:
        response = Response(200, {"content-type": label}, as_body(frame(spoilt)), "clean")
        return Case(Exchange("x", request, response))

    return NativeKind("openai-transcriptions", answer, cased)


def _unnamed(events: list[Event]) -> str:
    return sse(events, named=False)


def _ended(events: list[Event]) -> str:
    return sse(events, done=True)


_STREAM = {"stream": True}
NATIVE_KINDS = {
    "messages-body": _posted(
        "anthropic-messages", native.ANTHROPIC, native.ANTHROPIC_REQUEST, native.ANTHROPIC_MESSAGE
    ),
    "messages-events": _posted(
        "anthropic-messages", native.ANTHROPIC, native.ANTHROPIC_REQUEST | _STREAM, native.ANTHROPIC_EVENTS, sse
    ),
    "messages-frames": _posted(
        "anthropic-messages", f"{INVOKED}-with-response-stream", INVOKED_REQUEST, native.ANTHROPIC_EVENTS, _chunks
    ),
    "responses-body": _posted("openai-responses", native.RESPONSES, native.RESPONSES_REQUEST, native.RESPONSE),
    "responses-events": _posted(
        "openai-responses", native.RESPONSES, native.RESPONSES_REQUEST | _STREAM, native.RESPONSES_EVENTS, sse
    ),
    "gemini-body": _posted("gemini", native.GEMINI, native.GEMINI_REQUEST, native.GEMINI_ANSWER),
    "gemini-events": _posted("gemini", native.GEMINI_STREAM, native.GEMINI_REQUEST, native.GEMINI_EVENTS, _unnamed),
    "converse-body": _posted("bedrock-converse", native.CONVERSE, native.CONVERSE_REQUEST, native.CONVERSE_MESSAGE),
    "converse-frames": _posted(
        "bedrock-converse", native.CONVERSE_STREAM, native.CONVERSE_REQUEST, native.CONVERSE_EVENTS, framed
    ),
    "ollama-body": _posted("ollama", native.OLLAMA, native.OLLAMA_REQUEST | {"stream": False}, OLLAMA_BODY),
    "ollama-lines": _posted(
        "ollama", native.OLLAMA, native.OLLAMA_REQUEST, native.OLLAMA_LINES, lines, content_type="application/x-ndjson"
    ),
    "cohere-body": _posted("cohere", native.COHERE, native.COHERE_REQUEST, COHERE_BODY),
    "cohere-events": _posted("cohere", native.COHERE, native.COHERE_REQUEST | _STREAM, native.COHERE_EVENTS, _ended),
    "completions-body": _posted(
        "openai-completions", native.COMPLETIONS, native.COMPLETIONS_REQUEST, native.COMPLETION
    ),
    "completions-chunks": _posted(
        "openai-completions",
        native.COMPLETIONS,
        {"model": "gpt-example", "prompt": "Rain in", "stream": True, "stream_options": {"include_usage": True}},
        COMPLETION_CHUNKS,
        _ended,
    ),
    "transcript-body": _heard(TRANSCRIPT, copied, "application/json", response_format="verbose_json"),
    "transcript-events": _heard(TRANSCRIPT_EVENTS, _unnamed, "text/event-stream", stream=True),
    "embeddings-body": _posted("embeddings", f"{_EMBED}/v1/embeddings", {"model": "m", "input": TEXTS}, EMBEDDED),
    "cohere-embed-body": _posted(
        "cohere-embeddings",
        f"{_EMBED}/v2/embed",
        {"model": "m", "texts": TEXTS, "input_type": "search_document", "embedding_types": ["float"]},
        COHERE_EMBEDDED,
    ),
    "gemini-embed-body": _posted(
        "gemini-embeddings",
        f"{_EMBED}/v1beta/models/m:batchEmbedContents",
        {
            "requests": [
                {"model": "models/m", "content": {"parts": [{"text": text}]}, "outputDimensionality": 2}
                for text in TEXTS
            ]
        },
        GEMINI_EMBEDDED,
    ),
    "ollama-embed-body": _posted(
        "ollama-embeddings", f"{_EMBED}/api/embed", {"model": "m", "input": TEXTS, "dimensions": 2}, OLLAMA_EMBEDDED
    ),
    "titan-embed-body": _posted(
        "bedrock-embeddings",
        f"{_EMBED}/model/amazon.titan-embed-text-v2%3A0/invoke",
        {"inputText": TEXTS[0], "dimensions": 2, "normalize": True},
        TITAN_EMBEDDED,
    ),
}
