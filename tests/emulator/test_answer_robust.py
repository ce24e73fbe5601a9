"""Whatever a client sends, the answer engine answers or refuses it: it never raises, and never takes for sound what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.emulator.app import Emulator
from conformance.emulator.mind.completion import Completion, Refusal
from conformance.emulator.respond import answer_body as answer
from conformance.providers import Provider, Target
from conformance.wire.exchange import Request

ABLE = frozenset(
    [
        "tools",
        "parallel_tools",
        "tool_choice_required",
        "tool_choice_named",
        "json_object",
        "json_schema",
        "logprobs",
        "n",
    ]
)
TARGET = Target(Provider("acme", Path("acme.toml"), dialect="openai-chat", capabilities=ABLE), "acme-1", "openai-chat")

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats(-3, 3)
    | st.sampled_from(["", "a", "user", "auto", "tool"])
)
any_json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "name", "function", "content", "role", "schema", "id", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
KEYWORDS = [
    "type",
    "properties",
    "items",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "$ref",
    "minLength",
    "maxItems",
    "required",
    "pattern",
    "minimum",
    "multipleOf",
    "not",
    "if",
    "then",
]
any_schema = st.dictionaries(
    st.sampled_from(KEYWORDS),
    any_json | st.sampled_from(["string", "object", "array", "integer", "#", "#/x", "[a-z]+", "("]),
    max_size=4,
)
FUNCTION = {"name": "look_up", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
SOUND = {
    "model": "acme-1",
    "messages": [
        {"role": "user", "content": "Please look up Oslo and Rome."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "look_up"}}],
        },
        {"role": "tool", "tool_call_id": "a", "content": "wet"},
        {"role": "user", "content": "Please look up Lima and Quito, and describe them in three sentences."},
    ],
    "tools": [{"type": "function", "function": FUNCTION}],
}
messages = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["user", "assistant", "tool", "system"]),
            "content": st.sampled_from(["Hi", "Oslo?"]) | any_json,
        },
        optional={"tool_calls": any_json, "tool_call_id": any_json, "name": any_json, "reasoning": any_json},
    ),
    max_size=3,
)
functions = st.fixed_dictionaries(
    {"name": st.just("look_up")}, optional={"parameters": any_schema | any_json, "description": any_json}
)
formats = st.fixed_dictionaries(
    {"type": st.just("json_schema"), "json_schema": st.fixed_dictionaries({"name": st.just("x"), "schema": any_schema})}
)
replaced = st.fixed_dictionaries(
    {},
    optional={
        "model": any_json,
        "messages": messages | any_json,
        "tools": st.lists(st.fixed_dictionaries({"type": st.just("function"), "function": functions}), max_size=2)
        | st.lists(any_json, max_size=2)
        | any_json,
        "tool_choice": any_json
        | st.sampled_from(["required", "none"])
        | st.just({"type": "function", "function": {"name": "look_up"}}),
        "response_format": formats | any_json,
        "stop": st.lists(st.sampled_from(["a", "Lima", ""]), max_size=2) | any_json,
        "n": any_json | st.just(2),
        "max_tokens": any_json | st.just(5),
        "max_completion_tokens": any_json,
        "logprobs": any_json | st.sampled_from([True]),
        "top_logprobs": any_json,
        "temperature": any_json,
        "stream": any_json,
        "stream_options": any_json,
        "reasoning": any_json,
        "thinking": any_json,
        "reasoning_effort": any_json,
        "parallel_tool_calls": any_json,
    },
)
few = replaced.filter(lambda members: len(members) <= 3)


@settings(max_examples=100)
@given(few, st.sampled_from([ABLE, ABLE | {"reasoning"}]))
def test_every_body_is_answered_or_refused(members: dict[str, Any], capabilities: frozenset[str]) -> None:
    target = replace(TARGET, provider=replace(TARGET.provider, capabilities=capabilities))
    assert isinstance(answer(SOUND | members, target, seed=1), Completion | Refusal)


ITEM = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["user", "assistant"]) | any_json,
        "type": st.sampled_from(["message", "function_call", "function_call_output", "reasoning"]) | any_json,
        "content": st.sampled_from(["Hi", "Oslo?"]) | any_json,
        "call_id": any_json,
        "arguments": any_json,
        "name": any_json,
        "output": any_json,
        "summary": any_json,
    },
)
RESPONSES_TOOL = {"type": "function", **FUNCTION}
in_responses = st.fixed_dictionaries(
    {},
    optional={
        "model": any_json,
        "input": st.lists(ITEM, max_size=3) | any_json,
        "instructions": any_json,
        "tools": st.lists(st.just(RESPONSES_TOOL) | any_json, max_size=2) | any_json,
        "tool_choice": any_json | st.sampled_from(["required", {"type": "function", "name": "look_up"}]),
        "text": st.fixed_dictionaries({"format": any_json}) | any_json,
        "include": st.just(["message.output_text.logprobs"]) | any_json,
        "top_logprobs": any_json,
        "max_output_tokens": any_json | st.just(5),
        "temperature": any_json,
        "stream": any_json,
        "store": any_json,
        "reasoning": any_json,
        "conversation": any_json,
        "previous_response_id": any_json,
        "metadata": any_json,
        "parallel_tool_calls": any_json,
        "truncation": any_json,
        "background": any_json,
    },
).filter(lambda members: len(members) <= 3)


@settings(max_examples=100)
@given(in_responses, st.sampled_from([ABLE, ABLE | {"reasoning"}]))
def test_every_responses_body_is_answered_or_refused(members: dict[str, Any], capabilities: frozenset[str]) -> None:
    provider = replace(TARGET.provider, capabilities=capabilities, base_url="https://acme.example/v1")
    app = Emulator(Target(provider, "acme-1", "openai-responses"), clock=lambda: 1_795_219_200.0)
    body = {"model": "acme-1", "input": "Please look up Lima.", "tools": [RESPONSES_TOOL]} | members
    asked = Request("POST", "https://acme.example/v1/responses", {}, json.dumps(body).encode())
    assert app.answer(asked).status in {200, 400, 404}
    assert app.answer(asked).status in {200, 400, 404}
