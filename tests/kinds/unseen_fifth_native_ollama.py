"""Reports on Ollama's own API, on embeddings and on transcriptions, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Request
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import numbered, other
from tests.mutation.wire import answered

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

BASE = "https://provider.example"
STAMP = {"model": "llama-example", "created_at": "2026-11-21T00:00:00Z"}
NAN = "failed to encode response: json: unsupported value: NaN"


def got(path: str, body: Any, status: int = 200) -> Conversation:
    """Return the answer to a GET."""
    return (answered(Request("GET", f"{BASE}{path}"), body, status),)


def _lines(*lines: Json, **asked: Any) -> Conversation:
    return other(
        native.OLLAMA,
        {**native.OLLAMA_REQUEST, **asked},
        native.lines(list(lines)),
        content_type="application/x-ndjson",
    )


def _loaded(reason: str, **asked: Any) -> Conversation:
    body = {**STAMP, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": reason}
    return other(native.OLLAMA, {"model": "llama-example", "stream": False, **asked}, body)


TAGGED: Json = {
    "name": "gemma-example:4b",
    "model": "gemma-example:4b",
    "modified_at": "2026-06-27T13:46:49.045595241Z",
    "size": 7547589116,
    "digest": "15cb39fd9394fd2549f6df9081cfc84dd134ecf2c9c5be911e5629920489ac32",
    "details": {
        "parent_model": "",
        "format": "gguf",
        "family": "gemma",
        "families": ["gemma"],
        "parameter_size": "6.9B",
        "quantization_level": "Q4_K_M",
    },
}
OLLAMA = kind(
    "fifth: Ollama",
    "Ollama's answer fails inside, says its error under another key, or leaves out what it counted.",
    "error.no_internals stream.error_event_shape tool_call.server_rejects_own_output content.nonempty_completion usage.nonzero "
    "stream.failed_midway",
    {
        # ollama 12921: the server's inside in an error
        "not-a-number": other(
            f"{BASE}/api/embed", {"model": "embed-example", "input": "importance"}, {"error": NAN}, status=500
        ),
        # ollama 11781: shape of an error in the stream
        "error-under-another-key": _lines(
            {**STAMP, "message": {"role": "assistant", "content": "", "thinking": "I call it."}, "done": False},
            {"error parsing tool call": "invalid character 'c' looking for beginning of value"},
        ),
        # ollama 12884: the server's inside in an error
        "call-not-parsed": other(
            native.OLLAMA,
            {**native.OLLAMA_REQUEST, "stream": False},
            {"error": 'error parsing tool call: raw=\'{"city": "Paris"\', err=unexpected end of JSON input'},
            status=500,
        ),
        # continue 10896: the server's inside in an error
        "xml-in-the-stream": _lines(
            {**STAMP, "message": {"role": "assistant", "content": "I look."}, "done": False},
            {"error": "failed to parse XML: XML syntax error on line 1: element <tool_call> closed by </arg_value>"},
        ),
        # oh-my-pi 7465: finish reason of a load
        "loads-instead": _loaded("load", messages=[{"role": "system", "content": "Summarise the plan."}]),
        # ollama 1893: counts
        "no-counts": other(
            f"{BASE}/api/generate",
            {"model": "llama-example", "prompt": "Say hello.", "stream": False},
            {**STAMP, "response": "Hello.", "done": True, "total_duration": 306412003, "eval_duration": 516371},
        ),
        # ollama 5671: durations
        "no-durations": other(
            f"{BASE}/api/generate",
            {"model": "llama-example", "prompt": "Say hello.", "stream": False},
            {**STAMP, "response": "Hello.", "done": True, "done_reason": "stop"},
        ),
        # a look-alike at first sight, wrongly built
        "error-in-the-stream": _lines(
            {**STAMP, "message": {"role": "assistant", "content": "Yes"}, "done": False},
            {"error": "an error was encountered while running the model"},
        ),
    },
    {
        "tags": got("/api/tags", {"models": [TAGGED]}),
        "tags-of-the-cloud": got(
            "/api/tags",
            {
                "models": [
                    {
                        **TAGGED,
                        "digest": "a1b2c3d40005",
                        "details": {**TAGGED["details"], "format": "", "families": None},
                    }
                ]
            },
        ),
        "running": got(
            "/api/ps",
            {
                "models": [
                    {**TAGGED, "expires_at": "2026-11-29T14:00:00Z", "size_vram": 7547589116, "context_length": 4096}
                ]
            },
        ),
        "version": got("/api/version", {"version": "0.34.0"}),
        "shown": other(
            f"{BASE}/api/show",
            {"model": "gemma-example:4b"},
            {
                "modelfile": "FROM gemma-example",
                "template": "{{ .Prompt }}",
                "details": TAGGED["details"],
                "model_info": {"general.architecture": "gemma"},
                "capabilities": ["completion", "tools"],
                "modified_at": TAGGED["modified_at"],
            },
        ),
        "loaded-on-demand": _loaded("load", messages=[]),
        "unloaded": _loaded("unload", messages=[], keep_alive=0),
        "model-not-found": other(
            native.OLLAMA, native.OLLAMA_REQUEST, {"error": "model 'llama-example' not found"}, status=404
        ),
        "pulled": other(
            f"{BASE}/api/pull",
            {"model": "llama-example"},
            native.lines([{"status": "pulling manifest"}, {"status": "success"}]),
            content_type="application/x-ndjson",
        ),
        "embedded": other(
            f"{BASE}/api/embed",
            {"model": "embed-example", "input": ["hello", "world"]},
            {
                "model": "embed-example",
                "embeddings": [[0.1, -0.2], [0.3, 0.4]],
                "total_duration": 9,
                "load_duration": 1,
                "prompt_eval_count": 4,
            },
        ),
    },
)
EMBEDDINGS = f"{BASE}/v1/embeddings"
USAGE = {"prompt_tokens": 4, "total_tokens": 4}
ONE, TWO = [0.12, -0.34, 0.56], [0.21, 0.43, -0.65]


def embedded(*vectors: Any, request: Json | None = None, drop: str = "", **top: Any) -> Conversation:
    """Return an embeddings answer with vectors; `drop` leaves a member of each row out."""
    rows = [{"object": "embedding", "index": number, "embedding": vector} for number, vector in enumerate(vectors)]
    kept = [{key: value for key, value in row.items() if key != drop} for row in rows]
    body = {"object": "list", "data": kept, "model": "embed-example", "usage": USAGE, **top}
    asked = {"model": "embed-example", "input": ["hello", "world"][: len(vectors) or 2], **(request or {})}
    return other(EMBEDDINGS, asked, body)


def _apart() -> Conversation:
    (both,) = other(
        f"{BASE}/api/embed",
        {"model": "embed-example", "input": ["hello", "world"]},
        {"model": "embed-example", "embeddings": [ONE, TWO], "prompt_eval_count": 4},
    )
    (alone,) = other(
        f"{BASE}/api/embed",
        {"model": "embed-example", "input": ["world"]},
        {"model": "embed-example", "embeddings": [[-0.61, 0.12, 0.4]], "prompt_eval_count": 2},
    )
    return numbered(both, alone)


VECTORS = kind(
    "fifth: embeddings",
    "An embeddings answer holds no vector, the wrong one, or not as many as there are inputs.",
    "embeddings.encoding_honoured embeddings.finite embeddings.same_input_same_vector embeddings.response_shape embeddings.dimensions_honoured "
    "error.no_internals embeddings.one_per_input embeddings.text_tells error.json_body",
    {
        # worker-infinity-embedding 30: encoding format
        "floats-for-base64": embedded(ONE, request={"encoding_format": "base64"}),
        # gbrain 328: empty vector
        "vector-of-nothing": embedded([], request={"input": ["hello"]}),
        # ollama 6262: other vectors in a batch
        "batch-changes-the-vector": _apart(),
        # dynamo 10248: shape of a vector
        "matrix-for-a-vector": embedded([ONE, TWO, ONE], request={"input": "hello"}),
        # vllm 46313: dimensions
        "fewer-dimensions": embedded(ONE, request={"dimensions": 8}),
        # infinity 519: the server's inside in an error
        "class-in-the-error": other(
            EMBEDDINGS,
            {"model": "embed-example", "input": ["test 123"], "dimensions": 512},
            {
                "error": {
                    "message": "<class 'infinity_emb.primitives.MatryoshkaDimError'> -> matryoshka_dim=512 is not in a valid range. Select between 1 and 128.",
                    "type": None,
                    "param": None,
                    "code": 400,
                }
            },
            status=400,
        ),
        # xberg 1302: number of vectors, or their indices
        "gap-in-the-indices": embedded(
            request={"input": ["alpha", "bravo", "charlie", "delta"]},
            data=[{"object": "embedding", "index": number, "embedding": ONE} for number in (0, 1, 3)],
        ),
        # mcp-memory-service 612: member missing
        "no-index": embedded(ONE, TWO, drop="index"),
        # ai 20359: number of vectors
        "no-vectors": embedded(request={"input": ["hello", "world"]}),
        # LocalAI 6257: same vector for different texts
        "one-vector-for-all": embedded(ONE, ONE),
        # LocalAI 1608: null vector
        "vector-of-null": embedded(None, request={"input": "hello"}),
        # text-embeddings-inference 50: error that is no JSON
        "plain-413": other(
            EMBEDDINGS,
            {"model": "embed-example", "input": ["hello"]},
            "Failed to buffer the request body: length limit exceeded",
            status=413,
            content_type="text/plain; charset=utf-8",
        ),
    },
    {
        "base64-as-asked": embedded("AACAPwAAAEAAAEBA", request={"encoding_format": "base64", "dimensions": 3}),
        "same-text-twice": embedded(ONE, ONE, request={"input": ["hello", "hello"]}),
        "dimensions-as-asked": embedded(ONE, request={"dimensions": 3}),
        "tokens-as-input": embedded(ONE, request={"input": [9906, 1917]}),
        "vendor-members": embedded(ONE, request={"input": "hello"}, id="embd-1", created=1750000000),
        "dimensions-refused": other(
            EMBEDDINGS,
            {"model": "embed-example", "input": "hello", "dimensions": 512},
            {
                "error": {
                    "message": "Model 'embed-example' does not support Matryoshka embeddings; dimensions must be unset.",
                    "type": "BadRequestError",
                    "param": None,
                    "code": None,
                }
            },
            status=400,
        ),
    },
)

KINDS = [OLLAMA, VECTORS]
