"""Reports on Gemini's, Bedrock's and Cohere's own APIs, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Request
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import gemini, headed, numbered, other
from tests.kinds.wire_forms import cohere, cohere_stream, converse, gemini_stream
from tests.mutation.wire import answered

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

BASE = "https://provider.example/v1beta"
TOOLS = {"tools": [{"functionDeclarations": [{"name": "get_weather", "parameters": native.WEATHER}]}]}


def got(path: str, body: Any, status: int = 200) -> Conversation:
    """Return the answer to a GET below Gemini's base address."""
    return (answered(Request("GET", f"{BASE}{path}"), body, status),)


def _turn(*parts: Json, role: str = "model") -> Json:
    return {"role": role, "parts": list(parts)}


def _unsigned_call() -> Conversation:
    asked = {**TOOLS, "contents": [_turn({"text": "Weather in Paris?"}, role="user")]}
    call = {"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}}
    result = {"functionResponse": {"name": "get_weather", "response": {"result": "rain"}}}
    (first,) = gemini([call], asked)
    again = {**asked, "contents": [*asked["contents"], _turn(call), _turn(result, role="user")]}
    refusal = {
        "error": {
            "code": 400,
            "message": "Function call is missing a thought_signature in functionCall parts. Additional data, function call `get_weather`, position 2.",
            "status": "INVALID_ARGUMENT",
        }
    }
    (second,) = other(native.GEMINI, {**native.GEMINI_REQUEST, **again}, refusal, status=400)
    return numbered(first, second)


def _with_results(**candidate: Any) -> Conversation:
    history = [
        _turn({"text": "Weather in Paris?"}, role="user"),
        _turn({"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}, "thoughtSignature": "c2ln"}),
        _turn({"functionResponse": {"name": "get_weather", "response": {"result": "rain"}}}, role="user"),
    ]
    body = {
        "candidates": [{"content": {"role": "model"}, "finishReason": "STOP", "index": 0, **candidate}],
        "usageMetadata": {"promptTokenCount": 4859, "totalTokenCount": 4859},
        "modelVersion": "gemini-example",
        "responseId": "r1",
    }
    return other(native.GEMINI, {**native.GEMINI_REQUEST, "contents": history}, body)


MODEL: Json = {
    "name": "models/gemini-example",
    "version": "001",
    "displayName": "Gemini Example",
    "inputTokenLimit": 1048576,
    "outputTokenLimit": 65536,
    "supportedGenerationMethods": ["generateContent", "countTokens"],
}
COUNT = f"{BASE}/models/gemini-example:countTokens"
GEMINI = kind(
    "fifth: Gemini",
    "A gateway's answer in Gemini's form says nothing, counts nothing, lists nothing that a client can use, or is of another protocol.",
    "gemini.listing_shape gemini.error_shape gemini.count_tokens_shape response_format.json_parses gemini.candidate_parts gemini.call_signed "
    "gemini.own_output_accepted",
    {
        # new-api 3364: listing
        "listing-of-nulls": got(
            "/models",
            {
                "models": [
                    {
                        "name": "gemini-example",
                        "baseModelId": None,
                        "version": None,
                        "displayName": "gemini-example",
                        "inputTokenLimit": None,
                        "outputTokenLimit": None,
                        "supportedGenerationMethods": None,
                    }
                ]
            },
        ),
        # new-api 1280: envelope of another protocol
        "openai-envelope": got(
            "/models",
            {
                "error": {
                    "message": "Invalid URL (GET /v1beta/models)",
                    "type": "invalid_request_error",
                    "param": "",
                    "code": "",
                }
            },
            404,
        ),
        # Antigravity-Manager 3295: count
        "count-of-zero": other(COUNT, {"contents": native.GEMINI_REQUEST["contents"]}, {"totalTokens": 0}),
        # cookbook 331: JSON that was asked for
        "an-open-fence": gemini(
            [{"text": "```\n"}],
            {"tools": [], "generationConfig": {"responseMimeType": "application/json"}},
        ),
        # litellm 19403: empty answer
        "nothing-after-the-result": _with_results(),
        # OmniRoute 9221: refusal of a history for a vendor's member
        "call-without-signature": _unsigned_call(),
        # a look-alike at first sight, wrongly built
        "malformed-call": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "candidates": [
                    {
                        "content": {},
                        "finishReason": "MALFORMED_FUNCTION_CALL",
                        "finishMessage": "Malformed function call: print(get_weather(city='Paris'))",
                        "index": 0,
                    }
                ],
                "usageMetadata": {"promptTokenCount": 20, "totalTokenCount": 20},
                "modelVersion": "gemini-example",
            },
        ),
    },
    {
        "listing": got("/models", {"models": [MODEL], "nextPageToken": "Ch9t"}),
        "listing-of-a-tuned-model": got(
            "/models", {"models": [{**MODEL, "thinking": True, "temperature": 1, "maxTemperature": 2}]}
        ),
        "one-model": got("/models/gemini-example", MODEL),
        "count-with-details": other(
            COUNT,
            {"contents": native.GEMINI_REQUEST["contents"]},
            {"totalTokens": 5, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5}]},
        ),
        "signature-beside-the-text": gemini([{"text": "Rain.", "thoughtSignature": "c2ln"}]),
        "blocked-for-another-reason": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "promptFeedback": {"blockReason": "OTHER"},
                "usageMetadata": {"promptTokenCount": 13, "totalTokenCount": 13},
                "modelVersion": "gemini-example",
            },
        ),
        "lines-end-with-cr": other(
            native.GEMINI_STREAM,
            native.GEMINI_REQUEST,
            native.sse(native.GEMINI_EVENTS, named=False).replace("\n", "\r\n"),
        ),
        "an-array-of-answers": other(
            native.GEMINI_STREAM.removesuffix("?alt=sse"), native.GEMINI_REQUEST, native.GEMINI_EVENTS
        ),
        "code-that-ran": gemini(
            [
                {"executableCode": {"language": "PYTHON", "code": "print(2)"}},
                {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2\n"}},
                {"text": "Two."},
            ],
            {"tools": [{"codeExecution": {}}]},
        ),
        "streamed-at-the-limit": gemini_stream(
            "The Loire", request={"generationConfig": {"maxOutputTokens": 4}}, finish="MAX_TOKENS"
        ),
        "quota": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "error": {
                    "code": 429,
                    "message": "You exceeded your current quota. Please retry in 32.5s.",
                    "status": "RESOURCE_EXHAUSTED",
                    "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "32s"}],
                }
            },
            status=429,
        ),
    },
)


def _converse_error(body: Any, status: int, **fields: str) -> Conversation:
    return headed(other(native.CONVERSE, native.CONVERSE_REQUEST, body, status=status), **fields)


AMAZON = kind(
    "fifth: Converse and Cohere",
    "An error of Bedrock's says nothing, or a reranking names documents that it does not hold.",
    "bedrock.error_shape error.429_retry_after",
    {
        # archestra 6541: error without a message
        "error-of-nothing": _converse_error({}, 400),
        # embed-rerank 11: null member
        "document-of-null": other(
            "https://provider.example/v2/rerank",
            {"model": "rerank-example", "query": "capital", "documents": ["Carson City", "Washington"], "top_n": 2},
            {
                "id": "r1",
                "results": [
                    {"index": 1, "relevance_score": 0.98, "document": None},
                    {"index": 0, "relevance_score": 0.12, "document": None},
                ],
                "meta": {"billed_units": {"search_units": 1}},
            },
        ),
        # a look-alike at first sight, wrongly built
        "typed-in-the-body": _converse_error({"__type": "ThrottlingException", "message": "Too many tokens."}, 429),
    },
    {
        "validation": _converse_error(
            {"message": "The provided model doesn't support counting tokens."},
            400,
            x_amzn_errortype="ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/",
            x_amzn_requestid="r-1",
        ),
        "guardrail": converse({"text": "I can not say that."}, stop="guardrail_intervened"),
        "trace-and-tier": converse(
            {"text": "Rain."}, serviceTier={"type": "default"}, performanceConfig={"latency": "standard"}
        ),
        "cited": converse(
            {
                "citationsContent": {
                    "content": [{"text": "Rain."}],
                    "citations": [{"title": "Paris", "sourceContent": [{"text": "rain"}]}],
                }
            }
        ),
        "reranked": other(
            "https://provider.example/v2/rerank",
            {"model": "rerank-example", "query": "capital", "documents": ["Carson City", "Washington"], "top_n": 1},
            {
                "id": "r1",
                "results": [{"index": 1, "relevance_score": 0.98}],
                "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}},
            },
        ),
        "cohere-error": other(
            native.COHERE,
            native.COHERE_REQUEST,
            {"message": "unknown field: parameter 'top_k' is not a valid field."},
            status=422,
        ),
        "cohere-cited": cohere(
            "Rain.",
            citations=[{"start": 0, "end": 4, "text": "Rain", "sources": [{"type": "document", "id": "doc:0"}]}],
        ),
        "cohere-planned": cohere_stream("Rain ", "in Paris."),
    },
    missed="document-of-null",  # nothing of ours reads rerankings
)

KINDS = [GEMINI, AMAZON]
