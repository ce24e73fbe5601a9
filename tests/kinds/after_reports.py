"""Kinds that the reports of public trackers brought, each by other means than the report: another dialect, member or mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, gemini, ollama, responses, typed
from tests.kinds.wire_forms import message_stream, ollama_stream, response_stream
from tests.mutation.wire import ask, call, chunk, counted, piece, plain, said, spoken, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutation.wire import Conversation, Json

THOUGHT = "The user wants one river. The Loire is the longest."
MESSAGE: Json = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "The Loire.", "annotations": []}],
}
REASONED: Json = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": THOUGHT}]}


def _events(events: list[Json], change: Callable[[list[Json]], Any]) -> Conversation:
    copy: list[Json] = native.copied(events)
    change(copy)
    return typed(
        native.RESPONSES, native.RESPONSES_REQUEST, [item | {"sequence_number": n} for n, item in enumerate(copy)]
    )


def _refusal(change: Callable[[list[Json]], Any]) -> Conversation:
    part = {"type": "refusal", "refusal": "I cannot."}
    item = {**MESSAGE, "content": [part]}
    at = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
    begun = {**native.RESPONSE, "status": "in_progress", "output": [], "usage": None}
    return _events(
        [
            {"type": "response.created", "response": begun},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**item, "status": "in_progress", "content": []},
            },
            {"type": "response.content_part.added", **at, "part": {**part, "refusal": ""}},
            {"type": "response.refusal.delta", **at, "delta": "I cannot."},
            {"type": "response.refusal.done", **at, "refusal": "I cannot."},
            {"type": "response.content_part.done", **at, "part": part},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": {**native.RESPONSE, "output": [item]}},
        ],
        change,
    )


REPEATED = kind(
    "a part told twice in two ways",
    "A Responses stream never repeats a text that came in deltas, or gives a part another id when it tells it again.",
    "responses.deltas_match_done responses.final_matches_items responses.id_stable",
    {
        "refusal-never-done": _refusal(lambda e: e.pop(4)),
        "arguments-never-done": _events(native.RESPONSES_EVENTS, lambda e: e.pop(12)),
        "message-done-without-id": _events(native.RESPONSES_EVENTS, lambda e: e[8]["item"].pop("id")),
        "message-done-with-another-id": _refusal(lambda e: e[6].update(item={**e[6]["item"], "id": "msg_2"})),
        "id-lost-at-the-end": _refusal(lambda e: e[7]["response"]["output"][0].pop("id")),
        "call-of-another-id-at-the-end": _events(
            native.RESPONSES_EVENTS, lambda e: e[-1]["response"]["output"][1].update(id="fc_2")
        ),
    },
    {
        "refusal": _refusal(native.copied),
        "message-and-call": _events(native.RESPONSES_EVENTS, native.copied),
        "text": response_stream("The", " Loire."),
        "other-order-of-members": _events(
            native.RESPONSES_EVENTS, lambda e: e[8].update(item=dict(reversed(e[8]["item"].items())))
        ),
    },
)

OFF = kind(
    "reasoning that was turned off",
    "An answer shows its reasoning although the request turned it off.",
    "reasoning.off_honoured",
    {
        "effort-none": (plain(ask(reasoning_effort="none"), said("The Loire.", reasoning_content=THOUGHT)),),
        "excluded": (plain(ask(reasoning={"exclude": True}), said("The Loire.", reasoning=THOUGHT)),),
        "streamed": (
            stream(
                ask(chat_template_kwargs={"enable_thinking": False}),
                [piece({"role": "assistant", "reasoning_content": THOUGHT}), *spoken("The Loire.")[1:]],
            ),
        ),
        "disabled": anthropic(
            [{"type": "thinking", "thinking": THOUGHT, "signature": "c2ln"}, {"type": "text", "text": "The Loire."}],
            {"thinking": {"type": "disabled"}},
            stop_reason="end_turn",
        ),
        "budget-zero": gemini(
            [{"text": THOUGHT, "thought": True}, {"text": "The Loire."}],
            {"generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}},
        ),
        "responses-effort": responses([REASONED, MESSAGE], {"reasoning": {"effort": "none"}}),
        "ollama-streamed": ollama_stream("The user", " wants a river.", request={"think": False}, member="thinking"),
    },
    {
        "effort-none-kept": (plain(ask(reasoning_effort="none"), said("The Loire.")),),
        "effort-low": (plain(ask(reasoning_effort="low"), said("The Loire.", reasoning_content=THOUGHT)),),
        "budget-dynamic": gemini(
            [{"text": THOUGHT, "thought": True}, {"text": "The Loire."}],
            {"generationConfig": {"thinkingConfig": {"thinkingBudget": -1, "includeThoughts": True}}},
        ),
        "think-high": ollama({"content": "The Loire.", "thinking": THOUGHT}, {"think": "high"}),
        "empty-field": (plain(ask(reasoning={"enabled": False}), said("The Loire.", reasoning="")),),
        "not-asked": responses([REASONED, MESSAGE]),
    },
)


COUNTS = kind(
    "counts without room for the text",
    "All output tokens are counted as reasoning, or the prompt is counted only at the end, although there is text.",
    "usage.nonzero anthropic.usage_nonzero usage.sum",
    {
        "streamed": (
            stream(
                ask(stream_options={"include_usage": True}),
                [
                    *(item | {"usage": None} for item in spoken("The", " Loire.")),
                    chunk([], usage=counted(completion=30, completion_tokens_details={"reasoning_tokens": 30})),
                ],
            ),
        ),
        "beside-a-call": (
            plain(
                ask(
                    tools=[
                        {
                            "type": "function",
                            "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}},
                        }
                    ]
                ),
                said(None, "tool_calls", tool_calls=[call("clock", "{}")]),
                usage=counted(completion=27, completion_tokens_details={"reasoning_tokens": 27}),
            ),
        ),
        "start-of-nothing": typed(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            [
                {
                    "type": "message_start",
                    "message": {
                        **native.ANTHROPIC_MESSAGE,
                        "content": [],
                        "stop_reason": None,
                        "usage": {"input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": None},
                    },
                },
                {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Rain."}},
                {"type": "content_block_stop", "index": 0},
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                    "usage": {"input_tokens": 0, "cache_read_input_tokens": 84, "output_tokens": 3},
                },
                {"type": "message_stop"},
            ],
        ),
    },
    {
        "one-token-of-text": (
            plain(
                ask(),
                said("Loire.", reasoning_content=THOUGHT),
                usage=counted(completion=31, completion_tokens_details={"reasoning_tokens": 30}),
            ),
        ),
        "no-text": (
            plain(
                ask(max_tokens=30),
                said("", "length", reasoning_content=THOUGHT),
                usage=counted(completion=30, completion_tokens_details={"reasoning_tokens": 30}),
            ),
        ),
        "start-from-the-cache": message_stream("The", " Loire."),
    },
)

BLOCKS = kind(
    "a text block without text",
    "A message has an empty text block among its blocks.",
    "anthropic.text_nonempty",
    {
        "before-a-call": anthropic(
            [
                {"type": "text", "text": ""},
                {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}},
            ]
        ),
        "behind-the-text": anthropic(
            [{"type": "text", "text": "Rain."}, {"type": "text", "text": ""}], stop_reason="end_turn"
        ),
        "behind-thoughts": anthropic(
            [
                {"type": "thinking", "thinking": THOUGHT, "signature": "c2ln"},
                {"type": "text", "text": ""},
                {"type": "text", "text": "Rain."},
            ],
            stop_reason="end_turn",
        ),
    },
    {
        "text-and-call": anthropic(),
        "two-texts": anthropic(
            [{"type": "text", "text": "Rain"}, {"type": "text", "text": " today."}], stop_reason="end_turn"
        ),
        "call-alone": anthropic(
            [{"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}}]
        ),
    },
)


KINDS = [REPEATED, OFF, COUNTS, BLOCKS]
