"""Reports on plain answers of the Responses API, read 2026-11-29 and written before the rules were read.

The comment on each names the report and, after the colon, what a finding must name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.exchange import Request
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import other, responses, responses_text
from tests.mutation.wire import answered

if TYPE_CHECKING:
    from tests.mutation.wire import Json

URL = native.RESPONSES
ASKED = native.RESPONSES_REQUEST


def _reasoned_history() -> list[Json]:
    return [
        {"role": "user", "content": "Weather in Paris?"},
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAAB"},
        {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city": "Paris"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "rain"},
    ]


SEARCHED = [
    {
        "type": "web_search_call",
        "id": "ws_1",
        "status": "completed",
        "action": {"type": "search", "query": "weather Paris"},
    },
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [
            {
                "type": "output_text",
                "text": "Rain, says the service.",
                "annotations": [
                    {
                        "type": "url_citation",
                        "start_index": 0,
                        "end_index": 4,
                        "url": "https://weather.example/paris",
                        "title": "Paris",
                    }
                ],
            }
        ],
    },
]
BODIES = kind(
    "fifth: Responses bodies",
    "A plain Responses answer lacks a member, says a status that is none, shows the chat template, or refuses a legal history.",
    "responses.response_shape content.no_special_tokens error.envelope_object",
    {
        # bifrost 1638: member missing
        "no-object": responses(object=None),
        # AIClient2API 472: status
        "requires-action": responses(status="requires_action"),
        # ogx 2098: template tokens
        "template-tokens": responses_text(
            "<|start_header_id|>assistant<|end_header_id|>\n\nI can not chat about that, but I can offer something else."
        ),
        # hermes-agent 30310: envelope, or refusal of a legal history
        "reasoning-not-taken-back": other(
            URL,
            {**ASKED, "input": _reasoned_history(), "store": False, "include": ["reasoning.encrypted_content"]},
            {
                "code": "Client specified an invalid argument",
                "error": "Invalid request content: Each message must have at least one content element.",
            },
            status=400,
        ),
    },
    {
        "searched": responses(SEARCHED, {"tools": [{"type": "web_search"}]}),
        "refusal": responses(
            [
                {
                    "type": "message",
                    "id": "msg_1",
                    "role": "assistant",
                    "status": "completed",
                    "content": [{"type": "refusal", "refusal": "I will not help with that."}],
                }
            ]
        ),
        "custom-tool": responses(
            [
                {
                    "type": "custom_tool_call",
                    "id": "ctc_1",
                    "call_id": "call_1",
                    "name": "run",
                    "input": "print('rain')",
                    "status": "completed",
                }
            ],
            {"tools": [{"type": "custom", "name": "run"}]},
        ),
        "usage-with-details": responses(
            usage={
                "input_tokens": 20,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 30,
                "output_tokens_details": {"reasoning_tokens": 12},
                "total_tokens": 50,
            }
        ),
        "previous-response-gone": other(
            URL,
            {**ASKED, "previous_response_id": "resp_0"},
            {
                "error": {
                    "message": "Previous response with id 'resp_0' not found.",
                    "type": "invalid_request_error",
                    "param": "previous_response_id",
                    "code": "previous_response_not_found",
                }
            },
            status=400,
        ),
        "retrieved": (answered(Request("GET", f"{URL}/resp_1"), native.copied(native.RESPONSE)),),
        "deleted": (
            answered(Request("DELETE", f"{URL}/resp_1"), {"id": "resp_1", "object": "response", "deleted": True}),
        ),
        "input-counted": other(f"{URL}/input_tokens", ASKED, {"object": "response.input_tokens", "input_tokens": 11}),
    },
)

KINDS = [BODIES]
