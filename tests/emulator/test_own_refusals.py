"""A provider's own refusals: what its TOML states is refused in its own form, and nothing beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.emulator.app import Emulator
from conformance.providers import Target, load_providers
from conformance.providers.keys import auth_headers
from conformance.wire.exchange import Request

_TURNS = [{"role": "user", "content": "Say hello."}]
_OPEN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
_OPTIONAL = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
_CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
}


def asked(name: str, model: str = "", **members: Any) -> tuple[int, dict[str, Any]]:
    """Return status and body of what an emulated provider answers to a chat request."""
    provider = load_providers()[name]
    target = Target(provider, model or provider.default_models[0], provider.dialect)
    body = {"model": target.model, "messages": _TURNS, **members}
    headers = {"content-type": "application/json", **auth_headers(target, "sk-test")}
    request = Request(
        "POST",
        f"{target.base_url}/chat/completions",
        {key.lower(): value for key, value in headers.items()},
        json.dumps(body).encode(),
    )
    answered = Emulator(target, clock=lambda: 0.0).answer(request)
    return answered.status, json.loads(answered.body)


def with_schema(schema: dict[str, Any], *, strict: bool = True, **named: str) -> dict[str, Any]:
    """Return a response_format."""
    return {"type": "json_schema", "json_schema": {**(named or {"name": "answer"}), "schema": schema, "strict": strict}}


def test_groq_names_the_property_at_the_top_and_in_a_message() -> None:
    status, body = asked("groq", reasoning={})
    assert (status, body["error"]["message"]) == (400, "property 'reasoning' is unsupported")
    _, body = asked("groq", messages=[{**_TURNS[0], "metadata": {}}])
    assert body["error"]["message"] == (
        "'messages.0' : for 'role:user' the following must be satisfied[('messages.0' : property 'metadata' is unsupported)]"
    )


def test_cerebras_names_the_role_in_the_path() -> None:
    turns = [*_TURNS, {"role": "assistant", "content": "Hello.", "reasoning_content": ""}]
    status, body = asked("cerebras", messages=turns)
    words = "messages.1.assistant.reasoning_content: property 'messages.1.assistant.reasoning_content' is unsupported"
    assert (status, body["message"], body["code"], body["param"]) == (
        400,
        words,
        "wrong_api_format",
        "validation_error",
    )


@pytest.mark.parametrize("member", ["max_completion_tokens", "stream_options"])
def test_mistral_lists_what_is_extra(member: str) -> None:
    status, body = asked("mistral", **{member: {}})
    entry = {"type": "extra_forbidden", "loc": ["body", member], "msg": "Extra inputs are not permitted", "input": {}}
    assert (status, body["message"], body["code"]) == (422, {"detail": [entry]}, None)


@pytest.mark.parametrize(
    ("members", "param", "code"),
    [
        ({"max_output_tokens": 5}, "max_output_tokens", "unknown_parameter"),
        ({"messages": []}, "messages", "empty_array"),
        ({"temperature": 3}, "temperature", "decimal_above_max_value"),
        ({"temperature": -1}, "temperature", "decimal_below_min_value"),
        ({"stop": list("abcde")}, "stop", "array_above_max_length"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "invalid_parameter_combination"),
        ({"response_format": {"type": "json_object"}}, "messages", None),
        ({"response_format": with_schema(_OPEN)}, "response_format", None),
        ({"response_format": with_schema(_OPTIONAL)}, "response_format", None),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}},
            "response_format.json_schema.name",
            "missing_required_parameter",
        ),
        ({"response_format": with_schema({}, name="a b")}, "response_format.json_schema.name", "invalid_value"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": _OPEN, "strict": True}}]},
            "tools[0].function.parameters",
            "invalid_function_parameters",
        ),
        ({"messages": [*_TURNS, _CALL, *_TURNS]}, "messages", None),
    ],
)
def test_openai_refuses_with_the_param_and_the_code(members: dict[str, Any], param: str, code: str | None) -> None:
    status, body = asked("openai", **members)
    assert (status, body["error"]["param"], body["error"]["code"]) == (400, param, code)


@pytest.mark.parametrize(
    "members",
    [
        {"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Say hello as JSON."}]},
        {"response_format": with_schema(_OPEN, strict=False)},
        {"messages": [*_TURNS, _CALL, {"role": "tool", "tool_call_id": "call_1", "content": "1"}]},
    ],
)
def test_what_openai_takes_is_answered(members: dict[str, Any]) -> None:
    assert asked("openai", **members)[0] == 200


def test_only_the_models_that_refuse_a_value_refuse_it() -> None:
    provider = load_providers()["openai"]
    (entry,) = [item for item in provider.refused_requests if item.at == ("temperature",) and item.models]
    assert entry.concerns("gpt-5-mini")
    assert not entry.concerns("gpt-4o")
