"""OpenAI Chat Completions and the model listing beside it.

Source: https://platform.openai.com/docs/api-reference/chat and /models (read 2026-11-21), openai 3.52.0's types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.openai_chat.copies import extend_by_copies
from conformance.wire.dialects.openai_chat.neutral import REASONING_FIELDS, envelopes
from conformance.wire.dialects.reading import is_failure, limit, strings, typed
from conformance.wire.dialects.reply import (
    Asked,
    Choice,
    Chunk,
    ErrorBody,
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    ToolMode,
    UsageReport,
)
from conformance.wire.dialects.turns import conversation
from conformance.wire.rolled import Rolled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.wire.exchange import Exchange, Request, Response
    from conformance.wire.sse import Event

NAME = "openai-chat"
#: A listing, one model, or a failure to give them. Anthropic's pages and models have the foreign keys too, and its failures a
#: type and a request_id; Gemini's and Replicate's have none of the first (recorded).
_LISTING_KEYS = frozenset({"object", "data", "error", "detail", "message"})
_FOREIGN_KEYS = frozenset({"has_more", "display_name"})


#: Mistral's agents answer in chat completions too (https://docs.mistral.ai/api/#tag/agents, read 2026-11-28).
_COMPLETIONS = ("/chat/completions", "/agents/completions")
_OK = 200
#: Folders that hold a listing of this API: a version, or the name of the API itself.
_FOLDER = re.compile(r"v\d{1,3}\w{0,8}|openai")


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    path = request.path
    if path.endswith(_COMPLETIONS):
        return "chat"
    if request.method == "GET":
        if path.endswith("/models"):
            return "models"
        if "/models/" in path:
            return "model"
    return "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect. Others list models at the same path: there the body decides."""
    operation = operation_of(exchange.request)
    if operation not in {"models", "model"}:
        return operation == "chat" and not _is_stored(exchange)
    value = exchange.response.document.value if exchange.response else None
    if isinstance(value, list):
        return operation == "models" and (_lists_here(exchange.request) or any(map(_is_model, value)))
    if isinstance(value, dict) and isinstance(value.get("models"), list):
        return any(isinstance(entry, dict) and "id" in entry for entry in value["models"])
    if not isinstance(value, dict):  # no listing at all: where most hosts list theirs, it is owed
        answered = exchange.response is not None and exchange.response.status == _OK
        return answered and exchange.request.path.endswith("/v1/models")
    foreign = bool(_FOREIGN_KEYS & value.keys()) or (value.get("type") == "error" and "request_id" in value)
    return bool(_LISTING_KEYS & value.keys()) and not foreign


def _lists_here(request: Request) -> bool:
    """Whether a listing of this dialect is owed at a path: below a version or `openai`. Hubs list their own entries elsewhere."""
    parent = request.path.removesuffix("/models").rpartition("/")[2]
    return _FOLDER.fullmatch(parent) is not None


def _is_model(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("object") == "model"


def _is_stored(exchange: Exchange) -> bool:
    """Whether an answer lists or tells completions that were stored: a GET that succeeded makes none."""
    succeeded = exchange.response is not None and exchange.response.status == _OK
    return exchange.request.method != "POST" and succeeded


def asked(request: Request) -> Asked:
    """Read a request; parameters of a wrong type count as absent, because error probes send them on purpose."""
    body = request.json
    options = body.get("stream_options")
    mode, name = _tool_choice(body.get("tool_choice"))
    kind, schema = _response_format(body.get("response_format"))
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True,
        include_usage=options.get("include_usage") is True if isinstance(options, dict) else None,
        tools=_tools(body.get("tools")),
        tool_mode=mode,
        tool_name=name,
        parallel_tools=typed(body, "parallel_tool_calls", bool),
        max_tokens=limit(body, "max_completion_tokens", "max_tokens", "n_predict"),
        stop=strings(body.get("stop")),
        n=typed(body, "n", int) or 1,
        response_format=kind,
        response_schema=schema,
        logprobs=body.get("logprobs") is True,
        top_logprobs=typed(body, "top_logprobs", int),
        temperature=typed(body, "temperature", (int, float)),
        seed=typed(body, "seed", int),
        prompt=_prompt(body.get("messages")),
        read_turns=lambda: conversation(body.get("messages")),
    )


def _array(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:  # noqa: ARG001 - as the decoder calls it
    """Read a listing that is a bare array, as some send it: the schema judges it."""
    listed = response.document.value
    if operation != "models" or not isinstance(listed, list) or is_failure(response.status):
        return None
    return Reply(operation, streamed=False, chunks=Rolled([Chunk(None, cast("Any", listed))]), complete=True)


def _take(reply: Reply) -> None:
    if reply.streamed:
        reply.errors.extend(_errors_in(reply))
        _assemble(reply, "delta")
        reply.complete = bool(reply.done) or bool(reply.choices and all(choice.finishes for choice in reply.choices))
    elif reply.operation == "chat" and not reply.errors:
        _assemble(reply, "message")


def _errors_in(reply: Reply) -> Iterator[ErrorBody]:
    events: Sequence[Event] = ()
    if reply.stream is not None:
        events = reply.stream.events
        if not any(event.type == "error" for event in reply.stream.events.told):  # those that are alike have one name
            events = ()
    if not events and not any("error" in value for _, value in reply.telling):
        return
    for event, value in reply.chunks:
        named = event is not None and bool(events) and events[event].type == "error"
        if named or ("error" in value and value["error"] is not None):
            yield ErrorBody(event, value, "")


def _assemble(reply: Reply, part: str) -> None:
    choices: dict[Any, Choice] = {}
    at = 0
    for copies in reply.copies:
        _gather(choices, reply, reply.chunks[at : copies.start + 1], part)
        at = copies.start + 1 + extend_by_copies(choices, reply, copies, part)
    _gather(choices, reply, reply.chunks[at:], part)
    for choice in choices.values():
        choice.close()
    reply.choices = [choices[index] for index in sorted(choices)]


def _gather(  # noqa: C901, PLR0912 - one pass over every chunk: calls would double its cost
    choices: dict[Any, Choice], reply: Reply, chunks: Iterable[Chunk], part: str
) -> None:
    for event, value in chunks:
        listed = value.get("choices")
        if listed.__class__ is list:
            for position, item in enumerate(listed):
                if item.__class__ is not dict:
                    continue
                index = item.get("index")
                if index.__class__ is not int:
                    index = position
                choice = choices.get(index)
                if choice is None:
                    choice = choices[index] = _choice(index, f"/choices/{position}", part)
                delta = item.get(part)
                if delta.__class__ is dict:
                    text = delta.get("content")
                    if text.__class__ is str:
                        if text:
                            choice.texts.append((event, text))
                            choice.last_output = event
                        if len(delta) > 1:
                            _extend(choice, delta, event, f"/choices/{position}/{part}")
                    elif delta:
                        _extend(choice, delta, event, f"/choices/{position}/{part}")
                finish = item.get("finish_reason")
                if finish is not None:
                    choice.finishes.append((event, finish))
        usage = value.get("usage")
        if usage is not None:
            reply.usages.append(UsageReport(event, "/usage", usage, with_choices=bool(listed)))


def _choice(index: int, pointer: str, part: str) -> Choice:
    at = f"{pointer}/{part}"
    return Choice(index, pointer, said_at=f"{at}/content", calls_at=f"{at}/tool_calls")


def _extend(choice: Choice, delta: dict[str, Any], event: int | None, pointer: str) -> None:
    content = delta.get("content")
    if isinstance(content, list):
        _extend_from_parts(choice, content, event)
    for name in REASONING_FIELDS:
        text = delta.get(name)
        if isinstance(text, str) and text:
            choice.thought_at = choice.thought_at or f"{pointer}/{name}"
            choice.reasoned.append((event, text))
            choice.last_output = event
            break
    choice.refuse(event, delta.get("refusal"))
    if delta.get("function_call") or delta.get("audio"):
        choice.structured = True
        choice.last_output = event
    calls = delta.get("tool_calls")
    if isinstance(calls, list):
        for position, item in enumerate(calls):
            if isinstance(item, dict):
                _extend_call(choice, Fragment(event, f"{pointer}/tool_calls/{position}", item))
                choice.last_output = event


def _extend_from_parts(choice: Choice, parts: list[Any], event: int | None) -> None:
    """Take content given as a list of typed parts (Mistral's reasoning models)."""
    for part in parts:
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("text"), str):
            choice.texts.append((event, part["text"]))
        elif isinstance(part.get("thinking"), list):
            thoughts = (str(item.get("text", "")) for item in part["thinking"] if isinstance(item, dict))
            choice.reasoned.extend((event, text) for text in thoughts)
        choice.last_output = event


def _extend_call(choice: Choice, fragment: Fragment) -> None:
    item = fragment.value
    call = _call_of(choice, fragment)
    if call is None:
        call = ToolCall(fragment.pointer, fragment.event)
        choice.tool_calls.append(call)
        if isinstance(item.get("index"), int):
            choice.streamed_calls[item["index"]] = call
    call.fragments.append(fragment)
    if call.id is None:
        call.id = item.get("id")
    function = item.get("function")
    if isinstance(function, dict):
        if call.name is None:
            call.name = function.get("name")
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            call.pieces.append(arguments)


def _call_of(choice: Choice, fragment: Fragment) -> ToolCall | None:
    """Find the call that a fragment continues: by index as SDKs do; without one, an id opens a call and no id continues the last."""
    if fragment.event is None:
        return None  # a plain body lists whole calls
    index = fragment.value.get("index")
    if isinstance(index, int):
        return choice.streamed_calls.get(index)
    if fragment.value.get("id"):
        return None
    return choice.tool_calls[-1] if choice.tool_calls else None


def _tool_choice(value: Any) -> tuple[ToolMode | None, str | None]:  # noqa: ANN401
    if isinstance(value, dict) and isinstance(value.get("function"), dict):
        name = value["function"].get("name")
        return "named", name if isinstance(name, str) else None
    modes: dict[Any, ToolMode] = {"auto": "auto", "none": "none", "required": "required"}
    return (modes.get(value), None) if isinstance(value, str) else (None, None)


def _response_format(value: Any) -> tuple[str | None, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        return None, None
    wrapped, kind = value.get("json_schema"), value.get("type")
    return kind if isinstance(kind, str) else None, wrapped.get("schema") if isinstance(wrapped, dict) else None


def _tools(value: Any) -> dict[str, Any]:  # noqa: ANN401
    functions = (tool.get("function") for tool in value if isinstance(tool, dict)) if isinstance(value, list) else ()
    named = (item for item in functions if isinstance(item, dict) and isinstance(item.get("name"), str))
    return {item["name"]: item.get("parameters") for item in named}


def _prompt(messages: Any) -> str:  # noqa: ANN401
    if not isinstance(messages, list):
        return ""
    contents = [message.get("content") for message in messages if isinstance(message, dict)]
    lists = (content if isinstance(content, list) else [{"text": content}] for content in contents)
    texts = (part.get("text") for parts in lists for part in parts if isinstance(part, dict))
    return "\n".join(text for text in texts if isinstance(text, str))


decode = Decoder(operation_of, _take, NeutralForm(envelopes, choices_tape), _array)
