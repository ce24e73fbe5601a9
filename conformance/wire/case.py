"""A case: one exchange with everything that rules look at, each part computed at most once; a session of them."""

from __future__ import annotations

from dataclasses import dataclass
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
    """One exchange under judgement. Views are functions of a case and are cached by it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._views: dict[Callable[[Case], Any], Any] = {}

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
        views = self._views
        if build not in views:
            views[build] = build(self)
        result: V = views[build]
        return result


@dataclass(frozen=True)
class Session:
    """Cases that belong together, in the order they were asked."""

    cases: tuple[Case, ...]
