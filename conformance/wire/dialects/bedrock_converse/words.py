"""The words that Converse documents.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28): StopReason, ConversationRole, the errors of the
operations.
"""

from typing import Final

from conformance.wire.dialects.ask import Vocabulary

NAME: Final = "bedrock-converse"
VOCABULARY = Vocabulary(
    finishes={
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "guardrail_intervened": "content_filter",
        "content_filtered": "content_filter",
        "malformed_model_output": "error",
        "malformed_tool_use": "error",
    },
    roles=frozenset({"assistant"}),
    errors=frozenset(
        {
            "AccessDeniedException", "ThrottlingException", "ResourceNotFoundException", "ModelTimeoutException",
            "InternalServerException", "ServiceUnavailableException", "ValidationException", "ModelNotReadyException",
            "ModelErrorException", "ModelStreamErrorException", "ServiceQuotaExceededException",
        }
    ),
)  # fmt: skip
