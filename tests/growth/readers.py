"""What reads texts of others, and families of texts made to be slow for it."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Final

from conformance.emulator.mind.conversation import Conversation
from conformance.emulator.mind.json_answers import text_answer
from conformance.knowledge.grounding.calls import calls_in
from conformance.knowledge.grounding.links import links_in
from conformance.knowledge.grounding.visible import without_emphasis, without_markup, without_reasoning
from conformance.knowledge.lifecycle.scan.files import read
from conformance.knowledge.taxonomy.classifying import classify
from conformance.knowledge.taxonomy.hints import hints_of
from conformance.recording.hiding import found
from conformance.recording.redaction import redact, redact_text
from conformance.report.visible import visible
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sse import parse_event_stream

if TYPE_CHECKING:
    from collections.abc import Callable

KEY: Final = "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"
_URL: Final = "https://api.example.com/v1/chat/completions"

#: What is repeated.
FAMILIES: Final[dict[str, str]] = {
    "unclosed tags": "<a b",
    "thoughts": "<think>",
    "calls": "<tool_call>{",
    "backslashes": "\\",
    "escaped quotes": '\\"',
    "surrogates": "\ud800",
    "escapes of surrogates": "\\ud800",
    "prefixes of keys": "sk-proj-",
    "keys": "sk-proj-Qw3rTy7uIoP9aSdF5gHjK1lZxCvBnM2 ",
    "the key in pieces": "acme-7Hq2Zk9Lw4",
    "base64": "QUtJQUlPU0ZPRE5ON0",
    "nested brackets": "[",
    "nested objects": '{"a":',
    "round brackets": "f(",
    "a long line": "a",
    "words": "word ",
    "blank lines": "\n",
    "spaces": " ",
    "quotes": '"a" ',
    "apostrophes": "'",
    "fences": "```\n",
    "code": "`gpt-4` ",
    "comments": "/* ",
    "links": "[a](http://a.example/b) ",
    "addresses": "http://a.example/b?c=d&",
    "names of models": "gpt-4-0613, ",
    "settings": "model=gpt-4 ",
    "dots": "a.",
    "numbers": "0",
    "stars": "**a",
    "events": "data: {}\n",
    "commands": "say yes or ",
    "sentences": "I cannot open http://a.example/b. ",
    "percents": "%00",
    "dashes": "a-",
    "colours": "\x1b[",
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _exchange(content: str, prompt: str = "Hi") -> Exchange:
    asked = {"model": "m", "messages": [{"role": "user", "content": prompt}]}
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    answer = {"id": "c", "object": "chat.completion", "created": 1_780_000_000, "model": "m", "choices": [choice]}
    request = Request("POST", _URL, {"content-type": "application/json"}, json.dumps(asked).encode())
    return Exchange(
        "x", request, Response(200, {"content-type": "application/json"}, json.dumps(answer).encode(), "clean")
    )


def _failed(text: str) -> Exchange:
    body = json.dumps({"error": {"message": text, "code": text}}).encode()
    return Exchange("x", Request("POST", _URL), Response(400, {"content-type": "application/json"}, body, "clean"))


def _scanned(kind: str) -> Callable[[str], object]:
    return lambda text: [literal.text for literal in read(kind, text.encode("utf-8", "replace").decode())]


def _rate_limited(text: str) -> object:
    headers = {"retry-after": text, "x-ratelimit-reset": text, "anthropic-ratelimit-requests-reset": text}
    return hints_of(Response(429, headers, _bytes(text), "clean"))


#: What reads them.
READERS: Final[dict[str, Callable[[str], object]]] = {
    "judge an answer": lambda text: judge(Case(_exchange(text))),
    "judge a prompt": lambda text: judge(Case(_exchange("Yes.", text))),
    "judge a question about a page": lambda text: judge(Case(_exchange(text, "What does http://a.example/b say?"))),
    "judge an error": lambda text: judge(Case(_failed(text))),
    "classify": lambda text: classify(_failed(text)),
    "hints": _rate_limited,
    "redact an exchange": lambda text: redact(_exchange(text), [KEY]),
    "redact a text": lambda text: redact_text(text, [KEY]),
    "find secrets": lambda text: list(found(_bytes(text))),
    "event stream": lambda text: parse_event_stream(_bytes(text)),
    "links": links_in,
    "calls": calls_in,
    "visible": lambda text: without_markup(without_emphasis(without_reasoning(text))),
    "terminal": visible,
    "emulate": lambda text: text_answer(Conversation(text), Random(1)),  # noqa: S311 - no secret
    **{f"scan {kind}": _scanned(kind) for kind in (".py", ".js", ".rb", ".md", ".yaml", ".json", ".toml", ".env")},
}
