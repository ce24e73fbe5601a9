"""Variants of each form, written by hand: other versions of a recorder, other orders of members, other ways to redact and to code."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any, Final

import brotli
import yaml
from form_samples import ANSWER, ASKED, URL

ASKED_TEXT: Final = json.dumps(ASKED)
ANSWER_TEXT: Final = json.dumps(ANSWER)
COMPRESSED: Final = gzip.compress(ANSWER_TEXT.encode(), mtime=0)
BROTLI: Final = brotli.compress(ANSWER_TEXT.encode())
JSON: Final = "application/json"
EVENTS: Final = "".join(
    f"data: {json.dumps({**ANSWER, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"
    for choice in (
        {"index": 0, "delta": {"role": "assistant", "content": "Loire"}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    )
)


def _json(value: Any, indent: int | None = 2) -> bytes:
    return json.dumps(value, indent=indent).encode()


def _yaml(value: Any, **options: Any) -> bytes:
    return yaml.safe_dump(value, **{"sort_keys": False, **options}).encode()


def _vcrpy(answered: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = {"body": ASKED_TEXT, "headers": {"Content-Type": [JSON]}, "method": "POST", "uri": URL}
    return {"interactions": [{"request": {**asked, **more}, "response": answered}], "version": 1}


def _go_vcr(asked: dict[str, Any], answered: dict[str, Any], version: int = 2) -> dict[str, Any]:
    request = {"headers": {"Content-Type": [JSON]}, "url": URL, "method": "POST", "body": ASKED_TEXT, **asked}
    response = {"body": ANSWER_TEXT, "headers": {"Content-Type": [JSON]}, "status": "200 OK", "code": 200, **answered}
    return {"version": version, "interactions": [{"id": 0, "request": request, "response": response}]}


def _nock(**more: Any) -> bytes:
    entry = {
        "scope": "https://api.example.com", "method": "post", "path": "/v1/chat/completions", "body": ASKED_TEXT, "status": 200,
        "response": ANSWER, "rawHeaders": ["content-type", JSON], "reqheaders": {"content-type": JSON}, "responseIsBinary": False,
    }  # fmt: skip
    return _json([{**entry, **more}])


def _langchain(asked: dict[str, Any], answered: dict[str, Any]) -> bytes:
    request = {"body": ASKED_TEXT, "headers": {"x": ["**REDACTED**"]}, "method": "POST", "uri": URL, **asked}
    response = {"body": {"string": ANSWER_TEXT}, "headers": {}, "status": {"code": 200, "message": "OK"}, **answered}
    return gzip.compress(_yaml({"requests": [request], "responses": [response]}))


def _har(text: str, **content: Any) -> dict[str, Any]:
    label = [{"name": "content-type", "value": JSON}]
    asked = {
        "bodySize": 5,
        "cookies": [],
        "headers": label,
        "method": "POST",
        "postData": {"text": ASKED_TEXT},
        "url": URL,
    }
    answered = {
        "content": {"mimeType": JSON, "size": len(text), "text": text, **content},
        "headers": label,
        "status": 200,
    }
    entry = {
        "_id": "8ae2",
        "_order": 0,
        "cache": {},
        "request": asked,
        "response": answered,
        "startedDateTime": "2026-06-01T00:00:00Z",
    }
    return {
        "log": {
            "_recordingName": "a/b",
            "creator": {"name": "Polly.JS"},
            "entries": [entry],
            "pages": [],
            "version": "1.2",
        }
    }


def _azure(**more: Any) -> bytes:
    entry = {
        "RequestUri": URL, "RequestMethod": "POST", "RequestHeaders": {"Content-Type": JSON}, "RequestBody": ASKED, "StatusCode": 200,
        "ResponseHeaders": {"Content-Type": JSON}, "ResponseBody": ANSWER,
    }  # fmt: skip
    return _json({"Variables": {"seed": "1"}, "Entries": [{**entry, **more}]})


def _stub(answered: dict[str, Any], **asked: Any) -> dict[str, Any]:
    request = {
        "method": "POST",
        "urlPath": "/v1/chat/completions",
        "bodyPatterns": [{"equalToJson": ASKED_TEXT}],
        **asked,
    }
    return {
        "id": "7f2c",
        "name": "chat",
        "persistent": True,
        "request": request,
        "response": {"status": 200, **answered},
    }


def _http(line_end: str = "\r\n", body: str = ANSWER_TEXT) -> tuple[bytes, bytes]:
    asked = f"POST {URL} HTTP/1.1{line_end}Content-Type: {JSON}{line_end}{line_end}{ASKED_TEXT}"
    answered = f"HTTP/1.1 200 OK{line_end}Content-Type: {JSON}{line_end}{line_end}{body}"
    return asked.encode(), answered.encode()


def _httprr(asked: bytes, answered: bytes) -> bytes:
    return b"httprr trace v1\n%d %d\n%s%s" % (len(asked), len(answered), asked, answered)


_TXTAR: Final = "-- request.http --\n{}\n-- response.http --\n{}\n"


#: By file name; each holds one exchange.
def _llama_stack(**answered: Any) -> bytes:
    request = {"method": "POST", "url": URL, "headers": {}, "body": ASKED}
    return _json({"test_id": "t", "request": request, "response": {"is_streaming": False, **answered}})


def _httpmock(body: str, label: str = JSON, **more: Any) -> bytes:
    asked = {"path": "/v1/chat/completions", "method": "POST", "header": [], "query_param": [], "body": ASKED_TEXT}
    answered = {"status": 200, "header": [{"name": "content-type", "value": label}], "body": body, **more}
    return _yaml({"when": asked, "then": answered})


def _chunked_httprr(body: bytes, *headers: str) -> bytes:
    asked = f"POST {URL} HTTP/1.1\r\nContent-Type: {JSON}\r\n\r\n{ASKED_TEXT}".encode()
    answered = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {JSON}", *headers, "", ""]).encode() + body
    return b"httprr trace v1\n%d %d\n" % (len(asked), len(answered)) + asked + answered


def _chunks(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


VARIANTS: Final[dict[str, bytes]] = {
    "llama-stack-lines.json": _llama_stack(status=200, body=EVENTS.split("\n"), is_streaming=True),
    "llama-stack-stream.json": _llama_stack(
        body=[
            {"__type__": "openai.types.chat.chat_completion_chunk.ChatCompletionChunk", "__data__": json.loads(event)}
            for event in EVENTS.replace("data: ", "").strip().split("\n\n")
        ]
    ),
    "httpmock-coded.yaml": _httpmock(base64.b64encode(ANSWER_TEXT.encode()).decode(), body_encoding="base64"),
    "httpmock-stream.yaml": _httpmock(EVENTS.rstrip(), "text/event-stream"),
    "httprr-chunked.httprr": _chunked_httprr(_chunks(ANSWER_TEXT.encode(), 40), "Transfer-Encoding: chunked"),
    "httprr-chunked-and-coded.httprr": _chunked_httprr(
        _chunks(COMPRESSED, 40), "Transfer-Encoding: chunked", "Content-Encoding: gzip"
    ),
    "httprr-chunked-undone.httprr": _chunked_httprr(ANSWER_TEXT.encode(), "Transfer-Encoding: chunked"),
    "vcrpy-sorted-keys.yaml": _yaml(
        _vcrpy({"body": {"string": ANSWER_TEXT}, "headers": {}, "status": {"code": 200}}), sort_keys=True
    ),
    "vcrpy-httpx-old.yaml": _yaml(
        _vcrpy({"content": ANSWER_TEXT, "headers": {}, "http_version": "HTTP/1.1", "status_code": 200})
    ),
    "vcrpy-binary.yaml": _yaml(
        _vcrpy({"body": {"string": COMPRESSED}, "headers": {"Content-Encoding": ["gzip"]}, "status": {"code": 200}})
    ),
    "vcrpy-coded-and-label-removed.yaml": _yaml(
        _vcrpy({"body": {"string": COMPRESSED}, "headers": {}, "status": {"code": 200}})
    ),
    "vcrpy-parsed.yaml": _yaml(
        _vcrpy({"parsed_body": ANSWER, "headers": {}, "status": {"code": 200}}, parsed_body=ASKED)
    ),
    "vcrpy.json": _json(_vcrpy({"body": {"string": ANSWER_TEXT}, "headers": {}, "status": {"code": 200}}), None),
    "vcrpy-address-redacted.yaml": _yaml(
        _vcrpy({"body": {"string": ANSWER_TEXT}, "headers": {}, "status": {"code": 200}}, uri="**REDACTED**")
    ),
    "go-vcr-1-response-first.yaml": b"---\n" + _yaml(_go_vcr({"form": {}}, {"duration": ""}, version=1)),
    "go-vcr-3-whole.yaml": _yaml(
        _go_vcr(
            {
                "proto": "HTTP/1.1",
                "proto_major": 1,
                "host": "api.example.com",
                "remote_addr": "",
                "request_uri": "",
                "trailer": {},
            },
            {
                "proto": "HTTP/2.0",
                "transfer_encoding": [],
                "uncompressed": True,
                "content_length": -1,
                "duration": "1.2s",
            },
        )
    ),
    "go-vcr.json": _json(_go_vcr({}, {"status": ""})),
    "recorder-with-status-number.json": _json(_go_vcr({}, {"status": 200})),
    "langchain-placeholder.yaml.gz": _langchain({"headers": {"authorization": ["PLACEHOLDER"]}}, {}),
    "langchain-address-redacted.yaml.gz": _langchain({"uri": "**REDACTED**"}, {}),
    "langchain-coded-and-redacted.yaml.gz": _langchain(
        {"body": ASKED_TEXT.encode()},
        {"body": {"string": COMPRESSED}, "headers": {"content-encoding": ["**REDACTED**"]}},
    ),
    "langchain-brotli.yaml.gz": _langchain({}, {"body": {"string": BROTLI}, "headers": {"content-encoding": ["br"]}}),
    "nock-14.json": _nock(rawHeaders={"content-type": JSON}),
    "nock-text.json": _nock(response=ANSWER_TEXT),
    "nock-gzip.json": _nock(response=[COMPRESSED.hex()], rawHeaders=["Content-Encoding", "gzip", "Content-Type", JSON]),
    "nock-gzip-in-pieces.json": _nock(
        response=[COMPRESSED.hex()[:20], COMPRESSED.hex()[20:]], rawHeaders=["Content-Encoding", "gzip"]
    ),
    "nock-brotli.json": _nock(response=[BROTLI.hex()], rawHeaders=["Content-Encoding", "br", "Content-Type", JSON]),
    "nock-binary.json": _nock(response=ANSWER_TEXT.encode().hex(), responseIsBinary=True),
    "nock-stream.json": _nock(response=EVENTS, rawHeaders=["Content-Type", "text/event-stream"]),
    "nock-on-one-line.json": _json(json.loads(_nock()), None),
    "polly.json": _json(_har(ANSWER_TEXT)),
    "polly-pieces.json": _json(
        _har(json.dumps([base64.b64encode(ANSWER_TEXT.encode()).decode()]), encoding="base64", _isBinary=True)
    ),
    "polly-one-line.har": _json(_har(ANSWER_TEXT), None),
    "polly.har.yaml": _yaml(_har(ANSWER_TEXT)),
    "polly-sorted.yml": _yaml(_har(ANSWER_TEXT), sort_keys=True),
    "azure-text.json": _azure(RequestBody=ASKED_TEXT, ResponseBody=ANSWER_TEXT),
    "azure-lines.json": _azure(ResponseBody=[f"{line}\n" for line in json.dumps(ANSWER, indent=1).splitlines()]),
    "azure-stream.json": _azure(ResponseBody=EVENTS, ResponseHeaders={"Content-Type": "text/event-stream"}),
    "azure-stream-in-lines.json": _azure(ResponseBody=EVENTS.splitlines(keepends=True)),
    "wiremock-url-text.json": _json(_stub({"body": ANSWER_TEXT}, url="/v1/chat/completions", urlPath=None)),
    "wiremock-list.json": _json({"mappings": [_stub({"jsonBody": ANSWER})], "meta": {"total": 1}}),
    "wiremock-base64.json": _json(_stub({"base64Body": base64.b64encode(ANSWER_TEXT.encode()).decode()})),
    "wiremock-pattern.json": _json(_stub({"jsonBody": ANSWER}, urlPath=None, urlPathPattern="/v1/chat/completions")),
    "wiremock.yaml": _yaml(_stub({"jsonBody": ANSWER})),
    "wiremock-response-first.json": _json(dict(reversed(_stub({"jsonBody": ANSWER}).items()))),
    "httprr.httprr": _httprr(*_http()),
    "httprr-no-suffix": _httprr(*_http()),
    "httprr-line-ends.httprr": _httprr(*_http("\n")),
    "dd-agent-base64.json": _json(
        {
            "request": {"method": "POST", "url": URL, "headers": {}, "body": ASKED_TEXT},
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {},
                "body": f"base64:{base64.b64encode(ANSWER_TEXT.encode()).decode()}",
            },
        }
    ),
    "array-other-order.json": _json(
        [
            {
                "response": {"content": ANSWER_TEXT, "headers": {}, "status_code": 200},
                "request": {"content": ASKED_TEXT, "url": URL, "method": "POST"},
            }
        ]
    ),
    "exvcr.json": _json(
        [
            {
                "request": {
                    "body": ASKED_TEXT,
                    "headers": {"content-type": JSON},
                    "method": "post",
                    "options": [],
                    "url": URL,
                },
                "response": {
                    "binary": False,
                    "body": ANSWER_TEXT,
                    "headers": {"Content-Type": JSON},
                    "status_code": 200,
                    "type": "ok",
                },
            }
        ]
    ),
    "php-vcr.yml": _yaml(
        [
            {
                "request": {"method": "POST", "url": URL, "headers": {"Host": "api.example.com"}, "body": ASKED_TEXT},
                "response": {
                    "status": {"http_version": "1.1", "code": "200", "message": "OK"},
                    "headers": {},
                    "body": ANSWER_TEXT,
                    "curl_info": {"http_code": 200},
                },
                "index": 0,
            }
        ]
    ),
    "recordings-stream.json": _json(
        {
            "meta": {"name": "t"},
            "recordings": [
                {
                    "hash": "ab12",
                    "request": {"url": URL, "method": "POST", "body": ASKED, "timestamp": 1780000000000},
                    "response": {
                        "status": 200,
                        "statusText": "OK",
                        "headers": {},
                        "chunks": EVENTS.splitlines(keepends=True),
                        "isStreaming": True,
                    },
                }
            ],
        }
    ),
    "claude-trace-one.jsonl": _json(
        {
            "request": {"timestamp": 1.5, "method": "POST", "url": URL, "headers": {}, "body": ASKED},
            "response": {"timestamp": 1.6, "status_code": 200, "headers": {}, "body": ANSWER},
            "logged_at": "2026-06-01T00:00:00Z",
        },
        None,
    ),
    "events-named.sse": f"event: message\n{EVENTS}".encode(),
    "events-after-comments.txt": f": OPENROUTER PROCESSING\n\n{EVENTS}".encode(),
    "events-without-space.sse": EVENTS.replace("data: ", "data:").encode(),
    "events-with-mark.sse": b"\xef\xbb\xbf" + EVENTS.encode(),
    "events-crlf.sse": EVENTS.replace("\n", "\r\n").encode(),
    "chunks.json": _json([json.loads(line[6:]) for line in EVENTS.splitlines() if line]),
    "body-one-line.json": _json(ANSWER, None),
    "body-other-order.json": _json(dict(reversed(ANSWER.items()))),
    "http-message.txt": _http()[1],
    "http-both.http": b"\n\n".join(_http()),
    "two-messages.txtar": _TXTAR.format(*(part.decode() for part in _http())).encode(),
    "two-bodies.txtar": f"A conversation.\n\n-- request.json --\n{ASKED_TEXT}\n-- response.json --\n{ANSWER_TEXT}\n".encode(),
    "batch-indented.json": _json(
        {"custom_id": "r1", "error": None, "response": {"request_id": "q", "status_code": 200, "body": ANSWER}}
    ),
    "log-texts.jsonl": _json(
        {"created_at": "2026-06-01T00:00:00Z", "request_body": ASKED_TEXT, "response_body": ANSWER_TEXT}, None
    ),
    "log-input-output.jsonl": _json({"id": "t1", "input": ASKED, "output": ANSWER, "type": "GENERATION"}, None),
    "log-request-id.jsonl": _json(
        {"request": {**ASKED, "id": "q"}, "response": {"body": ANSWER, "status": 200}, "requestId": "x"}, None
    ),
}
