"""The words that Ollama documents, and where its messages have their words.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md, api/types.go and llm/server.go (read 2026-11-21).
"""

from __future__ import annotations

from typing import Any, Final

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.reading import mapping

NAME: Final = "ollama"
#: `load` and `unload` end an answer to an empty prompt, which only moves the model.
VOCABULARY = Vocabulary(
    {name: name for name in ("stop", "length", "load", "unload")},
    frozenset({"assistant"}),
    stream_types=("application/x-ndjson",),
)


def words_of(line: dict[str, Any]) -> tuple[object, object]:
    """Return the text and the thoughts of a line: of its message, or of /api/generate's `response`."""
    message = mapping(line, "message")
    text = line.get("response") if "response" in line else message.get("content")
    return text, line.get("thinking") or message.get("thinking")
