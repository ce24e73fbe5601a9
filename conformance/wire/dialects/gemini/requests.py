"""Reading a request of generateContent: whether it is the dialect's own, and what it asks.

Requests may write fields either way (`toolConfig`, `tool_config`): both are the protobuf JSON mapping's.
Source: https://ai.google.dev/api/generate-content and /api/models (read 2026-11-28), google-genai 3.4.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.wire.dialects.reading import is_failure, limit, mapping, objects, strings, text_of, typed, word
from conformance.wire.dialects.reply import Asked, Operation, ToolMode
from conformance.wire.dialects.turns import conversation, system_turns

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Request

NAME = "gemini"
METHOD = re.compile(r"/models/([^/:]+(?:/[^/:]+){0,9}|[^/]*):(?:(stream)?generateContent|countTokens)\Z", re.IGNORECASE)
_COUNTING = ":counttokens"
_MODEL = re.compile(r"/models/[^/:]+\Z")
#: A path of models that is Google's alone: its versions have a word behind their number.
_OWN_PATH = re.compile(r"/v\d+(?:alpha|beta)\d*/models(?:/[^/:]+)?\Z")
_MODES: dict[Any, ToolMode] = {"AUTO": "auto", "VALIDATED": "auto", "ANY": "required", "NONE": "none"}
#: The types of a schema by number: google/ai/generativelanguage content.proto.
_TYPES: dict[Any, str] = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object", 7: "null"}
_CALLERS = frozenset({"parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema", "args", "response"})
_SNAKE = re.compile(r"_([a-z])")
_FORMS = {"text/plain": "text"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path = request.path
    if request.method == "GET":
        return "models" if path.endswith("/models") else "model" if _MODEL.search(path) else "unknown"
    return "chat" if METHOD.search(path) and not counts_tokens(request) else "unknown"


def counts_tokens(request: Request) -> bool:
    """Whether a request asks how many tokens a prompt has."""
    return request.path.lower().endswith(_COUNTING)


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect.

    Others list models at a path that ends alike: there the names decide, which begin with `models/`. Below Google's own path an error is
    its own, and so is a listing but for one in OpenAI's form.
    """
    if exchange.request.method != "GET":
        return bool(METHOD.search(exchange.request.path))
    if operation_of(exchange.request) == "unknown":
        return False
    value = exchange.response.document.value if exchange.response else None
    if _OWN_PATH.search(exchange.request.path):
        failed = exchange.response is not None and is_failure(exchange.response.status)
        return failed or (isinstance(value, dict) and "object" not in value)
    listed = value.get("models", [value]) if isinstance(value, dict) else None
    names = [word(entry.get("name")) for entry in objects(listed)]
    return bool(names) and all(name.startswith("models/") for name in names)


def asked(request: Request) -> Asked:
    """Read a request."""
    body = camel(request.json)
    method = METHOD.search(request.path)
    config = mapping(body, "generationConfig")
    calling = mapping(body, "toolConfig", "functionCallingConfig")
    allowed = strings(calling.get("allowedFunctionNames"))
    mode = _MODES.get(word(calling.get("mode")))
    if mode == "required" and len(allowed) == 1:
        mode = "named"
    schema = config.get("responseJsonSchema") or json_schema(config.get("responseSchema"))
    mime = word(config.get("responseMimeType"))
    wants_json = mime == "application/json"
    return Asked(
        operation=operation_of(request),
        model=unquote(method[1]) if method else None,
        stream=bool(method and method[2]),
        tools=_tools(body.get("tools")),
        tool_mode=mode,
        tool_name=allowed[0] if allowed else None,
        max_tokens=limit(config, "maxOutputTokens"),
        stop=strings(config.get("stopSequences")),
        n=typed(config, "candidateCount", int) or 1,
        logprobs=config.get("responseLogprobs") is True,
        top_logprobs=typed(config, "logprobs", int),
        response_format=("json_schema" if schema else "json") if wants_json else _FORMS.get(mime),
        response_schema=schema if wants_json else None,
        temperature=typed(config, "temperature", (int, float)),
        seed=typed(config, "seed", int),
        prompt=text_of(body.get("systemInstruction"), body.get("contents")),
        read_turns=lambda: [*system_turns(body.get("systemInstruction")), *conversation(body.get("contents"))],
    )


def _tools(value: object) -> dict[str, Any]:
    declared = [item for tool in objects(value) for item in objects(tool.get("functionDeclarations"))]
    return {
        item["name"]: item.get("parametersJsonSchema") or json_schema(item.get("parameters"))
        for item in declared
        if isinstance(item.get("name"), str)
    }


def json_schema(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return Google's OpenAPI subset as JSON Schema: types by name and in lower case, and `nullable` as a type.

    Enums may be numbers: https://protobuf.dev/programming-guides/json/ (read 2026-11-29), and 2 recorded requests of Vertex AI's SDK.
    """
    if isinstance(value, list):
        return [json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: json_schema(item) for key, item in value.items()}
    if type(result.get("type")) is int:
        result["type"] = _TYPES.get(result["type"], result["type"])
    if isinstance(result.get("type"), str):
        kind = result["type"].lower()
        result["type"] = [kind, "null"] if result.get("nullable") is True else kind
    return result


def camel(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a request with camel-case keys; what the caller named (schemas, arguments) keeps its own."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = ((_SNAKE.sub(lambda match: match[1].upper(), key), item) for key, item in value.items())
    return {key: item if key in _CALLERS else camel(item) for key, item in named}
