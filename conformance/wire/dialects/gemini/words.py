"""The words that Gemini documents, and those that requests and answers share.

Source: https://ai.google.dev/api/generate-content (read 2026-11-21), google-genai 3.4.0 types.FinishReason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.wire.dialects.ask import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.dialects.reply import ToolMode

#: Reasons for which the service withholds or breaks off an answer, by FinishReason of google-genai 3.4.0.
WITHHELD = frozenset(
    {
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "MODEL_ARMOR", "ESCALATION", "PUP_LIMITED_DISABLED",
    }
)  # fmt: skip
#: A mode of function calling, by the neutral word.
MODES: Final[Mapping[ToolMode, str]] = {"auto": "AUTO", "required": "ANY", "none": "NONE", "named": "ANY"}
VOCABULARY = Vocabulary(
    {"STOP": "stop", "MAX_TOKENS": "length", **dict.fromkeys(WITHHELD, "content_filter")}, frozenset({"model"})
)
