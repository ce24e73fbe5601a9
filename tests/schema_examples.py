"""For every schema one value that it takes and one that it refuses: `(good, bad)` by the schema's name."""

from __future__ import annotations

from typing import Any

_HEAD = {"id": "chatcmpl-1", "created": 1_780_000_000, "model": "example-large"}
_USAGE = {
    "prompt_tokens": 12,
    "completion_tokens": 3,
    "total_tokens": 15,
    "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": None},
    "completion_tokens_details": {"reasoning_tokens": 1},
}
_LOGPROBS = {
    "content": [
        {
            "token": "Hi",
            "logprob": -0.25,
            "bytes": [72, 105],
            "top_logprobs": [{"token": "Hi", "logprob": -0.25, "bytes": None}],
        }
    ],
    "refusal": None,
}
_CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
_FRAGMENT = {"index": 0, **_CALL}
_MESSAGE = {"role": "assistant", "content": None, "refusal": None, "reasoning": "Paris.", "tool_calls": [_CALL]}
_CHUNK = {
    **_HEAD,
    "object": "chat.completion.chunk",
    "choices": [
        {
            "index": 0,
            "delta": {"role": "assistant", "content": "Hi", "tool_calls": [_FRAGMENT]},
            "logprobs": _LOGPROBS,
            "finish_reason": None,
        }
    ],
    "usage": None,
}
_COMPLETION = {
    **_HEAD,
    "object": "chat.completion",
    "choices": [{"index": 0, "message": _MESSAGE, "logprobs": None, "finish_reason": "tool_calls"}],
    "usage": _USAGE,
    "system_fingerprint": "fp_1",
}
_MODEL = {"id": "example-large", "object": "model", "created": 1_780_000_000, "owned_by": "example"}
_ERROR = {
    "error": {"message": "No such model.", "type": "invalid_request_error", "param": None, "code": "model_not_found"}
}

_BLOCK = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}
_ANTHROPIC_USAGE = {"input_tokens": 20, "output_tokens": 30, "cache_read_input_tokens": None}
_ANTHROPIC = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "example-large",
    "content": [_BLOCK, {"type": "text", "text": "Hi", "citations": None}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": _ANTHROPIC_USAGE,
}
_PART = {"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}, "thoughtSignature": "c2ln"}
_GEMINI_USAGE = {"promptTokenCount": 5, "candidatesTokenCount": 7, "totalTokenCount": 12}
_GEMINI = {
    "candidates": [
        {"content": {"role": "model", "parts": [{"text": "Hi"}, _PART]}, "index": 0, "finishReason": "STOP"}
    ],
    "usageMetadata": _GEMINI_USAGE,
    "modelVersion": "example-large",
}
_TEXT = {"id": "cmpl-1", "object": "text_completion", "choices": [{"text": "Hi", "index": 0, "finish_reason": "stop"}]}
_ITEM = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get_weather", "arguments": "{}"}
_RESPONSES_USAGE = {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12, "output_tokens_details": None}
_RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "status": "completed",
    "model": "example-large",
    "output": [_ITEM],
    "error": None,
    "usage": _RESPONSES_USAGE,
}

_FINDING = {
    "rule": "usage.sum",
    "severity": "error",
    "message": "usage is null",
    "pointer": "/usage",
    "event": 14,
    "known": False,
}
_AUDIT_LINE = {
    "id": "x1",
    "source": "a/b.yaml",
    "interaction": 0,
    "provider": "groq",
    "dialect": "openai-chat",
    "model": "example-large",
    "status": 200,
    "stream": True,
    "rules_checked": 61,
    "findings": [_FINDING],
    "skipped": None,
}
_CASSETTE = {
    "evidence": "recorded",
    "recorded_at": "2026-11-21T09:00:00Z",
    "tool": "0.1.0",
    "probe": "plain",
    "probe_hash": "5f2c",
    "eof": "clean",
    "timing": {"sent": 0.001, "headers": 0.11, "end": 0.2, "chunks": [[0.12, 210], [0.14, 180]]},
}
_EXCHANGE = {
    "id": "x1",
    "request": {
        "method": "POST",
        "url": "https://api.example.com/v1/chat/completions",
        "headers": {},
        "body": {"model": "m"},
    },
    "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": "{}", "eof": "clean"},
    "timing": {"headers": 0.11, "chunks": [[0.12, 2]]},
    "meta": {"anything": 1},
}
_PROBE = {
    "probes": [
        {
            "name": "plain",
            "does": "a question in one word",
            "dialect": "openai-chat",
            "provokes": ["envelope.*", "usage.sum"],
            "steps": [{"body": {"messages": [{"role": "user", "content": "Hi"}]}, "max_output": 16}],
        }
    ]
}
_PROVIDER = {
    "name": "example",
    "base_url": "https://api.example.com/v1",
    "dialect": "openai-chat",
    "auth": {"header": "Authorization", "scheme": "Bearer", "env": "EXAMPLE_API_KEY"},
    "deviation": [
        {
            "rule": "sse.done_terminator",
            "reason": "streams end at EOF",
            "source": "https://example.com/docs",
            "expires": "2027-06-01",
        }
    ],
}
_CELL = {
    "target": "example/example-large",
    "rule": "usage.sum",
    "severity": "error",
    "verdict": "fail",
    "reason": "plain: usage is null",
    "probes": ["plain"],
    "evidence": ["recorded"],
    "notices": [],
    "findings": [
        {
            "probe": "plain",
            "exchange": "x1",
            "message": "usage is null",
            "pointer": "/usage",
            "event": None,
            "known": False,
        }
    ],
}
_RESULTS = {
    "tool": "0.1.0",
    "as_of": "2026-11-21",
    "fail_on": "error",
    "live": False,
    "options": [],
    "exit_code": 1,
    "targets": ["example/example-large"],
    "keywords": {"example/example-large": {"pattern": "enforced", "$ref": "refused"}},
    "cells": [_CELL],
}


def _but(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a value with some members changed; `...` removes one."""
    return {key: item for key, item in {**value, **changes}.items() if item is not ...}


EXAMPLES: dict[str, tuple[Any, Any]] = {
    "anthropic-messages/block": (_BLOCK, _but(_BLOCK, input="{}")),
    "anthropic-messages/chunk": (
        {"type": "content_block_start", "index": 0, "content_block": _BLOCK},
        {"index": 0, "content_block": _BLOCK},
    ),
    "anthropic-messages/completion": (_ANTHROPIC, _but(_ANTHROPIC, content="Hi")),
    "anthropic-messages/error": (
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        {"type": "error", "error": "Overloaded"},
    ),
    "anthropic-messages/message": (_ANTHROPIC, _but(_ANTHROPIC, usage=...)),
    "anthropic-messages/usage": (_ANTHROPIC_USAGE, _but(_ANTHROPIC_USAGE, output_tokens=None)),
    "gemini/chunk": (_GEMINI, _but(_GEMINI, candidates={})),
    "gemini/completion": (_GEMINI, _but(_GEMINI, modelVersion=3)),
    "gemini/error": (
        {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}},
        {"error": {"code": "404", "message": "not found", "status": "NOT_FOUND"}},
    ),
    "gemini/part": (_PART, {"text": None}),
    "gemini/usage": (_GEMINI_USAGE, _but(_GEMINI_USAGE, totalTokenCount="12")),
    "openai-chat/chunk": (_CHUNK, _but(_CHUNK, choices=None)),
    "openai-chat/completion": (_COMPLETION, _but(_COMPLETION, created="1780000000")),
    "openai-chat/error": (_ERROR, {"detail": "No such model."}),
    "openai-chat/logprobs": (_LOGPROBS, {"tokens": ["Hi"], "token_logprobs": [-0.25]}),
    "openai-chat/message": (_MESSAGE, _but(_MESSAGE, role=...)),
    "openai-chat/model": (_MODEL, _but(_MODEL, created=0)),
    "openai-chat/models": ({"object": "list", "data": [_MODEL]}, [_MODEL]),
    "openai-chat/tool_call": (_CALL, _but(_CALL, function={"name": "f", "arguments": {}})),
    "openai-chat/usage": (_USAGE, _but(_USAGE, prompt_tokens=-1)),
    "openai-completions/chunk": (_TEXT, {"choices": [{"index": 0}]}),
    "openai-completions/completion": (_TEXT, {"choices": [{"text": None}]}),
    "openai-completions/error": (_ERROR, {"error": "No such model."}),
    "openai-responses/chunk": (
        {"type": "response.output_item.added", "sequence_number": 2, "output_index": 0, "item": _ITEM},
        {"type": "response.output_item.added", "sequence_number": -1},
    ),
    "openai-responses/completion": (_RESPONSE, _but(_RESPONSE, output={})),
    "openai-responses/error": (_ERROR, [_ERROR]),
    "openai-responses/item": (_ITEM, _but(_ITEM, type="")),
    "openai-responses/response": (_RESPONSE, _but(_RESPONSE, status="done")),
    "openai-responses/usage": (_RESPONSES_USAGE, _but(_RESPONSES_USAGE, total_tokens=...)),
    "audit-line": (_AUDIT_LINE, _but(_AUDIT_LINE, findings=[_but(_FINDING, severity="fatal")])),
    "cassette": (_CASSETTE, _but(_CASSETTE, evidence="live")),
    "exchange": (_EXCHANGE, _but(_EXCHANGE, request={"url": "https://api.example.com"})),
    "probe": (_PROBE, {"probes": []}),
    "provider": (_PROVIDER, _but(_PROVIDER, key="sk-1")),
    "results": (_RESULTS, _but(_RESULTS, exit_code=4)),
}
