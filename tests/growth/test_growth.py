"""Judging costs as much more as there is more to judge: counted in byte-code instructions, never in seconds."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, Timing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Chunk = dict[str, Any]
_HEAD = {"id": "c", "object": "chat.completion.chunk", "created": 1_780_000_000, "model": "example-large"}
_TOOL = {"type": "function", "function": {"name": "f", "parameters": {"properties": {"a": {"type": "string"}}}}}
_ASKED = {"model": "example-large", "messages": [{"role": "user", "content": "Hi"}], "stream": True, "tools": [_TOOL]}


def chunk(delta: Chunk, finish: str | None = None, **more: Any) -> Chunk:
    """Return a chunk with one choice."""
    return {**_HEAD, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def call(index: int | None, arguments: str, *, opens: bool = False) -> Chunk:
    """Return a chunk with a fragment of a tool call."""
    opening = {"id": f"call_{index}", "type": "function"} if opens else {}
    function = {"name": "f", "arguments": arguments} if opens else {"arguments": arguments}
    return chunk({"tool_calls": [{"index": index, **opening, "function": function}]})


def body(chunks: list[Chunk], line_end: str = "\n") -> bytes:
    """Return a whole stream of these chunks."""
    events = [json.dumps(value) for value in (chunk({"role": "assistant", "content": ""}), *chunks, chunk({}, "stop"))]
    return "".join(f"data: {event}{line_end}{line_end}" for event in (*events, "[DONE]")).encode()


#: Streams by a number that their size is proportional to.
STREAMS: dict[str, Callable[[int], bytes]] = {
    "text": lambda size: body([chunk({"content": f"word {number} "}) for number in range(size)]),
    "the same text": lambda size: body([chunk({"content": "and so on "})] * size),
    "CRLF": lambda size: body([chunk({"content": "word "})] * size, "\r\n"),
    "CR": lambda size: body([chunk({"content": "word "})] * size, "\r"),
    "comments": lambda size: b": keep-alive\n\n" * size + body([]),
    "lines that are no field": lambda size: b"foo: bar\n" * size + body([]),
    "reasoning": lambda size: body([chunk({"reasoning": f"word {number} "}) for number in range(size)]),
    "fragments of one call": lambda size: body(
        [call(0, '{"a": "', opens=True), *[call(0, "word ")] * size, call(0, '"}')]
    ),
    "calls": lambda size: body([call(number, "{}", opens=True) for number in range(size)]),
    "calls in turn": lambda size: body(
        [call(number, "{", opens=True) for number in range(size)] + [call(number, "}") for number in range(size)]
    ),
    "calls without an index": lambda size: body([call(None, "{}", opens=True) for _ in range(size)]),
    "choices": lambda size: body([{**_HEAD, "choices": [{"index": number, "delta": {}} for number in range(size)]}]),
    "schema errors": lambda size: body([chunk({"content": 7}, created="now")] * size),
    "additive fields": lambda size: body([{**chunk({"content": "x"}), f"x_{number}": 1} for number in range(size)]),
    "keys that stand twice": lambda size: body([chunk({})] * size).replace(b'"id"', b'"id": 0, "id"'),
    "payloads that are no JSON": lambda size: b"data: {\n\n" * size,
    "errors": lambda size: b'data: {"error": {"message": "overloaded"}}\n\n' * size,
    "usage everywhere": lambda size: body([chunk({"content": "x"}, usage={"prompt_tokens": 1})] * size),
    "roles everywhere": lambda size: body([chunk({"role": "assistant", "content": "x"})] * size),
    "finish reasons everywhere": lambda size: body([chunk({"content": "x"}, "stop")] * size),
}


def judged(stream: bytes, read: int) -> Callable[[], object]:
    """Return the work of judging a stream that arrived in reads of so many bytes."""
    reads = tuple((number / 1000, min(read, len(stream) - at)) for number, at in enumerate(range(0, len(stream), read)))
    request = Request("POST", "https://api.example.com/v1/chat/completions", {}, json.dumps(_ASKED).encode())
    response = Response(200, {"content-type": "text/event-stream"}, stream, "clean")
    return lambda: judge(Case(Exchange("x", request, response, Timing(chunks=reads))))


def instructions(work: Callable[[], object]) -> int:
    """Count the byte-code instructions that some work takes, in our modules and in what they call."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if event == "call":
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("read", [7, 1 << 20], ids=["small-reads", "one-read"])
@pytest.mark.parametrize("name", STREAMS)
def test_twice_the_stream_takes_twice_the_work(name: str, read: int) -> None:
    make = STREAMS[name]
    short, long = make(100), make(200)
    for stream in (short, long):  # schemas and patterns are compiled, and shapes remembered, of both
        judged(stream, read)()
    assert instructions(judged(long, read)) < 2.05 * instructions(judged(short, read)), name
