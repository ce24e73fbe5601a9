"""Requests for embeddings. A neutral ask that deserves a refusal is one: its words are the text to embed.

Source: https://platform.openai.com/docs/api-reference/embeddings/create (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Composed, NotSayable, Text, unsayable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.dialects.ask import Ask
    from conformance.wire.dialects.reply import Reply, ToolCall
    from conformance.wire.exchange import Request

#: Vectors have no length that a request limits in tokens.
LIMITS: tuple[str, ...] = ()
_PATH = "embeddings"
_WORDS = frozenset({"turns"})


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:  # noqa: ARG001 - the face
    """Write a request.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    if ask.operation != "chat":
        return NotSayable("lists models as openai-chat does, where the listing is judged")
    words = [part for turn in ask.turns for part in turn.parts if isinstance(part, Text)]
    if (
        ask.history
        or ask.system is not None
        or len(words) > 1
        or len(words) != sum(len(turn.parts) for turn in ask.turns)
    ):
        return NotSayable("takes texts, and no turns")
    reason = unsayable(ask, _WORDS)
    if reason is not None:
        return reason
    name = ask.model or model
    body: dict[str, Any] = {} if name is None else {"model": name}
    if words:
        body["input"] = words[0].text
    return Composed("POST", _PATH, body)


def history(request: Request) -> list[Any]:  # noqa: ARG001 - the face
    """Return nothing: vectors have no conversation."""
    return []


def carry_on(
    history: Sequence[Any],
    reply: Reply | None,  # noqa: ARG001 - the face
    results: Sequence[tuple[ToolCall, str]] = (),  # noqa: ARG001
) -> list[Any]:
    """Return the history as it is."""
    return list(history)
