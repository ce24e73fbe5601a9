"""Reports on the Messages API, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, numbered, other, typed
from tests.kinds.wire_forms import message_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutation.wire import Conversation, Json

URL = native.ANTHROPIC
ASKED = {**native.ANTHROPIC_REQUEST, "thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048}
START, *_ = native.ANTHROPIC_EVENTS


def changed(change: Callable[[list[Json]], Any]) -> Conversation:
    """Return the stream of a thought, a text and a call after a change in place.

    The blocks stand at events 1 to 5, 6 to 8 and 9 to 13.
    """
    events: list[Json] = native.copied(native.ANTHROPIC_EVENTS)
    change(events)
    return typed(URL, ASKED, events)


def _block(index: int, block: Json, *deltas: Json) -> list[Json]:
    return [
        {"type": "content_block_start", "index": index, "content_block": block},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def said(*blocks: Json, reason: str = "end_turn", **usage: Any) -> Conversation:
    """Return a stream of whole blocks' events."""
    end = {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}}
    return typed(
        URL, ASKED, [START, *blocks, {**end, "usage": {"output_tokens": 30, **usage}}, {"type": "message_stop"}]
    )


def _open_per_token() -> list[Json]:
    return [
        event
        for word in ("Let ", "me ", "look.")
        for event in _block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": word})[:2]
    ] + [{"type": "content_block_stop", "index": 0}]


def _zero_input(events: list[Json]) -> None:
    events[0]["message"]["usage"]["input_tokens"] = 0
    events[-2]["usage"]["input_tokens"] = 20


def _without(block: int, member: str) -> Callable[[list[Json]], Any]:
    return lambda events: events[block]["content_block"].pop(member)


def _unsigned(events: list[Json]) -> None:
    events[1]["content_block"].pop("signature")
    events.pop(4)


STREAMS = kind(
    "fifth: Messages streams",
    "The events of a Messages stream do not open, fill and close one block after another.",
    "anthropic.stop_reason_consistency anthropic.message_shape anthropic.event_sequence anthropic.delta_matches_block "
    "anthropic.event_shape anthropic.usage_nonzero error.status_nonsuccess anthropic.thinking_signed stream.failed_midway",
    {
        # bifrost 3638: stop reason of a call
        "call-that-ends-the-turn": changed(lambda e: e[-2]["delta"].update(stop_reason="end_turn")),
        # cc-switch 7396: member of the first snapshot
        "start-without-content": changed(lambda e: e[0]["message"].pop("content")),
        # ai 11771: index
        "delta-at-the-next-index": changed(lambda e: e[7].update(index=2)),
        # llm-rosetta 246: index
        "text-at-the-thought": changed(lambda e: e[7].update(index=0)),
        # surogate 113: block that is not closed
        "block-in-a-block": changed(lambda e: e.pop(8)),
        # litellm 33315: delta without its text
        "delta-of-nothing": changed(lambda e: e.insert(8, {"type": "content_block_delta", "index": 1, "delta": {}})),
        # sglang 20678: count of the input
        "input-is-zero-first": changed(_zero_input),
        # llmgateway 2271: no message_start
        "stop-and-nothing-else": typed(URL, ASKED, [{"type": "message_stop"}]),
        # claude-relay-service 1144: shape of the error event
        "error-of-its-own": other(
            URL,
            {**ASKED, "stream": True},
            'event: error\ndata: {"error": "Claude API error", "status": 429, "details": "limit", "timestamp": "2026-04-10T00:00:00Z"}\n\n'
            "data: [DONE]\n\n",
        ),
        # opencode2api 27: stop reason without a call
        "stops-for-no-call": said(
            *_block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "Let me look."}), reason="tool_use"
        ),
        # sglang 39752: signature
        "thought-is-not-signed": changed(_unsigned),
        # litellm 38153: signature
        "signature-stays-empty": changed(lambda e: e.pop(4)),
        # cc-switch 2557: member of a block
        "call-starts-without-input": changed(_without(9, "input")),
        # llama.cpp 18551: block opened twice
        "open-with-each-token": said(*_open_per_token()),
        # openclaw 57853: message_start twice
        "starts-again": changed(lambda e: e.insert(9, native.copied(START))),
        # free-claude-code 1718: order
        "block-before-the-message": changed(lambda e: e.insert(6, e.pop(0))),
        # a look-alike at first sight, wrongly built
        "error-event": typed(
            URL,
            ASKED,
            [
                START,
                {
                    "type": "error",
                    "error": {"type": "overloaded_error", "message": "Overloaded"},
                    "request_id": "req_1",
                },
            ],
        ),
    },
    {
        "counts-once-more-at-the-end": changed(
            lambda e: e[-2]["usage"].update(input_tokens=20, cache_creation_input_tokens=0, cache_read_input_tokens=0)
        ),
        "hidden-thought": said(
            *_block(
                0,
                {"type": "thinking", "thinking": "", "signature": ""},
                {"type": "signature_delta", "signature": "c2ln"},
            ),
            *_block(1, {"type": "text", "text": ""}, {"type": "text_delta", "text": "Rain."}),
        ),
        "redacted-thought": said(
            *_block(0, {"type": "redacted_thinking", "data": "RW5jcnlwdGVk"}),
            *_block(1, {"type": "text", "text": ""}, {"type": "text_delta", "text": "Rain."}),
        ),
        "pings-between": changed(lambda e: [e.insert(n, {"type": "ping"}) for n in (9, 4, 1)]),
        "paused-turn": said(
            *_block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "One moment."}), reason="pause_turn"
        ),
        "call-in-one-delta": said(
            *_block(
                0,
                {"type": "tool_use", "id": "toolu_2", "name": "get_weather", "input": {}},
                {"type": "input_json_delta", "partial_json": ""},
                {"type": "input_json_delta", "partial_json": '{"city":"Rom"}'},
            ),
            reason="tool_use",
        ),
        "text-only": message_stream("Rain ", "in Paris."),
        "container-and-context": changed(
            lambda e: [
                e[-2]["delta"].update(container=None),
                e[-2].update(context_management={"applied_edits": []}),
            ]
        ),
    },
)

LONG_NAME = "mcp__weather_of_all_towns__get_weather_and_forecast_for_town"


def _counted(counted: int, used: int, **usage: int) -> Conversation:
    asked = {key: value for key, value in native.ANTHROPIC_REQUEST.items() if key in {"model", "messages", "tools"}}
    asked["system"] = "You are a weather service. Answer in one sentence, in French, with the temperature."
    (first,) = other(f"{URL}/count_tokens", asked, {"input_tokens": counted})
    (second,) = anthropic(request=asked, usage={"input_tokens": used, "output_tokens": 30, **usage})
    return numbered(first, second)


BODIES = kind(
    "fifth: Messages bodies",
    "A plain Messages answer counts, thinks or calls as it was not asked to.",
    "usage.cache_apart usage.count_agrees tool_call.name_declared",
    {
        # ollama 15287: thinking that was not asked for
        "thinks-unasked": anthropic(
            [{"type": "thinking", "thinking": "Two and two.", "signature": ""}, {"type": "text", "text": "Four"}],
            {"messages": [{"role": "user", "content": "What is 2+2? One word."}], "tools": []},
            stop_reason="end_turn",
        ),
        # omlx 1487: input counted twice
        "input-is-the-cache": anthropic(
            usage={
                "input_tokens": 1809,
                "cache_creation_input_tokens": 9,
                "cache_read_input_tokens": 1800,
                "output_tokens": 30,
            }
        ),
        # CLIProxyAPI 679: count
        "counts-a-fifteenth": _counted(48, 728),
        # sample-apj-sup-sa 137: name that was not declared
        "name-cut-short": anthropic(
            [{"type": "tool_use", "id": "toolu_1", "name": LONG_NAME[:40] + "_3f9a", "input": {"city": "Paris"}}],
            {"tools": [{"name": LONG_NAME, "input_schema": native.WEATHER}]},
        ),
    },
    {
        "cache-read-apart": anthropic(
            usage={
                "input_tokens": 4,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 1800,
                "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
                "output_tokens": 30,
                "service_tier": "standard",
            }
        ),
        "counts-alike": _counted(728, 731),
        "counts-with-the-cache-apart": _counted(1728, 28, cache_read_input_tokens=1700),
        "stop-sequence": anthropic(
            [{"type": "text", "text": "Rain. "}], stop_reason="stop_sequence", stop_sequence="END"
        ),
        "nothing-more-to-say": anthropic(
            [],
            {
                "messages": [
                    {"role": "user", "content": "Switch the lamp on."},
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Rom"}}
                        ],
                    },
                    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}]},
                ]
            },
            stop_reason="end_turn",
            usage={"input_tokens": 20, "output_tokens": 2},
        ),
        "server-tool": anthropic(
            [
                {
                    "type": "server_tool_use",
                    "id": "srvtoolu_1",
                    "name": "web_search",
                    "input": {"query": "weather Paris"},
                },
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "srvtoolu_1",
                    "content": [
                        {
                            "type": "web_search_result",
                            "url": "https://weather.example/",
                            "title": "Paris",
                            "encrypted_content": "RW5j",
                            "page_age": None,
                        }
                    ],
                },
                {"type": "text", "text": "Rain."},
            ],
            {"tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 2}]},
            stop_reason="end_turn",
        ),
    },
    missed="thinks-unasked",  # withdrawn: the newest models think unasked, as documented
)

KINDS = [STREAMS, BODIES]
