"""One model's call as spans and log records tell it, in every convention's spelling, written by hand."""

from __future__ import annotations

import json
from typing import Any, Final

from form_samples import ANSWER, ASKED

_TRACE: Final = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"}
_COMMON: Final = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "aurora",
    "gen_ai.request.model": "aurora-2",
    "gen_ai.response.model": "aurora-2",
    "gen_ai.response.id": "chatcmpl-r7Qx",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 5,
    "gen_ai.usage.output_tokens": 2,
}
_MESSAGES: Final = {
    "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "A river?"}]}],
    "gen_ai.output.messages": [
        {"role": "assistant", "parts": [{"type": "text", "content": "Loire"}], "finish_reason": "stop"}
    ],
}
_OLDER: Final = {"gen_ai.system": "aurora", "gen_ai.request.model": "aurora-2"}


def value(plain: Any) -> dict[str, Any]:
    """Return an `AnyValue`."""
    if isinstance(plain, bool):
        return {"boolValue": plain}
    if isinstance(plain, int):
        return {"intValue": str(plain)}
    if isinstance(plain, float):
        return {"doubleValue": plain}
    if isinstance(plain, list):
        return {"arrayValue": {"values": [value(item) for item in plain]}}
    if isinstance(plain, dict):
        return {"kvlistValue": {"values": pairs(plain)}}
    return {"stringValue": plain}


def pairs(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return attributes as OTLP has them."""
    return [{"key": name, "value": value(item)} for name, item in table.items()]


def span(
    attributes: dict[str, Any], events: tuple[tuple[str, dict[str, Any]], ...] = (), **more: Any
) -> dict[str, Any]:
    """Return a span."""
    return {
        **_TRACE,
        "name": "chat aurora-2",
        "kind": 3,
        "startTimeUnixNano": "1790000000000000000",
        "endTimeUnixNano": "1790000001500000000",
        "attributes": pairs(attributes),
        "events": [{"name": name, "attributes": pairs(told)} for name, told in events],
        **more,
    }


def traces(*spans: dict[str, Any]) -> dict[str, Any]:
    """Return an export of spans."""
    resource = {"attributes": pairs({"service.name": "shop"})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "gen"}, "spans": list(spans)}]}]}


def logs(*records: dict[str, Any]) -> dict[str, Any]:
    """Return an export of log records."""
    return {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {}, "logRecords": list(records)}]}]}


def record(name: str, attributes: dict[str, Any], body: Any = None) -> dict[str, Any]:
    """Return a log record."""
    told = {} if body is None else {"body": value(body)}
    return {**_TRACE, "timeUnixNano": "1790000000000000000", "eventName": name, "attributes": pairs(attributes), **told}


def text(document: Any, indent: int | None = 2) -> bytes:
    """Return a document as a file's bytes."""
    return json.dumps(document, indent=indent).encode()


_SERVER: Final = span({"http.request.method": "POST", "url.path": "/shop"})
_AS_TEXT: Final = {name: json.dumps(told) for name, told in _MESSAGES.items()}
_BY_EVENTS: Final = (
    ("gen_ai.user.message", {"gen_ai.system": "aurora", "content": "A river?"}),
    ("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": json.dumps({"content": "Loire"})}),
)
_OPENLLMETRY: Final = {
    **_OLDER,
    "llm.request.type": "chat",
    "gen_ai.prompt.0.role": "user",
    "gen_ai.prompt.0.content": "A river?",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": "Loire",
    "gen_ai.completion.0.finish_reason": "stop",
    "gen_ai.usage.prompt_tokens": 5,
    "gen_ai.usage.completion_tokens": 2,
    "llm.usage.total_tokens": 7,
}
_OPENINFERENCE: Final = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "aurora-2",
    "llm.invocation_parameters": json.dumps({"temperature": 0.5}),
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.content": "A river?",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.contents.0.message_content.type": "text",
    "llm.output_messages.0.message.contents.0.message_content.text": "Loire",
    "llm.token_count.prompt": 5,
    "llm.token_count.completion": 2,
}
_AI_SDK: Final = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.prompt.messages": json.dumps([{"role": "user", "content": [{"type": "text", "text": "A river?"}]}]),
    "ai.response.text": "Loire",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 5,
    "gen_ai.usage.output_tokens": 2,
}

#: By file name; each holds one exchange.
SPANS: Final[dict[str, bytes]] = {
    "otlp.json": text(traces(_SERVER, span(_COMMON | _MESSAGES))),
    "otlp-on-one-line.json": text(traces(span(_COMMON | _AS_TEXT)), None),
    "otlp-collector.jsonl": b"\n".join(
        (text(traces(_SERVER), None), text(traces(span(_COMMON | _AS_TEXT)), None), b"")
    ),
    "otlp-events.json": text(traces(span(_OLDER, _BY_EVENTS))),
    "otlp-prompt-events.json": text(
        traces(
            span(
                _COMMON,
                (
                    ("gen_ai.content.prompt", {"gen_ai.prompt": json.dumps(ASKED["messages"])}),
                    ("gen_ai.content.completion", {"gen_ai.completion": json.dumps([ANSWER["choices"][0]["message"]])}),
                ),
            )
        )
    ),
    "otlp-details.jsonl": text(logs(record("gen_ai.client.inference.operation.details", _COMMON | _MESSAGES)), None),
    "otlp-spans-and-logs.json": text(
        traces(span(_COMMON))
        | logs(
            record("gen_ai.user.message", {}, {"content": "A river?"}),
            record("gen_ai.choice", {}, {"index": 0, "finish_reason": "stop", "message": {"content": "Loire"}}),
        )
    ),
    "otlp-openllmetry.json": text(traces(span(_OPENLLMETRY))),
    "otlp-openinference.json": text(traces(span(_OPENINFERENCE))),
    "otlp-ai-sdk.json": text(
        traces(
            span(
                {"ai.operationId": "ai.generateText", "ai.response.text": "Loire", "gen_ai.request.model": "aurora-2"}
            ),
            span(_OLDER | _AI_SDK),
        )
    ),
    "spans-of-an-sdk.json": text(
        [{"name": "chat aurora-2", "context": {"trace_id": "0x1", "span_id": "0x2"}, "attributes": _COMMON | _AS_TEXT}]
    ),
}
