"""Requests for embeddings.

Source: https://platform.openai.com/docs/api-reference/embeddings/create (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Composed, NotSayable
from conformance.wire.dialects.single import single

if TYPE_CHECKING:
    from conformance.wire.dialects.ask import Ask

#: Vectors have no length that a request limits in tokens.
LIMITS: tuple[str, ...] = ()


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:  # noqa: ARG001 - the face
    """Write a request.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    request = single(ask, model, {"turns"}, "texts")
    if isinstance(request, NotSayable):
        return request
    body: dict[str, Any] = {} if request.model is None else {"model": request.model}
    return Composed("POST", "embeddings", body if request.text is None else {**body, "input": request.text})
