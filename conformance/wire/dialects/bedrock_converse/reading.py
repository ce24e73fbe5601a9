"""Converse: one JSON message, or binary frames that build it block by block.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28): ConverseResponse, ConverseStreamOutput.
An error has AWS's form whatever was asked: a failed InvokeModel whose body speaks no dialect of its own is read here too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.bedrock_converse.neutral import envelopes, tape
from conformance.wire.dialects.bedrock_converse.paths import place_of, speaks_converse, speaks_messages
from conformance.wire.dialects.bedrock_converse.turns import turns_of
from conformance.wire.dialects.bedrock_converse.words import NAME, VOCABULARY
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import (
    counted,
    counts,
    is_failure,
    limit,
    mapping,
    objects,
    slot,
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
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    UsageReport,
)
from conformance.wire.json_text import MISSING, read_json

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import ToolMode
    from conformance.wire.exchange import Exchange, Request

_PATHS = CallPaths(id="toolUseId", name="name", arguments="input")
_NAMES = {
    "prompt_tokens": "inputTokens",
    "completion_tokens": "outputTokens",
    "total_tokens": "totalTokens",
}
#: Converse's names, and Nova's own (recorded 2026-08-13): InvokeModel has the second alone, Converse may have the same count under both.
_READ = ("cacheReadInputTokens", "cacheReadInputTokenCount")
_WRITTEN = ("cacheWriteInputTokens", "cacheWriteInputTokenCount")


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    return "chat" if place_of(request) is not None else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    place = place_of(exchange.request)
    if place is None:
        return False
    failed = exchange.response is not None and is_failure(exchange.response.status)
    failed = failed and not speaks_messages(exchange.request)
    return place.operation == "converse" or failed or speaks_converse(exchange.request)


def asked(request: Request) -> Asked:
    """Read a request."""
    body, place = request.json, place_of(request)
    limits, tools = mapping(body, "inferenceConfig"), mapping(body, "toolConfig")
    specs = [mapping(tool, "toolSpec") for tool in objects(tools.get("tools"))]
    mode, name = _tool_mode(mapping(tools, "toolChoice"))
    layout = mapping(body, "outputConfig", "textFormat")
    return Asked(
        operation=operation_of(request),
        model=place.model if place is not None else None,
        stream=place is not None and place.stream,
        tools={
            spec["name"]: mapping(spec, "inputSchema").get("json")
            for spec in specs
            if isinstance(spec.get("name"), str)
        },
        tool_mode=mode,
        tool_name=name,
        max_tokens=limit(limits, "maxTokens"),
        stop=strings(limits.get("stopSequences")),
        response_format=typed(layout, "type", str),
        response_schema=_schema(mapping(layout, "structure", "jsonSchema").get("schema")),
        temperature=typed(limits, "temperature", (int, float)),
        prompt=text_of(body.get("system"), body.get("messages")),
        read_turns=lambda: turns_of(body),
    )


def _tool_mode(choice: dict[str, Any]) -> tuple[ToolMode | None, str | None]:
    if "tool" in choice:
        return "named", typed(mapping(choice, "tool"), "name", str)
    return ("required" if "any" in choice else "auto" if "auto" in choice else None), None


def _schema(text: object) -> Any:  # noqa: ANN401 - any JSON
    """Return the schema of an answer, which the request carries as text."""
    if not isinstance(text, str):
        return text
    value = read_json(text.encode("utf-8", "surrogatepass")).value
    return None if value is MISSING else value


def _take(reply: Reply) -> None:
    if reply.streamed:
        _assemble(reply)
    elif reply.succeeded:
        _take_body(reply, reply.chunks[0].value)


def _take_body(reply: Reply, body: dict[str, Any]) -> None:
    message = mapping(body, "output", "message")
    if not isinstance(message.get("content"), list):
        return
    choice = Choice(0, "/output/message", finish_at="/stopReason", calls_at="/output/message/content")
    for position, block in enumerate(message["content"]):
        if isinstance(block, dict):
            _take_block(choice, block, f"/output/message/content/{position}")
    choice.close()
    reply.choices = [choice]
    _finish(choice, body.get("stopReason"), None)
    if isinstance(body.get("usage"), dict):
        reply.usages.append(_report(body["usage"], None, "/usage"))


def _take_block(choice: Choice, block: dict[str, Any], pointer: str) -> None:
    """Take a whole block. Calls of tools that the server runs, and their results, are output and no call for the client."""
    called = mapping(block, "toolUse")
    if isinstance(block.get("text"), str):
        choice.say(None, block["text"], f"{pointer}/text")
    elif isinstance(block.get("toolUse"), dict) and called.get("type") != "server_tool_use":
        call = ToolCall(f"{pointer}/toolUse", None, called.get("toolUseId"), called.get("name"), paths=_PATHS)
        call.pieces.append(json.dumps(called.get("input")))
        call.fragments.append(Fragment(None, call.pointer, called))
        choice.call(call)
    elif "reasoningContent" in block:
        thought = mapping(block, "reasoningContent", "reasoningText").get("text")
        choice.think(None, thought, f"{pointer}/reasoningContent/reasoningText/text")
    elif "citationsContent" in block:
        for number, part in enumerate(objects(mapping(block, "citationsContent").get("content"))):
            choice.say(None, part.get("text"), f"{pointer}/citationsContent/content/{number}/text")
    else:
        choice.structured = True


def _assemble(reply: Reply) -> None:
    choice = Choice(
        0,
        "",
        finish_at="/messageStop/stopReason",
        pieces_at="/contentBlockDelta/delta",
        calls_at="/contentBlockStart/start",
    )
    calls: dict[Any, ToolCall] = {}
    for event, value in reply.chunks:
        if "contentBlockStart" in value:
            start = mapping(value, "contentBlockStart")
            call = _open(choice, mapping(start, "start"), event)
            if call is not None:
                calls[slot(start.get("contentBlockIndex"))] = call
        elif "contentBlockDelta" in value:
            delta = mapping(value, "contentBlockDelta")
            _extend(choice, calls.get(slot(delta.get("contentBlockIndex"))), mapping(delta, "delta"), event)
        elif "messageStop" in value:
            _finish(choice, mapping(value, "messageStop").get("stopReason"), event)
            reply.complete = True
        elif isinstance(mapping(value, "metadata").get("usage"), dict):
            reply.usages.append(_report(value["metadata"]["usage"], event, "/metadata/usage"))
    begun = {"messageStart", "contentBlockStart", "contentBlockDelta", "messageStop"}
    if any(begun & value.keys() for _, value in reply.chunks):
        choice.close()
        for call in choice.tool_calls:  # a call without arguments may bring no piece
            if not call.arguments:
                call.pieces = ["{}"]
        reply.choices = [choice]


def _open(choice: Choice, start: dict[str, Any], event: int | None) -> ToolCall | None:
    if not isinstance(start.get("toolUse"), dict) or start["toolUse"].get("type") == "server_tool_use":
        choice.structured = choice.structured or bool(start)
        return None
    called = start["toolUse"]
    pointer = "/contentBlockStart/start/toolUse"
    call = ToolCall(pointer, event, called.get("toolUseId"), called.get("name"), paths=_PATHS)
    call.fragments.append(Fragment(event, pointer, called))
    choice.call(call)
    return call


def _extend(choice: Choice, call: ToolCall | None, delta: dict[str, Any], event: int | None) -> None:
    choice.say(event, delta.get("text"), "/contentBlockDelta/delta/text")
    thought = mapping(delta, "reasoningContent").get("text")
    choice.think(event, thought, "/contentBlockDelta/delta/reasoningContent/text")
    piece = mapping(delta, "toolUse").get("input")
    if isinstance(piece, str) and call is not None:
        call.pieces.append(piece)
        call.fragments.append(Fragment(event, "/contentBlockDelta/delta/toolUse", delta["toolUse"]))
        choice.last_output = event


def _finish(choice: Choice, reason: object, event: int | None) -> None:
    if reason is not None:
        choice.finish(event, reason, VOCABULARY.finishes.get(word(reason), reason))


def _report(tokens: dict[str, Any], event: int | None, pointer: str) -> UsageReport:
    """Return the counts. Cached tokens come on top of inputTokens; whether totalTokens counts them, the documentation leaves open."""
    given, written, whole = (typed(tokens, name, int) for name in ("inputTokens", "outputTokens", "totalTokens"))
    read, stored = (next((name for name in names if name in tokens), names[0]) for names in (_READ, _WRITTEN))
    if None not in {given, written, whole} and whole == given + written:
        whole += counts(tokens, (read, stored)) or 0
    taken = ("inputTokens", read, stored)
    value = usage(counts(tokens, taken), written, whole, cached=typed(tokens, read, int))
    names = {**_NAMES, "prompt_tokens_details/cached_tokens": read}
    sums = {"prompt_tokens": counted(tokens, taken)}
    return UsageReport(event, pointer, value, with_choices=True, names=names, sums=sums)


decode = Decoder(operation_of, _take, NeutralForm(envelopes, tape), errs_as=lambda _: NAME)
