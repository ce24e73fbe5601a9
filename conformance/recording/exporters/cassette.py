"""An exchange as an interaction of a cassette of vcrpy, which replays it; vcrpy keeps unknown members of a response."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.block import coded_headers
from conformance.recording.notes import KEY, notes

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

HEAD: Final = "interactions:\n"
TAIL: Final = "version: 1\n"


def entry(exchange: Exchange) -> str:
    """Return the interaction of an exchange. Labels of a coding that is undone stand in the notes: a client would undo it again."""
    from vcr.request import Request as VcrRequest  # noqa: PLC0415 - other forms do without
    from vcr.serialize import serialize  # noqa: PLC0415
    from vcr.serializers import yamlserializer  # noqa: PLC0415

    asked, answered = exchange.request, exchange.response
    headers = {name: [value] for name, value in asked.headers.items()}
    coded = coded_headers(exchange)
    own = {**notes(exchange), **({"coded_headers": coded} if coded else {})}
    status = answered.status if answered is not None else None
    response: dict[str, Any] = {
        "status": {"code": status, "message": HTTPStatus(status).phrase if status in set(HTTPStatus) else ""},
        "headers": {
            name: [value]
            for name, value in (answered.headers if answered is not None else {}).items()
            if name not in coded
        },
        "body": {"string": answered.body if answered is not None else b""},
        KEY: own,
    }
    request = VcrRequest(asked.method, asked.url, asked.body or None, headers)
    text = serialize({"requests": [request], "responses": [response]}, yamlserializer)
    return str(text).removeprefix(HEAD).removesuffix(TAIL)
