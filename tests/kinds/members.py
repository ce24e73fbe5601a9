"""Kinds: members that are null, empty, missing, misspelt, of a value that nobody documents, or in one mode only."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import answer, anthropic, body_of, gemini, numbered, ollama, responses, typed
from tests.mutation.answers import LOIRE, ROLE, TOOLS
from tests.mutation.wire import Json, ask, call, chunk, counted, piece, plain, said, spoken, stream, with_usage

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def _changed(change: Any, *, tools: bool = False) -> Conversation:
    exchange = (
        plain(ask(**TOOLS), said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Tours"}')]))
        if tools
        else plain(ask(), said("The Loire."))
    )
    return (body_of(exchange, change),)


def _put(path: str, value: object, *, tools: bool = False) -> Conversation:
    def change(body: Any) -> None:
        *steps, last = path.split("/")
        for step in steps:
            body = body[int(step) if step.isdigit() else step]
        body[last] = value

    return _changed(change, tools=tools)


def _renamed(path: str, new: str, *, tools: bool = False) -> Conversation:
    def change(body: Any) -> None:
        *steps, last = path.split("/")
        for step in steps:
            body = body[int(step) if step.isdigit() else step]
        body[new] = body.pop(last)

    return _changed(change, tools=tools)


def _deltas(*deltas: Json, finish: str = "stop", **body: Any) -> Conversation:
    return (stream(ask(**body), [ROLE, *(piece(delta) for delta in deltas), piece({}, finish)]),)


def _tool_deltas(*later: Json) -> Conversation:
    opening = piece({"tool_calls": [{"index": 0, **call("get_weather", "")}]})
    return (
        stream(
            ask(**TOOLS),
            [
                ROLE,
                opening,
                *(piece({"tool_calls": [{"index": 0, **item}]}) for item in later),
                piece({}, "tool_calls"),
            ],
        ),
    )


_HALVES = ({"function": {"arguments": '{"town":'}}, {"function": {"arguments": ' "Tours"}'}})
NULLS = kind(
    "null or empty where a client merges",
    "A member is null or empty where documented clients merge or index it.",
    "tool_call.continuation_nulls choice.no_empty_calls envelope.no_error_member error.status_nonsuccess schema.choice schema.delta schema.message "
    "schema.tool_call schema.usage logprobs.shape chunk.delta_required choice.message_required tool_call.first_delta_complete "
    "tool_call.name_once tool_call.id_once tool_call.id_nonempty delta.role_enum error.envelope_object choice.message_role",
    {
        "continuation-id-null": _tool_deltas({"id": None, **_HALVES[0]}, _HALVES[1]),
        "continuation-arguments-null": _tool_deltas(_HALVES[0], _HALVES[1], {"function": {"arguments": None}}),
        "continuation-function-null": _tool_deltas(_HALVES[0], _HALVES[1], {"function": None}),
        "continuation-name-null": _tool_deltas({"function": {"name": None, "arguments": '{"town": "Tours"}'}}),
        "continuation-type-null": _tool_deltas({"type": None, "function": {"arguments": '{"town": "Tours"}'}}),
        "continuation-id-empty": _tool_deltas({"id": "", "function": {"arguments": '{"town": "Tours"}'}}),
        "calls-empty-in-message": _put("choices/0/message/tool_calls", []),
        "calls-empty-in-delta": _deltas({"content": "The", "tool_calls": []}, {"content": " Loire", "tool_calls": []}),
        "calls-empty-at-the-end": (stream(ask(), [*spoken(*LOIRE, finish=None), piece({"tool_calls": []}, "stop")]),),
        "error-null": _put("error", None),
        "error-null-in-chunks": (stream(ask(), [item | {"error": None} for item in spoken(*LOIRE)]),),
        "error-empty": _put("error", {}),
        "error-empty-text": _put("error", ""),
        "function-call-empty": _put("choices/0/message/function_call", {}),
        "delta-null": (
            stream(
                ask(), [*spoken(*LOIRE, finish=None), chunk([{"index": 0, "delta": None, "finish_reason": "stop"}])]
            ),
        ),
        "message-null": _put("choices/0/message", None),
        "logprobs-empty": _put("choices/0/logprobs", {}),
        "usage-empty": _put("usage", {}),
        "role-null": _put("choices/0/message/role", None),
        "role-null-in-delta": (
            stream(ask(), [piece({"role": None, "content": "The"}), piece({"content": " Loire"}), piece({}, "stop")]),
        ),
        "calls-with-null": _put("choices/0/message/tool_calls", [None]),
    },
    {
        "no-calls": answer("The Loire."),
        "role-null-later": _deltas({"role": None, "content": "The"}, {"role": None, "content": " Loire"}),
        "continuation-plain": _tool_deltas(*_HALVES),
        "content-null-with-calls": _put("choices/0/message/content", None, tools=True),
        "usage-null-in-chunks": (stream(ask(stream_options={"include_usage": True}), with_usage(spoken(*LOIRE))),),
        "logprobs-null": answer("The Loire."),
        "refusal-null": _put("choices/0/message/refusal", None),
        "annotations-empty": _put("choices/0/message/annotations", []),
        "responses-error-null": responses(),
    },
)


def _stop_sequence_gone(conversation: Conversation) -> Conversation:
    return (body_of(conversation[0], lambda body: body.pop("stop_sequence")),)


ABSENT = kind(
    "a documented member is absent",
    "A member that the protocol requires, nullable or not, is not there.",
    "content.string_or_null finish_reason.present_nullable finish_reason.terminal_required schema.message schema.choice choice.message_role "
    "responses.response_shape responses.item_shape responses.event_shape anthropic.message_shape anthropic.event_shape anthropic.usage_shape "
    "gemini.response_shape gemini.part_shape gemini.candidate_parts ollama.response_shape chunk.choices_required responses.usage_shape "
    "usage.nonzero anthropic.stop_reason_null_before_end choice.message_content responses.part_shape anthropic.nullable_members gemini.function_call_shape responses.final_matches_items",
    {
        "message-without-content": _changed(lambda body: body["choices"][0]["message"].pop("content"), tools=True),
        "message-without-role": _changed(lambda body: body["choices"][0]["message"].pop("role")),
        "choice-without-finish": _changed(lambda body: body["choices"][0].pop("finish_reason")),
        "chunk-without-finish": (
            stream(ask(), [chunk([{"index": 0, "delta": {"content": "The"}}]), *spoken(" Loire")[1:]]),
        ),
        "responses-created-without-fields": typed(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            [
                {**event, "response": {"id": "resp_1", "status": "in_progress"}}
                if event["type"] == "response.created"
                else event
                for event in native.RESPONSES_EVENTS
            ],
        ),
        "responses-in-progress-without-output": typed(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            [
                {**event, "response": {key: value for key, value in event["response"].items() if key != "output"}}
                if event["type"] == "response.in_progress"
                else event
                for event in native.RESPONSES_EVENTS
            ],
        ),
        "responses-added-item-without-fields": typed(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            [
                {**event, "item": {"type": "function_call", "id": "fc_1"}}
                if event["type"] == "response.output_item.added" and event["output_index"] == 1
                else event
                for event in native.RESPONSES_EVENTS
            ],
        ),
        "responses-part-without-text": typed(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            [
                {**event, "part": {"type": "output_text"}} if event["type"] == "response.content_part.added" else event
                for event in native.RESPONSES_EVENTS
            ],
        ),
        "responses-text-without-annotations": responses(
            [
                {
                    "type": "message",
                    "id": "m",
                    "role": "assistant",
                    "status": "completed",
                    "content": [{"type": "output_text", "text": "Hi"}],
                }
            ]
        ),
        "anthropic-start-without-usage": typed(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            [
                {**event, "message": {key: value for key, value in event["message"].items() if key != "usage"}}
                if event["type"] == "message_start"
                else event
                for event in native.ANTHROPIC_EVENTS
            ],
        ),
        "anthropic-text-block-without-text": typed(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            [
                {**event, "content_block": {"type": "text"}}
                if event["type"] == "content_block_start" and event["index"] == 1
                else event
                for event in native.ANTHROPIC_EVENTS
            ],
        ),
        "anthropic-without-stop-sequence": _stop_sequence_gone(anthropic()),
        "gemini-candidate-without-content": gemini(candidate={"content": None}),
        "gemini-call-without-name": gemini([{"functionCall": {"args": {"city": "Paris"}}}]),
        "ollama-without-created": ollama({"content": "Rain."}, created_at=None),
    },
    {
        "refusal-absent": answer("The Loire."),
        "usage-absent-in-a-stream": (stream(ask(), spoken(*LOIRE)),),
        "gemini-index-absent": gemini(),
        "anthropic-delta-usage-small": typed(native.ANTHROPIC, native.ANTHROPIC_REQUEST, native.ANTHROPIC_EVENTS),
        "responses-whole": typed(native.RESPONSES, native.RESPONSES_REQUEST, native.RESPONSES_EVENTS),
    },
    missed="anthropic-without-stop-sequence",  # clients do without it: a note
)


_MISSPELT = "schema.misspelt_field"
MISSPELT = kind(
    "a documented member, misspelt",
    "A member is a documented one but for case, plural, an underscore or a letter.",
    _MISSPELT,
    {
        "finishReason": _put("choices/0/finishReason", "stop"),
        "finish-reasons": _put("choices/0/finish_reasons", "stop"),
        "tool-call": _put("choices/0/message/tool_call", []),
        "toolCalls": _put("choices/0/message/toolCalls", [], tools=True),
        "reasoning-letter": _put("choices/0/message/reasonning_content", "One river."),
        "reasoningContent": _put("choices/0/message/reasoningContent", "One river."),
        "Usage": _put("Usage", {"prompt_tokens": 1}),
        "systemFingerprint": _put("systemFingerprint", "fp"),
        "total-token": _put("usage/total_token", 23),
        "promptTokens": _put("usage/promptTokens", 14),
        "token-detail": _put("usage/prompt_token_details", {"cached_tokens": 3}),
        "cached-token": _put("usage/prompt_tokens_details", {"cached_token": 3}),
        "streamed-finishReason": (
            stream(
                ask(),
                [
                    chunk([{"index": 0, "delta": {"content": "Loire"}, "finish_reason": None, "finishReason": None}]),
                    *spoken(".")[1:],
                ],
            ),
        ),
        "argument": _put("choices/0/message/tool_calls/0/function/argument", "{}", tools=True),
        "responses-incomplete-detail": responses(incomplete_detail=None),
        "responses-createdAt": responses(createdAt=1750000000),
        "anthropic-stopReason": anthropic(stopReason="tool_use"),
        "gemini-snake": gemini(usage_metadata={"promptTokenCount": 20}),
        "gemini-finish-reason": gemini(candidate={"finish_reason": "STOP"}),
    },
    {
        "vendor-field": _put("cost", 0.001),
        "provider-name": _put("provider", "Groq"),
        "reasoning-details": _put("choices/0/message/reasoning_details", []),
        "reasoning-beside-content": _put("choices/0/message/reasoning", "One river."),
        "x-groq": _put("x_groq", {"id": "req_1"}),
        "token-ids": _put("choices/0/token_ids", [1, 2]),
        "stop-reason-of-vllm": _put("choices/0/stop_reason", None),
        "prompt-logprobs-of-vllm": _put("prompt_logprobs", None),
        "matched-stop": _put("choices/0/matched_stop", 7),
        "citations": _put("citations", ["https://a.example/"]),
        "service-tier": _put("service_tier", "default"),
        "images": _put("choices/0/message/images", []),
        "models": _put("usage/cost_details", {"upstream_inference_cost": None}),
        "prompt-cache": _put("usage/prompt_cache_hit_tokens", 3),
        "num-sources": _put("usage/num_search_queries", 1),
    },
)

ENUMERATIONS = kind(
    "a value outside of its documented words",
    "A member with a closed list of words holds another word.",
    "schema.documented_value responses.response_shape responses.item_shape gemini.response_shape anthropic.message_shape anthropic.usage_shape "
    "finish_reason.enum responses.status_consistency schema.tool_call anthropic.stop_reason_enum gemini.finish_reason",
    {
        "tier-standard": _put("service_tier", "standard"),
        "tier-upper-case": _put("service_tier", "DEFAULT"),
        "tier-empty": _put("service_tier", ""),
        "tier-in-chunks": (stream(ask(), [item | {"service_tier": "standard"} for item in spoken(*LOIRE)]),),
        "annotation-type": _put(
            "choices/0/message/annotations", [{"type": "citation", "citation": {"url": "https://a.example/"}}]
        ),
        "finish-eos": _put("choices/0/finish_reason", "eos"),
        "responses-tier": responses(service_tier="standard_tier"),
        "responses-status": responses(status="done"),
        "responses-truncation": responses(truncation="none"),
        "responses-item-status": responses([{**native.RESPONSE["output"][0], "status": "finished"}]),
        "responses-incomplete-reason": responses(status="incomplete", incomplete_details={"reason": "length"}),
        "anthropic-tier": anthropic(usage={"input_tokens": 20, "output_tokens": 30, "service_tier": "default"}),
        "anthropic-stop": anthropic(stop_reason="stop"),
        "gemini-finish": gemini(candidate={"finishReason": "stop"}),
        "gemini-safety": gemini(
            candidate={"safetyRatings": [{"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "TINY"}]}
        ),
        "tool-call-type": _put("choices/0/message/tool_calls/0/type", "tool", tools=True),
    },
    {
        "tier-default": _put("service_tier", "default"),
        "tier-priority": _put("service_tier", "priority"),
        "tier-null": _put("service_tier", None),
        "tier-flex": responses(service_tier="flex"),
        "anthropic-standard": anthropic(usage={"input_tokens": 20, "output_tokens": 30, "service_tier": "standard"}),
        "gemini-negligible": gemini(
            candidate={"safetyRatings": [{"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "NEGLIGIBLE"}]}
        ),
        "responses-auto": responses(truncation="auto"),
    },
)


def _cited(entry: Json, **message: Any) -> Conversation:
    return (plain(ask("Was it cold?", web_search_options={}), said("It was.", annotations=[entry], **message)),)


_CITATION: Json = {"url": "https://weekly.example/ice", "title": "Ice", "start_index": 0, "end_index": 3}


def _without(*names: str) -> Json:
    return {
        "type": "url_citation",
        "url_citation": {key: value for key, value in _CITATION.items() if key not in names},
    }


def _with(**members: Any) -> Json:
    return {"type": "url_citation", "url_citation": {**_CITATION, **members}}


def _part_cited(entry: Json) -> Conversation:
    item = native.copied(native.RESPONSE["output"][0])
    item["content"][0]["annotations"] = [entry]
    return responses([item])


_FLAT = {"type": "url_citation", **_CITATION}
CITATIONS = kind(
    "a citation without its documented members",
    "An annotation lacks url, title or its place in the text, or has them of another type.",
    "schema.annotation responses.item_shape",
    {
        "no-title": _cited(_without("title")),
        "no-url": _cited(_without("url")),
        "no-start": _cited(_without("start_index")),
        "title-null": _cited(_with(title=None)),
        "index-as-text": _cited(_with(start_index="0")),
        "flat": _cited(_FLAT),
        "no-type": _cited({"url_citation": _CITATION}),
        "a-bare-url": _cited("https://weekly.example/ice"),  # type: ignore[arg-type]
        "streamed-no-title": _deltas({"content": "It was."}, {"annotations": [_without("title")]}),
        "streamed-flat": _deltas({"content": "It was."}, {"annotations": [_FLAT]}),
        "responses-nested": _part_cited({"type": "url_citation", "url_citation": _CITATION}),
        "responses-no-title": _part_cited({key: value for key, value in _FLAT.items() if key != "title"}),
        "responses-no-url": _part_cited({key: value for key, value in _FLAT.items() if key != "url"}),
        "start-behind-end": _cited(_with(start_index=6, end_index=3)),
        "end-behind-text": _cited(_with(start_index=0, end_index=900)),
    },
    {
        "whole": _cited(_with()),
        "with-content": _cited(_with(content="It was cold.")),
        "empty": _put("choices/0/message/annotations", []),
        "responses-whole": _part_cited(_FLAT),
        "file-citation": _part_cited({"type": "file_citation", "file_id": "file_1", "index": 3, "filename": "a.pdf"}),
        "streamed-whole": _deltas({"content": "It was."}, {"annotations": [_with()]}),
    },
)


def _counts(plain_usage: Json, stream_usage: Json, text: str = "The Loire.") -> Conversation:
    request = ask(stream_options={"include_usage": True}, temperature=0)
    first = plain(ask(temperature=0), said(text), usage=plain_usage)
    chunks = [*(item | {"usage": None} for item in spoken(text)), chunk([], usage=stream_usage)]
    return numbered(first, stream(request, chunks, reply_id="chatcmpl-s2"))


_COLD, _WARM = counted(prompt=1400), counted(prompt=1400, prompt_tokens_details={"cached_tokens": 1280})
USAGE_MODES = kind(
    "usage details in one mode only",
    "Counts that the answer has in one mode are absent from, or other in, the other mode.",
    "stream.parity_with_nonstream",
    {
        "cached-in-the-stream": _counts(_COLD, _WARM),
        "cached-in-the-plain": _counts(_WARM, _COLD),
        "reasoning-in-the-plain": _counts(counted(completion_tokens_details={"reasoning_tokens": 5}), counted()),
        "reasoning-in-the-stream": _counts(counted(), counted(completion_tokens_details={"reasoning_tokens": 5})),
        "details-null-in-the-stream": _counts(_WARM, {**_COLD, "prompt_tokens_details": None}),
        "prompt-count": _counts(counted(prompt=14), counted(prompt=30)),
        "total-absent": _counts(counted(), {"prompt_tokens": 14, "completion_tokens": 9}),
        "cost-in-the-plain": _counts(counted(cost=0.01), counted()),
    },
    {
        "alike": _counts(_WARM, _WARM),
        "cold-then-warm": _counts(counted(prompt=1400, prompt_tokens_details={"cached_tokens": 0}), _WARM),
        "zero-details-left-out": _counts(counted(completion_tokens_details={"reasoning_tokens": 0}), counted()),
        "completion-counts": _counts(counted(completion=9), counted(completion=10)),
        "usage-not-asked": numbered(
            plain(ask(temperature=0), said("The Loire."), usage=_WARM),
            stream(ask(temperature=0), spoken("The Loire."), reply_id="c2"),
        ),
    },
)

KINDS = [NULLS, ABSENT, MISSPELT, ENUMERATIONS, CITATIONS, USAGE_MODES]
