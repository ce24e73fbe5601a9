"""Conforming completions, plain and streamed, and streams in every legal framing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutation.wire import (
    CLOCK,
    WEATHER,
    Json,
    ask,
    call,
    called,
    counted,
    piece,
    plain,
    said,
    spoken,
    sse,
    steady,
    stream,
    swapped,
    timed,
    with_usage,
)

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

LOIRE = ("The", " Loire", " is", " the", " longest", " river", " in", " France", ".")
_RIVERS = (
    "A river begins where water gathers: a spring, a bog, the foot of a glacier. It takes the steepest way that it finds, "
    "cuts into soft ground and goes round hard rock, carries sand and drops it again where it slows down. Below the hills "
    "it winds, leaves oxbow lakes behind, and splits into arms before it meets the sea. Towns grew on its banks because "
    "barges are cheap, and mills because falling water turns a wheel."
)
LONG = tuple(f" {word}" for word in _RIVERS.split())
TOWN = {
    "type": "object",
    "properties": {"town": {"type": "string"}},
    "required": ["town"],
    "additionalProperties": False,
}
AS_OBJECT: Json = {"response_format": {"type": "json_object"}}
AS_TOWN: Json = {
    "response_format": {"type": "json_schema", "json_schema": {"name": "town", "strict": True, "schema": TOWN}}
}
TOOLS: Json = {"tools": [WEATHER, CLOCK]}
NAMED: Json = TOOLS | {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
EMOJI = "Grüße, 世界! 👩‍👩‍👧 שלום"
ASK_EMOJI = f"Repeat exactly: {EMOJI}"
ASKED_WEATHER = "What is the weather in Nantes?"
MADE_CALL: Json = {"role": "assistant", "content": None, "tool_calls": [call("get_weather", '{"town": "Nantes"}')]}
CALL_RESULT: Json = {"role": "tool", "tool_call_id": "call_k3Vd", "content": "14 degrees, light rain"}
ROUND_TRIP = [{"role": "user", "content": ASKED_WEATHER}, MADE_CALL, CALL_RESULT]
ROLE: Json = piece({"role": "assistant", "content": None})


def _token(text: str, logprob: float) -> Json:
    raw = list(text.encode())
    return {
        "token": text,
        "logprob": logprob,
        "bytes": raw,
        "top_logprobs": [{"token": text, "logprob": logprob, "bytes": raw}],
    }


def _logprobs(*tokens: str) -> Json:
    return {"content": [_token(text, -0.25) for text in tokens], "refusal": None}


def _tool_stream(*chunks: Json, finish: str = "tool_calls", **body: object) -> Exchange:
    return stream(ask(ASKED_WEATHER, **(TOOLS | body)), [ROLE, *chunks, piece({}, finish)])


WEATHER_CALL = called("get_weather", '{"to', 'wn": "Na', 'ntes"}')
PARALLEL = [*WEATHER_CALL, *called("get_weather", '{"town":', ' "Brest"}', index=1, call_id="call_p8Zu")]

PLAIN: dict[str, Exchange] = {
    "plain": plain(ask(), said("The Loire.")),
    "plain-system": plain(ask(history=[{"role": "system", "content": "Answer in one word."}]), said("Loire.")),
    "plain-multi-turn": plain(
        ask(
            "And its longest tributary?",
            history=[{"role": "user", "content": "Name a river."}, {"role": "assistant", "content": "The Loire."}],
        ),
        said("The Vienne."),
    ),
    "plain-refusal": plain(ask(), said(None, refusal="I cannot help with that.")),
    "plain-content-filter": plain(ask(), said("", "content_filter")),
    "plain-reasoning": plain(
        ask(),
        said("The Loire.", reasoning_content="They want one river, so one is enough."),
        usage=counted(completion=20, completion_tokens_details={"reasoning_tokens": 11}),
    ),
    "plain-unicode": plain(ask(ASK_EMOJI), said(EMOJI)),
    "plain-cached": plain(
        ask(), said("The Loire."), usage=counted(prompt=40, prompt_tokens_details={"cached_tokens": 32})
    ),
    "plain-length": plain(ask(max_tokens=9), said("The Loire, which rises in the Ardèche,", "length")),
    "plain-cut": plain(
        ask("Write about rivers.", max_tokens=128), said("".join(LONG), "length"), usage=counted(completion=128)
    ),
    "plain-stop": plain(ask("Count from 5 to 9.", stop=["7"]), said("5, 6, ")),
    "plain-n": plain(ask(n=2), said("The Loire."), said("The Rhône.", index=1)),
    "plain-logprobs": plain(
        ask(logprobs=True, top_logprobs=1), said("The Loire.", logprobs=_logprobs("The", " Loire", "."))
    ),
    "plain-json-object": plain(ask("A town as JSON.", **AS_OBJECT), said('{"town": "Nantes"}')),
    "plain-json-schema": plain(ask("A town as JSON.", **AS_TOWN), said('{"town": "Nantes"}')),
    "plain-tools-unused": plain(ask(**TOOLS), said("The Loire.")),
    "plain-tool": plain(
        ask(ASKED_WEATHER, **TOOLS), said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Nantes"}')])
    ),
    "plain-tools-parallel": plain(
        ask("Nantes and Brest?", **TOOLS),
        said(
            None,
            "tool_calls",
            tool_calls=[
                call("get_weather", '{"town": "Nantes"}'),
                call("get_weather", '{"town": "Brest"}', "call_p8Zu"),
            ],
        ),
    ),
    "plain-tool-no-arguments": plain(
        ask("What time is it?", **TOOLS), said(None, "tool_calls", tool_calls=[call("clock", "{}")])
    ),
    "plain-tool-named": plain(ask(**NAMED), said(None, "stop", tool_calls=[call("get_weather", '{"town": "Tours"}')])),
    "plain-tool-required": plain(
        ask(tool_choice="required", **TOOLS),
        said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Tours"}')]),
    ),
    "plain-tool-none": plain(ask(tool_choice="none", **TOOLS), said("The Loire.")),
    "plain-tool-single": plain(
        ask("Nantes and Brest?", parallel_tool_calls=False, **TOOLS),
        said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Nantes"}')]),
    ),
    "plain-tool-result": plain(ask("", history=ROUND_TRIP, **TOOLS), said("14 degrees and light rain.")),
}

STREAM: dict[str, Exchange] = {
    "stream": stream(ask(), spoken(*LOIRE)),
    "stream-short": stream(ask(), spoken("Loire")),
    "stream-long": stream(ask("Write about rivers."), spoken(*LONG)),
    "stream-refusal": stream(
        ask(),
        [
            piece({"role": "assistant", "content": None}),
            piece({"refusal": "I cannot"}),
            piece({"refusal": " do that."}),
            piece({}, "stop"),
        ],
    ),
    "stream-content-filter": stream(ask(), spoken("The", " river", finish="content_filter")),
    "stream-reasoning": stream(
        ask(),
        [
            piece({"role": "assistant", "content": ""}),
            piece({"reasoning_content": "One river"}),
            piece({"reasoning_content": " is enough."}),
            *spoken("The", " Loire", ".")[1:],
        ],
    ),
    "stream-unicode": stream(ask(ASK_EMOJI), spoken(*EMOJI)),
    "stream-usage": stream(ask(stream_options={"include_usage": True}), with_usage(spoken(*LOIRE))),
    "stream-length": stream(
        ask(max_tokens=9, stream_options={"include_usage": True}),
        with_usage(spoken("The", " Loire", ",", finish="length")),
    ),
    "stream-cut": stream(ask("Write about rivers.", max_completion_tokens=128), spoken(*LONG, finish="length")),
    "stream-stop": stream(ask("Count from 5 to 9.", stop="7"), spoken("5", ", ", "6", ", ")),
    "stream-n": stream(
        ask(n=2),
        [
            *spoken("The", " Loire", finish=None),
            *spoken("The", " Rhône", finish=None, index=1),
            piece({}, "stop"),
            piece({}, "stop", index=1),
        ],
    ),
    "stream-logprobs": stream(
        ask(logprobs=True, top_logprobs=1),
        [
            piece({"role": "assistant", "content": ""}),
            piece({"content": "The"}, logprobs=_logprobs("The")),
            piece({"content": " Loire"}, logprobs=_logprobs(" Loire")),
            piece({}, "stop"),
        ],
    ),
    "stream-json-object": stream(ask("A town as JSON.", **AS_OBJECT), spoken('{"', "town", '": "', "Nantes", '"}')),
    "stream-json-schema": stream(ask("A town as JSON.", **AS_TOWN), spoken('{"', "town", '": "', "Nantes", '"}')),
    "stream-tools-unused": stream(ask(**TOOLS), spoken(*LOIRE)),
    "stream-tool": _tool_stream(*WEATHER_CALL),
    "stream-tools-parallel": _tool_stream(*PARALLEL),
    "stream-tool-no-arguments": _tool_stream(*called("clock", "{}")),
    "stream-tool-named": _tool_stream(*WEATHER_CALL, finish="stop", tool_choice=NAMED["tool_choice"]),
    "stream-tool-required": _tool_stream(*WEATHER_CALL, tool_choice="required"),
    "stream-tool-none": stream(ask(tool_choice="none", **TOOLS), spoken(*LOIRE)),
    "stream-tool-single": _tool_stream(*WEATHER_CALL, parallel_tool_calls=False),
    "stream-timed": timed(stream(ask("Write about rivers."), spoken(*LONG)), steady()),
    "stream-tool-timed": timed(_tool_stream(*WEATHER_CALL), steady()),
}

FRAMING: dict[str, Exchange] = {
    "framing-crlf": swapped(STREAM["stream"], b"\n", b"\r\n"),
    "framing-cr": swapped(STREAM["stream-unicode"], b"\n", b"\r"),
    "framing-comments": stream(
        ask(), [], body=b"\xef\xbb\xbf: waiting\n\n" + sse(spoken(*LOIRE)).replace(b"\n\n", b"\n\n: still here\n\n")
    ),
    "framing-no-space": swapped(STREAM["stream-tool"], b"data: ", b"data:"),
    "framing-fields": swapped(STREAM["stream"], b"data: {", b"id: 7\nretry: 3000\ndata: {"),
    "framing-data-lines": swapped(STREAM["stream"], b', "choices"', b',\ndata: "choices"'),
}
