"""Unseen when the rules were written: members null, empty, absent, misspelt or of an undocumented word; headers; listings."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Response
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import (
    answer,
    anthropic,
    body_of,
    completion,
    gemini,
    get,
    headed,
    numbered,
    ollama,
    other,
    responses,
    typed,
)
from tests.kinds.wire_forms import cohere, converse, ollama_stream
from tests.mutation.answers import LOIRE, ROLE, TOOLS
from tests.mutation.wire import (
    MODEL,
    Json,
    Request,
    answered,
    ask,
    call,
    chunk,
    counted,
    piece,
    plain,
    said,
    spoken,
    stream,
    with_usage,
)

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange
    from tests.mutation.wire import Conversation


def _set(path: str, value: object, conversation: Conversation | None = None) -> Conversation:
    def change(body: Any) -> None:
        *steps, last = path.split("/")
        for step in steps:
            body = body[int(step) if step.isdigit() else step]
        if value is ...:
            del body[last]
        else:
            body[last] = value

    return (body_of((conversation or answer("The Loire."))[0], change),)


def _called() -> Conversation:
    return (plain(ask(**TOOLS), said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Tours"}')])),)


def _event(url: str, request: Json, events: list[Json], kind_of: str, change: Any) -> Conversation:
    copy = native.copied(events)
    change(next(event for event in copy if event.get("type") == kind_of))
    return typed(url, request, copy)


def _fragments(*later: Json) -> Conversation:
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


_WHOLE: Json = {"function": {"arguments": '{"town": "Tours"}'}}
NULLS = kind(
    "unseen: null or empty where a client merges",
    "A member is null or empty where documented clients merge or index it.",
    "tool_call.continuation_nulls schema.tool_call tool_call.arguments_json choice.no_empty_calls envelope.no_error_member error.status_nonsuccess schema.choice schema.delta schema.message schema.chunk schema.completion "
    "chunk.delta_required chunk.choices_required ollama.response_shape responses.item_shape responses.part_shape responses.response_shape gemini.response_shape "
    "tool_call.id_nonempty tool_call.id_once tool_call.name_once tool_call.first_delta_complete responses.event_shape anthropic.message_shape anthropic.event_shape cohere.response_shape "
    "cohere.tool_call_shape bedrock.message_shape gemini.function_call_shape gemini.candidate_parts tool_call.arguments_string choice.message_required gemini.part_shape",
    {
        "function-null": _fragments({"function": None}, _WHOLE),
        "name-null": _fragments({"function": {"name": None, "arguments": '{"town": "Tours"}'}}),
        "type-null": _fragments({"type": None, **_WHOLE}),
        "id-empty": _fragments({"id": "", **_WHOLE}),
        "function-call-null-empty": _set("choices/0/message/function_call", {}),
        "arguments-null": _set("choices/0/message/tool_calls/0/function/arguments", None, _called()),
        "error-empty": _set("error", {}),
        "choices-null": _set("choices", None),
        "delta-null": (
            stream(ask(), [*spoken(*LOIRE)[:-1], chunk([{"index": 0, "delta": None, "finish_reason": "stop"}])]),
        ),
        "responses-content-null": responses([{**native.RESPONSE["output"][0], "content": None}]),
        "anthropic-content-null": other(
            native.ANTHROPIC, native.ANTHROPIC_REQUEST, {**native.ANTHROPIC_MESSAGE, "content": None}
        ),
        "cohere-calls-empty": cohere("Rain.", tool_calls=[]),
        "gemini-args-null": gemini([{"functionCall": {"name": "get_weather", "args": None}}]),
        "ollama-message-null": ollama_stream("Rain.", message=None),
    },
    {
        "refusal-null": _set("choices/0/message/refusal", None),
        "annotations-empty": _set("choices/0/message/annotations", []),
        "audio-null": _set("choices/0/message/audio", None),
        "usage-null-in-chunks": (stream(ask(stream_options={"include_usage": True}), with_usage(spoken(*LOIRE))),),
        "fingerprint-null": _set("system_fingerprint", None),
    },
    missed="cohere-calls-empty",
)

ABSENT = kind(
    "unseen: a documented member is absent",
    "A member that the protocol requires, nullable or not, is not there.",
    "responses.response_shape responses.item_shape responses.event_shape responses.part_shape responses.usage_shape anthropic.message_shape anthropic.event_shape anthropic.usage_shape "
    "bedrock.message_shape bedrock.metrics bedrock.usage_shape bedrock.event_shape cohere.response_shape cohere.tool_call_shape cohere.event_shape ollama.response_shape envelope.id_nonempty "
    "completions.choice_shape tool_call.first_delta_complete choice.index gemini.usage_present gemini.usage_shape usage.nonzero gemini.response_shape ollama.arguments_object responses.sequence_number schema.choice schema.completion schema.tool_call envelope.model_nonempty",
    {
        "responses-usage-total": responses(usage={"input_tokens": 20, "output_tokens": 30}),
        "responses-no-call-id": responses(
            [{key: value for key, value in native.RESPONSE["output"][1].items() if key != "call_id"}]
        ),
        "responses-delta-no-item": _event(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            native.RESPONSES_EVENTS,
            "response.output_text.delta",
            lambda event: event.pop("item_id"),
        ),
        "anthropic-no-id": other(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {key: value for key, value in native.ANTHROPIC_MESSAGE.items() if key != "id"},
        ),
        "anthropic-block-no-index": _event(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            native.ANTHROPIC_EVENTS,
            "content_block_delta",
            lambda event: event.pop("index"),
        ),
        "converse-no-metrics": _set("metrics", ..., converse({"text": "Rain."})),
        "converse-no-stop": _set("stopReason", ..., converse({"text": "Rain."})),
        "cohere-no-message": _set("message", ..., cohere("Rain.")),
        "completion-no-text": _set("choices/0/text", ..., completion(" Paris.")),
        "completion-no-id": _set("id", ..., completion(" Paris.")),
        "chat-no-index": _set("choices/0/index", ...),
        "call-no-type": _set("choices/0/message/tool_calls/0/type", ..., _called()),
        "gemini-no-usage": _set("usageMetadata", ..., gemini()),
        "ollama-no-model": _set("model", ..., ollama({"content": "Rain."})),
    },
    {
        "converse-no-cache": _set("usage/cacheReadInputTokens", ..., converse({"text": "Rain."})),
        "gemini-no-response-id": _set("responseId", ..., gemini()),
        "chat-no-fingerprint": _set("system_fingerprint", ...),
        "anthropic-no-cache": _set("usage/cache_read_input_tokens", ..., anthropic()),
    },
)

MISSPELT = kind(
    "unseen: a documented member, misspelt",
    "A member is a documented one but for case, plural, an underscore or a letter.",
    "schema.misspelt_field",
    {
        "fingerprints": _set("system_fingerprints", "fp"),
        "logProbs": _set("choices/0/logProbs", None),
        "completion-token": _set("usage/completion_token", 3),
        "completionTokensDetails": _set("usage/completionTokensDetails", {"reasoning_tokens": 1}),
        "refusals": _set("choices/0/message/refusals", None),
        "objects": _set("objects", "chat.completion"),
        "anthropic-inputTokens": anthropic(usage={"input_tokens": 20, "output_tokens": 30, "inputTokens": 20}),
        "responses-outputs": responses(outputs=[]),
        "gemini-candidate-count": gemini(
            usageMetadata={"promptTokenCount": 20, "candidateTokenCount": 5, "totalTokenCount": 25}
        ),
        "ollama-done-reasons": ollama({"content": "Rain."}, done_reasons="stop"),
        "converse-stop": _set("stop_reason", "end_turn", converse({"text": "Rain."})),
        "cohere-finishReason": _set("finishReason", "COMPLETE", cohere("Rain.")),
        "chunk-Index": (
            stream(
                ask(),
                [
                    chunk([{"index": 0, "Index": 0, "delta": {"content": "Loire"}, "finish_reason": None}]),
                    *spoken(".")[1:],
                ],
            ),
        ),
    },
    {
        "time-info": _set("time_info", {"total_time": 0.1}),
        "reasoning-signature": _set("choices/0/message/reasoning_signature", "c2ln"),
        "x-request": _set("request_id", "r"),
        "energy": _set("usage/energy_joules", 4),
        "anthropic-container": anthropic(container=None),
        "gemini-create-time": gemini(createTime="2026-11-21T00:00:00Z"),
    },
)

WORDS = kind(
    "unseen: a value outside of its documented words",
    "A member with a closed list of words holds another word.",
    "schema.documented_value responses.response_shape responses.item_shape responses.event_shape gemini.response_shape gemini.finish_reason gemini.block_reason anthropic.message_shape anthropic.usage_shape "
    "anthropic.stop_reason_enum finish_reason.enum cohere.finish_reason cohere.response_shape bedrock.known_stop_reason schema.tool_call delta.role_enum choice.message_role ollama.response_shape bedrock.message_shape schema.choice responses.status_consistency",
    {
        "tier-fast": _set("service_tier", "fast"),
        "finish-upper": _set("choices/0/finish_reason", "STOP"),
        "role-bot": _set("choices/0/message/role", "bot"),
        "anthropic-role": anthropic(role="model"),
        "anthropic-type": anthropic(type="completion"),
        "gemini-modality": gemini(
            usageMetadata={
                "promptTokenCount": 20,
                "candidatesTokenCount": 25,
                "thoughtsTokenCount": 5,
                "totalTokenCount": 50,
                "promptTokensDetails": [{"modality": "WORDS", "tokenCount": 20}],
            }
        ),
        "cohere-finish": _set("finish_reason", "complete", cohere("Rain.")),
        "converse-stop": converse({"text": "Rain."}, stop="stop"),
        "responses-role": responses([{**native.RESPONSE["output"][0], "role": "bot"}]),
        "responses-tool-choice": responses(tool_choice="any"),
        "completion-finish": completion(" Paris.", finish_reason="eos_token"),
        "gemini-role": gemini(candidate={"content": {"role": "assistant", "parts": [{"text": "Rain."}]}}),
    },
    {
        "tier-scale": _set("service_tier", "scale"),
        "anthropic-batch": anthropic(usage={"input_tokens": 20, "output_tokens": 30, "service_tier": "batch"}),
        "converse-filtered": converse({"text": "Rain."}, stop="content_filtered"),
        "gemini-prohibited": gemini([{"text": "It"}], candidate={"finishReason": "PROHIBITED_CONTENT"}),
    },
)


def _usage_pair(first: Json, second: Json) -> Conversation:
    chunks = [*(item | {"usage": None} for item in spoken("The Loire.")), chunk([], usage=second)]
    return numbered(
        plain(ask(temperature=0), said("The Loire."), usage=first),
        stream(ask(stream_options={"include_usage": True}, temperature=0), chunks, reply_id="chatcmpl-s2"),
    )


MODES = kind(
    "unseen: usage details in one mode only",
    "Counts that the answer has in one mode are absent from, or other in, the other mode.",
    "stream.parity_with_nonstream",
    {
        "audio-in-the-plain": _usage_pair(counted(completion_tokens_details={"audio_tokens": 4}), counted()),
        "accepted-in-the-stream": _usage_pair(
            counted(), counted(completion_tokens_details={"accepted_prediction_tokens": 3})
        ),
        "prompt-half": _usage_pair(counted(prompt=40), counted(prompt=20)),
    },
    {
        "zero-audio": _usage_pair(counted(completion_tokens_details={"audio_tokens": 0}), counted()),
        "both-cached": _usage_pair(
            counted(prompt=2000, prompt_tokens_details={"cached_tokens": 1024}),
            counted(prompt=2000, prompt_tokens_details={"cached_tokens": 1920}),
        ),
        "one-token-more": _usage_pair(counted(completion=4), counted(completion=5)),
    },
)


def _sized(conversation: Conversation, more: int) -> Conversation:
    last = conversation[-1]
    assert last.response is not None
    raw = replace(
        last,
        evidence="recorded",
        response=Response(last.response.status, last.response.headers, last.response.body, "clean"),
    )
    return headed((raw,), content_length=str(len(last.response.body) + more))


HEADERS = kind(
    "unseen: headers that the body contradicts",
    "A header says of the body what is not so: its coding, its length, its charset, its type.",
    "http.content_encoding http.content_length http.charset http.stream_charset http.content_type http.stream_content_type http.error_content_type http.sse_not_compressed sse.framing",
    {
        "anthropic-br": _sized(headed(anthropic(), content_encoding="br"), 0),
        "gemini-length": _sized(gemini(), 25),
        "ollama-length": _sized(ollama({"content": "Rain."}), -10),
        "error-length": _sized(other(native.COHERE, native.COHERE_REQUEST, native.COHERE_ERROR, status=404), 33),
        "deflate-error": _sized(
            headed(
                other(native.ANTHROPIC, native.ANTHROPIC_REQUEST, native.ANTHROPIC_ERROR, status=404),
                content_encoding="deflate",
            ),
            0,
        ),
        "listing-latin": headed(
            (
                answered(
                    get("/models"),
                    {
                        "object": "list",
                        "data": [{"id": "é", "object": "model", "created": 1767225600, "owned_by": "ü"}],
                    },
                ),
            ),
            content_type="application/json; charset=latin-1",
        ),
        "responses-text-plain": headed(responses(), content_type="text/plain"),
        "ollama-event-stream": headed(ollama_stream("Rain."), content_type="text/event-stream"),
    },
    {
        "quoted-charset": headed(answer("Grüße"), content_type='application/json; charset="utf-8"'),
        "anthropic-length": _sized(anthropic(), 0),
        "ndjson-charset": headed(ollama_stream("Rain."), content_type="application/x-ndjson; charset=utf-8"),
        "upper-case": headed(answer("The Loire."), content_type="Application/JSON"),
    },
)


def _listed(url: str, body: Json) -> Exchange:
    return answered(Request("GET", url), body)


_GEMINI_LIST = "https://provider.example/v1beta/models"
_OLLAMA_LIST = "https://provider.example/api/tags"


def gemini_models(*names: str) -> Exchange:
    """Return a listing of Gemini's."""
    entry = {
        "version": "1",
        "displayName": "Example",
        "inputTokenLimit": 1000,
        "outputTokenLimit": 100,
        "supportedGenerationMethods": ["generateContent"],
    }
    return _listed(_GEMINI_LIST, {"models": [{"name": f"models/{name}", **entry} for name in names]})


def ollama_models(*names: str) -> Exchange:
    """Return a listing of Ollama's."""
    return _listed(
        _OLLAMA_LIST,
        {
            "models": [
                {"name": name, "model": name, "modified_at": "2026-11-21T00:00:00Z", "size": 5, "digest": "ab"}
                for name in names
            ]
        },
    )


def _anthropic_models(*names: str) -> Exchange:
    entry = {"type": "model", "display_name": "Example", "created_at": "2026-11-21T00:00:00Z"}
    return _listed(
        "https://provider.example/v1/models",
        {
            "data": [{"id": name, **entry} for name in names],
            "has_more": False,
            "first_id": names[0],
            "last_id": names[-1],
        },
    )


_GEMINI_GONE = other(
    native.GEMINI,
    native.GEMINI_REQUEST,
    {
        "error": {
            "code": 404,
            "message": "models/gemini-example is not found for API version v1beta",
            "status": "NOT_FOUND",
        }
    },
    status=404,
)[0]
_OLLAMA_GONE = other(native.OLLAMA, native.OLLAMA_REQUEST, {"error": "model 'llama-example' not found"}, status=404)[0]
_SHOW_GONE = other(
    "https://provider.example/api/show",
    {"model": "llama-example"},
    {"error": "model 'llama-example' not found"},
    status=404,
)[0]
_GEMINI_GET = replace(
    _GEMINI_GONE, request=replace(_GEMINI_GONE.request, method="GET", url=f"{_GEMINI_LIST}/gemini-example", body=b"")
)

LISTINGS = kind(
    "unseen: a listing that misleads",
    "A listing has an id twice, or lists a model that is gone or cannot be retrieved.",
    "model.list_ids_unique model.listed_is_served model.lifecycle_catalogue",
    {
        "gemini-twice": (gemini_models("a", "b", "a"),),
        "ollama-twice": (ollama_models("a:1", "b:1", "a:1"),),
        "anthropic-twice": (_anthropic_models("a", "a"),),
        "gemini-gone": numbered(gemini_models("gemini-example"), _GEMINI_GONE),
        "gemini-not-retrievable": numbered(gemini_models("gemini-example"), _GEMINI_GET),
        "ollama-gone": numbered(ollama_models("llama-example:latest"), _OLLAMA_GONE),
        "ollama-not-shown": numbered(ollama_models("llama-example"), _SHOW_GONE),
        "anthropic-gone": numbered(
            _anthropic_models("claude-example"),
            other(
                native.ANTHROPIC,
                {**native.ANTHROPIC_REQUEST},
                {"type": "error", "error": {"type": "not_found_error", "message": "model: claude-example"}},
                status=404,
            )[0],
        ),
    },
    {
        "gemini-once": numbered(gemini_models("gemini-example", "b"), gemini()[0]),
        "ollama-tags": (ollama_models("a:1b", "a:3b"),),
        "ollama-other-gone": numbered(ollama_models("a:1b"), _OLLAMA_GONE),
        "gemini-quota": numbered(
            gemini_models("gemini-example"),
            other(
                native.GEMINI,
                native.GEMINI_REQUEST,
                {"error": {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}},
                status=429,
            )[0],
        ),
        "created-in-1999": (
            answered(
                get("/models"),
                {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 915148800, "owned_by": "a"}]},
            ),
        ),
    },
)

KINDS = [NULLS, ABSENT, MISSPELT, WORDS, MODES, HEADERS, LISTINGS]
