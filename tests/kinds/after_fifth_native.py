"""The kinds that were mended for `unseen_fifth_native`, by other means: another dialect, another member, streamed or not. Run once.

At first sight 20 of 21 variants were named and none of 20 look-alikes was flagged. In the one that was missed (`gemini-count`) the set
was wrong: it counted the contents without the tools. Counted with them, it showed that a model in the counted request was taken for
another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, gemini, headed, numbered, other
from tests.kinds.unseen_fifth_native_gemini import COUNT, MODEL
from tests.kinds.unseen_fifth_native_gemini import got as gemini_got
from tests.kinds.unseen_fifth_native_messages import changed as message_stream
from tests.kinds.unseen_fifth_native_ollama import ONE, TAGGED, TWO, embedded, got
from tests.kinds.unseen_fifth_native_responses import changed
from tests.kinds.unseen_fifth_native_sound import NATIVE_ENTRY, SRT, VERBOSE, _as_anthropic, heard
from tests.kinds.wire_forms import cohere_stream, converse, gemini_stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json


def _cached(**tokens: int) -> Conversation:
    return converse({"text": "Rain."}, usage={"outputTokens": 3, "totalTokens": 4003, **tokens})


def _started(**tokens: int) -> Conversation:
    return message_stream(lambda events: events[0]["message"]["usage"].update(tokens))


def _counted(before: int, used: int) -> Conversation:
    contents = [{"role": "user", "parts": [{"text": "Name a river in France."}]}]
    whole = {**native.GEMINI_REQUEST, "contents": contents, "model": "models/gemini-example"}
    (count,) = other(COUNT, {"generateContentRequest": whole}, {"totalTokens": before})
    (said,) = gemini([{"text": "The Loire."}], {"contents": contents}, usageMetadata=_metered(used))
    return numbered(count, said)


def _metered(used: int) -> Json:
    return {"promptTokenCount": used, "candidatesTokenCount": 4, "totalTokenCount": used + 4}


COUNTS = kind(
    "after the fifth: counts",
    "The tokens of a prompt are counted twice, or as others than the API counted before.",
    "usage.cache_apart usage.count_agrees",
    {
        "converse-twice": _cached(inputTokens=2000, cacheReadInputTokens=2000),
        "start-twice": _started(input_tokens=900, cache_read_input_tokens=600, cache_creation_input_tokens=300),
        "gemini-count": _counted(30, 900),
    },
    {
        "converse-apart": _cached(inputTokens=12, cacheReadInputTokens=3988),
        "few": anthropic(usage={"input_tokens": 40, "cache_read_input_tokens": 40, "output_tokens": 30}),
        "written-only": _started(input_tokens=3, cache_creation_input_tokens=900),
        "gemini-near": _counted(30, 33),
    },
)

_RUNNING = {**TAGGED, "expires_at": "2026-11-29T14:38:31.837Z", "size_vram": 5137025024, "context_length": 4096}
_PAGE: Json = {"data": [NATIVE_ENTRY], "has_more": True, "first_id": "claude-example", "last_id": "claude-example"}

LISTINGS = kind(
    "after the fifth: listings",
    "A listing has another form than its API's.",
    "ollama.listing_shape anthropic.listing_shape gemini.listing_shape",
    {
        "running-of-null": got("/api/ps", {"models": None}),
        "running-as-openai": got("/api/ps", {"object": "list", "data": []}),
        "one-with-seconds": _as_anthropic({**NATIVE_ENTRY, "created_at": 1769904000}, "/models/claude-example"),
        "no-data": _as_anthropic({"models": [NATIVE_ENTRY], "has_more": False}),
        "one-without-prefix": gemini_got("/models/gemini-example", {**MODEL, "name": "gemini-example"}),
    },
    {
        "running": got("/api/ps", {"models": [_RUNNING]}),
        "nothing-runs": got("/api/ps", {"models": []}),
        "page-with-more": _as_anthropic(_PAGE),
        "gemini-page": gemini_got("/models", {"models": [MODEL], "nextPageToken": "Cg9"}),
    },
)


def _refused(message: str, status: int, **headers: str) -> Conversation:
    return headed(other(native.CONVERSE, native.CONVERSE_REQUEST, {"message": message}, status=status), **headers)


_DENIED: Json = {
    "error": {"message": "Incorrect API key", "type": "invalid_request_error", "param": None, "code": None}
}
_OWN = "Failed to parse tool call arguments as JSON: unexpected end of input"
_QUOTA: Json = {
    "code": 429,
    "message": "Quota exceeded for metric: generate_content_free_tier_requests.",
    "status": "RESOURCE_EXHAUSTED",
    "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}],
}


def _failing(message: str) -> Conversation:
    lines = [{**native.OLLAMA_LINES[0]}, {"error": message}]
    return other(native.OLLAMA, native.OLLAMA_REQUEST, native.lines(lines), content_type="application/x-ndjson")


ERRORS = kind(
    "after the fifth: errors",
    "An error has another API's envelope, blames the server for the request, or the request for the server's output.",
    "gemini.error_shape anthropic.error_shape error.status_class tool_call.server_rejects_own_output stream.failed_midway",
    {
        "gemini-count-forbidden": other(COUNT, {"contents": []}, {"message": "Forbidden"}, status=403),
        "anthropic-listing-denied": _as_anthropic(_DENIED, status=401),
        "results-are-an-outage": _refused(
            "ValidationException: Expected toolResult blocks at messages.2.content for the following Ids: t1", 503
        ),
        "own-output-in-lines": _failing(_OWN),
        "fails-after-the-queue": changed(
            lambda events: events.__setitem__(
                slice(2, None), [{"type": "error", "code": "server_error", "message": "Sorry.", "param": None}]
            )
        ),
    },
    {
        "gemini-waits": other(native.GEMINI, native.GEMINI_REQUEST, {"error": _QUOTA}, status=429),
        "anthropic-denied": _as_anthropic(
            {
                "type": "error",
                "error": {"type": "authentication_error", "message": "invalid x-api-key"},
                "request_id": "r",
            },
            status=401,
        ),
        "tokens-a-day": _refused(
            "Too many tokens per day, please wait before trying again.",
            429,
            x_amzn_errortype="ThrottlingException",
            retry_after="60",
        ),
    },
)


def _begun(status: str) -> Any:
    return changed(lambda events: events[1]["response"].update(status=status))


STREAMS = kind(
    "after the fifth: streams",
    "The first snapshot is of the end, indices begin late, or a piece says nothing.",
    "responses.status_consistency responses.event_sequence anthropic.event_sequence gemini.part_shape anthropic.event_shape",
    {
        "in-progress-and-done": _begun("completed"),
        "in-progress-and-cut": _begun("incomplete"),
        "part-of-nothing": gemini([{"text": "The Loire."}, {}]),
        "delta-is-untyped": message_stream(lambda events: events[3]["delta"].pop("type")),
    },
    {
        "in-progress": _begun("in_progress"),
        "two-lines": gemini_stream("The", " Loire."),
        "cohere": cohere_stream("The", " Loire."),
        "ping-first": message_stream(lambda events: events.insert(1, {"type": "ping"})),
    },
)


def _ollama(texts: Any, *vectors: Any) -> Conversation:
    answer = {"model": "embed-example", "embeddings": list(vectors), "prompt_eval_count": 4}
    return other("https://provider.example/api/embed", {"model": "embed-example", "input": texts}, answer)


VECTORS = kind(
    "after the fifth: vectors and transcripts",
    "A vector or a transcript says nothing of its text or sound, or is labelled as what it is not.",
    "embeddings.finite embeddings.text_tells transcriptions.format_honoured http.content_type",
    {
        "ollama-empty": _ollama(["hello", "world"], ONE, []),
        "ollama-shared": _ollama(["rain in Paris", "snow in Oslo"], ONE, ONE),
        "no-pieces": heard({**VERBOSE, "language": "german", "segments": []}, response_format="verbose_json"),
        "lines-as-json": heard("WEBVTT\n\n00:00.000 --> 00:03.000\nHi.\n", response_format="vtt"),
    },
    {
        "same-text-twice": embedded(ONE, ONE, request={"input": ["hello", "hello"]}),
        "case-alone": embedded(ONE, ONE, request={"input": ["Hello!", "hello"]}),
        "two-texts": _ollama(["rain in Paris", "snow in Oslo"], ONE, TWO),
        "words-alone": heard(
            {
                **{k: v for k, v in VERBOSE.items() if k != "segments"},
                "words": [{"word": "The", "start": 0.0, "end": 0.2}],
            },
            response_format="verbose_json",
            **{"timestamp_granularities[]": "word"},
        ),
        "lines": heard(SRT, label="application/x-subrip", response_format="srt"),
    },
)

KINDS = [COUNTS, LISTINGS, ERRORS, STREAMS, VECTORS]
