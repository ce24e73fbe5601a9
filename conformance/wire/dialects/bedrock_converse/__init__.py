"""Amazon Bedrock Converse: one JSON message, or binary frames that build it block by block. The face of the dialect.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28);
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and API_runtime_ConverseStream.html (read 2026-11-28).
"""

from conformance.wire.dialects.bedrock_converse.reading import asked, claims, decode, operation_of
from conformance.wire.dialects.bedrock_converse.words import NAME, VOCABULARY
from conformance.wire.dialects.bedrock_converse.writing import LIMITS, carry_on, compose
from conformance.wire.dialects.histories import messages_of as history

__all__ = [
    "LIMITS",
    "NAME",
    "VOCABULARY",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "history",
    "operation_of",
]
