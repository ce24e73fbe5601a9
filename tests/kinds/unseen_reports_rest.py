"""Reports on listings, embeddings, transcripts and legacy completions, from public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Exchange, Request, Response, as_body
from conformance.wire.form import File, write_form
from conformance.wire.sound import wav
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import completion, get, numbered, other
from tests.mutation.wire import MODEL, answered, ask, plain, said

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

EMBEDDINGS = "https://provider.example/v1/embeddings"
TRANSCRIPTS = "https://provider.example/v1/audio/transcriptions"
ENTRY: Json = {"id": MODEL, "object": "model", "created": 1767225600, "owned_by": "example"}

LISTINGS = kind(
    "reports: listings",
    "A listing of models has not the documented envelope, or does not list what is served.",
    "model.list_envelope model.lifecycle_catalogue model.fields model.listed_is_served error.envelope_object",
    {
        # vllm-project/router 134
        "under-models": (answered(get("/models"), {"models": [ENTRY]}),),
        # chatcraft 515
        "without-object": (answered(get("/models"), {"data": [ENTRY]}),),
        # mlx-omni-server 130
        "empty-but-serving": numbered(
            plain(ask(), said("The Loire.")), answered(get("/models"), {"object": "list", "data": []})
        ),
        # GenieX 640
        "asks-for-a-model": (answered(get("/models"), {"error": "model name is empty"}, 400),),
    },
    {
        "empty": (answered(get("/models"), {"object": "list", "data": []}),),
        "with-more": (
            answered(
                get("/models"),
                {
                    "object": "list",
                    "data": [ENTRY | {"max_model_len": 8192, "root": MODEL, "parent": None, "permission": []}],
                },
            ),
        ),
        "has-more": (
            answered(
                get("/models"),
                {"object": "list", "data": [ENTRY], "has_more": False, "first_id": MODEL, "last_id": MODEL},
            ),
        ),
    },
)


def _embedded(body: Json, **asked: Any) -> Conversation:
    return other(EMBEDDINGS, {"model": "m", "input": ["Rain in Paris.", "Snow in Oslo."], **asked}, body)


def _list(*vectors: Any, **top: Any) -> Json:
    data = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    return {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 8, "total_tokens": 8}, **top}


def _packed(form: str, *numbers: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}{form}", *numbers)).decode()


VECTORS = kind(
    "reports: embeddings",
    "An answer with embeddings lacks members, or its vectors are in another form than was asked for.",
    "embeddings.response_shape embeddings.usage_shape embeddings.base64_floats embeddings.encoding_honoured embeddings.dimensions_honoured embeddings.usage_total",
    {
        # spring-ai 7019
        "no-index": _embedded(
            {
                **_list([0.6, 0.8], [0.8, -0.6]),
                "data": [
                    {"object": "embedding", "embedding": [0.6, 0.8]},
                    {"object": "embedding", "embedding": [0.8, -0.6]},
                ],
            }
        ),
        # GenAIComps 926
        "usage-and-model-null": _embedded(_list([0.6, 0.8], [0.8, -0.6], usage=None, model=None)),
        # vllm 5935
        "base64-in-a-list": _embedded(
            _list([_packed("f", 0.6, 0.8)], [_packed("f", 0.8, -0.6)]), encoding_format="base64"
        ),
        # vllm 6744
        "doubles": _embedded(
            _list(_packed("d", 0.6, 0.8), _packed("d", 0.8, -0.6)), encoding_format="base64", dimensions=2
        ),
        # openhuman 5677
        "no-data": _embedded({"model": "m", "embeddings": [[0.6, 0.8], [0.8, -0.6]]}),
    },
    {
        "floats": _embedded(_list([0.6, 0.8], [0.8, -0.6])),
        "base64": _embedded(
            _list(_packed("f", 0.6, 0.8), _packed("f", 0.8, -0.6)), encoding_format="base64", dimensions=2
        ),
        "details-null": _embedded(
            _list(
                [0.6, 0.8],
                [0.8, -0.6],
                usage={"prompt_tokens": 8, "total_tokens": 8, "completion_tokens": 0, "prompt_tokens_details": None},
            )
        ),
        "id-and-created": _embedded(_list([0.6, 0.8], [0.8, -0.6], id="embd-1", created=1767225600)),
    },
)

SEGMENT: Json = {
    "id": 0,
    "seek": 0,
    "start": 0.0,
    "end": 1.3,
    "text": " Hello, world.",
    "tokens": [2425, 11],
    "temperature": 0.0,
    "avg_logprob": -0.1,
    "compression_ratio": 0.6,
    "no_speech_prob": 0.0,
}
VERBOSE: Json = {
    "task": "transcribe",
    "language": "english",
    "duration": 1.3,
    "text": "Hello, world.",
    "segments": [SEGMENT],
}
WORDS = [{"word": "Hello", "start": 0.0, "end": 0.5}, {"word": "world", "start": 0.6, "end": 1.2}]


def _transcribed(answer: Any, status: int = 200, label: str = "application/json", **asked: Any) -> Conversation:
    content_type, body = write_form(
        {"file": File("a.wav", "audio/wav", wav()), "model": "m", "response_format": "verbose_json", **asked}
    )
    return (
        Exchange(
            "x",
            Request("POST", TRANSCRIPTS, {"content-type": content_type}, body),
            Response(status, {"content-type": label}, as_body(answer), "clean"),
        ),
    )


WORDWISE = {"timestamp_granularities[]": "word"}
SOUND = kind(
    "reports: transcripts",
    "A transcript lacks what was asked for, or has it in another type.",
    "transcriptions.response_shape transcriptions.granularity_honoured transcriptions.format_honoured error.json_body http.error_content_type",
    {
        # vllm 49068
        "duration-as-text": _transcribed({**VERBOSE, "duration": "1.3"}),
        # speaches 379, litellm 12407
        "words-null": _transcribed({**VERBOSE, "words": None}, **WORDWISE),
        # MinusPod 755
        "words-alone": _transcribed({"text": "Hello, world.", "words": WORDS}, **WORDWISE),
        # speaches 58
        "plain-server-error": _transcribed("Internal Server Error", 500, "text/plain; charset=utf-8"),
    },
    {
        "segments": _transcribed(VERBOSE),
        "words": _transcribed(
            {key: value for key, value in VERBOSE.items() if key != "segments"} | {"words": WORDS}, **WORDWISE
        ),
        "silence": _transcribed({**VERBOSE, "text": "", "segments": []}),
    },
)

COMPLETIONS = kind(
    "reports: legacy completions",
    "A legacy completion comes in another API's form, or without what `echo` and `logprobs` ask for.",
    "completions.logprobs_shape completions.echo_honoured completions.logprobs_honoured completions.choice_shape completions.object_const completions.logprobs_aligned",
    {
        # lm-evaluation-harness 4158
        "logprobs-of-chat": completion(
            " Paris.",
            {"logprobs": 2},
            logprobs={
                "content": [
                    {"token": " Paris", "logprob": -0.1, "bytes": None, "top_logprobs": []},
                    {"token": ".", "logprob": -0.2, "bytes": None, "top_logprobs": []},
                ]
            },
        ),
        # llama.cpp 27174
        "echo-forgotten": completion(
            " Paris",
            {"logprobs": 2, "echo": True, "max_tokens": 1},
            logprobs={
                "tokens": [" Paris"],
                "token_logprobs": [-0.1],
                "top_logprobs": [{" Paris": -0.1}],
                "text_offset": [0],
            },
            finish_reason="length",
        ),
        # llm-ls 97
        "native-body": other(
            native.COMPLETIONS,
            {"model": "m", "prompt": "Rain in"},
            {
                "content": " Paris.",
                "id_slot": 0,
                "stop": True,
                "model": "m",
                "tokens_predicted": 2,
                "tokens_evaluated": 2,
            },
        ),
    },
    {
        "echo": completion(
            "Rain in Paris",
            {"logprobs": 1, "echo": True, "max_tokens": 2},
            logprobs={
                "tokens": ["Rain", " in", " Paris"],
                "token_logprobs": [None, -0.3, -0.1],
                "top_logprobs": [None, {" in": -0.3}, {" Paris": -0.1}],
                "text_offset": [0, 4, 7],
            },
            finish_reason="length",
        ),
        "vendor-members": completion(" Paris.", {}, stop_reason=None, prompt_logprobs=None),
        "logprobs-zero": completion(
            " Paris.",
            {"logprobs": 0},
            logprobs={"tokens": [" Paris."], "token_logprobs": [-0.1], "top_logprobs": None, "text_offset": [7]},
        ),
    },
)

KINDS = [LISTINGS, VECTORS, SOUND, COMPLETIONS]
