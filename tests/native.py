"""Conforming answers of the native protocols, as plain data, and the exchange and judgement around them."""

from __future__ import annotations

import json
from typing import Any

from conformance.rules.judging import Judgement, judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body, fold_headers
from conformance.wire.frames import FRAMES_TYPE, frame

Event = dict[str, Any]

WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}

ANTHROPIC = "https://provider.example/v1/messages"
ANTHROPIC_REQUEST: dict[str, Any] = {
    "model": "claude-example",
    "max_tokens": 256,
    "messages": [{"role": "user", "content": "Weather in Paris?"}],
    "tools": [{"name": "get_weather", "input_schema": WEATHER}],
    "stop_sequences": ["END"],
}
ANTHROPIC_MESSAGE: dict[str, Any] = {
    "id": "msg_01",
    "type": "message",
    "role": "assistant",
    "model": "claude-example",
    "content": [
        {"type": "thinking", "thinking": "I need the weather.", "signature": "c2ln"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 20, "output_tokens": 30, "cache_read_input_tokens": 5},
}
ANTHROPIC_EVENTS: list[Event] = [
    {
        "type": "message_start",
        "message": {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": "claude-example",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 20, "output_tokens": 1},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "I need the weather."}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Let me look."}},
    {"type": "content_block_stop", "index": 1},
    {
        "type": "content_block_start",
        "index": 2,
        "content_block": {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {}},
    },
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ""}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"city": '}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '"Paris"}'}},
    {"type": "content_block_stop", "index": 2},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use", "stop_sequence": None},
        "usage": {"output_tokens": 30},
    },
    {"type": "message_stop"},
]
ANTHROPIC_ERROR: dict[str, Any] = {
    "type": "error",
    "error": {"type": "not_found_error", "message": "model: claude-missing"},
    "request_id": "req_01",
}

CONVERSE = "https://provider.example/model/claude-example/converse"
CONVERSE_STREAM = f"{CONVERSE}-stream"
CONVERSE_REQUEST: dict[str, Any] = {
    "messages": [{"role": "user", "content": [{"text": "Weather in Paris?"}]}],
    "toolConfig": {"tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": WEATHER}}}]},
    "inferenceConfig": {"maxTokens": 256, "stopSequences": ["END"]},
}
CONVERSE_MESSAGE: dict[str, Any] = {
    "metrics": {"latencyMs": 812},
    "output": {
        "message": {
            "role": "assistant",
            "content": [
                {"reasoningContent": {"reasoningText": {"text": "I need the weather.", "signature": "c2ln"}}},
                {"text": "Let me look."},
                {"toolUse": {"toolUseId": "tooluse_01", "name": "get_weather", "input": {"city": "Paris"}}},
            ],
        }
    },
    "stopReason": "tool_use",
    "usage": {"inputTokens": 20, "outputTokens": 30, "totalTokens": 50, "cacheReadInputTokens": 5},
}
CONVERSE_EVENTS: list[Event] = [
    {"messageStart": {"role": "assistant", "p": "abc"}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "I need the weather."}}}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"signature": "c2ln"}}}},
    {"contentBlockStop": {"contentBlockIndex": 0}},
    {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "Let me"}}},
    {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": " look."}}},
    {"contentBlockStop": {"contentBlockIndex": 1}},
    {
        "contentBlockStart": {
            "contentBlockIndex": 2,
            "start": {"toolUse": {"toolUseId": "tooluse_01", "name": "get_weather"}},
        }
    },
    {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"city": '}}}},
    {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '"Paris"}'}}}},
    {"contentBlockStop": {"contentBlockIndex": 2}},
    {"messageStop": {"stopReason": "tool_use"}},
    {
        "metadata": {
            "usage": {"inputTokens": 20, "outputTokens": 30, "totalTokens": 50},
            "metrics": {"latencyMs": 812},
        }
    },
]
CONVERSE_ERROR: dict[str, Any] = {"message": "The provided model identifier is invalid."}

RESPONSES = "https://provider.example/v1/responses"
RESPONSES_REQUEST: dict[str, Any] = {
    "model": "gpt-example",
    "input": "Weather in Paris?",
    "tools": [{"type": "function", "name": "get_weather", "parameters": WEATHER}],
}
_ITEMS: list[dict[str, Any]] = [
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Let me look.", "annotations": []}],
    },
    {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "call_1",
        "name": "get_weather",
        "arguments": '{"city": "Paris"}',
        "status": "completed",
    },
]
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1750000000,
    "status": "completed",
    "model": "gpt-example",
    "output": _ITEMS,
    "error": None,
    "incomplete_details": None,
    "usage": {"input_tokens": 20, "output_tokens": 30, "total_tokens": 50},
}
_BEGUN = {**RESPONSE, "status": "in_progress", "output": [], "usage": None}
RESPONSES_EVENTS: list[Event] = [
    {**event, "sequence_number": number}
    for number, event in enumerate(
        [
            {"type": "response.created", "response": _BEGUN},
            {"type": "response.in_progress", "response": _BEGUN},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**_ITEMS[0], "status": "in_progress", "content": []},
            },
            {
                "type": "response.content_part.added",
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "part": {"type": "output_text", "text": "", "annotations": []},
            },
            {
                "type": "response.output_text.delta",
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "delta": "Let me ",
            },
            {
                "type": "response.output_text.delta",
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "delta": "look.",
            },
            {
                "type": "response.output_text.done",
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "text": "Let me look.",
            },
            {
                "type": "response.content_part.done",
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "part": _ITEMS[0]["content"][0],
            },
            {"type": "response.output_item.done", "output_index": 0, "item": _ITEMS[0]},
            {
                "type": "response.output_item.added",
                "output_index": 1,
                "item": {**_ITEMS[1], "status": "in_progress", "arguments": ""},
            },
            {
                "type": "response.function_call_arguments.delta",
                "output_index": 1,
                "item_id": "fc_1",
                "delta": '{"city": ',
            },
            {
                "type": "response.function_call_arguments.delta",
                "output_index": 1,
                "item_id": "fc_1",
                "delta": '"Paris"}',
            },
            {
                "type": "response.function_call_arguments.done",
                "output_index": 1,
                "item_id": "fc_1",
                "arguments": '{"city": "Paris"}',
            },
            {"type": "response.output_item.done", "output_index": 1, "item": _ITEMS[1]},
            {"type": "response.completed", "response": RESPONSE},
        ]
    )
]

GEMINI = "https://provider.example/v1beta/models/gemini-example:generateContent"
GEMINI_STREAM = "https://provider.example/v1beta/models/gemini-example:streamGenerateContent?alt=sse"
GEMINI_REQUEST: dict[str, Any] = {
    "contents": [{"role": "user", "parts": [{"text": "Weather in Paris?"}]}],
    "tools": [{"functionDeclarations": [{"name": "get_weather", "parameters": WEATHER}]}],
}
GEMINI_ANSWER: dict[str, Any] = {
    "candidates": [
        {
            "content": {
                "role": "model",
                "parts": [
                    {"text": "I need the weather.", "thought": True},
                    {"text": "Let me look."},
                    {"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}, "thoughtSignature": "c2ln"},
                ],
            },
            "finishReason": "STOP",
            "index": 0,
        }
    ],
    "usageMetadata": {
        "promptTokenCount": 20,
        "candidatesTokenCount": 25,
        "thoughtsTokenCount": 5,
        "totalTokenCount": 50,
    },
    "modelVersion": "gemini-example",
    "responseId": "r1",
}
GEMINI_EVENTS: list[Event] = [
    {
        "candidates": [{"content": {"role": "model", "parts": [{"text": "Rain "}]}, "index": 0}],
        "modelVersion": "gemini-example",
    },
    {"candidates": [{"content": {"role": "model", "parts": [{"text": "in Paris."}]}, "index": 0}]},
    {
        "candidates": [{"content": {"role": "model"}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 4, "totalTokenCount": 24},
    },
]
GEMINI_ERROR: dict[str, Any] = {
    "error": {"code": 404, "message": "models/missing is not found for API version v1beta", "status": "NOT_FOUND"}
}

INTERACTIONS = "https://provider.example/v1beta/interactions"
INTERACTIONS_REQUEST: dict[str, Any] = {
    "model": "gemini-example",
    "system_instruction": "Be short.",
    "input": [
        {"type": "user_input", "content": [{"type": "text", "text": "Weather in Paris?"}]},
        {"type": "function_call", "id": "c1", "name": "get_weather", "arguments": {"city": "Paris"}},
        {"type": "function_result", "call_id": "c1", "name": "get_weather", "result": "rain"},
    ],
    "tools": [{"type": "function", "name": "get_weather", "parameters": WEATHER}],
    "generation_config": {"max_output_tokens": 64, "temperature": 0},
}
_INTERACTION_USAGE = {
    "total_input_tokens": 12,
    "total_output_tokens": 2,
    "total_thought_tokens": 58,
    "total_tool_use_tokens": 0,
    "total_cached_tokens": 0,
    "total_tokens": 72,
}
_INTERACTION_HEAD = {
    "id": "v1_a",
    "object": "interaction",
    "model": "gemini-example",
    "created": "2026-05-13T20:35:38Z",
}
_INTERACTION_CALL = {"type": "function_call", "id": "c2", "name": "get_weather", "arguments": {"city": "Paris"}}
INTERACTION: dict[str, Any] = {
    **_INTERACTION_HEAD,
    "status": "requires_action",
    "steps": [
        {"type": "thought", "signature": "c2ln", "summary": [{"type": "text", "text": "I need the weather."}]},
        {"type": "model_output", "content": [{"type": "text", "text": "Let me look."}]},
        _INTERACTION_CALL,
    ],
    "usage": _INTERACTION_USAGE,
}
INTERACTIONS_EVENTS: list[Event] = [
    {"event_type": "interaction.created", "interaction": {**_INTERACTION_HEAD, "status": "in_progress"}},
    {"event_type": "interaction.status_update", "interaction_id": "v1_a", "status": "in_progress"},
    {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
    {
        "event_type": "step.delta",
        "index": 0,
        "delta": {"type": "thought_summary", "content": {"type": "text", "text": "I need the weather."}},
    },
    {"event_type": "step.delta", "index": 0, "delta": {"type": "thought_signature", "signature": "c2ln"}},
    {"event_type": "step.stop", "index": 0},
    {"event_type": "step.start", "index": 1, "step": {"type": "model_output"}},
    {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "Let me "}},
    {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "look."}},
    {"event_type": "step.stop", "index": 1},
    {"event_type": "step.start", "index": 2, "step": {**_INTERACTION_CALL, "arguments": {}}},
    {"event_type": "step.delta", "index": 2, "delta": {"type": "arguments_delta", "arguments": '{"city": '}},
    {"event_type": "step.delta", "index": 2, "delta": {"type": "arguments_delta", "arguments": '"Paris"}'}},
    {"event_type": "step.stop", "index": 2},
    {
        "event_type": "interaction.completed",
        "interaction": {**_INTERACTION_HEAD, "status": "requires_action", "usage": _INTERACTION_USAGE},
    },
]

OLLAMA = "https://provider.example/api/chat"
OLLAMA_REQUEST: dict[str, Any] = {
    "model": "llama-example",
    "messages": [{"role": "user", "content": "Weather in Paris?"}],
    "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": WEATHER}}],
}
_STAMP = {"model": "llama-example", "created_at": "2026-11-21T00:00:00Z"}
_CALL = {"id": "call_1", "function": {"name": "get_weather", "arguments": {"city": "Paris"}}}
_COUNTS = {"prompt_eval_count": 20, "eval_count": 9}
OLLAMA_LINES: list[Event] = [
    {**_STAMP, "message": {"role": "assistant", "content": "", "thinking": "I need the weather."}, "done": False},
    {**_STAMP, "message": {"role": "assistant", "content": "Let me look."}, "done": False},
    {**_STAMP, "message": {"role": "assistant", "content": "", "tool_calls": [_CALL]}, "done": False},
    {**_STAMP, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", **_COUNTS},
]
OLLAMA_ERROR: dict[str, Any] = {"error": "model 'missing' not found"}

COHERE = "https://provider.example/v2/chat"
COHERE_REQUEST: dict[str, Any] = {
    "model": "command-example",
    "messages": [{"role": "user", "content": "Weather in Paris?"}],
}
_COHERE_CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": ""}}
_COHERE_TOKENS = {"tokens": {"input_tokens": 20, "output_tokens": 9}}
COHERE_EVENTS: list[Event] = [
    {"type": "message-start", "id": "c1", "delta": {"message": {"role": "assistant", "content": []}}},
    {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Let me look."}}}},
    {"type": "content-end", "index": 0},
    {"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": _COHERE_CALL}}},
    {
        "type": "tool-call-delta",
        "index": 0,
        "delta": {"message": {"tool_calls": {"function": {"arguments": '{"city": "Paris"}'}}}},
    },
    {"type": "tool-call-end", "index": 0},
    {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": _COHERE_TOKENS}},
]
COHERE_ERROR: dict[str, Any] = {"id": "c1", "message": "model 'missing' not found"}

COMPLETIONS = "https://provider.example/v1/completions"
COMPLETIONS_REQUEST: dict[str, Any] = {"model": "gpt-example", "prompt": "Rain in", "logprobs": 2}
COMPLETION: dict[str, Any] = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 1750000000,
    "model": "gpt-example",
    "choices": [
        {
            "index": 0,
            "text": " Paris.",
            "finish_reason": "stop",
            "logprobs": {"tokens": [" Paris."], "token_logprobs": [-0.1]},
        }
    ],
    "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4},
}


def copied(value: Any) -> Any:
    """Return a deep copy that a mutant may spoil."""
    return json.loads(json.dumps(value))


def sse(events: list[Event], *, named: bool = True, done: bool = False) -> str:
    """Frame events, each under its type's name, with a [DONE] on demand."""
    blocks = [
        (f"event: {event['type']}\n" if named and "type" in event else "") + f"data: {json.dumps(event)}\n\n"
        for event in events
    ]
    return "".join(blocks) + ("data: [DONE]\n\n" if done else "")


def framed(events: list[Event]) -> bytes:
    """Return events as binary frames: an object of one member each, the event's type, `!type` an exception's; an empty one has none."""
    body = b""
    for event in events:
        ((kind, payload),) = event.items() if event else [("", {})]
        message = "exception" if kind.startswith("!") else "event"
        headers = {
            f":{message}-type": kind.removeprefix("!"),
            ":content-type": "application/json",
            ":message-type": message,
        }
        body += frame(headers, json.dumps(payload).encode())
    return body


def lines(values: list[Event]) -> str:
    """Frame values as newline-delimited JSON."""
    return "".join(json.dumps(value) + "\n" for value in values)


def case(
    url: str, request: dict[str, Any], answer: object, *, status: int = 200, content_type: str | None = None
) -> Case:
    """Return the case of one POST: an object is answered as JSON, a string as it is."""
    events = isinstance(answer, str) and answer.startswith(("data:", "event:"))
    usual = FRAMES_TYPE if isinstance(answer, bytes) else "text/event-stream" if events else "application/json"
    label = content_type or usual
    headers = fold_headers([("Content-Type", label)])
    sent = Request("POST", url, {}, as_body(request))
    return Case(Exchange("x", sent, Response(status, headers, as_body(answer), "clean")))


def judged(url: str, request: dict[str, Any], answer: object, **options: Any) -> Judgement:
    """Judge one POST by every rule over an exchange."""
    return judge(case(url, request, answer, **options))


def broken(judgement: Judgement) -> set[str]:
    """Return the rules with a finding above a note."""
    return {finding.rule for finding in judgement.findings if finding.severity != "note"}
