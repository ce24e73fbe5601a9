"""Unseen when the rules were written: errors that leak, that are foreign, that blame the wrong side, that refuse what is legal."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import envelope, error, headed, other
from tests.mutation.answers import ROLE, ROUND_TRIP, TOOLS
from tests.mutation.wire import ask, piece, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json


def _server(text: str, status: int = 500, **fields: Any) -> Conversation:
    return envelope(text, status, type="server_error", **fields)


def _message(text: str, kind_of: str = "api_error", status: int = 500) -> Conversation:
    return other(
        native.ANTHROPIC,
        native.ANTHROPIC_REQUEST,
        {"type": "error", "error": {"type": kind_of, "message": text}},
        status=status,
    )


def _google(text: str, status: int = 500, word: str = "INTERNAL") -> Conversation:
    return other(
        native.GEMINI,
        native.GEMINI_REQUEST,
        {"error": {"code": status, "message": text, "status": word}},
        status=status,
    )


def _ollama(text: str, status: int = 500) -> Conversation:
    return other(native.OLLAMA, native.OLLAMA_REQUEST, {"error": text}, status=status)


def _cohere(text: str, status: int = 500) -> Conversation:
    return other(native.COHERE, native.COHERE_REQUEST, {"id": "c1", "message": text}, status=status)


def _bedrock(text: str, status: int = 500, word: str = "InternalServerException") -> Conversation:
    return other(native.CONVERSE, native.CONVERSE_REQUEST, {"message": text, "__type": word}, status=status)


def _response(text: str, status: int = 500, **fields: Any) -> Conversation:
    value = {"message": text, "type": "server_error", "param": None, "code": None, **fields}
    return other(native.RESPONSES, native.RESPONSES_REQUEST, {"error": value}, status=status)


INSIDE = kind(
    "unseen: the server's inside",
    "An error holds exception text, a stack trace, a path or a module of the server.",
    "error.no_internals",
    {
        "python-index": _server("pop from an empty deque"),
        "python-unbound": _response("cannot access local variable 'chunk' where it is not associated with a value"),
        "python-dict-attribute": _server("'dict' object has no attribute 'role'", 400),
        "python-float": _cohere("could not convert string to float: 'auto'", 400),
        "python-module": _server("vllm.v1.engine.exceptions.EngineDeadError"),
        "python-decode": _message("'utf-8' codec can't decode byte 0xe2 in position 0: unexpected end of data"),
        "python-no-module": _server("No module named 'flash_attn'"),
        "node-fetch": _server("fetch failed: connect ECONNREFUSED 127.0.0.1:8081", 502),
        "node-syntax": _server("Unexpected token '<', \"<html>...\" is not valid JSON"),
        "node-circular": _response("Converting circular structure to JSON"),
        "node-modules": _server("Error: boom at Object.<anonymous> (node_modules/express/lib/router/layer.js:95:5)"),
        "go-slice": _ollama("slice bounds out of range [:5] with capacity 3"),
        "go-routine": _server("goroutine 47 [running]: main.(*Proxy).ServeHTTP(0xc0001a2000)"),
        "go-eof": _server('Post "http://172.17.0.4:9000/v1/infer": EOF', 502),
        "rust-thread": _server("thread 'tokio-runtime-worker' panicked at src/router.rs:88:14:\nindex out of bounds"),
        "rust-serde": _message("missing field `content` at line 1 column 220", "invalid_request_error", 400),
        "java-cast": _google("class java.lang.String cannot be cast to class java.util.Map"),
        "java-jackson": _bedrock(
            'Unrecognized field "topK" (class com.acme.api.InferenceConfig), not marked as ignorable',
            400,
            "ValidationException",
        ),
        "cpp-vector": _server("vector::_M_range_check: __n (which is 7) >= this->size() (which is 7)"),
        "cpp-bad-alloc": _server("std::bad_alloc"),
        "cpp-ggml": _ollama("GGML_ASSERT(n_tokens <= n_batch) failed"),
        "cuda": _cohere("CUDA error: an illegal memory access was encountered"),
        "nccl": _server("NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1333"),
        "site-packages": _google("/usr/local/lib/python3.11/site-packages/fastapi/routing.py raised"),
        "streamed-gemini": other(
            native.GEMINI_STREAM,
            native.GEMINI_REQUEST,
            native.sse(
                [
                    native.GEMINI_EVENTS[0],
                    {
                        "error": {
                            "code": 500,
                            "message": "RuntimeError: generator ignored GeneratorExit",
                            "status": "INTERNAL",
                        }
                    },
                ],
                named=False,
            ),
        ),
        "streamed-chat": (
            stream(
                ask(),
                [
                    ROLE,
                    piece({"content": "The"}),
                    {
                        "error": {
                            "message": "'NoneType' object is not iterable",
                            "type": "server_error",
                            "param": None,
                            "code": None,
                        }
                    },
                ],
            ),
        ),
    },
    {
        "reached-its-end": _server("The stream ended unexpectedly. Please retry."),
        "module-of-the-caller": envelope("The file setup.py that you uploaded has no text.", param="file"),
        "no-such-model": _ollama("model 'llama-example' not found, try pulling it first", 404),
        "field-required": _message("messages.0.content: Field required", "invalid_request_error", 400),
        "line-of-your-json": envelope("Your JSON body is broken at line 3, column 9."),
        "connection": _server("The connection to the model's server was lost. Try again in a minute.", 503),
        "their-traceback": _response(
            "The code that you sent to the interpreter ended with an exception.", 400, type="invalid_request_error"
        ),
        "schema-type": _google(
            "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"", 400, "INVALID_ARGUMENT"
        ),
        "aws-validation": _bedrock(
            "1 validation error detected: Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
            400,
            "ValidationException",
        ),
        "quoted-prompt": envelope(
            "Your prompt holds the blocked words: std::bad_alloc.", request=ask("What throws std::bad_alloc?")
        ),
    },
    missed="rust-serde",
)

_TEXT = "temperature must not be above 2."
_CHAT = {"error": {"message": _TEXT, "type": "invalid_request_error", "param": None, "code": None}}

FOREIGN = kind(
    "unseen: another protocol's error envelope",
    "An error comes in the envelope of another protocol than the path's, or its code is a number.",
    "error.envelope_object error.fields anthropic.error_shape ollama.error_shape gemini.error_shape gemini.error_status cohere.error_shape "
    "bedrock.error_shape bedrock.error_type error.json_body",
    {
        "aws-on-anthropic": other(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {"__type": "ThrottlingException", "message": _TEXT},
            status=400,
        ),
        "ollama-on-chat": error({"error": _TEXT}),
        "cohere-on-gemini": other(native.GEMINI, native.GEMINI_REQUEST, {"id": "c1", "message": _TEXT}, status=400),
        "gemini-on-anthropic": other(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {"error": {"code": 400, "message": _TEXT, "status": "INVALID_ARGUMENT"}},
            status=400,
        ),
        "chat-on-converse": other(native.CONVERSE, native.CONVERSE_REQUEST, _CHAT, status=400),
        "anthropic-on-cohere": other(
            native.COHERE,
            native.COHERE_REQUEST,
            {"type": "error", "error": {"type": "invalid_request_error", "message": _TEXT}},
            status=400,
        ),
        "graphql-on-chat": error({"errors": [{"message": _TEXT, "path": ["temperature"]}]}),
        "spring-on-chat": error(
            {"timestamp": "2026-01-01T00:00:00Z", "status": 400, "error": "Bad Request", "path": "/v1/chat/completions"}
        ),
        "number-on-responses": _response(_TEXT, 400, type="invalid_request_error", code=422),
        "digits-on-chat": envelope(_TEXT, code="1210"),
    },
    {
        "chat-on-completions": other(native.COMPLETIONS, native.COMPLETIONS_REQUEST, _CHAT, status=400),
        "converse-on-converse": other(
            native.CONVERSE, native.CONVERSE_REQUEST, {"__type": "ValidationException", "message": _TEXT}, status=400
        ),
        "gemini-with-details": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "error": {
                    "code": 400,
                    "message": _TEXT,
                    "status": "INVALID_ARGUMENT",
                    "details": [
                        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BAD", "domain": "a.example"}
                    ],
                }
            },
            status=400,
        ),
    },
)

STATUSES = kind(
    "unseen: a limit or a client's fault told as the server's",
    "A limit that was reached, or a fault of the request, is told as a 5xx; a fault of the server as a 4xx.",
    "error.status_class error.context_length_code error.auth_status error.429_retry_after anthropic.error_type_status gemini.error_status error.unknown_model_status",
    {
        "tokens-per-day": _server("You exceeded your current quota: tokens per day. Upgrade your plan."),
        "context-chinese": _server("输入长度超过模型的最大上下文长度 32768", 500),
        "context-gemini": _google(
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
        ),
        "context-cohere": _cohere(
            "too many tokens: total number of tokens in the prompt cannot exceed 8192 - received 9001"
        ),
        "key-502": _server("upstream returned 401: invalid x-api-key", 502),
        "image-too-big": _server("image exceeds 5 MB maximum: 7340032 bytes > 5242880 bytes"),
        "overload-422": envelope("Service temporarily overloaded. Please retry later.", 422),
        "responses-rate": _response("Rate limit reached for requests per minute: limit 3, used 3.", 500),
        "ollama-context": _ollama("input length exceeds the context length", 500),
    },
    {
        "busy-503": _google("The model is overloaded. Please try again later.", 503, "UNAVAILABLE"),
        "overloaded-529": _message("Overloaded", "overloaded_error", 529),
        "cohere-429": headed(
            other(
                native.COHERE,
                native.COHERE_REQUEST,
                {"id": "c1", "message": "trial token rate limit exceeded, limit is 100000 tokens per minute"},
                status=429,
            ),
            retry_after="20",
        ),
        "our-limit": _server("We lost the machine that held your request; our capacity limit was reached.", 503),
    },
)

_FORMED: Json = {
    "type": "object",
    "properties": {"towns": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}},
}


def _schema(text: str, parameters: Json = _FORMED, status: int = 400, **fields: Any) -> Conversation:
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": parameters}}
    return envelope(text, status, ask("Weather?", tools=[tool]), **fields)


SCHEMAS = kind(
    "unseen: a legal tool schema is refused",
    "A tool whose parameters are valid JSON Schema is refused for them, in whatever words.",
    "tool_call.schema_keywords_accepted error.status_class",
    {
        "unique-items": _schema("uniqueItems is not permitted in function parameters"),
        "french": _schema("Le mot-clé 'minLength' du schéma n'est pas pris en charge"),
        "responses": other(
            native.RESPONSES,
            {
                **native.RESPONSES_REQUEST,
                "tools": [{"type": "function", "name": "get_weather", "parameters": _FORMED}],
            },
            {
                "error": {
                    "message": "schema feature 'uniqueItems' unimplemented",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": None,
                }
            },
            status=400,
        ),
        "anthropic": other(
            native.ANTHROPIC,
            {
                **native.ANTHROPIC_REQUEST,
                "tools": [
                    {
                        "name": "get_weather",
                        "input_schema": {
                            "type": "object",
                            "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "integer"}]}},
                        },
                    }
                ],
            },
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "tools.0.input_schema: oneOf is not handled by this model's grammar",
                },
            },
            status=400,
        ),
        "nested-defs": _schema(
            "Error compiling tool grammar: unknown rule t",
            {"type": "object", "properties": {"a": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "integer"}}},
        ),
    },
    {
        "too-many-tools": _schema("Invalid 'tools': array too long. Expected at most 128.", param="tools"),
        "not-a-schema": _schema(
            "Invalid schema: 'text' is no type.",
            {"type": "object", "properties": {"a": {"type": "text"}}},
            param="tools[0].function.parameters",
        ),
        "array-root": _schema(
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
            {"type": "array"},
            param="tools[0].function.parameters",
        ),
    },
)

_LEFT_OUT: list[Json] = [
    {key: value for key, value in message.items() if key != "content" or value is not None} for message in ROUND_TRIP
]
_SYSTEM_LATE: list[Json] = [
    {"role": "user", "content": "A river?"},
    {"role": "assistant", "content": "The Loire."},
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "Another?"},
]


def _history(text: str, messages: list[Json], status: int = 400, **fields: Any) -> Conversation:
    return envelope(text, status, ask("", history=messages, **TOOLS), **fields)


HISTORY = kind(
    "unseen: a legal history is refused",
    "A history that the API's own schema allows is refused, in whatever words.",
    "params.history_accepted reasoning.roundtrip_accepted tool_call.roundtrip_accepted gemini.own_output_accepted error.status_class tool_call.server_rejects_own_output",
    {
        "content-left-out": _history("messages.1.content is a required property", _LEFT_OUT),
        "late-system": _history("System message must be at the beginning.", _SYSTEM_LATE),
        "signature": _history("Function call is missing a thought_signature in functionCall parts.", ROUND_TRIP),
        "spanish": _history("El mensaje 1 debe incluir reasoning_content", ROUND_TRIP),
        "last-user": _history("The last message must have role user, but it is tool.", ROUND_TRIP),
        "name-missing": _history("Missing 'name' in tool message at index 2", ROUND_TRIP),
    },
    {
        "spent": _history("You have no credits left.", ROUND_TRIP, 402, code="insufficient_quota"),
        "wrong-id": _history(
            "Invalid parameter: 'tool_call_id' of 'call_zz' not found in 'tool_calls' of previous message.",
            [*ROUND_TRIP[:2], {**ROUND_TRIP[2], "tool_call_id": "call_zz"}],
            param="messages[2].tool_call_id",
        ),
        "empty-list": _history("Invalid 'messages': empty array.", [], param="messages"),
    },
)

KINDS = [INSIDE, FOREIGN, STATUSES, SCHEMAS, HISTORY]
