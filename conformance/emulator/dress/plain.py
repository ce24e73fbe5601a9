"""A successful answer in one body, as its provider sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.response import Plain

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext

_OK: Final = 200


def plain(context: AnswerContext, body: Any, *, tokens: int | None = None, wait: float | None = None) -> Plain:  # noqa: ANN401 - any JSON
    """Return an answer.

    Args:
        context: the answer that is written.
        body: any JSON.
        tokens: that the request took; None for an answer that is not metered.
        wait: seconds before it comes; None: as long as the provider's queue.
    """
    headers = headers_of(context, context.wire.content_type, _OK, tokens=tokens)
    waited = context.target.provider.pace.queue if wait is None else wait
    return Plain(_OK, headers, body, spaced=context.wire.json == "spaced", wait=waited)
