"""Requests that are refused: what is wrong in itself, what the model cannot do, and what does not fit into its context.

Ranges and types: https://platform.openai.com/docs/api-reference/chat/create and openai 3.52.0's types (read 2026-11-21). The words
of the messages are our own; a provider's own stand in its TOML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from jsonschema.exceptions import SchemaError

from conformance.emulator.calls import mode_of
from conformance.emulator.completion import Refusal
from conformance.emulator.loose import table, tables
from conformance.emulator.schema_parts import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.providers import Target

_NUMBERS: Final = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_INTEGERS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "n": (1, 128),
    "top_logprobs": (0, 20),
    "max_tokens": (1, None),
    "max_completion_tokens": (1, None),
    "seed": (None, None),
}
_BOOLEANS: Final = ("stream", "logprobs", "parallel_tool_calls")
_OBJECTS: Final = ("stream_options", "logit_bias", "response_format")
_ROLES: Final = ("system", "developer", "user", "assistant", "tool", "function")
_FORMATS: Final = ("text", "json_object", "json_schema")
_MODES: Final = ("auto", "none", "required", "any")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_STOPS: Final = 16  # OpenAI takes 4, others more: what is refused here is refused by all


def refuse(body: Mapping[str, Any], target: Target) -> Refusal | None:
    """Return why a request is refused, the first reason in the order in which servers look; None where it is sound.

    The context is not looked at: that takes the prompt's tokens, and is the answer's to tell.
    """
    ways: tuple[Callable[[], Refusal | None], ...] = (
        lambda: _messages(body),
        lambda: _model(body, target),
        lambda: next(_numbers(body), None),
        lambda: next(_types(body), None),
        lambda: _stop(body.get("stop")),
        lambda: next(_tools(body), None),
        lambda: _choice(body),
        lambda: _format(body.get("response_format")),
        lambda: next(_beyond(body, target), None),
    )
    return next((found for way in ways if (found := way()) is not None), None)


def _model(body: Mapping[str, Any], target: Target) -> Refusal | None:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        return Refusal("bad_parameter", "The request names no model.", "model")
    if model != target.model and model not in target.provider.models:
        return Refusal("unknown_model", f"The model '{model}' does not exist, or this key may not use it.", "model")
    return None


def _messages(body: Mapping[str, Any]) -> Refusal | None:
    messages = body.get("messages")
    if not isinstance(messages, list):
        given = "is missing" if messages is None else f"is {_kind(messages)}"
        return Refusal("bad_parameter", f"'messages' must be an array, but {given}.", "messages")
    if not messages:
        return Refusal("bad_parameter", "'messages' is empty; at least one message is needed.", "messages")
    open_calls: set[str] = set()
    for at, turn in enumerate(messages):
        found = _turn(turn, f"messages[{at}]", open_calls)
        if found is not None:
            return found
    return None


def _turn(turn: object, at: str, open_calls: set[str]) -> Refusal | None:
    if not isinstance(turn, dict):
        return Refusal("bad_parameter", f"'{at}' must be an object, but is {_kind(turn)}.", at)
    role, content = turn.get("role"), turn.get("content")
    if role not in _ROLES:
        listed = ", ".join(_ROLES)
        return Refusal("bad_parameter", f"'{at}.role' is {role!r}; it must be one of {listed}.", f"{at}.role")
    speechless = role == "assistant" and bool(turn.get("tool_calls") or turn.get("refusal") or "content" in turn)
    if not isinstance(content, str | list) and not (content is None and speechless):
        return Refusal("bad_parameter", f"'{at}.content' must be a string or an array of parts.", f"{at}.content")
    if role == "assistant":
        open_calls.update(str(call.get("id")) for call in tables(turn.get("tool_calls")))
    if role == "tool" and str(turn.get("tool_call_id")) not in open_calls:
        return Refusal("invalid_request", f"'{at}' answers no tool call of an earlier message.", f"{at}.tool_call_id")
    return None


def _numbers(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for name, (low, high) in (*_NUMBERS.items(), *_INTEGERS.items()):
        value = body.get(name)
        whole = name in _INTEGERS
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            wanted = "an integer" if whole else "a number"
            yield Refusal("bad_parameter", f"'{name}' must be {wanted}, but is {_kind(value)}.", name)
        elif low is not None and value < low:
            yield Refusal("bad_parameter", f"'{name}' is {value}; the least value is {low}.", name)
        elif high is not None and value > high:
            yield Refusal("bad_parameter", f"'{name}' is {value}; the greatest value is {high}.", name)


def _types(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for names, kind, words in ((_BOOLEANS, bool, "a boolean"), (_OBJECTS, Mapping, "an object")):
        for name in names:
            value = body.get(name)
            if value is not None and not isinstance(value, kind):
                yield Refusal("bad_parameter", f"'{name}' must be {words}, but is {_kind(value)}.", name)
    if body.get("stream_options") is not None and not body.get("stream"):
        yield Refusal("bad_parameter", "'stream_options' goes with stream only.", "stream_options")
    if body.get("top_logprobs") and not body.get("logprobs"):
        yield Refusal("bad_parameter", "'top_logprobs' goes with logprobs only.", "top_logprobs")


def _stop(stop: object) -> Refusal | None:
    if stop is None or isinstance(stop, str):
        return None
    if isinstance(stop, list) and len(stop) <= _MOST_STOPS and all(isinstance(item, str) for item in stop):
        return None
    return Refusal("bad_parameter", f"'stop' must be a string or an array of at most {_MOST_STOPS} strings.", "stop")


def _tools(body: Mapping[str, Any]) -> Iterator[Refusal]:
    tools = body.get("tools")
    if tools is not None and not isinstance(tools, list):
        yield Refusal("bad_parameter", f"'tools' must be an array, but is {_kind(tools)}.", "tools")
        return
    for at, tool in enumerate(tools or ()):
        function = tool.get("function") if isinstance(tool, dict) else None
        where = f"tools[{at}].function"
        if not isinstance(function, dict):
            yield Refusal("bad_parameter", f"'{where}' must be an object.", where)
        elif not isinstance(function.get("name"), str) or not _NAME.fullmatch(function["name"]):
            message = f"'{where}.name' must have 1 to 64 letters, digits, underscores and hyphens."
            yield Refusal("bad_parameter", message, f"{where}.name")
        elif function.get("parameters") is not None and (wrong := _no_schema(function["parameters"])):
            yield Refusal("bad_parameter", f"'{where}.parameters' is no JSON Schema: {wrong}", f"{where}.parameters")


def _choice(body: Mapping[str, Any]) -> Refusal | None:
    choice = body.get("tool_choice")
    if choice is None:
        return None
    mode = mode_of(choice) if isinstance(choice, str | dict) else ""
    declared = [table(tool.get("function")).get("name") for tool in tables(body.get("tools"))]
    if not declared and mode != "none":
        return Refusal("bad_parameter", "'tool_choice' goes with tools only.", "tool_choice")
    if mode.startswith("=") and mode[1:] not in declared:
        return Refusal(
            "bad_parameter", f"'tool_choice' names '{mode[1:]}', which is not among the tools.", "tool_choice"
        )
    if not mode.startswith("=") and mode not in _MODES:
        return Refusal("bad_parameter", "'tool_choice' must be auto, none, required or name a function.", "tool_choice")
    return None


def _format(wanted: Mapping[str, Any] | None) -> Refusal | None:
    if wanted is None:
        return None
    if wanted.get("type") not in _FORMATS:
        listed = ", ".join(_FORMATS)
        return Refusal("bad_parameter", f"'response_format.type' must be one of {listed}.", "response_format.type")
    if wanted["type"] != "json_schema":
        return None
    named = wanted.get("json_schema")
    if not isinstance(named, dict) or not isinstance(named.get("schema", {}), dict):
        message = "'response_format.json_schema' must be an object with a name and a schema."
        return Refusal("bad_parameter", message, "response_format.json_schema")
    wrong = _no_schema(named.get("schema", {}))
    return Refusal("bad_parameter", f"The schema is no JSON Schema: {wrong}", "response_format") if wrong else None


def _no_schema(schema: object) -> str | None:
    """Say why a value is no JSON Schema; None where it is one."""
    if not isinstance(schema, dict):
        return f"it is {_kind(schema)}."
    try:
        validator(schema)
    except SchemaError as error:
        return f"{error.message[:120]}."
    return None


def _beyond(body: Mapping[str, Any], target: Target) -> Iterator[Refusal]:
    """Yield what the model is known not to do. What is merely steered by a parameter (seed, stop) is ignored instead."""
    able = target.capabilities
    wanted = body.get("response_format") or {}
    mode = mode_of(body.get("tool_choice"))
    asked = (
        ("tools", "tools", bool(body.get("tools"))),
        ("tool_choice_required", "tool_choice", mode == "required"),
        ("tool_choice_named", "tool_choice", mode.startswith("=")),
        (str(wanted.get("type")), "response_format", wanted.get("type") in {"json_object", "json_schema"}),
        ("logprobs", "logprobs", body.get("logprobs") is True),
        ("n", "n", (body.get("n") or 1) > 1),
    )
    for capability, param, is_asked in asked:
        if is_asked and capability not in able:
            yield Refusal("unsupported_feature", f"'{param}' with this value is not supported by this model.", param)


def _kind(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    if isinstance(value, bool):
        return "a boolean"
    named = {str: "a string", int: "an integer", float: "a number", list: "an array", dict: "an object"}
    return named.get(type(value), "null")
