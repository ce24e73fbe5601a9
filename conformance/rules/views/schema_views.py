"""Views for the rules that JSON Schemas carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.views.chat import answer
from conformance.rules.views.http import is_success

if TYPE_CHECKING:
    from conformance.rules.views.chat import Answer
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


def decoded(case: Case) -> Reply | None:
    """Any reply that held JSON, as it was sent: an SDK's dump adds and drops fields."""
    return case.reply if case.reply.chunks and case.exchange.fidelity != "sdk-level" else None


def usage_chunks(case: Case) -> Answer | None:
    """A completion that reports usage."""
    result = case.view(answer)
    return result if result is not None and result.reply.usages else None


def plain_body(case: Case) -> Reply | None:
    """A successful answer that is no stream: a completion or a listing in one body."""
    response, reply = case.exchange.response, case.reply
    if response is None or reply.streamed or reply.errors or not (reply.chunks or reply.unreadable):
        return None
    if case.exchange.fidelity == "sdk-level":
        return None
    return reply if response.status is None or is_success(response.status) else None
