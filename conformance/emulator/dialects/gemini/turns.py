"""The contents of a request: their turns in order, and which order the API refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.conversation import Conversation, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def conversation(contents: object) -> Conversation:
    """Return a conversation: the last words of the user, what was before, and what functions gave back after them."""
    asked: list[str] = []
    answered: list[str] = []
    results: list[Result] = []
    arguments: dict[object, str] = {}
    for content in tables(contents):
        parts = tables(content.get("parts"))
        for call in (part["functionCall"] for part in parts if isinstance(part.get("functionCall"), dict)):
            written = json.dumps(call.get("args"))
            arguments |= {call.get("name"): written} | ({call["id"]: written} if call.get("id") else {})
        text = text_of(parts)
        if content.get("role") == "model":
            answered += [text] if text else []
        elif text:
            asked.append(text)
            results.clear()
        for given in (part["functionResponse"] for part in parts if isinstance(part.get("functionResponse"), dict)):
            known = arguments.get(given.get("id"), arguments.get(given.get("name"), ""))
            results.append(Result(known, _given(given.get("response"))))
    return Conversation(
        asked=asked[-1] if asked else "",
        before=tuple(asked[:-1]),
        said=tuple(answered),
        results=tuple(results),
    )


def misplaced(contents: Sequence[Mapping[str, Any]]) -> Refusal | None:
    """Refuse an order that the API refuses: what a function gave back without its call, or not as many as there are calls.

    Source: https://ai.google.dev/gemini-api/docs/function-calling (read 2026-11-28); the messages are the API's own.
    """
    calls = 0
    for content in contents:
        parts = tables(content.get("parts"))
        given = sum("functionResponse" in part for part in parts)
        if given and not calls:
            message = "Please ensure that function response turn comes immediately after a function call turn."
            return Refusal("invalid_request", message, "contents")
        if given and given != calls:
            message = (
                "Please ensure that the number of function response parts is equal to the number of function call parts "
                "of the function call turn."
            )
            return Refusal("invalid_request", message, "contents")
        calls = sum("functionCall" in part for part in parts)
    return None


def text_of(parts: object) -> str:
    """Return the words of parts; thoughts are none."""
    return "".join(
        part["text"] for part in tables(parts) if isinstance(part.get("text"), str) and part.get("thought") is not True
    )


def _given(response: object) -> str:
    """Return what a function gave back as text."""
    wrapped = table(response)
    alone = next(iter(wrapped.values())) if len(wrapped) == 1 else None
    return alone if isinstance(alone, str) else json.dumps(response)
