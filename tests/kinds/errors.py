"""Kinds: errors in a foreign form, errors that tell the server's inside, refusals of what is legal, wrong statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import envelope, error, other
from tests.mutation.answers import ROUND_TRIP, TOOLS
from tests.mutation.wire import Json, ask

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation

_MESSAGE = "The parameter is not valid."
_OPENAI: Json = {"error": {"message": _MESSAGE, "type": "invalid_request_error", "param": None, "code": None}}
_ANTHROPIC: Json = {"type": "error", "error": {"type": "invalid_request_error", "message": _MESSAGE}}
_GOOGLE: Json = {"error": {"code": 400, "message": _MESSAGE, "status": "INVALID_ARGUMENT"}}


def _to(url: str, request: Json, body: object, status: int = 400) -> Conversation:
    return other(url, request, body, status=status)


FOREIGN = kind(
    "another protocol's error envelope",
    "An error comes in the envelope of another protocol than the path's.",
    "error.envelope_object error.fields anthropic.message_shape anthropic.error_shape ollama.error_shape gemini.error_status "
    "ollama.response_shape cohere.error_shape anthropic.error_type_status gemini.error_shape error.json_body",
    {
        "anthropic-on-chat": error(_ANTHROPIC),
        "google-on-chat": error(_GOOGLE),
        "google-list-on-chat": error([_GOOGLE]),
        "fastapi-on-chat": error(
            {"detail": [{"loc": ["body", "n"], "msg": "field required", "type": "value_error"}]}, 422
        ),
        "flat-on-chat": error({"message": _MESSAGE, "code": "bad_request"}),
        "aws-on-chat": error({"__type": "ValidationException", "message": _MESSAGE}),
        "cohere-on-chat": error({"id": "c1", "message": _MESSAGE}),
        "problem-on-chat": error({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": _MESSAGE}),
        "success-false": error({"success": False, "errors": [{"code": 7003, "message": _MESSAGE}], "result": None}),
        "anthropic-on-responses": _to(native.RESPONSES, native.RESPONSES_REQUEST, _ANTHROPIC),
        "google-on-responses": _to(native.RESPONSES, native.RESPONSES_REQUEST, _GOOGLE),
        "openai-on-anthropic": _to(native.ANTHROPIC, native.ANTHROPIC_REQUEST, _OPENAI),
        "fastapi-on-anthropic": _to(native.ANTHROPIC, native.ANTHROPIC_REQUEST, {"detail": _MESSAGE}),
        "openai-on-gemini": _to(native.GEMINI, native.GEMINI_REQUEST, _OPENAI),
        "anthropic-on-gemini": _to(native.GEMINI, native.GEMINI_REQUEST, _ANTHROPIC),
        "openai-on-ollama": _to(native.OLLAMA, native.OLLAMA_REQUEST, _OPENAI),
        "openai-on-cohere": _to(native.COHERE, native.COHERE_REQUEST, _OPENAI),
        "anthropic-on-completions": _to(native.COMPLETIONS, native.COMPLETIONS_REQUEST, _ANTHROPIC),
    },
    {
        "openai-on-chat": error(_OPENAI),
        "openai-on-responses": _to(native.RESPONSES, native.RESPONSES_REQUEST, _OPENAI),
        "anthropic-on-anthropic": _to(native.ANTHROPIC, native.ANTHROPIC_REQUEST, _ANTHROPIC),
        "google-on-gemini": _to(native.GEMINI, native.GEMINI_REQUEST, _GOOGLE),
        "ollama-on-ollama": _to(native.OLLAMA, native.OLLAMA_REQUEST, {"error": "temperature is no number"}),
        "cohere-on-cohere": _to(native.COHERE, native.COHERE_REQUEST, {"id": "c1", "message": _MESSAGE}),
        "with-request-id": error({**_OPENAI, "request_id": "req_1"}),
    },
)

CODES = kind(
    "a number as an error's code",
    "An error's code is a status or number, as a number or as its digits, and names no cause.",
    "error.fields",
    {
        "number": envelope(_MESSAGE, code=400),
        "digits": envelope(_MESSAGE, code="400"),
        "digits-500": envelope("The server had an error.", 500, code="500", type="server_error"),
        "digits-of-its-own": envelope(_MESSAGE, code="20015"),
        "digits-in-type": envelope(_MESSAGE, type="400"),
        "negative": envelope(_MESSAGE, code="-32602"),
        "responses": _to(native.RESPONSES, native.RESPONSES_REQUEST, {"error": {**_OPENAI["error"], "code": "400"}}),
    },
    {
        "word": envelope(_MESSAGE, code="invalid_value"),
        "null": envelope(_MESSAGE),
        "word-with-digit": envelope(_MESSAGE, code="error_2"),
    },
)


def _leak(text: str, status: int = 500, kind_of: str = "server_error") -> Conversation:
    return envelope(text, status, type=kind_of)


INTERNALS = kind(
    "an error that tells the server's inside",
    "An error's text holds an interpreter's exception, a stack trace or a path of the server's files.",
    "error.no_internals",
    {
        "none-type": _leak("'NoneType' object is not subscriptable"),
        "none-attribute": _leak("'NoneType' object has no attribute 'get'", 400),
        "traceback": _leak(
            'Traceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\nValueError'
        ),
        "key-error": _leak("KeyError: 'choices'"),
        "key-error-bare": _leak("'choices'"),
        "type-error": _leak("TypeError: unsupported operand type(s) for +: 'int' and 'str'", 400),
        "value-error": _leak("ValueError: not enough values to unpack (expected 2, got 1)"),
        "pydantic": _leak(
            "1 validation error for ChatCompletion\nchoices\n  Field required [type=missing, input_value={}, input_type=dict]"
        ),
        "json-decode": _leak("Expecting value: line 1 column 1 (char 0)"),
        "jinja": _leak("jinja2.exceptions.UndefinedError: 'dict object' has no attribute 'content'", 400),
        "template": _leak("Value is not callable: null at row 12, column 7:\n{{ raise_exception('x') }}"),
        "asyncio": _leak("asyncio.exceptions.CancelledError"),
        "httpx": _leak("httpx.ConnectError: [Errno 111] Connection refused"),
        "litellm": _leak("litellm.APIConnectionError: APIConnectionError: OpenAIException - Connection error."),
        "address": _leak("dial tcp 10.0.3.17:8080: connect: connection refused", 502),
        "go-nil": _leak("runtime error: invalid memory address or nil pointer dereference"),
        "go-json": _leak("json: cannot unmarshal string into Go struct field Request.temperature of type float64", 400),
        "rust": _leak("called `Option::unwrap()` on a `None` value"),
        "java": _leak('java.lang.NullPointerException: Cannot invoke "String.length()" because "s" is null'),
        "java-frame": _leak("at com.example.chat.Handler.call(Handler.java:113)"),
        "node": _leak("Cannot read properties of undefined (reading 'content')", 400),
        "node-frame": _leak("TypeError: x is not a function\n    at run (/srv/app/dist/index.js:14:7)"),
        "dotnet": _leak("System.NullReferenceException: Object reference not set to an instance of an object."),
        "php": _leak("Uncaught TypeError: count(): Argument #1 must be of type Countable in /var/www/html/api.php:12"),
        "ruby": _leak("undefined method `[]' for nil:NilClass"),
        "cuda": _leak("CUDA out of memory. Tried to allocate 2.00 GiB"),
        "torch": _leak(
            "RuntimeError: The size of tensor a (4096) must match the size of tensor b (2048) at non-singleton dimension 1"
        ),
        "cpp": _leak("basic_string::substr: __pos (which is 12) > this->size() (which is 4)"),
        "nlohmann": _leak("[json.exception.type_error.302] type must be string, but is null"),
        "path": _leak("cannot open model file /models/llama/7b.gguf"),
        "path-windows": _leak("Could not find file 'C:\\app\\models\\x.bin'."),
        "sql": _leak('pq: duplicate key value violates unique constraint "requests_pkey"'),
        "assertion": _leak("AssertionError: prefill length mismatch"),
        "object-repr": _leak("Object of type Decimal is not JSON serializable"),
        "got-an-unexpected": _leak("create() got an unexpected keyword argument 'reasoning_effort'", 400),
        "object-address": _leak("cannot pickle <coroutine object run at 0x7f3c2a1b9d40>"),
        "anthropic": _to(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {"type": "error", "error": {"type": "api_error", "message": "list index out of range"}},
            500,
        ),
        "ollama": _to(
            native.OLLAMA,
            native.OLLAMA_REQUEST,
            {"error": "panic: runtime error: index out of range [0] with length 0"},
            500,
        ),
    },
    {
        "plain-words": _leak("The server had an error while processing your request."),
        "quoted-request": envelope("Unknown parameter: 'NoneType'.", request=ask(NoneType=1)),
        "model-path": envelope(
            "The model `/models/x` does not exist.", 404, code="model_not_found", request=ask(model="/models/x")
        ),
        "docs-link": envelope("See https://platform.example/docs/errors.js for help."),
        "missing-field": envelope(
            "Missing required parameter: 'model'.", code="missing_required_parameter", param="model"
        ),
        "json-invalid": envelope("We could not parse the JSON body of your request."),
        "client-file": envelope("Invalid file format. Supported: .py, .js, .ts"),
        "schema-of-caller": envelope("Invalid schema for function 'f': None is not of type 'object', 'boolean'."),
        "at-index": envelope("messages[1]: expected an object, but got a string instead."),
        "key-word": envelope(
            "Error: KeyError is not a supported language.", request=ask("Explain KeyError: 'x' to me.")
        ),
    },
)

_SCHEMAS: dict[str, Json] = {
    "union": {"type": "object", "properties": {"town": {"type": ["string", "null"]}}},
    "any": {"type": "object", "properties": {"town": {"anyOf": [{"type": "string"}, {"type": "null"}]}}},
    "empty": {"type": "object", "properties": {}},
    "ref": {"type": "object", "properties": {"town": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "string"}}},
    "closed": {"type": "object", "properties": {"town": {"type": "string"}}, "additionalProperties": False},
    "enum": {"type": "object", "properties": {"n": {"type": "integer", "enum": [1, 2]}}},
    "bare": {"type": "object"},
    "const": {"type": "object", "properties": {"n": {"const": 1}}},
    "array": {"type": "object", "properties": {"towns": {"type": "array"}}},
}


def _refused_schema(schema: str, message: str, status: int = 400, **fields: Any) -> Conversation:
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": _SCHEMAS[schema]}}
    return envelope(message, status, ask("Weather?", tools=[tool]), **fields)


SCHEMAS = kind(
    "a legal tool schema is refused",
    "A tool whose parameters are valid JSON Schema is refused for them, in whatever words.",
    "tool_call.schema_keywords_accepted error.status_class",
    {
        "unsupported-keyword": _refused_schema("any", "Unsupported JSON schema keyword 'anyOf' in tool get_weather"),
        "type-list": _refused_schema(
            "union", "tools.0.function.parameters.properties.town.type: Input should be a valid string"
        ),
        "unknown-name": _refused_schema(
            "closed",
            "Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters'",
        ),
        "non-empty-object": _refused_schema(
            "empty",
            "GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type",
        ),
        "enum-of-numbers": _refused_schema(
            "enum",
            "Invalid value at 'tools[0].function_declarations[0].parameters.properties[0].value.enum[0]' (TYPE_STRING), 1",
        ),
        "ref": _refused_schema("ref", "Failed to resolve $ref in function get_weather: references are not handled"),
        "grammar": _refused_schema("union", "failed to parse grammar", 400),
        "grammar-500": _refused_schema(
            "any",
            "Unable to generate parser for this template. JSON schema conversion failed: Unrecognized schema: {}",
            500,
        ),
        "properties-missing": _refused_schema(
            "bare", "Invalid 'tools[0].function.parameters': object schema missing properties."
        ),
        "const": _refused_schema("const", 'Unknown name "const": Cannot find field.'),
        "items-missing": _refused_schema(
            "array", "array schema missing items for property 'towns' in function get_weather"
        ),
        "chinese": _refused_schema("any", "\u5de5\u5177\u53c2\u6570 schema \u4e0d\u5408\u6cd5\uff1aanyOf", 400),
        "exception": _refused_schema("union", "unhashable type: 'list'", 500),
    },
    {
        "strict-schema-open": envelope(
            "Invalid schema for function 'get_weather': 'additionalProperties' is required to be supplied and to be false.",
            request=ask(
                tools=[
                    {
                        "type": "function",
                        "function": {"name": "get_weather", "strict": True, "parameters": _SCHEMAS["union"]},
                    }
                ]
            ),
            param="tools[0].function.parameters",
            code="invalid_function_parameters",
        ),
        "invalid-schema": envelope(
            "Invalid schema for function 'f': 'strin' is not valid under any of the given schemas.",
            request=ask(tools=[{"type": "function", "function": {"name": "f", "parameters": {"type": "strin"}}}]),
            param="tools[0].function.parameters",
        ),
        "bad-name": envelope(
            "Invalid 'tools[0].function.name': string does not match pattern.",
            request=ask(tools=[{"type": "function", "function": {"name": "a b", "parameters": _SCHEMAS["closed"]}}]),
            param="tools[0].function.name",
        ),
        "model-without-tools": envelope(
            "tools is not supported with this model", request=ask(**TOOLS), param="tools", code="unsupported_parameter"
        ),
        "context-of-tools": envelope(
            "This model's maximum context length is 8192 tokens, your tools and messages have 9000.",
            request=ask(**TOOLS),
            code="context_length_exceeded",
        ),
    },
    missed="exception",  # its words do not tell that the schema is the cause: error.no_internals tells the words
)


def _refused_history(message: str, status: int = 400, history: list[Json] | None = None, **fields: Any) -> Conversation:
    return envelope(message, status, ask("", history=history or ROUND_TRIP, **TOOLS), **fields)


_REASONED: list[Json] = [
    {"role": "user", "content": "A river?"},
    {"role": "assistant", "content": "The Loire.", "reasoning_content": "One."},
    {"role": "user", "content": "Another?"},
]
_BLOCKS: list[Json] = [
    {"role": "user", "content": [{"type": "text", "text": "A river?"}]},
    {"role": "assistant", "content": [{"type": "text", "text": "The Loire."}]},
    {"role": "user", "content": "Another?"},
]
HISTORIES = kind(
    "a legal history is refused",
    "A history that the API's schema allows is refused, for instance for a missing vendor field.",
    "reasoning.roundtrip_accepted tool_call.roundtrip_accepted params.history_accepted error.status_class",
    {
        "reasoning-missing": _refused_history(
            "Missing `reasoning_content` field in the assistant message at message index 1."
        ),
        "thinking-enabled": _refused_history(
            "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1"
        ),
        "signature": _refused_history("Function call is missing a thought_signature in functionCall parts."),
        "signature-path": _refused_history(
            "Unable to submit request because function call `get_weather` in the 2. content block is missing a `thought_signature`."
        ),
        "null-content": _refused_history(
            "Invalid type for 'messages[1].content': expected a string, but got null instead."
        ),
        "null-content-pydantic": _refused_history(
            "[{'type': 'string_type', 'loc': ('body', 'messages', 1, 'content'), 'msg': 'Input should be a valid string'}]",
            422,
        ),
        "name-required": _refused_history("messages.2.name: field required"),
        "refusal-required": _refused_history("messages[1]: missing field `refusal`", 422),
        "index-required": _refused_history("messages[1].tool_calls[0].index is required"),
        "unknown-reasoning": _refused_history(
            "Unrecognized request argument supplied: messages[1].reasoning_content", history=_REASONED
        ),
        "extra-forbidden": _refused_history(
            "messages.1.assistant.reasoning_content: Extra inputs are not permitted", 422, _REASONED
        ),
        "extra-500": _refused_history(
            "Message.__init__() got an unexpected keyword argument 'reasoning_content'", 500, _REASONED
        ),
        "parts-refused": _refused_history("messages[0].content must be a string", history=_BLOCKS),
        "chinese": _refused_history("\u53c2\u6570\u9519\u8bef\uff1amessages[1].content \u4e0d\u80fd\u4e3a\u7a7a"),
        "chinese-reasoning": _refused_history("messages[1] \u7f3a\u5c11 reasoning_content \u5b57\u6bb5"),
        "tool-role": _refused_history(
            "messages[2].role: unknown variant `tool`, expected one of `system`, `user`, `assistant`", 422
        ),
        "alternate": _refused_history("Conversation roles must alternate user/assistant/user/assistant/..."),
        "template": _refused_history('can only concatenate str (not "NoneType") to str', 500),
    },
    {
        "orphan-result": envelope(
            "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
            request=ask("", history=[ROUND_TRIP[0], ROUND_TRIP[2]], **TOOLS),
            param="messages.[1].role",
        ),
        "missing-result": envelope(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.",
            request=ask("And?", history=ROUND_TRIP[:2], **TOOLS),
            param="messages",
        ),
        "bad-role": envelope(
            "Invalid value: 'robot'.",
            request=ask("", history=[{"role": "robot", "content": "a"}]),
            param="messages[0].role",
        ),
        "too-long": envelope(
            "maximum context length is 8192 tokens",
            request=ask("", history=ROUND_TRIP, **TOOLS),
            code="context_length_exceeded",
        ),
        "policy": envelope(
            "The prompt was flagged by our policy: messages[0].",
            request=ask("", history=ROUND_TRIP, **TOOLS),
            code="content_policy_violation",
        ),
        "other-parameter": envelope(
            "temperature must be at most 1.",
            request=ask("", history=ROUND_TRIP, temperature=9, **TOOLS),
            param="temperature",
        ),
        "key": envelope(
            "Incorrect API key provided.", 401, ask("", history=ROUND_TRIP, **TOOLS), code="invalid_api_key"
        ),
    },
    missed="template",
)

STATUSES = kind(
    "a client's or limit's fault told as the server's",
    "A limit that was reached, or a fault of the request, is told as a 5xx; an overload as a 4xx.",
    "error.status_class error.context_length_code error.bad_request_status error.auth_status error.unknown_model_status "
    "http.persistent_server_error",
    {
        "output-limit": envelope(
            "Could not finish the message because max_tokens or model output limit was reached.",
            500,
            type="server_error",
        ),
        "output-limit-litellm": envelope(
            "APIConnectionError: unable to complete request: max_output_tokens", 500, type="server_error"
        ),
        "output-limit-words": envelope(
            "generation stopped: maximum number of output tokens exceeded", 502, type="server_error"
        ),
        "finish-length": envelope("Unexpected finish reason: length", 500, type="server_error"),
        "context": envelope("prompt is too long: 210000 tokens > 200000 maximum", 500, type="server_error"),
        "context-words": envelope(
            "Requested token count exceeds the model's maximum context length of 8192 tokens.", 500, type="server_error"
        ),
        "rate": envelope("Rate limit exceeded, try again in 20 s", 500, type="server_error"),
        "rate-upstream": envelope("upstream returned 429 Too Many Requests", 502, type="server_error"),
        "key": envelope("Invalid API key", 500, type="server_error"),
        "quota": envelope(
            "You exceeded your current quota, please check your plan and billing details.", 500, type="server_error"
        ),
        "unknown-model": envelope(
            "The model `aurora-9` does not exist", 500, ask(model="aurora-9"), type="server_error"
        ),
        "overload-as-400": envelope("The model is overloaded, please try again later.", 400),
        "overload-as-404": envelope("No healthy upstream", 404),
        "internal-as-400": envelope("Internal server error", 400),
        "content-filter": envelope(
            "The response was filtered due to the prompt triggering the content management policy.",
            500,
            type="server_error",
        ),
        "anthropic-context": _to(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {
                "type": "error",
                "error": {"type": "api_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"},
            },
            500,
        ),
    },
    {
        "server": envelope("The server had an error.", 500, type="server_error"),
        "overload-503": envelope("The model is overloaded.", 503, type="server_error"),
        "timeout": envelope("The request timed out upstream.", 504, type="server_error"),
        "context-400": envelope("maximum context length is 8192 tokens", 400, code="context_length_exceeded"),
        "not-implemented": envelope("This route is not implemented.", 501, type="server_error"),
    },
)

KINDS = [FOREIGN, CODES, INTERNALS, SCHEMAS, HISTORIES, STATUSES]
