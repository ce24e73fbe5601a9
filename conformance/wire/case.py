"""A case: one exchange with everything that rules look at, each part computed at most once; a session of them."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.wire.dialects import dialect_of
from conformance.wire.dialects.reply import Asked, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.dialects import Dialect
    from conformance.wire.exchange import Exchange

V = TypeVar("V")


class Case:
    """One exchange under judgement. A case decodes its exchange once and keeps every view that it builds.

    Args:
        exchange: the exchange that is judged.

    Example:
        >>> from conformance import Case, Exchange, Request
        >>> request = Request("POST", "https://llm.example/v1/chat/completions", body=b'{"model": "m", "messages": []}')
        >>> case = Case(Exchange("x1", request))
        >>> case.dialect.name, case.asked.model
        ('openai-chat', 'm')
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.views: dict[Callable[[Case], Any], Any] = {}

    def noted(self, **meta: object) -> Case:
        """Return this case with more metadata on its exchange. Its request and response stay decoded; its views are built anew."""
        case = copy(self)
        vars(case).update(exchange=replace(self.exchange, meta={**self.exchange.meta, **meta}), views={})
        return case

    @cached_property
    def dialect(self) -> Dialect | None:
        """The wire protocol, or None where we have none for it."""
        return dialect_of(self.exchange)

    @cached_property
    def asked(self) -> Asked:
        """The request in dialect-neutral terms."""
        return self.dialect.asked(self.exchange.request) if self.dialect else Asked("unknown")

    @cached_property
    def reply(self) -> Reply:
        """The decoded response."""
        return self.dialect.decode(self.exchange) if self.dialect else Reply("unknown", streamed=False)

    def view(self, build: Callable[[Case], V]) -> V:
        """Return the view that `build` makes of this case, made once."""
        views = self.views
        if build not in views:
            views[build] = build(self)
        result: V = views[build]
        return result


@dataclass(frozen=True)
class Session:
    """Cases that belong together: a conversation, or a stream and its twin without streaming.

    Args:
        cases: the cases, in the order in which they were asked.

    Example:
        >>> from conformance import Case, Exchange, Request, Session
        >>> asked = [Exchange(f"x{number}", Request("GET", "https://llm.example/v1/models")) for number in (1, 2)]
        >>> len(Session(tuple(map(Case, asked))).cases)
        2
    """

    cases: tuple[Case, ...]
