"""An exchange as one line of our interchange format (schemas/exchange.json)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from conformance.recording.malformed import Malformed
from conformance.recording.notes import KEY, evidence_of, members, notes
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange


def entry(exchange: Exchange) -> str:
    """Return the line of an exchange, with its end.

    Raises:
        Malformed: the format has no place for it, such as an address that is empty.
    """
    asked, answered = exchange.request, exchange.response
    row: dict[str, Any] = {
        "request": {"method": asked.method, "url": asked.url, "headers": dict(asked.headers), **_body(asked.body)},
        "response": None
        if answered is None
        else {
            "status": answered.status,
            "headers": dict(answered.headers),
            **_body(answered.body),
            "eof": answered.eof,
        },
        **members(exchange),
    }
    if evidence_of(exchange) != "imported":
        row[KEY] = notes(exchange)
    problem = explain("exchange", row)
    if problem:
        raise Malformed(problem)
    return json.dumps(row, ensure_ascii=False) + "\n"


def _body(body: bytes) -> dict[str, str]:
    """Return a body as text, or in base64 where it is none; it is never stored parsed, which would lose its spelling."""
    try:
        return {"body": body.decode("utf-8")} if body else {}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}
