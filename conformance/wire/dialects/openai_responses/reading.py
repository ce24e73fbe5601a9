"""OpenAI Responses: one response object with output items, or named events that build it.

Source: https://platform.openai.com/docs/api-reference/responses and /responses-streaming (read 2026-11-21), openai 3.52.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.openai_responses.neutral import TERMINAL, envelopes, item_key, tape
from conformance.wire.dialects.openai_responses.words import VOCABULARY
from conformance.wire.dialects.reading import (
    limit,
    mapping,
    objects,
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

_STORED = re.compile(r"/responses/[^/]+\Z")
_COUNTING = "/responses/input_tokens"
_CANCELLED = re.compile(r"/responses/[^/]+/cancel\Z")
_PATHS = CallPaths("call_id", "name", "arguments")
_NAMES = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "prompt_tokens_details/cached_tokens": "input_tokens_details/cached_tokens",
    "completion_tokens_details/reasoning_tokens": "output_tokens_details/reasoning_tokens",
}
_MODES: dict[Any, ToolMode] = {"auto": "auto", "none": "none", "required": "required"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    if request.method == "GET":
        return "chat" if _STORED.search(request.path) else "unknown"
    return "chat" if request.path.endswith("/responses") else "unknown"


def counts_tokens(request: Request) -> bool:
    """Whether a request asks how many tokens a prompt has."""
    return request.method == "POST" and request.path.endswith(_COUNTING)


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect: it asks for a response or a count of its input, or manages one that is kept."""
    request = exchange.request
    managed = {"POST": _CANCELLED, "DELETE": _STORED}.get(request.method)
    return (
        operation_of(request) != "unknown"
        or counts_tokens(request)
        or (managed is not None and managed.search(request.path) is not None)
    )


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    layout = mapping(body, "text", "format")
    declared = objects(body.get("tools"))
    mode, name = _tool_choice(body.get("tool_choice"))
    if mode == "required" and any(word(tool.get("type")) not in {"function", "custom"} for tool in declared):
        mode = None  # a call of a hosted tool obeys as well
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True or "stream=true" in request.url.partition("?")[2],
        tools=_tools(body, declared),
        tool_mode=mode,
        tool_name=name,
        parallel_tools=typed(body, "parallel_tool_calls", bool),
        max_tokens=limit(body, "max_output_tokens"),
        response_format=typed(layout, "type", str),
        response_schema=layout.get("schema"),
        temperature=typed(body, "temperature", (int, float)),
        prompt=text_of(body.get("instructions"), body.get("input")),
        read_turns=lambda: [*system_turns(body.get("instructions")), *conversation(body.get("input"))],
    )


def _take_reply(reply: Reply) -> None:
    if reply.streamed:
        _assemble(reply)
    elif reply.succeeded and isinstance(reply.chunks[0].value.get("output"), list):
        body = reply.chunks[0].value
        choice = Choice(0, "/output", finish_at="/status", calls_at="/output")
        for position, item in enumerate(body["output"]):
            if isinstance(item, dict):
                _take(choice, item, None, f"/output/{position}")
        _close(reply, choice, body, None, "/usage")


def error_of(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return what an event says of a failure (`error` is flat, `response.failed` holds it); None for any other event."""
    kind = value.get("type")
    if kind == "error":
        nested = value.get("error")
        return nested if isinstance(nested, dict) else {key: item for key, item in value.items() if key != "type"}
    if kind == "response.failed":
        return mapping(value, "response", "error")
    return value["error"] if kind is None and isinstance(value.get("error"), dict) else None


def _assemble(reply: Reply) -> None:
    choice = Choice(0, "/response/output", finish_at="/response/status", calls_at="/response/output")
    items, whole = _Items(), None
    last: int | None = None
    for event, value in reply.chunks:
        kind = word(value.get("type"))
        failure = error_of(value)
        if failure is not None:
            reply.errors.append(ErrorBody(event, {"error": failure}, ""))
        if kind in TERMINAL:
            reply.complete = True
            whole, last = mapping(value, "response"), event
        else:
            items.take(choice, kind, value, event)
    items.finish(choice)
    if whole is not None and not items.seen:  # some servers send the items only in the terminal event
        for position, item in enumerate(objects(whole.get("output"))):
            _take(choice, item, last, f"/response/output/{position}")
    if whole is not None or items.seen or any(value.get("type") == "response.created" for _, value in reply.chunks):
        _close(reply, choice, whole or {}, last, "/response/usage")


class _Items:
    """The output items of a stream by `output_index`, built from deltas, or from their `done` event where no delta came."""

    def __init__(self) -> None:
        self.seen = False
        self._calls: dict[Any, ToolCall] = {}
        self._spoken: set[Any] = set()
        self._done: list[tuple[int | None, Any, dict[str, Any]]] = []

    def take(self, choice: Choice, kind: str, value: dict[str, Any], event: int | None) -> None:
        """Take one event."""
        index, delta = item_key(value), value.get("delta")
        item = mapping(value, "item")
        if kind == "response.output_item.added":
            self.seen = True
            if word(item.get("type")) in {"function_call", "custom_tool_call"}:
                self._calls[index] = _call(item, event, "/item", arguments="")
                choice.tool_calls.append(self._calls[index])
        elif kind == "response.output_item.done":
            self.seen = True
            self._done.append((event, index, item))
        elif not isinstance(delta, str):
            return
        elif kind == "response.output_text.delta":
            choice.say(event, delta, "/delta")
            self._spoken.add(index)
        elif kind == "response.refusal.delta":
            choice.refuse(event, delta)
            self._spoken.add(index)
        elif kind in {"response.reasoning_summary_text.delta", "response.reasoning_text.delta"}:
            choice.think(event, delta, "/delta")
            self._spoken.add(index)
        elif kind == "response.function_call_arguments.delta" and index in self._calls:
            call = self._calls[index]
            call.pieces.append(delta)
            call.fragments.append(Fragment(event, "", value))
        else:
            return
        choice.last_output = event

    def finish(self, choice: Choice) -> None:
        """Take from the `done` events what no delta brought."""
        for event, index, item in self._done:
            call = self._calls.get(index)
            if call is not None and not call.arguments and isinstance(item.get("arguments"), str):
                call.pieces = [item["arguments"]]
            elif call is None and index not in self._spoken:
                _take(choice, item, event, "/item")


def _take(choice: Choice, item: dict[str, Any], event: int | None, pointer: str) -> None:
    """Take a whole output item."""
    kind = word(item.get("type"))
    if kind == "message":
        choice.pointer = pointer
        for number, part in enumerate(objects(item.get("content"))):
            if isinstance(part.get("text"), str) and part["text"]:
                choice.say(event, part["text"], f"{pointer}/content/{number}/text")
            else:
                choice.refuse(event, part.get("refusal"))
    elif kind == "reasoning":
        parts = [*objects(item.get("summary")), *objects(item.get("content"))]
        for part in parts:
            choice.think(event, part.get("text"), f"{pointer}/{'summary' if item.get('summary') else 'content'}")
    elif kind in {"function_call", "custom_tool_call"}:
        arguments = item.get("arguments")
        choice.tool_calls.append(_call(item, event, pointer, arguments if isinstance(arguments, str) else ""))
    else:
        choice.structured = True
    choice.last_output = event


def _call(item: dict[str, Any], event: int | None, pointer: str, arguments: str) -> ToolCall:
    """Return a call under the id that its result must name (`call_id`). A custom tool's input is free text, no function's."""
    function: dict[str, Any] | None = {"name": item.get("name"), "arguments": item.get("arguments")}
    if item.get("type") == "custom_tool_call":
        function = None
    call = ToolCall(pointer, event, item.get("call_id"), item.get("name"), [arguments], paths=_PATHS)
    call.fragments.append(Fragment(event, pointer, {"id": item.get("call_id"), "function": function}))
    return call


def _close(reply: Reply, choice: Choice, body: dict[str, Any], event: int | None, at: str) -> None:
    choice.close()
    status = word(body.get("status"))
    if status == "completed":
        choice.finish(event, status, "tool_calls" if choice.tool_calls else "stop")
    elif status == "incomplete":
        reason = word(mapping(body, "incomplete_details").get("reason"))
        choice.finish(event, reason or status, VOCABULARY.finishes.get(reason, reason or status))
    elif status in {"failed", "cancelled"}:
        choice.finish(event, status, VOCABULARY.finishes.get(status, status))
    reply.choices = [choice]
    tokens = body.get("usage")
    if isinstance(tokens, dict):
        value = usage(
            typed(tokens, "input_tokens", int),
            typed(tokens, "output_tokens", int),
            typed(tokens, "total_tokens", int),
            cached=typed(mapping(tokens, "input_tokens_details"), "cached_tokens", int),
            reasoning=typed(mapping(tokens, "output_tokens_details"), "reasoning_tokens", int),
        )
        reply.usages.append(UsageReport(event, at, value, with_choices=True, names=_NAMES))


def _tool_choice(value: Any) -> tuple[ToolMode | None, str | None]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return _MODES.get(value), None
    if not isinstance(value, dict):
        return None, None
    if value.get("type") == "allowed_tools":
        return _MODES.get(word(value.get("mode"))), None
    named = word(value.get("type")) in {"function", "custom"} and isinstance(value.get("name"), str)
    return ("named", value["name"]) if named else (None, None)


def _tools(body: dict[str, Any], declared: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the declared functions; none where a stored prompt or a tool search may add some that nobody here can know.

    An item of the input may declare more (`additional_tools`, recorded 2026-08 of gpt-5.4; `tool_search_output`).
    """
    if isinstance(body.get("prompt"), dict) or any(tool.get("type") == "tool_search" for tool in declared):
        return {}
    later = [tool for item in objects(body.get("input")) for tool in objects(item.get("tools"))]
    declared = [*declared, *later]
    nested = [inner for tool in declared for inner in objects(tool.get("tools"))]
    return {tool["name"]: tool.get("parameters") for tool in [*declared, *nested] if isinstance(tool.get("name"), str)}


decode = Decoder(operation_of, _take_reply, NeutralForm(envelopes, tape))
