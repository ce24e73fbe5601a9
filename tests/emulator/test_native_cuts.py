"""Streams of Ollama and Cohere that break off anywhere are never clean, and bytes that are changed anywhere never raise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from conformance.emulator.response import Answered

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Look up the weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TARGETS = {
    "ollama": (parse_target("ollama/gpt-oss:20b@ollama", PROVIDERS), "api/chat"),
    "cohere": (parse_target("cohere/command-a-03-2025", PROVIDERS), "v2/chat"),
}


def streamed(name: str, question: str) -> tuple[Request, Answered]:
    target, path = TARGETS[name]
    body: dict[str, Any] = {"model": target.model, "stream": True, "tools": [TOOL]}
    body["messages"] = [{"role": "user", "content": question}]
    headers = {"authorization": "Bearer any"}
    request = Request("POST", f"{target.base_url}/{path}", headers, json.dumps(body).encode())
    return request, Emulator(target, clock=lambda: NOW).answer(request)


def broken(request: Request, answered: Answered, body: bytes) -> set[str]:
    response = Response(answered.status, dict(answered.headers), body, "clean")
    return {finding.rule for finding in judge(Case(Exchange("x", request, response))).findings}


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("question", ["Say hello.", "What is the weather in Oslo?"])
def test_a_stream_that_breaks_off_is_never_clean(name: str, question: str) -> None:
    request, answered = streamed(name, question)
    pieces = [piece for _, piece in answered.pieces if piece != b"data: [DONE]\n\n"]
    assert broken(request, answered, b"".join(pieces)) == set()
    for kept in range(1, len(pieces), 2):
        assert broken(request, answered, b"".join(pieces[:kept])), f"clean after {kept} of {len(pieces)} pieces"


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=30)
@given(data=st.data())
def test_changed_bytes_are_judged_and_never_raise(name: str, data: st.DataObject) -> None:
    request, answered = streamed(name, "What is the weather in Oslo?")
    body = bytearray(answered.body)
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), max_size=4)):
        body[at] = byte
    broken(request, answered, bytes(body))
