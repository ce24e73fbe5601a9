"""What was said before, in the form of a dialect whose requests hold it as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Request


def listed(request: Request, member: str) -> list[Any]:
    """Return the items of a list in a request's body; none where it holds no such list."""
    given = request.json.get(member)
    return list(given) if isinstance(given, list) else []


def messages_of(request: Request) -> list[Any]:
    """Return the messages of a request."""
    return listed(request, "messages")


def with_blocks(
    history: Sequence[Any], answered: list[dict[str, Any]] | None, results: list[dict[str, Any]]
) -> list[Any]:
    """Return messages whose contents are blocks, after a reply.

    Args:
        history: the messages before it.
        answered: the blocks of the reply; None: there was none.
        results: a block for each result; all stand in one message of the user.
    """
    reply = [] if answered is None else [{"role": "assistant", "content": answered}]
    return [*history, *reply, *([{"role": "user", "content": results}] if results else ())]
