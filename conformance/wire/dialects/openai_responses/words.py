"""The words that OpenAI Responses documents.

Source: https://platform.openai.com/docs/api-reference/responses/object (read 2026-11-21), openai 3.52.0's ResponseError.
"""

from typing import Final

from conformance.wire.dialects.ask import Vocabulary

#: A finish is the status of the response; where that is `incomplete`, the reason in its details. `completed` ends calls too.
NAME: Final = "openai-responses"
VOCABULARY = Vocabulary(
    finishes={
        "completed": "stop",
        "max_output_tokens": "length",
        "content_filter": "content_filter",
        "failed": "error",
    },
    roles=frozenset({"assistant"}),
    errors=frozenset(
        {
            "server_error", "rate_limit_exceeded", "invalid_prompt", "data_residency_mismatch", "bio_policy",
            "misalignment_policy_violation", "vector_store_timeout", "invalid_image", "invalid_image_format",
            "invalid_base64_image", "invalid_image_url", "image_too_large", "image_too_small", "image_parse_error",
            "image_content_policy_violation", "invalid_image_mode", "image_file_too_large", "unsupported_image_media_type",
            "empty_image_file", "failed_to_download_image", "image_file_not_found",
        }
    ),
    coded_errors=True,
)  # fmt: skip
