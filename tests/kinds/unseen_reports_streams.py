"""Reports on Responses and Messages: what users of servers and gateways filed in public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, other, responses, responses_text, typed
from tests.kinds.wire_forms import (
    message_stream,
    response_stream,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutation.wire import Conversation, Json


def _changed(events: list[Json], change: Callable[[list[Json]], Any]) -> list[Json]:
    """Return a copy of events after a change in place."""
    copy: list[Json] = native.copied(events)
    change(copy)
    return copy


def _items(change: Callable[[list[Json]], Any]) -> Conversation:
    """Return a Responses stream of a message and a call, changed and numbered again."""
    events = _changed(native.RESPONSES_EVENTS, change)
    return typed(
        native.RESPONSES, native.RESPONSES_REQUEST, [item | {"sequence_number": n} for n, item in enumerate(events)]
    )


def _message(change: Callable[[list[Json]], Any]) -> Conversation:
    """Return an Anthropic stream of thinking, text and a call, changed."""
    return typed(native.ANTHROPIC, native.ANTHROPIC_REQUEST, _changed(native.ANTHROPIC_EVENTS, change))


def _sse(events: list[Json], body: Callable[[str], str]) -> Conversation:
    return other(
        native.ANTHROPIC,
        {**native.ANTHROPIC_REQUEST, "stream": True},
        body(native.sse(events)),
        content_type="text/event-stream",
    )


def _unlabelled(text: str) -> str:
    return "".join(line + "\n" for line in text.split("\n")[:-1] if not line.startswith("event:"))


FORMAT: Json = {
    "text": {
        "format": {
            "type": "json_schema",
            "name": "c",
            "strict": True,
            "schema": {**native.WEATHER, "additionalProperties": False},
        }
    }
}
REASONED: Json = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": '{"city": "Paris"}'}]}
HALF = {"input_tokens": 20, "output_tokens": 64, "total_tokens": 84}
LAST = -1

RESPONSES = kind(
    "reports: Responses",
    "Items, events or counts of a Responses answer do not fit one another or the specification.",
    "responses.item_shape responses.event_shape responses.event_sequence responses.items_completed responses.final_matches_items responses.id_stable "
    "responses.deltas_match_done responses.response_shape responses.part_shape responses.status_consistency responses.usage_shape responses.usage_details "
    "content.nonempty_completion tool_call.not_in_content response_format.json_parses sse.payload_json sse.framing tool_call.id_stable max_tokens.finish_length",
    {
        # vllm 44608
        "done-without-id": _items(lambda e: e[13]["item"].update(id=None, item_id="fc_1", output_index=1)),
        # vllm 47916
        "call-id-of-its-own-at-the-end": _items(
            lambda e: e[LAST]["response"]["output"][1].update(call_id="call_b71c", id="fc_b71c")
        ),
        # vllm 38227
        "item-id-of-its-own-at-the-end": _items(lambda e: e[LAST]["response"]["output"][0].update(id="msg_77")),
        # ogx 5309
        "no-text-done": _items(lambda e: e.pop(6)),
        # llm-rosetta 56
        "completed-without-identity": _items(
            lambda e: [e[LAST]["response"].pop(key) for key in ("id", "object", "model")]
        ),
        "completed-and-empty": _items(lambda e: e[LAST]["response"].update(output=[])),
        "part-and-item-never-done": _items(lambda e: [e.pop(8), e.pop(7)]),
        # cindy 4509
        "part-without-text": _items(
            lambda e: [
                e[2]["item"].update(content=[{"type": "output_text"}]),
                e[8]["item"].update(content=[{"type": "output_text"}]),
            ]
        ),
        "output-beside-the-response": _items(lambda e: e[LAST].update(output=e[LAST]["response"].pop("output"))),
        # hermes-agent 33123
        "completed-without-output": _items(
            lambda e: [e[LAST]["response"].pop(key) for key in ("output", "created_at", "model")]
        ),
        # vllm 36445
        "call-markup-as-text": response_stream(
            "\n\n<tool_call>\n<function=get_weather>\n",
            "<parameter=city>\nParis\n</parameter>\n",
            "</function>\n</tool_call>",
        ),
        # llama.cpp 22659
        "no-output-details": responses_text(
            "The Loire.",
            usage={**HALF, "output_tokens": 9, "total_tokens": 29, "input_tokens_details": {"cached_tokens": 0}},
        ),
        # omlx 2817
        "cut-and-completed": responses(
            [REASONED, {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": []}],
            {"max_output_tokens": 64},
            usage=HALF,
        ),
        # omlx 613
        "fenced-object": responses_text('```json\n{"city": "Paris"}\n```', request=FORMAT),
        # vllm 44012
        "object-in-reasoning": responses([REASONED], FORMAT),
        # sub2api 1471
        "error-inside-an-event": other(
            native.RESPONSES,
            {**native.RESPONSES_REQUEST, "stream": True},
            native.sse(native.RESPONSES_EVENTS[:5])
            + 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","item_id\n'
            + 'data: {"type":"error","sequence_number":0,"error":{"type":"upstream_error","message":"stream_read_error"}}\n\n',
        ),
    },
    {
        "obfuscated": _items(
            lambda e: [item.update(obfuscation="a8Xk") for item in e if item["type"].endswith(".delta")]
        ),
        "whole-details": responses_text(
            "The Loire.",
            usage={
                **HALF,
                "output_tokens": 9,
                "total_tokens": 29,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        ),
        "cut-and-incomplete": responses(
            [REASONED],
            {"max_output_tokens": 64},
            usage=HALF,
            status="incomplete",
            incomplete_details={"reason": "max_output_tokens"},
        ),
        "queued-first": _items(
            lambda e: e.insert(1, {"type": "response.queued", "response": {**e[0]["response"], "status": "queued"}})
        ),
        "encrypted-reasoning": responses(
            [
                {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"},
                {
                    "type": "message",
                    "id": "msg_1",
                    "role": "assistant",
                    "status": "completed",
                    "content": [{"type": "output_text", "text": "The Loire.", "annotations": []}],
                },
            ],
            {"include": ["reasoning.encrypted_content"]},
        ),
        "format-kept": responses_text('{"city": "Paris"}', request=FORMAT),
        "echoed-parameters": responses_text(
            "The Loire.",
            temperature=1.0,
            top_p=1.0,
            tool_choice="auto",
            tools=[],
            truncation="disabled",
            parallel_tool_calls=True,
            metadata={},
            store=True,
        ),
    },
)

MESSAGES = kind(
    "reports: Anthropic Messages",
    "Events, counts or blocks of a Messages answer do not fit one another or the specification.",
    "anthropic.delta_matches_block anthropic.stop_reason_consistency anthropic.event_sequence anthropic.usage_nonzero anthropic.usage_shape "
    "anthropic.usage_cumulative anthropic.event_name_matches_type anthropic.message_shape anthropic.event_shape sse.event_name sse.framing "
    "stream.truncated_without_finish anthropic.text_nonempty anthropic.tokens_have_content content.nonempty_completion",
    {
        # sglang 26795
        "text-delta-on-a-call": _message(
            lambda e: e.insert(
                11, {"type": "content_block_delta", "index": 2, "delta": {"type": "text_delta", "text": "Looking"}}
            )
        ),
        # litellm 34692
        "call-that-ends-the-turn": _message(lambda e: e[14]["delta"].update(stop_reason="end_turn")),
        # litellm 30115
        "delta-of-an-unopened-block": _message(lambda e: e.pop(6)),
        # vercel/ai 17326
        "nothing-counted-at-the-start": _message(
            lambda e: [
                e[0]["message"].update(usage={"input_tokens": 0, "output_tokens": 0}),
                e[14].update(usage={"input_tokens": 13, "output_tokens": 30}),
            ]
        ),
        # pi 3984
        "prompt-never-counted": _message(
            lambda e: e[0]["message"]["usage"].update(
                input_tokens=0, cache_creation_input_tokens=0, cache_read_input_tokens=0
            )
        ),
        # claude-code-proxy 32
        "no-event-lines": _sse(native.ANTHROPIC_EVENTS, _unlabelled),
        # abbenay 30
        "last-event-not-closed": _sse(native.ANTHROPIC_EVENTS, lambda text: text.removesuffix("\n")),
        # litellm 34701
        "empty-text-first": _message(
            lambda e: [
                [item.update(index=item["index"] + 1) for item in e if "index" in item],
                e.insert(1, {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
                e.insert(2, {"type": "content_block_stop", "index": 0}),
            ]
        ),
        # one-api's and new-api's Claude relays
        "input-as-text": anthropic(
            [{"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": '{"city": "Paris"}'}]
        ),
    },
    {
        "pings": _message(lambda e: [e.insert(n, {"type": "ping"}) for n in (12, 8, 5)]),
        "cumulative-usage": _message(
            lambda e: e[14]["usage"].update(input_tokens=20, cache_read_input_tokens=0, cache_creation_input_tokens=0)
        ),
        "all-from-the-cache": _message(
            lambda e: e[0]["message"]["usage"].update(
                input_tokens=0, cache_read_input_tokens=2048, cache_creation_input_tokens=0
            )
        ),
        "redacted-thinking": anthropic(
            [{"type": "redacted_thinking", "data": "EmwKAhgB"}, {"type": "text", "text": "The Loire."}],
            stop_reason="end_turn",
        ),
        "pause": anthropic(
            [{"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "Paris"}}],
            {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
            stop_reason="pause_turn",
        ),
        "text-only": message_stream("The", " Loire."),
        "stopped-by-a-sequence": anthropic(
            [{"type": "text", "text": "One, two, "}], stop_reason="stop_sequence", stop_sequence="END"
        ),
    },
)

KINDS = [RESPONSES, MESSAGES]
