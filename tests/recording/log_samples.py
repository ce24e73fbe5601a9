"""One exchange as the exports of observability tools and gateways hold it, and as recorders keep bodies apart, written by hand."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import yaml
from form_samples import ANSWER, ASKED, JSON_LABEL, URL

_USER: Final = ASKED["messages"][0]
_SAID: Final = ANSWER["choices"][0]["message"]
EVENTS: Final = "".join(
    f"data: {json.dumps({**ANSWER, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"
    for choice in (
        {"index": 0, "delta": {"role": "assistant", "content": "Loire"}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    )
)
_FOLDED: Final = {
    "id": "chatcmpl-r7Qx", "object": "chat.completion.chunk", "created": 1790000000, "model": "aurora-2",
    "choices": [{"index": 0, "finish_reason": {"index": 0, "delta": {}, "finish_reason": "stop"}, "message": _SAID}],
    "usage_metadata": {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7},
}  # fmt: skip


def _json(value: Any, indent: int | None = 2) -> bytes:
    return json.dumps(value, indent=indent).encode()


def _kinds(asked: dict[str, Any], answered: dict[str, Any]) -> bytes:
    request = {"url": URL, "method": "POST", "headers": JSON_LABEL, "body": asked}
    response = {"status": 200, "statusText": "OK", "headers": JSON_LABEL, "body": answered}
    entry = {"callIndex": 0, "id": "a1", "recordedAt": "2026-06-01T00:00:00Z", "request": request, "response": response}
    return _json({"meta": {"tool": "r"}, "entries": [entry]})


def _stub(number: int) -> dict[str, Any]:
    request = {
        "method": "POST",
        "urlPath": "/v1/chat/completions",
        "bodyPatterns": [{"equalToJson": json.dumps(ASKED)}],
    }
    return {"id": f"s{number}", "request": request, "response": {"status": 200, "jsonBody": ANSWER}}


def observation(**more: Any) -> dict[str, Any]:
    """Return an observation of Langfuse."""
    return {
        "id": "o1", "traceId": "t1", "type": "GENERATION", "startTime": "2026-06-01T00:00:00Z", "endTime": "2026-06-01T00:00:01Z",
        "model": "aurora-2", "modelParameters": {"temperature": 0.5}, "input": [_USER], "output": _SAID, "level": "DEFAULT",
        "usageDetails": {"input": 5, "output": 2, "total": 7}, **more,
    }  # fmt: skip


def run(**more: Any) -> dict[str, Any]:
    """Return a run of LangSmith."""
    asked = {"lc": 1, "type": "constructor", "id": ["langchain", "HumanMessage"], "kwargs": {"content": "A river?"}}
    kept = {
        "content": "Loire",
        "type": "ai",
        "response_metadata": {"finish_reason": "stop"},
        "usage_metadata": {"input_tokens": 5, "output_tokens": 2},
    }
    answered = {"lc": 1, "type": "constructor", "id": ["langchain", "AIMessage"], "kwargs": kept}
    return {
        "id": "r1", "trace_id": "t1", "run_type": "llm", "name": "Chat", "start_time": "2026-06-01T00:00:00Z",
        "extra": {"invocation_params": {"model": "aurora-2"}}, "inputs": {"messages": [[asked]]},
        "outputs": {"generations": [[{"text": "Loire", "message": answered}]]}, **more,
    }  # fmt: skip


#: By file name; each holds one exchange.
LOGS: Final[dict[str, bytes]] = {
    "kinds-json.json": _kinds({"kind": "json", "value": ASKED}, {"kind": "json", "value": ANSWER}),
    "kinds-text.json": _kinds(
        {"kind": "text", "value": json.dumps(ASKED)}, {"kind": "text", "value": json.dumps(ANSWER)}
    ),
    "kinds-base64.json": _kinds(
        {"kind": "json", "value": ASKED},
        {"kind": "base64", "value": base64.b64encode(json.dumps(ANSWER).encode()).decode()},
    ),
    "kinds-sse.json": _kinds(
        {"kind": "json", "value": {**ASKED, "stream": True}}, {"kind": "sse", "chunks": EVENTS.strip().split("\n\n")}
    ),
    "wiremock-two-documents.yaml": yaml.safe_dump_all([{"name": "other", "scenarios": []}, _stub(1)]).encode(),
    "langfuse.json": _json([observation()]),
    "langfuse-lines.jsonl": _json({**observation(), "type": "SPAN", "input": {"a": 1}}, None)
    + b"\n"
    + _json(observation(input={"messages": [_USER], "tools": []}), None),
    "langfuse-api.json": _json({"data": [observation(type="SPAN"), observation()], "meta": {"page": 1}}),
    "langfuse-texts.jsonl": _json(
        observation(input=json.dumps([_USER]), output="Loire", modelParameters='{"n": 1}'), None
    ),
    "langsmith.jsonl": _json({**run(), "run_type": "chain"}, None) + b"\n" + _json(run(), None),
    "langsmith-wrapped.json": _json(run(inputs=ASKED, outputs=ANSWER)),
    "langsmith-folded.json": _json(
        {
            "post": [{**run(inputs={**ASKED, "stream": True}, outputs=None), "start_time": 1780272000000}],
            "patch": [{"id": "r1", "trace_id": "t1", "outputs": _FOLDED, "end_time": 1780272001000}],
        }
    ),
    "langsmith-plain.json": _json([run(inputs={"messages": [_USER]}, outputs=_SAID)]),
    "helicone.jsonl": _json(
        {"request_id": "h1", "request_body": ASKED, "response_body": ANSWER, "response_status": 200}, None
    ),
    "helicone-api.json": _json({"data": [{"request_body": ASKED, "response_body": ANSWER}], "error": None}),
    "portkey.jsonl": _json(
        {
            "id": "p1",
            "created_at": "2026-06-01T00:00:00Z",
            "request": {"body": ASKED},
            "response": {"status": 200, "body": ANSWER},
        },
        None,
    ),
    "portkey-addressed.jsonl": _json(
        {
            "request": {"url": URL, "method": "POST", "headers": {}, "body": ASKED},
            "response": {"status": 200, "headers": {}, "body": ANSWER},
        },
        None,
    ),
    "openpipe.jsonl": _json({"input": ASKED, "output": ANSWER, "tags": {}}, None),
    "log-of-a-stream.jsonl": _json({"request": {**ASKED, "stream": True}, "response": EVENTS}, None),
    "batch-state.json": _json(
        {
            "version": 1,
            "stage": "done",
            "results": [{"custom_id": "r0", "response": {"status_code": 200, "body": ANSWER}}],
        }
    ),
    "lines-without-empty-ones.txt": EVENTS.replace("\n\n", "\n").encode(),
    "stream-cut-off-by-an-editor.sse": EVENTS.rstrip().encode(),
    "stream.txtar": f"-- request --\n{json.dumps({**ASKED, 'stream': True})}\n\n-- streaming --\n{EVENTS.rstrip()}\n".encode(),
}
