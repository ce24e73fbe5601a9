"""Views of what an answer says of its limits and of when to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge import taxonomy
from conformance.rules.views.http import headed

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy import Hint
    from conformance.wire.case import Case


def limit_headers(case: Case) -> list[Hint] | None:
    """The hints in the headers of an answer, whatever its status."""
    message = case.view(headed)
    if message is None:
        return None
    return list(taxonomy.header_hints(message.response.headers, case.exchange.recorded_at)) or None


def stated_waits(case: Case) -> list[Hint] | None:
    """The waits that one answer states in two places or more."""
    message = case.view(headed)
    if message is None:
        return None
    result = [hint for hint in taxonomy.hints_of(message.response, case.exchange.recorded_at) if hint.kind == "wait"]
    return result if len([hint for hint in result if hint.seconds is not None]) > 1 else None
