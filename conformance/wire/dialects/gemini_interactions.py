"""Google's Interactions API: one interaction whose steps are thoughts, words and calls, or named events that build it step by step.

It is read, and not asked. Source: https://ai.google.dev/api/interactions-api (read 2026-11-28), google-genai 3.4.0; 22 recorded answers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.reading import (
    counted,
    counts,
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
    UsageReport,
)
from conformance.wire.dialects.tape import Closed, Opened, Terminal, envelope
from conformance.wire.dialects.turns import conversation, system_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.tape import Envelope, TapePart
    from conformance.wire.exchange import Exchange, Request

NAME = "gemini-interactions"
LIMITS = ("generation_config.max_output_tokens",)
VOCABULARY = Vocabulary(
    {"completed": "stop", "requires_action": "tool_calls", "incomplete": "length", "failed": "error"},
    frozenset({"model"}),
)
_RUNNING: Final = frozenset({"in_progress", "queued"})
_PATHS: Final = CallPaths(name="name", arguments="arguments")
#: The counts that are added up for the prompt, and for the answer.
_PROMPT: Final = ("total_input_tokens", "total_tool_use_tokens")
_COMPLETION: Final = ("total_output_tokens", "total_thought_tokens")
_NAMES: Final = {
    "prompt_tokens": "total_input_tokens",
    "completion_tokens": "total_output_tokens",
    "total_tokens": "total_tokens",
    "prompt_tokens_details/cached_tokens": "total_cached_tokens",
    "completion_tokens_details/reasoning_tokens": "total_thought_tokens",
}
_ENVELOPE: Final = {"kind": "object", "id": "id", "model": "model", "created": "created"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    return "chat" if request.method == "POST" and request.path.endswith("/interactions") else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    config = mapping(body, "generation_config")
    declared = [tool for tool in objects(body.get("tools")) if tool.get("type") == "function"]
    given = body.get("input")
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True,
        tools={tool["name"]: tool.get("parameters") for tool in declared if isinstance(tool.get("name"), str)},
        max_tokens=typed(config, "max_output_tokens", int),
        stop=strings(config.get("stop_sequences")),
        temperature=typed(config, "temperature", (int, float)),
        seed=typed(config, "seed", int),
        prompt=text_of(body.get("system_instruction"), given),
        read_turns=lambda: [*system_turns(body.get("system_instruction")), *conversation(_messages(given))],
    )


def _messages(given: object) -> object:
    """Return an input as messages: a text, contents of one turn, or the steps of several."""
    steps = objects(given)
    if not steps:
        return given if isinstance(given, str) else [{"role": "user", "content": given}]
    if not any("content" in step or "call_id" in step for step in steps):
        return [{"role": "user", "content": steps}]
    return [_message(step) for step in steps]


def _message(step: dict[str, Any]) -> dict[str, Any]:
    kind = word(step.get("type"))
    if kind == "function_result":
        return {
            "role": "tool",
            "tool_call_id": step.get("call_id"),
            "name": step.get("name"),
            "content": step.get("result"),
        }
    if kind == "function_call":
        call = {"id": step.get("id"), "function": {"name": step.get("name"), "arguments": step.get("arguments")}}
        return {"role": "assistant", "content": "", "tool_calls": [call]}
    role = step.get("role") or ("assistant" if kind in {"model_output", "thought"} else "user")
    return {"role": role, "content": step.get("content")}


def _assemble(reply: Reply) -> None:
    if reply.streamed:
        failed = (chunk for chunk in reply.chunks if chunk.value.get("error") is not None)
        reply.errors.extend(ErrorBody(event, value, "") for event, value in failed)
    if reply.errors and not reply.streamed:
        return
    finish_at, calls_at = ("/interaction/status", "/step") if reply.streamed else ("/status", "/steps")
    choice = Choice(0, "", finish_at=finish_at, calls_at=calls_at)
    calls: dict[Any, ToolCall] = {}
    seen = False
    for event, value in reply.chunks:
        whole = mapping(value, "interaction") if reply.streamed else value
        seen = seen or "steps" in whole or "step" in value or "outputs" in whole
        if not reply.streamed:
            _take_whole(choice, whole, event)
        if value.get("event_type") == "step.start":
            call = _take(choice, mapping(value, "step"), event, "/step")
            if call is not None:
                calls[slot(value.get("index"))] = call
        elif value.get("event_type") in ("step.delta", "content.delta"):  # any JSON: a list has no hash
            _extend(choice, mapping(value, "delta"), event, calls.get(slot(value.get("index"))))
        _end(reply, choice, whole, event)
    for call in calls.values():
        call.pieces = call.pieces or ["{}"]  # none followed
    choice.close()
    if seen or choice.finishes:
        reply.choices = [choice]
    reply.complete = bool(choice.finishes)


def _end(reply: Reply, choice: Choice, whole: dict[str, Any], event: int | None) -> None:
    status = whole.get("status")
    if status is not None and word(status) not in _RUNNING:
        neutral = (
            "tool_calls"
            if status == "completed" and choice.tool_calls
            else VOCABULARY.finishes.get(word(status), status)
        )
        choice.finish(event, status, neutral)
    tokens = whole.get("usage")
    if isinstance(tokens, dict):
        result = usage(
            counts(tokens, _PROMPT),
            counts(tokens, _COMPLETION),
            typed(tokens, "total_tokens", int),
            cached=typed(tokens, "total_cached_tokens", int),
            reasoning=typed(tokens, "total_thought_tokens", int),
        )
        at = "/interaction/usage" if reply.streamed else "/usage"
        sums = {"prompt_tokens": counted(tokens, _PROMPT), "completion_tokens": counted(tokens, _COMPLETION)}
        reply.usages[:] = [UsageReport(event, at, result, with_choices=True, names=_NAMES, sums=sums)]


def _take(choice: Choice, step: dict[str, Any], event: int | None, pointer: str) -> ToolCall | None:
    """Take a step as it begins or stands whole. Returns the call that it is."""
    kind = word(step.get("type"))
    if kind == "function_call":
        call = ToolCall(pointer, event, step.get("id"), step.get("name"), paths=_PATHS)
        arguments = step.get("arguments")
        call.pieces = [json.dumps(arguments)] if arguments or event is None else []  # in a stream they follow
        call.fragments.append(Fragment(event, pointer, {**step, "function": None} if event is not None else step))
        choice.call(call)
        return call
    if kind == "thought":
        choice.think(event, _spoken(step.get("summary")), f"{pointer}/summary")
    elif kind == "model_output":
        for number, part in enumerate(objects(step.get("content"))):
            choice.say(event, part.get("text"), f"{pointer}/content/{number}/text")
            choice.structured = choice.structured or "text" not in part
    elif kind:
        choice.structured = True
    return None


def _take_whole(choice: Choice, whole: dict[str, Any], event: int | None) -> None:
    """Take the steps of a whole answer; of the API's first form, its outputs (and `content.*` events; recorded 2026-04-16)."""
    for number, step in enumerate(objects(whole.get("steps"))):
        _take(choice, step, event, f"/steps/{number}")
    for number, output in enumerate(objects(whole.get("outputs"))):
        if output.get("type") == "text":
            choice.say(event, output.get("text"), f"/outputs/{number}/text")
        else:
            _take(choice, output, event, f"/outputs/{number}")


def _spoken(content: object) -> str:
    """Return the words of a content, or of a list of them."""
    return "".join(word(part.get("text")) for part in objects(content) or objects([content]))


def _extend(choice: Choice, delta: dict[str, Any], event: int | None, call: ToolCall | None) -> None:
    kind = word(delta.get("type"))
    if kind == "text":
        choice.say(event, delta.get("text"), "/delta/text")
    elif kind == "thought_summary":
        choice.think(event, _spoken(delta.get("content")), "/delta/content")
    elif kind == "arguments_delta" and call is not None:
        piece = delta.get("arguments")
        call.pieces.append(piece if isinstance(piece, str) else "")
        choice.last_output = event
    elif kind not in {"thought_signature", "text_annotation_delta"}:
        choice.structured = True


def _envelopes(reply: Reply) -> Iterator[Envelope]:
    for event, value in reply.chunks:
        if isinstance(value.get("interaction"), dict):
            yield envelope(event, "/interaction", value["interaction"], _ENVELOPE)
        elif not reply.streamed and not reply.errors:
            yield envelope(event, "", value, _ENVELOPE)


def _tape(reply: Reply) -> Iterator[TapePart]:
    if reply.streamed:
        yield from grammar_of(NAME).tape(reply)
        return
    for event, value in reply.chunks:
        if isinstance(value.get("steps"), list):
            for position, step in enumerate(objects(value["steps"])):
                at = f"/steps/{position}"
                yield Opened(event, at, (position,), step.get("id"), step.get("type"), step.get("name"))
                yield Closed(event, at, (position,), None, step)
            yield Terminal(event, "", "interaction", value)


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, _tape))
