"""A chat request as a client of another dialect is handed it: composed anew, what the dialect states in the address beside the body."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.case import Case
from conformance.wire.dialects import DEFAULT_DIALECT, dialect_named
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.dialects.translation import translated
from conformance.wire.exchange import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What decides that a request is one of chat; nothing is sent there.
_ADDRESS: Final = "http://case/chat/completions"


def in_dialect(body: Mapping[str, Any], dialect: str) -> Mapping[str, Any] | NotSayable:
    """Return the body of a chat request in a dialect, its model and stream beside it, or why the dialect cannot say it."""
    if dialect == DEFAULT_DIALECT:
        return body
    return handed(Exchange("", _posted(_ADDRESS, body), None, dialect=DEFAULT_DIALECT), dialect)


def handed(exchange: Exchange, dialect: str) -> Mapping[str, Any] | NotSayable:
    """Return a request of any dialect as the body of another, its model and stream beside it, or why that one cannot say it.

    What tunes an answer and has no word there is left out.
    """
    case = Case(exchange)
    if case.dialect is dialect_named(dialect):
        return whole_body(exchange.request, dialect)
    composed = translated(case, dialect_named(dialect), str(case.asked.model)).request
    if isinstance(composed, NotSayable):
        return composed
    return whole_body(_posted(f"http://case/{composed.path.lstrip('/')}", composed.body or {}), dialect)


def whole_body(request: Request, dialect: str) -> dict[str, Any]:
    """Return the members of a request, with the model and the stream where the address states them."""
    asked = dialect_named(dialect).asked(request)
    stated: dict[str, Any] = {} if asked.model is None else {"model": asked.model}
    if asked.stream:
        stated["stream"] = True
    return {**request.json, **stated}


def _posted(url: str, body: Mapping[str, Any]) -> Request:
    return Request("POST", url, {}, json.dumps(body).encode())
