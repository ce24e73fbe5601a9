"""A successful answer in one body, as its provider sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.response import Plain

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion

_OK: Final = 200


def plain(context: AnswerContext, body: Any, *, tokens: int | None = None, wait: float | None = None) -> Plain:  # noqa: ANN401 - any JSON
    """Return an answer.

    Args:
        context: the answer that is written.
        body: any JSON, or what writes it: after the headers, whose draws come first.
        tokens: that the request took; None for an answer that is not metered.
        wait: seconds before it comes; None: as long as the provider's queue.
    """
    headers = headers_of(context, context.wire.content_type, _OK, tokens=tokens)
    waited = context.target.provider.pace.queue if wait is None else wait
    return Plain(_OK, headers, body() if callable(body) else body, spaced=context.wire.json == "spaced", wait=waited)


class Writer(Protocol):
    """What writes a completion: `known` has its count of tokens."""

    context: AnswerContext
    completion: Completion
    waits: Waits
    known: dict[str, Any]


def spoken(writer: Writer, body: Any) -> Plain:  # noqa: ANN401 - any JSON
    """Return a completion in one body, which comes when its last token is written."""
    waits = writer.waits
    wait = waits.queue + waits.prompt + writer.completion.completion_tokens * waits.token
    return plain(writer.context, body, tokens=writer.known["total_tokens"], wait=wait)
