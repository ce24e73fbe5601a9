"""The words that Anthropic Messages documents.

Source: https://docs.anthropic.com/en/api/messages and /en/api/errors (read 2026-11-21), anthropic 2.11.0's types.
"""

from typing import Final

from conformance.wire.dialects.ask import Vocabulary

NAME: Final = "anthropic-messages"
#: `pause_turn` is not among the finishes: it ends no turn, and stays as it is.
VOCABULARY = Vocabulary(
    ordered_turns=True,
    finishes={
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    },
    roles=frozenset({"assistant"}),
    errors=frozenset(
        {
            "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error",
            "request_too_large", "rate_limit_error", "timeout_error", "api_error", "overloaded_error",
        }
    ),
)  # fmt: skip
