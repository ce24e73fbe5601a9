"""Anthropic Messages: one JSON message, or named events that build it block by block.

Source: https://docs.anthropic.com/en/api/messages and /en/docs/build-with-claude/streaming (read 2026-11-21), anthropic 2.11.0.
Vertex carries the same bodies under `:rawPredict`, Bedrock under `/invoke` and in binary frames; hosts of other models serve the path too.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.wire.dialects.anthropic_messages.neutral import envelopes, tape
from conformance.wire.dialects.anthropic_messages.words import VOCABULARY
from conformance.wire.dialects.bedrock_converse.paths import errs_as_aws, place_of, speaks_messages
from conformance.wire.dialects.declared_tools import server_tools
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import (
    counted,
    counts,
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
    ErrorBody,
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    ToolMode,
    UsageReport,
)
from conformance.wire.dialects.turns import conversation, system_turns

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Request

_VERTEX = re.compile(r"/publishers/anthropic/models/(?P<model>[^/]+):(?:rawPredict|streamRawPredict)\Z")
#: Ends of paths that ask for a stream: Vertex's, and Bedrock's.
_STREAMING = (":streamRawPredict", "/invoke-with-response-stream")
_MODES: dict[Any, ToolMode] = {"auto": "auto", "any": "required", "tool": "named", "none": "none"}
_PATHS = CallPaths(name="name", arguments="input")
_NAMES = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "prompt_tokens_details/cached_tokens": "cache_read_input_tokens",
    "completion_tokens_details/reasoning_tokens": "output_tokens_details/thinking_tokens",
}
#: Members of a page of models, and of a model (https://docs.anthropic.com/en/api/models-list, read 2026-11-29).
_LISTING_KEYS = frozenset({"has_more", "display_name"})
_COUNTING = "/messages/count_tokens"
_INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path, versioned = request.path, "anthropic-version" in request.headers
    if request.method == "GET":
        return "models" if path.endswith("/v1/models") else "model" if "/v1/models/" in path else "unknown"
    named = path.endswith("/v1/messages") or (versioned and path.endswith("/messages")) or _VERTEX.search(path)
    return "chat" if (named and request.method == "POST") or speaks_messages(request) else "unknown"


def counts_tokens(request: Request) -> bool:
    """Whether a request asks how many tokens a prompt has."""
    return request.method == "POST" and request.path.endswith(_COUNTING)


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect.

    Others list models at the same path: there the client's header decides, or the answer's own members.
    """
    operation = operation_of(exchange.request)
    if operation in {"models", "model"}:
        if "anthropic-version" in exchange.request.headers:
            return True
        value = exchange.response.document.value if exchange.response else None
        if not isinstance(value, dict) or "object" in value:
            return False
        return bool(_LISTING_KEYS & value.keys()) or (value.get("type") == "error" and "request_id" in value)
    return operation != "unknown" or counts_tokens(exchange.request)


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    choice = mapping(body, "tool_choice")
    serial = typed(choice, "disable_parallel_tool_use", bool)
    declared = objects(body.get("tools"))
    mode = _MODES.get(word(choice.get("type")))
    served = bool(server_tools(body))
    if mode == "required" and served:
        mode = None  # a call of a server tool obeys as well
    layout = mapping(body, "output_config", "format") or mapping(body, "output_format")
    return Asked(
        operation=operation_of(request),
        model=_model(request),
        stream=body.get("stream") is True or request.path.endswith(_STREAMING),
        tools={tool["name"]: tool.get("input_schema") for tool in declared if isinstance(tool.get("name"), str)},
        tool_mode=mode,
        tool_name=typed(choice, "name", str),
        parallel_tools=None if serial is None else not serial,
        max_tokens=None if served else limit(body, "max_tokens"),  # it bounds each turn of a server's own loop
        stop=strings(body.get("stop_sequences")),
        response_format=typed(layout, "type", str),
        response_schema=layout.get("schema"),
        temperature=typed(body, "temperature", (int, float)),
        prompt=text_of(body.get("system"), body.get("messages")),
        read_turns=lambda: [*system_turns(body.get("system")), *conversation(body.get("messages"))],
    )


def _model(request: Request) -> str | None:
    """Return the model of the body, or of the path where a host's path names it."""
    hosted, invoked = _VERTEX.search(request.path), place_of(request)
    if hosted is not None:
        return unquote(hosted["model"])
    result: str | None = typed(request.json, "model", str)
    return invoked.model if result is None and invoked is not None else result


def _take(reply: Reply) -> None:
    if reply.streamed:
        _assemble(reply)
    elif reply.succeeded:
        _take_message(reply, reply.chunks[0].value)


def _take_message(reply: Reply, message: dict[str, Any]) -> None:
    if not isinstance(message.get("content"), list):
        return
    choice = Choice(0, "", finish_at="/stop_reason", calls_at="/content")
    for position, block in enumerate(message["content"]):
        if isinstance(block, dict):
            _open(choice, block, None, f"/content/{position}")
    _close(reply, choice)
    _finish(choice, message.get("stop_reason"), None)
    if isinstance(message.get("usage"), dict):
        reply.usages.append(_report(message["usage"], None))


def _assemble(reply: Reply) -> None:
    choice = Choice(0, "", finish_at="/stop_reason", calls_at="/content_block")
    blocks: dict[Any, tuple[dict[str, Any], ToolCall | None]] = {}
    tokens: dict[str, Any] = {}
    for event, value in reply.chunks:
        kind = value.get("type")
        if kind == "error" or (kind is None and value.get("error") is not None):
            reply.errors.append(ErrorBody(event, value, ""))
        elif kind == "message_start":
            tokens = dict(mapping(value, "message", "usage"))
            _begin_whole(reply, choice, mapping(value, "message"), event)
        elif kind == "content_block_start":
            block = mapping(value, "content_block")
            blocks[slot(value.get("index"))] = block, _open(choice, block, event, "/content_block")
        elif kind == "content_block_delta":
            _extend(choice, blocks.get(slot(value.get("index")), ({}, None))[1], mapping(value, "delta"), event)
        elif kind == "message_delta":
            _finish(choice, mapping(value, "delta").get("stop_reason"), event)
            tokens.update({key: count for key, count in mapping(value, "usage").items() if count is not None})
            if tokens:
                reply.usages[:] = [_report(tokens, event)]
        elif kind == "message_stop":
            reply.complete = True
    if blocks or any(value.get("type") == "message_start" for _, value in reply.chunks):  # hosts lose the start
        _close(reply, choice)


def _begin_whole(reply: Reply, choice: Choice, message: dict[str, Any], event: int | None) -> None:
    """Take a message that its first event brings whole: a call that running code makes comes so (recorded, 2026-11-30)."""
    blocks, reason = objects(message.get("content")), message.get("stop_reason")
    if not blocks or reason is None:
        return
    for position, block in enumerate(blocks):
        _open(choice, block, event, f"/message/content/{position}")
    choice.finish(event, reason, VOCABULARY.finishes.get(word(reason), reason))
    choice.finish_at = "/message/stop_reason"
    if isinstance(message.get("usage"), dict):
        reply.usages[:] = [_report(message["usage"], event)]


def _open(choice: Choice, block: dict[str, Any], event: int | None, pointer: str) -> ToolCall | None:
    """Take a block as it starts, or whole. Blocks of server tools are output too, and no call for the client."""
    kind = block.get("type")
    if kind == "text":
        choice.say(event, block.get("text"), f"{pointer}/text")
    elif kind == "thinking":
        choice.think(event, block.get("thinking"), f"{pointer}/thinking")
    elif kind == "tool_use":
        call = ToolCall(pointer, event, block.get("id"), block.get("name"), paths=_PATHS)
        call.fragments.append(Fragment(event, pointer, block))
        choice.call(call)
        return call
    elif kind != "redacted_thinking":
        choice.structured = True
    return None


def _extend(choice: Choice, call: ToolCall | None, delta: dict[str, Any], event: int | None) -> None:
    kind = delta.get("type")
    if kind == "text_delta":
        choice.say(event, delta.get("text"), "/delta/text")
    elif kind == "thinking_delta":
        choice.think(event, delta.get("thinking"), "/delta/thinking")
    elif kind == "input_json_delta" and call is not None and isinstance(delta.get("partial_json"), str):
        call.pieces.append(delta["partial_json"])
        call.fragments.append(Fragment(event, "/delta", delta))
        choice.last_output = event


def _finish(choice: Choice, reason: object, event: int | None) -> None:
    if reason is not None:
        choice.finish(event, reason, VOCABULARY.finishes.get(word(reason), reason))
        choice.finish_at = "/stop_reason" if event is None else "/delta/stop_reason"


def _close(reply: Reply, choice: Choice) -> None:
    choice.close()
    for call in choice.tool_calls:  # SDKs keep the input of the start event where no delta brought any
        if not call.arguments:
            call.pieces = [json.dumps(call.fragments[0].value.get("input"))]
    reply.choices = [choice]


def _report(tokens: dict[str, Any], event: int | None) -> UsageReport:
    value = usage(
        counts(tokens, _INPUT),
        typed(tokens, "output_tokens", int),
        cached=typed(tokens, "cache_read_input_tokens", int),
        reasoning=typed(mapping(tokens, "output_tokens_details"), "thinking_tokens", int),
    )
    sums = {"prompt_tokens": counted(tokens, _INPUT)}
    return UsageReport(event, "/usage", value, with_choices=True, names=_NAMES, sums=sums)


decode = Decoder(operation_of, _take, NeutralForm(envelopes, tape), errs_as=errs_as_aws)
