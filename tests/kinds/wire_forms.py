"""One answer in the wire form of a dialect that `material` leaves out: Cohere, Converse, and the streams of five."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.material import other, typed

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

TOOL_CITY: Json = {"type": "function", "function": {"name": "get_weather", "parameters": native.WEATHER}}


def cohere(text: str, request: Json | None = None, status: int = 200, **message: Any) -> Conversation:
    """Return a plain answer of Cohere."""
    body = {
        "id": "c1",
        "finish_reason": "COMPLETE",
        "message": {"role": "assistant", "content": [{"type": "text", "text": text}], **message},
        "usage": {"tokens": {"input_tokens": 20, "output_tokens": 9}},
    }
    return other(native.COHERE, {**native.COHERE_REQUEST, **(request or {})}, body, status=status)


def cohere_stream(*texts: str, **request: Any) -> Conversation:
    """Return a stream of Cohere's with text only."""
    start, opened, _, closed, *_rest, end = native.copied(native.COHERE_EVENTS)
    pieces = [
        {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": text}}}} for text in texts
    ]
    end["delta"]["finish_reason"] = "COMPLETE"
    return typed(native.COHERE, {**native.COHERE_REQUEST, **request}, [start, opened, *pieces, closed, end])


def converse(*blocks: Json, stop: str = "end_turn", request: Json | None = None, **top: Any) -> Conversation:
    """Return a plain answer of Converse."""
    body = {
        **native.copied(native.CONVERSE_MESSAGE),
        "output": {"message": {"role": "assistant", "content": list(blocks)}},
        "stopReason": stop,
        **top,
    }
    return other(native.CONVERSE, {**native.CONVERSE_REQUEST, **(request or {})}, body)


def converse_stream(*texts: str, request: Json | None = None) -> Conversation:
    """Return a stream of Converse's with text only."""
    deltas = [{"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}} for text in texts]
    events = [
        native.CONVERSE_EVENTS[0],
        *deltas,
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        native.CONVERSE_EVENTS[-1],
    ]
    return other(native.CONVERSE_STREAM, {**native.CONVERSE_REQUEST, **(request or {})}, native.framed(events))


def gemini_stream(
    *texts: str, request: Json | None = None, thought: bool = False, finish: str = "STOP"
) -> Conversation:
    """Return a stream of Gemini's with text only."""
    mark = {"thought": True} if thought else {}
    events = [
        {
            "candidates": [{"content": {"role": "model", "parts": [{"text": text, **mark}]}, "index": 0}],
            "modelVersion": "gemini-example",
            "responseId": "r1",
        }
        for text in texts
    ]
    last = native.copied(native.GEMINI_EVENTS[-1])
    last["candidates"][0]["finishReason"] = finish
    return other(
        native.GEMINI_STREAM, {**native.GEMINI_REQUEST, **(request or {})}, native.sse([*events, last], named=False)
    )


def ollama_stream(*texts: str, request: Json | None = None, member: str = "content", **last: Any) -> Conversation:
    """Return a stream of Ollama's with text or thoughts only."""
    stamp = {key: native.OLLAMA_LINES[0][key] for key in ("model", "created_at")}
    spoken = [{**stamp, "message": {"role": "assistant", "content": "", member: text}, "done": False} for text in texts]
    end = {**native.copied(native.OLLAMA_LINES[-1]), **last}
    return other(native.OLLAMA, {**native.OLLAMA_REQUEST, **(request or {})}, native.lines([*spoken, end]))


def message_stream(*texts: str, request: Json | None = None, thinking: bool = False, **end: Any) -> Conversation:
    """Return a stream of Anthropic's with one block."""
    kind, member = ("thinking", "thinking") if thinking else ("text", "text")
    empty = {"type": "thinking", "thinking": "", "signature": ""} if thinking else {"type": "text", "text": ""}
    events = [
        native.ANTHROPIC_EVENTS[0],
        {"type": "content_block_start", "index": 0, "content_block": empty},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": f"{kind}_delta", member: text}}
            for text in texts
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 30},
            **end,
        },
        {"type": "message_stop"},
    ]
    return typed(native.ANTHROPIC, {**native.ANTHROPIC_REQUEST, **(request or {})}, events)


def response_stream(*texts: str, request: Json | None = None) -> Conversation:
    """Return a stream of Responses with one message."""
    whole = "".join(texts)
    part = {"type": "output_text", "text": whole, "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    at = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
    begun = {**native.RESPONSE, "status": "in_progress", "output": [], "usage": None}
    events = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, "status": "in_progress", "content": []},
        },
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **at, "delta": text} for text in texts),
        {"type": "response.output_text.done", **at, "text": whole},
        {"type": "response.content_part.done", **at, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {**native.RESPONSE, "output": [item]}},
    ]
    numbered = [{**event, "sequence_number": number} for number, event in enumerate(events)]
    return typed(native.RESPONSES, {**native.RESPONSES_REQUEST, **(request or {})}, numbered)
