"""The candidates of an answer: why one ended, and its parts as a client sends them back.

Source: https://ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11-28): signatures go back in the part in which they came;
parts that have one are joined with no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply

#: The numbers that both APIs give these names; clients may ask for numbers (`$alt=json;enum-encoding=int`).
_NUMBERED = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 5: "OTHER"}
#: The members of a part of a stream that is joined with its neighbour.
_WORDS = frozenset({"text", "thought"})


def reason_of(candidate: dict[str, Any]) -> Any:  # noqa: ANN401 - a provider may send anything
    """Return a candidate's native finish reason by name, where its number has one; None before the end."""
    reason = candidate.get("finishReason")
    return _NUMBERED.get(reason, reason) if isinstance(reason, int) else reason


def answered_parts(reply: Reply) -> list[dict[str, Any]]:
    """Return the parts of a reply's first candidate: as they came, words and thoughts of a stream joined."""
    parts: list[dict[str, Any]] = []
    for _, value in reply.chunks:
        for candidate in objects(value.get("candidates"))[:1]:
            for part in objects(mapping(candidate, "content").get("parts")):
                if reply.streamed and parts and _continues(parts[-1], part):
                    parts[-1] = {**parts[-1], "text": parts[-1]["text"] + part["text"]}
                else:
                    parts.append(part)
    return [part for part in parts if part != {"text": ""}]


def _continues(before: dict[str, Any], part: dict[str, Any]) -> bool:
    """Whether a part goes on with the words, or the thoughts, of the one before."""
    plain = all(isinstance(one.get("text"), str) and not one.keys() - _WORDS for one in (before, part))
    return plain and before.get("thought") == part.get("thought")
