"""Decoding an answer of generateContent: one body, a stream of events, or a stream that is one array.

Source: https://ai.google.dev/api/generate-content and /api/models (read 2026-11-28), google-genai 3.4.0.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.gemini.candidates import reason_of
from conformance.wire.dialects.gemini.neutral import envelopes
from conformance.wire.dialects.gemini.requests import METHOD, operation_of
from conformance.wire.dialects.gemini.words import WITHHELD
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.reading import (
    counted,
    counts,
    is_failure,
    mapping,
    objects,
    typed,
    usage,
    word,
)
from conformance.wire.dialects.reply import (
    CallPaths,
    Choice,
    Chunk,
    ErrorBody,
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    Unreadable,
    UsageReport,
)
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Response

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
#: What stands between the members of an array.
_BETWEEN = frozenset(" \t\r\n,")


def _array(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:
    """Read a stream without `alt=sse`: one JSON array, whose members are the chunks. One that breaks off holds those before the break."""
    document = response.document
    if not isinstance(document.value, list):
        if document.value is not MISSING or not METHOD.search(exchange.request.path) or is_failure(response.status):
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


decode = Decoder(operation_of, _assemble, NeutralForm(envelopes, choices_tape), _array)
