"""Requests that the answer engine refuses, each wrong in one way, with the word of the error case and the member at fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.emulator.mind.completion import Completion, Refusal
from conformance.emulator.respond import answer_body as answer
from conformance.providers import Model, Provider, Target

PROVIDER = Provider(
    "acme",
    Path("acme.toml"),
    dialect="openai-chat",
    capabilities=frozenset(["tools", "json_schema"]),
    models={"small": Model("small", frozenset(["tools", "json_schema"]), context=50)},
)
TARGET = Target(PROVIDER, "acme-1", "openai-chat")
HELLO = [{"role": "user", "content": "Say hello."}]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def schema(value: Any) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": value}}}


@pytest.mark.parametrize(
    ("members", "when", "param"),
    [
        ({"messages": "Say hello."}, "bad_parameter", "messages"),
        ({"messages": None}, "bad_parameter", "messages"),
        ({"messages": []}, "bad_parameter", "messages"),
        ({"messages": ["hello"]}, "bad_parameter", "messages[0]"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "bad_parameter", "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "bad_parameter", "messages[0].content"),
        (
            {"messages": [{"role": "tool", "tool_call_id": "x", "content": "y"}]},
            "invalid_request",
            "messages[0].tool_call_id",
        ),
        ({"model": "nobody"}, "unknown_model", "model"),
        ({"model": None}, "bad_parameter", "model"),
        ({"temperature": 9}, "bad_parameter", "temperature"),
        ({"temperature": "warm"}, "bad_parameter", "temperature"),
        ({"temperature": True}, "bad_parameter", "temperature"),
        ({"top_p": 2}, "bad_parameter", "top_p"),
        ({"presence_penalty": -3}, "bad_parameter", "presence_penalty"),
        ({"n": 0}, "bad_parameter", "n"),
        ({"n": 1.5}, "bad_parameter", "n"),
        ({"max_tokens": 0}, "bad_parameter", "max_tokens"),
        ({"logprobs": True, "top_logprobs": 99}, "bad_parameter", "top_logprobs"),
        ({"top_logprobs": 2}, "bad_parameter", "top_logprobs"),
        ({"stream": "yes"}, "bad_parameter", "stream"),
        ({"stream_options": {"include_usage": True}}, "bad_parameter", "stream_options"),
        ({"stop": 7}, "bad_parameter", "stop"),
        ({"tools": {}}, "bad_parameter", "tools"),
        ({"tools": [{"type": "function"}]}, "bad_parameter", "tools[0].function"),
        ({"tools": [{"type": "function", "function": {"parameters": {}}}]}, "bad_parameter", "tools[0].function.name"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "thing"}}}]},
            "bad_parameter",
            "tools[0].function.parameters",
        ),
        ({"tool_choice": "auto"}, "bad_parameter", "tool_choice"),
        ({"tools": [TOOL], "tool_choice": "sometimes"}, "bad_parameter", "tool_choice"),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}},
            "bad_parameter",
            "tool_choice",
        ),
        ({"response_format": {"type": "yaml"}}, "bad_parameter", "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "bad_parameter", "response_format.json_schema"),
        (schema({"type": "thing"}), "bad_parameter", "response_format.json_schema.schema"),
        (schema({"type": "integer", "minimum": 3, "maximum": 2}), "bad_parameter", "response_format"),
        (schema({"$ref": "https://example.org/x.json"}), "bad_parameter", "response_format"),
        ({"n": 2}, "unsupported_feature", "n"),
        ({"logprobs": True}, "unsupported_feature", "logprobs"),
        ({"response_format": {"type": "json_object"}}, "unsupported_feature", "response_format"),
        ({"tools": [TOOL], "tool_choice": "required"}, "unsupported_feature", "tool_choice"),
        ({"model": "small", "messages": [{"role": "user", "content": "word " * 60}]}, "context_too_long", "messages"),
    ],
)
def test_each_fault_has_its_word_and_its_param(members: dict[str, Any], when: str, param: str) -> None:
    found = answer({"model": "acme-1", "messages": HELLO, **members}, TARGET, seed=0)
    assert isinstance(found, Refusal)
    assert (found.when, found.param) == (when, param)
    assert found.message


@pytest.mark.parametrize(
    "members",
    [
        {"temperature": None, "stop": None, "tools": None, "tool_choice": None, "response_format": None, "n": None},
        {"temperature": 2, "top_p": 0, "frequency_penalty": -2, "stop": [], "n": 1, "seed": -4, "logprobs": False},
        {"stream": True, "stream_options": {"include_usage": True}},
        {"messages": [{"role": "developer", "content": "Be brief."}, *HELLO]},
        {"messages": [*HELLO, {"role": "assistant", "content": None, "tool_calls": []}, *HELLO]},
        {"messages": [*HELLO, {"role": "assistant", "content": "Hi", "reasoning": "hm", "refusal": None}, *HELLO]},
        {"tools": [TOOL], "tool_choice": "none"},
        {"tools": [], "tool_choice": "none"},
        {"response_format": {"type": "text"}},
        {"unknown_member": 3},
    ],
)
def test_sound_requests_are_answered(members: dict[str, Any]) -> None:
    assert isinstance(answer({"model": "acme-1", "messages": HELLO, **members}, TARGET, seed=0), Completion)
