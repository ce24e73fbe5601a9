"""The form of the fifth unseen set: a report is what a finding must name, and a conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tests.mutation.wire import BASE, ask

if TYPE_CHECKING:
    from typing import Any

    from conformance.wire.exchange import Request
    from tests.mutation.wire import Conversation


class Report(NamedTuple):
    """A report as an exchange, and what a finding must name: the kind of the defect in a word or two, or, after the mending, the rule."""

    defect: str
    talk: Conversation


def at(base: str, request: Request | None = None, **asked: Any) -> Request:
    """Return a request as it goes to the address of a vendor."""
    sent = request or ask(**asked)
    return replace(sent, url=sent.url.replace(BASE, base))
