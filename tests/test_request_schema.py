"""The one request schema: rules, the emulator and the drawn probes read it, and nobody holds a table of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import conformance
from conformance.emulator.checks import refusal_of
from conformance.rules.views.invalid_requests import fault_of
from conformance.rules.views.unusual_requests import oddity_of_body
from conformance.schemas import load_schema
from conformance.schemas.request_schema import request_problems, takes
from conformance.wire.exchange import Request

HELLO = [{"role": "user", "content": "Say hello."}]
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def body_with(**members: Any) -> dict[str, Any]:
    return {"model": "m", "messages": HELLO, **members}


def fault(body: dict[str, Any], url: str = "https://x.example/v1/chat/completions") -> str | None:
    import json  # noqa: PLC0415 - one line

    return fault_of(Request("POST", url, {}, json.dumps(body).encode()), "openai-chat")


@pytest.mark.parametrize(
    "members",
    [
        {"temperature": 9},
        {"n": 0},
        {"n": 1.5},
        {"stop": 7},
        {"stream": "yes"},
        {"tools": {}},
        {"messages": []},
        {"messages": ["hello"]},
        {"messages": [{"content": "x"}]},
        {"tools": [{"type": "function", "function": {}}]},
        {"response_format": {"type": "json_schema"}},
    ],
)
def test_a_departure_is_a_fault_an_oddity_and_a_refusal_alike(members: dict[str, Any]) -> None:
    body = body_with(**members)
    problems = list(request_problems("openai-chat", body))
    assert problems
    assert not problems[0].lenient
    assert fault(body) is not None
    assert oddity_of_body(body, "openai-chat") is not None
    assert refusal_of(problems[0]).param == problems[0].param


@pytest.mark.parametrize(
    "members",
    [{"max_tokens": 0}, {"max_tokens": -1}, {"n": 129}, {"seed": 2**63}, {"response_format": {"type": "regex"}}],
)
def test_a_departure_that_some_hosts_document_is_no_fault(members: dict[str, Any]) -> None:
    body = body_with(**members)
    assert [problem.lenient for problem in request_problems("openai-chat", body)] == [True]
    assert fault(body) is None
    assert oddity_of_body(body, "openai-chat") is not None


@pytest.mark.parametrize(
    ("members", "keyword", "param"),
    [
        ({"stream_options": {"include_usage": True}}, "x-needs", "stream_options"),
        ({"top_logprobs": 2}, "x-needs", "top_logprobs"),
        ({"tool_choice": "auto"}, "x-needs", "tool_choice"),
        (
            {"messages": [{"role": "tool", "tool_call_id": "c1", "content": "x"}]},
            "x-answers",
            "messages[0].tool_call_id",
        ),
        ({"messages": [{"role": "user", "content": None}]}, "x-text", "messages[0].content"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "thing"}}}]},
            "x-json-schema",
            "tools[0].function.parameters",
        ),
        (
            {
                "tools": [{"type": "function", "function": {"name": "f"}}],
                "tool_choice": {"type": "function", "function": {"name": "g"}},
            },
            "x-names",
            "tool_choice",
        ),
    ],
)
def test_members_that_depend_on_others_are_stated_as_data(members: dict[str, Any], keyword: str, param: str) -> None:
    found = [(problem.keyword, problem.param) for problem in request_problems("openai-chat", body_with(**members))]
    assert found == [(keyword, param)]
    assert fault(body_with(**members)) is None


@pytest.mark.parametrize(
    "members",
    [
        {"temperature": None, "stop": None, "tools": None, "n": None},
        {"stop": []},
        {"n": 1.0},
        {
            "messages": [
                *HELLO,
                {"role": "assistant", "tool_calls": [CALL]},
                {"role": "tool", "tool_call_id": "c1", "content": "x"},
            ]
        },
        {"messages": [{"role": "assistant", "content": None}, *HELLO]},
        {"a_hosts_own": 3},
    ],
)
def test_a_documented_request_has_no_problem(members: dict[str, Any]) -> None:
    assert list(request_problems("openai-chat", body_with(**members))) == []


def test_a_model_may_be_named_by_the_path() -> None:
    azure = "https://x.example/openai/deployments/d/chat/completions"
    assert fault({"messages": HELLO}, azure) is None
    assert fault({"messages": HELLO}) == "no model"


def test_a_parameter_is_taken_by_its_own_part_of_the_schema() -> None:
    assert takes("openai-chat", "temperature", 2)
    assert not takes("openai-chat", "temperature", 3)
    assert takes("openai-chat", "a_hosts_own", object())


def test_no_python_module_holds_a_range_of_a_parameter() -> None:
    ranges = re.compile(r'"(?:temperature|top_p|top_logprobs|presence_penalty)": \(')
    package = Path(conformance.__file__).parent
    assert [str(path) for path in package.rglob("*.py") if ranges.search(path.read_text("utf-8"))] == []


def test_every_lenient_keyword_is_one_of_its_subschema() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for keyword in node.get("x-lenient", ()):
                assert keyword.partition("/")[0] in node, node
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(load_schema("openai-chat/request"))
