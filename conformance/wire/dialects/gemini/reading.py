"""Reading generateContent: which requests are the dialect's own, what they ask, and how an answer is decoded.

Requests may write fields either way (`toolConfig`, `tool_config`): both are the protobuf JSON mapping's.
Source: https://ai.google.dev/api/generate-content and /api/models (read 2026-11-28), google-genai 3.4.0.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.gemini.candidates import reason_of
from conformance.wire.dialects.gemini.neutral import envelopes
from conformance.wire.dialects.gemini.words import WITHHELD
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.reading import (
    counted,
    counts,
    is_failure,
    limit,
    mapping,
    objects,
    strings,
    text_of,
    typed,
    usage,
    word,
)
from conformance.wire.dialects.reply import (
    Asked,
    CallPaths,
    Choice,
    Chunk,
    ErrorBody,
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    ToolMode,
    Unreadable,
    UsageReport,
)
from conformance.wire.dialects.turns import conversation, system_turns
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Request, Response

NAME = "gemini"
_METHOD = re.compile(
    r"/models/([^/:]+(?:/[^/:]+){0,9}|[^/]*):(?:(stream)?generateContent|countTokens)\Z", re.IGNORECASE
)
_COUNTING = ":counttokens"
_MODEL = re.compile(r"/models/[^/:]+\Z")
#: A path of models that is Google's alone: its versions have a word behind their number.
_OWN_PATH = re.compile(r"/v\d+(?:alpha|beta)\d*/models(?:/[^/:]+)?\Z")
_MODES: dict[Any, ToolMode] = {"AUTO": "auto", "VALIDATED": "auto", "ANY": "required", "NONE": "none"}
#: The types of a schema by number: google/ai/generativelanguage content.proto.
_TYPES: dict[Any, str] = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object", 7: "null"}
_PATHS = CallPaths(name="name", arguments="args")
_NAMES = {
    "prompt_tokens": "promptTokenCount",
    "completion_tokens": "candidatesTokenCount",
    "total_tokens": "totalTokenCount",
    "prompt_tokens_details/cached_tokens": "cachedContentTokenCount",
    "completion_tokens_details/reasoning_tokens": "thoughtsTokenCount",
}
#: The counts that are added up for the prompt, and for the answer.
_PROMPT = ("promptTokenCount", "toolUsePromptTokenCount")
_COMPLETION = ("candidatesTokenCount", "thoughtsTokenCount")
_CALLERS = frozenset({"parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema", "args", "response"})
#: What stands between the members of an array.
_BETWEEN = frozenset(" \t\r\n,")
_SNAKE = re.compile(r"_([a-z])")
_FORMS = {"text/plain": "text"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path = request.path
    if request.method == "GET":
        return "models" if path.endswith("/models") else "model" if _MODEL.search(path) else "unknown"
    return "chat" if _METHOD.search(path) and not counts_tokens(request) else "unknown"


def counts_tokens(request: Request) -> bool:
    """Whether a request asks how many tokens a prompt has."""
    return request.path.lower().endswith(_COUNTING)


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect.

    Others list models at a path that ends alike: there the names decide, which begin with `models/`. Below Google's own path an error is
    its own, and so is a listing but for one in OpenAI's form.
    """
    if exchange.request.method != "GET":
        return bool(_METHOD.search(exchange.request.path))
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
    method = _METHOD.search(request.path)
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


def _array(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:
    """Read a stream without `alt=sse`: one JSON array, whose members are the chunks. One that breaks off holds those before the break."""
    document = response.document
    if not isinstance(document.value, list):
        if document.value is not MISSING or not _METHOD.search(exchange.request.path) or is_failure(response.status):
            return None
        values, rest = _members(response.body.decode("utf-8", "replace"))
        if not values:
            return None
        reply = _array_of(values, operation)
        reply.unreadable.append(Unreadable(len(values), rest.encode(), "the array breaks off here"))
        return reply
    if is_failure(response.status):
        return _failed_array(document.value, operation)
    return _array_of(document.value, operation)


def _members(text: str) -> tuple[list[Any], str]:
    """Return the whole members at the start of a JSON array, and the text behind them."""
    decoder, values = json.JSONDecoder(), list[Any]()
    at = len(text) - len(text.lstrip()) + 1
    if text[at - 1 : at] != "[":
        return values, text
    while True:
        while text[at : at + 1] in _BETWEEN:
            at += 1
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return values, text[at:]
        values.append(value)


def _failed_array(values: list[Any], operation: Operation) -> Reply | None:
    """Read an error of a stream that is one array: the array has the error as its one member (google-genai 3.4.0 unwraps it)."""
    if len(values) != 1 or not isinstance(values[0], dict):
        return None
    reply = Reply(operation, streamed=False, complete=True)
    reply.errors.append(ErrorBody(None, values[0], ""))
    reply.chunks.append(Chunk(None, values[0]))
    return reply


def _array_of(values: list[Any], operation: Operation) -> Reply:
    reply = Reply(operation, streamed=True)
    for number, value in enumerate(values):
        if isinstance(value, dict):
            reply.chunks.append(Chunk(number, value))
        else:
            data = json.dumps(value).encode()
            reply.unreadable.append(Unreadable(number, data, f"a JSON {type(value).__name__}, not an object"))
    return reply


def _assemble(reply: Reply) -> None:
    if reply.streamed:
        errors = (chunk for chunk in reply.chunks if chunk.value.get("error") is not None)
        reply.errors.extend(ErrorBody(event, value, "") for event, value in errors)
    if reply.errors and not reply.streamed:
        return
    choices: dict[int, Choice] = {}
    for event, value in reply.chunks:
        for position, candidate in enumerate(objects(value.get("candidates"))):
            pointer = f"/candidates/{position}"
            index = typed(candidate, "index", int) or 0
            choice = choices.setdefault(index, _choice(index, pointer))
            for number, part in enumerate(objects(mapping(candidate, "content").get("parts"))):
                _take(choice, part, event, f"{pointer}/content/parts/{number}")
            reason = reason_of(candidate)
            if reason is not None:
                choice.finish(event, reason, _finish(choice, reason))
        blocked = mapping(value, "promptFeedback").get("blockReason")
        if blocked and not choices:
            choices[0] = Choice(0, "/promptFeedback", finish_at="blockReason")
            choices[0].finish(event, blocked, "content_filter")
        if isinstance(value.get("usageMetadata"), dict):
            reply.usages[:] = [_report(value["usageMetadata"], event)]
    for choice in choices.values():
        choice.close()
    reply.choices = [choices[index] for index in sorted(choices)]
    reply.complete = bool(reply.choices) and all(choice.finishes for choice in reply.choices)


def _choice(index: int, pointer: str) -> Choice:
    return Choice(index, pointer, finish_at="finishReason", calls_at=f"{pointer}/content/parts")


def _take(choice: Choice, part: dict[str, Any], event: int | None, pointer: str) -> None:
    text, call = part.get("text"), part.get("functionCall")
    if isinstance(call, dict):
        whole = not (call.get("partialArgs") or call.get("willContinue"))
        value = call if whole else {**call, "function": None}  # Vertex may stream the arguments as paths and values
        result = ToolCall(f"{pointer}/functionCall", event, call.get("id"), call.get("name"), paths=_PATHS)
        result.pieces = [json.dumps(call.get("args", {}))] if whole else []
        result.fragments.append(Fragment(event, f"{pointer}/functionCall", value))
        if whole or call.get("name"):
            choice.tool_calls.append(result)
    elif isinstance(text, str) and part.get("thought") is True:
        choice.thought_at = choice.thought_at or f"{pointer}/text"
        choice.reasoned.append((event, text))
    elif isinstance(text, str) and text:
        choice.said_at = choice.said_at or f"{pointer}/text"
        choice.texts.append((event, text))
    elif set(part) - {"text", "thought", "thoughtSignature"}:
        choice.structured = True
    else:
        return
    choice.last_output = event


def _finish(choice: Choice, reason: object) -> object:
    """Return a finish reason in the words that rules compare; STOP also ends a turn of function calls."""
    if reason == "STOP":
        return "tool_calls" if choice.tool_calls else "stop"
    if reason == "MAX_TOKENS":
        return "length"
    return "content_filter" if word(reason) in WITHHELD else reason


def _report(value: dict[str, Any], event: int | None) -> UsageReport:
    result = usage(
        counts(value, _PROMPT),
        counts(value, _COMPLETION),
        typed(value, "totalTokenCount", int),
        cached=typed(value, "cachedContentTokenCount", int),
        reasoning=typed(value, "thoughtsTokenCount", int),
    )
    sums = {"prompt_tokens": counted(value, _PROMPT), "completion_tokens": counted(value, _COMPLETION)}
    return UsageReport(event, "/usageMetadata", result, with_choices=True, names=_NAMES, sums=sums)


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


decode = Decoder(operation_of, _assemble, NeutralForm(envelopes, choices_tape), _array)
