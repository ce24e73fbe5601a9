"""Reports on the Responses API, read 2026-11-29 and written before the rules were read: what servers and gateways streamed.

The comment on each names the report and, after the colon, what a finding must name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutation.wire import Conversation, Json

URL = native.RESPONSES
ASKED = native.RESPONSES_REQUEST
TEXT = native.RESPONSES_EVENTS[:9]


def streamed(events: list[Json], request: Json | None = None, *, numbered: bool = True) -> Conversation:
    """Return a Responses stream, numbered from zero unless the numbers are the point."""
    again = [{**event, "sequence_number": number} for number, event in enumerate(events)] if numbered else events
    return typed(URL, {**ASKED, **(request or {})}, again)


def changed(change: Callable[[list[Json]], Any], request: Json | None = None, *, numbered: bool = True) -> Conversation:
    """Return the stream of one message and one call after a change in place."""
    events: list[Json] = native.copied(native.RESPONSES_EVENTS)
    change(events)
    return streamed(events, request, numbered=numbered)


def ended(*items: Json, **more: Any) -> Json:
    """Return the terminal event with some items."""
    return {"type": "response.completed", "response": {**native.copied(native.RESPONSE), "output": list(items), **more}}


def _later_indices(events: list[Json]) -> None:
    for event in events:
        if "output_index" in event:
            event["output_index"] += 1


def _final_ids(events: list[Json]) -> None:
    said, called = events[-1]["response"]["output"]
    said["id"] = "msg_9c01"
    called.update(id="fc_9c02", call_id="chatcmpl-tool-9c03")


def _markup() -> Conversation:
    whole = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'
    events: list[Json] = native.copied(TEXT)
    events[4]["delta"], events[5]["delta"] = whole[:20], whole[20:]
    events[6]["text"] = whole
    part = {"type": "output_text", "text": whole, "annotations": []}
    events[7]["part"] = part
    events[8]["item"]["content"] = [part]
    return streamed([*events, ended(events[8]["item"])])


def _no_numbers(events: list[Json]) -> None:
    for event in events:
        event.pop("sequence_number")


def _bare_start(events: list[Json]) -> None:
    for event in events[:2]:
        event["response"] = {"id": "resp_1", "object": "response", "status": "in_progress"}


def _early_status(events: list[Json]) -> None:
    for event in events[:2]:
        event["response"]["status"] = "completed"


REASONED = {
    "type": "response.reasoning_text.done",
    "output_index": 0,
    "content_index": 0,
    "item_id": "rs_1",
    "text": "They ask for the weather.",
}
STREAMS = kind(
    "fifth: Responses streams",
    "The events of a Responses stream do not build the response that they end with.",
    "responses.event_sequence responses.id_stable responses.sequence_number responses.response_shape responses.final_matches_items "
    "responses.delta_matches_part responses.status_consistency tool_call.not_in_content stream.failed_midway",
    {
        # sglang 12644: index
        "first-index-is-one": changed(_later_indices),
        # vllm 45742: index of a part that was never opened
        "part-that-was-not-opened": changed(lambda e: [e[n].update(content_index=1) for n in (4, 5, 6)]),
        # litellm 36375: item id
        "id-anew-on-each-delta": changed(lambda e: [e[n].update(item_id=f"msg_x{n}") for n in (4, 5)]),
        # litellm 28899: sequence number
        "number-goes-back": changed(lambda e: e[8].update(sequence_number=1), numbered=False),
        # onyx 13624: sequence number
        "no-numbers": changed(_no_numbers, numbered=False),
        # llama.cpp 21174: members of the first snapshot
        "bare-start": changed(_bare_start),
        # vllm 56285: item id
        "final-ids-anew": changed(_final_ids),
        # AIClient2API 472: event type of another kind of tool
        "custom-input-for-a-function": changed(
            lambda e: [e[n].update(type="response.custom_tool_call_input.delta") for n in (10, 11)]
        ),
        # copilot-sdk 2010: status of the first snapshot
        "begins-as-completed": changed(_early_status),
        # pi 4193: item that was never announced
        "reasoning-of-no-item": changed(lambda e: e.insert(2, REASONED)),
        # open-responses-server 63: index
        "two-items-at-zero": changed(lambda e: [e[n].update(output_index=0) for n in range(9, 14)]),
        # llm-rosetta 418: index
        "done-at-another-index": changed(lambda e: e[13].update(output_index=2)),
        # NeMo-Relay 404: item that was never announced
        "done-without-added": streamed(
            [
                native.RESPONSES_EVENTS[0],
                native.RESPONSES_EVENTS[8],
                native.RESPONSES_EVENTS[13],
                ended(*native.RESPONSE["output"]),
            ]
        ),
        # vllm 29725: call in the text
        "call-as-text": _markup(),
        # aimee 2043: terminal snapshot without the items
        "ends-with-no-items": changed(lambda e: e[-1]["response"].update(output=[])),
        # talon 254: no terminal event
        "just-stops": streamed(TEXT[:6]),
        # codex-lb 533: order
        "item-before-created": changed(lambda e: e.insert(0, e.pop(2))),
        # mlx-vlm 1069: text of the snapshot
        "snapshot-says-more": changed(
            lambda e: e[-1]["response"]["output"][0]["content"][0].update(text="Let me look. END of turn")
        ),
        # a look-alike at first sight, wrongly built
        "failed-in-the-stream": streamed(
            [
                *TEXT[:2],
                {
                    "type": "response.failed",
                    "response": {
                        **native.RESPONSE,
                        "status": "failed",
                        "output": [],
                        "usage": None,
                        "error": {"code": "server_error", "message": "The model failed to generate a response."},
                    },
                },
            ]
        ),
        # a look-alike at first sight, wrongly built
        "error-event": streamed(
            [
                *TEXT[:2],
                {"type": "error", "code": "server_is_overloaded", "message": "Try again later.", "param": None},
            ]
        ),
    },
    {
        "cut-at-the-limit": streamed(
            [
                *TEXT[:7],
                {**TEXT[7]},
                {**TEXT[8], "item": {**TEXT[8]["item"], "status": "incomplete"}},
                {
                    "type": "response.incomplete",
                    "response": {
                        **native.RESPONSE,
                        "status": "incomplete",
                        "incomplete_details": {"reason": "max_output_tokens"},
                        "output": [{**TEXT[8]["item"], "status": "incomplete"}],
                        "usage": {"input_tokens": 20, "output_tokens": 16, "total_tokens": 36},
                    },
                },
            ],
            {"max_output_tokens": 16},
        ),
        "queued-first": changed(
            lambda e: e.insert(1, {"type": "response.queued", "response": {**e[0]["response"], "status": "queued"}}),
            {"background": True},
        ),
        "keepalive": changed(lambda e: e.insert(4, {"type": "keepalive"})),
        "obfuscated-deltas": changed(lambda e: [e[n].update(obfuscation="x7Qz") for n in (4, 5, 10, 11)]),
        "deltas-with-logprobs": changed(lambda e: [e[n].update(logprobs=[]) for n in (4, 5, 6)]),
    },
)


KINDS = [STREAMS]
