"""Reports on errors in every dialect, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import envelope, error, headed, other
from tests.mutation.wire import ask, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json


def messages(body: Any, status: int, request: Json | None = None, url: str = native.ANTHROPIC) -> Conversation:
    """Return an error on Anthropic's path."""
    return other(url, {**native.ANTHROPIC_REQUEST, **(request or {})}, body, status=status)


def anthropic_error(kind_of: str, message: str, status: int, request: Json | None = None) -> Conversation:
    """Return an error in Anthropic's envelope."""
    return messages(
        {"type": "error", "error": {"type": kind_of, "message": message}, "request_id": "req_1"}, status, request
    )


COUNT = f"{native.ANTHROPIC}/count_tokens"
NATIVE = kind(
    "fifth: errors on the Messages API",
    "An error on Anthropic's path has another envelope, another class than its cause, or the server's inside in it.",
    "error.no_internals anthropic.error_shape error.honest_answer error.status_class error.unknown_model_status error.429_retry_after",
    {
        # vllm 48273: the server's inside in an error
        "decoder-in-the-error": anthropic_error(
            "internal_error", "Expecting ',' delimiter: line 1 column 20 (char 19)", 500
        ),
        # miles 3114: envelope
        "bare-501": messages({"error": "The installed server does not support the Messages adapter"}, 501),
        # agentgateway 3254: envelope of another protocol
        "amazon-envelope": messages({"message": "The provided model doesn't support counting tokens."}, 400, url=COUNT),
        # dario 474: envelope
        "counting-is-forbidden": messages({"error": "Forbidden", "message": "Path not allowed"}, 403, url=COUNT),
        # claude-code 53905: envelope of another protocol
        "gateway-envelope": messages(
            {
                "error": {
                    "code": "",
                    "message": "rate_limit_check_failed (request id: 20260426083135)",
                    "type": "new_api_error",
                }
            },
            500,
        ),
        # anthropic-proxy 4: envelope
        "json-in-a-string": messages(
            {"error": '{"error":{"message":"no-such-model is not a valid model ID","code":400},"user_id":"user_2x7"}'},
            400,
        ),
        # sample-kolya-br-proxy 27: client's fault as 5xx
        "budget-is-a-server-error": anthropic_error(
            "api_error",
            "Internal server error: thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
            500,
            {"thinking": {"type": "enabled", "budget_tokens": 100}},
        ),
        # kiro.rs 10: client's fault as 5xx
        "mismatch-is-an-outage": anthropic_error(
            "api_error",
            "ValidationException: Expected toolResult blocks at messages.2.content for the following Ids: toolu_1",
            503,
            {
                "messages": [
                    {"role": "user", "content": "Weather in Paris?"},
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}
                        ],
                    },
                    {"role": "user", "content": "And in Rome?"},
                ]
            },
        ),
        # continue 5896: limit as 5xx
        "long-prompt-is-a-server-error": anthropic_error(
            "api_error", "prompt is too long: 200348 tokens > 200000 maximum", 500
        ),
        # a look-alike at first sight, wrongly built
        "limited-without-a-hint": anthropic_error(
            "rate_limit_error", "Number of requests has exceeded your limit.", 429
        ),
    },
    {
        "invalid": anthropic_error(
            "invalid_request_error", "max_tokens: Input should be greater than or equal to 1", 400, {"max_tokens": -1}
        ),
        "limited": headed(
            anthropic_error("rate_limit_error", "This request would exceed your rate limit.", 429), retry_after="30"
        ),
        "overloaded": anthropic_error("overloaded_error", "Overloaded", 529),
        "too-large": anthropic_error("request_too_large", "Request exceeds the maximum size", 413),
        "timed-out": anthropic_error("timeout_error", "Request timed out", 504),
        "long-prompt": anthropic_error(
            "invalid_request_error", "prompt is too long: 200348 tokens > 200000 maximum", 400
        ),
        "billing": anthropic_error("billing_error", "Your credit balance is too low.", 402),
        "with-details": messages(
            {
                "type": "error",
                "error": {"details": None, "type": "api_error", "message": "Internal server error"},
                "request_id": "req_2",
            },
            500,
        ),
    },
)

TRACE = (
    "litellm.APIConnectionError: Invalid Message passed in\nTraceback (most recent call last):\n"
    '  File "/usr/lib/python3.13/site-packages/litellm/main.py", line 512, in completion\n    raise ValueError'
)
BACKTRACE = (
    "Stream generation failed: Inputs token length 264697 exceed max_model_len 262144\n   0: candle_core::error::Error::bt\n"
    "   1: engine::LLMEngine::add_request\n   2: server::chat_completion::{{closure}}\n   3: <F as axum::handler::Handler<(M,T1,T2),S>>::call"
)


def _streamed(body: str) -> Conversation:
    return (stream(ask(), [], body=body.encode()),)


COMMON = kind(
    "fifth: errors of chat servers",
    "An error comes as success, leaks, has no envelope of OpenAI's, or tells a limit as a failure.",
    "error.no_internals error.status_class content.nonempty_completion error.status_nonsuccess error.envelope_object error.unknown_model_status",
    {
        # litellm 31489: stack trace
        "traceback": envelope(TRACE, 500, type="server_error"),
        # ray 64832: stack trace
        "remote-traceback": envelope(
            "Message: Internal Server Error, original exception: \x1b[36mray::ServeReplica:llm:LLMServer.handle_request()\x1b[39m (pid=912, ip=10.0.4.7)\n"
            '  File "/opt/app/python/ray/serve/replica.py", line 871, in handle_request',
            500,
            type="InternalServerError",
            code=500,
        ),
        # litellm 39757: inside of the server, or the key
        "table-and-hash": envelope(
            "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...1f2e, Key Hash (Token) =3c9909afec25354d551dae21590bb26e38d53f2173b8d3dc3eee4c047e7ab1c1. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
            401,
            type="token_not_found_in_db",
            param="key",
            code="401",
        ),
        # xinfer 76: stack trace
        "backtrace": envelope(BACKTRACE, 500, type="server_error"),
        # llama.cpp 19774: limit as 5xx
        "context-is-a-server-error": error(
            {"error": {"code": 500, "message": "Context size has been exceeded.", "type": "server_error"}}, 500
        ),
        # lmstudio-bug-tracker 2339: empty answer
        "nothing-for-a-long-prompt": _streamed(
            'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":"aurora-2","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}\n\n'
            'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":"aurora-2","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
            "data: [DONE]\n\n"
        ),
        # new-api 977: error as 200
        "limit-as-success": error(
            {
                "error": {
                    "message": "Rate limit exceeded: free-models-per-day.",
                    "code": 429,
                    "metadata": {"provider_name": "Chutes"},
                },
                "user_id": "u1",
            },
            200,
        ),
        # clawrouter 101: error as 200
        "first-event-is-an-error": _streamed(
            'event: error\ndata: {"error":{"message":"invalid request","type":"invalid_request","code":400}}\n\n'
        ),
        # worker-vllm 57: error as 200
        "missing-model-as-success": error(
            {
                "code": 404,
                "message": "The model `a model that does not exist` does not exist.",
                "object": "error",
                "param": None,
                "type": "NotFoundError",
            },
            200,
        ),
        # agno 5196: envelope
        "middleware-envelope": error(
            {
                "requestid": "0HNGJUAFKR0E3:00000001",
                "status": "Cannot access a closed Stream.",
                "errortype": "Authorization Middleware Error",
                "messagecode": None,
                "timestamp": "2025-10-26T12:28:49Z",
            },
            400,
        ),
        # openwiki 866: answer without choices
        "empty-object": error({}, 200),
        # CLIProxyAPI 1301: the upstream's address and bytes
        "upstream-in-the-error": envelope(
            'Post "https://upstream.example/api/v1/chat/completions": malformed HTTP response "\\x00\\x00\\x12\\x04\\x00"',
            500,
            type="server_error",
            code="internal_server_error",
        ),
        # vllm 12886: envelope
        "flat-envelope": error(
            {
                "object": "error",
                "message": "max_tokens must be positive",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            },
            400,
        ),
        # litellm 3142: words None for null, or the number under code
        "none-in-words": envelope(
            "400: {'error': 'Invalid model name passed in model=Lite-12'}", 400, type="None", param="None", code=400
        ),
    },
    {
        "masked-key": envelope("Incorrect API key provided: sk-proj-****wxyz.", 401, code="invalid_api_key"),
        "too-long": envelope(
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 10061 tokens.",
            400,
            param="messages",
            code="context_length_exceeded",
        ),
        "quota": envelope(
            "You exceeded your current quota.", 429, type="insufficient_quota", code="insufficient_quota"
        ),
        "not-implemented": envelope(
            "This endpoint is not implemented.", 501, type="server_error", code="not_implemented"
        ),
        "path-in-the-request": envelope("Invalid URL (POST /v1/chat/complete)", 404),
        "talks-of-a-traceback": envelope("The file 'traceback.txt' was not found.", 404),
        "unavailable": headed(envelope("The server is overloaded.", 503, type="server_error"), retry_after="5"),
    },
)

KINDS = [NATIVE, COMMON]
