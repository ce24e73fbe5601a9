"""One small recording of each form that is read, written by hand: the same exchange in every recorder's spelling."""

from __future__ import annotations

import binascii
import gzip
import json
from typing import Any, Final

import yaml

URL: Final = "https://api.example.com/v1/chat/completions"
ASKED: Final[dict[str, Any]] = {"model": "aurora-2", "messages": [{"role": "user", "content": "A river?"}]}
ANSWER: Final[dict[str, Any]] = {
    "id": "chatcmpl-r7Qx",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "aurora-2",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Loire"}, "logprobs": None, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
}
JSON_LABEL: Final = {"Content-Type": "application/json"}
_ASKED_TEXT: Final = json.dumps(ASKED)
_ANSWER_TEXT: Final = json.dumps(ANSWER)
_REQUEST: Final = {"method": "POST", "url": URL, "headers": JSON_LABEL, "body": _ASKED_TEXT}
_RESPONSE: Final = {"status": 200, "headers": JSON_LABEL, "body": _ANSWER_TEXT}
_LISTED: Final = {"Content-Type": ["application/json"]}


def _yaml(document: Any) -> bytes:
    return yaml.safe_dump(document, sort_keys=False).encode()


def _json(document: Any, indent: int | None = 2) -> bytes:
    return json.dumps(document, indent=indent).encode()


def _har() -> dict[str, Any]:
    label = [{"name": "content-type", "value": "application/json"}]
    asked = {
        "method": "POST",
        "url": URL,
        "headers": label,
        "postData": {"mimeType": "application/json", "text": _ASKED_TEXT},
    }
    answered = {"status": 200, "headers": label, "content": {"mimeType": "application/json", "text": _ANSWER_TEXT}}
    return {"log": {"version": "1.2", "entries": [{"request": asked, "response": answered}]}}


def _go_vcr(version: int) -> bytes:
    more = {} if version == 1 else {"proto": "HTTP/1.1", "content_length": len(_ASKED_TEXT)}
    asked = {**more, "body": _ASKED_TEXT, "form": {}, "headers": _LISTED, "url": URL, "method": "POST"}
    answered = {"body": _ANSWER_TEXT, "headers": _LISTED, "status": "200 OK", "code": 200}
    return _yaml({"version": version, "interactions": [{"request": asked, "response": answered}]})


def _httprr() -> bytes:
    asked = f"POST {URL} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{_ASKED_TEXT}".encode()
    answered = f"HTTP/2.0 200 OK\r\nContent-Type: application/json\r\n\r\n{_ANSWER_TEXT}".encode()
    return b"httprr trace v1\n%d %d\n" % (len(asked), len(answered)) + asked + answered


def _nock(response: Any, headers: list[str]) -> bytes:
    entry = {"scope": "https://api.example.com:443", "method": "POST", "path": "/v1/chat/completions", "body": ASKED}
    return _json([{**entry, "status": 200, "response": response, "rawHeaders": headers}])


def _langchain() -> bytes:
    asked = {"method": "POST", "uri": URL, "headers": {"content-type": ["**REDACTED**"]}, "body": _ASKED_TEXT.encode()}
    answered = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": _ANSWER_TEXT.encode()}}
    return gzip.compress(_yaml({"requests": [asked], "responses": [answered]}))


_EVENTS: Final = (
    {
        **ANSWER,
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Loire"}}],
    },
    {**ANSWER, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
)
_SSE: Final = b"".join(b"data: " + _json(event, None) + b"\n\n" for event in _EVENTS) + b"data: [DONE]\n\n"
_CODED: Final = [binascii.hexlify(gzip.compress(_ANSWER_TEXT.encode(), mtime=0)).decode()]

#: By file name; each holds one exchange.
SAMPLES: Final[dict[str, bytes]] = {
    "vcrpy.yaml": _yaml(
        {
            "version": 1,
            "interactions": [
                {
                    "request": {"method": "POST", "uri": URL, "headers": _LISTED, "body": _ASKED_TEXT},
                    "response": {"status": {"code": 200}, "headers": _LISTED, "body": {"string": _ANSWER_TEXT}},
                }
            ],
        }
    ),
    "ruby-vcr.yml": _yaml(
        {
            "http_interactions": [
                {
                    "request": {"method": "post", "uri": URL, "headers": _LISTED, "body": {"string": _ASKED_TEXT}},
                    "response": {"status": {"code": 200}, "headers": _LISTED, "body": {"string": _ANSWER_TEXT}},
                }
            ]
        }
    ),
    "har.json": _json(_har()),
    "har-on-one-line.json": _json(_har(), None),
    "polly.har.yaml": _yaml(_har()),
    "go-vcr-2.yaml": _go_vcr(1),
    "go-vcr-3.yaml": _go_vcr(2),
    "http-recorder.json": _json({"version": 1, "interactions": [{"request": _REQUEST, "response": _RESPONSE}]}),
    "one-exchange.json": _json(
        {"request": _REQUEST, "response": {**_RESPONSE, "status": {"code": 200, "message": "OK"}}}
    ),
    "one-line.json": _json({"request": _REQUEST, "response": {**_RESPONSE, "status": {"code": 200}}}, None),
    "array.json": _json([{"request": _REQUEST, "response": {"status_code": 200, "content": _ANSWER_TEXT}}]),
    "recordings.json": _json(
        {"meta": {}, "recordings": [{"request": {**_REQUEST, "body": ASKED}, "response": _RESPONSE}]}
    ),
    "php-vcr.yml": _yaml(
        [{"request": _REQUEST, "response": {**_RESPONSE, "status": {"code": "200", "message": "OK"}}}]
    ),
    "langchain.yaml.gz": _langchain(),
    "azure-test-proxy.json": _json(
        {
            "Entries": [
                {
                    "RequestUri": URL,
                    "RequestMethod": "POST",
                    "RequestHeaders": JSON_LABEL,
                    "RequestBody": ASKED,
                    "StatusCode": 200,
                    "ResponseHeaders": JSON_LABEL,
                    "ResponseBody": ANSWER,
                }
            ]
        }
    ),
    "nock.json": _nock(ANSWER, ["Content-Type", "application/json"]),
    "nock-coded.json": _nock(_CODED, ["Content-Type", "application/json", "Content-Encoding", "gzip"]),
    "wiremock.json": _json(
        {
            "request": {
                "url": "/v1/chat/completions",
                "method": "POST",
                "bodyPatterns": [{"equalToJson": _ASKED_TEXT}],
            },
            "response": {"status": 200, "headers": JSON_LABEL, "jsonBody": ANSWER},
        }
    ),
    "httprr.httprr": _httprr(),
    "httpmock.yaml": _yaml(
        {
            "when": {
                "path": "/v1/chat/completions",
                "method": "POST",
                "query_param": [],
                "header": [{"name": "content-type", "value": "application/json"}],
                "body": _ASKED_TEXT,
            },
            "then": {
                "status": 200,
                "header": [{"name": "content-type", "value": "application/json"}],
                "body": _ANSWER_TEXT,
            },
        }
    ),
    "llama-stack.json": _json(
        {
            "test_id": "tests/test_chat.py::test_answer",
            "request": {
                "method": "POST",
                "url": URL,
                "headers": {},
                "body": ASKED,
                "endpoint": "/v1/chat/completions",
                "model": "m",
            },
            "response": {
                "body": {"__type__": "openai.types.chat.chat_completion.ChatCompletion", "__data__": ANSWER},
                "is_streaming": False,
            },
            "id_normalization_mapping": {},
        }
    ),
    "stream.sse": _SSE,
    "body.json": _json(ANSWER),
    "exchanges.jsonl": _json({"request": _REQUEST, "response": _RESPONSE}, None),
    "trace.jsonl": _json({"request": _REQUEST, "response": {"status_code": 200, "body_raw": _ANSWER_TEXT}}, None),
    "batch.jsonl": _json({"custom_id": "r1", "response": {"status_code": 200, "body": ANSWER}, "error": None}, None),
    "logging.jsonl": _json({"call_type": "acompletion", "status": "success", **ASKED, "response": ANSWER}, None),
    "bodies.jsonl": _json({"timestamp": 1.5, "request": ASKED, "response": ANSWER}, None),
}
