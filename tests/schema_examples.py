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
_FACTS: dict[str, Any] = {
    "providers": [
        {
            "name": "example",
            "base_url": "https://llm.example/v1",
            "facts": [
                {
                    "group": "stream",
                    "name": "ends with",
                    "value": "eof",
                    "how": "recorded",
                    "source": "3 recorded streams",
                    "confidence": None,
                    "read": "2026-11-21",
                },
                {"group": "wire", "name": "id", "value": None},
            ],
            "deviations": 1,
        }
    ]
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
_GROUNDING = {
    "groundingChunks": [{"web": {"uri": "https://example.com/", "title": "Example"}}],
    "groundingSupports": [{"groundingChunkIndices": [0], "segment": {"startIndex": 0, "endIndex": 2, "text": "Hi"}}],
}
_GEMINI_MODEL = {
    "name": "models/example-large",
    "inputTokenLimit": 4096,
    "supportedGenerationMethods": ["generateContent"],
}
_GEMINI_REQUEST = {
    "model": "example-large",
    "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
    "generationConfig": {"maxOutputTokens": 8, "temperature": 0},
}
_TEXT = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 1750000000,
    "model": "m",
    "choices": [{"text": "Hi", "index": 0, "finish_reason": "stop"}],
}
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
_AUDIT_SUMMARY: Any = {
    "exit_code": 1, "reasons": ["1 exchange fails"], "exchanges": 2, "judged": 1, "failed": 1, "unreadable": 0, "no_known_provider": 0,
    "skipped": {"embeddings: no dialect": 1}, "passed_over": {},
    "findings": [{"severity": "error", "rule": "usage.sum", "known": False, "count": 1}],
}  # fmt: skip
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
    "provoking": {"judged": 1, "of": 1},
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
_RATED = {
    **_CELL,
    "rate": {
        "of": "disclosure",
        "hits": 3,
        "answers": 60,
        "asked": 63,
        "at_most": 0.1,
        "observed": {"share": 0.05, "low": 0.017, "high": 0.137},
        "corrected": None,
    },
}
_RESULTS = {
    "headline": "1 target judged on recordings: 1 cell fails. 2 of 138 cells selected.",
    "exit_reason": "1 cell fails",
    "judged_on": {"recorded": ["example/example-large"]},
    "tool": "0.1.0",
    "as_of": "2026-11-21",
    "fail_on": "error",
    "live": False,
    "options": [],
    "exit_code": 1,
    "targets": ["example/example-large"],
    "named": [],
    "selectable": 138,
    "keywords": {"example/example-large": {"pattern": "enforced", "$ref": "refused"}},
    "cells": [_CELL, _RATED],
}


_GROUNDING_ROW = {
    "id": "g1",
    "prompt": "Summarise https://docs.example/page",
    "url": "https://docs.example/page",
    "context": {"tools": ["fetch_url"], "tool_result": {"name": "fetch_url", "status": 404, "content": "Not Found"}},
    "response": "The page could not be found (404).",
}
_GROUNDING = {
    "id": "g1",
    "label": "GROUNDED",
    "disclosed": False,
    "confidence": 0.91,
    "unsure": False,
    "evidence": [{"start": 0, "end": 32, "cue": "error", "text": "The page could not be found (404"}],
    "reasons": ["failed tool: reported"],
}
_CLAIM = {
    "model": "example-large",
    "announced": "2026-06-17",
    "shutdown": "2026-08-16",
    "replacement": ["example-larger"],
    "confidence": "high",
    "kind": "vendor",
    "source": "https://example.com/deprecations",
    "read": "2026-11-21",
    "note": "",
}
_LIFECYCLE = {**_CLAIM, "replacement": "example-larger | example-largest", "shutdown": ">2026-08-16"}
_MODELS = {
    "tool": "llm-provider-conformance 0.1.0",
    "as_of": "2026-11-21",
    "fail_within": 14,
    "warn_within": 90,
    "exit_code": 1,
    "files": 3,
    "skipped": ["data.bin: no text, or more than 1000000 bytes"],
    "models": [
        {
            "model": "example-large",
            "providers": ["example"],
            "verdict": "fail",
            "state": "retired",
            "certain": True,
            "shutdown": "2026-08-16",
            "days": -97,
            "replacement": ["example-larger"],
            "claims": [_CLAIM],
            "notices": [],
            "places": [{"file": "src/chat.py", "line": 7}],
        }
    ],
}

_ERROR_CLASS = {
    "id": "rate_limited",
    "says": "Too much was asked in too short a time.",
    "fault": "account",
    "retryable": True,
    "statuses": [429],
}
_MATCHER = {"class": "rate_limited", "codes": ["rate_limit*"], "says": [r"\brate limit"], "status": [429, "5xx"]}
_ERROR_ROW = {
    "provider": "example",
    "error": "rate_limited",
    "status": 429,
    "type": "requests",
    "code": "rate_limit_exceeded",
    "body": "error-object",
    "limit": "requests",
    "retryable": True,
    "wait": "retry-after",
    "message": "Slow down.",
    "dialect": None,
    "known": "documented",
    "source": "https://example.com/docs/errors",
    "confidence": "high",
}
_RESPONSES_REQUEST = {
    "model": "example-large",
    "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}],
    "max_output_tokens": 100,
    "tools": [{"type": "function", "name": "clock", "parameters": {}}],
    "text": {"format": {"type": "text"}},
    "a_hosts_own": True,
}

_MESSAGES_REQUEST = {
    "model": "example-large",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "tools": [
        {"name": "clock", "input_schema": {"type": "object"}},
        {"type": "web_search_20250305", "name": "web_search"},
    ],
    "thinking": {"type": "disabled"},
    "a_hosts_own": True,
}

_CHAT_REQUEST = {
    "model": "example-large",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "temperature": 0.5,
    "stop": ["\n"],
    "tools": [{"type": "function", "function": {"name": "clock", "parameters": {}}}],
    "a_hosts_own": True,
}


def _but(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a value with some members changed; `...` removes one."""
    return {key: item for key, item in {**value, **changes}.items() if item is not ...}


_GRAMMAR: dict[str, Any] = {
    "source": "https://docs.example (read 2026-11-29)",
    "word": "type",
    "others": "inside",
    "end": "done",
    "events": {"done": {"step": "end"}},
}
_FAULT: dict[str, Any] = {
    "name": "stream.cut",
    "does": "The stream ends in mid-text.",
    "rule": "stream.truncated_without_finish",
    "shows": "stream",
    "answers": "stream",
    "steps": [{"do": "cut", "after": 5}],
}
_SAMPLE = {
    "run": "r1",
    "ttft": 0.21,
    "e2e": 1.9,
    "output_tokens": 64,
    "tpot": 0.026,
    "token_source": "usage",
    "marks": {"first_role": 0.2, "first_content": 0.22, "done": 1.91},
    "response_headers": {"x-ratelimit-remaining-requests": "29"},
}
_LATENCY_RUN = {
    "run": "20261121T090000-0a1b",
    "target": "example/example-large",
    "workload": "short",
    "region": "default",
    "label": "2026-11-21",
    "started": "2026-11-21T09:00:00+00:00",
    "evidence": "live",
    "workload_hash": "0123456789ab",
    "calibration": {"ttft_error": 0.0006, "gap_error_p95": 0.0002, "streams": 5},
    "requests": [_SAMPLE, {"error": "status 503"}],
}
_COMPARISON = {
    "verdict": "regression",
    "reason": "+52% over 5 baseline runs, up in 2 of 2 runs",
    "ratio": 1.52,
    "ci": [1.31, 1.76],
    "needed_runs": None,
    "p": 0.001,
    "baseline_runs": 5,
    "candidate_runs": 2,
    "requests": 10,
    "detectable": 1.4,
}
_SHARE = {"count": 1, "of": 60, "interval": [0.003, 0.089]}
_LATENCY = {
    "metrics": {"ttft": _COMPARISON},
    "notes": [],
    "availability": {"example/example-large": {"failed": _SHARE, "timed_out": _SHARE}},
}

_CLIENTS: dict[str, Any] = {
    "made": "2026-11-21",
    "with": "openai==3.54.0",
    "clients": {"openai": {"openai": "3.54.0"}},
    "cells": [
        {
            "client": "openai",
            "table": "fault",
            "subject": "tool_call.index_missing",
            "case": "tools-auto-stream",
            "word": "raised",
            "why": "TypeError: list indices must be integers or slices, not NoneType",
            "exception": "TypeError",
            "asked": 1,
        }
    ],
}
_CLAIM = {
    "what": "output speed, advertised 500 tokens/s",
    "verdict": "holds",
    "reason": "487 tokens/s (90 % 470 tokens/s to 505 tokens/s), 500 tokens/s wanted: within 10% of it",
    "wanted": 500.0,
    "measured": 487.0,
    "ci": [470.0, 505.0],
    "unit": "tokens/s",
    "higher_is_better": True,
    "requests": 50,
    "runs": 5,
}
_LOAD = {
    "target": "example/example-large",
    "workload": "short",
    "started": "2026-11-21T12:00:00+00:00",
    "evidence": "live",
    "levels": [
        {
            "streams": 8,
            "requests": 32,
            "failed": 1,
            "tps": 540.0,
            "stream_tps": 75.0,
            "window": 8.5,
            "in_flight": 7.9,
            "little": 1.02,
            "notes": ["failed: 1 status 429"],
        }
    ],
    "knee": {
        "streams": None,
        "ci": None,
        "stream_tps": 68.0,
        "plateau": None,
        "reason": "throughput still rises at 8 streams",
    },
    "speedup": {"streams": 8, "trials": 5, "ratio": 5.7, "ci": [4.4, 7.4], "reason": ""},
}

_CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 5, "outputTokens": 1, "totalTokens": 6},
    "metrics": {"latencyMs": 300},
}
_CONVERSE_REQUEST = {
    "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
    "inferenceConfig": {"maxTokens": 64},
}
_SIDE = {
    "name": "example/example-large",
    "form": "target",
    "target": "example/example-large",
    "dialect": "openai-chat",
    "evidence": ["recorded"],
    "answers": 12,
    "dates": ["2026-11-21", "2026-11-22"],
}
_CHANGE = {
    "about": "rule",
    "id": "usage.sum",
    "kind": "newly broken",
    "severity": "warning",
    "title": "usage.total_tokens is 14, expected 15",
    "breaks_if": "computes cost from one of the counts",
    "capability": "usage",
    "evidence": "recorded",
    "before": "keeps it in 12 of 12 probes",
    "after": "breaks it in 1 of 12 probes",
    "diff": ["- A  200 /usage/total_tokens = 15", "+ B  200 /usage/total_tokens = 14"],
    "probes": ["plain"],
    "clients": {"openai": "silent"},
    "command": "conformance run --target example/example-large -k usage.sum",
}
_UPGRADE = {
    "tool": "llm-provider-conformance 0.1.0",
    "headline": "SAFE WITH CHANGES: a -> b. 12 questions and 80 rules compared.",
    "answer": "safe with changes",
    "verdict": "safe with changes",
    "emulated": False,
    "exit_code": 0,
    "as_of": "2026-11-21",
    "fail_on": "error",
    "options": [],
    "a": _SIDE,
    "b": _SIDE,
    "compared": {"questions": 12, "rules": 80},
    "reasons": ["usage.sum: usage.total_tokens is 14, expected 15."],
    "changes": [_CHANGE],
    "facts": [
        {"name": "context window", "before": "8192", "after": "8192", "standing": "same", "note": "", "command": ""}
    ],
    "not_known": [
        {"what": "latency", "why": "no recorded run", "command": "conformance latency b --record", "decides": False}
    ],
    "notices": [],
}

_STAMPED = {"model": "llama-example", "created_at": "2026-11-21T00:00:00Z"}
_OLLAMA_CALL = {"id": "call_1", "function": {"name": "get_weather", "arguments": {"city": "Paris"}}}
_OLLAMA_MESSAGE = {"role": "assistant", "content": "Rain.", "tool_calls": [_OLLAMA_CALL]}
_OLLAMA = {**_STAMPED, "message": _OLLAMA_MESSAGE, "done": True, "done_reason": "stop", "eval_count": 3}
_OLLAMA_REQUEST = {"model": "llama-example", "messages": [{"role": "user", "content": "Hi"}], "options": {"seed": 7}}
_COHERE_CALL = {"id": "get_weather_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
_CITATION = {"start": 0, "end": 4, "text": "Oslo", "sources": [{"type": "document", "id": "doc:0"}]}
_COHERE_MESSAGE = {"role": "assistant", "content": [{"type": "text", "text": "Oslo."}], "citations": [_CITATION]}
_COHERE_USAGE = {"billed_units": {"input_tokens": 3}, "tokens": {"input_tokens": 20, "output_tokens": 3}}
_COHERE = {"id": "c1", "message": _COHERE_MESSAGE, "finish_reason": "COMPLETE", "usage": _COHERE_USAGE}
_COHERE_DELTA = {"message": {"content": {"text": "Os"}}}
_COHERE_REQUEST = {"model": "command-example", "messages": [{"role": "user", "content": "Hi"}], "temperature": 0.3}
_ANTHROPIC_MODEL = {"type": "model", "id": "m", "display_name": "M", "created_at": "2026-02-01T00:00:00Z"}


EXAMPLES: dict[str, tuple[Any, Any]] = {
    "anthropic-messages/block": (_BLOCK, _but(_BLOCK, input="{}")),
    "anthropic-messages/chunk": (
        {"type": "content_block_start", "index": 0, "content_block": _BLOCK},
        {"index": 0, "content_block": _BLOCK},
    ),
    "anthropic-messages/citation": (
        {
            "type": "char_location",
            "cited_text": "Oslo.",
            "document_index": 0,
            "start_char_index": 0,
            "end_char_index": 5,
        },
        {"type": "char_location", "cited_text": 5},
    ),
    "anthropic-messages/completion": (_ANTHROPIC, _but(_ANTHROPIC, content="Hi")),
    "anthropic-messages/error": (
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        {"type": "error", "error": "Overloaded"},
    ),
    "anthropic-messages/message": (_ANTHROPIC, _but(_ANTHROPIC, usage=...)),
    "anthropic-messages/model": (_ANTHROPIC_MODEL, _but(_ANTHROPIC_MODEL, created_at=1_769_900_000)),
    "anthropic-messages/models": ({"data": [_ANTHROPIC_MODEL], "has_more": False}, {"data": [_ANTHROPIC_MODEL]}),
    "anthropic-messages/request": (_MESSAGES_REQUEST, _but(_MESSAGES_REQUEST, max_tokens="many")),
    "anthropic-messages/usage": (_ANTHROPIC_USAGE, _but(_ANTHROPIC_USAGE, output_tokens=None)),
    "bedrock-converse/block": (
        {"toolUse": {"toolUseId": "tooluse_1", "name": "get_weather", "input": {}}},
        {"toolUse": {"name": "get_weather", "input": {}}},
    ),
    "bedrock-converse/chunk": (
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hi"}}},
        {"contentBlockDelta": {"delta": {"text": "Hi"}}},
    ),
    "bedrock-converse/completion": (_CONVERSE, _but(_CONVERSE, stopReason=...)),
    "bedrock-converse/error": ({"message": "Too many requests"}, {"message": 3}),
    "bedrock-converse/request": (_CONVERSE_REQUEST, _but(_CONVERSE_REQUEST, messages=[])),
    "bedrock-converse/usage": (_CONVERSE["usage"], {"inputTokens": 1}),
    "cohere/chunk": (
        {"type": "content-delta", "index": 0, "delta": _COHERE_DELTA},
        {"index": 0, "delta": _COHERE_DELTA},
    ),
    "cohere/citation": (_CITATION, _but(_CITATION, end=...)),
    "cohere/completion": (_COHERE, _but(_COHERE, message="Oslo.")),
    "cohere/error": ({"id": "e1", "message": "invalid api token"}, {"error": {"message": "invalid api token"}}),
    "cohere/logprob": ({"text": "Os", "token_ids": [7], "logprobs": [-0.1]}, {"text": "Os"}),
    "cohere/message": (_COHERE_MESSAGE, _but(_COHERE_MESSAGE, role="CHATBOT")),
    "cohere/model": ({"name": "command-example", "endpoints": ["chat"]}, {"id": "command-example"}),
    "cohere/models": ({"models": [{"name": "command-example"}]}, {"object": "list", "data": []}),
    "cohere/request": (_COHERE_REQUEST, _but(_COHERE_REQUEST, temperature=9)),
    "cohere/tool_call": (_COHERE_CALL, _but(_COHERE_CALL, type="tool")),
    "cohere/usage": (_COHERE_USAGE, {"tokens": {"input_tokens": "20"}}),
    "gemini/chunk": (_GEMINI, _but(_GEMINI, candidates={})),
    "gemini/completion": (_GEMINI, _but(_GEMINI, modelVersion=3)),
    "gemini/error": (
        {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}},
        {"error": {"code": "404", "message": "not found", "status": "NOT_FOUND"}},
    ),
    "gemini/grounding": (_GROUNDING, _but(_GROUNDING, groundingChunks={})),
    "gemini/model": (_GEMINI_MODEL, _but(_GEMINI_MODEL, name="example-large")),
    "gemini/models": ({"models": [_GEMINI_MODEL], "nextPageToken": "1"}, {"data": [_GEMINI_MODEL]}),
    "gemini/request": (_GEMINI_REQUEST, _but(_GEMINI_REQUEST, contents="Hi")),
    "gemini/part": (_PART, {"text": None}),
    "gemini/usage": (_GEMINI_USAGE, _but(_GEMINI_USAGE, totalTokenCount="12")),
    "ollama/chunk": (_but(_OLLAMA, done=False), _but(_OLLAMA, done="no")),
    "ollama/completion": (_OLLAMA, _but(_OLLAMA, created_at="1786289584.0Z")),
    "ollama/error": ({"error": "model 'm' not found"}, {"error": {"message": "model 'm' not found"}}),
    "ollama/logprob": ({"token": "Hi", "logprob": -0.1}, {"token": "Hi", "logprob": 0.5}),
    "ollama/message": (_OLLAMA_MESSAGE, _but(_OLLAMA_MESSAGE, content=["Rain."])),
    "ollama/model": ({"capabilities": ["completion"]}, {"capabilities": "completion"}),
    "ollama/models": ({"models": [{"name": "m:latest"}]}, {"object": "list", "data": []}),
    "ollama/request": (_OLLAMA_REQUEST, _but(_OLLAMA_REQUEST, options={"temperature": "warm"})),
    "ollama/running": ({"models": []}, {"models": None}),
    "ollama/tool_call": (_OLLAMA_CALL, {"function": {"name": "get_weather", "arguments": "{}"}}),
    "openai-chat/chunk": (_CHUNK, _but(_CHUNK, choices=None)),
    "openai-chat/completion": (_COMPLETION, _but(_COMPLETION, created="1780000000")),
    "openai-chat/error": (_ERROR, {"detail": "No such model."}),
    "openai-chat/logprobs": (_LOGPROBS, {"tokens": ["Hi"], "token_logprobs": [-0.25]}),
    "openai-chat/message": (_MESSAGE, _but(_MESSAGE, role=...)),
    "openai-chat/model": (_MODEL, _but(_MODEL, created=0)),
    "openai-chat/models": ({"object": "list", "data": [_MODEL]}, [_MODEL]),
    "openai-chat/request": (_CHAT_REQUEST, _but(_CHAT_REQUEST, temperature="warm")),
    "openai-chat/tool_call": (_CALL, _but(_CALL, function={"name": "f", "arguments": {}})),
    "openai-chat/usage": (_USAGE, _but(_USAGE, prompt_tokens=-1)),
    "openai-completions/chunk": (_TEXT, {"choices": [{"index": 0}]}),
    "openai-completions/completion": (_TEXT, {"choices": [{"text": None}]}),
    "openai-completions/error": (_ERROR, {"error": "No such model."}),
    "openai-completions/request": (
        {"model": "m", "prompt": ["Rain in", "Snow in"], "logprobs": 2, "echo": True},
        {"model": "m", "prompt": {"text": "Rain in"}},
    ),
    "embeddings/embed": (
        {
            "object": "list",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}],
            "model": "m",
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        },
        {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}], "model": "m"},
    ),
    "embeddings/error": (_ERROR, {"error": "No such model."}),
    "embeddings/request": ({"model": "m", "input": [[1, 2], [3]]}, {"model": "m", "input": ""}),
    "cohere-embeddings/embed": (
        {"id": "e1", "embeddings": {"float": [[0.6, 0.8]], "int8": [[76, 102]]}, "texts": ["Rain"]},
        {"id": "e1", "embeddings": {"float": [0.6, 0.8]}, "texts": ["Rain"]},
    ),
    "cohere-embeddings/error": ({"id": "e1", "message": "no api key supplied"}, _ERROR),
    "cohere-embeddings/request": (
        {"model": "m", "texts": ["Rain"], "input_type": "search_query", "embedding_types": ["float"]},
        {"model": "m", "input_type": "search_query"},
    ),
    "gemini-embeddings/embed": ({"embeddings": [{"values": [0.6, 0.8]}]}, {"embeddings": [[0.6, 0.8]]}),
    "gemini-embeddings/error": (
        {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}},
        {"error": "no"},
    ),
    "gemini-embeddings/request": ({"content": {"parts": [{"text": "Rain"}]}}, {"content": "Rain"}),
    "ollama-embeddings/embed": ({"model": "m", "embeddings": [[0.6, 0.8]]}, {"model": "m", "embeddings": [0.6, 0.8]}),
    "ollama-embeddings/error": ({"error": "model not found"}, _ERROR),
    "bedrock-embeddings/embed": ({"embedding": [0.6, 0.8], "inputTextTokenCount": 3}, {"embeddings": [[0.6, 0.8]]}),
    "bedrock-embeddings/error": ({"message": "no such model"}, {"message": 7}),
    "ollama-embeddings/request": ({"model": "m", "input": ["Rain"]}, {"model": "m", "input": 7}),
    "openai-transcriptions/error": (_ERROR, {"error": "No such model."}),
    "openai-transcriptions/request": (
        {"model": "m", "response_format": "srt", "temperature": "0.2"},
        {"model": "m", "temperature": "9"},
    ),
    "openai-transcriptions/transcribe": (
        {"text": "Hello.", "duration": 1.5, "segments": [{"start": 0, "end": 1.5, "text": " Hello."}]},
        {"type": "transcript.text.delta", "delta": None},
    ),
    "openai-responses/chunk": (
        {"type": "response.output_item.added", "sequence_number": 2, "output_index": 0, "item": _ITEM},
        {"type": "response.output_item.added", "sequence_number": -1},
    ),
    "openai-responses/completion": (_RESPONSE, _but(_RESPONSE, output={})),
    "openai-responses/error": (_ERROR, [_ERROR]),
    "openai-responses/item": (_ITEM, _but(_ITEM, type="")),
    "openai-responses/request": (_RESPONSES_REQUEST, _but(_RESPONSES_REQUEST, max_output_tokens="many")),
    "openai-responses/response": (_RESPONSE, _but(_RESPONSE, status="done")),
    "openai-responses/usage": (_RESPONSES_USAGE, _but(_RESPONSES_USAGE, total_tokens=...)),
    "audit-line": (_AUDIT_LINE, _but(_AUDIT_LINE, findings=[_but(_FINDING, severity="fatal")])),
    "audit-summary": (_AUDIT_SUMMARY, _but(_AUDIT_SUMMARY, exit_code=4)),
    "cassette": (_CASSETTE, _but(_CASSETTE, evidence="live")),
    "clients": (_CLIENTS, _but(_CLIENTS, cells=[{**_CLIENTS["cells"][0], "word": "fine"}])),
    "error-classes": ({"class": [_ERROR_CLASS]}, {"class": [_but(_ERROR_CLASS, fault="nobody")]}),
    "error-matchers": (
        {"match": [_MATCHER], "limit": [{"word": "day", "says": ["daily"]}]},
        {"match": [{"class": "rate_limited"}], "limit": [{"word": "day", "says": ["daily"]}]},
    ),
    "errors-table": (
        {"classes": [_ERROR_CLASS], "errors": [_ERROR_ROW]},
        {"classes": [_ERROR_CLASS], "errors": [_but(_ERROR_ROW, known="guessed")]},
    ),
    "exchange": (_EXCHANGE, _but(_EXCHANGE, request={"url": "https://api.example.com"})),
    "behaviour": (
        {
            "behaviour": [
                {
                    "name": "key.expires",
                    "does": "The key is refused.",
                    "phase": [{"requests": 10}, {"refuse": "bad_key"}],
                }
            ]
        },
        {"behaviour": [{"name": "key.expires", "does": "The key is refused.", "phase": [{"refuse": "no"}]}]},
    ),
    "scenario": (
        {
            "title": "A bad day.",
            "phase": [{"requests": 5}, {"seconds": 60, "hits": 1, "of": 3, "refuse": "unavailable"}],
        },
        {"phase": [{"requests": 5, "seconds": 60}]},
    ),
    "fault": ({"fault": [_FAULT]}, {"fault": [_but(_FAULT, steps=[{"do": "cut"}])]}),
    "grammar": (_GRAMMAR, _but(_GRAMMAR, others="nowhere")),
    "grounding-line": (_GROUNDING, _but(_GROUNDING, label="MAYBE")),
    "grounding-row": (_GROUNDING_ROW, _but(_GROUNDING_ROW, prompt=...)),
    "latency-claims": ({"claims": [{"cell": "example/example-large short", **_CLAIM}]}, {"claims": [_CLAIM]}),
    "latency-comparison": (_LATENCY, {"metrics": {"ttft": _but(_COMPARISON, verdict="slower")}}),
    "latency-load": (_LOAD, _but(_LOAD, evidence="emulated")),
    "latency-run": (_LATENCY_RUN, _but(_LATENCY_RUN, evidence="emulated")),
    "latency-sample": (_SAMPLE, _but(_SAMPLE, ttft="0.21")),
    "latency-workloads": (
        {"short": {"does": "a sentence", "input": 40, "output": 64, "cached": False, "needs": ["tools"]}},
        {"short": {"does": "a sentence", "input": 40, "output": 64, "cached": "no"}},
    ),
    "lifecycle": (_LIFECYCLE, _but(_LIFECYCLE, shutdown="16 August 2026")),
    "models": (_MODELS, _but(_MODELS, models=[{"model": "example-large"}])),
    "probe": (_PROBE, {"probes": []}),
    "provider-facts": (_FACTS, {"providers": [{"name": "example", "facts": [{"group": "wire", "name": "id"}]}]}),
    "provider": (_PROVIDER, _but(_PROVIDER, key="sk-1")),
    "slo": (
        {"example/example-large": {"ttft": 0.4, "e2e": {"mean": 0.198, "each": 1.0}, "tps": {"mean": 276, "p95": 200}}},
        {"example/example-large": {"ttft": "0.4 s"}},
    ),
    "results": (_RESULTS, _but(_RESULTS, headline=...)),
    "upgrade": (_UPGRADE, _but(_UPGRADE, changes=[_but(_CHANGE, kind="probably broken")])),
}
