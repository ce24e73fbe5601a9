"""Views for the rules that JSON Schemas carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.views.chat import openai_answer

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.dialects.reply import Reply
    from conformance.views.chat import Answer


def decoded(case: Case) -> Reply | None:
    """Any reply that held JSON, as it was sent: an SDK's dump adds and drops fields."""
    return case.reply if case.reply.chunks and case.exchange.fidelity != "sdk-level" else None


def usage_chunks(case: Case) -> Answer | None:
    """An openai-chat completion that reports usage."""
    found = case.view(openai_answer)
    return found if found is not None and found.reply.usages else None
