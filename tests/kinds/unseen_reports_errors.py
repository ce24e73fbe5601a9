"""Reports on errors, from public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import envelope, error, headed, other
from tests.mutation.answers import ROUND_TRIP, TOOLS
from tests.mutation.wire import ask, call

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

PARTS: Json = {"role": "user", "content": [{"type": "text", "text": "Name a river."}]}
THINKING: Json = {
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "max_tokens": 4096,
    "messages": [
        {"role": "user", "content": "Weather in Paris?"},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Let me look."},
                {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01", "content": "rain"}]},
    ],
}
HISTORY: Json = {"messages": THINKING["messages"]}


def _refused(url: str, request: Json, body: Any, status: int = 400) -> Conversation:
    return other(url, request, body, status=status)


def _messages_error(
    text: str, request: Json, status: int = 400, kind_of: str = "invalid_request_error"
) -> Conversation:
    return _refused(
        native.ANTHROPIC,
        {**native.ANTHROPIC_REQUEST, **request},
        {"type": "error", "error": {"type": kind_of, "message": text}, "request_id": "req_1"},
        status,
    )


ERRORS = kind(
    "reports: errors",
    "A legal request is refused, or the error is not one that clients of the protocol can read.",
    "error.envelope_object error.json_body error.fields error.status_class params.standard_accepted params.history_accepted error.429_retry_after "
    "error.no_internals anthropic.error_shape anthropic.error_type_status tool_call.roundtrip_accepted reasoning.roundtrip_accepted "
    "http.error_content_type error.bad_request_status error.status_nonsuccess",
    {
        # continue 12936, opencode 31156
        "stream-options-unknown": error(
            {"error_code": "BAD_REQUEST", "message": 'Bad request: json: unknown field "stream_options"\n'},
            400,
            ask(stream=True, stream_options={"include_usage": True}),
        ),
        "stream-options-unknown-in-an-envelope": envelope(
            'json: unknown field "stream_options"', 400, ask(stream=True, stream_options={"include_usage": True})
        ),
        # TencentDB-Agent-Memory 1313
        "parts-are-bad-input": envelope(
            "AiError: Bad input: Error: oneOf at '/' not met, 0 matches", 400, ask("", history=[PARTS])
        ),
        # lmstudio-bug-tracker 1576
        "format-required": _refused(
            native.RESPONSES,
            {**native.RESPONSES_REQUEST, "text": {"verbosity": "low"}},
            {
                "error": {
                    "message": "Required",
                    "type": "invalid_request_error",
                    "param": "text.format",
                    "code": "missing_required_parameter",
                }
            },
        ),
        # smg 1524
        "stop-not-supported": envelope(
            "MLX backend does not support string stop sequences",
            400,
            ask(stop=["hello world"]),
            type="Bad Request",
            code="invalid_request_parameters",
        ),
        # otari 978
        "rate-limit-as-detail": error({"detail": "The provider rate-limited this request"}, 429),
        # agno 3134
        "empty-arguments-in-history": error(
            {
                "object": "error",
                "message": "Expecting value: line 1 column 1 (char 0)",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            },
            400,
            ask(
                "",
                history=[
                    {"role": "user", "content": "Time?"},
                    {"role": "assistant", "content": None, "tool_calls": [call("clock", "")]},
                    {"role": "tool", "tool_call_id": "call_k3Vd", "content": "noon"},
                ],
                **TOOLS,
            ),
        ),
        # cc-switch 3377
        "another-protocols-member-missing": _messages_error(
            "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1", THINKING
        ),
        # vllm 38738
        "own-turn-invalid": _messages_error(
            "Invalid assistant message: role='assistant' content='' tool_calls=[ToolCall(...)] prefix=False", HISTORY
        ),
        # claude-code-proxy 52
        "text-for-an-envelope": _refused(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {
                "error": "litellm.InternalServerError: VertexAIException InternalServerError - An internal error has occurred."
            },
            500,
        ),
        # openai-compatible gateways that answer Cloudflare's own envelope: cloudflare-docs 15116
        "success-false-at-200": error(
            {
                "result": None,
                "success": False,
                "errors": [{"code": 7009, "message": "Upstream service unavailable"}],
                "messages": [],
            },
            200,
        ),
        # lm-evaluation-harness 1411
        "echo-is-a-server-error": _refused(
            native.COMPLETIONS,
            {**native.COMPLETIONS_REQUEST, "echo": True, "max_tokens": 0},
            "Internal Server Error",
            500,
        ),
    },
    {
        "unknown-member": envelope(
            "Unrecognized request argument supplied: stream_optoins",
            400,
            ask(stream=True, stream_optoins={"include_usage": True}),
            param="stream_optoins",
        ),
        "stream-options-without-stream": envelope(
            "stream_options can only be set when stream is true",
            400,
            ask(stream_options={"include_usage": True}),
            param="stream_options",
        ),
        "no-image-input": envelope(
            "This model does not support image input.",
            400,
            ask(
                "",
                history=[
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}],
                    }
                ],
            ),
        ),
        "rate-limit": headed(
            envelope("Rate limit reached for requests", 429, type="rate_limit_error", code="rate_limit_exceeded"),
            retry_after="7",
        ),
        "unknown-effort": _refused(
            native.RESPONSES,
            {**native.RESPONSES_REQUEST, "reasoning": {"effort": "enormous"}},
            {
                "error": {
                    "message": "Invalid value: 'enormous'.",
                    "type": "invalid_request_error",
                    "param": "reasoning.effort",
                    "code": "invalid_value",
                }
            },
        ),
        "budget-above-the-limit": _messages_error(
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
            {"thinking": {"type": "enabled", "budget_tokens": 4096}, "max_tokens": 1024},
        ),
        "thinking-block-lost": _messages_error(
            "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`.", THINKING
        ),
        "result-without-a-call": envelope(
            "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
            400,
            ask("", history=[ROUND_TRIP[0], ROUND_TRIP[2]], **TOOLS),
            param="messages.[1].role",
        ),
        "overloaded": _messages_error("Overloaded", {}, 529, "overloaded_error"),
    },
)

KINDS = [ERRORS]
