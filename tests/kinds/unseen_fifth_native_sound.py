"""Reports on transcriptions and on listings, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Exchange, Request, Response, as_body
from conformance.wire.form import File, write_form
from conformance.wire.sound import wav
from tests.kinds.kind import kind
from tests.kinds.material import get, numbered, other
from tests.mutation.wire import BASE, CREATED, MODEL, answered, ask, refused

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

TRANSCRIPTS = "https://provider.example/v1/audio/transcriptions"
TEXT = "The sun rises in the east."
SEGMENT: Json = {
    "id": 0,
    "seek": 0,
    "start": 0.0,
    "end": 2.9,
    "text": f" {TEXT}",
    "tokens": [440, 3295],
    "temperature": 0.0,
    "avg_logprob": -0.2,
    "compression_ratio": 0.8,
    "no_speech_prob": 0.01,
}
VERBOSE: Json = {"task": "transcribe", "language": "english", "duration": 3.0, "text": TEXT, "segments": [SEGMENT]}
SRT = f"1\n00:00:00,000 --> 00:00:03,000\n{TEXT}\n"
VTT = f"WEBVTT\n\n00:00:00.000 --> 00:00:03.000\n{TEXT}\n"


def heard(answer: Any, status: int = 200, label: str = "application/json", **asked: Any) -> Conversation:
    """Return a transcription; the fields of the form are those that `asked` names beside file and model."""
    content_type, body = write_form({"file": File("a.wav", "audio/wav", wav()), "model": "m", **asked})
    request = Request("POST", TRANSCRIPTS, {"content-type": content_type}, body)
    return (Exchange("x", request, Response(status, {"content-type": label}, as_body(answer), "clean")),)


def _without_file(answer: Any, status: int) -> Conversation:
    content_type, body = write_form({"model": "m"})
    request = Request("POST", TRANSCRIPTS, {"content-type": content_type}, body)
    return (Exchange("x", request, Response(status, {"content-type": "application/json"}, as_body(answer), "clean")),)


STREAM = "text/event-stream"
SOUND = kind(
    "fifth: transcripts",
    "A transcript lacks what was asked for, is labelled as another type, or an error of the client is told as the server's.",
    "transcriptions.format_honoured transcriptions.granularity_honoured http.content_type transcriptions.event_shape error.honest_answer "
    "error.json_body",
    {
        # speaches 86: segments
        "no-segments": heard({**VERBOSE, "segments": []}, response_format="verbose_json"),
        # LocalAI 9306: words
        "no-words": heard(VERBOSE, response_format="verbose_json", **{"timestamp_granularities[]": "word"}),
        # speaches 44: format
        "text-for-verbose": heard({"text": TEXT}, response_format="verbose_json"),
        # tiny-openai-whisper-api 7: content type
        "subtitles-as-json": heard(SRT, response_format="srt"),
        # speaches 533: form of the stream's events
        "stream-of-texts": heard(
            'data: {"text": "The sun rises"}\n\ndata: {"text": "in the east."}\n\n', label=STREAM, stream="true"
        ),
        # integration_openai 346: client's fault as 5xx
        "format-is-a-server-error": heard(
            {"error": {"code": 500, "message": "invalid response_format", "type": ""}}, 500, response_format="diarized"
        ),
        # LocalAI 5380: client's fault as 5xx
        "no-file-is-a-server-error": _without_file(
            {"error": {"code": 500, "message": "there is no uploaded file associated with the given key", "type": ""}},
            500,
        ),
        # speaches 338: error that is no JSON
        "plain-server-error": heard("Internal Server Error", 500, "text/plain; charset=utf-8"),
    },
    {
        "verbose": heard(VERBOSE, response_format="verbose_json"),
        "subtitles": heard(SRT, label="text/plain; charset=utf-8", response_format="srt"),
        "vtt": heard(VTT, label="text/vtt; charset=utf-8", response_format="vtt"),
        "text": heard(f"{TEXT}\n", label="text/plain; charset=utf-8", response_format="text"),
        "json-with-usage": heard({"text": TEXT, "usage": {"type": "duration", "seconds": 3}}),
        "token-usage": heard(
            {
                "text": TEXT,
                "usage": {
                    "type": "tokens",
                    "input_tokens": 14,
                    "input_token_details": {"text_tokens": 0, "audio_tokens": 14},
                    "output_tokens": 9,
                    "total_tokens": 23,
                },
            }
        ),
        "streamed": heard(
            'event: transcript.text.delta\ndata: {"type": "transcript.text.delta", "delta": "The sun rises"}\n\n'
            'event: transcript.text.delta\ndata: {"type": "transcript.text.delta", "delta": " in the east."}\n\n'
            f'event: transcript.text.done\ndata: {{"type": "transcript.text.done", "text": "{TEXT}"}}\n\n',
            label=STREAM,
            stream="true",
        ),
        "nobody-speaks": heard({"text": ""}),
        "file-missing": _without_file(
            {
                "error": {
                    "message": "Missing required parameter: 'file'.",
                    "type": "invalid_request_error",
                    "param": "file",
                    "code": "missing_required_parameter",
                }
            },
            400,
        ),
    },
    missed="no-file-is-a-server-error",  # only the error's members are named: of a form's parts the file is not looked for
)

ENTRY: Json = {"id": MODEL, "object": "model", "created": CREATED, "owned_by": "example"}
LIST: Json = {"object": "list", "data": [ENTRY]}
GONE = "latest-chat-example"
NATIVE_ENTRY: Json = {
    "type": "model",
    "id": "claude-example",
    "display_name": "Claude Example",
    "created_at": "2026-02-01T00:00:00Z",
}


def _listed_then(answer: Json, status: int, url: str, body: Json) -> Conversation:
    listing = {"object": "list", "data": [ENTRY, {**ENTRY, "id": GONE}]}
    (tried,) = other(url, {"model": GONE, **body}, answer, status=status)
    return numbered(answered(get("/models"), listing), tried)


def _as_anthropic(body: Json, path: str = "/models", status: int = 200) -> Conversation:
    request = Request("GET", f"{BASE}{path}", {"anthropic-version": "2023-06-01", "x-api-key": "k"})
    return (answered(request, body, status),)


LISTINGS = kind(
    "fifth: listings",
    "A listing has another form than its protocol's, or lists a model that is gone.",
    "model.list_envelope model.listed_is_served anthropic.listing_shape",
    {
        # exo 590: envelope of the listing
        "bare-list": (answered(get("/models"), [ENTRY]),),
        # waku-agent 137: listed and gone
        "listed-and-gone": _listed_then(
            {
                "error": {
                    "message": f"The model `{GONE}` does not exist or you do not have access to it.",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": "model_not_found",
                }
            },
            404,
            f"{BASE}/chat/completions",
            {"messages": ask().json["messages"]},
        ),
        # elmo 436: listed and gone
        "listed-without-an-endpoint": _listed_then(
            {"error": {"message": f"No endpoints found for {GONE}.", "code": 404}},
            404,
            f"{BASE}/responses",
            {"input": "Name a river in France."},
        ),
        # litellm 35455: form of another protocol
        "openai-list-for-anthropic": _as_anthropic(LIST),
        # sub2api 1489: missing model as 5xx
        "unlisted-model-is-an-outage": numbered(
            answered(get("/models"), LIST),
            *other(
                f"{BASE}/responses",
                {"model": "no-such-model", "input": "Name a river in France."},
                {"error": {"type": "api_error", "message": "Service temporarily unavailable"}},
                status=503,
            ),
        ),
    },
    {
        "anthropic-list": _as_anthropic(
            {"data": [NATIVE_ENTRY], "has_more": False, "first_id": "claude-example", "last_id": "claude-example"}
        ),
        "anthropic-list-with-limits": _as_anthropic(
            {
                "data": [{**NATIVE_ENTRY, "max_input_tokens": 200000, "max_tokens": 64000}],
                "has_more": True,
                "first_id": "claude-example",
                "last_id": "claude-example",
            },
            "/models?limit=1",
        ),
        "anthropic-empty": _as_anthropic({"data": [], "has_more": False, "first_id": None, "last_id": None}),
        "anthropic-model": _as_anthropic(NATIVE_ENTRY, "/models/claude-example"),
        "one-model": (answered(get(f"/models/{MODEL}"), ENTRY),),
        "unlisted-model-is-refused": numbered(
            answered(get("/models"), LIST),
            refused(
                ask(model="no-such-model"),
                404,
                "The model `no-such-model` does not exist",
                "model_not_found",
                "invalid_request_error",
            ),
        ),
        "created-long-ago": (answered(get("/models"), {"object": "list", "data": [{**ENTRY, "created": 1677610602}]}),),
        "with-a-shutdown-date": (
            answered(get("/models"), {"object": "list", "data": [{**ENTRY, "deprecation": "2027-01-01T00:00:00Z"}]}),
        ),
    },
    missed="unlisted-model-is-an-outage",  # one 503 may be a real outage
)

KINDS = [SOUND, LISTINGS]
