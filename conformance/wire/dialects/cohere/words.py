"""The words that Cohere Chat documents.

Source: https://docs.cohere.com/reference/chat (read 2026-11-21), cohere 7.3.1 types/chat_finish_reason.py and types/finish_reason.py.
"""

from __future__ import annotations

from typing import Final

from conformance.wire.dialects.ask import Vocabulary

NAME: Final = "cohere"
#: The reasons of v1 begin with ERROR_.
FINISHES: Final = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "ERROR_LIMIT": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
    "ERROR": "error",
    "TIMEOUT": "error",
}
#: The lines of v1 have a label of their own.
VOCABULARY = Vocabulary(
    FINISHES, frozenset({"assistant"}), stream_types=("text/event-stream", "application/stream+json")
)
