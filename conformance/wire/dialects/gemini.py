"""Google's generateContent and streamGenerateContent, of the Gemini API and of Vertex AI.

A stream is server-sent events with `alt=sse`, else one JSON array. A blocked prompt is an answer without candidates.
Source: https://ai.google.dev/api/generate-content (read 2026-11-21), google-genai 3.4.0. Requests may write fields either way
(`toolConfig`, `tool_config`): both are the protobuf JSON mapping's.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import (
    counts,
    is_failure,
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
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope
from conformance.wire.dialects.turns import conversation, system_turns
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.tape import Envelope, Family, TapePart
    from conformance.wire.exchange import Exchange, Request, Response

NAME = "gemini"
_METHOD = re.compile(r"/models/([^/:]+(?:/[^/:]+)*|[^/]*):(stream)?generateContent\Z", re.IGNORECASE)
#: Reasons for which the service withholds or breaks off an answer, by FinishReason of google-genai 3.4.0.
WITHHELD = frozenset(
    {
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "MODEL_ARMOR", "ESCALATION", "PUP_LIMITED_DISABLED",
    }
)  # fmt: skip
#: The numbers that both APIs give these names; clients may ask for numbers (`$alt=json;enum-encoding=int`).
_NUMBERED = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 5: "OTHER"}
_MODES: dict[Any, ToolMode] = {"AUTO": "auto", "ANY": "required", "NONE": "none"}
_PATHS = CallPaths(name="name", arguments="args")
_NAMES = {
    "prompt_tokens": "promptTokenCount",
    "completion_tokens": "candidatesTokenCount",
    "total_tokens": "totalTokenCount",
    "prompt_tokens_details/cached_tokens": "cachedContentTokenCount",
    "completion_tokens_details/reasoning_tokens": "thoughtsTokenCount",
}
_CALLERS = frozenset({"parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema", "args", "response"})
_SNAKE = re.compile(r"_([a-z])")
_ENVELOPE = {"id": "responseId", "model": "modelVersion", "created": "createTime"}
LIMITS = ("generationConfig.maxOutputTokens",)
VOCABULARY = Vocabulary(
    {"STOP": "stop", "MAX_TOKENS": "length", **dict.fromkeys(WITHHELD, "content_filter")}, frozenset({"model"})
)


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    return "chat" if _METHOD.search(request.path) else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request."""
    body = _camel(request.json)
    method = _METHOD.search(request.path)
    config = mapping(body, "generationConfig")
    calling = mapping(body, "toolConfig", "functionCallingConfig")
    allowed = strings(calling.get("allowedFunctionNames"))
    mode = _MODES.get(word(calling.get("mode")))
    if mode == "required" and len(allowed) == 1:
        mode = "named"
    schema = config.get("responseJsonSchema") or _json_schema(config.get("responseSchema"))
    wants_json = config.get("responseMimeType") == "application/json"
    return Asked(
        operation=operation_of(request),
        model=method[1] if method else None,
        stream=bool(method and method[2]),
        tools=_tools(body.get("tools")),
        tool_mode=mode,
        tool_name=allowed[0] if allowed else None,
        max_tokens=typed(config, "maxOutputTokens", int),
        stop=strings(config.get("stopSequences")),
        n=typed(config, "candidateCount", int) or 1,
        response_format=("json_schema" if schema else "json_object") if wants_json else None,
        response_schema=schema if wants_json else None,
        temperature=typed(config, "temperature", (int, float)),
        seed=typed(config, "seed", int),
        prompt=text_of(body.get("systemInstruction"), body.get("contents")),
        read_turns=lambda: [*system_turns(body.get("systemInstruction")), *conversation(body.get("contents"))],
    )


def reason_of(candidate: dict[str, Any]) -> Any:  # noqa: ANN401 - a provider may send anything
    """Return a candidate's native finish reason by name, where its number has one; None before the end."""
    reason = candidate.get("finishReason")
    return _NUMBERED.get(reason, reason) if isinstance(reason, int) else reason


def _array(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:  # noqa: ARG001 - as the decoder calls it
    """Read a stream without `alt=sse`: one JSON array, whose members are the chunks."""
    if not isinstance(response.document.value, list) or is_failure(response.status):
        return None
    reply = Reply(operation, streamed=True)
    for number, value in enumerate(response.document.value):
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
    if reply.errors:
        return
    choices: dict[int, Choice] = {}
    for event, value in reply.chunks:
        for position, candidate in enumerate(objects(value.get("candidates"))):
            pointer = f"/candidates/{position}"
            index = typed(candidate, "index", int) or 0
            choice = choices.setdefault(index, Choice(index, pointer, finish_at="finishReason"))
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
        choice.reasoned.append((event, text))
    elif isinstance(text, str) and text:
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
        counts(value, ("promptTokenCount", "toolUsePromptTokenCount")),
        counts(value, ("candidatesTokenCount", "thoughtsTokenCount")),
        typed(value, "totalTokenCount", int),
        cached=typed(value, "cachedContentTokenCount", int),
        reasoning=typed(value, "thoughtsTokenCount", int),
    )
    return UsageReport(event, "/usageMetadata", result, with_choices=True, names=_NAMES)


def _tools(value: object) -> dict[str, Any]:
    declared = [item for tool in objects(value) for item in objects(tool.get("functionDeclarations"))]
    return {
        item["name"]: item.get("parametersJsonSchema") or _json_schema(item.get("parameters"))
        for item in declared
        if isinstance(item.get("name"), str)
    }


def _json_schema(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return Google's OpenAPI subset as JSON Schema: types in lower case, and `nullable` as a type."""
    if isinstance(value, list):
        return [_json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _json_schema(item) for key, item in value.items()}
    if isinstance(result.get("type"), str):
        kind = result["type"].lower()
        result["type"] = [kind, "null"] if result.get("nullable") is True else kind
    return result


def _camel(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a request with camel-case keys; what the caller named (schemas, arguments) keeps its own."""
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = ((_SNAKE.sub(lambda match: match[1].upper(), key), item) for key, item in value.items())
    return {key: item if key in _CALLERS else _camel(item) for key, item in named}


def _envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell id, model and date, which every chunk may have."""
    for event, value in reply.chunks:
        if value.get("error") is None:
            yield envelope(event, "", value, _ENVELOPE)


def _tape(reply: Reply) -> Iterator[TapePart]:
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    opened: set[tuple[Any, ...]] = set()
    for event, value in reply.chunks:
        for position, candidate in enumerate(objects(value.get("candidates"))):
            choice = typed(candidate, "index", int) or 0
            for number, part in enumerate(objects(mapping(candidate, "content").get("parts"))):
                at, text, call = (
                    f"/candidates/{position}/content/parts/{number}",
                    part.get("text"),
                    part.get("functionCall"),
                )
                family: Family = "reasoning" if part.get("thought") is True else "text"
                if isinstance(call, dict):
                    index = (choice, event, number)
                    yield Opened(event, f"{at}/functionCall", index, call.get("id"), "functionCall", call.get("name"))
                    yield Closed(event, f"{at}/functionCall", index, "arguments", call.get("args"))
                elif isinstance(text, str) and text:
                    if (choice, family) not in opened:
                        opened.add((choice, family))
                        yield Opened(event, at, (choice, family), None, family)
                    yield Delta(event, f"{at}/text", (choice, family), family, text)
            if reason_of(candidate) is not None:
                yield Terminal(event, f"/candidates/{position}/finishReason", str(reason_of(candidate)), None)


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, _tape), _array)
